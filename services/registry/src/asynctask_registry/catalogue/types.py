"""Task types as executors declared them, with a copy in memory.

The copy is at most `FRESH_S` old when it is used, and nothing is read while nobody asks: replicas need not tell each
other, and an idle registry is silent. A rule that changed a second ago may still be applied as it was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from google.protobuf import json_format

from asynctask_core import limits
from asynctask_core.retry import RetryPolicy
from asynctask_core.task import Rules
from asynctask_core.wire import to_timestamp
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_registry.store.pool import Pool

FRESH_S: Final = 1.0

_UNKNOWN: Final = Rules()


@dataclass(frozen=True, slots=True)
class KnownType:
    """A type, with the parts that commands need taken out of it."""

    proto: TaskType
    rules: Rules
    stages: tuple[str, ...]
    positions: Mapping[str, int] = field(default_factory=dict[str, int])

    @classmethod
    def of(cls, proto: TaskType) -> KnownType:
        """Take a type apart."""
        names = tuple(stage.name for stage in proto.stages)
        rules = Rules(
            retry=RetryPolicy.from_proto(proto.retry), crash_budget=proto.crash_budget or limits.CRASH_BUDGET
        )
        return cls(proto, rules, names, {name: position for position, name in enumerate(names)})


class TypeCatalogue:
    """Every task type."""

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._types: Mapping[str, KnownType] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def register(self, types: Sequence[TaskType]) -> list[TaskType]:
        """Store types that are new or changed; answers all of them as stored, in the order given.

        Raises:
            Refused: Postgres refuses a definition.
            StoreUnavailable, OutcomeUnknown: repeat it.
        """
        by_name = {proto.name: _definition(proto) for proto in types}
        queues = {proto.name: proto.queue for proto in types}
        current = await self.current()
        news = sorted(
            name
            for name, definition in by_name.items()
            if name not in current or _definition(current[name].proto) != definition
        )
        if news:
            await self._pool.run(
                lambda session: session.fetch(
                    "type_write",
                    names=news,
                    definitions=[by_name[name] for name in news],
                    queues=[queues[name] for name in news],
                    formers=[current[name].proto.queue if name in current else queues[name] for name in news],
                )
            )
            await self._read()
        return [self._types[proto.name].proto for proto in types if proto.name in self._types]

    async def current(self) -> Mapping[str, KnownType]:
        """Every type by name, at most a second old."""
        if self._clock() - self._read_at > FRESH_S:
            await self._read()
        return self._types

    async def latest(self) -> Mapping[str, KnownType]:
        """Every type by name, read after this call began."""
        await self._read()
        return self._types

    async def with_types(self, names: Iterable[str]) -> Mapping[str, KnownType]:
        """Every type by name; these names are read anew if the copy lacks one."""
        types = await self.current()
        if any(name not in types for name in names):
            # A type is registered before its first task is submitted, perhaps at another replica a moment ago.
            await self._read()
        return self._types

    async def _read(self) -> None:
        asked_at = self._clock()
        async with self._reading:
            if self._read_at > asked_at:
                return  # somebody else has just read it
            started = self._clock()
            rows = await self._pool.run(lambda session: session.fetch("type_read"))
            types: dict[str, KnownType] = {}
            for row in rows:
                proto = json_format.Parse(row["definition"], TaskType(), ignore_unknown_fields=True)
                proto.version = row["version"]
                proto.queues.extend(row["queues"])
                proto.update_time.CopyFrom(to_timestamp(row["update_time"]))
                types[row["name"]] = KnownType.of(proto)
            self._types = types
            self._read_at = started


def rules_of(types: Mapping[str, KnownType], name: str) -> Rules:
    """The rules of a type; the defaults for one that nobody knows."""
    known = types.get(name)
    return known.rules if known else _UNKNOWN


def first_stage(types: Mapping[str, KnownType], name: str) -> str:
    """The first stage of a type; empty when nobody knows it."""
    known = types.get(name)
    return known.stages[0] if known and known.stages else ""


def _definition(proto: TaskType) -> str:
    """What a type declares, without what only the registry says; equal texts mean equal definitions."""
    plain = TaskType()
    plain.CopyFrom(proto)
    plain.ClearField("version")
    plain.ClearField("update_time")
    plain.ClearField("queues")
    return json_format.MessageToJson(plain, preserving_proto_field_name=True, sort_keys=True, indent=None)

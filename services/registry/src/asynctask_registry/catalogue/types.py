"""Task types as executors declared them, with a copy in memory.

The copy is at most `FRESH_S` old when it is used, and is read only when it is used: replicas need not notify each
other, and an idle registry sends no statements. A rule that changed a second ago may still be applied as it was. Only
types that changed since the last read are read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from asynctask_core import limits
from asynctask_core.errors import TokenExpired
from asynctask_core.retry import RetryPolicy
from asynctask_core.task import TypeRules
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_registry.catalogue.feed import FormerStages, TypeFeed

FRESH_S: Final = 1.0

_UNKNOWN: Final = TypeRules()


@dataclass(frozen=True, slots=True)
class KnownType:
    """A type, and the parts of it that commands need."""

    proto: TaskType
    rules: TypeRules
    positions: Mapping[str, int] = field(default_factory=dict[str, int])
    formers: Sequence[FormerStages] = ()

    @property
    def stages(self) -> tuple[str, ...]:
        """Names of its stages, in order."""
        return self.rules.stages

    def stages_at(self, us: int) -> tuple[str, ...]:
        """The stages that the type had at this time; empty if that is not certain."""
        stages = self.stages
        for former in self.formers:
            if former.until_us <= us:
                # Right after a change, events were still recorded with the older copy.
                return stages if us - former.until_us > 2e6 * FRESH_S else ()
            stages = former.names
        return stages

    @classmethod
    def of(cls, proto: TaskType, formers: Sequence[FormerStages] = ()) -> KnownType:
        """Read a type from its message."""
        names = tuple(stage.name for stage in proto.stages)
        rules = TypeRules(
            retry=RetryPolicy.from_proto(proto.retry),
            crash_budget=proto.crash_budget or limits.CRASH_BUDGET,
            stages=names,
        )
        return cls(proto, rules, {name: position for position, name in enumerate(names)}, formers)


class TypeCatalogue:
    """Every task type."""

    def __init__(self, feed: TypeFeed, clock: Callable[[], float] = time.monotonic) -> None:
        self._feed = feed
        self._clock = clock
        self._types: Mapping[str, KnownType] = {}
        self._token = ""
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

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
        """Every type by name; types are read again if the copy lacks one of these names."""
        types = await self.current()
        if any(name not in types for name in names):
            # A type is registered before its first task is submitted, perhaps at another replica a moment ago.
            await self._read()
        return self._types

    async def _read(self) -> None:
        asked_at = self._clock()
        async with self._reading:
            if self._read_at > asked_at:
                return  # another caller has just read it
            started = self._clock()
            try:
                await self._read_on()
            except TokenExpired:  # the address leads to another database, or to an older one
                self._token = ""
                await self._read_on()
            self._read_at = started

    async def _read_on(self) -> None:
        token, more = self._token, True
        types = dict(self._types) if token else {}
        changed = not token
        while more:
            page = await self._feed.page(token)
            for proto, formers in zip(page.types, page.formers, strict=True):
                types[proto.name] = KnownType.of(proto, formers)
            for name in page.deleted:
                types.pop(name, None)
            changed = changed or bool(page.types or page.deleted)
            token, more = page.token, page.more
        if changed:
            self._types = types
        self._token = token


def rules_of(types: Mapping[str, KnownType], name: str) -> TypeRules:
    """The rules of a type; the defaults for an unknown one."""
    known = types.get(name)
    return known.rules if known else _UNKNOWN


def first_stage(types: Mapping[str, KnownType], name: str) -> str:
    """The first stage of a type; empty for an unknown one."""
    known = types.get(name)
    return known.stages[0] if known and known.stages else ""

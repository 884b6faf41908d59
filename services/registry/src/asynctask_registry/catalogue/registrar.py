"""Stores and deletes task types.

**No task is left without its type.** A statement that inserts a task checks whether the type is deleted, and so does a
restart. A deletion checks whether tasks of the type are left. Two transactions that each check before the other commits
would both go on. So the deletion locks the table of tasks: it waits for the transactions that are writing tasks, and
blocks others. A statement that waited for the lock then sees the deletion.

All writes of tasks wait meanwhile, so the deletion holds the lock only briefly. It searches for tasks before it locks;
under the lock it reads only tasks that have changed since the search began. A deletion that still takes too long is
given up, and may be repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from google.protobuf import json_format

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput, TaskTypeInUse, TaskTypeNotFound, TaskTypesFull
from asynctask_core.ids import id_text
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_registry.catalogue.types import KnownType, TypeCatalogue
from asynctask_registry.store.pool import Pool, Row, StoreConnection

GUARD_KEY: Final = 0x6173796E_74797065
"""Key of the advisory lock under which types are stored."""
HOLD_TIMEOUT: Final = "500ms"
"""Longest wait of a deletion for transactions that write tasks: all later writes of tasks wait too."""
HELD_TIMEOUT: Final = "700ms"
"""Longest statement of a deletion while it blocks writes of tasks."""


class TypeRegistrar:
    """Changes task types, within the bounds on their number and on the bytes of their definitions."""

    def __init__(
        self,
        hot: Pool,
        reads: Pool,
        catalogue: TypeCatalogue,
        *,
        most_types: int = limits.TASK_TYPES,
        most_bytes: int = limits.TASK_TYPES_BYTES,
    ) -> None:
        self._hot = hot
        self._reads = reads
        self._catalogue = catalogue
        self._most_types = most_types
        self._most_bytes = most_bytes

    async def register(self, types: Sequence[TaskType]) -> list[TaskType]:
        """Store types that are new, changed or deleted; returns all of them as stored, in the order given.

        A type that is deleted again before the answer is left out.

        Raises:
            InvalidInput: one of them had too many queues.
            TaskTypesFull: there would be too many types, or too many bytes of them, and more than before.
            ContentRefused: Postgres refuses a definition.
            StoreUnavailable, OutcomeUnknown: repeat it.
        """
        current = await self._catalogue.latest()
        news = {proto.name: proto for proto in types if _is_news(proto, current.get(proto.name))}
        if news:
            names = sorted(news)
            queues = [news[name].queue for name in names]
            formers = [current[name].proto.queue if name in current else news[name].queue for name in names]
            definitions = [_definition(news[name]) for name in names]

            async def store(connection: StoreConnection) -> None:
                async with connection.transaction():
                    await connection.fetch("type_guard", key=GUARD_KEY)
                    (before,) = await connection.fetch("type_totals")
                    stored = await connection.fetch(
                        "type_write", names=names, definitions=definitions, queues=queues, formers=formers
                    )
                    (after,) = await connection.fetch("type_totals")
                    _check_queues(stored)
                    self._check_totals(before, after)

            await self._hot.run(store)
            current = await self._catalogue.latest()
        return [current[proto.name].proto for proto in types if proto.name in current]

    async def delete(self, name: str) -> int:
        """Delete a type whose tasks are all final; returns the version of the deletion.

        Raises:
            TaskTypeNotFound: there is no such type.
            TaskTypeInUse: a task of it is not final.
            StoreUnavailable, OutcomeUnknown: repeat it; if it was done already, the answer is TaskTypeNotFound.
        """
        if name not in await self._catalogue.latest():
            raise _unknown(name)

        async def search(connection: StoreConnection) -> int:
            # The horizon comes before the search: tasks that change during the search are read again under the lock.
            (horizon,) = await connection.fetch("change_horizon")
            _check_unused(name, await connection.fetch("type_live_task", name=name))
            return horizon["safe"]

        since = await self._reads.run(search)

        async def delete(connection: StoreConnection) -> int:
            async with connection.transaction():
                await connection.fetch(
                    "type_be_brief", lock_timeout=HOLD_TIMEOUT, statement_timeout=HELD_TIMEOUT
                )
                await connection.fetch("type_hold_tasks")
                _check_unused(name, await connection.fetch("type_live_task_since", name=name, first=since))
                deleted = await connection.fetch("type_delete", name=name)
            if not deleted:
                raise _unknown(name)
            return deleted[0]["version"]

        return await self._hot.run(delete)

    def _check_totals(self, before: Row, after: Row) -> None:
        for what, most, unit in (
            ("count", self._most_types, "task types"),
            ("bytes", self._most_bytes, "bytes of definitions"),
        ):
            # Existing types may still change where a newer, lower bound is exceeded already.
            if after[what] > most and after[what] > before[what]:
                allowed = f"there are at most {most:,} {unit}, and with these it would be {after[what]:,}"
                raise TaskTypesFull(
                    [FieldViolation("task_types", f"{allowed}; delete types that are no longer needed")]
                )


def _is_news(proto: TaskType, known: KnownType | None) -> bool:
    return known is None or _definition(known.proto) != _definition(proto)


def _definition(proto: TaskType) -> str:
    """What a type declares, without the fields that the registry sets; equal texts mean equal definitions."""
    plain = TaskType()
    plain.CopyFrom(proto)
    plain.ClearField("version")
    plain.ClearField("update_time")
    plain.ClearField("queues")
    return json_format.MessageToJson(plain, preserving_proto_field_name=True, sort_keys=True, indent=None)


def _check_queues(stored: Sequence[Row]) -> None:
    for row in stored:
        if row["queue_count"] > limits.QUEUES_OF_TYPE:
            most = (
                f"a type may have had at most {limits.QUEUES_OF_TYPE} queues, and this would be another one"
            )
            advice = "name the queue in each submit instead, or delete the type and declare it anew"
            raise InvalidInput([FieldViolation(f"task_types[{row['name']}].queue", f"{most}; {advice}")])


def _check_unused(name: str, live: Sequence[Row]) -> None:
    if live:
        raise TaskTypeInUse(
            f"task type {name!r} cannot be deleted: tasks of it are not final, such as {id_text(live[0]['task_id'])}; "
            "wait for them, or cancel them",
            metadata={"task_id": id_text(live[0]["task_id"])},
        )


def _unknown(name: str) -> TaskTypeNotFound:
    return TaskTypeNotFound(f"no task type is called {name[: limits.TASK_TYPE_CHARS]!r}")

"""Deleted task types: no task of such a type can be created or restarted."""

from __future__ import annotations

from collections.abc import Iterable

from asynctask_core.errors import FieldViolation, TaskTypeDeleted, UnknownTaskType
from asynctask_core.ids import id_text
from asynctask_registry.store.pool import StoreConnection


async def deleted_types(connection: StoreConnection, names: Iterable[str]) -> frozenset[str]:
    """The names among these that belong to deleted types."""
    rows = await connection.fetch("type_deleted", names=sorted(set(names)))
    return frozenset(row["name"] for row in rows)


def no_restart(task_id: bytes, name: str) -> TaskTypeDeleted:
    """The error for a restart of a task whose type is deleted."""
    return TaskTypeDeleted(
        f"task {id_text(task_id)} cannot be restarted: its task type {name!r} was deleted; start an executor that "
        "declares the type, or restart one that declared it, and then restart the task",
        metadata={"task_type": name, "command": "restart"},
    )


def type_is_deleted(name: str) -> UnknownTaskType:
    """The error for a new task whose type is deleted."""
    description = (
        f"task type {name!r} was deleted; it is there again once an executor that declares it connects"
    )
    return UnknownTaskType([FieldViolation("task_type", description)], metadata={"task_type": name})

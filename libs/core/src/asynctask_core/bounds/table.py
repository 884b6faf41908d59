"""The table: message by full name, field by name. A new field of a request gets its row in the module of its package.

A message that occurs only in answers needs no row. A request can hold a message if that is the input of a method, or
the type of a field of a message that a request can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from asynctask_core import limits
from asynctask_core.bounds.chunk import is_plain_chunk
from asynctask_core.bounds.commands import COMMANDS
from asynctask_core.bounds.kinds import Bound
from asynctask_core.bounds.registry import REGISTRY
from asynctask_core.bounds.scheduler import SCHEDULER
from asynctask_core.bounds.task import TASK

TABLE: Final[Mapping[str, Mapping[str, Bound]]] = {**TASK, **SCHEDULER, **REGISTRY, **COMMANDS}
"""The bound of every field that a request can hold."""

SIZES: Final[Mapping[str, tuple[str, int]]] = {
    "asynctask.scheduler.v1.AppendLogsRequest": ("lines", limits.APPEND_BYTES),
    "asynctask.scheduler.v1.AppendManifestRequest": ("items", limits.APPEND_BYTES),
    "asynctask.registry.v1.AppendLogsRequest": ("lines", limits.APPEND_BYTES + limits.KIB),
    "asynctask.registry.v1.AppendManifestRequest": ("items", limits.APPEND_BYTES + limits.KIB),
}
"""Messages that also have a bound as a whole, and the field that makes them large: their texts are cut, not refused."""

PLAIN: Final[Mapping[str, Callable[[Any], bool]]] = {
    "asynctask.scheduler.v1.AppendManifestRequest": is_plain_chunk,
    "asynctask.registry.v1.AppendManifestRequest": is_plain_chunk,
}
"""Messages of thousands of parts, and quick checks that most of them pass; the table checks the others."""

HOT: Final[Mapping[str, str]] = {
    "/asynctask.scheduler.v1.TaskService/SubmitTask": "each task, by the intake",
    "/asynctask.scheduler.v1.TaskService/BatchSubmitTasks": "each task by itself, by the intake",
    "/asynctask.scheduler.v1.TaskService/StreamSubmits": "each task by itself, by the intake",
    "/asynctask.scheduler.v1.ExecutorService/Work": "Hello as a whole; events and progress each by itself",
    "/asynctask.scheduler.v1.ExecutorService/Renew": "as a whole",
    "/asynctask.registry.v1.LedgerService/CreateTasks": "each task by itself",
    "/asynctask.registry.v1.LedgerService/StartAttempts": "as a whole; the scheduler halves what is refused",
    "/asynctask.registry.v1.LedgerService/RecordEvents": "each event by itself",
    "/asynctask.registry.v1.LedgerService/Converse": "as the three above",
    "/asynctask.registry.v1.LedgerService/ConfirmLeases": "their number; malformed ids are left out",
    "/asynctask.registry.v1.LedgerService/RecordProgress": "each report by itself",
}
"""Calls whose requests are checked by straight-line code when they are decoded, and what one fault refuses."""

"""Changes of tasks for programs, completed with fields that only full answers have."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asynctask import TaskInfo
    from asynctask.blocking import Client

_KEPT = ("task_config", "warning_count", "warning_counts", "warnings")
"""What a full answer has, and is still so when the task changes without more warnings."""


class WholeTasks:
    """Writes changes of tasks as JSON, with config and warnings, which changes come without; the last one of a task as
    `get` has it, with its result and the counts of its manifests.

    It reads a task in full once, again when the task has more warnings, and when it has ended. If the task cannot be
    read, because it is deleted or the cluster is away, the change stays as it came.
    """

    def __init__(self, connected: Client) -> None:
        self._connected = connected
        self._known: dict[str, TaskInfo] = {}

    def __call__(self, change: TaskInfo) -> dict[str, Any]:
        """The task of a change as a program expects it."""
        known = self._known.get(change.task_id)
        if known is None or self._has_more(change, known):
            from asynctask.errors import AsyncTaskError

            with suppress(AsyncTaskError):
                known = self._known[change.task_id] = self._connected.get(change.task_id)
        if known is not None and known.run != change.run:
            known = None
        if known is not None and known.is_final and change.is_final and not change.deleted:
            return known.to_json()
        found = change.to_json()
        found.pop("manifests", None)  # changes come without their counts
        if known is not None:
            whole = known.to_json()
            found |= {name: whole[name] for name in _KEPT if name in whole}
        return found

    @staticmethod
    def _has_more(change: TaskInfo, known: TaskInfo) -> bool:
        is_news = change.run != known.run or change.warning_count != known.warning_count
        return is_news or (change.is_final and change.version > known.version)

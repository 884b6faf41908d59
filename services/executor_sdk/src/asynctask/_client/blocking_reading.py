"""Generated from reading.py by `./dev blocking`: the same calls, for the blocking client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from asynctask._client import api
from asynctask._client.blocking_caller import BlockingCaller
from asynctask._client.info import TaskInfo, TaskInfoPage
from asynctask_core.states import ItemState, TaskState

if TYPE_CHECKING:
    from asynctask._client.info_explanation import ExplanationInfo
    from asynctask._client.info_history import AttemptInfo, LogLineInfo, TaskEventInfo
    from asynctask._client.watching import OnLooked
    from asynctask._handler.items import ItemInfo, ManifestCounts
    from asynctask._task import TaskType


class BlockingReading(BlockingCaller):
    """Reads tasks: one, many in pages, and the data that is kept with each."""

    def get(self, task_id: str) -> TaskInfo:
        """One task in full, with live progress. Raises TaskNotFound."""
        return self._call(api.get(task_id))

    def explain(self, task_id: str) -> ExplanationInfo:
        """Why a task does not run now: every reason that holds, the one to act on first. Raises TaskNotFound."""
        return self._call(api.explain(task_id))

    def list(  # noqa: PLR0913 - every condition by its name
        self,
        *,
        task_types: Sequence[str | TaskType] = (),
        states: Sequence[TaskState | str] = (),
        submitted_after: datetime | None = None,
        submitted_before: datetime | None = None,
        queue: str | None = None,
        labels: Mapping[str, str] | None = None,
        has_warnings: bool | None = None,
        error_fingerprint: str | None = None,
        text: str | None = None,
        limit: int | None = None,
        full: bool = False,
    ) -> Iterator[TaskInfo]:
        """Tasks that meet every condition, newest first, read in pages.

        Args:
            task_types: any of these types.
            states: any of these states.
            submitted_after: submitted at or after this aware datetime.
            submitted_before: submitted before it.
            queue: in this queue.
            labels: with all these labels.
            has_warnings: True for those with warnings, False for those without any.
            error_fingerprint: that stand at failed with an error of this `FailureInfo.fingerprint`.
            text: 2 to 128 characters: a part of the type's name or of a label's value, or a whole label `key=value`, or
                a whole id, of the task or as a label's value. The case of A to Z is ignored.
            limit: at most this many tasks.
            full: also configs, results and checkpoints.
        """
        submitted = (submitted_after, submitted_before)
        condition = api.task_filter(
            task_types,
            states,
            submitted,
            queue,
            labels,
            has_warnings=has_warnings,
            error_fingerprint=error_fingerprint,
            text=text,
        )
        token = ""
        left = api.checked_limit(limit)
        while left is None or left > 0:
            size = api.PAGE if left is None else min(left, api.PAGE)
            tasks, token = self._call(api.list_page(condition, size, token, full))
            for task in tasks:
                yield task
            left = None if left is None else left - len(tasks)
            if not token:
                return

    def list_page(  # noqa: PLR0913 - see list
        self,
        *,
        task_types: Sequence[str | TaskType] = (),
        states: Sequence[TaskState | str] = (),
        submitted_after: datetime | None = None,
        submitted_before: datetime | None = None,
        queue: str | None = None,
        labels: Mapping[str, str] | None = None,
        has_warnings: bool | None = None,
        error_fingerprint: str | None = None,
        text: str | None = None,
        page_size: int = 100,
        page_token: str = "",
        full: bool = False,
    ) -> TaskInfoPage:
        """One page of `list`, and the token of the next; the token is empty on the last page.

        A page may hold few tasks, or none, although there are more: `looked_back_to` says how far it looked.
        """
        submitted = (submitted_after, submitted_before)
        condition = api.task_filter(
            task_types,
            states,
            submitted,
            queue,
            labels,
            has_warnings=has_warnings,
            error_fingerprint=error_fingerprint,
            text=text,
        )
        return self._call(api.list_page(condition, page_size, page_token, full))

    def attempts(self, task_id: str) -> Sequence[AttemptInfo]:
        """Every attempt of a task, oldest first."""
        return self._call(api.attempts(task_id))

    def events(self, task_id: str) -> Sequence[TaskEventInfo]:
        """A task's whole history, oldest first: created, started by which executor, stages finished, lost, retried and
        why, paused, … docs/events.md lists the kinds and their details.
        """
        found: list[TaskEventInfo] = []
        token = ""
        while True:
            events, token = self._call(api.events_page(task_id, token))
            found += events
            if not token:
                return found

    def manifest_counts(self, task_id: str) -> Mapping[str, ManifestCounts]:
        """Items by state of every manifest of a task, by its name."""
        return self._call(api.manifest_counts(task_id))

    def logs(
        self,
        task_id: str,
        *,
        stage: str | None = None,
        min_level: str = "DEBUG",
        text: str | None = None,
        newest_first: bool = False,
        on_looked: OnLooked | None = None,
    ) -> Iterator[LogLineInfo]:
        """Stored log lines of a task, oldest first or newest first.

        The last ones of a task may be stored some seconds after it has ended; `tail` gives them too.

        Args:
            task_id: the task.
            stage: only lines of this stage.
            min_level: only lines at least this serious.
            text: only lines with this text in their message, letter case ignored; at most 256 characters.
            newest_first: begin at the end of the log.
            on_looked: called with how many lines of the log were looked through so far.
        """
        condition = api.logs_request(task_id, stage, min_level, text, newest_first=newest_first)
        token, looked = "", 0
        while True:
            lines, looked_here, token = self._call(api.logs_page(condition, token))
            looked += looked_here
            if on_looked is not None:
                on_looked(looked)
            for line in lines:
                yield line
            if not token:
                return

    def manifest_items(
        self,
        task_id: str,
        *,
        manifest: str | None = None,
        states: Sequence[ItemState | str] = (),
        text: str | None = None,
        on_looked: OnLooked | None = None,
    ) -> Iterator[ItemInfo]:
        """Items of a task's manifest in order; without a name, those of its only manifest.

        Args:
            task_id: the task.
            manifest: name of the manifest.
            states: any of these states.
            text: only items with this text in their key, the case of A to Z ignored; at most 256 characters.
            on_looked: called with how many items of the manifest were looked through so far.
        """
        token, looked = "", 0
        while True:
            page = api.manifest_page(task_id, manifest, states, text, token)
            items, looked_here, token = self._call(page)
            looked += looked_here
            if on_looked is not None:
                on_looked(looked)
            for item in items:
                yield item
            if not token:
                return

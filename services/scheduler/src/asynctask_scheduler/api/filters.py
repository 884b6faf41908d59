"""Task filters: turned into the registry's form, and matched against a task that changed."""

from __future__ import annotations

from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_core.errors import InvalidInput
from asynctask_core.ids import id_time_ms, parse_id
from asynctask_core.letter_case import without_case
from asynctask_core.wire import from_timestamp
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.scheduler.v1.task_service_pb2 import TaskFilter
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import Task


def list_request(task_filter: TaskFilter) -> registry_pb.ListTasksRequest:
    """Return the registry's form of a filter."""
    return registry_pb.ListTasksRequest(
        task_types=task_filter.task_types,
        task_states=task_filter.task_states,
        submit_start_ms=_start_ms(task_filter),
        submit_end_ms=_end_ms(task_filter),
        queue=task_filter.queue,
        labels=task_filter.labels,
        has_warnings=task_filter.has_warnings if task_filter.HasField("has_warnings") else None,
        error_fingerprint=task_filter.error_fingerprint,
        text=task_filter.text,
    )


class Matcher:
    """Tells whether a task matches a filter."""

    def __init__(self, task_filter: TaskFilter) -> None:
        self._types = frozenset(task_filter.task_types)
        self._states = frozenset(task_filter.task_states)
        self._queue = task_filter.queue
        self._labels = dict(task_filter.labels)
        self._has_warnings = task_filter.has_warnings if task_filter.HasField("has_warnings") else None
        self._fingerprint = task_filter.error_fingerprint
        self._text = without_case(task_filter.text)
        self._text_id = _id_in(task_filter.text)
        self._start_ms = _start_ms(task_filter)
        self._end_ms = _end_ms(task_filter)

    def matches(self, task: Task) -> bool:
        """Whether `task` matches in every respect."""
        if self._states and task.task_status not in self._states:
            return False
        if any(task.labels.get(key) != value for key, value in self._labels.items()):
            return False
        if self._has_warnings is not None and self._has_warnings != (task.warning_count > 0):
            return False
        if self._fingerprint and self._fingerprint != _fingerprint_of(task):
            return False
        if self._text and not self._is_text_in(task):
            return False
        return self.may_have_matched(task)

    def may_have_matched(self, task: Task) -> bool:
        """Whether `task` matches in all that never changes. Its state, labels, warnings and error are ignored: an
        earlier version of it may have matched in these.
        """
        if self._types and task.task_type not in self._types:
            return False
        if self._queue and task.queue != self._queue:
            return False
        if not self._start_ms and not self._end_ms:
            return True
        submit_ms = id_time_ms(parse_id(task.task_id))
        return submit_ms >= self._start_ms and (not self._end_ms or submit_ms < self._end_ms)

    def _is_text_in(self, task: Task) -> bool:
        if self._text_id is not None:
            values = map(without_case, task.labels.values())
            return self._text_id == parse_id(task.task_id) or self._text in values
        if "=" in self._text:
            return any(without_case(f"{key}={value}") == self._text for key, value in task.labels.items())
        return any(self._text in without_case(text) for text in (task.task_type, *task.labels.values()))


def _fingerprint_of(task: Task) -> str:
    """Made here, since a registry of an older release does not give it."""
    is_failed = task.task_status == TaskState.TASK_STATE_FAILED and task.HasField("failure")
    return error_fingerprint(task.task_type, task.failure) if is_failed else ""


def _id_in(text: str) -> bytes | None:
    try:
        return parse_id(text)
    except InvalidInput:
        return None


def _start_ms(task_filter: TaskFilter) -> int:
    # Ids have milliseconds; both bounds are rounded up, since the first is inclusive and the second is not.
    if not task_filter.HasField("submit_time_start"):
        return 0
    return -(-from_timestamp(task_filter.submit_time_start) // 1000)


def _end_ms(task_filter: TaskFilter) -> int:
    if not task_filter.HasField("submit_time_end"):
        return 0
    return max(1, -(-from_timestamp(task_filter.submit_time_end) // 1000))

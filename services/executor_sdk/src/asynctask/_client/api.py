"""Each call about tasks as its message and how its answer is read: shared by the async and the blocking client.

Modules that only some calls need are imported in those calls: the command line, which lists tasks, loads no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from asynctask import _argument_checks
from asynctask._client import info as _info
from asynctask._client import info_wire as _info_wire
from asynctask._message_size import check_size
from asynctask.errors import AsyncTaskError, FieldViolation, InvalidInput
from asynctask_core import limits
from asynctask_core.ids import id_text, new_id, parse_id
from asynctask_core.states import ItemState, TaskState, marked
from asynctask_core.wire import to_timestamp
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1 import task_pb2

if TYPE_CHECKING:
    from asynctask._client.info_explanation import ExplanationInfo
    from asynctask._client.info_history import AttemptInfo, LogLineInfo, TaskEventInfo
    from asynctask._handler.items import ItemInfo, ManifestCounts
    from asynctask._task import TaskType

R = TypeVar("R")

CALL_S: Final = 15.0
"""Default deadline of a call: three times the registry's."""
SUBMIT_S: Final = 30.0
"""Default deadline of a submit, its repetitions included."""
PAGE: Final = 500
"""Tasks read at once by iterators."""
NO_CONFIG: Final[Mapping[str, Any]] = {}
"""The default config of a submit. None is not the default, but the config `null`."""
LINES: Final = 2_000
"""Log lines or manifest items read at once by iterators."""

_EPOCH: Final = datetime.fromtimestamp(0, UTC)


class Service(Enum):
    """Which stub a call belongs to."""

    TASKS = "TaskService"
    TYPES = "TaskTypeService"
    EXECUTORS = "ExecutorService"
    QUEUES = "QueueService"
    OVERVIEW = "OverviewService"


@dataclass(frozen=True, slots=True)
class ClientCall(Generic[R]):
    """One unary call."""

    service: Service
    method: str
    request: Any
    read: Callable[[Any], R]
    repeatable: bool = False
    """Whether it may be sent again, also to another scheduler."""
    is_command: bool = False
    """Whether it changes a task under a request id: it names its actor, and the scheduler recognizes a repeat."""

    def __post_init__(self) -> None:
        """Raises TooLarge: the request is too long for one message."""
        check_size(self.request)


def task_filter(
    task_types: Sequence[str | TaskType] = (),
    states: Sequence[TaskState | str] = (),
    submitted: tuple[datetime | None, datetime | None] = (None, None),
    queue: str | None = None,
    labels: Mapping[str, str] | None = None,
    *,
    has_warnings: bool | None = None,
    error_fingerprint: str | None = None,
    text: str | None = None,
) -> pb.TaskFilter:
    """Conditions on tasks; every one that is set must hold."""
    found = pb.TaskFilter(
        task_types=[
            type_name(f"task_types[{at}]", item)
            for at, item in enumerate(_argument_checks.listed("task_types", task_types))
        ],
        queue=_argument_checks.optional_name("queue", queue),
        labels=_argument_checks.checked_labels(labels),
        has_warnings=_argument_checks.flag("has_warnings", has_warnings),
        error_fingerprint=_argument_checks.optional_name("error_fingerprint", error_fingerprint),
        text=_argument_checks.optional_name("text", text),
    )
    found.task_states.extend(_state_number(state) for state in _argument_checks.listed("states", states))  # pyright: ignore[reportArgumentType]
    submitted_after, submitted_before = submitted
    if submitted_after is not None:
        found.submit_time_start.CopyFrom(to_timestamp(microseconds(submitted_after, "submitted_after")))
    if submitted_before is not None:
        found.submit_time_end.CopyFrom(to_timestamp(microseconds(submitted_before, "submitted_before")))
    return found


def type_name(field: str, given: str | TaskType) -> str:
    """The name of a type that is given as such or by its name. Raises InvalidInput."""
    if not isinstance(given, str):
        from asynctask._task import TaskType

        if isinstance(given, TaskType):  # pyright: ignore[reportUnnecessaryIsInstance]
            return given.name
    return _argument_checks.name(field, given, limits.TASK_TYPE_CHARS)


def microseconds(moment: datetime, field: str) -> int:
    """Since 1970, of an aware datetime. Raises InvalidInput."""
    if not isinstance(moment, datetime):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(
            [FieldViolation(field, f"must be an aware datetime; got {_argument_checks.shown(moment)}")]
        )
    if moment.tzinfo is None:
        raise InvalidInput([FieldViolation(field, f"must have a time zone; got {moment.isoformat()}")])
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _state_number(state: TaskState | str) -> int:
    try:
        return TaskState(state).number
    except ValueError:
        allowed = ", ".join(marked(word, word.contract_name) for word in TaskState)
        raise InvalidInput(
            [FieldViolation("states", f"must be one of {allowed}; got {_argument_checks.shown(state)}")]
        ) from None


def _item_state_number(state: ItemState | str) -> int:
    try:
        return ItemState(state).number
    except ValueError:
        allowed = ", ".join(ItemState)
        raise InvalidInput(
            [FieldViolation("states", f"must be one of {allowed}; got {_argument_checks.shown(state)}")]
        ) from None


def checked_id(task_id: str) -> str:
    """A text that may be an id. Raises InvalidInput."""
    return _argument_checks.required_text("task_id", task_id)


def _page_size(size: int) -> int:
    return _argument_checks.whole("page_size", size, 0, limits.ITEM_PAGE)


def view_of(full: bool) -> task_pb2.TaskView.ValueType:
    """FULL or BASIC."""
    return task_pb2.TASK_VIEW_FULL if _argument_checks.flag("full", full) else task_pb2.TASK_VIEW_BASIC


# --- tasks ------------------------------------------------------------------------------------------------------------


def get(task_id: str) -> ClientCall[_info.TaskInfo]:
    request = pb.GetTaskRequest(task_id=checked_id(task_id), view=task_pb2.TASK_VIEW_FULL)
    return ClientCall(Service.TASKS, "GetTask", request, answered_task, repeatable=True)


def explain(task_id: str) -> ClientCall[ExplanationInfo]:
    request = pb.ExplainTaskRequest(task_id=checked_id(task_id))
    return ClientCall(
        Service.TASKS,
        "ExplainTask",
        request,
        lambda answer: _info_wire.explanation_of(answer.explanation),
        repeatable=True,
    )


def list_page(
    condition: pb.TaskFilter, page_size: int, page_token: str, full: bool
) -> ClientCall[_info.TaskInfoPage]:
    request = pb.ListTasksRequest(
        filter=condition,
        page_size=_page_size(page_size),
        page_token=_argument_checks.optional_text("page_token", page_token),
        view=view_of(full),
    )
    return ClientCall(
        Service.TASKS,
        "ListTasks",
        request,
        _info_wire.task_page_of,
        repeatable=True,
    )


def checked_limit(limit: int | None) -> int | None:
    """The most tasks to return; None for all. Raises InvalidInput."""
    return None if limit is None else _argument_checks.whole("limit", limit, 0, 2**53 - 1)


def check_id(task_id: str) -> None:
    """Refuse a text that is no id. Raises InvalidInput."""
    parse_id(checked_id(task_id))


def waited(task_ids: Iterable[str | AsyncTaskError]) -> Iterator[list[str]]:
    """The ids to wait for, as many at a time as one watch may name; errors of `submit_many` are left out."""
    ids = [
        _argument_checks.required_text(f"task_ids[{at}]", one)
        for at, one in enumerate(_argument_checks.listed("task_ids", task_ids))
        if not isinstance(one, AsyncTaskError)
    ]
    for start in range(0, len(ids), limits.WATCHED_TASKS):
        yield ids[start : start + limits.WATCHED_TASKS]


def attempts(task_id: str) -> ClientCall[list[AttemptInfo]]:
    request = pb.ListAttemptsRequest(task_id=checked_id(task_id))
    return _list(Service.TASKS, "ListAttempts", request, "attempts", _info_wire.attempt_of)


def events_page(task_id: str, page_token: str) -> ClientCall[tuple[list[TaskEventInfo], str]]:
    request = pb.ListTaskEventsRequest(task_id=checked_id(task_id), page_token=page_token)
    return ClientCall(
        Service.TASKS,
        "ListTaskEvents",
        request,
        lambda answer: ([_info_wire.event_of(event) for event in answer.events], answer.next_page_token),
        repeatable=True,
    )


def logs_page(
    condition: pb.ListTaskLogsRequest, page_token: str
) -> ClientCall[tuple[list[LogLineInfo], int, str]]:
    request = pb.ListTaskLogsRequest(page_token=page_token)
    request.MergeFrom(condition)
    return ClientCall(
        Service.TASKS,
        "ListTaskLogs",
        request,
        lambda answer: (
            [_info_wire.log_line_of(line) for line in answer.lines],
            answer.looked_through,
            answer.next_page_token,
        ),
        repeatable=True,
    )


def logs_request(
    task_id: str, stage: str | None, min_level: str, text: str | None, *, newest_first: bool
) -> pb.ListTaskLogsRequest:
    """Which lines to read, without a place in them. Raises InvalidInput."""
    return pb.ListTaskLogsRequest(
        task_id=checked_id(task_id),
        stage=_argument_checks.optional_name("stage", stage),
        min_level=level_of(min_level),
        page_size=LINES,
        text=_argument_checks.optional_name("text", text),
        newest_first=bool(_argument_checks.flag("newest_first", newest_first)),
    )


def tail_request(
    task_id: str, stage: str | None, min_level: str, last_lines: int | None
) -> pb.TailTaskLogsRequest:
    """The request of a tail. Raises InvalidInput."""
    return pb.TailTaskLogsRequest(
        task_id=checked_id(task_id),
        stage=_argument_checks.optional_name("stage", stage),
        min_level=level_of(min_level),
        last_lines=0
        if last_lines is None
        else _argument_checks.whole("last_lines", last_lines, 1, limits.PAGE_ITEMS),
    )


def level_of(name: str) -> task_pb2.LogLevel.ValueType:
    """A log level by name. Raises InvalidInput."""
    try:
        return task_pb2.LogLevel.Value(f"LOG_LEVEL_{name.upper()}")
    except (ValueError, AttributeError):
        allowed = "must be DEBUG, INFO, WARNING or ERROR"
        raise InvalidInput(
            [FieldViolation("min_level", f"{allowed}; got {_argument_checks.shown(name)}")]
        ) from None


def manifest_page(
    task_id: str,
    manifest: str | None,
    states: Sequence[ItemState | str],
    text: str | None,
    page_token: str,
) -> ClientCall[tuple[list[ItemInfo], int, str]]:
    from asynctask._handler.items import read_item

    request = pb.ListManifestItemsRequest(
        task_id=checked_id(task_id),
        manifest=_argument_checks.optional_name("manifest", manifest),
        page_size=LINES,
        page_token=_argument_checks.optional_text("page_token", page_token),
        text=_argument_checks.optional_name("text", text),
    )
    request.states.extend(_item_state_number(state) for state in _argument_checks.listed("states", states))  # pyright: ignore[reportArgumentType]
    return ClientCall(
        Service.TASKS,
        "ListManifestItems",
        request,
        lambda answer: (
            [read_item(item) for item in answer.items],
            answer.looked_through,
            answer.next_page_token,
        ),
        repeatable=True,
    )


def manifest_counts(task_id: str) -> ClientCall[dict[str, ManifestCounts]]:
    from asynctask._handler.items import read_counts

    request = pb.ListManifestItemsRequest(task_id=checked_id(task_id), page_size=1)
    return ClientCall(
        Service.TASKS,
        "ListManifestItems",
        request,
        lambda answer: {summary.manifest: read_counts(summary) for summary in answer.summaries},
        repeatable=True,
    )


def answered_task(answer: Any) -> _info.TaskInfo:
    """The task of an answer."""
    return _info_wire.task_of(answer.task)


@dataclass(frozen=True, slots=True)
class CommandOptions:
    """Options of every command: the reason, the request id, and the version that the task must have."""

    reason: str = ""
    request_id: str | None = None
    expected_version: int | None = None


def command(method: str, request: Any, options: CommandOptions, read: Callable[[Any], R]) -> ClientCall[R]:
    """A command to a task; without a request id it gets one, under which it may be repeated. Raises InvalidInput."""
    request.reason = _argument_checks.reason(options.reason)
    request.request_id = _argument_checks.optional_name("request_id", options.request_id) or id_text(new_id())
    if options.expected_version is not None:
        version = _argument_checks.whole(
            "expected_version", options.expected_version, 1, limits.LARGEST_NUMBER
        )
        request.expected_version = version
    return ClientCall(Service.TASKS, method, request, read, repeatable=True, is_command=True)


def _list(
    service: Service, method: str, request: Any, field: str, read: Callable[[Any], R]
) -> ClientCall[list[R]]:
    return ClientCall(
        service,
        method,
        request,
        lambda answer: [read(item) for item in getattr(answer, field)],
        repeatable=True,
    )

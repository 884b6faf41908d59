"""The clients' answers about tasks: frozen values of plain Python types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar

from google.protobuf.message import Message

from asynctask.errors import BY_REASON, AsyncTaskError, Cancelled, HandlerError, InvalidInput
from asynctask_core.states import Requested, StageState, TaskState, WaitingFor

T = TypeVar("T")


class Info:
    """Base: every answer of a cluster can be written as JSON."""

    # No field of the dataclasses: a changed copy must not keep it, and pickle cannot write it.
    __slots__ = ("_message",)

    _message: Message
    """What it was read from."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, as REST has them: by the names of the contracts, times as RFC 3339 in UTC, without what
        is absent.

        Raises:
            ValueError: it is no answer as a cluster gave it, but was made, changed or unpickled by a program.
        """
        # Imported here: most programs that read tasks do not write them as JSON.
        from asynctask_core.message_json.encode import to_json

        message = getattr(self, "_message", None)
        if message is None:
            name = type(self).__name__
            raise ValueError(f"to_json: needs a {name} as a cluster answered it; got one that a program made")
        return to_json(message)


@dataclass(frozen=True, slots=True)
class FailureInfo(Info):
    """Why a task or an attempt failed."""

    reason: str
    """A reason of the catalogue, such as HANDLER_ERROR, or the handler's own, given to `Fail` or `Postpone`."""
    error_type: str
    """Class of the exception that the handler raised; empty for failures that AsyncTask itself reports."""
    message: str
    traceback: str
    stage: str
    fingerprint: str = ""
    """What errors of one kind have in common, as `list` takes it; only of a task that stands at failed."""

    @property
    def error(self) -> AsyncTaskError:
        """The failure as an exception of the catalogue; for a handler's own reason, a HandlerError with that reason."""
        kind = BY_REASON.get(self.reason, HandlerError)
        if issubclass(kind, InvalidInput):
            return kind((), message=self.message)
        error = kind(self.message, metadata={"error_type": self.error_type, "stage": self.stage})
        if kind is HandlerError:
            error.reason = self.reason
        return error


@dataclass(frozen=True, slots=True)
class ProgressInfo(Info):
    """How far a stage is, with its rate a second and the seconds left, as far as they are known."""

    done: float
    total: float
    unit: str
    message: str
    rate: float
    remaining_s: float | None
    """The least, if `remaining_most_s` is not None."""
    remaining_most_s: float | None = None


@dataclass(frozen=True, slots=True)
class StageInfo(Info):
    """One stage of a task."""

    name: str
    position: int
    weight: float
    state: StageState
    progress: ProgressInfo | None
    result: Any
    """Its return value as JSON; only in full answers."""
    checkpoint: Any
    """Its latest checkpoint as JSON; only in full answers, and None when it is bytes."""
    start_time: datetime | None
    end_time: datetime | None


@dataclass(frozen=True, slots=True)
class WarningInfo(Info):
    """The warnings of a stage with one code."""

    stage: str
    code: str
    count: int
    text: str
    """The latest text given with it."""


@dataclass(frozen=True, slots=True)
class TaskInfo(Info):
    """The present state of a task."""

    task_id: str
    task_type: str
    queue: str
    priority: int
    state: TaskState
    waiting_for: WaitingFor | None
    requested: Requested | None
    version: int
    """Grows with every change of the task."""
    submit_time: datetime | None
    start_time: datetime | None
    end_time: datetime | None
    due_time: datetime | None
    stage: str
    percent: float
    config: Any
    """Its config as JSON; only in full answers."""
    result: Any
    """The last stage's return value as JSON; only in full answers, None before."""
    failure: FailureInfo | None
    """Why it failed; for a task that waits for a retry, why the last attempt did."""
    stages: tuple[StageInfo, ...]
    attempt_count: int
    """Attempts begun so far, in all runs; `attempts` shows how each ended."""
    error_count: int
    """Attempts of this run that ended with an error of the handler; 0 again after a restart."""
    lost_count: int
    """Attempts lost with their executor since the last durable progress, not in total. A new checkpoint, a finished
    stage and a restart set it to 0; at the type's `crash_budget` the task fails.
    """
    release_count: int
    """Attempts of this run that were given back, paused or cancelled; 0 again after a restart."""
    run: int
    """Which run of the task this is, from 1; a restart begins the next."""
    executor_id: str
    labels: Mapping[str, str]
    command_reason: str
    deleted: bool
    warning_count: int = 0
    """Its warnings in all: a completed task that has some is not a plain success."""
    warning_counts: Mapping[str, int] = field(default_factory=dict[str, int])
    """The same by code, over all stages."""
    warnings: tuple[WarningInfo, ...] = ()
    """The same by stage and code, with their texts; only in full answers."""
    requested_time: datetime | None = None
    """Time of the request in `requested`; a handler that still runs long after that does not react."""

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.state.is_final

    @property
    def progress(self) -> ProgressInfo | None:
        """Progress of the current stage; None before its first report."""
        return next((stage.progress for stage in self.stages if stage.name == self.stage), None)

    def result_as(self, annotation: type[T]) -> T:
        """The result decoded by an annotation such as a dataclass.

        Raises:
            DecodeError: it does not fit the annotation.
            TypeError: JSON cannot be read by this annotation.
        """
        return _decoded(annotation, self.result, "result")

    def config_as(self, annotation: type[T]) -> T:
        """The config decoded by an annotation such as a dataclass. Raises as `result_as`."""
        return _decoded(annotation, self.config, "task_config")

    def raise_for_failure(self) -> "TaskInfo":
        """The task itself, unless it failed or was cancelled.

        Raises:
            TaskFailure: for the failure's reason (`errors.HandlerError`, `errors.ExecutorLost`, …), or Cancelled.
        """
        if self.state is TaskState.FAILED and self.failure is not None:
            raise self.failure.error
        if self.state is TaskState.CANCELLED:
            raise Cancelled(self.command_reason.strip() or f"task {self.task_id} was cancelled")
        return self


def _decoded(annotation: type[T], value: Any, what: str) -> T:
    # Imported here: most programs that read tasks, such as the command line, take results as plain JSON.
    from asynctask._codec.text import codec_of, dump_json

    return codec_of(annotation).decode(dump_json(value), what)


class TaskInfoPage(tuple[Sequence[TaskInfo], str]):
    """A page of tasks: the tasks, newest first, and the token of the next page, which is empty on the last one."""

    looked_back_to: datetime | None
    """The page has all that match back to this time of submit; None when it looked back to the first task, or to the
    beginning of the times that were asked for.
    """

    def __new__(
        cls, tasks: Sequence[TaskInfo], next_page_token: str, looked_back_to: datetime | None = None
    ) -> Self:
        """Make a page of its parts."""
        page = super().__new__(cls, (tasks, next_page_token))
        page.looked_back_to = looked_back_to
        return page

    def __getnewargs__(self) -> tuple[Sequence[TaskInfo], str, datetime | None]:
        """What a copy and an unpickled page are made of."""
        return self[0], self[1], self.looked_back_to

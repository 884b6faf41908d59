"""Following tasks and their logs: which messages of a stream are new, and where to resume."""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from asynctask import _argument_checks
from asynctask._client.info import TaskInfo
from asynctask._client.info_wire import log_line_of, task_of
from asynctask._message_size import check_size
from asynctask.errors import AsyncTaskError, FieldViolation, InvalidInput, NotReady, TryAgain
from asynctask_core import limits
from asynctask_core.ids import id_text, parse_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1 import task_pb2

if TYPE_CHECKING:
    from asynctask._client.info_history import LogLineInfo

T = TypeVar("T")

AGAIN_S: Final = (0.1, 3.0)
"""First and longest pause before a broken stream is opened again."""
LOOK_S: Final = 1.0
"""How long the first read of a task may take, even if the time to wait for its end is shorter."""
OUTAGE_TRIES: Final = 2
"""Failures in a row that count as an outage; one alone may be the hand-over of a draining scheduler."""

MOST_REMEMBERED: Final = 10_000
"""Tasks whose last version a watch by conditions remembers: ten times the limit of a watch by ids."""

OnOutage = Callable[[AsyncTaskError | None], object]
"""Called once with the error when an outage begins, and once with None when it ends."""
OnLooked = Callable[[int], object]
"""Called with how many lines or items were looked through so far, after each page."""


ENDED = NotReady("the scheduler ended the stream")
"""For a watch whose stream ends without an error: the scheduler drains, and another one continues."""


class Stream(ABC, Generic[T]):
    """Messages that a client follows, over one stream after another."""

    method: ClassVar[str]
    """The call of TaskService that opens a stream."""
    endless: ClassVar[bool]
    """Whether a stream that ends without an error is opened again."""

    def __init__(self, on_outage: OnOutage | None) -> None:
        self._tries = 0
        self._failed_s = 0.0
        if on_outage is not None and not callable(on_outage):
            text = f"must be a function; got {_argument_checks.shown(on_outage)}"
            raise InvalidInput([FieldViolation("on_outage", text)])
        self._on_outage = on_outage
        self._is_out = False

    @abstractmethod
    def request(self) -> Any:
        """The request that opens the next stream."""

    @abstractmethod
    def take(self, response: Any) -> Iterator[T]:
        """The new parts of a message: nothing that was given already."""

    @property
    def over(self) -> bool:
        """Whether there is nothing more to come."""
        return False

    @property
    def tells(self) -> bool:
        """Whether the caller is told of outages, and they need not be logged."""
        return self._on_outage is not None

    @property
    def out_s(self) -> float:
        """Seconds since the first failure, while no stream works."""
        return time.monotonic() - self._failed_s if self._tries else 0.0

    def answered(self) -> None:
        """Note that the stream works, which ends an outage."""
        self._tries = 0
        if self._is_out:
            self._is_out = False
            if self._on_outage is not None:
                self._on_outage(None)

    def again_s(self, error: AsyncTaskError) -> float:
        """Seconds until it may be opened again. Raises the error itself when it may not."""
        if not isinstance(error, TryAgain):
            raise error
        if not self._tries:
            self._failed_s = time.monotonic()
        first, longest = AGAIN_S
        ceiling = max(min(longest, first * 2**self._tries), (error.retry_after_ms or 0) / 1000)
        self._tries = min(self._tries + 1, 10)
        if self._tries >= OUTAGE_TRIES and not self._is_out:
            self._is_out = True
            if self._on_outage is not None:
                self._on_outage(error)
        return random.uniform(ceiling / 2, ceiling)


class Watch(Stream[TaskInfo]):
    """The state of tasks, and every change."""

    method = "WatchTasks"
    endless = True

    def __init__(
        self,
        task_ids: Sequence[str],
        condition: pb.TaskFilter | None,
        view: task_pb2.TaskView.ValueType,
        on_outage: OnOutage | None = None,
    ) -> None:
        if len(task_ids) > limits.WATCHED_TASKS:
            text = f"must have at most {limits.WATCHED_TASKS} entries; got {len(task_ids)}"
            raise InvalidInput([FieldViolation("task_ids", text)])
        task_ids = [
            _argument_checks.required_text(f"task_ids[{at}]", text) for at, text in enumerate(task_ids)
        ]
        if task_ids and condition is not None:
            if condition.ByteSize():
                allowed = "must not come with conditions: watch tasks by id, or all that meet conditions"
                text = f"{allowed}; got {len(task_ids)}"
                raise InvalidInput([FieldViolation("task_ids", text)])
            condition = None
        super().__init__(on_outage)
        self._request = pb.WatchTasksRequest(task_ids=task_ids, filter=condition, view=view)
        check_size(self._request)
        self._named = bool(task_ids)
        # In the form that answers use; the caller may have used another.
        self._left = {id_text(parse_id(text, f"task_ids[{at}]")) for at, text in enumerate(task_ids)}
        # A stream gives one task's changes in the order of their versions, and a later stream reads later than the one
        # before it broke. So this is only a second check, and may forget tasks that have not changed for long.
        self._versions: OrderedDict[str, int] = OrderedDict()

    def request(self) -> pb.WatchTasksRequest:
        """The request for everything after the last message that arrived."""
        return self._request

    @property
    def over(self) -> bool:
        """Whether every task it names was given as final or deleted; False when it names none."""
        return self._named and not self._left

    def take(self, response: pb.WatchTasksResponse) -> Iterator[TaskInfo]:
        """The tasks of a message, except states older than those given already."""
        self.answered()
        if response.resume_token:
            self._request.resume_token = response.resume_token
        for task in response.tasks:
            if task.version >= self._versions.get(task.task_id, 0):
                self._remember(task)
                info = task_of(task)
                if info.is_final or info.deleted:
                    self._left.discard(info.task_id)
                yield info

    def _remember(self, task: task_pb2.Task) -> None:
        self._versions[task.task_id] = task.version
        self._versions.move_to_end(task.task_id)
        if len(self._versions) > MOST_REMEMBERED:
            self._versions.popitem(last=False)


class Tail(Stream["LogLineInfo"]):
    """A task's log lines, stored and new ones; starts again when the stream breaks."""

    method = "TailTaskLogs"
    endless = False

    def __init__(
        self,
        request: pb.TailTaskLogsRequest,
        on_outage: OnOutage | None = None,
        on_looked: OnLooked | None = None,
    ) -> None:
        super().__init__(on_outage)
        check_size(request)
        self._on_looked = on_looked
        self._request = request
        self._given: dict[str, int] = {}

    def request(self) -> pb.TailTaskLogsRequest:
        """The request for the lines that have not come; an earlier scheduler sends every line again."""
        return self._request

    def take(self, response: pb.TailTaskLogsResponse) -> Iterator[LogLineInfo]:
        """The lines of each attempt after the last one given."""
        self.answered()
        if response.resume_token:
            self._request.resume_token = response.resume_token
        if response.looked_through and self._on_looked is not None:
            self._on_looked(response.looked_through)
        for line in response.lines:
            info = log_line_of(line)
            if info.sequence > self._given.get(info.attempt_id, 0):
                self._given[info.attempt_id] = info.sequence
                yield info

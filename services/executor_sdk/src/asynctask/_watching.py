"""Following tasks: what of a watch's messages is news, and where to resume."""

import random
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from asynctask._info import TaskInfo
from asynctask._info_wire import task_of
from asynctask.errors import AsyncTaskError, FieldViolation, InvalidInput, NotReady, TryAgain
from asynctask_core import limits
from asynctask_core.ids import id_text, parse_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.task.v1 import task_pb2

AGAIN_S: Final = (0.1, 3.0)
"""First and longest pause before a broken watch is opened again."""
OUTAGE_TRIES: Final = 2
"""Failures in a row that are an outage; one is what the hand-over of a draining scheduler looks like."""

MOST_REMEMBERED: Final = 10_000
"""Tasks of which a watch by conditions remembers the version it gave: ten times what one by ids names."""

OnOutage = Callable[[AsyncTaskError | None], object]
"""Told the error once when an outage begins, and None once when it is over."""


class Watch:
    """One watch, over as many streams as it takes."""

    def __init__(
        self,
        task_ids: Sequence[str],
        condition: pb.TaskFilter | None,
        view: "task_pb2.TaskView.ValueType",
        on_outage: OnOutage | None = None,
    ) -> None:
        if len(task_ids) > limits.WATCHED_TASKS:
            text = f"must be at most {limits.WATCHED_TASKS}; got {len(task_ids)}"
            raise InvalidInput([FieldViolation("task_ids", text)])
        self._request = pb.WatchTasksRequest(task_ids=task_ids, filter=condition, view=view)
        self._named = bool(task_ids)
        # As answers write them, whatever form the caller used.
        self._left = {id_text(parse_id(text, f"task_ids[{at}]")) for at, text in enumerate(task_ids)}
        # A stream tells one task's changes in the order of their versions, and a later stream reads later than the one
        # before it broke. So this is a second fence, and may forget tasks that were not heard of for long.
        self._versions: OrderedDict[str, int] = OrderedDict()
        self._tries = 0
        self._failed_s = 0.0
        self._on_outage = on_outage
        self._is_out = False

    def request(self) -> pb.WatchTasksRequest:
        """What to ask for now: everything after the last message that arrived."""
        return self._request

    @property
    def over(self) -> bool:
        """Whether every task it names was given as final or deleted; never so when it names none."""
        return self._named and not self._left

    def take(self, response: pb.WatchTasksResponse) -> Iterator[TaskInfo]:
        """The news of a message: nothing older than what was given already."""
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

    @property
    def tells(self) -> bool:
        """Whether somebody else is told of outages."""
        return self._on_outage is not None

    @property
    def out_s(self) -> float:
        """For how long it has been opened again and again."""
        return time.monotonic() - self._failed_s if self._tries else 0.0

    def answered(self) -> None:
        """The stream works: an outage, if there was one, is over."""
        self._tries = 0
        if self._is_out:
            self._is_out = False
            if self._on_outage is not None:
                self._on_outage(None)

    def again_s(self, error: AsyncTaskError) -> float:
        """Seconds until the watch may be opened again. Raises the error itself when it may not."""
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


ENDED = NotReady("the scheduler ended the stream")
"""A stream that ends without an error: the scheduler drains, another one goes on."""

"""Following tasks: where they stand, then every change, coalesced, and live progress in between.

The registry is asked what stands; the feed only says when to ask. So a hint that is lost delays, and nothing is
reported that is not durable.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import TypeVar

from asynctask_core import limits
from asynctask_core.ids import RECENT_MS, id_time_ms, parse_id
from asynctask_core.states import FINAL
from asynctask_core.wire import now_us
from asynctask_protos.registry.v1.ledger_service_pb2 import ListChangesRequest
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.scheduler.v1.task_service_pb2 import TaskFilter, WatchTasksResponse
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import Task, TaskView
from asynctask_scheduler.api.filters import Matcher
from asynctask_scheduler.api.reading import TaskReader, not_found
from asynctask_scheduler.api.tokens import make_token
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.feed.live import lay_over
from asynctask_scheduler.feed.subscriber import Subscriber
from asynctask_scheduler.ledger.client import Ledger

PACE_S = 0.1
"""Changes closer together than this are sent together."""
RECHECK_S = 5.0
"""A hint can be lost: this often watched tasks are looked at all the same."""
RECHECK_FINAL_S = 60.0
MOST_REMEMBERED = 10_000
"""Tasks of which a watch by filter remembers what it sent."""
MOST_LOOKED_UP = 100

BY_IDS = "i"
BY_FILTER = "f"

T = TypeVar("T")

_FINAL = frozenset(state.number for state in FINAL)


class Pace:
    """Lets the first of a burst through at once and gathers the rest."""

    def __init__(self) -> None:
        self._next_at = 0.0

    async def wait(self) -> None:
        """Wait until enough time has passed since the last one."""
        loop = asyncio.get_running_loop()
        if (delay := self._next_at - loop.time()) > 0:
            await asyncio.sleep(delay)
        self._next_at = loop.time() + PACE_S


class IdWatch:
    """Follows tasks by their ids."""

    def __init__(
        self,
        ledger: Ledger,
        reader: TaskReader,
        hub: Hub,
        *,
        task_ids: Sequence[bytes],
        view: TaskView.ValueType,
        bound_to: bytes,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._hub = hub
        self._task_ids = list(dict.fromkeys(task_ids))
        self._view = view
        # A resumed watch begins with where every task stands, so the token has nothing to remember.
        self._token = make_token(BY_IDS, bound_to, "")
        self._versions: dict[bytes, int] = {}
        self._running: dict[bytes, Task] = {}
        self._final: set[bytes] = set()
        self._recheck_at = 0.0
        self._recheck_final_at = 0.0

    async def run(self, *, resumed: bool) -> AsyncIterator[WatchTasksResponse]:
        """Yield where the tasks stand, then what changes.

        Raises:
            TaskNotFound: one of them does not exist; deleted ones are reported once to those who resume.
        """
        with self._hub.subscribe(frozenset(self._task_ids)) as subscriber:
            tasks = await self._reader.read(self._task_ids, self._view, include_deleted=resumed)
            found = {parse_id(task.task_id): task for task in tasks}
            if not resumed:
                for task_id in self._task_ids:
                    if task_id not in found:
                        raise not_found(task_id)
            for response in _responses(self._note(found)):
                yield response
            yield WatchTasksResponse(resume_token=self._token, caught_up=True)
            clock = asyncio.get_running_loop().time
            self._recheck_at = clock() + RECHECK_S
            self._recheck_final_at = clock() + RECHECK_FINAL_S
            pace = Pace()
            while not subscriber.is_closed:
                await subscriber.wait(max(0.0, self._recheck_at - clock()))
                await pace.wait()
                for response in _responses(await self._look(subscriber)):
                    yield response

    async def _look(self, subscriber: Subscriber) -> list[Task]:
        versions, reports, missed = subscriber.take()
        # By the clock: hints of progress that never end must not put it off.
        if missed or asyncio.get_running_loop().time() >= self._recheck_at:
            versions = await self._recheck(versions)
        wanted = [
            task_id for task_id, version in versions.items() if version > self._versions.get(task_id, -1)
        ]
        changed: list[Task] = []
        if wanted:
            tasks = await self._reader.read(wanted, self._view, include_deleted=True)
            changed = self._note({parse_id(task.task_id): task for task in tasks})
        fresh = {parse_id(task.task_id) for task in changed}
        return changed + _with_progress(self._running, reports, fresh)

    async def _recheck(self, versions: dict[bytes, int]) -> dict[bytes, int]:
        now = asyncio.get_running_loop().time()
        self._recheck_at = now + RECHECK_S
        task_ids = self._task_ids
        if now < self._recheck_final_at:
            task_ids = [task_id for task_id in task_ids if task_id not in self._final]
        else:
            self._recheck_final_at = now + RECHECK_FINAL_S
        if not task_ids:
            return versions
        standings = await self._ledger.reconcile(task_ids)
        return versions | {standing.task_id: standing.version for standing in standings}

    def _note(self, tasks: Mapping[bytes, Task]) -> list[Task]:
        """Remember what is sent; gives what is news."""
        news: list[Task] = []
        for task_id, task in tasks.items():
            if task.version <= self._versions.get(task_id, -1):
                continue
            self._versions[task_id] = task.version
            self._running.pop(task_id, None)
            self._final.discard(task_id)
            if task.deleted or task.task_status in _FINAL:
                self._final.add(task_id)
            elif task.task_status == TaskState.TASK_STATE_RUNNING:
                self._running[task_id] = task
            news.append(task)
        return news


class FilterWatch:
    """Follows every task that matches a filter, and tells when one leaves it.

    It leaves by its state or its labels. Whether it matched before is known if this watch has looked at it. If not, it
    may have been listed before, or told by the watch that is resumed here, so it is told all the same; unless it cannot
    be known to anybody, since it is new.
    """

    def __init__(
        self,
        ledger: Ledger,
        reader: TaskReader,
        hub: Hub,
        *,
        task_filter: TaskFilter,
        view: TaskView.ValueType,
        bound_to: bytes,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._hub = hub
        self._matcher = Matcher(task_filter)
        self._view = view
        self._bound_to = bound_to
        # What was looked at, matching or not: the registry tells a change at least once, often twice.
        self._versions: OrderedDict[str, int] = OrderedDict()
        self._matched: OrderedDict[str, None] = OrderedDict()
        self._has_forgotten = False
        # Who made a task's id may have had another clock.
        self._new_from_ms = now_us() // 1000 + RECENT_MS
        self._running: dict[bytes, Task] = {}

    async def run(self, position: str) -> AsyncIterator[WatchTasksResponse]:
        """Yield changes since `position`, a token of the registry; empty begins now.

        Raises:
            TokenExpired: the position is past what is kept, or of another database.
        """
        with self._hub.subscribe(None) as subscriber:
            caught_up = not position
            if not position:
                position = (await self._ledger.list_changes(ListChangesRequest())).token
                yield WatchTasksResponse(resume_token=self._token(position), caught_up=True)
            pace = Pace()
            while not subscriber.is_closed:
                more = True
                while more:
                    page = await self._ledger.list_changes(
                        ListChangesRequest(token=position, page_size=limits.PAGE_ITEMS, view=self._view)
                    )
                    more, moved, position = page.more, page.token != position, page.token
                    tasks = self._news(page.tasks)
                    await self._reader.add_progress(tasks)
                    for response in _responses(tasks):
                        yield response
                    catches_up = not caught_up and not more
                    if tasks or catches_up or (moved and not more):
                        yield WatchTasksResponse(resume_token=self._token(position), caught_up=catches_up)
                    caught_up |= catches_up
                await subscriber.wait(RECHECK_S)
                await pace.wait()
                _, reports, _ = subscriber.take()
                await self._learn_running(reports)
                for response in _responses(_with_progress(self._running, reports, frozenset())):
                    yield response

    def _token(self, position: str) -> str:
        return make_token(BY_FILTER, self._bound_to, position)

    def _news(self, tasks: Iterable[Task]) -> list[Task]:
        news: list[Task] = []
        for task in tasks:
            key = task.task_id
            seen = self._versions.get(key)
            if seen is not None and task.version <= seen:
                continue
            _remember(self._versions, key, task.version)
            task_id = parse_id(key)
            self._running.pop(task_id, None)
            if self._matcher.matches(task):
                _remember(self._matched, key, None)
                self._has_forgotten |= len(self._matched) == MOST_REMEMBERED
                if task.task_status == TaskState.TASK_STATE_RUNNING and len(self._running) < MOST_REMEMBERED:
                    self._running[task_id] = task
                news.append(task)
            elif key in self._matched or (seen is None and self._may_be_known(task, task_id)):
                # It left the filter: a client that shows it has to know.
                self._matched.pop(key, None)
                news.append(task)
        return news

    def _may_be_known(self, task: Task, task_id: bytes) -> bool:
        """Whether somebody may have been told that a task matches which this watch has never looked at."""
        is_old = self._has_forgotten or id_time_ms(task_id) < self._new_from_ms
        return task.version > 1 and is_old and self._matcher.may_have_matched(task)

    async def _learn_running(self, reports: Mapping[bytes, ProgressReport]) -> None:
        """Look up tasks that were running before this watch began."""
        unknown = [task_id for task_id in reports if task_id not in self._running][:MOST_LOOKED_UP]
        if not unknown:
            return
        for task in await self._ledger.get_tasks(unknown, self._view):
            if task.task_status == TaskState.TASK_STATE_RUNNING and self._matcher.matches(task):
                self._running[parse_id(task.task_id)] = task


def _with_progress(
    running: Mapping[bytes, Task], reports: Mapping[bytes, ProgressReport], but: frozenset[bytes] | set[bytes]
) -> list[Task]:
    return [
        running[task_id]
        for task_id, report in reports.items()
        if task_id in running and task_id not in but and lay_over(running[task_id], report)
    ]


def _responses(tasks: Sequence[Task]) -> Iterable[WatchTasksResponse]:
    """Messages of at most a batch's bytes."""
    part: list[Task] = []
    nbytes = 0
    for task in tasks:
        size = task.ByteSize()
        if part and nbytes + size > limits.BATCH_BYTES:
            yield WatchTasksResponse(tasks=part)
            part, nbytes = [], 0
        part.append(task)
        nbytes += size
    if part:
        yield WatchTasksResponse(tasks=part)


def _remember(known: OrderedDict[str, T], key: str, value: T) -> None:
    known[key] = value
    known.move_to_end(key)
    if len(known) > MOST_REMEMBERED:
        known.popitem(last=False)

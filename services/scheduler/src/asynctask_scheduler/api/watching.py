"""Watches tasks: sends their current state, then every change, coalesced, and live progress in between.

Every state is read from the registry; the feed only says when to read. So a lost hint causes only a delay, and only
durable changes are reported.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
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
from asynctask_scheduler.api.running_cache import RunningTaskCache
from asynctask_scheduler.api.tokens import make_token
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.feed.subscriber import Subscriber
from asynctask_scheduler.registry.client import RegistryClient

PACE_S = 0.1
"""Changes closer together than this are sent together."""
RECHECK_S = 5.0
"""How often watched tasks are checked without a hint, since hints can be lost."""
RECHECK_FINAL_S = 60.0
MOST_REMEMBERED = 10_000
"""For how many tasks a watch by filter remembers which versions it has seen."""

BY_IDS = "i"
BY_FILTER = "f"

T = TypeVar("T")

_FINAL = frozenset(state.number for state in FINAL)


class WatchPace:
    """Sends the first change of a burst at once, and gathers the others."""

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
        registry: RegistryClient,
        reader: TaskReader,
        hub: Hub,
        *,
        task_ids: Sequence[bytes],
        view: TaskView.ValueType,
        bound_to: bytes,
    ) -> None:
        self._registry = registry
        self._reader = reader
        self._hub = hub
        self._task_ids = list(dict.fromkeys(task_ids))
        self._view = view
        # A resumed watch begins with the current state of every task, so the token has no position.
        self._token = make_token(BY_IDS, bound_to, "")
        self._versions: dict[bytes, int] = {}
        self._running: set[bytes] = set()
        self._cache = RunningTaskCache()
        self._final: set[bytes] = set()
        self._recheck_at = 0.0
        self._recheck_final_at = 0.0

    async def run(self, *, resumed: bool) -> AsyncIterator[WatchTasksResponse]:
        """Yield the current state of the tasks, then every change.

        Raises:
            TaskNotFound: one of them does not exist. A resumed watch reports deleted tasks once instead.
        """
        with self._hub.subscribe(frozenset(self._task_ids)) as subscriber:
            async for response in _messages(self._begin(resumed=resumed)):
                yield response
            yield WatchTasksResponse(resume_token=self._token, caught_up=True)
            clock = asyncio.get_running_loop().time
            self._recheck_at = clock() + RECHECK_S
            self._recheck_final_at = clock() + RECHECK_FINAL_S
            pace = WatchPace()
            while not subscriber.is_closed:
                await subscriber.wait(0.0 if self._cache.is_behind else max(0.0, self._recheck_at - clock()))
                await pace.wait()
                async for response in _messages(self._look(subscriber)):
                    yield response

    async def _begin(self, *, resumed: bool) -> AsyncIterator[Iterable[Task]]:
        """Yield the current state of the tasks, in parts of at most a page."""
        tasks, left = await self._reader.read_page(self._task_ids, self._view, include_deleted=resumed)
        if not resumed:
            await self._must_exist(tasks, left)
        yield self._note(tasks)
        async for news in self._read_news(left):
            yield news

    async def _must_exist(self, tasks: Iterable[Task], left: Sequence[bytes]) -> None:
        """Raise TaskNotFound for a task that is neither in the first page nor in later ones."""
        found = {parse_id(task.task_id) for task in tasks}
        while left:
            more, left = await self._registry.get_page(left, TaskView.TASK_VIEW_BASIC)
            found.update(parse_id(task.task_id) for task in more)
        for task_id in self._task_ids:
            if task_id not in found:
                raise not_found(task_id)

    async def _look(self, subscriber: Subscriber) -> AsyncIterator[Iterable[Task]]:
        """Yield changes and progress to send, in parts of at most a page."""
        versions, reports, missed = subscriber.take()
        # Go by the clock: a constant stream of progress must not postpone the check.
        if missed or asyncio.get_running_loop().time() >= self._recheck_at:
            versions = await self._recheck(versions)
        wanted = [
            task_id for task_id, version in versions.items() if version > self._versions.get(task_id, -1)
        ]
        async for news in self._read_news(wanted):
            for task in news:
                reports.pop(parse_id(task.task_id), None)
            yield news
        reports = {task_id: report for task_id, report in reports.items() if task_id in self._running}
        yield self._cache.with_progress(reports)
        tasks, reports = await self._cache.read_again(
            lambda task_ids: self._registry.get_page(task_ids, self._view, include_deleted=True)
        )
        yield self._come_on(tasks, reports)

    async def _read_news(self, task_ids: Sequence[bytes]) -> AsyncIterator[list[Task]]:
        """Read tasks page by page; yield those of each page that changed."""
        left = task_ids
        while left:
            tasks, left = await self._reader.read_page(left, self._view, include_deleted=True)
            yield self._note(tasks)

    def _come_on(self, tasks: Iterable[Task], reports: Mapping[bytes, ProgressReport]) -> Iterator[Task]:
        """Put progress into tasks that were read again; yield those that have progressed or changed."""
        for task in tasks:
            task_id = parse_id(task.task_id)
            is_news = bool(self._note([task]))
            has_come_on = any(True for _ in self._cache.laid_over([(task_id, task)], reports))
            if is_news or has_come_on:
                yield task

    async def _recheck(self, versions: dict[bytes, int]) -> dict[bytes, int]:
        now = asyncio.get_running_loop().time()
        self._recheck_at = now + RECHECK_S
        if self._view == TaskView.TASK_VIEW_FULL:
            # Checkpoints, warnings and counts of items change without a new version.
            self._cache.forget()
        task_ids = self._task_ids
        if now < self._recheck_final_at:
            task_ids = [task_id for task_id in task_ids if task_id not in self._final]
        else:
            self._recheck_final_at = now + RECHECK_FINAL_S
        if not task_ids:
            return versions
        standings = await self._registry.reconcile(task_ids)
        return versions | {standing.task_id: standing.version for standing in standings}

    def _note(self, tasks: Iterable[Task]) -> list[Task]:
        """Note the versions of tasks; return those that changed since they were sent."""
        news: list[Task] = []
        for task in tasks:
            task_id = parse_id(task.task_id)
            if task.version <= self._versions.get(task_id, -1):
                continue
            self._versions[task_id] = task.version
            self._running.discard(task_id)
            self._cache.drop(task_id)
            self._final.discard(task_id)
            if task.deleted or task.task_status in _FINAL:
                self._final.add(task_id)
            elif task.task_status == TaskState.TASK_STATE_RUNNING:
                self._running.add(task_id)
                self._cache.put(task_id, task)
            news.append(task)
        return news


class FilterWatch:
    """Follows every task that matches a filter, and also sends a task that no longer matches.

    A task stops matching by its state, labels or warnings. This watch knows whether a task that it has seen matched
    before. A task that it has not seen may have been listed before, or sent by the watch that is resumed here, so it is
    sent as well; except a task that is so new that no client can know it.
    """

    def __init__(
        self,
        registry: RegistryClient,
        reader: TaskReader,
        hub: Hub,
        *,
        task_filter: TaskFilter,
        view: TaskView.ValueType,
        bound_to: bytes,
    ) -> None:
        self._registry = registry
        self._reader = reader
        self._hub = hub
        self._matcher = Matcher(task_filter)
        self._view = view
        self._bound_to = bound_to
        # Versions of seen tasks, matching or not: the registry lists a change at least once, often twice.
        self._versions: OrderedDict[str, int] = OrderedDict()
        self._matched: OrderedDict[str, None] = OrderedDict()
        self._has_forgotten = False
        # The clock that a task's id was made with may differ from ours.
        self._new_from_ms = now_us() // 1000 + RECENT_MS
        self._cache = RunningTaskCache()

    async def run(self, position: str) -> AsyncIterator[WatchTasksResponse]:
        """Yield changes since `position`, a token of the registry; empty begins now.

        Raises:
            TokenExpired: the changes since the position are no longer kept, or it is of another database.
        """
        with self._hub.subscribe(None) as subscriber:
            caught_up = not position
            if not position:
                position = (await self._registry.list_changes(ListChangesRequest())).token
                yield WatchTasksResponse(resume_token=self._token(position), caught_up=True)
            pace = WatchPace()
            while not subscriber.is_closed:
                more = True
                while more:
                    page = await self._registry.list_changes(
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
                await subscriber.wait(0.0 if self._cache.is_behind else RECHECK_S)
                await pace.wait()
                _, reports, _ = subscriber.take()
                for response in _responses(self._cache.with_progress(reports)):
                    yield response
                # Progress of tasks that ran before this watch began, or that are not kept.
                tasks, reports = await self._cache.read_again(
                    lambda task_ids: self._registry.get_page(task_ids, self._view)
                )
                for response in _responses(self._cache.laid_over(self._matching(tasks), reports)):
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
            self._cache.drop(task_id)
            if self._matcher.matches(task):
                _remember(self._matched, key, None)
                self._has_forgotten |= len(self._matched) == MOST_REMEMBERED
                self._cache.put(task_id, task)
                news.append(task)
            elif key in self._matched or (seen is None and self._may_be_known(task, task_id)):
                # The task no longer matches: a client that shows it must be informed.
                self._matched.pop(key, None)
                news.append(task)
        return news

    def _may_be_known(self, task: Task, task_id: bytes) -> bool:
        """Whether a client may know a task as matching that this watch has never seen."""
        is_old = self._has_forgotten or id_time_ms(task_id) < self._new_from_ms
        return task.version > 1 and is_old and self._matcher.may_have_matched(task)

    def _matching(self, tasks: Iterable[Task]) -> Iterator[tuple[bytes, Task]]:
        return ((parse_id(task.task_id), task) for task in tasks if self._matcher.matches(task))


async def _messages(parts: AsyncIterator[Iterable[Task]]) -> AsyncIterator[WatchTasksResponse]:
    async for tasks in parts:
        for response in _responses(tasks):
            yield response


def _responses(tasks: Iterable[Task]) -> Iterable[WatchTasksResponse]:
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

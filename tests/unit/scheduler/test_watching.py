"""Watches over a registry whose answers a test decides: what is told, and that hints only hurry."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest

from asynctask_core.errors import NotReady, TaskNotFound
from asynctask_core.ids import RECENT_MS, id_text, new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import (
    ListChangesRequest,
    ListChangesResponse,
    ListTaskLogsRequest,
    ListTaskLogsResponse,
)
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressReport
from asynctask_protos.scheduler.v1.task_service_pb2 import TailTaskLogsRequest, TaskFilter, WatchTasksResponse
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_pb2 import LOG_LEVEL_ERROR, LogLine, Progress, Stage, Task, TaskView
from asynctask_scheduler.api import running_cache, tailing, watching
from asynctask_scheduler.api.reading import TaskReader
from asynctask_scheduler.api.tailing import tail_logs
from asynctask_scheduler.api.tokens import fingerprint, read_token
from asynctask_scheduler.api.watching import FilterWatch, IdWatch
from asynctask_scheduler.feed.hub import Hub
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.test_feed import Channels

QUEUED, RUNNING, COMPLETED, FAILED = (
    TaskState.TASK_STATE_QUEUED,
    TaskState.TASK_STATE_RUNNING,
    TaskState.TASK_STATE_COMPLETED,
    TaskState.TASK_STATE_FAILED,
)
PATIENCE_S = 60


class World:
    """Tasks as the registry has them, in the order of their changes; `change` gives one a new version."""

    def __init__(self) -> None:
        self.tasks: dict[bytes, Task] = {}
        self.changes: list[Task] = []
        self.lines: list[str] = []
        self.looks = 0
        self.page_tasks = 1_000
        self.pages = 0
        self.read = [Task()]
        self.on_look: Any = None
        self.hub = Hub(Channels())
        as_ledger: Any = self
        self.reader = TaskReader(as_ledger, QueueModel(ModelStore()))
        self.registry = as_ledger

    def change(self, state: int, task_id: bytes = b"", **fields: Any) -> bytes:
        task_id = task_id or new_id()
        old = self.tasks.get(task_id)
        task = Task(
            task_id=id_text(task_id), version=old.version + 1 if old else 1, task_type="noop", queue="q"
        )
        task.MergeFrom(Task(task_status=state, **fields))  # pyright: ignore[reportArgumentType]
        self.tasks[task_id] = task
        self.changes.append(task)
        for subscriber in self.hub._of_all:
            subscriber.poke()
        return task_id

    async def list_changes(self, request: ListChangesRequest) -> ListChangesResponse:
        start = int(request.token) if request.token else len(self.changes)
        latest = {task.task_id: task for task in self.changes[start:]}
        return ListChangesResponse(tasks=latest.values(), token=str(len(self.changes)))

    async def get_page(
        self, task_ids: Sequence[bytes], view: TaskView.ValueType, *, include_deleted: bool = False
    ) -> tuple[list[Task], Sequence[bytes]]:
        self.pages += 1
        asked = task_ids[: self.page_tasks]
        page = [Task.FromString(self.tasks[one].SerializeToString()) for one in asked if one in self.tasks]
        if view == TaskView.TASK_VIEW_FULL:
            self.read += page
        return page, task_ids[self.page_tasks :]

    async def get_tasks(
        self, task_ids: Sequence[bytes], view: TaskView.ValueType, *, include_deleted: bool = False
    ) -> list[Task]:
        tasks: list[Task] = []
        while task_ids:
            page, task_ids = await self.get_page(task_ids, view, include_deleted=include_deleted)
            tasks += page
        return tasks

    @property
    def held(self) -> int:
        """Full tasks that were read and that somebody else holds too, unlike the first here."""
        free, *counts = [sys.getrefcount(task) for task in self.read]
        return sum(count > free for count in counts)

    async def reconcile(self, task_ids: Sequence[bytes]) -> Sequence[Standing]:
        return [
            Standing(task_id=task_id, version=self.tasks[task_id].version)
            for task_id in task_ids
            if task_id in self.tasks
        ]

    async def list_logs(self, request: ListTaskLogsRequest) -> ListTaskLogsResponse:
        start = int(request.cursor or 0)
        lines = [LogLine(message=text) for text in self.lines[start:]]
        response = ListTaskLogsResponse(lines=lines, cursor=str(start + len(lines)))
        self.looks += 1
        if self.on_look is not None:
            self.on_look()
        return response


class Told:
    """What a watch told."""

    def __init__(self) -> None:
        self.watch: FilterWatch | None = None
        self.tasks: list[Task] = []
        self.token = ""
        self.caught_up = 0

    def states(self, task_id: bytes) -> list[int]:
        return [task.task_status for task in self.tasks if task.task_id == id_text(task_id)]

    async def follow(self, responses: AsyncIterator[WatchTasksResponse]) -> None:
        async for response in responses:
            self.tasks += response.tasks
            self.token = response.resume_token or self.token
            self.caught_up += response.caught_up


@asynccontextmanager
async def watching_by(world: World, task_filter: TaskFilter, token: str = "") -> AsyncIterator[Told]:
    """A watch by filter, from now on or from a registry's token on; it has begun when the block does."""
    told = Told()
    watch = FilterWatch(
        world.registry,
        world.reader,
        world.hub,
        task_filter=task_filter,
        view=TaskView.TASK_VIEW_BASIC,
        bound_to=b"",
    )
    told.watch = watch
    following = asyncio.create_task(told.follow(watch.run(token)))
    try:
        await eventually(lambda: told.token, timeout=PATIENCE_S)
        yield told
    finally:
        following.cancel()
        await asyncio.wait([following])


def older(task_id: bytes, ms: int) -> bytes:
    """An id made so much earlier."""
    return (int.from_bytes(task_id[:6], "big") - ms).to_bytes(6, "big") + task_id[6:]


async def test_resumed_watch_is_told_of_tasks_that_left_its_filter_meanwhile():
    """Law 4. Broken once on purpose: telling only of what the same stream had told of before, a watcher of running
    tasks that was away while one completed shows it as running for ever."""
    world = World()
    task_id = world.change(RUNNING)
    async with watching_by(world, TaskFilter(task_states=[RUNNING]), "0") as first:
        await eventually(lambda: first.states(task_id) == [RUNNING], timeout=PATIENCE_S)
    away_since = str(len(world.changes))
    world.change(COMPLETED, task_id)
    async with watching_by(world, TaskFilter(task_states=[RUNNING]), away_since) as again:
        await eventually(lambda: again.states(task_id) == [COMPLETED], timeout=PATIENCE_S)


@pytest.mark.parametrize("missed", [0, 1])
async def test_resumed_watch_is_told_once_that_it_has_caught_up_also_where_nothing_changed(missed: int):
    """Broken once on purpose: told only with a token that has moved, a watch of an idle database waits for ever."""
    world = World()
    away_since = str(len(world.changes))
    for _ in range(missed):
        world.change(RUNNING)
    async with watching_by(world, TaskFilter(task_types=["noop"]), away_since) as told:
        assert (told.caught_up, len(told.tasks)) == (1, missed)
        later = world.change(RUNNING)
        await eventually(lambda: told.states(later), timeout=PATIENCE_S)
        assert told.caught_up == 1


async def test_watch_is_told_of_tasks_that_were_in_its_filter_before_it_began():
    """The same while a watch lives: whoever listed running tasks and then watches is told when they end."""
    world = World()
    by_state, by_label = world.change(RUNNING), world.change(RUNNING, labels={"team": "a"})
    async with (
        watching_by(world, TaskFilter(task_states=[RUNNING])) as states,
        watching_by(world, TaskFilter(labels={"team": "a"})) as labels,
    ):
        world.change(COMPLETED, by_state)
        world.change(RUNNING, by_label, labels={"team": "b"})
        await eventually(lambda: states.states(by_state) == [COMPLETED], timeout=PATIENCE_S)
        await eventually(lambda: labels.states(by_label), timeout=PATIENCE_S)
        assert labels.tasks[-1].labels == {"team": "b"}


async def test_watch_of_warnings_is_told_when_a_task_gives_its_first_and_when_it_begins_anew():
    world = World()
    plain, warned = world.change(RUNNING), world.change(RUNNING)
    async with watching_by(world, TaskFilter(has_warnings=True), "0") as told:
        world.change(RUNNING, warned, warning_count=3, warning_counts={"SKIPPED": 3})
        await eventually(lambda: [task.warning_count for task in told.tasks] == [3], timeout=PATIENCE_S)
        world.change(COMPLETED, plain, labels={"seen": "later"})
        world.change(QUEUED, warned)
        await eventually(lambda: told.states(warned) == [RUNNING, QUEUED], timeout=PATIENCE_S)
        assert not told.tasks[-1].warning_count
        assert not told.states(plain)


async def test_watch_is_not_told_of_what_was_never_in_its_filter():
    world = World()
    old = world.change(QUEUED, older(new_id(), 2 * RECENT_MS))
    other_type = world.change(RUNNING)
    async with watching_by(world, TaskFilter(task_types=["noop"], task_states=[FAILED])) as told:
        # Its first version; looked at in a state that does not match; submitted after the watch began.
        first = world.change(QUEUED)
        world.change(RUNNING, old)
        await eventually(lambda: told.states(old) == [RUNNING], timeout=PATIENCE_S)
        world.change(COMPLETED, old)
        later = older(new_id(), -2 * RECENT_MS)
        world.change(QUEUED, later)
        world.change(COMPLETED, later)
        world.change(RUNNING, other_type)
        world.changes[-1].task_type = "other"
        end = world.change(FAILED)
        await eventually(lambda: told.states(end) == [FAILED], timeout=PATIENCE_S)
        assert [told.states(one) for one in (first, later, other_type)] == [[], [], []]
        assert told.states(old) == [RUNNING]


async def test_steady_progress_does_not_put_off_the_look_for_lost_hints(monkeypatch: pytest.MonkeyPatch):
    """Law 4. Broken once on purpose: with the look made only after a silence, a watch by ids whose tasks report
    progress never learns of a change whose hint was lost."""
    monkeypatch.setattr(watching, "RECHECK_S", 0.3)
    monkeypatch.setattr(watching, "PACE_S", 0.01)
    world = World()
    busy, quiet = world.change(RUNNING, stages=[Stage(name="run")]), world.change(RUNNING)
    told = Told()
    watch = IdWatch(
        world.registry,
        world.reader,
        world.hub,
        task_ids=[busy, quiet],
        view=TaskView.TASK_VIEW_BASIC,
        bound_to=b"",
    )
    following = asyncio.create_task(told.follow(watch.run(resumed=False)))
    await eventually(lambda: told.token, timeout=PATIENCE_S)
    world.change(COMPLETED, quiet)  # nobody says so: a watch by ids hears of its own tasks only

    def is_told() -> bool:
        report = ProgressReport(task_id=busy, stage="run", progress=Progress(done=len(told.tasks), total=1e9))
        for subscriber in world.hub._by_task[busy]:
            subscriber.progressed(report)
        return COMPLETED in told.states(quiet)

    await eventually(is_told, timeout=PATIENCE_S, interval=0.005)
    following.cancel()
    await asyncio.wait([following])


async def test_watch_of_whole_tasks_tells_what_changes_without_a_version(monkeypatch: pytest.MonkeyPatch):
    """Fails when checkpoints and counts of items stay as they were at the last change of the task's state."""
    monkeypatch.setattr(watching, "RECHECK_S", 0.05)
    monkeypatch.setattr(watching, "PACE_S", 0.01)
    world = World()
    task_id = world.change(RUNNING, stages=[Stage(name="run", checkpoint_json="1")])
    told = Told()
    following = asyncio.create_task(told.follow(watch_of(world, [task_id]).run(resumed=False)))
    await eventually(lambda: told.token, timeout=PATIENCE_S)
    world.tasks[task_id].stages[0].checkpoint_json = "2"

    def is_told() -> bool:
        report(world, task_id, len(told.tasks))
        return told.tasks[-1].stages[0].checkpoint_json == "2"

    await eventually(is_told, timeout=PATIENCE_S, interval=0.005)
    following.cancel()
    await asyncio.wait([following])


def watch_of(world: World, task_ids: Sequence[bytes]) -> IdWatch:
    return IdWatch(
        world.registry,
        world.reader,
        world.hub,
        task_ids=task_ids,
        view=TaskView.TASK_VIEW_FULL,
        bound_to=b"",
    )


class Rounds:
    """A pace that never waits: before each round of a watch it calls the next function, if there is one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
        monkeypatch.setattr(watching, "WatchPace", lambda: self)
        self.before: list[Callable[[], object]] = []
        self.pages: list[int] = []
        """Pages read before each round, in all."""
        self._world = world

    async def wait(self) -> None:
        self.pages.append(self._world.pages)
        if self.before:
            self.before.pop(0)()
        await asyncio.sleep(0)


@asynccontextmanager
async def watching_all(world: World, task_ids: Sequence[bytes], *, by_ids: bool) -> AsyncIterator[Told]:
    """A watch of all tasks, by their ids or by an empty filter, that has begun and keeps none of them."""
    told = Told()
    watch = FilterWatch(
        world.registry,
        world.reader,
        world.hub,
        task_filter=TaskFilter(),
        view=TaskView.TASK_VIEW_FULL,
        bound_to=b"",
    )
    responses = watch_of(world, task_ids).run(resumed=False) if by_ids else watch.run("")
    following = asyncio.create_task(told.follow(responses))
    try:
        await eventually(lambda: told.token, timeout=PATIENCE_S)
        told.tasks.clear()
        yield told
    finally:
        following.cancel()
        await asyncio.wait([following])


def report(world: World, task_id: bytes, done: int) -> None:
    progress = ProgressReport(task_id=task_id, stage="run", progress=Progress(done=done, total=100))
    for subscriber in world.hub._of_all | world.hub._by_task.get(task_id, set()):
        subscriber.progressed(progress)


def done_of(told: Told, task_id: bytes) -> list[float]:
    return [task.stages[0].progress.done for task in told.tasks if task.task_id == id_text(task_id)]


async def test_watch_of_many_tasks_holds_one_page_of_them_at_a_time():
    """Fails when all are read before the first is sent: a thousand views of 4 MiB are 4 GiB of one watch."""
    world = World()
    world.page_tasks = 2
    task_ids = [world.change(RUNNING, stages=[Stage(name="run")]) for _ in range(9)]
    told: list[str] = []
    held: list[int] = []
    responses: Any = watch_of(world, task_ids).run(resumed=False)
    async with asyncio.timeout(PATIENCE_S):
        async for response in responses:
            held.append(world.held)
            told += [task.task_id for task in response.tasks]
            if response.caught_up:
                break
    await responses.aclose()
    assert told == [id_text(task_id) for task_id in task_ids]
    assert max(held) <= 2 * world.page_tasks
    assert held[-1] == 0


async def test_watch_of_many_tasks_tells_nothing_when_one_of_a_later_page_does_not_exist():
    world = World()
    world.page_tasks = 2
    task_ids = [*(world.change(QUEUED) for _ in range(3)), new_id()]
    with pytest.raises(TaskNotFound):
        await asyncio.wait_for(anext(aiter(watch_of(world, task_ids).run(resumed=False))), PATIENCE_S)


@pytest.mark.parametrize("by_ids", [True, False])
async def test_watch_keeps_a_bounded_number_of_bytes_and_tells_progress_of_every_task(
    by_ids: bool, monkeypatch: pytest.MonkeyPatch
):
    """Fails when every running task is kept, however large its view is, or when what is not kept has no progress."""
    monkeypatch.setattr(watching, "PACE_S", 0.01)
    monkeypatch.setattr(running_cache, "CACHED_BYTES", 5_000)
    world = World()
    world.page_tasks = 2
    stages = [Stage(name="run", result_json="x" * 2_000)]
    task_ids = [world.change(RUNNING, stages=stages) for _ in range(5)]
    told = Told()
    watch: Any = watch_of(world, task_ids)
    if by_ids:
        responses = watch.run(resumed=False)
    else:
        watch = FilterWatch(
            world.registry,
            world.reader,
            world.hub,
            task_filter=TaskFilter(),
            view=TaskView.TASK_VIEW_FULL,
            bound_to=b"",
        )
        responses = watch.run("")  # which knows none of them until it hears of their progress
    following = asyncio.create_task(told.follow(responses))
    await eventually(lambda: told.token, timeout=PATIENCE_S)
    told.tasks.clear()
    for done in (10, 20):
        for task_id in task_ids:
            report(world, task_id, done)
        await eventually(
            lambda done=done: [done_of(told, one)[-1:] for one in task_ids] == [[done]] * 5,
            timeout=PATIENCE_S,
        )
    assert all(done_of(told, one) == [10, 20] for one in task_ids)
    assert len(watch._cache) == 2
    assert watch._cache.nbytes == sum(map(len, watch._cache._tasks.values())) <= 5_000
    # Those that have ended make room.
    for task_id in task_ids[:2]:
        world.change(COMPLETED, task_id)
        for subscriber in world.hub._by_task.get(task_id, ()):
            subscriber.changed(task_id, 2)
    await eventually(
        lambda: all(told.states(one)[-1] == COMPLETED for one in task_ids[:2]), timeout=PATIENCE_S
    )
    assert (len(watch._cache), watch._cache.nbytes) == (0, 0)
    following.cancel()
    await asyncio.wait([following])


@pytest.mark.parametrize("by_ids", [True, False])
async def test_watch_reads_one_page_a_round_again_for_progress_and_each_task_has_its_turn(
    by_ids: bool, monkeypatch: pytest.MonkeyPatch
):
    """Fails when every task that is not kept is read in every round, or when the first ones are read each time."""
    monkeypatch.setattr(
        watching, "RECHECK_S", 0.01
    )  # so that a watch with nothing to read goes on to the next round
    monkeypatch.setattr(running_cache, "CACHED_BYTES", 0)
    world = World()
    world.page_tasks = 2
    task_ids = [world.change(RUNNING, stages=[Stage(name="run")]) for _ in range(9)]
    rounds = Rounds(monkeypatch, world)

    def report_all(done: int) -> None:
        for task_id in task_ids:
            report(world, task_id, done)

    async with watching_all(world, task_ids, by_ids=by_ids) as told:
        rounds.before = [lambda done=done: report_all(done) for done in range(1, 10)]
        report_all(0)
        await eventually(lambda: all(done_of(told, one)[-1:] == [9] for one in task_ids), timeout=PATIENCE_S)
        # Two tasks a round: each of nine has had its turn after the fifth, with its latest progress then.
        # (A round that had begun before the reports is one more.)
        first = [done_of(told, one)[0] for one in task_ids]
        assert first == [first[0] + turn // 2 for turn in range(9)]
        assert first[0] <= 1
        read = [later - earlier for earlier, later in pairwise(rounds.pages)]
        assert max(read) == 1


@pytest.mark.parametrize("by_ids", [True, False])
async def test_progress_that_waits_for_its_turn_is_not_told_of_a_later_version(
    by_ids: bool, monkeypatch: pytest.MonkeyPatch
):
    """Fails when an attempt that has just begun shows the progress of the one before it, or what waits is forgotten."""
    monkeypatch.setattr(watching, "RECHECK_S", 3_600.0)
    monkeypatch.setattr(running_cache, "CACHED_BYTES", 0)
    world = World()
    world.page_tasks = 1
    task_ids = [world.change(RUNNING, stages=[Stage(name="run")]) for _ in range(4)]
    rounds = Rounds(monkeypatch, world)
    last = task_ids[3]

    def begin_anew() -> None:
        world.change(RUNNING, last, stages=[Stage(name="run")])
        for subscriber in world.hub._by_task.get(last, ()):
            subscriber.changed(last, 2)

    async with watching_all(world, task_ids, by_ids=by_ids) as told:
        rounds.before = [lambda: None, begin_anew]
        for task_id in task_ids:
            report(world, task_id, 10)
        await eventually(lambda: done_of(told, task_ids[2]) == [10], timeout=PATIENCE_S)
        report(world, task_ids[0], 20)
        await eventually(lambda: done_of(told, task_ids[0]) == [10, 20], timeout=PATIENCE_S)
        assert done_of(told, last) == [0]


async def test_watch_tells_what_became_of_a_task_that_is_read_again_for_its_progress(
    monkeypatch: pytest.MonkeyPatch,
):
    """Fails when a look for progress takes an ended task for one that has only come on, and nobody looks again."""
    monkeypatch.setattr(watching, "PACE_S", 0.01)
    monkeypatch.setattr(watching, "RECHECK_S", 3_600.0)
    monkeypatch.setattr(running_cache, "CACHED_BYTES", 0)
    world = World()
    task_id = world.change(RUNNING, stages=[Stage(name="run")])
    told = Told()
    following = asyncio.create_task(told.follow(watch_of(world, [task_id]).run(resumed=False)))
    await eventually(lambda: told.token, timeout=PATIENCE_S)
    world.change(COMPLETED, task_id)  # its hint is lost
    report(world, task_id, 10)
    await eventually(lambda: told.states(task_id) == [RUNNING, COMPLETED], timeout=PATIENCE_S)
    following.cancel()
    await asyncio.wait([following])


async def test_watch_by_filter_keeps_a_bounded_number_of_tasks(monkeypatch: pytest.MonkeyPatch):
    """Fails when tasks that ran before the watch are kept without the bound of those that it was told of."""
    monkeypatch.setattr(watching, "PACE_S", 0.01)
    monkeypatch.setattr(running_cache, "MOST_CACHED", 3)
    world = World()
    task_ids = [world.change(RUNNING, stages=[Stage(name="run")]) for _ in range(8)]
    async with watching_by(world, TaskFilter()) as told:
        for task_id in task_ids:
            report(world, task_id, 10)
        await eventually(lambda: all(done_of(told, one) == [10] for one in task_ids), timeout=PATIENCE_S)
        assert told.watch is not None
        assert len(told.watch._cache) == 3


async def test_tail_reads_the_last_words_that_come_after_the_final_state(monkeypatch: pytest.MonkeyPatch):
    """Broken once on purpose: ending at the first look that finds the task final misses them."""
    monkeypatch.setattr(tailing, "LOOK_EVERY_S", 0.05)
    world = World()
    task_id = world.change(COMPLETED)
    world.lines = ["one"]

    def say_more() -> None:
        if world.looks == 1:
            world.lines += ["last words"]

    world.on_look = say_more
    lines: list[str] = []
    async with asyncio.timeout(PATIENCE_S):
        request = TailTaskLogsRequest(task_id=id_text(task_id))
        async for response in tail_logs(world.registry, world.reader, world.hub, task_id, request):
            lines += [line.message for line in response.lines]
    assert lines == ["one", "last words"]


@pytest.mark.parametrize(("bound_s", "expected"), [(PATIENCE_S, 5), (0, 2)])
async def test_tail_goes_on_while_lines_come_after_the_final_state(
    bound_s: int, expected: int, monkeypatch: pytest.MonkeyPatch
):
    """Fails when a tail ends while an executor still sends what a task logged, or goes on beyond its bound."""
    monkeypatch.setattr(tailing, "LOOK_EVERY_S", 0)
    monkeypatch.setattr(tailing, "LAST_WORDS_S", bound_s)
    world = World()
    task_id = world.change(COMPLETED)
    world.lines = ["0"]

    def say_more() -> None:
        if len(world.lines) < 5:
            world.lines.append(str(len(world.lines)))

    world.on_look = say_more
    lines: list[str] = []
    async with asyncio.timeout(PATIENCE_S):
        request = TailTaskLogsRequest(task_id=id_text(task_id))
        async for response in tail_logs(world.registry, world.reader, world.hub, task_id, request):
            lines += [line.message for line in response.lines]
    assert lines == [str(number) for number in range(expected)]


async def test_tail_that_is_cut_by_the_end_of_its_replica_says_so():
    """An end without an error means that the task is final: clients would take the lines that they have for all."""
    world = World()
    task_id = world.change(RUNNING)
    world.lines = ["one"]
    lines: list[str] = []

    async def follow() -> None:
        request = TailTaskLogsRequest(task_id=id_text(task_id))
        async for response in tail_logs(world.registry, world.reader, world.hub, task_id, request):
            lines.extend(line.message for line in response.lines)
            world.hub.close()

    with pytest.raises(NotReady):
        await asyncio.wait_for(follow(), PATIENCE_S)
    assert lines == ["one"]


async def test_tail_looks_for_its_last_lines_in_a_bounded_part_of_the_log(monkeypatch: pytest.MonkeyPatch):
    """Fails when a tail of serious lines reads a log of millions of others before its first answer."""
    world = World()
    task_id = world.change(RUNNING)
    pages = 0

    async def list_logs(request: ListTaskLogsRequest) -> ListTaskLogsResponse:
        nonlocal pages
        assert request.newest_first
        pages += 1
        return ListTaskLogsResponse(cursor="older", more=True, looked_through=10_000, first_cursor="end")

    monkeypatch.setattr(world.registry, "list_logs", list_logs)
    request = TailTaskLogsRequest(task_id=id_text(task_id), last_lines=5, min_level=LOG_LEVEL_ERROR)
    tail = tail_logs(world.registry, world.reader, world.hub, task_id, request)
    first = await asyncio.wait_for(anext(aiter(tail)), PATIENCE_S)
    assert (pages, first.looked_through, len(first.lines)) == (tailing.LOOKED_PAGES, 100_000, 0)
    bound_to = fingerprint(request.task_id, "", LOG_LEVEL_ERROR)
    assert read_token(first.resume_token, tailing.LOGS, bound_to) == "end"


async def test_tail_of_a_task_without_lines_answers_at_once():
    """Fails when a client that was cut off learns that the scheduler is back only with the next line, or never."""
    world = World()
    task_id = world.change(RUNNING)
    request = TailTaskLogsRequest(task_id=id_text(task_id))
    tail = tail_logs(world.registry, world.reader, world.hub, task_id, request)
    first = await asyncio.wait_for(anext(aiter(tail)), PATIENCE_S)
    assert not first.lines

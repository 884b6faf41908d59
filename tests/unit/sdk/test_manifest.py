"""Manifests of async handlers whose child tasks use them at the same time."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask import Context, Retry, TaskType, ThreadContext
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import SystemClock
from asynctask._executor.runner import Runner
from asynctask._handler.handlers import Handlers
from asynctask._handler.items import ItemCount, ItemInfo, ManifestCounts, NewItem
from asynctask._handler.thread_manifest import ThreadManifest
from asynctask._memory import MemoryTask
from asynctask.errors import InvalidInput
from asynctask.testing import run
from asynctask_core.ids import new_id
from asynctask_core.states import ItemState
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import state_pb2, work_pb2


class Cluster:
    """Keeps one task; a call takes a few turns of the event loop, so whoever may run meanwhile does."""

    def __init__(self) -> None:
        self.memory = MemoryTask()

    async def run(self, *handlers: Callable[..., Awaitable[None] | None]) -> None:
        kind = TaskType("list")
        for handler in handlers:
            kind.stage(handler)
        assignment = work_pb2.Assignment(
            task_id=new_id(), attempt_id=new_id(), task_type="list", expires_in_ms=3_600_000, epoch=1, run=1
        )
        self.memory.begin(assignment.attempt_id)
        clock = SystemClock()
        runner = Runner({"list": kind}, self, Handlers(self), lambda _: None)
        await runner.start(Attempt(assignment, clock.read(), clock))
        outcome = self.memory.outcome
        assert outcome is not None
        assert outcome.result == state_pb2.ATTEMPT_RESULT_SUCCESS, outcome.failure.message

    @property
    def keys(self) -> list[bytes]:
        """What is kept, in order."""
        return [item.key for _, item in sorted(self.memory.manifests["items"].items.items())]

    # --- the handlers' link ------------------------------------------------------------------------------------------

    def put(
        self, attempt: Attempt, event: work_pb2.Event, waiter: asyncio.Future[None] | None = None
    ) -> None:
        self.memory.record(event)
        if waiter is not None:
            waiter.set_result(None)

    def report(self, attempt: Attempt) -> None: ...

    async def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        await turns()
        return self.memory.append_manifest(request)

    async def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        await turns()
        answer = self.memory.read_manifest(request)
        await turns()
        return answer


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.mark.parametrize("is_known", [True, False])
async def test_manifest_that_a_thread_of_an_async_handler_uses_says_so(is_known: bool) -> None:
    """Fails when what the thread says is lost, or the attempt never ends since nobody stores it."""
    kind = TaskType("list", retry=Retry(max_attempts=1))

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        item = ItemInfo(0, b"a", 1, ItemState.TODO, "", None)
        if is_known:
            await ctx.manifest.append("a", size=1)
            await ctx.manifest.flush()
        await asyncio.to_thread(lambda: ctx.manifest.record(item, ItemState.DONE))

    async with asyncio.timeout(60):
        result = await run(kind)
    assert result.failure is not None
    assert result.failure.message.startswith("use the manifest of an async handler only on its event loop")


@pytest.mark.parametrize("position", [-1, 2**70, "x"])
async def test_item_that_is_made_up_is_refused_by_its_position(position: Any) -> None:
    """Fails when it is a fault of ours at the end of the task."""
    kind = TaskType("list", retry=Retry(max_attempts=1))

    @kind.stage
    async def act(ctx: Context[Any]) -> None:
        ctx.manifest.record(ItemInfo(position, b"a", 1, ItemState.TODO, "", None), ItemState.DONE)

    result = await run(kind)
    assert result.failure is not None
    assert result.failure.reason == "INVALID_INPUT"
    assert result.failure.message.startswith("item.position: must be a whole number from 0 to")


async def test_first_items_that_child_tasks_append_at_the_same_time_are_all_kept(cluster: Cluster):
    """Fails when each of them counts what is there by itself: all are given position 0, and one item is left."""
    positions: list[int] = []

    async def scan(ctx: Context[None]) -> None:
        async def append(folder: int) -> None:
            positions.append(await ctx.manifest.append(f"folder {folder}"))

        async with asyncio.TaskGroup() as group:
            for folder in range(10):
                group.create_task(append(folder))

    await cluster.run(scan)
    assert sorted(positions) == list(range(10))
    assert sorted(cluster.keys) == [f"folder {folder}".encode() for folder in range(10)]


async def test_long_lists_that_child_tasks_append_at_the_same_time_are_all_kept_each_in_one_piece(
    cluster: Cluster,
):
    """Fails when one goes on from its own position after it has waited for room, which others have used meanwhile."""
    lists = {name: [f"{name}/{number}".encode() for number in range(10_000)] for name in ("a", "b", "c")}
    firsts: dict[str, int] = {}

    async def scan(ctx: Context[None]) -> None:
        await ctx.manifest.reset()

        async def extend(name: str) -> None:
            firsts[name] = await ctx.manifest.extend(lists[name])

        async with asyncio.TaskGroup() as group:
            for name in lists:
                group.create_task(extend(name))

    await cluster.run(scan)
    assert len(cluster.keys) == 30_000
    for name, items in lists.items():
        assert cluster.keys[firsts[name] : firsts[name] + len(items)] == items


async def test_seal_and_reset_wait_for_a_list_that_is_being_appended(cluster: Cluster):
    """Fails when they come between its items: some are kept behind the end, or from before the beginning."""

    async def scan(ctx: Context[None]) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(ctx.manifest.extend(str(number) for number in range(10_000)))
            await asyncio.sleep(0)
            group.create_task(ctx.manifest.reset())
            group.create_task(ctx.manifest.extend(["only"]))
            group.create_task(ctx.manifest.seal())
        counts = await ctx.manifest.counts()
        assert (counts.total.items, counts.sealed) == (1, True)

    await cluster.run(scan)
    assert cluster.keys == [b"only"]
    assert cluster.memory.manifests["items"].sealed


async def test_list_that_was_given_up_while_it_waited_for_room_holds_nobody_up(cluster: Cluster):
    async def scan(ctx: Context[None]) -> None:
        given_up = asyncio.create_task(ctx.manifest.extend(str(number) for number in range(20_000)))
        while not cluster.memory.manifests:
            await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.wait([given_up])
        assert given_up.cancelled()
        kept = await ctx.manifest.append("behind")
        assert kept == (await ctx.manifest.counts()).total.items - 1

    await cluster.run(scan)
    assert cluster.keys[-1] == b"behind"
    assert len(set(cluster.keys)) == len(cluster.keys)


@pytest.mark.parametrize("later", [0, 5, 10, 15, 20])
async def test_items_that_are_marked_while_they_are_counted_are_counted_once(cluster: Cluster, later: int):
    """Fails when a mark that comes while the first counts are on their way is left out of them, or is in them twice."""

    async def scan(ctx: Context[None]) -> None:
        await ctx.manifest.extend(str(number) for number in range(100))

    async def work(ctx: Context[None]) -> None:
        async def mark() -> None:
            async for item in ctx.manifest.items():
                ctx.manifest.record(item, ItemState.DONE)
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            group.create_task(mark())
            for _ in range(later):
                await asyncio.sleep(0)
            group.create_task(ctx.manifest.counts())
            group.create_task(ctx.manifest.flush())
        counts = await ctx.manifest.counts()
        assert (counts.todo.items, counts.done.items) == (0, 100)

    await cluster.run(scan, work)


async def test_what_is_said_of_many_items_at_once_is_said_of_each(cluster: Cluster):
    """Neighbours or not, from an event loop or from a thread."""

    async def scan(ctx: Context[None]) -> None:
        await ctx.manifest.extend(str(number) for number in range(9))

    async def work(ctx: Context[None]) -> None:
        items = [item async for item in ctx.manifest.items()]
        ctx.manifest.record_all([*items[:3], items[4]], ItemState.DONE)

    def work_in_thread(ctx: ThreadContext[None]) -> None:
        items = list(ctx.manifest.items(ItemState.TODO))
        ctx.manifest.record_all(items[::2], ItemState.SKIPPED)
        assert ctx.manifest.counts().skipped.items == 3

    await cluster.run(scan, work, work_in_thread)
    states = [item.state for _, item in sorted(cluster.memory.manifests["items"].items.items())]
    todo, done, skipped = ItemState.TODO.number, ItemState.DONE.number, ItemState.SKIPPED.number
    assert states == [done, done, done, skipped, done, todo, skipped, todo, skipped]


async def test_counts_that_a_thread_was_given_stay_as_they_were(cluster: Cluster):
    """Fails when a thread reads them while the event loop changes them: a sum of them is of no moment, and the position
    of an item that is appended is computed from one."""

    def work_in_thread(ctx: ThreadContext[None]) -> None:
        ctx.manifest.append("a", size=3)
        before = ctx.manifest.counts()
        (item,) = ctx.manifest.items()
        ctx.manifest.record(item, ItemState.DONE)
        after = ctx.manifest.counts()
        assert (before.todo, before.done) == (ItemCount(1, 3), ItemCount(0, 0))
        assert (after.todo, after.done) == (ItemCount(0, 0), ItemCount(1, 3))

    await cluster.run(work_in_thread)


async def test_item_of_which_something_is_said_again_is_counted_once(cluster: Cluster):
    """Fails when a handler that tries a file again, with the item as it was first read, counts two where one is."""

    async def scan(ctx: Context[None]) -> None:
        await ctx.manifest.extend([NewItem("a", size=3), NewItem("b", size=4)])

    def work_in_thread(ctx: ThreadContext[None]) -> None:
        items = list(ctx.manifest.items())
        ctx.manifest.record(items[0], ItemState.FAILED, "locked")
        counts_in_thread.append(ctx.manifest.counts())
        ctx.manifest.record_all([*items, items[0]], ItemState.SKIPPED)
        counts_in_thread.append(ctx.manifest.counts())

    async def work(ctx: Context[None]) -> None:
        (first, second) = [item async for item in ctx.manifest.items()]
        ctx.manifest.record(first, ItemState.TODO)
        counts = await ctx.manifest.counts()
        ctx.manifest.record_all([first, first, second], ItemState.DONE)
        assert counts.done == ItemCount(2, 7)
        await ctx.manifest.reset()
        await ctx.manifest.append("c", size=5)
        (third,) = [item async for item in ctx.manifest.items()]
        ctx.manifest.record(third, ItemState.DONE)
        assert (await ctx.manifest.counts()).done == ItemCount(1, 5)

    counts_in_thread: list[ManifestCounts] = []
    await cluster.run(scan, work_in_thread, work)
    said = [(counts.todo, counts.failed, counts.skipped) for counts in counts_in_thread]
    assert said == [
        (ItemCount(1, 4), ItemCount(1, 3), ItemCount(0, 0)),
        (ItemCount(0, 0), ItemCount(0, 0), ItemCount(2, 7)),
    ]


async def test_many_items_are_counted_as_each_of_them_would_be(cluster: Cluster):
    """Fails when neighbours that had different states before are counted as if they had one."""
    draw = random.Random(1)

    async def work(ctx: Context[None]) -> None:
        await ctx.manifest.extend(NewItem(f"{number}", number) for number in range(30))
        items = [item async for item in ctx.manifest.items()]
        for _ in range(20):
            ctx.manifest.record_all(draw.choices(items, k=12), draw.choice(list(ItemState)))
        counts = await ctx.manifest.counts()
        stored = [item async for item in ctx.manifest.items()]
        for state in ItemState:
            sizes = [item.size for item in stored if item.state is state]
            assert counts.of(state) == ItemCount(len(sizes), sum(sizes))

    await cluster.run(work)


def test_list_that_was_marked_in_a_thread_may_be_filled_anew_at_once():
    """Law 3. Fails when the handler's own list is read later: items are done that nobody has worked on."""
    said: list[Any] = []
    port: Any = SimpleNamespace(mark_all=lambda *change: said.append(change))
    manifest = ThreadManifest("items", port, lambda: None, lambda: None)
    first, second = (ItemInfo(number, b"a", 0, ItemState.TODO, "", None) for number in range(2))
    batch = [first]
    manifest.record_all(batch, ItemState.DONE)
    batch[:] = [second]
    manifest.record_all(iter(batch), ItemState.SKIPPED)
    assert said == [("items", [first], ItemState.DONE), ("items", [second], ItemState.SKIPPED)]


async def test_what_cannot_be_said_of_an_item_is_refused_where_it_is_said(cluster: Cluster):
    """Fails when a thread's wrong mark is dropped without a word: the item stays to do."""
    done: Any = "done"
    error: Any = OSError("locked")

    async def work(ctx: Context[None]) -> None:
        await ctx.manifest.append("a")
        (item,) = [item async for item in ctx.manifest.items()]
        refuses(ctx.manifest, item)

    def work_in_thread(ctx: ThreadContext[None]) -> None:
        (item,) = ctx.manifest.items()
        refuses(ctx.manifest, item)
        assert ctx.manifest.counts().todo.items == 1

    def refuses(manifest: Any, item: ItemInfo) -> None:
        with pytest.raises(InvalidInput, match="state: must be an ItemState; got 'done'"):
            manifest.record(item, done)
        with pytest.raises(InvalidInput, match="state: must be an ItemState; got 'done'"):
            manifest.record_all([item], done)
        with pytest.raises(InvalidInput, match="error: must be a text; got OSError"):
            manifest.record(item, ItemState.FAILED, error)
        for said in (manifest.record, lambda key, state: manifest.record_all([item, key], state)):
            with pytest.raises(InvalidInput, match="item: must be an item of a manifest; got b'a'"):
                said(b"a", ItemState.DONE)

    await cluster.run(work, work_in_thread)


@pytest.mark.parametrize("again", ["same stage", "next stage"])
@pytest.mark.parametrize("style", ["async", "thread"])
async def test_nothing_is_appended_to_a_sealed_manifest(style: str, again: str):
    """Fails when a list that was said to be complete grows without a word."""
    kind = TaskType("sealed")
    if style == "async":

        @kind.stage
        async def find(ctx: Context[None]) -> None:
            await ctx.manifest.extend(["a", "b"])
            await ctx.manifest.seal()
            if again == "same stage":
                await ctx.manifest.append("c")

        @kind.stage
        async def work(ctx: Context[None]) -> None:
            await ctx.manifest.append("c")
    else:

        @kind.stage(name="find")
        def find_in_thread(ctx: ThreadContext[None]) -> None:
            ctx.manifest.extend(["a", "b"])
            ctx.manifest.seal()
            if again == "same stage":
                ctx.manifest.append("c")

        @kind.stage(name="work")
        def work_in_thread(ctx: ThreadContext[None]) -> None:
            ctx.manifest.append("c")
            ctx.manifest.flush()

    done = await run(kind)
    assert done.failure is not None
    assert done.failure.reason == "INVALID_INPUT"
    assert done.failure.message.startswith("manifest 'items': is sealed: append before `seal`")
    assert done.failure.stage == ("find" if again == "same stage" else "work")
    assert [item.name for item in done.manifest] == ["a", "b"]


@pytest.mark.parametrize("style", ["async", "thread"])
async def test_sealed_manifest_goes_on_after_a_reset_and_in_a_later_attempt(style: str):
    """Fails when an attempt that goes on from a checkpoint cannot, since the one before it had come further."""
    kind = TaskType("again", retry=Retry(max_attempts=2))
    if style == "async":

        @kind.stage
        async def find(ctx: Context[None]) -> None:
            await ctx.manifest.append("a")
            await ctx.manifest.seal()
            if ctx.attempt == 1:
                raise OSError
            await ctx.manifest.reset()
            await ctx.manifest.append("b")
    else:

        @kind.stage(name="find")
        def find_in_thread(ctx: ThreadContext[None]) -> None:
            ctx.manifest.append("a")
            ctx.manifest.seal()
            if ctx.attempt == 1:
                raise OSError
            ctx.manifest.reset()
            ctx.manifest.append("b")

    done = await run(kind)
    assert done.failure is None
    assert [item.name for item in done.manifest] == ["b"]


@pytest.mark.parametrize("key", ["", b"", bytearray()])
async def test_item_without_a_key_is_refused(key: Any):
    """Fails when an item is kept of which nobody can say what it is."""
    kind = TaskType("keys")

    @kind.stage
    async def find(ctx: Context[None]) -> None:
        with pytest.raises(InvalidInput, match=r"^item\.key: must be from 1 to 8192 bytes; got 0$"):
            await ctx.manifest.append(key)
        with pytest.raises(InvalidInput, match=r"^item\.key"):
            await ctx.manifest.extend([key])

    assert (await run(kind)).failure is None

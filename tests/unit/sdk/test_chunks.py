"""Chunks of changes to manifests: who waits for them, for how long, and what ends the wait."""

import asyncio
import random
from typing import Any

import pytest

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.pending_warnings import A_MARKED_ITEM
from asynctask._attempt.stop import AttemptStopped
from asynctask._handler import chunks as _chunks
from asynctask._handler.chunks import Chunks
from asynctask._handler.item_run import ItemRun
from asynctask._memory import MemoryTask
from asynctask.errors import RefusedByStore
from asynctask_core.ids import new_id
from asynctask_core.states import ItemState
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import manifest_pb2, work_pb2


class Link:
    """Takes every chunk, and lets somebody add more meanwhile."""

    def __init__(self) -> None:
        self.chunks: Chunks | None = None
        self.taken: list[pb.AppendManifestRequest] = []
        self.more = 0

    def put(
        self, attempt: Attempt, event: work_pb2.Event, waiter: asyncio.Future[None] | None = None
    ) -> None: ...

    def report(self, attempt: Attempt) -> None: ...

    async def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        await asyncio.sleep(0)
        if self.chunks is not None and len(self.taken) < self.more:
            mark(self.chunks, 1_000 + len(self.taken))
        self.taken.append(request)
        return pb.AppendManifestResponse(last_chunk=request.chunk)

    async def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        return pb.ReadManifestResponse()


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
async def chunks(link: Link) -> Chunks:
    assignment = work_pb2.Assignment(task_id=new_id(), attempt_id=new_id())
    link.chunks = Chunks(Attempt(assignment, ClockReading(0, 0)), link)
    return link.chunks


def mark(chunks: Chunks, position: int) -> None:
    chunks.add_result("items", position, ItemState.DONE, "")


def marked(chunk: pb.AppendManifestRequest) -> list[int]:
    """Positions of a chunk's results."""
    return [
        position
        for result in chunk.results
        for position in range(result.position, (result.last_position or result.position) + 1)
    ]


def run(first: int, *keys: str) -> ItemRun:
    items = ItemRun(first)
    for key in keys:
        items.add(key)
    return items


async def test_flush_waits_for_what_was_added_before_it_and_for_nothing_else(chunks: Chunks, link: Link):
    """Fails when it waits until nothing is left: beside a child task that goes on, a checkpoint never returns."""
    link.more = 100
    chunks.reset("items")
    for position in (0, 1, 1, 2):  # one replaces another: fewer travel than were added
        mark(chunks, position)
    chunks.seal("items")
    mark(chunks, 3)  # behind the end of a chunk, so in the next one
    await chunks.flush()
    stored = [marked(chunk) for chunk in link.taken]
    assert stored[0] == [0, 1, 2]
    assert [position for chunk in stored for position in chunk if position < 1_000] == [0, 1, 2, 3]
    assert len(stored) <= 3
    assert chunks.last_chunk == len(stored)
    chunks.close()


async def test_item_that_is_appended_again_after_its_result_begins_the_next_chunk(chunks: Chunks, link: Link):
    """Law 3. Within a chunk items go before results: fails when an old result is stored over the new item."""
    chunks.add_items("items", run(0, "a"))
    mark(chunks, 0)
    chunks.add_items("items", run(0, "a"))
    await chunks.flush()
    assert [(len(chunk.items), len(chunk.results)) for chunk in link.taken] == [(1, 1), (1, 0)]
    chunks.close()


async def test_result_of_an_item_that_is_appended_behind_it_stays_before_it(chunks: Chunks, link: Link):
    """Law 3. Fails when the result travels with the item, which is to do and would be marked."""
    chunks.add_items("items", run(0, "a"))
    mark(chunks, 1)
    chunks.add_items("items", run(1, "b", "c"))
    chunks.add_items("items", run(3, "d"))
    await chunks.flush()
    assert [(len(chunk.items), marked(chunk)) for chunk in link.taken] == [(1, [1]), (3, [])]
    chunks.close()


async def test_neighbours_that_are_done_travel_as_one_result(chunks: Chunks, link: Link):
    for position in (3, 1, 0, 2, 7, 5, 9, 8):
        mark(chunks, position)
    chunks.add_result("items", 2, ItemState.FAILED, "locked\0")
    chunks.add_result("items", 9, ItemState.SKIPPED, "")
    await chunks.flush()
    (chunk,) = link.taken
    told = [(one.position, one.last_position, ItemState.of(one.state), one.error) for one in chunk.results]
    done, failed, skipped = ItemState.DONE, ItemState.FAILED, ItemState.SKIPPED
    assert told == [
        (0, 1, done, ""),
        (2, 0, failed, "locked\\0"),
        (3, 0, done, ""),
        (5, 0, done, ""),
        (7, 8, done, ""),
        (9, 0, skipped, ""),
    ]
    chunks.close()


async def test_chunks_say_what_single_results_would(chunks: Chunks, link: Link):
    """Law 3. Random marks, told one by one to a manifest, and in chunks to another: both read the same."""
    draw = random.Random(6)
    expected, told = MemoryTask(), MemoryTask()
    items = [manifest_pb2.ManifestItem(position=number, key=b"a") for number in range(40)]
    for memory in (expected, told):
        memory.begin(chunks._attempt.attempt_id)
        memory.append_manifest(request(chunks, 1, items=items))
    for number in range(2, 500):
        position, state = draw.randrange(45), draw.choice(list(ItemState))
        error = draw.choice(("", "", "", "broken"))
        chunks.add_result("items", position, state, error)
        result = work_pb2.ItemResult(position=position, state=state.number, error=error)  # pyright: ignore[reportArgumentType]
        expected.append_manifest(request(chunks, number, results=[result]))
        if draw.random() < 0.03:
            await chunks.flush()
    await chunks.flush()
    for number, chunk in enumerate(link.taken, 2):
        told.append_manifest(request(chunks, number, results=chunk.results))
    assert told.manifests == expected.manifests
    assert sum(len(chunk.results) for chunk in link.taken) < 400
    chunks.close()


def request(chunks: Chunks, chunk: int, **changes: Any) -> pb.AppendManifestRequest:
    attempt_id = chunks._attempt.attempt_id
    return pb.AppendManifestRequest(attempt_id=attempt_id, chunk=chunk, manifest="items", **changes)


async def test_flush_with_everything_stored_returns_at_once(chunks: Chunks, link: Link):
    await chunks.flush()
    mark(chunks, 0)
    await chunks.flush()
    await chunks.flush()
    assert len(link.taken) == 1


async def test_close_before_the_first_step_of_the_writer_ends_every_wait(chunks: Chunks, link: Link):
    """Fails when only the writer itself can say that it has ended: cancelled before it began, it says nothing."""
    asyncio.get_running_loop().call_soon(chunks.close)
    mark(chunks, 0)
    with pytest.raises(AttemptStopped):
        async with asyncio.timeout(60):
            await chunks.flush()
    with pytest.raises(AttemptStopped):
        await chunks.flush()
    assert link.taken == []


async def test_close_while_somebody_waits_ends_the_wait(chunks: Chunks, link: Link):
    mark(chunks, 0)
    waiting = asyncio.create_task(chunks.flush())
    await asyncio.sleep(0)
    chunks.close()
    async with asyncio.timeout(60):
        await asyncio.wait([waiting])
    assert isinstance(waiting.exception(), AttemptStopped)


async def test_close_in_the_turn_in_which_the_writer_is_hurried_stores_nothing_more(
    chunks: Chunks, link: Link, monkeypatch: pytest.MonkeyPatch
):
    """Fails with `asyncio.wait_for` of Python 3.11: it swallows the cancel when what it waits for has just come."""
    monkeypatch.setattr(_chunks, "LINGER_S", 3600)
    mark(chunks, 0)
    for _ in range(5):
        await asyncio.sleep(0)  # now the writer waits for more
    waiting = asyncio.create_task(chunks.flush())
    asyncio.get_running_loop().call_soon(chunks.close)
    await asyncio.wait([waiting])
    assert isinstance(waiting.exception(), AttemptStopped)
    for _ in range(10):
        await asyncio.sleep(0)
    assert link.taken == []


async def test_warnings_of_a_refused_chunk_go_with_the_next_event(
    chunks: Chunks, link: Link, monkeypatch: pytest.MonkeyPatch
):
    """Fails when what a handler warned of is lost with the chunk that took it along."""

    async def refuse(request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        raise RefusedByStore("no")

    monkeypatch.setattr(link, "append_manifest", refuse)
    attempt = chunks._attempt
    monkeypatch.setattr(_chunks, "CHUNK_CHANGES", 1)
    attempt.warn("copy", "SKIPPED", "a", 2)
    mark(chunks, 0)
    attempt.warn("copy", "SKIPPED", "behind it", 3)
    mark(chunks, 1)
    with pytest.raises(RefusedByStore):
        await chunks.flush()
    (sent,) = attempt.new_event().warnings
    assert (sent.code, sent.count) == ("SKIPPED", 5)
    chunks.close()


async def test_warning_goes_with_the_change_that_follows_it(
    chunks: Chunks, link: Link, monkeypatch: pytest.MonkeyPatch
):
    """Fails when the first of several chunks takes everything: what follows it may be done again, and counts twice."""
    monkeypatch.setattr(_chunks, "CHUNK_CHANGES", 2)
    attempt = chunks._attempt
    mark(chunks, 0)
    attempt.warn("copy", "SKIPPED", "1", 1)
    mark(chunks, 1)
    attempt.warn("copy", "SKIPPED", "2", 1)
    mark(chunks, 2)
    attempt.warn("copy", "SKIPPED", "3", 1)
    await chunks.flush()
    assert [[one.text for one in chunk.warnings] for chunk in link.taken] == [["1"], ["2"]]
    assert [one.text for one in attempt.new_event().warnings] == ["3"]
    chunks.close()


async def test_warning_after_a_mark_goes_with_the_chunk_of_that_mark(chunks: Chunks, link: Link):
    """Fails when the next chunk takes it: the item of a later one may be done again, and counts twice."""
    attempt = chunks._attempt
    mark(chunks, 0)
    attempt.warn("copy", "SKIPPED", "0", 1, A_MARKED_ITEM)
    chunks.add_result("others", 0, ItemState.DONE, "")
    attempt.warn("copy", "SKIPPED", "others", 1, A_MARKED_ITEM)
    mark(chunks, 1)
    await chunks.flush()
    taken = [(chunk.manifest, [one.text for one in chunk.warnings]) for chunk in link.taken]
    assert taken == [("items", ["0"]), ("others", ["others"]), ("items", [])]
    attempt.warn("copy", "SKIPPED", "1", 1, A_MARKED_ITEM)
    mark(chunks, 2)
    chunks.seal("items")
    mark(chunks, 3)
    await chunks.flush()
    assert [[one.text for one in chunk.warnings] for chunk in link.taken[3:]] == [["1"], []]
    chunks.close()

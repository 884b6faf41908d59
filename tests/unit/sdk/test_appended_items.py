"""Items that an attempt has appended are handed out from memory, exactly as the stores would answer them."""

import asyncio
import pickle
import random
from collections.abc import Collection
from typing import Any

import pytest

from asynctask import NewItem
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._handler import appended_items, item_run
from asynctask._handler import manifest as _manifest
from asynctask._handler.appended_items import AppendedItems
from asynctask._handler.chunks import Chunks
from asynctask._handler.item_columns import ItemColumns
from asynctask._handler.items import ItemInfo, ItemPage, read_item
from asynctask._handler.manifest import Manifest
from asynctask._memory import MemoryTask
from asynctask_core.ids import new_id
from asynctask_core.states import ItemState
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import manifest_pb2, work_pb2

TODO, DONE, FAILED = ItemState.TODO, ItemState.DONE, ItemState.FAILED


class Stores:
    """Keeps one attempt's manifests, and counts the pages that are read."""

    def __init__(self) -> None:
        self.memory = MemoryTask()
        self.pages = 0
        assignment = work_pb2.Assignment(task_id=new_id(), attempt_id=new_id())
        self.memory.begin(assignment.attempt_id)
        self.attempt = Attempt(assignment, ClockReading(0, 0))
        self.chunks = Chunks(self.attempt, self)

    def stage(self) -> "CheckedManifest":
        """The manifest as another stage of the same attempt sees it."""
        return CheckedManifest(self)

    def put(
        self, attempt: Attempt, event: work_pb2.Event, waiter: asyncio.Future[None] | None = None
    ) -> None: ...

    def report(self, attempt: Attempt) -> None: ...

    async def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        await asyncio.sleep(0)
        return self.memory.append_manifest(pb.AppendManifestRequest.FromString(request.SerializeToString()))

    async def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        await asyncio.sleep(0)
        self.pages += not request.with_summary
        return self.memory.read_manifest(request)


class CheckedManifest(Manifest):
    """Compares each page with what the stores have at that moment."""

    def __init__(self, stores: Stores) -> None:
        super().__init__("items", stores.attempt, stores.chunks, lambda *_, **__: None, _go_on)
        self._stores = stores

    async def page(self, after: int, states: Collection[ItemState]) -> ItemPage:
        page, more = await super().page(after, states)
        request = pb.ReadManifestRequest(manifest="items", after_position=after, page_size=1_000)
        everything = [read_item(item) for item in self._stores.memory.read_manifest(request).items]
        expected = [item for item in everything if not states or item.state in states]
        assert page == expected[: len(page)]
        assert more or page == expected
        return page, more


async def _go_on() -> None: ...


@pytest.fixture
def stores() -> Stores:
    return Stores()


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_manifest, "PAGE", 3)
    monkeypatch.setattr(item_run, "RUN_ITEMS", 4)
    monkeypatch.setattr(appended_items, "_account", appended_items._Account())


async def listed(manifest: Manifest, *states: ItemState) -> list[ItemInfo]:
    return [item async for item in manifest.items(*states)]


def some(count: int) -> list[NewItem]:
    return [NewItem(f"file {number}", number, {"number": number}) for number in range(count)]


async def test_whole_list_is_handed_out_once_to_a_later_stage_without_being_read(stores: Stores):
    first = stores.stage()
    await first.reset()
    await first.extend(some(25))
    await first.seal()
    second = stores.stage()
    items = await listed(second, TODO, FAILED)
    assert [(item.position, item.name, item.size, item.data) for item in items] == [
        (number, f"file {number}", number, {"number": number}) for number in range(25)
    ]
    assert stores.pages == 0
    for item in items:
        second.record(item, DONE if item.position % 5 else FAILED, "" if item.position % 5 else "no")
    assert [item.position for item in await listed(second, FAILED)] == [0, 5, 10, 15, 20]
    assert (await second.counts()).done.items == 20
    assert stores.pages > 0


async def test_first_list_of_a_task_needs_no_reset(stores: Stores):
    manifest = stores.stage()
    await manifest.append("a", data=(1, 2))
    (item,) = await listed(manifest)
    assert item.data == [1, 2], "as JSON gives it back"
    assert stores.pages == 0


@pytest.mark.parametrize("is_pickled", [False, True])
async def test_items_are_handed_out_as_the_stores_would_answer_them(stores: Stores, is_pickled: bool):
    """`CheckedManifest` compares. Fails when columns fall apart, or a value is read as a part of its neighbours."""
    deep: Any = []
    for _ in range(98):
        deep = [deep]
    given = [
        *("text", b"\xff bytes", NewItem("none"), NewItem("size", 2**53 - 1, None), NewItem("deep", 1, deep)),
        *(NewItem("comma", 2, "],["), NewItem("lone", 3, ["\ud800", 1e300]), NewItem("empty", 4, {})),
        NewItem("same", 4, {"a": [1]}),
        NewItem("same", 4, {"a": [1]}),
    ]
    run = item_run.ItemRun(7)  # what came before it was given up
    for new in given:
        run.add(new)
    manifest = stores.stage()
    assert await manifest.take(pickle.loads(pickle.dumps(run)) if is_pickled else run) == 0
    items = await listed(manifest)
    assert stores.pages == 0
    assert [item.position for item in items] == list(range(len(given)))
    assert [item.data for item in items[4:7]] == [deep, "],[", ["\ud800", 1e300]]
    items[-1].data["a"].append(2)
    assert items[-2].data == {"a": [1]}, "each has a value of its own"


async def test_item_that_was_marked_before_it_was_handed_out_is_left_to_the_stores(stores: Stores):
    """Law 3. Fails when an item that is done is handed out again."""
    manifest = stores.stage()
    await manifest.extend(some(10))
    manifest.record(ItemInfo(7, b"file 7", 7, TODO, "", None), DONE)
    assert [item.position async for item in manifest.todo()] == [0, 1, 2, 3, 4, 5, 6, 8, 9]
    assert stores.pages > 0


async def test_item_that_is_marked_while_others_are_handed_out_is_not_handed_out(stores: Stores):
    """Law 3. Fails when an item that is done is handed out again."""
    manifest = stores.stage()
    await manifest.extend(some(10))
    handed_out: list[int] = []
    async for item in manifest.todo():
        handed_out.append(item.position)
        if item.position == 1:
            manifest.record(ItemInfo(7, b"file 7", 7, TODO, "", None), DONE)
            await manifest.flush()
    assert handed_out == [0, 1, 2, 3, 4, 5, 6, 8, 9]


async def test_item_that_somebody_else_took_off_the_list_is_not_handed_out(stores: Stores):
    manifest = stores.stage()
    await manifest.extend(some(10))
    await manifest.flush()
    stores.memory.manifests["items"].items[3].state = manifest_pb2.ITEM_STATE_EXCLUDED
    assert [item.position for item in await listed(manifest, TODO)] == [0, 1, 2, 4, 5, 6, 7, 8, 9]


async def test_list_that_goes_on_from_an_older_attempt_is_read(stores: Stores):
    await stores.stage().extend(some(3))
    await stores.chunks.flush()
    stores.chunks = Chunks(stores.attempt, stores)
    stores.chunks.last_chunk = 1
    manifest = stores.stage()
    await manifest.append("d")
    assert [item.name for item in await listed(manifest)] == ["file 0", "file 1", "file 2", "d"]
    assert stores.pages > 0


async def test_list_that_is_too_long_or_too_large_is_read(stores: Stores, monkeypatch: pytest.MonkeyPatch):
    for bound in ("ITEMS_MOST", "BYTES_MOST", "ALL_BYTES_MOST"):
        with monkeypatch.context() as patch:
            patch.setattr(appended_items, bound, 9)
            manifest = stores.stage()
            await manifest.reset()
            await manifest.extend(some(10))
            stores.pages = 0
            assert len(await listed(manifest)) == 10
            assert stores.pages > 0, bound
    assert appended_items._account._nbytes == 0, "what is forgotten takes no room"


async def test_items_of_a_lost_attempt_are_not_handed_out(stores: Stores):
    """Law 2. Fails when memory goes on where the stores would refuse."""
    manifest = stores.stage()
    await manifest.extend(some(10))
    pages = manifest.items()
    assert [(await anext(pages)).position for _ in range(3)] == [0, 1, 2]
    stores.attempt.interrupt(Stop.LOST)
    stores.chunks.close()
    with pytest.raises(AttemptStopped):
        await anext(pages)
    assert appended_items._account._nbytes == 0, "an attempt that has ended takes no room"


def test_items_that_cannot_be_handed_out_are_left_to_the_stores(monkeypatch: pytest.MonkeyPatch):
    """Fails when the next page has the items behind them, at their positions."""
    items = AppendedItems()
    begun = items.begin("items", is_stored=True)
    items.add("items", 0, 4, 4)
    items.store("items", begun, ItemColumns([b"a", b"b", b"c", b"d"], [0] * 4, [""] * 4), 4)

    def fail(*_: object) -> list[ItemInfo]:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(ItemColumns, "infos", fail)
        with pytest.raises(MemoryError):
            items.take("items", -1, (), 2)
    assert items.take("items", -1, (), 2) is None


def test_item_that_was_broken_off_is_not_in_its_run(monkeypatch: pytest.MonkeyPatch):
    """Fails when a handler that is ended sends half an item, and the next has the same position."""
    run = item_run.ItemRun(0)
    run.add("a")

    def break_off() -> None:
        run.request.items.add()
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(run, "_add", break_off)
        with pytest.raises(MemoryError):
            run.add("b")
    run.add("c")
    assert [item.key for item in run.request.items] == [b"a", b"c"]
    assert run.columns().keys == [b"a", b"c"]


@pytest.mark.parametrize(("text", "nbytes"), [("x" * 10, 13), ("界" * 10, 61)])
def test_what_takes_several_bytes_a_character_counts_so(text: str, nbytes: int):
    run = item_run.ItemRun(0)
    run.add(NewItem("k", data=text))
    assert run.nbytes - item_run.ITEM_BYTES == nbytes


def test_items_that_are_not_stored_yet_are_not_handed_out():
    """Law 3. Fails when the end of what is stored is taken for the end of the list."""
    kept = AppendedItems()
    begun = kept.begin("items", is_stored=True)
    assert kept.add("items", 0, 2, 10) is begun
    kept.store("items", begun, ItemColumns([b"a"], [0], [""]), 5)
    assert kept.take("items", -1, (), 100) is None
    again = kept.begin("items", is_stored=False)
    kept.store("items", begun, ItemColumns(), 0)
    assert kept.take("items", -1, (), 100) is None, "the stores have the list of before the reset"
    assert not again.is_begun


@pytest.mark.parametrize("seed", range(40))
async def test_memory_and_stores_answer_the_same_whatever_a_handler_does(seed: int):
    draw = random.Random(seed)
    stores = Stores()
    manifest: Any = stores.stage()
    seen: list[ItemInfo] = []
    pages: list[Any] = []
    for _ in range(60):
        match draw.choice(
            (
                "extend",
                "extend",
                "items",
                "next",
                "next",
                "next",
                "mark",
                "mark all",
                "reset",
                "stage",
                "flush",
            )
        ):
            case "extend":
                await manifest.extend(some(draw.randrange(8)))
            case "items":
                pages.append(manifest.items(*draw.choice(((), (TODO,), (TODO, FAILED), (DONE,)))))
            case "next" if pages:
                iterated = draw.choice(pages)
                item = await anext(iterated, None)
                if item is None:
                    pages.remove(iterated)
                else:
                    seen.append(item)
            case "mark" if seen:
                item = draw.choice(seen)
                manifest.record(item, draw.choice((DONE, DONE, FAILED, TODO)), draw.choice(("", "no")))
            case "mark all" if seen:
                manifest.record_all(
                    draw.sample(seen, draw.randrange(len(seen) + 1)), draw.choice((DONE, TODO))
                )
            case "reset" if draw.random() < 0.3:
                await manifest.reset()
            case "stage":
                await manifest.flush()
                manifest = stores.stage()
            case _:
                await manifest.flush()
    stores.chunks.close()


@pytest.mark.parametrize("epoch", [1, 2])
async def test_what_nobody_can_have_given_an_item_is_known_to_be_empty(stores: Stores, epoch: int):
    """Fails when a second attempt keeps what the first one left, or the first one asks for what cannot be there."""
    asked: list[object] = []
    for name in ("append_manifest", "read_manifest"):
        call = getattr(stores, name)
        setattr(stores, name, lambda request, call=call: asked.append(request) or call(request))
    left = stores.stage()
    if epoch == 2:
        await left.extend(some(3))
        await left.flush()
    asked.clear()
    assignment = work_pb2.Assignment(task_id=new_id(), attempt_id=new_id(), epoch=epoch)
    stores.attempt = Attempt(assignment, ClockReading(0, 0))
    stores.memory.begin(assignment.attempt_id)
    stores.chunks = Chunks(stores.attempt, stores)
    manifest = stores.stage()
    if epoch == 1:
        assert (await manifest.counts()).total.items == 0
    await manifest.reset()
    await manifest.flush()
    assert (asked == []) is (epoch == 1)
    await manifest.extend(some(2))
    await manifest.flush()
    await manifest.reset()
    assert await listed(manifest) == []
    await manifest.extend(some(1))
    assert len(await listed(manifest)) == 1

"""A stage's list of items, kept by the platform: appended in chunks, read back in pages, only what is left."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from typing import Any, Final, Protocol

from asynctask._argument_checks import iterated
from asynctask._attempt.attempt import Attempt
from asynctask._handler.chunks import Chunks
from asynctask._handler.item_run import ItemRun
from asynctask._handler.item_scope import mark_told
from asynctask._handler.items import (
    ItemInfo,
    ItemPage,
    ManifestCounts,
    NewItem,
    check_change,
    read_counts,
    read_item,
    sealed,
)
from asynctask._handler.todo import Todo
from asynctask_core.states import ItemState
from asynctask_protos.scheduler.v1 import executor_service_pb2
from asynctask_protos.task.v1 import manifest_pb2

PAGE: Final = 1_000
"""Items read at once: a manifest may have millions."""
_FOLLOWED: Final = 1 << 24
"""The last state given to an item is remembered for positions below this, one byte each."""
_STATES: Final = {state.number: state for state in ItemState}


class ReportProgress(Protocol):
    """`ctx.progress`."""

    def __call__(self, done: float, total: float = 0.0, *, unit: str = "", message: str = "") -> None:
        """Report the stage's progress."""
        ...


class Manifest:
    """A list of items in an async handler.

    Appends and marks are buffered, and sent half a second later at the latest. They are durable after `flush`, and
    before the next checkpoint, stage end or outcome takes effect. An item whose mark is not durable when the executor
    is killed is handed out again. Items are kept in the order in which they were appended. Child tasks may append at
    the same time; the items of one call of `extend` stay together.
    """

    def __init__(
        self,
        name: str,
        attempt: Attempt,
        chunks: Chunks,
        report: ReportProgress,
        safe_point: Callable[[], Awaitable[None]],
    ) -> None:
        self.name: str = name
        self._attempt = attempt
        self._chunks = chunks
        self._report = report
        self._safe_point = safe_point
        self._known: ManifestCounts | None = None
        # Marks made while the counts are being read: (number among the attempt's changes, items, sum of their sizes,
        # state before, state after).
        self._marked: list[tuple[int, int, int, ItemState, ItemState]] = []
        # The last state given by position, 0 for none: the state in an ItemInfo that a handler read may be older.
        self._said = bytearray()
        # Lets one child task append at a time, since positions are counted across waits.
        self._appending = asyncio.Lock()
        self._advanced = 0
        self.children: set[asyncio.Task[None]] = attempt.children
        """Tasks that the handler started; they end with it."""

    async def append(self, key: str | bytes, *, size: int = 0, data: Any = None) -> int:
        """Append one item and give its position.

        Args:
            key: what the item is; 1 byte to 8 KiB. Text is stored as UTF-8, file names that are not UTF-8 as
                `os.fsencode` gives them.
            size: its size in the stage's unit, usually bytes.
            data: JSON kept with it, at most 16 KiB.

        Raises:
            InvalidInput: an argument is not as said above, or this attempt has sealed the manifest.
        """
        return await self.extend((NewItem(key, size, data),))

    async def extend(self, items: Iterable[NewItem | str | bytes]) -> int:
        """Append items and give the position of the first.

        Raises:
            InvalidInput: `items` is no iterable, or a text; an item is not as in `append`; or the manifest is sealed.
        """
        new = iterated("items", items)
        async with self._appending:
            counts = await self._count()
            if self.name in self._chunks.sealed:
                raise sealed(self.name)
            first = counts.total.items + counts.excluded.items
            run = ItemRun(first)
            try:
                for item in new:
                    run.add(item)
                    if run.is_full:
                        full, run = run, ItemRun(run.first + run.count)
                        await self._append(full, counts)
            except BaseException:
                self._add(run, counts)  # keep the items before the one that was refused
                raise
            await self._append(run, counts)
        return first

    async def take(self, run: ItemRun) -> int:
        """Append items that the handler's thread or process encoded; returns the position of the first."""
        async with self._appending:
            counts = await self._count()
            if self.name in self._chunks.sealed:
                raise sealed(self.name)
            first = counts.total.items + counts.excluded.items
            if run.first != first:
                run.move(first)  # earlier items were dropped because their call was given up
            await self._append(run, counts)
        return first

    async def _append(self, run: ItemRun, counts: ManifestCounts) -> None:
        self._add(run, counts)
        if self._chunks.is_full:
            await self._chunks.drain()
            self.check()

    def _add(self, run: ItemRun, counts: ManifestCounts) -> None:
        if run.count:
            self._chunks.add_items(self.name, run)
            counts.todo.items += run.count
            counts.todo.size += run.size

    async def reset(self) -> None:
        """Drop every item. A stage that builds its list from the beginning calls this first, since an earlier attempt
        may have built a part of the list.
        """
        async with self._appending:
            self.check()
            self._chunks.reset(self.name)
            self._known = ManifestCounts()
            self._said.clear()
            self._advanced = 0

    async def seal(self) -> None:
        """Declare the list complete, and wait until every item is durable. This attempt cannot append any more, unless
        it starts the list again with `reset`.
        """
        async with self._appending:
            (await self._count()).sealed = True
            self._chunks.seal(self.name)
        await self.flush()

    async def is_sealed(self) -> bool:
        """Whether `seal` was called, in this attempt or an earlier one."""
        return (await self.counts()).sealed

    async def counts(self) -> ManifestCounts:
        """Items and sizes by state, buffered changes included. The object is updated with every append and mark."""
        if self._known is None:
            async with self._appending:
                return await self._count()
        self.check()
        return self._known

    async def _count(self) -> ManifestCounts:
        """The counts, read from the stores once. The caller holds `_appending`."""
        if self._known is None and self._chunks.is_new(self.name):
            self._chunks.note_empty(self.name)
            self._known = ManifestCounts()
        if self._known is None:
            self._marked.clear()
            await self._chunks.flush()
            async with self._chunks.storing:  # so that `durable` tells which marks the counts have
                page = await self._read(-1, (), page_size=1, with_summary=True)
                durable = self._chunks.durable
            self._known = read_counts(page.summary) if page.HasField("summary") else ManifestCounts()
            if not self._known.total.items + self._known.excluded.items:
                self._chunks.note_empty(self.name)
            for change, items, size, before, state in self._marked:
                if change > durable:
                    self._known.move(size, before, state, items)
            self._marked.clear()
        self.check()
        return self._known

    async def flush(self) -> None:
        """Wait until everything appended and marked so far is durable."""
        await self._chunks.flush()
        self.check()

    async def items(self, *states: ItemState) -> AsyncIterator[ItemInfo]:
        """Every item, or those of some states, in order; buffered changes are stored first."""
        async for page in self.pages(*states):
            for item in page:
                self.check()
                yield item

    async def pages(self, *states: ItemState) -> AsyncIterator[list[ItemInfo]]:
        """As `items`, up to 1,000 at a time: cheapest for a handler that works on many at once."""
        await self._chunks.flush()
        after = -1
        while True:
            page, more = await self.page(after, states)
            self.check()
            if page:
                yield page
                after = page[-1].position
            if not more:
                return

    def record(self, item: ItemInfo, state: ItemState, error: str = "") -> None:
        """Set the state of an item read with `items`; for handlers that keep their own order of work.

        The end of a `todo` loop's body, or of work that was started, does not change this state.
        """
        check_change((item,), state, error)
        self.mark(item, item.state, state, error)
        mark_told(self.name, (item,))

    def record_all(self, items: Iterable[ItemInfo], state: ItemState) -> None:
        """Set the state of many items, as `record` would for each; cheapest for neighbours."""
        left = list(items)
        check_change(left, state)
        for start in range(0, len(left), PAGE):
            some = left[start : start + PAGE]
            self._chunks.add_results(self.name, [item.position for item in some], state)
            self._note_all(some, state)
        mark_told(self.name, left)

    def todo(self, *, concurrency: int = 1, failed: bool = False, report: bool = True) -> Todo:
        """Iterate over what is left to do.

        An item whose loop body ends is marked done, unless the body marked it; an item whose body raises stays to do.
        `item.start(work)` works on several at once; the loop then ends when all of that work has ended. Each step is a
        safe point: a pause or the executor's end stops the handler there, after every mark is durable.

        Args:
            concurrency: most items started at once.
            failed: also retry items that failed in an earlier attempt or loop.
            report: report progress counted from the manifest: sizes as bytes where items have sizes, else items.
        """
        return Todo(self, concurrency, todo_states(failed), report)

    async def page(self, after: int, states: Collection[ItemState]) -> ItemPage:
        """One page of what is stored, and whether there may be more. A short page need not be the last: pages end
        before they are too large for a message.
        """
        whole = self._chunks.whole_appended(self.name) if after < 0 else None
        if whole is not None and not await self._are_to_do(whole):
            self._chunks.forget_appended(self.name)
        appended = self._chunks.take_appended(self.name, after, states, PAGE)
        if appended is not None:
            await asyncio.sleep(0)  # others run between two pages, as they do while one is read
            self.check()
            return appended
        page = await self._read(after, states)
        return [read_item(item) for item in page.items], page.more

    async def _are_to_do(self, items: int) -> bool:
        """Whether the stores have exactly this many items, all to do, and the attempt is the current one."""
        page = await self._read(
            items, (), page_size=1, with_summary=True
        )  # after the last item: only for the counts
        counts = read_counts(page.summary)
        return counts.todo.items == counts.total.items + counts.excluded.items == items

    async def _read(
        self, after: int, states: Iterable[ItemState], *, page_size: int = PAGE, with_summary: bool = False
    ) -> executor_service_pb2.ReadManifestResponse:
        return await self._chunks.read(
            executor_service_pb2.ReadManifestRequest(
                task_id=self._attempt.task_id,
                attempt_id=self._attempt.attempt_id,
                manifest=self.name,
                after_position=after,
                states=[manifest_pb2.ItemState.Value(f"ITEM_STATE_{state.name}") for state in states],
                page_size=page_size,
                with_summary=with_summary,
            )
        )

    # --- for the iteration ---------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raise unless the lease holds. Called after every wait, since the host may have been frozen during it."""
        self._attempt.check_lease()

    async def make_room(self) -> None:
        """Wait until marks are stored, if too many are not."""
        if self._chunks.is_full:
            await self._chunks.drain()

    async def stop_here(self) -> None:
        """Between two items: stop if a stop was requested."""
        self.check()
        if self._attempt.soft_stop is not None:
            await self._chunks.flush()
            await self._safe_point()

    def mark(self, item: ItemInfo, before: ItemState, state: ItemState, error: str) -> None:
        """Record the new state of an item."""
        self._chunks.add_result(self.name, item.position, state, error)
        self._note(item, before, state)

    def _note(self, item: ItemInfo, before: ItemState, state: ItemState) -> None:
        self._count_move(1, item.size, self._say(item.position, before, state.number), state)

    def _note_all(self, items: Iterable[ItemInfo], state: ItemState) -> None:
        """As `_note` for several items; neighbours that had the same state before are counted at once."""
        number, say = state.number, self._say
        count = size = 0
        last = state
        for item in items:
            before = say(item.position, item.state, number)
            if before is not last:
                self._count_move(count, size, last, state)
                count, size, last = 0, 0, before
            count += 1
            size += item.size
        self._count_move(count, size, last, state)

    def _say(self, position: int, before: ItemState, number: int) -> ItemState:
        """Remember the number of an item's new state; returns the state before: the last given, else `before`."""
        if position >= _FOLLOWED:
            return before
        said = self._said
        if position >= len(said):
            said.extend(bytes(position - len(said) + PAGE))
        before = _STATES.get(said[position], before)
        said[position] = number
        return before

    def _count_move(self, items: int, size: int, before: ItemState, state: ItemState) -> None:
        if self._known is not None:
            self._known.move(size, before, state, items)
        elif self._appending.locked():
            self._marked.append((self._chunks.added, items, size, before, state))

    def advance(self, amount: int) -> None:
        """Count a part of an item."""
        self._advanced += amount

    def report(self, message: str) -> None:
        """Report progress from the counts."""
        known = self._known
        if known is None:
            return
        # Without `total` and `finished`, which are slower: this runs for every item.
        size = known.done.size + known.failed.size + known.skipped.size
        total = size + known.todo.size
        if total:
            self._report(max(0, min(size + self._advanced, total)), total, unit="bytes", message=message)
            return
        items = known.done.items + known.failed.items + known.skipped.items
        self._report(items, items + known.todo.items, unit="items", message=message)


def todo_states(failed: bool) -> tuple[ItemState, ...]:
    """The states of the items that `todo` hands out."""
    return (ItemState.TODO, ItemState.FAILED) if failed else (ItemState.TODO,)

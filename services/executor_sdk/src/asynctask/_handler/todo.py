"""Iterating over the items left of a manifest in an async handler, one by one or several at once."""

import asyncio
import inspect
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Collection, Coroutine, Sequence
from functools import partial
from typing import Any, Protocol

from asynctask._argument_checks import shown, whole
from asynctask._handler.interrupts import pass_on_signal
from asynctask._handler.item_scope import ItemScope, item_scope
from asynctask._handler.items import Item, ItemInfo, ItemPage
from asynctask._handler.threads import described
from asynctask.errors import Fail, Postpone, RetryLater, SkipItem
from asynctask_aio.cancellation import is_cancelled
from asynctask_core import limits
from asynctask_core.states import ItemState

Work = Coroutine[Any, Any, Any]


class TodoSource(Protocol):
    """The manifest whose items are iterated over, see `Manifest`."""

    name: str
    children: set[asyncio.Task[None]]
    """Tasks that work on its items."""

    async def counts(self) -> object: ...
    async def flush(self) -> None: ...
    async def make_room(self) -> None: ...
    async def stop_here(self) -> None: ...
    async def page(self, after: int, states: Collection[ItemState]) -> ItemPage: ...
    def mark(self, item: ItemInfo, before: ItemState, state: ItemState, error: str) -> None: ...
    def advance(self, amount: int) -> None: ...
    def report(self, message: str) -> None: ...
    def check(self) -> None: ...


class Todo:
    """The items left, see `Manifest.todo`."""

    def __init__(
        self, manifest: TodoSource, concurrency: int, states: Sequence[ItemState], report: bool
    ) -> None:
        concurrency = whole("concurrency", concurrency, 1, limits.SLOTS)
        self._manifest = manifest
        self._concurrency = concurrency
        self._states = states
        self._report = report
        self._page: deque[ItemInfo] = deque()
        self._after = -1
        self._exhausted = False
        self._current: Item | None = None
        self._running: dict[asyncio.Task[None], Work] = {}
        self._fatal: BaseException | None = None
        self._scope: ItemScope | None = None
        self._handed_out: weakref.ref[AsyncGenerator[Item, None]] | None = None

    def __aiter__(self) -> AsyncGenerator[Item, None]:
        items = self._iterate()
        # A loop that is left drops it at once; Python runs its `finally` later, and in another context.
        self._handed_out = weakref.ref(items, lambda _: self._leave())
        return items

    async def _iterate(self) -> AsyncGenerator[Item, None]:
        await self._manifest.counts()
        await self._manifest.flush()
        self._say("")
        around = item_scope.get()
        try:
            while True:
                await self._until(self._concurrency - 1)
                await self._manifest.make_room()
                info = await self._next()
                # Right before an item is handed out, after every wait.
                await self._manifest.stop_here()
                if info is None:
                    break
                scope = self._scope = ItemScope(self._manifest.name, info.position, around)
                item = self._current = Item(
                    info, partial(self._mark, scope), self._advance, partial(self._start, scope)
                )
                item_scope.set(scope)
                yield item
                # Reached when the body has ended, but not when it raised.
                if item is self._current and not scope.is_marked:
                    item.done()
            await self._until(0)
        finally:
            self._leave()
            item_scope.set(around)
            # End all work that the loop started.
            for task in self._running:
                task.cancel()
            while self._running:
                await asyncio.wait(self._running)

    def _leave(self) -> None:
        """Note that the loop was left, or has ended."""
        if self._scope is not None and self._current is not None:
            self._scope.leave()

    async def _next(self) -> ItemInfo | None:
        if not self._page and not self._exhausted:
            page, more = await self._manifest.page(self._after, self._states)
            self._page.extend(page)
            self._exhausted = not more
            if page:
                self._after = page[-1].position
        return self._page.popleft() if self._page else None

    def _mark(self, scope: ItemScope, item: Item, state: ItemState, error: str) -> None:
        if item is self._current:
            self._current = None
        self._manifest.mark(item.info, item.state, state, error)
        scope.mark()
        self._say(item.name)

    def _advance(self, amount: int) -> None:
        self._manifest.advance(amount)
        self._say("")

    def _say(self, message: str) -> None:
        if self._report:
            self._manifest.report(message)

    # --- several at once ------------------------------------------------------------------------------------------

    def _start(self, scope: ItemScope, item: Item, work: Work) -> None:
        if not inspect.isawaitable(work):
            text = (
                f"item.start: in an async handler it takes a coroutine, such as work(item); got {shown(work)}"
            )
            raise TypeError(text)
        if item is self._current:
            self._current = None
        task = asyncio.get_running_loop().create_task(self._work(scope, item, work))  # seen: by _ended
        self._running[task] = work
        self._manifest.children.add(task)
        task.add_done_callback(self._ended)

    async def _work(self, scope: ItemScope, item: Item, work: Work) -> None:
        item_scope.set(scope)
        try:
            self._manifest.check()
            await work
        except SkipItem as skip:
            item.skipped((await described(skip)).message)
        except (Fail, Postpone, RetryLater) as error:
            self._end(error)
        except asyncio.CancelledError as error:
            if is_cancelled():
                raise
            item.failed((await described(error)).message)  # raised by the work itself, like any other error
        except Exception as error:  # noqa: BLE001 - one item's failure is recorded with it and stops no other
            item.failed((await described(error)).message)
        except BaseException as error:  # noqa: BLE001 - it ends the handler, not the event loop as it would in a task
            self._end(error)
            pass_on_signal(error)
        else:
            if not scope.is_marked:
                item.done()

    def _end(self, error: BaseException) -> None:
        """End the loop with this error."""
        if self._fatal is None:
            self._fatal = error

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._manifest.children.discard(task)
        work = self._running.pop(task)
        if inspect.iscoroutine(work):
            work.close()  # a task that was cancelled before it began never awaited its work
        if not task.cancelled() and (error := task.exception()) is not None:
            self._end(error)

    async def _until(self, running: int) -> None:
        """Wait until at most this many are running."""
        while len(self._running) > running and self._fatal is None:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        if self._fatal is not None:
            raise self._fatal

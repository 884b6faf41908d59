"""`ThreadManifest`: a manifest in a handler in a thread or process: as `Manifest`, without `await`."""

import contextvars
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, Final

from asynctask._argument_checks import iterated, plain_text, whole
from asynctask._attempt.stop import AttemptStopped
from asynctask._handler.description import describe
from asynctask._handler.item_run import ItemRun
from asynctask._handler.item_scope import ItemScope, item_scope, mark_told
from asynctask._handler.items import Item, ItemInfo, ManifestCounts, NewItem, check_change, sealed
from asynctask._handler.manifest import todo_states
from asynctask._handler.port import HandlerPort
from asynctask.errors import Fail, Postpone, RetryLater, SkipItem
from asynctask_core import limits
from asynctask_core.states import ItemState

LOOK_S: Final = 1.0
"""How often a thread that waits for another thread of its handler checks whether it must stop."""


class ThreadManifest:
    """A list of items. See `Manifest` for what each call guarantees."""

    def __init__(
        self, name: str, port: HandlerPort, safe_point: Callable[[], None], check: Callable[[], None]
    ) -> None:
        self.name: str = name
        self._port = port
        self._safe_point = safe_point
        # Raises when the handler must not go on; called after every wait, since the host may have been frozen in it.
        self._check = check
        # Reentrant: an iterable of items may itself use the manifest, or a checkpoint, while it is read.
        self._lock = threading.RLock()
        # The buffered items; None before the first one.
        self._run: ItemRun | None = None
        self._is_sealed = False
        self._iterations: set[_Iteration] = set()

    def append(self, key: str | bytes, *, size: int = 0, data: Any = None) -> int:
        """Append one item and give its position."""
        return self.extend((NewItem(key, size, data),))

    def extend(self, items: Iterable[NewItem | str | bytes]) -> int:
        """Append items and give the position of the first."""
        new = iterated("items", items)
        self._acquire()
        try:
            if self._is_sealed:
                raise sealed(self.name)
            run = self._run
            if run is None:
                counts = self._port.counts(self.name)
                run = self._run = ItemRun(counts.total.items + counts.excluded.items)
            first = run.first + run.count
            for item in new:
                run = self._run or run  # another one when `items` has used the manifest
                run.add(item)
                if run.is_full:
                    self._push(run)
        finally:
            self._lock.release()
        self._check()
        return first

    def reset(self) -> None:
        """Drop every item."""
        self._acquire()
        try:
            self._run, self._is_sealed = ItemRun(0), False
            self._port.reset(self.name)
        finally:
            self._lock.release()
        self._check()

    def seal(self) -> None:
        """Declare the list complete, and wait until every item is durable."""
        self._acquire()
        try:
            self.push()
            self._is_sealed = True
        finally:
            self._lock.release()
        self._port.seal(self.name)
        self._check()

    def is_sealed(self) -> bool:
        """Whether `seal` was called, in this attempt or an earlier one."""
        return self.counts().sealed

    def counts(self) -> ManifestCounts:
        """Items and sizes by state, buffered changes included."""
        self.push()
        counts = self._port.counts(self.name)
        self._check()
        return counts

    def flush(self) -> None:
        """Wait until everything appended and marked so far is durable."""
        self.push()
        self._port.flush()
        self._check()

    def push(self) -> None:
        """Send what is buffered in this thread."""
        self._acquire()
        try:
            if self._run is not None and self._run.count:
                self._push(self._run)
        finally:
            self._lock.release()

    def end(self) -> None:
        """Wait for work that was started in loops that were left: no work of a handler outlives it."""
        for iteration in list(self._iterations):
            iteration.end()

    def _acquire(self) -> None:
        """Take the lock. A thread that must stop does not wait for another one that is stuck."""
        while not self._lock.acquire(timeout=LOOK_S):
            self._check()

    def items(self, *states: ItemState) -> Iterator[ItemInfo]:
        """Every item, or those of some states, in order; buffered changes are stored first."""
        for page in self.pages(*states):
            for item in page:
                self._check()
                yield item

    def pages(self, *states: ItemState) -> Iterator[list[ItemInfo]]:
        """As `items`, up to 1,000 at a time: cheapest for a handler that works on many at once."""
        self.push()
        after = -1
        while True:
            page, more = self._port.read(self.name, after, states)
            self._check()
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
        self._port.mark(self.name, (item, item.state, state, plain_text(error)), None)
        mark_told(self.name, (item,))

    def record_all(self, items: Iterable[ItemInfo], state: ItemState) -> None:
        """Set the state of many items, as `record` would for each; cheapest for neighbours."""
        # Copied: it is read later, when the handler may have put other items into its own list.
        own = list(items)
        check_change(own, state)
        self._port.mark_all(self.name, own, state)
        mark_told(self.name, own)

    def todo(self, *, concurrency: int = 1, failed: bool = False, report: bool = True) -> Iterator[Item]:
        """Iterate over the items that are left to do; `item.start(function, *arguments)` works on several at once."""
        concurrency = whole("concurrency", concurrency, 1, limits.SLOTS)
        iteration = _Iteration(
            self.name,
            self._port,
            self._safe_point,
            self._check,
            self._iterations,
            concurrency=concurrency,
            report=report,
        )
        return iteration.run(self.items(*todo_states(failed)))

    def _push(self, run: ItemRun) -> None:
        """Send a run, and begin the next one."""
        self._run = ItemRun(run.first + run.count)
        self._port.extend(self.name, run)


class _Iteration:
    """One `for` loop over a manifest."""

    def __init__(
        self,
        name: str,
        port: HandlerPort,
        safe_point: Callable[[], None],
        check: Callable[[], None],
        all_of_them: "set[_Iteration]",
        *,
        concurrency: int,
        report: bool,
    ) -> None:
        self._name = name
        self._port = port
        self._safe_point = safe_point
        self._check = check
        self._all = all_of_them
        self._concurrency = concurrency
        self._report = report
        self._current: Item | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._running: set[Future[None]] = set()

    def run(self, items: Iterator[ItemInfo]) -> Iterator[Item]:
        thread = threading.get_ident()
        self._port.counts(self._name)
        self._advance(0)
        around, scope = item_scope.get(), None
        try:
            for info in items:
                self._until(self._concurrency - 1)
                self._safe_point()
                scope = ItemScope(self._name, info.position, around)
                item = self._current = Item(
                    info, partial(self._mark, scope), self._advance, partial(self._start, scope)
                )
                item_scope.set(scope)
                yield item
                if item is self._current and not scope.is_marked:
                    item.done()
            self._until(0)
        finally:
            item_scope.set(around)
            if scope is not None and self._current is not None:
                scope.leave()  # a loop that was left may be ended later, and in another thread
            # A loop that was left may be collected as garbage in another thread, such as that of the event loop, which
            # must not wait: the end of the handler waits.
            if threading.get_ident() == thread:
                self.end()

    def end(self) -> None:
        """Start no more work, and wait for started work: it ends by itself, or at its next call of the context."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._all.discard(self)

    def _mark(self, scope: ItemScope, item: Item, state: ItemState, error: str) -> None:
        if item is self._current:
            self._current = None
        self._port.mark(
            self._name, (item.info, item.state, state, error), item.name if self._report else None
        )
        scope.mark()

    def _advance(self, amount: int) -> None:
        self._port.advance(self._name, amount, "" if self._report else None)

    def _start(self, scope: ItemScope, item: Item, work: Callable[..., object], *arguments: Any) -> None:
        if item is self._current:
            self._current = None
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._concurrency, thread_name_prefix=f"asynctask-{self._name}")
            self._all.add(self)
        # Log lines of the work belong to the task as well.
        context = contextvars.copy_context()
        self._running.add(self._pool.submit(context.run, self._work, scope, item, work, *arguments))

    def _work(self, scope: ItemScope, item: Item, work: Callable[..., object], *arguments: Any) -> None:
        item_scope.set(scope)
        try:
            self._check()
            work(*arguments)
        except SkipItem as skip:
            item.skipped(describe(skip).message)
        except (Fail, Postpone, RetryLater, AttemptStopped):
            raise
        except Exception as error:  # noqa: BLE001 - one item's failure is recorded with it and stops no other
            item.failed(describe(error).message)
        else:
            if not scope.is_marked:
                item.done()

    def _until(self, running: int) -> None:
        """Wait until at most this many are running."""
        while len(self._running) > running:
            done, self._running = wait(self._running, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()

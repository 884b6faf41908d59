"""How a handler outside the event loop reaches it: from a thread directly, from a process through a pipe."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any, Final, Protocol, TypeVar, cast

from asynctask._attempt.attempt import Attempt, ProgressFacts
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.pending_warnings import About
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._forks import is_forked_child, refuse_in_child
from asynctask._handler.checkpoint import store_checkpoint
from asynctask._handler.chunks import Chunks
from asynctask._handler.handler_link import Link
from asynctask._handler.item_run import ItemRun
from asynctask._handler.items import ItemInfo, ItemPage, ManifestCounts, counts_now
from asynctask._handler.manifest import Manifest
from asynctask_core.states import ItemState
from asynctask_protos.task.v1 import work_pb2

T = TypeVar("T")

Change = tuple[ItemInfo, ItemState, ItemState, str]
"""An item, its state before, its state now, and why."""


class HandlerPort(Protocol):
    """Blocking calls of one handler. Every argument and answer can be pickled."""

    def report(self, facts: ProgressFacts) -> None:
        """Report the stage's progress; does not wait."""
        ...

    def warn(self, code: str, text: str, count: int, about: About) -> None:
        """Count a warning of the stage, about an item of it or in general; does not wait."""
        ...

    def store_checkpoint(self, checkpoint: bytes, about: About) -> None:
        """Make a checkpoint, a serialized message, durable, with the general warnings and those about this item."""
        ...

    def stopping(self, stop: Stop) -> None:
        """Say that the handler unwinds now, at a safe point."""
        ...

    def extend(self, manifest: str, run: ItemRun) -> int:
        """Append items; gives the position of the first. The caller must not use the run any more."""
        ...

    def reset(self, manifest: str) -> None:
        """Drop every item."""
        ...

    def seal(self, manifest: str) -> None:
        """Declare the list complete."""
        ...

    def counts(self, manifest: str) -> ManifestCounts:
        """Items by state."""
        ...

    def flush(self) -> None:
        """Wait until everything is durable."""
        ...

    def read(self, manifest: str, after: int, states: Sequence[ItemState]) -> ItemPage:
        """A page of items, and whether there may be more; makes room for marks first."""
        ...

    def mark(self, manifest: str, change: Change, message: str | None) -> None:
        """Set the state of an item, and report progress if there is a message; does not wait."""
        ...

    def mark_all(self, manifest: str, items: Sequence[ItemInfo], state: ItemState) -> None:
        """Set the state of many items; does not wait."""
        ...

    def advance(self, manifest: str, amount: int, message: str | None) -> None:
        """Count a part of an item, and report progress if there is a message; does not wait."""
        ...


METHODS: Final = frozenset(name for name in vars(HandlerPort) if not name.startswith("_")) | {"lease"}
"""What a handler in a process may call."""


class LoopPort:
    """The port of a handler in a thread of the executor's process."""

    def __init__(self, link: Link, attempt: Attempt, stage: str, loop: asyncio.AbstractEventLoop) -> None:
        self._link = link
        self._attempt = attempt
        self._stage = stage
        self._loop = loop
        self._manifests: dict[str, Manifest] = {}
        # Reentrant: a garbage collection in this thread may run code of the handler, which may post as well.
        self._lock = threading.RLock()
        self._posted: list[Callable[[], object]] = []
        self._stopped: Future[Any] = Future()

    def report(self, facts: ProgressFacts) -> None:
        refuse_in_child("the context of a handler")
        self._attempt.progress = facts
        self._link.report(self._attempt)

    def warn(self, code: str, text: str, count: int, about: About) -> None:
        # Posted, to keep its order among the marks of items.
        self._post(lambda: self._attempt.warn(self._stage, code, text, count, about))

    def store_checkpoint(self, checkpoint: bytes, about: About) -> None:
        message = work_pb2.Checkpoint.FromString(checkpoint)
        self._wait(store_checkpoint(self._link, self._attempt, self._stage, message, about))

    def stopping(self, stop: Stop) -> None:
        if self._attempt.stop is None:
            self._attempt.stop = stop

    def lease(self) -> tuple[ClockReading, float] | None:
        """Called by a handler in a process when the lease that it knows is too old."""
        return self._attempt.lease

    def extend(self, manifest: str, run: ItemRun) -> int:
        return self._wait(self._with(manifest, lambda found: found.take(run)))

    def reset(self, manifest: str) -> None:
        self._wait(self._with(manifest, lambda found: found.reset()))

    def seal(self, manifest: str) -> None:
        self._wait(self._with(manifest, lambda found: found.seal()))

    def counts(self, manifest: str) -> ManifestCounts:
        async def counts(found: Manifest) -> ManifestCounts:
            # The event loop goes on counting while the handler's thread reads them.
            return counts_now(await found.counts())

        return self._wait(self._with(manifest, counts))

    def flush(self) -> None:
        chunks = self._attempt.chunks
        if chunks is not None:
            self._wait(chunks.flush())

    def read(self, manifest: str, after: int, states: Sequence[ItemState]) -> ItemPage:
        async def page(found: Manifest) -> ItemPage:
            if after < 0:
                await found.flush()
            await found.make_room()
            return await found.page(after, states)

        return self._wait(self._with(manifest, page))

    def mark(self, manifest: str, change: Change, message: str | None) -> None:
        def mark() -> None:
            found = self._manifest(manifest)
            found.mark(*change)
            if message is not None:
                found.report(message)

        self._post(mark)

    def mark_all(self, manifest: str, items: Sequence[ItemInfo], state: ItemState) -> None:
        self._post(lambda: self._manifest(manifest).record_all(items, state))

    def advance(self, manifest: str, amount: int, message: str | None) -> None:
        def change() -> None:
            found = self._manifest(manifest)
            found.advance(amount)
            if message is not None:
                found.report(message)

        self._post(change)

    def _manifest(self, name: str) -> Manifest:
        found = self._manifests.get(name)
        if found is None:
            attempt = self._attempt
            if attempt.chunks is None:
                attempt.chunks = Chunks(attempt, self._link)
            chunks = cast("Chunks", attempt.chunks)
            found = self._manifests[name] = Manifest(name, attempt, chunks, self._report_counts, _go_on)
        return found

    def _report_counts(self, done: float, total: float = 0.0, *, unit: str = "", message: str = "") -> None:
        self.report((done, total, unit, message))

    def release(self, stop: Stop) -> None:
        """The handler must stop: its calls wait no more; waiting ones raise `AttemptStopped`. From any thread.

        A call may wait as long as an outage of the scheduler, which is longer than a lease. The executor's end is no
        reason to raise: a last checkpoint may still be stored.
        """
        if stop <= Stop.DRAIN:
            return
        with self._lock:
            if not self._stopped.done():
                self._stopped.set_result(stop)

    async def _with(self, name: str, call: Callable[[Manifest], Coroutine[Any, Any, T]]) -> T:
        return await call(self._manifest(name))

    def _wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        if is_forked_child():
            coroutine.close()
            refuse_in_child("the context of a handler")
        if self._stopped.done():
            coroutine.close()
            raise AttemptStopped(self._stopped.result())
        answer: Future[Any] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        wait((answer, self._stopped), return_when=FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            raise AttemptStopped(self._stopped.result())
        return answer.result()

    def _post(self, call: Callable[[], object]) -> None:
        """Run something on the loop, in order; many calls wake it once."""
        refuse_in_child("the context of a handler")
        with self._lock:
            self._posted.append(call)
            if len(self._posted) == 1:
                # Still under the lock: another thread that relies on this must not come to the loop before it.
                self._loop.call_soon_threadsafe(self._run_posted)

    def _run_posted(self) -> None:
        with self._lock:
            posted, self._posted = self._posted, []
        calls = iter(posted)
        for _ in posted:
            # An error stays with the attempt's chunks, and is raised by the next call that waits for them.
            with contextlib.suppress(Exception, AttemptStopped):
                for call in calls:  # after an error, go on with the next call
                    call()


async def _go_on() -> None:
    """Handlers in threads stop between items by themselves."""

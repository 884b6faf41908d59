"""The numbered chunks in which an attempt's changes to its manifests are sent, one at a time."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Collection
from typing import Final

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.executor_tasks import ExecutorTask, executor_task
from asynctask._attempt.pending_warnings import A_MARKED_ITEM, NO_WARNINGS, THE_STAGE, summed
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._handler.appended_items import AppendedItems
from asynctask._handler.handler_link import Link
from asynctask._handler.item_run import ItemRun
from asynctask._handler.items import ItemPage
from asynctask._handler.open_chunk import OpenChunk
from asynctask._supervision import supervised
from asynctask.errors import AttemptSuperseded, InternalError
from asynctask_core import limits
from asynctask_core.states import ItemState
from asynctask_core.wire import cut_text, escape_nul
from asynctask_protos.scheduler.v1 import executor_service_pb2
from asynctask_protos.task.v1 import work_pb2

CHUNK_CHANGES: Final = 2_000
"""Changes in one chunk: large enough to share its round trip and transaction."""
CHUNK_BYTES: Final = limits.BATCH_BYTES // 2
"""Bytes in one chunk."""
BACKLOG: Final = 4 * CHUNK_CHANGES
"""Changes not yet stored at which writers wait."""
LINGER_S: Final = 0.5
"""A change waits for others at most this long."""
RESULT_BYTES: Final = 16
"""About the size of a result in a message, without its error."""

_OFF_LOOP: Final = (
    "use the manifest of an async handler only on its event loop: mark items after awaiting the thread, or"
    " declare the stage with a plain `def`, whose manifest any thread may use"
)


class Chunks:
    """Buffers changes of all manifests of one attempt, and stores them in their order."""

    def __init__(self, attempt: Attempt, link: Link) -> None:
        self._attempt = attempt
        self._link = link
        self._thread = threading.get_ident()
        self._queue: deque[OpenChunk] = deque()
        self._queued_changes = 0
        self._queued_bytes = 0
        self._appended = AppendedItems()
        self._changed: set[str] = set()
        """Manifests that this attempt has changed."""
        self.sealed: set[str] = set()
        """Manifests that this attempt has sealed. One that an earlier attempt sealed may go on from its checkpoint."""
        self.added: int = 0
        """Changes that were added so far, over the whole attempt."""
        self.durable: int = 0
        """How many of them are stored."""
        self.storing = asyncio.Lock()
        """Held while a chunk is stored: under this lock the stores have exactly the changes that `durable` counts."""
        self._stored = asyncio.Event()
        self._hurry = asyncio.Event()
        self._waiting = 0
        self._writer: ExecutorTask | None = None
        self._error: BaseException | None = None
        self.last_chunk: int = 0
        """Number of the last chunk that is stored."""

    def add_items(self, manifest: str, run: ItemRun) -> None:
        """Append items, all of them in one chunk. The caller must not use the run any more."""
        chunk = self._open(manifest, run.count, run.nbytes, run.first)
        chunk.add_items(run, self._appended.add(manifest, run.first, run.count, run.nbytes))
        self._added(chunk, run.count, run.nbytes)

    def add_result(self, manifest: str, position: int, state: ItemState, error: str) -> None:
        """Change an item's state."""
        number = state.number
        if error:
            error = cut_text(escape_nul(error), limits.ITEM_ERROR_BYTES)
        nbytes = len(error) + RESULT_BYTES
        chunk = self._open(manifest, 1, nbytes)
        chunk.add_result(position, number, error)
        self._appended.mark(manifest, position)
        self._added(chunk, 1, nbytes)

    def add_results(self, manifest: str, positions: Collection[int], state: ItemState) -> None:
        """Change the state of several items, all of them in one chunk, without an error."""
        number, nbytes = state.number, len(positions) * RESULT_BYTES
        chunk = self._open(manifest, len(positions), nbytes)
        chunk.add_results(positions, number)
        self._appended.mark(manifest, max(positions))
        self._added(chunk, len(positions), nbytes)

    def reset(self, manifest: str) -> None:
        """Drop every item of a manifest, at this place among the changes."""
        self.sealed.discard(manifest)
        if self.is_new(manifest):
            self.note_empty(manifest)
            return
        chunk = self._open(manifest, 1, 0, begins=True)
        chunk.request.reset = True
        chunk.appended = self._appended.begin(manifest, is_stored=False)
        self._added(chunk, 1, 0)

    def seal(self, manifest: str) -> None:
        """Declare a manifest complete, at this place among the changes."""
        chunk = self._open(manifest, 1, 0)
        chunk.request.seal = chunk.is_sealed = True
        self.sealed.add(manifest)
        self._added(chunk, 1, 0)

    def is_new(self, manifest: str) -> bool:
        """Whether a manifest surely has no item, without a read: no attempt can have appended one."""
        return self._attempt.assignment.epoch == 1 and manifest not in self._changed

    def note_empty(self, manifest: str) -> None:
        """Note that a manifest has no item, stored or not: the items appended from now on are the whole list."""
        self._appended.begin(manifest, is_stored=True)

    def whole_appended(self, manifest: str) -> int | None:
        """How many items are kept of a list from its beginning; None when the stores must be read."""
        return self._appended.whole(manifest)

    def forget_appended(self, manifest: str) -> None:
        """Drop the kept items of a list: it is read from the stores."""
        self._appended.forget(manifest)

    def take_appended(
        self, manifest: str, after: int, states: Collection[ItemState], most: int
    ) -> ItemPage | None:
        """The next items after a position, exactly as the stores would answer them, and whether there are more.

        None when the stores must be read. Raises as `flush`.
        """
        self._raise_error()
        return self._appended.take(manifest, after, states, most)

    @property
    def is_full(self) -> bool:
        """Whether writers should wait in `drain`."""
        return self._queued_changes >= BACKLOG

    async def drain(self) -> None:
        """Wait until there is room again. Raises as `flush`."""
        while self.is_full:
            await self._progress()
        self._raise_error()

    async def flush(self) -> None:
        """Wait until everything added so far is stored; changes that others add meanwhile are not waited for.

        Raises:
            AttemptStopped: the attempt is lost.
            AsyncTaskError: the stores refuse it.
        """
        added = self.added
        while self.durable < added:
            await self._progress()
        self._raise_error()

    async def read(
        self, request: executor_service_pb2.ReadManifestRequest
    ) -> executor_service_pb2.ReadManifestResponse:
        """One page of what is stored."""
        return await self._link.read_manifest(request)

    def close(self) -> None:
        """Give up what is not stored, since the attempt has ended. Calls that wait for it raise `AttemptStopped`."""
        self._appended.close()
        if self._error is None:
            self._error = AttemptStopped(Stop.LOST)
        if self._writer is not None:
            # Also set here: a writer that is cancelled before its first step never runs its own `finally`.
            self._writer.end()
            self._writer = None
        self._stored.set()

    async def _progress(self) -> None:
        """Wait until one more chunk is stored."""
        self._raise_error()
        if self._writer is None:
            raise InternalError("changes of a manifest are not stored, and nothing stores them")
        self._waiting += 1
        self._hurry.set()
        self._stored.clear()
        try:
            await self._stored.wait()
        finally:
            self._waiting -= 1

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _open(
        self, manifest: str, changes: int, nbytes: int, first: int | None = None, *, begins: bool = False
    ) -> OpenChunk:
        """The chunk that takes the next changes: the last one, or a new one."""
        self._raise_error()
        if threading.get_ident() != self._thread:
            raise RuntimeError(_OFF_LOOP)
        if self._attempt.warnings is not NO_WARNINGS:
            self._keep_with_marks()
        chunk = self._queue[-1] if self._queue else None
        if (
            chunk is None
            or begins
            or chunk.manifest != manifest
            or chunk.is_sealed
            or chunk.changes + changes > CHUNK_CHANGES
            or chunk.nbytes + nbytes > CHUNK_BYTES
            or (first is not None and not chunk.takes_items(first))
        ):
            chunk = OpenChunk(manifest)
            self._queue.append(chunk)
        return chunk

    def _added(self, chunk: OpenChunk, changes: int, nbytes: int) -> None:
        warnings = self._attempt.warnings
        if warnings is not NO_WARNINGS and warnings:
            chunk.warnings += warnings.take((THE_STAGE, A_MARKED_ITEM))
        self._changed.add(chunk.manifest)
        chunk.changes += changes
        chunk.nbytes += nbytes
        self.added += changes
        self._queued_changes += changes
        self._queued_bytes += nbytes
        if self._is_urgent:
            self._hurry.set()
        if self._writer is None:
            # Not a handler's task: the handler may cancel all of its tasks, but its marks of items must be stored.
            self._writer = supervised(executor_task(self._write()), "the writer of a manifest")

    @property
    def _is_urgent(self) -> bool:
        return self._waiting > 0 or self._queued_changes >= CHUNK_CHANGES or self._queued_bytes >= CHUNK_BYTES

    async def _write(self) -> None:
        """Store what is queued, chunk by chunk, until nothing is left."""
        try:
            while self._queue:
                if not self._is_urgent:
                    self._hurry.clear()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(LINGER_S):
                            await self._hurry.wait()
                async with self.storing:
                    chunk = self._next_chunk()
                    try:
                        await self._store(chunk.request)
                    except BaseException:
                        self._give_back(chunk.request)
                        raise
                    self.durable += chunk.changes
                    if chunk.appended is not None:
                        self._appended.store(chunk.manifest, chunk.appended, chunk.columns, chunk.item_nbytes)
                self._stored.set()
        except AttemptSuperseded:
            self._error = AttemptStopped(Stop.LOST)
            self._attempt.interrupt(Stop.LOST)
        except (Exception, AttemptStopped) as error:  # noqa: BLE001 - raised again at the next call that adds or waits
            self._error = error
        finally:
            self._writer = None
            self._stored.set()

    def _give_back(self, request: executor_service_pb2.AppendManifestRequest) -> None:
        """This chunk and the queued ones are not stored: their warnings go with the attempt's outcome."""
        self._attempt.give_back(request.warnings)
        for chunk in self._queue:
            self._attempt.give_back(chunk.warnings)
            chunk.warnings.clear()

    def _keep_with_marks(self) -> None:
        """Put warnings about items that were marked just now into the last chunk, which has their marks."""
        if self._queue and self._attempt.warnings:
            self._queue[-1].warnings += self._attempt.warnings.take((A_MARKED_ITEM,))

    def _next_chunk(self) -> OpenChunk:
        """The next chunk, numbered, with the warnings about its items and those that go with its changes."""
        self._keep_with_marks()
        attempt = self._attempt
        chunk = self._queue.popleft()
        self._queued_changes -= chunk.changes
        self._queued_bytes -= chunk.nbytes
        if attempt.warnings:
            about = [(chunk.manifest, position) for position in chunk.results]
            chunk.warnings += attempt.warnings.take(about)
        request = chunk.close()
        request.task_id = attempt.task_id
        request.attempt_id = attempt.attempt_id
        request.chunk = self.last_chunk + 1
        if chunk.warnings:
            request.warnings.extend(summed(chunk.warnings))
        return chunk

    async def _store(self, request: executor_service_pb2.AppendManifestRequest) -> None:
        response = await self._link.append_manifest(request)
        if response.verdict == work_pb2.EVENT_VERDICT_SUPERSEDED:
            raise AttemptSuperseded("the attempt is not the task's current one")
        if response.last_chunk < request.chunk:
            text = f"chunk {request.chunk} of a manifest was not taken: the last one stored is {response.last_chunk}"
            raise InternalError(text)
        self.last_chunk = request.chunk


def refuse_off_loop() -> None:
    """Raise RuntimeError where no event loop runs, as in a thread of an async handler."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(_OFF_LOOP) from None

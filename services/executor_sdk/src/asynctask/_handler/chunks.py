"""The numbered chunks in which an attempt's changes to its manifests travel, one at a time."""

import asyncio
import contextlib
from typing import Final

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.pending_warnings import A_MARKED_ITEM, THE_STAGE, summed
from asynctask._attempt.stop import Stop, Stopped
from asynctask._handler.link import Link
from asynctask._supervision import supervised
from asynctask.errors import AttemptSuperseded, InternalError
from asynctask_core import limits
from asynctask_protos.scheduler.v1 import executor_service_pb2
from asynctask_protos.task.v1 import manifest_pb2, task_pb2, work_pb2

CHUNK_CHANGES: Final = 2_000
"""Changes in one chunk: large enough to share its round trip and transaction."""
CHUNK_BYTES: Final = limits.BATCH_BYTES // 2
"""Size in one chunk."""
BACKLOG: Final = 4 * CHUNK_CHANGES
"""Changes not yet stored at which writers wait."""
LINGER_S: Final = 0.5
"""A change waits for others at most this long."""

Change = manifest_pb2.ManifestItem | work_pb2.ItemResult


class Chunks:
    """Buffers changes of all manifests of one attempt, and stores them in their order."""

    def __init__(self, attempt: Attempt, link: Link) -> None:
        self._attempt = attempt
        self._link = link
        # A manifest, a change of it, its size, and the warnings that go with it: what was warned of in general since
        # the change before it, and of marked items until the change behind it.
        self._queue: list[tuple[str, Change | str, int, list[task_pb2.TaskWarning]]] = []
        self._queued_bytes = 0
        self.added: int = 0
        """Changes that were added so far, over the whole attempt."""
        self.durable: int = 0
        """How many of them are stored."""
        self.storing = asyncio.Lock()
        """Held while a chunk is stored: who holds it sees what `durable` says, not more and not less."""
        self._stored = asyncio.Event()
        self._hurry = asyncio.Event()
        self._waiting = 0
        self._writer: asyncio.Task[None] | None = None
        self._error: BaseException | None = None
        self.last_chunk: int = 0
        """Number of the last chunk that is stored."""

    def add_item(self, manifest: str, item: manifest_pb2.ManifestItem, nbytes: int) -> None:
        """Append or replace an item."""
        self._add(manifest, item, nbytes + 32)

    def add_result(self, manifest: str, result: work_pb2.ItemResult) -> None:
        """Change an item's state."""
        self._add(manifest, result, len(result.error) + 16)

    def reset(self, manifest: str) -> None:
        """Drop every item of a manifest, in this place of the order."""
        self._add(manifest, "reset", 0)

    def seal(self, manifest: str) -> None:
        """Say that a manifest is complete, in this place of the order."""
        self._add(manifest, "seal", 0)

    @property
    def is_full(self) -> bool:
        """Whether writers should wait in `drain`."""
        return len(self._queue) >= BACKLOG

    async def drain(self) -> None:
        """Wait until there is room again. Raises as `flush`."""
        while self.is_full:
            await self._progress()
        self._raise_error()

    async def flush(self) -> None:
        """Wait until everything added so far is stored; what others add meanwhile is not waited for.

        Raises:
            Stopped: the attempt is lost.
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
        """Give up what is not stored, the attempt has ended; whoever still waits for it gets `Stopped`."""
        if self._error is None:
            self._error = Stopped(Stop.LOST)
        if self._writer is not None:
            # Said here: a writer that is cancelled before its first step never comes to say it.
            self._writer.cancel()
            self._writer = None
            self._stored.set()

    async def _progress(self) -> None:
        """Wait until one more chunk is stored."""
        self._raise_error()
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

    def _add(self, manifest: str, change: Change | str, nbytes: int) -> None:
        self._raise_error()
        pending = self._attempt.warnings
        self._keep_with_marks()
        self._queue.append((manifest, change, nbytes, pending.take((THE_STAGE,)) if pending else []))
        self._keep_with_marks()
        self.added += 1
        self._queued_bytes += nbytes
        if self._is_urgent:
            self._hurry.set()
        if self._writer is None:
            self._writer = supervised(
                asyncio.get_running_loop().create_task(self._write()), "the writer of a manifest"
            )

    @property
    def _is_urgent(self) -> bool:
        return self._waiting > 0 or len(self._queue) >= CHUNK_CHANGES or self._queued_bytes >= CHUNK_BYTES

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
                    request = self._next_chunk()
                    taken = self.added - len(self._queue)
                    try:
                        await self._store(request)
                    except BaseException:
                        self._give_back(request)
                        raise
                    self.durable = taken
                self._stored.set()
        except AttemptSuperseded:
            self._error = Stopped(Stop.LOST)
            self._attempt.interrupt(Stop.LOST)
        except (Exception, Stopped) as error:  # noqa: BLE001 - raised again at the next call that adds or waits
            self._error = error
        finally:
            self._writer = None
            self._stored.set()

    def _give_back(self, request: executor_service_pb2.AppendManifestRequest) -> None:
        """Neither this chunk nor what is queued behind it is stored: their warnings go with the attempt's outcome."""
        self._attempt.give_back(request.warnings)
        for *_, warned in self._queue:
            self._attempt.give_back(warned)
            warned.clear()

    def _keep_with_marks(self) -> None:
        """Keep what was warned of right after an item was marked with the last change: the mark is not behind it."""
        if self._queue and self._attempt.warnings:
            *_, warned = self._queue[-1]
            warned += self._attempt.warnings.take((A_MARKED_ITEM,))

    def _next_chunk(self) -> executor_service_pb2.AppendManifestRequest:
        """The longest run of changes that fits one chunk: one manifest; a reset begins one and a seal ends one.

        It takes along what was warned of its items, and what goes with its changes.
        """
        self._keep_with_marks()
        manifest = self._queue[0][0]
        attempt = self._attempt
        request = executor_service_pb2.AppendManifestRequest(
            task_id=attempt.task_id,
            attempt_id=attempt.attempt_id,
            chunk=self.last_chunk + 1,
            manifest=manifest,
        )
        items: dict[int, manifest_pb2.ManifestItem] = {}
        results: dict[int, work_pb2.ItemResult] = {}
        warnings: list[task_pb2.TaskWarning] = []
        size = count = 0
        for name, change, nbytes, warned in self._queue:
            full = count >= CHUNK_CHANGES or (count and size + nbytes > CHUNK_BYTES)
            if full or name != manifest or request.seal or (change == "reset" and count):
                break
            # Within a chunk items go before results, so an item appended again after its result begins the next one.
            if isinstance(change, manifest_pb2.ManifestItem):
                if change.position in results:
                    break
                items[change.position] = change
            elif isinstance(change, work_pb2.ItemResult):
                results[change.position] = change
            elif change == "reset":
                request.reset = True
            else:
                request.seal = True
            warnings += warned
            size += nbytes
            count += 1
        if attempt.warnings:
            warnings += attempt.warnings.take([(manifest, position) for position in results])
        request.items.extend(items.values())
        request.results.extend(results.values())
        if warnings:
            request.warnings.extend(summed(warnings))
        del self._queue[:count]
        self._queued_bytes -= size
        return request

    async def _store(self, request: executor_service_pb2.AppendManifestRequest) -> None:
        response = await self._link.append_manifest(request)
        if response.verdict == work_pb2.EVENT_VERDICT_SUPERSEDED:
            raise AttemptSuperseded("the attempt is not the task's current one")
        if response.last_chunk < request.chunk:
            text = f"chunk {request.chunk} of a manifest was not taken: the last one stored is {response.last_chunk}"
            raise InternalError(text)
        self.last_chunk = request.chunk

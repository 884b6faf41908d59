"""Executes the ordered list: a few files at once, marked as done only when they are on storage.

One thread, the stage's own, talks to the cluster; up to `CONCURRENCY` threads make changes, small ones in groups
(`asynctask_nas.crew`); one more flushes. Finished changes are collected for a moment, flushed together, then marked. So
a kill loses the work of at most two flushes, and at most `WINDOW_MOST` small changes are made again, which is safe. For
a large file the checkpoint holds how much of it is on storage.

A stop (pause, drain, cancel) reaches every thread at its next chunk, within a tenth of a second.
"""

from __future__ import annotations

import contextlib
import contextvars
import queue
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asynctask import Postpone, RetryLater
from asynctask_core.errors import NotEnoughSpace, TaskFailure
from asynctask_core.states import ItemState
from asynctask_nas import unflushed
from asynctask_nas.ahead import ahead
from asynctask_nas.changes import Action, Change, change_of
from asynctask_nas.copy import PartialCopy, remove_part
from asynctask_nas.crew import Beside, Crew
from asynctask_nas.durable import flush
from asynctask_nas.entries import Skipped
from asynctask_nas.failing import FULL, failed_at
from asynctask_nas.leftovers import TaskNote, end, storage_of_parts
from asynctask_nas.pace import PaceStopped
from asynctask_nas.paths import join
from asynctask_nas.phases import step_of
from asynctask_nas.position import Transferred
from asynctask_nas.small import UNUSUAL
from asynctask_nas.small_copies import SmallCopies
from asynctask_nas.space import full
from asynctask_nas.tree import Tree
from asynctask_nas.verify import CHECKED
from asynctask_nas.words import counted

if TYPE_CHECKING:
    from asynctask import ItemInfo, ThreadContext
    from asynctask_nas.config import BackupConfig
    from asynctask_nas.perform import Performer
    from asynctask_nas.tally import Tally

CONCURRENCY = 4
"""Changes at once: enough to keep a network mount busy, few enough for a single disk."""
WINDOW, WINDOW_LEAST, WINDOW_MOST = 8192, 512, 32_768
"""Most changes that are begun or made but not marked yet: at the start, with slow flushes, and with quick ones."""
BEGUN_MOST = 2048
"""Most changes that are begun: enough for every thread."""
_QUICK_S, _SLOW_S = 0.5, 2.0
"""A flush that takes less lets the window grow, one that takes more makes it smaller: a stop has to wait for one."""
_SETTLE_S, _SETTLE_MOST_S = 0.3, 1.0
"""Finished changes are collected for twice the time of a flush, within these limits."""
_KEEP_S = 2.0
_TURN_S = 0.1
_TELL_S = 0.05
_GROUPS = 32
"""A group of small changes is the window divided by this."""


class DestinationFull(Exception):
    """The destination filled up at `path`."""

    def __init__(self, path: bytes) -> None:
        super().__init__(path)
        self.path = path


@dataclass(slots=True)
class Job:
    """One item on its way through the threads."""

    item: ItemInfo
    change: Change
    part: PartialCopy
    error: Exception | None = None


class Transfer:
    """Makes the remaining changes of `ctx.manifest`. `kept` are the unfinished large files of the last checkpoint."""

    def __init__(
        self,
        ctx: ThreadContext[BackupConfig],
        performer: Performer,
        tally: Tally,
        kept: Iterable[PartialCopy] = (),
    ) -> None:
        self._ctx = ctx
        self._performer = performer
        self._tally = tally
        self._kept = {part.path: part for part in kept}
        self._running: dict[int, Job] = {}
        self._step = (0, 0)
        self._loose: list[Job] = []
        self._unmarked_bytes = 0
        """Bytes of the items that have ended and are not marked."""
        self._is_unflushed = False
        self._unsure: list[Job] = []
        """The batch whose flush failed."""
        self._storage = performer.destination.hold_storage()
        self._note = TaskNote(performer.destination.tree, ctx.task_id)
        context = contextvars.copy_context()
        self._copies = SmallCopies(
            Tree.of(performer.source),
            performer.destination,
            performer.pace,
            tally.files,
            # It is called on threads without the context variables that the log needs.
            lambda text: context.copy().run(ctx.log.warning, "%s", text),
        )
        self._stopped: list[Job] = []
        self._window = WINDOW
        self._settle_s = _SETTLE_S
        self._comes_no_more = False
        """True while no more changes may begin until those that have begun have ended."""
        self._flushing: tuple[list[Job], Future[float]] | None = None
        self._settled_at = self._checked_at = self._remembered_at = time.monotonic()
        self._remembered = self._position()

    def run(self) -> None:
        """Make all remaining changes.

        Raises:
            NotEnoughSpace: the destination filled up.
            Postpone: the source or the destination as a whole is gone.
            RetryLater: a file system failed.
        """
        with self._threads():
            for item in ahead(self._ctx.manifest.pages(ItemState.TODO, ItemState.FAILED)):
                change = change_of(item.key, item.size, item.data)
                self._make_room(step_of(change))
                self._start(Job(item, change, self._kept.pop(item.key, PartialCopy(item.key))))
            self._comes_no_more = True
            while self._running or self._loose or self._flushing or self._stopped:
                self._turn()
        self._report()

    @contextmanager
    def _threads(self) -> Iterator[None]:
        with (
            closing(self._copies),
            ThreadPoolExecutor(CONCURRENCY, "backup") as pool,
            ThreadPoolExecutor(1, "backup-flush") as self._flusher,
        ):
            self._copies.start()
            self._crew = Crew(pool, CONCURRENCY, max(1, WINDOW // _GROUPS), self._perform)
            try:
                yield
            except Exception as error:
                # Finished changes and durable parts count, even if the stage fails.
                self._keep(self._halt())
                # Ignore further failures: changes that are not marked are made again.
                with contextlib.suppress(
                    Postpone, RetryLater, TaskFailure, DestinationFull, OSError, RuntimeError
                ):
                    self._settle()
                self._note_unflushed()
                self._ctx.checkpoint(self._position())
                if isinstance(error, DestinationFull):
                    raise self._told(error) from error.__cause__
                raise
            finally:
                self._performer.pace.stop()
                # Here, since a cancel may be raised by any call of the context.
                if self._ctx.cancelled:
                    self._keep(self._halt())
                    self._remove_unfinished()

    def _start(self, job: Job) -> None:
        job.error = None
        self._running[job.item.position] = job
        self._crew.give(job, job.item.size, job.change.path.rpartition(b"/")[0])

    def _perform(self, jobs: list[Job], beside: Beside) -> tuple[list[Job], list[Job]]:
        """Make some changes, in a group if possible, otherwise one by one; see `crew.Perform`."""
        together: list[Job] = []
        apart: list[Job] = []
        for job in jobs:
            is_small = self._copies.takes(job.change) and not job.part.proven
            (together if is_small else apart).append(job)
        if not together:
            return self._perform_singly(jobs)
        try:
            copied = self._copies.copy([job.change for job in together], beside)
        except Exception as error:  # noqa: BLE001 - a stop as well; raised again by the stage's own thread
            for job in jobs:
                job.error = error
            return jobs, []
        done = together[: len(copied)]
        for job, count in zip(done, copied, strict=True):
            if count == UNUSUAL:
                self._perform_one(job)
            else:
                job.part.moved = count
        return done, together[len(copied) :] + apart

    def _perform_singly(self, jobs: list[Job]) -> tuple[list[Job], list[Job]]:
        began = time.monotonic()
        for number, job in enumerate(jobs, 1):
            self._perform_one(job)
            if time.monotonic() - began > _TELL_S:
                return jobs[:number], jobs[number:]
        return jobs, []

    def _perform_one(self, job: Job) -> None:
        try:
            if self._performer.pace.is_stopping:
                raise PaceStopped
            self._performer.perform(job.change, job.part)
        except Exception as error:  # noqa: BLE001 - raised again by the stage's own thread
            job.error = error

    def _make_room(self, step: tuple[int, int]) -> None:
        """Wait until another change may begin: the window has room, and no earlier phase is running."""
        while True:
            if not self._running:
                self._step = step
            self._comes_no_more = step != self._step
            flushing = len(self._flushing[0]) if self._flushing else 0
            begun = len(self._running)
            is_room = begun < BEGUN_MOST and begun + len(self._loose) + flushing < self._window
            if step == self._step and is_room:
                if time.monotonic() - self._checked_at > _TURN_S:
                    self._look_after()
                return
            self._turn()

    def _turn(self) -> None:
        """Take jobs that have ended; then, at least every tenth of a second, do all other work."""
        if self._comes_no_more:
            self._crew.hand_over_all()
        else:
            self._crew.hand_over()
        wait_s = _TURN_S if self._running else 0.01
        try:
            self._take_all(self._crew.ended.get(timeout=wait_s))
            while True:
                self._take_all(self._crew.ended.get_nowait())
        except queue.Empty:
            pass
        self._tidy()
        if self._stopped or time.monotonic() - self._checked_at > _TURN_S:
            self._look_after()

    def _take_all(self, jobs: Sequence[Job]) -> None:
        for number, job in enumerate(jobs, 1):
            try:
                self._take(job)
            except Exception:
                self._crew.ended.put(jobs[number:])  # `_halt` waits for all jobs
                raise

    def _take(self, job: Job) -> None:
        del self._running[job.item.position]
        error = job.error
        if isinstance(error, PaceStopped):
            self._stopped.append(job)
            return
        if error is not None and not isinstance(error, Skipped):
            self._keep([job])
        if isinstance(error, Skipped):
            self._performer.check()  # skip a file that vanished, but fail if the whole source vanished
        elif error is not None:
            raise self._failure(error, job.change.path) from error
        self._finish(job)

    def _finish(self, job: Job) -> None:
        self._loose.append(job)
        self._unmarked_bytes += job.item.size

    def _failure(self, error: Exception, path: bytes) -> Exception:
        """The stage's error for a failed item. For a full destination, `_told` makes the final one at the end."""
        if not isinstance(error, OSError):
            return error
        target = self._performer.destination
        # If a root is gone, raise that error instead.
        self._performer.check()
        return DestinationFull(path) if error.errno in FULL else failed_at(join(target.shown, path), error)

    def _told(self, error: DestinationFull) -> NotEnoughSpace:
        """The error for people, made once it is known what is finished and how much of the rest is durable."""
        target, task_id = self._performer.destination, self._ctx.task_id
        proven = [part.path for part in self._kept.values() if part.proven]
        return full(
            target.tree,
            error.path,
            self._tally.total_bytes - self._tally.bytes,
            shown=target.shown,
            unfinished=storage_of_parts(target.tree, task_id, proven),
            task_id=task_id,
        )

    def _look_after(self) -> None:
        self._checked_at = time.monotonic()
        if self._stopped or self._ctx.should_stop:
            self._obey()
        self._tidy()
        self._report()
        self._remember()

    def _tidy(self) -> None:
        """Mark changes that are on storage, and flush those that were collected."""
        now = time.monotonic()
        if self._flushing and self._flushing[1].done():
            self._mark()
        # Once no more changes come, each flush begins when the one before ends, so that the last one is short.
        is_due = (
            now - self._settled_at >= self._settle_s
            or len(self._loose) >= self._window // 2
            or self._comes_no_more
        )
        if self._loose and not self._flushing and is_due:
            self._settled_at = now
            batch, self._loose = self._loose, []
            self._flushing = batch, self._flusher.submit(self._flush)

    def _flush(self) -> float:
        """Flush; returns the seconds that took. Runs on its own thread."""
        began = time.monotonic()
        flush(self._storage)
        return time.monotonic() - began

    def _mark(self) -> None:
        assert self._flushing is not None
        batch, done = self._flushing
        self._flushing = None
        try:
            self._adapt(done.result())
        except OSError as error:
            # The next flush may succeed although content is lost, since the kernel has dropped what it could not write.
            # So changes that are not marked by now are made again.
            self._is_unflushed = True
            self._unsure = batch
            raise self._failure(error, batch[-1].change.path) from error
        try:
            self._performer.check()
        except Exception:
            # The changes were made and flushed through the open roots, so they are not below the mount points.
            if self._performer.is_all_held:
                self._mark_all([job for job in batch if job.error is None])
            raise
        self._mark_all(batch)

    def _mark_all(self, batch: Iterable[Job]) -> None:
        manifest = self._ctx.manifest
        plain: list[ItemInfo] = []
        for job in batch:
            self._tally.items += 1
            self._tally.bytes += job.item.size
            self._unmarked_bytes -= job.item.size
            if job.error is not None:
                self._tally.skipped[job.change.action] += 1
                manifest.record(job.item, ItemState.SKIPPED, str(job.error))
            elif job.part.note:
                self._tally.has_notes = True
                manifest.record(job.item, ItemState.DONE, job.part.note)
            else:
                plain.append(job.item)
        manifest.record_all(plain, ItemState.DONE)

    def _adapt(self, flushed_s: float) -> None:
        self._settle_s = min(max(_SETTLE_S, 2 * flushed_s), _SETTLE_MOST_S)
        if flushed_s < _QUICK_S:
            self._window = min(WINDOW_MOST, self._window * 2)
        elif flushed_s > _SLOW_S:
            self._window = max(WINDOW_LEAST, self._window // 2)

    def _obey(self) -> None:
        """Stop at a safe point; if the pause was withdrawn meanwhile, go on."""
        stopped = self._halt()
        # Before anything can fail, so that the durable parts are kept even if the last flush fails.
        self._keep(stopped)
        self._settle()
        self._ctx.checkpoint(self._position())
        self._performer.pace.resume()
        for job in stopped:
            self._kept.pop(job.part.path, None)
            self._start(job)

    def _remove_unfinished(self) -> None:
        """Remove all unfinished files: the task is cancelled, and may never be restarted."""
        for path in self._kept:
            remove_part(path, self._performer.destination)
        if any(part.proven for part in self._kept.values()):
            said = "removed the unfinished copies of large files; a restart copies them anew (a pause keeps them)"
            self._ctx.log.info(said)
        end(self._performer.destination.tree, self._ctx.task_id)

    def _halt(self) -> list[Job]:
        """Stop the threads; returns the jobs that are not finished."""
        self._performer.pace.stop()
        self._crew.hand_over_all()
        stopped, self._stopped = self._stopped, []
        while self._running:
            for job in self._crew.ended.get():
                del self._running[job.item.position]
                if job.error is None or isinstance(job.error, Skipped):
                    self._finish(job)
                else:
                    stopped.append(job)
        return stopped

    def _keep(self, stopped: Iterable[Job]) -> None:
        self._kept |= {job.part.path: job.part for job in stopped}

    def _settle(self) -> None:
        """Flush and mark all finished changes; no effect once a flush has failed."""
        if self._is_unflushed:
            return
        if self._flushing:
            self._mark()
        if self._loose:
            self._flushing = self._loose, self._flusher.submit(self._flush)
            self._loose = []
            self._mark()

    def _note_unflushed(self) -> None:
        """Note which copies may not be on storage: the next task would otherwise take them for good copies."""
        made = [job for job in (*self._unsure, *self._loose) if job.error is None]
        # With ATTRIBUTES, the file may have been copied, since it had changed.
        paths = [job.change.path for job in made if job.change.action in {*CHECKED, Action.ATTRIBUTES}]
        if not self._is_unflushed or not paths:
            return
        try:
            unflushed.note(self._performer.destination.tree, paths)
        except OSError as error:
            said = "%s may not be on storage, and that could not be noted at the destination: %s"
            self._ctx.log.error(said, counted(len(paths), "files"), error)

    def _report(self) -> None:
        running = list(self._running.values())
        # Most jobs wait and have moved nothing; this runs ten times a second, for up to `BEGUN_MOST` jobs.
        moving = sum([min(job.part.moved, job.item.size) for job in running if job.part.moved])
        done = self._tally.bytes + moving + self._unmarked_bytes
        self._ctx.progress(done, self._tally.total_bytes, unit="bytes", message=self._tally.message)

    def _remember(self) -> None:
        """Every few seconds, checkpoint the durable parts of large files, if they have changed."""
        now = time.monotonic()
        if now - self._remembered_at < _KEEP_S:
            return
        self._remembered_at = now
        self._note.renew()
        position = self._position()
        if position != self._remembered:
            self._ctx.checkpoint(position)
            self._remembered = position

    def _position(self) -> Transferred:
        parts = [*self._kept.values(), *(job.part for job in self._running.values())]
        return Transferred.of(parts)

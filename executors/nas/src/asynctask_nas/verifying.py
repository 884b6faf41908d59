"""The stage `verify`: compares what was copied, or all of the source, with the copies, and repairs them if asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes, unquote_to_bytes

from asynctask import ItemInfo
from asynctask_core.errors import VerificationFailed
from asynctask_core.ids import id_time_ms, parse_id
from asynctask_core.states import ItemState
from asynctask_nas import unflushed
from asynctask_nas.assembling import destination_of, probe_again, walk_of
from asynctask_nas.capabilities import scratch
from asynctask_nas.changes import Action, Change, change_of
from asynctask_nas.entries import COPIED, Entry, Kind
from asynctask_nas.exclude import Exclude
from asynctask_nas.holes import content_bytes
from asynctask_nas.looks import looking
from asynctask_nas.names import NameTrials
from asynctask_nas.notes import copied_bytes
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.paths import ROOT, parent
from asynctask_nas.perform import Performer
from asynctask_nas.position import Verified
from asynctask_nas.repair import Repairer
from asynctask_nas.telling import tell_verifying
from asynctask_nas.throttle import Throttle
from asynctask_nas.verify import CHECKED, MISSING, CopyVerdict, Verifier
from asynctask_nas.verify_steps import Step, expected, passed_over, unseen
from asynctask_nas.warned import warn_of_names_apart
from asynctask_nas.words import counted, listed, printable, size_text

if TYPE_CHECKING:
    from asynctask import ThreadContext
    from asynctask_nas.config import BackupConfig
    from asynctask_nas.results import Report
    from asynctask_nas.roots import HeldRoots
    from asynctask_nas.walk import Walk

DIFFERENCES = "differences"
_KEEP_S = 2.0
_SAY_S = 0.02
_EXAMPLES = 10
_STALE_S = 1.1
"""How long one spelling of a name may still show the entry that was replaced under another spelling.

FUSE caches each spelling by itself, for a second.
"""


def verified(ctx: ThreadContext[BackupConfig], report: Report, roots: HeldRoots) -> Verified:
    """Compare what was copied, or everything, and repair it if asked."""
    config = ctx.config
    pace = Pace(Throttle(config.bytes_per_s), lambda: ctx.should_stop)
    holds = probe_again(roots, config)
    exclude = Exclude(config.exclude)
    target = destination_of(ctx, roots, holds, keeps_replaced=True)
    performer = Performer(roots.source, target, pace, exclude, roots.check) if config.repair else None
    is_all = config.verify == "all"
    verification = Verification(
        ctx,
        Verifier(
            roots.source, roots.destination, "size" if config.verify == "size" else "checksum", holds, pace
        ),
        roots,
        files=report.all_files if is_all else report.checked or report.files,
        size=report.all_bytes if is_all else report.checked_bytes or report.bytes,
        performer=performer,
    )
    try:
        with NameTrials(holds.names, partial(scratch, roots.destination)) as names:
            walk = partial(walk_of, roots, config, names, look=verification.look)
            return verification.of_everything(walk) if is_all else verification.of_copies(walk)
    finally:
        target.close()


class Verification:
    """Compares in the order of a list. `files` and `size` are the totals; `performer` is given if it shall repair."""

    def __init__(
        self,
        ctx: ThreadContext[BackupConfig],
        verifier: Verifier,
        roots: HeldRoots,
        *,
        files: int,
        size: int,
        performer: Performer | None = None,
    ) -> None:
        self._ctx = ctx
        self._verifier = verifier
        self._roots = roots
        self._files = files
        self._size = size
        self._item_size = self._rereads = 0
        """Bytes of the item that is compared; `_rereads` are those read through a hard link, which are not its own."""
        self._furthest = 0
        """Highest progress reported: a repair reads content again, but the bar must not go back."""
        self._again = ""
        """What a repair is doing again to the item."""
        self._repairer = None
        if performer is not None:
            performer = replace(performer, pace=performer.pace.telling(self._report_repair))
            self._repairer = Repairer(performer, self._check, self._keep, ctx.log)
        self._differences = ctx.named_manifest(DIFFERENCES)
        self._said_at = 0.0
        self._settles_at = time.monotonic() + _STALE_S * verifier.holds.names.folds
        self._now = ctx.checkpoint_as(Verified) or Verified()
        self._listed_since: dict[bytes, ItemInfo] = {}
        """Differences that a killed attempt listed after its last checkpoint, by path: they are compared again."""
        if ctx.checkpoint_as(Verified) is None:
            self._differences.reset()
        else:
            self._read_list()
        tell_verifying(ctx, files, self._now)

    def _read_list(self) -> None:
        """Read the differences that earlier attempts have listed, if they are needed."""
        listed = self._now.different + self._now.repaired
        repairer = self._repairer
        if repairer is None and self._differences.counts().total.items == listed:
            return
        for item in looking(self._differences.items(), self.look):
            if item.position >= listed:
                self._listed_since[item.key] = item
            if repairer is not None and (inode := item.data.get("inode")):
                repairer.remember((inode[0], inode[1]), item.key)

    @property
    def _path(self) -> bytes | None:
        """The path after which a verification of everything goes on."""
        return None if self._now.path is None else unquote_to_bytes(self._now.path)

    def of_copies(self, walk: Callable[[bytes | None], Walk]) -> Verified:
        """Compare what this task copied. `walk` goes through both sides from after a path."""
        return self._run(self._copies(), walk)

    def of_everything(self, walk: Callable[[bytes | None], Walk]) -> Verified:
        """Compare all of the source, also entries that this task did not copy."""
        return self._run(self._everything(walk(self._path)), walk)

    def _copies(self) -> Iterator[Step]:
        for item in looking(self._ctx.manifest.items(ItemState.DONE), self.look):
            change = change_of(item.key, item.size, item.data)
            size = copied_bytes(item.error)
            if item.position > self._now.after and (change.action in CHECKED or size is not None):
                yield Step(change if size is None else change._replace(size=size), after=item.position)

    def _everything(self, walk: Walk) -> Iterator[Step]:
        # Skipped items are reported as skipped, not as differences.
        left_out = self._ctx.manifest.items(ItemState.SKIPPED, ItemState.EXCLUDED)
        skipped = {ROOT, *(item.key for item in looking(left_out, self.look))}
        for pair in looking(walk, self.look):
            entry = pair.source
            if pair.path in skipped:
                if entry is not None and entry.kind is not Kind.FOLDER:
                    yield Step(passed_over(pair.path, entry), path=pair.path, is_passed_over=True)
                continue
            if pair.problem:
                yield from unseen(pair)
                continue
            if entry is None or entry.kind not in COPIED:
                continue
            content = 0
            if entry.kind is Kind.FILE:
                # Exact, as for the copy: the storage of a file with holes counts whole blocks.
                content = content_bytes(self._roots.source, pair.path, entry, self._verifier.holds)
            yield Step(expected(pair.path, entry, content, self._is_later(entry)), path=pair.path)

    def _is_later(self, entry: Entry) -> bool:
        """Tell whether the source was changed since the submit, so that this run may not have copied it."""
        return entry.ctime_ns >= id_time_ms(parse_id(self._ctx.task_id)) * 1_000_000

    def _came_with_a_folder(self, path: bytes, *, is_missing: bool) -> bool:
        """Tell whether a parent folder was renamed since the submit, and so brought an entry that is itself unchanged.

        Every new entry changes a folder's modification time, but a rename of the folder does not. So for an entry with
        a copy, only a parent with an old modification time counts. The caller also checks `Verifier.passes`.
        """
        submitted_ns = id_time_ms(parse_id(self._ctx.task_id)) * 1_000_000
        while path != ROOT:
            path = parent(path)
            try:
                entry = self._roots.source.look(path)
            except OSError:
                return False
            if entry is None or (self._is_later(entry) and (is_missing or entry.mtime_ns < submitted_ns)):
                return True
        return False

    def _run(self, steps: Iterator[Step], walk: Callable[[bytes | None], Walk]) -> Verified:
        kept_at = time.monotonic()
        for step in steps:
            if step.is_passed_over:
                self._pass_over(step)
                kept_at = self._keep_at_times(kept_at)
                continue
            verdict, said = (step.verdict, step.said) if step.verdict else self._check(step.change)
            if verdict is CopyVerdict.DIFFERENT and step.verdict is None and self._settle():
                verdict, said = self._check(step.change)
            if verdict is not CopyVerdict.EQUAL:
                self._roots.check()  # if a root is not mounted any more, everything seems to differ
            if verdict is CopyVerdict.DIFFERENT and step.path is not None and step.verdict is None:
                came = self._came_with_a_folder(step.path, is_missing=said == MISSING)
                if came and not self._verifier.passes(step.change):
                    verdict, said = CopyVerdict.MOVED_ON, ""
            repaired = None
            if step.verdict is None:
                verdict, said, repaired = self._repair(step.change, verdict, said)
            self._tell(step.change, verdict, said, repaired)
            self._count(step, verdict, said, is_repaired=repaired is not None)
            self._report(0)
            kept_at = self._keep_at_times(kept_at)
        if self._repairer is not None:
            self._repairer.unite(lambda: walk(None))
        self._roots.check()
        self._differences.flush()
        if self._repairer is not None:
            # Last, after all that may fail: if the attempt were repeated, the warning would count twice.
            warn_of_names_apart(self._ctx, self._repairer.apart)
        # The number of files in the source may have changed since they were counted.
        self._files = self._now.items + self._now.passed_over
        size = self._size + self._now.reread
        self._ctx.progress(size, size, unit="bytes", message=self._message)
        return self._now

    def _repair(
        self, change: Change, verdict: CopyVerdict, said: str
    ) -> tuple[CopyVerdict, str, dict[str, Any] | None]:
        """Repair an item that differs, if asked; returns its verdict and text then, and facts about the repair."""
        repairer, path = self._repairer, quote_from_bytes(change.path)
        if repairer is None or (verdict is not CopyVerdict.DIFFERENT and self._now.repairing != path):
            return verdict, said, None
        inode = repairer.names_of(change.path)
        if verdict is CopyVerdict.DIFFERENT:
            # Record the repair first: after a kill the item no longer differs, but must be reported and united with its
            # other names.
            self._now = replace(self._now, repairing=path, difference=said)
            self._keep()
            after, said_after = repairer.repair(change, inode, said)
            if after in {CopyVerdict.MOVED_ON, CopyVerdict.UNREADABLE}:
                return after, said_after, None  # the source proves nothing about the copy any more
        elif verdict is CopyVerdict.EQUAL:
            # An earlier attempt repaired it, and was killed before it could report that.
            after, said = verdict, self._now.difference
            if inode is not None:
                repairer.remember(inode, change.path)
        else:
            return verdict, said, None
        if after is not CopyVerdict.EQUAL:
            return CopyVerdict.DIFFERENT, said, None
        return CopyVerdict.DIFFERENT, said, {"repaired": True} | ({"inode": list(inode)} if inode else {})

    def _tell(self, change: Change, verdict: CopyVerdict, said: str, repaired: dict[str, Any] | None) -> None:
        name = printable(change.path)
        if verdict is CopyVerdict.UNREADABLE and self._now.unreadable:  # the warning names the first
            self._ctx.log.warning("%s is not verified: source unreadable: %s", name, said)
        if verdict is CopyVerdict.MOVED_ON and self._now.moved_on:
            self._ctx.log.warning("%s is not verified: it changed during the backup", name)
        if verdict is CopyVerdict.DIFFERENT:
            self._ctx.log.error("%s %s%s", name, said, " (repaired)" * (repaired is not None))
            self._list(change, said, repaired)

    def _list(self, change: Change, said: str, repaired: dict[str, Any] | None) -> None:
        """Add a difference to the list: as failed, or as done if it is repaired, so that people find what is left."""
        data = {"difference": said} | (repaired or {})
        listed = self._listed_since.pop(change.path, None)
        if listed is None or listed.data != data:
            position = self._differences.append(change.path, size=change.size, data=data)
            self._differences.push()  # an item's state can only be recorded after the item is stored
            listed = ItemInfo(position, change.path, change.size, ItemState.TODO, "", data)
        state = ItemState.FAILED if repaired is None else ItemState.DONE
        self._differences.record(listed, state, said if repaired is None else f"{said}; repaired")

    def look(self) -> None:
        """Obey a stop between items; the position is kept."""
        if self._ctx.should_stop:
            self._keep()

    def _settle(self) -> bool:
        """Wait until every spelling of a name shows what the transfer wrote; True if it had to wait."""
        is_early = time.monotonic() < self._settles_at
        while time.monotonic() < self._settles_at:
            self.look()
            time.sleep(_SAY_S)
        return is_early

    def _keep_at_times(self, kept_at: float) -> float:
        """Keep the position if it is time or a stop was asked for; returns when that was done last."""
        if not self._ctx.should_stop and time.monotonic() - kept_at < _KEEP_S:
            return kept_at
        self._keep()
        return time.monotonic()

    def _keep(self) -> None:
        self._roots.check()
        self._ctx.checkpoint(self._now)

    def _check(self, change: Change) -> tuple[CopyVerdict, str]:
        self._item_size = change.size
        if self._again:
            self._again = "compared again"
        self._report(0)
        while True:
            try:
                return self._verifier.check(change, self._tick)
            except PaceStopped:
                # This returns only if the stop was withdrawn meanwhile.
                self._keep()

    def _tick(self, done: int, size: int) -> None:
        """Report `done` of `size` bytes of a large file. For a hard link, the bytes belong to another name's item."""
        self._rereads = size - self._item_size
        self._report(done)

    def _report_repair(self) -> None:
        if self._repairer is not None:
            self._again = "copied again"
            self._report(min(self._repairer.part.moved, self._item_size + self._rereads))

    def _pass_over(self, step: Step) -> None:
        now = self._now
        self._now = replace(
            now,
            after=step.after,
            path=None if step.path is None else quote_from_bytes(step.path),
            passed_over=now.passed_over + 1,
            bytes=now.bytes + step.change.size,
        )

    def _count(self, step: Step, verdict: CopyVerdict, said: str, *, is_repaired: bool) -> None:
        now = self._now
        is_different = verdict is CopyVerdict.DIFFERENT and not is_repaired
        wants_example = is_different and len(now.examples) < _EXAMPLES
        example = f"{printable(step.change.path)} ({said})"
        is_item = step.change.action is not Action.FOLDER
        is_unreadable = verdict is CopyVerdict.UNREADABLE
        is_verified = is_item and (is_repaired or verdict is CopyVerdict.EQUAL)
        self._now = replace(
            now,
            after=step.after,
            path=None if step.path is None else quote_from_bytes(step.path),
            items=now.items + is_item,
            bytes=now.bytes + step.change.size,
            reread=now.reread + self._rereads,
            moved_on=now.moved_on + (verdict is CopyVerdict.MOVED_ON),
            first_moved_on=now.first_moved_on
            or f"'{printable(step.change.path)}'" * (verdict is CopyVerdict.MOVED_ON),
            different=now.different + is_different,
            repaired=now.repaired + is_repaired,
            verified=now.verified + is_verified,
            verified_bytes=now.verified_bytes + step.change.size * is_verified,
            unreadable=now.unreadable + is_unreadable,
            unreadable_example=now.unreadable_example or example * is_unreadable,
            examples=[*now.examples, example] if wants_example else now.examples,
            repairing="",
            difference="",
        )
        self._item_size = self._rereads = 0
        self._again = ""

    @property
    def _message(self) -> str:
        repaired = f", {self._now.repaired:,} repaired" if self._now.repaired else ""
        return f"{self._now.items:,} of {counted(self._files - self._now.passed_over, 'files')}{repaired}"

    def _report(self, count: int) -> None:
        at = time.monotonic()
        if at < self._said_at + _SAY_S:
            return  # six reports for each small file would take longer than reading it
        self._said_at = at
        size = self._size + self._now.reread + self._rereads
        done = min(self._now.bytes + self._now.reread + count, size)
        self._furthest = max(self._furthest, done)
        whole = self._item_size + self._rereads
        again = f", {self._again}: {size_text(count)} of {size_text(whole)}" if self._again and whole else ""
        self._ctx.progress(self._furthest, size, unit="bytes", message=self._message + again)


def note_bad_copies(ctx: ThreadContext[BackupConfig], roots: HeldRoots) -> None:
    """Make the next backup copy again what this task copied and found to differ, although size and time are right.

    With "all", also older copies are read, and it is not known which side is damaged: only `repair` replaces those.
    """
    if ctx.config.verify == "all":
        return
    bad = ctx.named_manifest(DIFFERENCES).items(ItemState.FAILED)
    try:
        unflushed.note(roots.destination, [item.key for item in looking(bad, ctx.safe_point)])
    except OSError as error:
        ctx.log.error("the copies that differ could not be noted at the destination: %s", error)


def check_result(now: Verified) -> None:
    """Fail if a copy differs.

    Raises:
        VerificationFailed: some differ; the manifest "differences" lists all of them.
    """
    if not now.different:
        return
    names = listed(now.examples, now.different)
    said = f"{now.different:,} of {now.items:,} copies differ from their sources: {names}"
    raise VerificationFailed(said, metadata={"different": str(now.different)})

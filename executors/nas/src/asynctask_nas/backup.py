"""The task type `backup_file`: a folder becomes the copy of another, stage by stage.

compare   both trees side by side; what has to change goes into the manifest "changes"
prepare   the changes in the order they are worked off, into the manifest "items"; is there enough space?
transfer  the items, a few at once
verify    what was copied against its source; differences go into the manifest "differences"
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial

from asynctask import Retry, TaskType, ThreadContext, ThreadManifest
from asynctask_core.errors import DestinationUnusable, VerificationFailed
from asynctask_core.states import ItemState
from asynctask_nas.capabilities import Holds, scratch
from asynctask_nas.changes import Action, Change, change_of
from asynctask_nas.compare import Rules
from asynctask_nas.compare import compare as compared
from asynctask_nas.config import BackupConfig
from asynctask_nas.destination import Destination
from asynctask_nas.exclude import Exclude
from asynctask_nas.failing import destination_told, told
from asynctask_nas.holding import held, mended_later
from asynctask_nas.left_out import left_out
from asynctask_nas.leftovers import begin, kept_for
from asynctask_nas.names import NameTrials
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.order import PHASES, Order
from asynctask_nas.pace import Pace, Stopped
from asynctask_nas.perform import Performer
from asynctask_nas.places import probe
from asynctask_nas.position import Compared, Transferred, Verified
from asynctask_nas.roots import HeldRoots, KnownRoots, walkable
from asynctask_nas.share import check_share
from asynctask_nas.space import Need, check_space, need
from asynctask_nas.throttle import Throttle
from asynctask_nas.transfer import CONCURRENCY, Tally, Transfer
from asynctask_nas.verify import CHECKED, Verdict, Verifier
from asynctask_nas.walk import Walk, join
from asynctask_nas.warned import warn_of_empty_source, warn_of_grown, warn_of_left_out, warn_of_skipped
from asynctask_nas.words import counted, printable, size_text

CHANGES = "changes"
DIFFERENCES = "differences"
_KEEP_S = 2.0
_LOOK_EVERY = 64
_BATCH = 1000
_EXAMPLES = 10

backup_file = TaskType(
    "backup_file",
    config=BackupConfig,
    retry=Retry(max_attempts=5, initial_delay="1s", max_delay="5m", multiplier=2.0),
    description="Makes one mounted folder the incremental copy of another, and goes on where it was interrupted.",
)


@dataclass(frozen=True)
class Comparison:
    """What compare found: the source's size, and how many changes the manifest lists."""

    files: int
    folders: int
    bytes: int
    changes: int
    skipped: int
    parts: int = 0
    part_bytes: int = 0
    """Storage of `parts`: unfinished copies of other tasks that may go on, which stay."""
    roots: KnownRoots | None = None


@dataclass(frozen=True)
class Plan:
    """What transfer will do: `files` of its `items` are files and links, which come first."""

    items: int
    files: int
    bytes: int
    needs_bytes: int
    needs_entries: int
    roots: KnownRoots | None = None


@dataclass(frozen=True)
class Report:
    """What transfer did: `files` and `bytes` are copied, linked or corrected, `skipped` could not be.

    Bytes are content: holes are not counted. `grown` files were appended to all the while; they are copied as far as
    they went.
    """

    items: int
    files: int
    bytes: int
    skipped: int
    grown: int = 0
    roots: KnownRoots | None = None


@dataclass(frozen=True)
class Result:
    """What became of a backup. `changed_since` are files whose source changed during it; the next run takes them."""

    files: int
    bytes: int
    skipped: int
    verify: str
    verified: int = 0
    verified_bytes: int = 0
    changed_since: int = 0
    grown: int = 0


@backup_file.stage(weight=4)
@told()
def compare(ctx: ThreadContext[BackupConfig], config: BackupConfig) -> Comparison:
    """List what has to change. Goes on from the last path that a checkpoint knows.

    After a kill the changes found since are listed a second time; prepare takes every path once.
    """
    config.check()
    now = ctx.checkpoint_as(Compared)
    with held(ctx, now.roots if now else None) as roots:
        if now is None:
            # From here on a destination that went away is missed, and not made again below its mount point.
            now = Compared(roots=roots.known)
            ctx.checkpoint(now)
        changes = ctx.named_manifest(CHANGES)
        if now.path is None:
            changes.reset()
        _compare(ctx, roots, now, changes)
        check_share(config, now)
        if now.is_empty and not config.allow_empty_source:
            warn_of_empty_source(ctx, now.existing)
        if not now.is_empty or config.allow_empty_source or config.accept_source:
            roots.remember_source()
        changes.seal()
    warn_of_left_out(ctx, now.left_out)
    total = now.files + now.folders
    ctx.progress(total, total, unit="entries", message=counted(now.changes, "changes"))
    files, size = counted(now.files, "files"), size_text(now.bytes)
    ctx.log.info("compared %s (%s): %s", files, size, counted(now.changes, "changes"))
    return Comparison(
        now.files, now.folders, now.bytes, now.changes, now.skipped, now.parts, now.part_bytes, now.roots
    )


def _compare(
    ctx: ThreadContext[BackupConfig], roots: HeldRoots, now: Compared, changes: ThreadManifest
) -> None:
    """Walk through both trees. What was found counts once both are known to have been there meanwhile."""
    config = ctx.config
    holds = probe(roots.destination, shown=config.destination)
    OpenedFolders(roots.destination).recover()
    # By their names, which costs less than through the open folders: what is unmounted meanwhile is noticed below.
    source, destination = walkable(config.source), walkable(config.destination)
    rules = Rules(
        source,
        destination,
        holds,
        config.delete_extra == "mark",
        time.time_ns(),
        kept_for(roots.destination, ctx.task_id),
    )
    found: list[Change] = []

    def keep() -> None:
        roots.check()
        for change in found:
            changes.append(change.path, size=change.size, data=change.data())
        found.clear()

    kept_at = time.monotonic()
    with NameTrials(holds.names, partial(scratch, roots.destination)) as names:
        walk = Walk(
            source,
            destination,
            Exclude(config.exclude),
            after=now.path,
            mounted=roots.mounted_inside if config.one_file_system else None,
            shown=config.destination,
            names=names,
        )
        for number, (pair, change) in enumerate(compared(walk, rules)):
            if change is not None:
                found.append(change)
            now.count(pair, change)
            if pair.source is not None and not pair.problem:
                now.lose(left_out(join(source, pair.path), pair.source, holds))
            if number % _LOOK_EVERY == 0:
                ctx.progress(now.files + now.folders, unit="entries", message=counted(now.changes, "changes"))
                is_due = ctx.should_stop or time.monotonic() - kept_at >= _KEEP_S
                if is_due or len(found) >= _BATCH:
                    keep()
                if is_due:
                    ctx.checkpoint(now.at(pair.path))
                    kept_at = time.monotonic()
    keep()


@backup_file.stage(weight=1)
@told()
def prepare(ctx: ThreadContext[BackupConfig], comparison: Comparison) -> Plan:
    """Put the changes in order and make sure that they fit. Begins anew after a kill: nothing was transferred yet.

    Reading a change and writing it are half of it each.
    """
    total = comparison.changes
    with held(ctx, comparison.roots) as roots, Order() as order:
        batch: list[Change] = []
        for number, item in enumerate(ctx.named_manifest(CHANGES).items()):
            change = change_of(item.key, item.size, item.data)
            if change.action is Action.CLEAN:
                roots.remove_part(change.path)
            batch.append(change)
            if len(batch) == _BATCH:
                order.add(batch)
                batch.clear()
            _look(ctx, number, total)
        order.add(batch)
        order.close()
        wanted = need(order, CONCURRENCY)
        check_space(roots.destination, wanted, shown=ctx.config.destination, kept=_kept(comparison))
        plan = replace(_write(ctx, order, wanted, total), roots=comparison.roots)
    message = f"{counted(plan.files, 'files')}, {size_text(plan.bytes)}"
    ctx.progress(total, total, unit="changes", message=message)
    return plan


def _kept(comparison: Comparison) -> str:
    """What people can do about space that unfinished copies take."""
    if not comparison.parts:
        return ""
    taken = f"{counted(comparison.parts, 'unfinished copies')} of tasks that may go on"
    return f"; {taken} take {size_text(comparison.part_bytes)} of it, and are removed once those tasks have ended"


def _write(ctx: ThreadContext[BackupConfig], order: Order, wanted: Need, total: int) -> Plan:
    manifest = ctx.manifest
    manifest.reset()
    items = files = size = 0
    for change in order:
        manifest.append(change.path, size=change.size, data=change.data())
        items += 1
        files += PHASES[change.action] <= PHASES[Action.ATTRIBUTES]
        size += change.size
        _look(ctx, total + items, total)
    manifest.seal()
    return Plan(items, files, size, wanted.bytes, wanted.entries)


def _look(ctx: ThreadContext[BackupConfig], steps: int, total: int) -> None:
    if steps % _LOOK_EVERY == 0:
        ctx.safe_point()
        ctx.progress(min(steps // 2, total), total, unit="changes")


@backup_file.stage(weight=80)
@told()
def transfer(ctx: ThreadContext[BackupConfig], plan: Plan) -> Report:
    """Make the changes that are left, large files from where they are proven."""
    with held(ctx, plan.roots) as roots:
        grown = _transfer(ctx, plan, roots)
    after = ctx.manifest.counts()
    ctx.log.info("transferred %s (%s)", counted(after.done.items, "items"), size_text(after.done.size))
    left_out = sum(
        PHASES[change_of(item.key, item.size, item.data).action] <= PHASES[Action.ATTRIBUTES]
        for item in ctx.manifest.items(ItemState.SKIPPED, ItemState.EXCLUDED)
    )
    warn_of_skipped(ctx, after.skipped.items)
    warn_of_grown(ctx, grown)
    files = plan.files - left_out
    return Report(after.done.items, files, after.done.size, after.skipped.items, grown, plan.roots)


def _transfer(ctx: ThreadContext[BackupConfig], plan: Plan, roots: HeldRoots) -> int:
    """Make the changes; answers how many files grew while they were copied."""
    config = ctx.config
    holds = _probe_again(roots, config)
    destination = Destination(roots.destination, ctx.task_id, holds, shown=config.destination)
    destination.opened.recover()
    with destination_told(config.destination, "written to"):
        begin(roots.destination, ctx.task_id)
    pace = Pace(Throttle(config.bytes_per_s), lambda: ctx.should_stop)
    kept = ctx.checkpoint_as(Transferred) or Transferred()
    before = ctx.manifest.counts()
    tally = Tally(
        plan.files,
        plan.bytes,
        items=before.done.items + before.skipped.items + before.excluded.items,
        bytes=before.done.size + before.skipped.size + before.excluded.size,
        skipped=before.skipped.items,
        grown=kept.grown,
    )
    performer = Performer(roots.source, destination, pace, Exclude(config.exclude), roots.check)
    try:
        Transfer(ctx, performer, tally, [one.part() for one in kept.parts]).run()
    finally:
        destination.opened.close()
    return tally.grown


def _probe_again(roots: HeldRoots, config: BackupConfig) -> Holds:
    """What the destination holds. It could be written to when the task began, so it is tried again."""
    try:
        return probe(roots.destination, shown=config.destination)
    except DestinationUnusable as error:
        raise mended_later(error) from error


@backup_file.stage(weight=15)
@told()
def verify(ctx: ThreadContext[BackupConfig], report: Report) -> Result:
    """Compare what was copied with its source. Goes on after the last item it compared.

    Raises:
        VerificationFailed: items differ; the manifest "differences" lists them all.
    """
    config = ctx.config
    result = Result(report.files, report.bytes, report.skipped, config.verify, grown=report.grown)
    with held(ctx, report.roots) as roots:
        if config.verify == "none":
            roots.end_task()
            return result
        pace = Pace(Throttle(config.bytes_per_s), lambda: ctx.should_stop)
        holds = _probe_again(roots, config)
        verifier = Verifier(roots.source, roots.destination, config.verify, holds, pace)
        now = _verify(ctx, report, verifier, roots)
        roots.end_task()
    if now.different:
        names = ", ".join(now.examples)
        more = f" and {now.different - len(now.examples):,} more" if now.different > len(now.examples) else ""
        said = f"{now.different:,} of {now.items:,} copies differ from their sources: {names}{more}"
        raise VerificationFailed(said, metadata={"different": str(now.different)})
    if now.moved_on:
        ctx.warn("SOURCE_CHANGED", "changed while they were backed up; the next run takes them", now.moved_on)
    return replace(result, verified=now.items, verified_bytes=now.bytes, changed_since=now.moved_on)


def _verify(
    ctx: ThreadContext[BackupConfig], report: Report, verifier: Verifier, roots: HeldRoots
) -> Verified:
    differences = ctx.named_manifest(DIFFERENCES)
    now = ctx.checkpoint_as(Verified)
    if now is None:
        differences.reset()
        now = Verified()
    kept_at = time.monotonic()
    for item in ctx.manifest.items(ItemState.DONE):
        change = change_of(item.key, item.size, item.data)
        if item.position <= now.after or change.action not in CHECKED:
            continue
        verdict, said = _check(ctx, report, verifier, change, now)
        if verdict is not Verdict.EQUAL:
            roots.check()  # what is not mounted any more differs from everything
        if verdict is Verdict.DIFFERENT:
            ctx.log.error("%s %s", printable(change.path), said)
            differences.append(change.path, size=change.size, data={"difference": said})
        now = _verified(now, item.position, change.size, verdict, f"{printable(change.path)} ({said})")
        ctx.progress(now.bytes, report.bytes, unit="bytes", message=_so_far(now, report))
        if ctx.should_stop or time.monotonic() - kept_at >= _KEEP_S:
            roots.check()
            ctx.checkpoint(now)
            kept_at = time.monotonic()
    roots.check()
    differences.flush()
    ctx.progress(now.bytes, report.bytes, unit="bytes", message=_so_far(now, report))
    return now


def _so_far(now: Verified, report: Report) -> str:
    return f"{now.items:,} of {counted(report.files, 'files')}"


def _check(
    ctx: ThreadContext[BackupConfig], report: Report, verifier: Verifier, change: Change, now: Verified
) -> tuple[Verdict, str]:
    message = _so_far(now, report)

    def tick(count: int) -> None:
        # The content of a hard link is read as well, but its bytes count with the first name.
        count = min(count, change.size)
        ctx.progress(now.bytes + count, report.bytes, unit="bytes", message=message)

    tick(0)
    while True:
        try:
            return verifier.check(change, tick)
        except Stopped:
            # Does not return, unless what asked for the stop was withdrawn meanwhile.
            ctx.checkpoint(now)


def _verified(now: Verified, position: int, size: int, verdict: Verdict, example: str) -> Verified:
    is_different = verdict is Verdict.DIFFERENT
    wants_example = is_different and len(now.examples) < _EXAMPLES
    return Verified(
        after=position,
        items=now.items + 1,
        bytes=now.bytes + size,
        moved_on=now.moved_on + (verdict is Verdict.MOVED_ON),
        different=now.different + is_different,
        examples=[*now.examples, example] if wants_example else now.examples,
    )

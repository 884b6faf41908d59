"""The task type `backup_file`: makes a folder the copy of another one, in four stages.

compare   walks through both trees side by side and lists what has to change
prepare   writes the changes into the manifest "items" in the order of their execution, and checks the space
transfer  executes the items, a few at once
verify    compares what was copied with its source; writes differences into the manifest "differences"
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import replace
from functools import partial

from asynctask import ManifestCounts, Retry, TaskType, ThreadContext
from asynctask_core.errors import TaskFailure
from asynctask_core.states import ItemState
from asynctask_nas import unflushed
from asynctask_nas.ahead import ahead
from asynctask_nas.assembling import destination_of, probe_again, walk_of
from asynctask_nas.attribute_trials import AttributeTrials
from asynctask_nas.capabilities import scratch
from asynctask_nas.changes import Action, Change, change_of
from asynctask_nas.compare import CompareRules
from asynctask_nas.compare import compare as compared
from asynctask_nas.config import BackupConfig
from asynctask_nas.destination import removed_folder
from asynctask_nas.exclude import Exclude
from asynctask_nas.failing import destination_told, told
from asynctask_nas.glance import Glance
from asynctask_nas.holding import held
from asynctask_nas.inner import keeping_less
from asynctask_nas.left_out import ATTRIBUTES, left_out_of
from asynctask_nas.leftovers import begin, kept_for, storage_of_parts
from asynctask_nas.looks import looking
from asynctask_nas.making_room import own_told, probe_with_room, said_of_kept
from asynctask_nas.names import NameTrials
from asynctask_nas.new_files import NewFiles
from asynctask_nas.notes import Noted
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.order import Order
from asynctask_nas.pace import Pace
from asynctask_nas.perform import Performer
from asynctask_nas.planning import BATCH, Found, write_plan
from asynctask_nas.position import Compared, Transferred
from asynctask_nas.results import Comparison, Plan, Report, Result
from asynctask_nas.roots import HeldRoots
from asynctask_nas.share import check_share
from asynctask_nas.space import DestinationSystems, Need, check_space, needs
from asynctask_nas.tally import Tally, actions
from asynctask_nas.telling import (
    tell_compared,
    tell_comparing,
    tell_planned,
    tell_transferred,
    tell_transferring,
    tell_verified,
)
from asynctask_nas.throttle import Throttle
from asynctask_nas.transfer import CONCURRENCY, Transfer
from asynctask_nas.verifying import check_result, note_bad_copies, verified
from asynctask_nas.warned import (
    tell_of_displacing,
    warn_of_changed,
    warn_of_displaced,
    warn_of_empty_source,
    warn_of_grown,
    warn_of_keeping_less,
    warn_of_left_out,
    warn_of_leftovers,
    warn_of_repaired,
    warn_of_skipped,
    warn_of_unknown_mounts,
    warn_of_unmounted,
    warn_of_unreadable,
)
from asynctask_nas.words import counted, printable, size_text
from asynctask_nas.working_folder import WorkingFolder, with_working_folder

CHANGES = "changes"
_KEEP_S = 2.0
_SAY_S = 0.1
_LOOK_EVERY = 64
_LOOK_S = 0.02

backup_file = TaskType(
    "backup_file",
    config=BackupConfig,
    retry=Retry(max_attempts=5, initial_delay="1s", max_delay="5m", multiplier=2.0),
    title="{source_path} → {destination_path}",
    description="Makes one mounted folder the incremental copy of another, and goes on where it was interrupted.",
)


@backup_file.stage(weight=4)
@told()
def compare(ctx: ThreadContext[BackupConfig], config: BackupConfig) -> Comparison:
    """List what has to change. Goes on after the path in the last checkpoint.

    After a kill, changes found since that checkpoint are listed a second time; prepare takes every path once.
    """
    config.check()
    now = ctx.checkpoint_as(Compared)
    with held(ctx, now.roots if now else None) as roots:
        if now is None:
            # From here on, a destination that disappears fails the stage, and is not made again below its mount point.
            now = Compared(roots=roots.known)
            ctx.checkpoint(now)
        tell_comparing(ctx, now.path)
        changes = ctx.named_manifest(CHANGES)
        if now.path is None:
            changes.reset()
        # `prepare` itself checks the space on each file system.
        is_long = now.path is not None or bool(roots.mounted_inside_destination)
        found = Found(changes, ctx.manifest, spills=is_long, check=roots.check)
        keep_less = with_working_folder(partial(_compare, ctx, roots, now, found))
        # If a root has disappeared, fail here, instead of taking its entries for extra.
        roots.check()
        try:
            check_share(config, now)
        except TaskFailure:
            # Keep the list, so that people see what would have been done.
            found.spill()
            changes.flush()
            raise
        claims = not now.is_empty or config.allow_empty_source or bool(config.accept_source)
        if claims and now.has_copies:
            roots.remember_source(roots.known)
        plan = _plan(ctx, found)
        if plan is None:
            changes.seal()
        # Last, since warnings are stored with a manifest's change: if the comparison were repeated, they counted twice.
        warn_of_unmounted(ctx, roots.unread.values())
        if roots.is_blind:
            warn_of_unknown_mounts(ctx)
    if now.is_empty and not config.allow_empty_source:
        warn_of_empty_source(ctx, now.existing)
    warn_of_keeping_less(ctx, keep_less)
    warn_of_left_out(ctx, now.left_out, now.left_out_firsts)
    tell_of_displacing(ctx, now)
    ctx.progress(now.entries, now.entries, unit="entries", message=now.message)
    tell_compared(ctx, now)
    return Comparison(
        now.files,
        now.folders,
        now.bytes,
        now.changes,
        now.skipped,
        now.parts,
        now.part_bytes,
        roots.known,
        now.content,
        plan,
        claims,
    )


def _plan(ctx: ThreadContext[BackupConfig], found: Found) -> Plan | None:
    """Write the transfer's list, if all changes are in memory."""
    changes = found.all()
    if changes is None:
        return None
    with Order(look=ctx.safe_point) as order:
        order.add(changes)
        order.close()
        wanted = needs(looking(order, ctx.safe_point), CONCURRENCY).values()
        return write_plan(ctx.manifest, order, wanted, lambda _: ctx.safe_point(), listed=found.listed)


def _compare(
    ctx: ThreadContext[BackupConfig],
    roots: HeldRoots,
    now: Compared,
    found: Found,
    working: WorkingFolder | None,
) -> list[tuple[bytes, list[str]]]:
    """Walk through both trees. What it finds counts only if both roots still exist at the end.

    Returns which file systems inside the destination keep less than its own, and what they do not keep.
    """
    config = ctx.config
    holds = probe_with_room(ctx, roots)
    OpenedFolders(roots.destination).recover()
    source, destination = roots.source, roots.destination
    inner = keeping_less(destination, roots.mounted_inside_destination, holds)
    keep_less = [(destination.full(point), lost) for point, lost in inner]
    rules = CompareRules(
        source,
        destination,
        holds,
        config.delete_extra == "mark",
        time.time_ns(),
        unflushed=unflushed.noted(roots.destination),
        kept_for=kept_for(roots.destination, ctx.task_id),
    )
    # Notes on paths that the source lacks now, or that are excluded, stay: the copies may be needed again later.
    doubted = frozenset(os.path.basename(path) for path in rules.unflushed)
    glance = Glance(holds, doubted=doubted, working=working, hurries=lambda: ctx.should_stop)
    new = NewFiles(holds)
    last = now.path

    def look() -> None:
        """Obey a stop between pairs; what was found since the last pair will be found again."""
        if ctx.should_stop:
            found.spill()
            ctx.checkpoint(now if last is None else now.at(last))

    kept_at = said_at = looked_at = time.monotonic()
    trials = partial(scratch, roots.destination)
    with NameTrials(holds.names, trials) as names, AttributeTrials(trials) as extended:
        rules = replace(rules, is_settled=extended.is_settled)
        walk = walk_of(roots, config, names, now.path, look=look).skip_same(glance).skip_new(new)
        for pair, change in compared(walk, rules):
            now.count_same(glance)
            if made := new.take():
                now.count_new(made)
                found.extend(made)
            if change is not None:
                found.add(change)
            now.count(pair, change)
            refused = [ATTRIBUTES] if extended.take() and change is None else []
            if pair.source is not None and not pair.problem:
                now.lose([*left_out_of(source, pair.path, pair.source, holds), *refused], pair.path)
            last = pair.path
            at = time.monotonic()
            if at - looked_at < _LOOK_S and not found.is_full:
                continue
            looked_at = at
            if at - said_at >= _SAY_S:
                # Each report wakes the thread that talks to the cluster, which slows down the walk.
                said_at = at
                ctx.progress(now.entries, unit="entries", message=now.message)
            is_due = ctx.should_stop or at - kept_at >= _KEEP_S
            if is_due or found.is_full:
                found.spill()
            if is_due:
                ctx.checkpoint(now.at(pair.path))
                kept_at = time.monotonic()
    now.count_same(glance)
    made = new.take()
    now.count_new(made)
    found.extend(made)
    return keep_less


@backup_file.stage(weight=1)
@told()
def prepare(ctx: ThreadContext[BackupConfig], comparison: Comparison) -> Plan:
    """Put the changes in order and check that they fit. Begins anew after a kill, since nothing was transferred yet.

    Progress counts half for reading a change, half for writing it.
    """
    total = comparison.changes
    kept: list[str] = []
    with held(ctx, comparison.roots) as roots:
        if plan := comparison.plan:
            wanted = Need(plan.needs_bytes, plan.needs_entries)
            parts = said_of_kept(comparison.parts, comparison.part_bytes)
            check_space(roots.destination, wanted, shown=ctx.config.destination, kept=parts)
        else:
            plan = _read_and_plan(ctx, roots, comparison, kept)
    warn_of_leftovers(ctx, kept)
    attributes = f", attributes of {plan.attributes:,}" if plan.attributes else ""
    to_skip = f", {plan.to_skip:,} to skip" if plan.to_skip else ""
    message = f"{counted(plan.files, 'files')}{attributes}, {size_text(plan.bytes)}{to_skip}"
    ctx.progress(total, total, unit="changes", message=message)
    tell_planned(ctx, plan)
    return replace(
        plan,
        roots=comparison.roots,
        all_files=comparison.files,
        all_bytes=comparison.content,
        claims=comparison.claims,
    )


def _read_and_plan(
    ctx: ThreadContext[BackupConfig], roots: HeldRoots, comparison: Comparison, kept: list[str]
) -> Plan:
    """Remove leftovers, and write the list of all other changes. Leftovers that cannot be removed go into `kept`."""
    changes = ctx.named_manifest(CHANGES)
    listed, total = changes.counts().total.items, comparison.changes

    def say(steps: int) -> None:
        ctx.safe_point()
        ctx.progress(min(total * steps // max(1, 2 * listed), total), total, unit="changes")

    with Order(look=ctx.safe_point) as order:
        batch: list[Change] = []
        for number, item in enumerate(ahead(changes.pages())):
            change = change_of(item.key, item.size, item.data)
            if change.action is Action.CLEAN and (reason := roots.remove_part(change.path)):
                kept.append(f"{printable(change.path)}: {reason}")
            else:
                batch.append(change)
            if len(batch) == BATCH:
                order.add(batch)
                batch.clear()
            if number % _LOOK_EVERY == 0:
                say(number)
        order.add(batch)
        order.close()
        systems = DestinationSystems(roots.destination, roots.mounted_inside_destination)
        wanted = needs(looking(order, ctx.safe_point), CONCURRENCY, systems.of)
        parts = said_of_kept(comparison.parts, comparison.part_bytes)
        for place, need in wanted.items():
            check_space(roots.destination, need, shown=ctx.config.destination, kept=parts, at=place)
        return write_plan(ctx.manifest, order, wanted.values(), lambda items: say(listed + items))


@backup_file.stage(weight=80)
@told()
def transfer(ctx: ThreadContext[BackupConfig], plan: Plan) -> Report:
    """Make the remaining changes; large files continue from the position that is on storage."""
    with held(ctx, plan.roots) as roots:
        has_notes = _transfer(ctx, plan, roots)
        warn_of_unmounted(ctx, roots.missed_since(plan.roots))
    after = ctx.manifest.counts() if plan.items else ManifestCounts()
    left_out = Counter[Action]()
    for state in (ItemState.SKIPPED, ItemState.EXCLUDED):
        left_out += actions(ctx.manifest, after, state, ctx.safe_point)
    done = looking(ctx.manifest.items(ItemState.DONE), ctx.safe_point)
    noted = Noted.of(done if has_notes else ())
    warn_of_skipped(ctx, after.skipped.items)
    warn_of_grown(ctx, noted)
    warn_of_displaced(ctx, noted)
    warn_of_left_out(ctx, {ATTRIBUTES: noted.refused}, {ATTRIBUTES: noted.first_refused})
    report = Report.of(plan, noted, after, left_out)
    tell_transferred(ctx, report)
    if report.set_aside:
        entries, folder = counted(report.set_aside, "entries"), printable(removed_folder(ctx.task_id))
        ctx.log.info("set aside %s that only the destination had, in its folder %s", entries, folder)
    return report


def _transfer(ctx: ThreadContext[BackupConfig], plan: Plan, roots: HeldRoots) -> bool:
    """Make the changes; returns whether items may have notes."""
    config = ctx.config
    done = (item.key for item in ctx.manifest.items(ItemState.DONE))
    if not plan.items:
        # Nothing will be written, so nothing is tried, noted or flushed.
        unflushed.settle(roots.destination, done)
        ctx.progress(0, 0, unit="bytes", message=Tally(0, 0).message)
        return False
    parts = [one.part() for one in (ctx.checkpoint_as(Transferred) or Transferred()).parts]
    with own_told(ctx, roots.destination, parts):
        destination = destination_of(ctx, roots, probe_again(roots, config))
        destination.opened.recover()
        with destination_told(config.destination, "written to"):
            begin(roots.destination, ctx.task_id)
        if plan.claims and plan.roots:
            # Only now: a backup that failed earlier has written nothing, so another source may take the destination.
            roots.remember_source(plan.roots)
    # A cancel removes unfinished files, and then they must not count as progress.
    parts = [part for part in parts if storage_of_parts(destination.tree, ctx.task_id, [part.path])]
    pace = Pace(Throttle(config.bytes_per_s), lambda: ctx.should_stop)
    tally = Tally.of(plan, ctx.manifest, ctx.safe_point)
    exclude = Exclude(config.exclude)
    tell_transferring(ctx, tally, parts)
    performer = Performer(
        roots.source, destination, pace, exclude, roots.check, is_all_held=roots.are_all_held
    )
    try:
        Transfer(ctx, performer, tally, parts).run()
        unflushed.settle(roots.destination, done)
    finally:
        destination.close()
    return tally.has_notes


@backup_file.stage(weight=15)
@told()
def verify(ctx: ThreadContext[BackupConfig], report: Report) -> Result:
    """Compare what was copied, or everything, with its source. Goes on after the last item that it compared.

    Raises:
        VerificationFailed: items differ; the manifest "differences" lists them all.
    """
    config = ctx.config
    result = Result(
        report.files,
        report.bytes,
        report.skipped,
        config.verify,
        grown=report.grown,
        attributes_only=report.attributes,
        set_aside=report.set_aside,
        displaced=report.displaced,
    )
    with held(ctx, report.roots) as roots:
        if config.verify == "none":
            roots.end_task()
            ctx.log.info("the copies were not compared with their sources: verify is none")
            return result
        now = verified(ctx, report, roots)
        if now.different:
            note_bad_copies(ctx, roots)
        roots.end_task()
    tell_verified(ctx, now)
    warn_of_repaired(ctx, now.repaired)
    warn_of_changed(ctx, now)
    warn_of_unreadable(ctx, now)
    check_result(now)
    return replace(
        result,
        verified=now.verified,
        unreadable=now.unreadable,
        verified_bytes=now.verified_bytes,
        changed_since=now.moved_on,
        repaired=now.repaired,
    )

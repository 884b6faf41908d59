"""Checks what happened against what was promised."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from asynctask_standalone.cli.warned import warning_words
from asynctask_standalone.cli.wording import amount, quotable, span
from asynctask_standalone.demo.backup import LEASE_S, Backup
from asynctask_standalone.demo.report import Check
from asynctask_standalone.demo.trees import compare, inodes

if TYPE_CHECKING:
    from asynctask import AttemptInfo, TaskInfo

TAKE_OVER_S = LEASE_S + 2
_EXAMPLES = 3
"""Skipped items that are named."""
_ROUGHLY = 25
"""Largest share of the transfer, in percent, that may not be durable yet: finished files are collected for half a
second before they are flushed and acknowledged, and large files may lose their last three seconds."""


async def checks(backup: Backup, task: TaskInfo, attempts: Sequence[AttemptInfo]) -> list[Check]:
    """Every promise of the demo with what happened; the comparison of the two folders comes last."""
    return [
        _completed(backup, task),
        _taken_over(backup, attempts),
        _went_on(backup),
        await _not_again(backup),
        await _same(backup, task),
    ]


def _completed(backup: Backup, task: TaskInfo) -> Check:
    completed = str(task.state) == "completed"
    failure = f": {task.failure.reason}: {task.failure.message}" if task.failure else ""
    fact = f"after {span(time.time() - backup.begun)}" if completed else f"{task.state}{failure}"
    if completed and task.warning_count:
        fact += f", but {warning_words(task.warning_counts)}"
    return Check("The backup completed without any action by a person", completed, fact)


def _taken_over(backup: Backup, attempts: Sequence[AttemptInfo]) -> Check:
    promise = f"The other executor took over within {TAKE_OVER_S} s of the kill"
    ends = [str(attempt.result) for attempt in attempts]
    if backup.kill is None or not backup.heir or ends != ["lost", "success"]:
        return Check(promise, False, f"the attempts ended: {', '.join(ends) or 'there were none'}")
    lost_s = backup.taken_over_s
    fact = f"after {span(lost_s)}: its lease had to run out first, {LEASE_S} s after it was last renewed"
    return Check(promise, lost_s <= TAKE_OVER_S, fact)


def _went_on(backup: Backup) -> Check:
    promise = "It went on from what was safely on storage"
    kill, resumed = backup.kill, backup.resumed_percent
    if kill is None or not backup.heir:
        return Check(promise, False, "no executor was seen going on with it")
    fact = f"killed at {kill.percent:.0f}% of the transfer, went on at {resumed:.0f}%"
    again = (kill.percent - resumed) / 100 * kill.total
    if again >= 1:
        fact += f": {amount(again, 'bytes')} were not on storage yet and were copied again"
    done = 100 * kill.size / kill.total
    return Check(promise, resumed >= max(done - 0.01, kill.percent - _ROUGHLY), fact)


async def _not_again(backup: Backup) -> Check:
    promise = "No file that was done was copied again"
    if backup.kill is None:
        return Check(promise, False, "nothing was killed")
    before = backup.kill.files
    now = await asyncio.to_thread(inodes, backup.target, before)
    again = sum(now[name] != inode for name, inode in before.items())
    if not before:
        return Check(promise, True, "none was done when it was killed")
    fact = (
        f"{again:,} of {len(before):,} were"
        if again
        else f"{len(before):,} have the inodes they had at the kill"
    )
    return Check(promise, not again, fact)


async def _same(backup: Backup, task: TaskInfo) -> Check:
    promise = "Both folders are the same"
    if str(task.state) != "completed":
        return Check(promise, False, "not compared: the backup did not complete")
    found = backup.client.manifest_items(task.task_id, manifest="items", states=("skipped",))
    items = [item async for item in found]
    skipped = [os.fsdecode(item.key) for item in items]
    same = await asyncio.to_thread(
        compare,
        backup.folder.path,
        backup.target,
        exclude=backup.exclude,
        skipped=skipped,
        since=backup.begun,
    )
    fact = f"{same.count}: bytes, modes, times and where links point"
    if same.differences:
        fact = f"{amount(len(same.differences), 'differences')}: {'; '.join(same.differences[:5])}"
    if same.moved_on:
        fact += f"; {amount(len(same.moved_on), 'sources')} changed meanwhile"
    if skipped:
        names = ", ".join(f"{quotable(item.key)} ({item.error})" for item in items[:_EXAMPLES])
        more = ", …" if len(items) > _EXAMPLES else ""
        fact += f"; {len(skipped):,} recorded as skipped: {names}{more}"
    return Check(promise, bool(same.count.files) and not same.differences, fact)

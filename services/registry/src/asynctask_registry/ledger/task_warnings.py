"""Warnings of handlers: folded into a task with the events and manifest chunks that carry them, read for people.

They are counted under the task's row lock together with the number of the event or chunk, so exactly once. Warnings of
a stage are in its row; their counts by code are in the task's own row, which lists and filters read. A task without
warnings costs nothing: the set-based completion leaves tasks with warnings to the folding.

A chunk with an item that failed or was skipped leaves empty counts in the task's row. So the folding completes such a
task, too: it reads how many items failed or were skipped, and counts those that no handler warned of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from asynctask_core import limits, warning_tally
from asynctask_core.ids import id_text
from asynctask_core.item_warnings import EndedItems, untold
from asynctask_core.warning_tally import CODE_PATTERN, CODE_WORDS, WarningTally
from asynctask_protos.task.v1.task_pb2 import Task, TaskWarning
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Row, StoreConnection


@dataclass(slots=True)
class WarningFold:
    """A task's warnings while something is folded into them."""

    tally: WarningTally = field(default_factory=WarningTally)
    changed: set[str] = field(default_factory=set[str])
    """Stages to write."""
    ended_items: list[EndedItems] = field(default_factory=list[EndedItems])
    """Manifests with items that failed or were skipped, where they were read."""

    def take(
        self,
        warnings: Sequence[TaskWarning],
        stage: str,
        epoch: int,
        *,
        are_open: bool = False,
        of_items: bool = False,
    ) -> bool:
        """Count the warnings that attempt `epoch` reports, of `stage` where they name none; True if anything changed.

        With `of_items` they came together with items that failed or were skipped.

        Warnings of an outcome stay open (`are_open`): if the task goes on, the next attempt repeats the work since the
        last checkpoint, and its first report replaces them.

        Raises:
            ContentRefused: one cannot be counted.
        """
        keys = self.tally.replace_open(epoch)
        if len(warnings) > limits.EVENT_WARNINGS:
            raise ContentRefused(
                f"{len(warnings)} warnings at once, the limit is {limits.EVENT_WARNINGS}", "22023"
            )
        for one in warnings:
            _check(one)
            name = one.stage or stage
            if are_open:
                keys.append(self.tally.leave_open(name, one.code, one.text, one.count, epoch))
            else:
                keys.append(self.tally.keep(name, one.code, one.text, one.count, of_items=of_items))
        self.changed.update(name for name, _ in keys)
        return bool(keys)

    def add_untold_items(self, task_id: bytes, stage: str, epoch: int) -> None:
        """Count the items that handlers did not warn of; the task completes with the outcome of attempt `epoch`.

        The count stays open like warnings of an outcome: a restart from a checkpoint may do these items after all.
        """
        for one in untold(id_text(task_id), self.ended_items, self.tally):
            self.changed.add(self.tally.leave_open(stage, one.code, one.text, one.count, epoch)[0])

    @property
    def counts_json(self) -> str | None:
        """Counts by code for the task's row; None when nothing has changed."""
        return json.dumps(self.tally.by_code()) if self.changed else None


async def load(connection: StoreConnection, task_ids: Iterable[bytes]) -> dict[bytes, WarningFold]:
    """Read the stored warnings of some tasks."""
    ids = sorted(set(task_ids))
    folds = {task_id: WarningFold() for task_id in ids}
    if ids:
        for row in await connection.fetch("warning_read", task_ids=ids, low=ids[0], high=ids[-1]):
            folds[row["task_id"]].tally.load(row["stage"], row["warnings"])
    return folds


async def look_at_items(connection: StoreConnection, folds: Mapping[bytes, WarningFold]) -> None:
    """Read how many items of tasks that complete failed or were skipped; the tasks are locked, so none is added."""
    ids = sorted(folds)
    if not ids:
        return
    for row in await connection.fetch("manifest_summaries", task_ids=ids, low=ids[0], high=ids[-1]):
        failed, skipped = row["failed_items"], row["skipped_items"]
        if failed or skipped:
            folds[row["task_id"]].ended_items.append(EndedItems(row["manifest"], failed, skipped))


async def write(connection: StoreConnection, folds: Mapping[bytes, WarningFold]) -> None:
    """Write the stages whose warnings have changed, of tasks that this transaction has locked."""
    stages = sorted((task_id, stage) for task_id, fold in folds.items() for stage in fold.changed)
    if stages:
        await connection.fetch(
            "warning_write",
            task_ids=[task_id for task_id, _ in stages],
            stages=[stage for _, stage in stages],
            warnings=[folds[task_id].tally.stage_json(stage) for task_id, stage in stages],
        )


def add_counts(task: Task, counts_json: str | None) -> None:
    """Add the counts in a row of `tasks` to the task as people see it."""
    if counts_json:
        task.warning_counts.update(json.loads(counts_json))
        task.warning_count = warning_tally.total(task.warning_counts)


def add_stage(task: Task, stage: str, row: Row | None) -> None:
    """Add the warnings in a row of `task_stages`, with their texts, if they were read."""
    if row is None or not row["warnings"]:
        return
    tally = WarningTally()
    tally.load(stage, row["warnings"])
    for (name, code), found in tally:
        task.warnings.add(stage=name, code=code, count=found.total, text=found.text)


def _check(warning: TaskWarning) -> None:
    """Check the bounds again, as the scheduler does: readers rely on them."""
    if len(warning.code) > limits.WARNING_CODE_CHARS or not CODE_PATTERN.fullmatch(warning.code):
        raise ContentRefused(f"the code of a warning {CODE_WORDS}", "22023")
    if not 1 <= warning.count <= limits.WARNING_COUNT:
        raise ContentRefused(f"the count of a warning must be from 1 to {limits.WARNING_COUNT}", "22003")
    if len(warning.stage) > limits.STAGE_CHARS:
        raise ContentRefused(
            f"the stage of a warning must be at most {limits.STAGE_CHARS} characters", "22001"
        )

"""Keeps progress bars from stepping back when another executor continues a task."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asynctask import StageInfo, TaskInfo

Place = tuple[str, int, str]
"""Task, run and stage."""


class Steady:
    """Shows the progress of the last attempt until the next one has passed it.

    If an attempt is lost, the next one repeats the work that was not durable yet, so it begins a little behind. Until
    the first report of the new attempt, the cluster still answers with the last report of the old one. Within one
    attempt, progress is shown as reported.
    """

    def __init__(self) -> None:
        self._stages: dict[Place, tuple[int, float, float]] = {}
        self._tasks: dict[tuple[str, int], tuple[int, float]] = {}

    def __call__(self, task: TaskInfo) -> TaskInfo:
        """The task as it should be shown."""
        stages = tuple(self._stage(task, stage) for stage in task.stages)
        place = task.task_id, task.run
        attempt, percent = self._tasks.get(place, (0, 0.0))
        if task.attempt_count > attempt > 0 and task.percent <= percent:
            return replace(task, stages=stages, percent=percent)
        self._tasks[place] = task.attempt_count, task.percent
        return replace(task, stages=stages)

    def _stage(self, task: TaskInfo, stage: StageInfo) -> StageInfo:
        progress = stage.progress
        if progress is None:
            return stage
        place = task.task_id, task.run, stage.name
        attempt, done, total = self._stages.get(place, (0, 0.0, 0.0))
        # A new total means other work, so the old progress does not apply.
        if task.attempt_count > attempt > 0 and total == progress.total and progress.done <= done:
            return replace(stage, progress=replace(progress, done=done))
        self._stages[place] = task.attempt_count, progress.done, progress.total
        return stage

"""Bars that never step back when a task goes on elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asynctask import StageInfo, TaskInfo

Place = tuple[str, int, str]
"""Task, run and stage."""


class Steady:
    """Shows what was reached until the next attempt has passed it.

    An attempt reports what it has done; what it had not made durable when it was lost is done again by the next one,
    which therefore begins a little behind. Until its first report it is seen with what the last one had reported, which
    is not its own. Within one attempt everything is shown as it is reported.
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
        # Another total is another list: there is nothing to hold on to.
        if task.attempt_count > attempt > 0 and total == progress.total and progress.done <= done:
            return replace(stage, progress=replace(progress, done=done))
        self._stages[place] = task.attempt_count, progress.done, progress.total
        return stage

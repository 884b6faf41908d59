"""Tasks while they run: progress bars that redraw themselves on a terminal, one line a change elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from asynctask_core.printable import one_line
from asynctask_standalone.cli.cropping import cropped
from asynctask_standalone.cli.output import WIDE, asked, failure_text, state_text, task_percent, task_state
from asynctask_standalone.cli.steady import Steady
from asynctask_standalone.cli.waiting import why
from asynctask_standalone.cli.wording import amount, percent_text, span

if TYPE_CHECKING:
    from asynctask import StageInfo, TaskInfo

PLAIN_STEP = 10
"""Percent between two lines about the same stage where there is no terminal."""
_ROUGH_S = 10
"""From here on `span` tells whole seconds."""
SILENT_S = 10
"""Seconds without a change after which a rate says nothing about now: the executor may be gone."""


class TaskScreen(Protocol):
    """Shows tasks as they change."""

    def show(self, task: TaskInfo) -> None:
        """Show where the task stands now."""
        ...

    def note(self, text: RenderableType) -> None:
        """Say something that stays."""
        ...

    def wait_for(self, what: str, seconds: float) -> None:
        """Count down to something; an empty `what` ends that."""
        ...

    def __enter__(self) -> TaskScreen: ...
    def __exit__(self, *_: object) -> None: ...


def task_screen(console: Console) -> TaskScreen:
    """The screen that suits the console."""
    return LiveScreen(console) if console.is_terminal else PlainScreen(console)


class LiveScreen:
    """Redraws every task in place; what it shows last stays on the screen.

    While it redraws, it is never higher than the terminal: rich cannot go back to lines that were scrolled away, and
    would print all of them again at each refresh.
    """

    def __init__(self, console: Console) -> None:
        self._tasks: dict[str, TaskInfo] = {}
        self._heard: dict[str, float] = {}
        self._steady = Steady()
        self._console = console
        self._waiting, self._until = "", 0.0
        self._is_over = False
        self._live = Live(
            console=console, refresh_per_second=8, get_renderable=self._picture, vertical_overflow="visible"
        )

    def __enter__(self) -> LiveScreen:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Nothing is redrawn after this: now all tasks are shown, also where there are more than rows.
        self._is_over = True
        self._live.stop()

    def show(self, task: TaskInfo) -> None:
        self._tasks[task.task_id] = self._steady(task)
        self._heard[task.task_id] = time.monotonic()

    def note(self, text: RenderableType) -> None:
        self._live.console.print(text)

    def wait_for(self, what: str, seconds: float) -> None:
        self._waiting, self._until = what, time.monotonic() + seconds

    def _picture(self) -> RenderableType:
        width = bar_width(self._console)
        now = time.monotonic()
        parts = [
            task_view(task, bar_width=width, silent_s=now - self._heard[task.task_id])
            for task in sorted(self._tasks.values(), key=_urgency)
        ]
        rows = self._console.height
        waiting: list[RenderableType] = []
        if self._waiting:
            left = max(0.0, self._until - time.monotonic())
            said = f"waiting for {self._waiting}: {left:.0f} s"
            waiting.append(Text.assemble(("  ⏳ ", "yellow"), said, overflow="ellipsis", no_wrap=True))
            rows -= 1
        if not self._is_over:
            parts = cropped(self._console, parts, rows)
        return Group(*parts, *waiting)


class PlainScreen:
    """Prints a line when a task changes its state, stage or executor, and at every tenth part of a stage."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: dict[str, tuple[object, ...]] = {}
        self._steady = Steady()
        self._begun = time.monotonic()

    def __enter__(self) -> PlainScreen:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, task: TaskInfo) -> None:
        task = self._steady(task)
        stage = stage_of(task)
        part = int(stage_percent(stage) // PLAIN_STEP) if stage and str(task.state) == "running" else -1
        facts = (
            task.state,
            asked(task).endswith("reacted"),
            task.requested,
            task.stage,
            task.executor_id,
            part,
        )
        if self._said.get(task.task_id) == facts:
            return
        self._said[task.task_id] = facts
        line = Text.assemble(
            f"{time.monotonic() - self._begun:7.1f} s  {task.task_id}  ",
            task_state(task),
            f"  {task_percent(task):>4}",
        )
        if stage and str(task.state) == "running":
            percent = percent_text(stage_percent(stage))
            line.append(f"  {task.stage} {percent}  {_amounts(stage, running=True)}".rstrip())
        if task.failure and str(task.state) == "failed":
            line.append("".join(["  ", *failure_text(task.failure).splitlines()[:1]]))
        if reason := why(task):
            line.append(f"  {reason}")
        self._console.print(line)

    def note(self, text: RenderableType) -> None:
        self._console.print(text)

    def wait_for(self, what: str, seconds: float) -> None:
        if what:
            self._console.print(f"  waiting for {what}: at most {seconds:.0f} s")


def _urgency(task: TaskInfo) -> int:
    """Running tasks before those that wait, and these before those that have ended."""
    if task.is_final:
        return 2
    return 0 if str(task.state) == "running" else 1


def task_view(task: TaskInfo, *, bar_width: int = 30, silent_s: float = 0.0) -> RenderableType:
    """One task: a line about it, why it does not go on, and a bar for each stage."""
    parts: list[RenderableType] = [TaskHeader(task)]
    if reason := why(task):
        line = Table.grid(padding=(0, 1, 0, 0))
        line.add_column(no_wrap=True)
        line.add_column(overflow="fold")
        line.add_row(Text("  →", "yellow"), Text(reason, "yellow"))
        parts.append(line)
    running = str(task.state) == "running"
    parts.append(stage_bars(task.stages, running=running, bar_width=bar_width, silent_s=silent_s))
    return Group(*parts)


class TaskHeader:
    """Type, id, state, executor and attempt of a task: on one line, or on two where the terminal is narrow.

    No line is ever wrapped, neither by us nor by the terminal: what is redrawn in place has to know its height. What
    does not fit is cut, the type first, since the id is there to be copied.
    """

    def __init__(self, task: TaskInfo) -> None:
        self._task = task

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        task = self._task
        state = task_state(task)
        if task.executor_id:
            state.append(f"  on {one_line(task.executor_id)}", "bright_black")
        if task.attempt_count > 1:
            state.append(f"  attempt {task.attempt_count}", "bright_black")
        room = max(1, options.max_width - cell_len(task.task_id) - 1)
        kind = Text(task.task_type, "bold")
        kind.truncate(room, overflow="ellipsis")
        title = Text.assemble(kind, f" {task.task_id}")
        if title.cell_len + 2 + state.cell_len <= options.max_width:
            lines = [Text.assemble(title, "  ", state)]
        else:
            lines = [title, Text.assemble("  ", state)]
        for line in lines:
            line.truncate(options.max_width, overflow="ellipsis")
            line.no_wrap = True
            yield line


def stage_bars(
    stages: Iterable[StageInfo], *, running: bool = True, bar_width: int = 30, silent_s: float = 0.0
) -> RenderableType:
    """A bar, a percentage, amounts, rate and remaining time for each stage. `silent_s` is how long nothing changed."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    # The one that gives way where the terminal is narrow: its texts are cut, not wrapped.
    grid.add_column()
    for stage in stages:
        state = str(stage.state)
        percent = stage_percent(stage)
        style = {"completed": "green", "failed": "red"}.get(state, "blue" if running else "yellow")
        unknown = state == "running" and running and not (stage.progress and stage.progress.total)
        grid.add_row(
            Text.assemble("  ", state_text(state)[:1]),
            Text(stage.name, style="bold" if state == "running" else ""),
            ProgressBar(
                total=100,
                completed=percent,
                width=bar_width,
                pulse=unknown,
                complete_style=style,
                finished_style=style,
            ),
            Text(percent_text(percent, has_failed=state == "failed")),
            Text(
                _amounts(stage, running=running, silent_s=silent_s),
                style="bright_black",
                no_wrap=True,
                overflow="ellipsis",
            ),
        )
    return grid


def bar_width(console: Console) -> int:
    """Shorter bars where the terminal is narrow: amounts and remaining time say more."""
    return 30 if console.width >= WIDE else 12


def stage_of(task: TaskInfo) -> StageInfo | None:
    """The stage that the task is in; None before the first start."""
    return next((stage for stage in task.stages if stage.name == task.stage), None)


def stage_percent(stage: StageInfo) -> float:
    """How much of a stage is done, from 0 to 100; 0 when its total is not known."""
    if str(stage.state) == "completed":
        return 100.0
    if not stage.progress or not stage.progress.total:
        return 0.0
    return min(100.0, 100.0 * stage.progress.done / stage.progress.total)


def _amounts(stage: StageInfo, *, running: bool, silent_s: float = 0.0) -> str:
    """`1.2 GiB of 4.0 GiB · 98.1 MiB/s · 30 s left · photos/a.jpg`, as far as known.

    Rate and remaining time are those of a task that is running and was heard of: of a task that waits for another
    executor, or whose executor is silent, they would be wrong.
    """
    progress = stage.progress
    if not progress:
        return ""
    running = running and str(stage.state) == "running" and stage_percent(stage) < 100
    is_silent = silent_s >= SILENT_S
    parts: list[str] = []
    if progress.total:
        done = amount(progress.done, "bytes" if progress.unit == "bytes" else "")
        parts.append(f"{done} of {amount(progress.total, progress.unit)}")
    elif progress.done:
        parts.append(amount(progress.done, progress.unit))
    if running and is_silent:
        parts.append(f"no news for {span(int(silent_s))}")
    if running and progress.rate and not is_silent:
        parts.append(f"{amount(progress.rate, progress.unit)}/s")
    if running and progress.remaining_s is not None and not is_silent:
        # Whole seconds: it is an estimate.
        seconds = ceil(progress.remaining_s)
        parts.append(f"{span(seconds) if seconds >= _ROUGH_S else f'{seconds} s'} left")
    if progress.message:
        parts.append(progress.message)
    # A second line would push the bars of other tasks out of their place.
    return one_line(" · ".join(parts))

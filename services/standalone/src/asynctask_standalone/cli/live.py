"""Tasks while they run: progress bars that are redrawn on a terminal, elsewhere one line per change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from asynctask_core.printable import one_line
from asynctask_standalone.cli.cropping import cropped
from asynctask_standalone.cli.output import asked, failure_text, task_percent, task_state
from asynctask_standalone.cli.shortening import middle_cut, title_cut
from asynctask_standalone.cli.stage_bars import StageBars, stage_percent, stage_words
from asynctask_standalone.cli.steady import Steady
from asynctask_standalone.cli.waiting import why
from asynctask_standalone.cli.wording import percent_text, title_of

if TYPE_CHECKING:
    from asynctask import StageInfo, TaskInfo

PLAIN_STEP = 10
"""Percent between two lines about the same stage if the output is not a terminal."""
_LEAST_NAME = 12
"""Columns in which a shortened executor id still differs from others."""


class TaskScreen(Protocol):
    """Shows tasks as they change."""

    def show(self, task: TaskInfo) -> None:
        """Show where the task stands now."""
        ...

    def note(self, text: RenderableType) -> None:
        """Say something that stays."""
        ...

    def wait_for(self, what: str, seconds: float) -> None:
        """Count down while waiting for `what`; an empty `what` ends the countdown."""
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
        # Nothing is redrawn after this, so show all tasks, even if they need more rows than the terminal has.
        self._is_over = True
        self._live.stop()

    def show(self, task: TaskInfo) -> None:
        self._heard[task.task_id] = time.monotonic()  # before `_tasks`: another thread redraws
        self._tasks[task.task_id] = self._steady(task)

    def note(self, text: RenderableType) -> None:
        self._live.console.print(text)

    def wait_for(self, what: str, seconds: float) -> None:
        self._waiting, self._until = what, time.monotonic() + seconds

    def _picture(self) -> RenderableType:
        now = time.monotonic()
        parts = [
            task_view(task, silent_s=now - self._heard[task.task_id])
            for task in sorted(self._tasks.values(), key=_urgency)
        ]
        rows = self._console.height
        waiting: list[RenderableType] = []
        if self._waiting:
            left = max(0.0, self._until - time.monotonic())
            sign, seconds = "  ⏳ ", f": {left:.0f} s"
            room = self._console.width - cell_len(f"{sign}{seconds}")
            said = f"{middle_cut(f'waiting for {self._waiting}', room)}{seconds}"
            waiting.append(Text.assemble((sign, "yellow"), said, overflow="ellipsis", no_wrap=True))
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
        title = title_of(task) if task.task_id not in self._said else ""
        self._said[task.task_id] = facts
        line = Text.assemble(
            f"{time.monotonic() - self._begun:7.1f} s  {task.task_id}  ",
            task_state(task),
            f"  {task_percent(task):>4}",
        )
        if stage and str(task.state) == "running":
            percent = percent_text(stage_percent(stage))
            line.append(f"  {task.stage} {percent}  {stage_words(stage, running=True)}".rstrip())
        if task.failure and str(task.state) == "failed":
            line.append("".join(["  ", *failure_text(task.failure).splitlines()[:1]]))
        if reason := why(task):
            line.append(f"  {reason}")
        if title:
            line.append(f"  {title}")
        self._console.print(line)

    def note(self, text: RenderableType) -> None:
        self._console.print(text)

    def wait_for(self, what: str, seconds: float) -> None:
        if what:
            self._console.print(f"  waiting for {what}: at most {seconds:.0f} s")


def _urgency(task: TaskInfo) -> int:
    """Sort order: running tasks, then waiting ones, then those that have ended."""
    if task.is_final:
        return 2
    return 0 if str(task.state) == "running" else 1


def task_view(task: TaskInfo, *, silent_s: float = 0.0) -> RenderableType:
    """One task: a line about it, why it does not go on, and a bar for each stage."""
    parts: list[RenderableType] = [TaskHeader(task)]
    if reason := why(task):
        line = Table.grid(padding=(0, 1, 0, 0))
        line.add_column(no_wrap=True)
        line.add_column(overflow="fold")
        line.add_row(Text("  →", "yellow"), Text(reason, "yellow"))
        parts.append(line)
    parts.append(StageBars(task.stages, task_state=str(task.state), silent_s=silent_s, is_redrawn=True))
    return Group(*parts)


class TaskHeader:
    """Type, id, state, executor and attempt of a task: on one line, or on two where the terminal is narrow. Then its
    title, if it has one.

    No line is wrapped, neither by us nor by the terminal, since the height must be known to redraw it in place. Names
    that do not fit lose their middle, the type first, so that people can copy the id.
    """

    def __init__(self, task: TaskInfo) -> None:
        self._task = task

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        task, room = self._task, options.max_width
        state = Text.assemble("  ", task_state(task))
        executor = one_line(task.executor_id)
        attempt = f"  attempt {task.attempt_count}" if task.attempt_count > 1 else ""
        kind = middle_cut(one_line(task.task_type), max(1, room - cell_len(task.task_id) - 1))
        title = Text.assemble((kind, "bold"), f" {task.task_id}")
        at = f"  on {executor}" if executor else ""
        if sum(map(cell_len, (title.plain, state.plain, at, attempt))) <= room:
            lines = [title.append_text(state).append(at + attempt, "bright_black")]
        else:
            left = room - sum(map(cell_len, (state.plain, "  on ", attempt)))
            at = f"  on {middle_cut(executor, left)}" if executor and left >= _LEAST_NAME else ""
            lines = [title, state.append(at + attempt, "bright_black")]
        if said := title_of(task):
            lines.append(Text(f"  {title_cut(said, room - 2)}"))
        for line in lines:
            line.truncate(room, overflow="ellipsis")
            line.no_wrap = True
            yield line


def stage_of(task: TaskInfo) -> StageInfo | None:
    """The stage that the task is in; None before the first start."""
    return next((stage for stage in task.stages if stage.name == task.stage), None)

"""The stages of a task as bars, each with as many facts as the terminal has room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from asynctask_core.printable import one_line
from asynctask_core.progress import StageShare, percent
from asynctask_core.states import StageState
from asynctask_standalone.cli.output import state_text
from asynctask_standalone.cli.shortening import middle_cut
from asynctask_standalone.cli.wording import amount, percent_text, remaining_words, span

if TYPE_CHECKING:
    from asynctask import StageInfo

SILENT_S = 10
"""Seconds without a change after which the rate is not shown: the executor may be gone."""
_BARS = ((114, 30), (94, 20), (64, 12), (0, 6))
"""Terminal width from which on a bar has this width; inside the frame of `get` six columns are missing."""
_LONG_NAMES = 94
"""Width from which on no stage name is cut."""
_LEAST_NAME = 12
"""Columns that every stage name gets at least."""
_LEAST_MESSAGE = 12
"""Columns in which a handler's message can still be understood."""
_SEPARATOR = " · "
_GAP = 1
"""Blanks between two columns."""


class StageBars:
    """A line for each stage: its bar, percentage, time left, rate, amounts, and its handler's last message.

    A narrow terminal drops these from the last to the first; names lose their middle.

    Args:
        stages: the stages of one task.
        task_state: the state of that task.
        silent_s: for how long no change of it arrived.
        is_redrawn: bars keep their width while the words beside them change. Otherwise long words make them shorter.
        room: columns for this, if a frame around it does not pass its own width.
    """

    def __init__(
        self,
        stages: Iterable[StageInfo],
        *,
        task_state: str,
        silent_s: float = 0.0,
        is_redrawn: bool = False,
        room: int | None = None,
    ) -> None:
        self._stages = tuple(stages)
        self._task_state = task_state
        self._running = task_state == "running"
        self._silent_s = silent_s
        self._is_redrawn = is_redrawn
        self._room = room

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self._grid(self._room or options.max_width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self._grid(self._room or options.max_width))

    def _grid(self, room: int) -> Table:
        named = max((cell_len(one_line(stage.name)) for stage in self._stages), default=0)
        name = min(named, max(_LEAST_NAME, room // (4 if room < _LONG_NAMES else 2)))
        beside = room - sum((len("  ✔"), _GAP, name, _GAP, _GAP, len("100%"), _GAP))
        bars = [columns for least, columns in _BARS if room >= least]
        # If nothing is redrawn, use the widest bar beside which all facts fit.
        wanted = (
            0 if self._is_redrawn else max((self._facts_width(stage) for stage in self._stages), default=0)
        )
        bar = next((columns for columns in bars if beside - columns >= wanted), bars[-1])
        left = beside - bar
        grid = Table.grid(padding=(0, 1))
        for justify in ("left", "left", "left", "right", "left"):
            grid.add_column(no_wrap=True, justify=justify)
        for stage in self._stages:
            state = self._state(stage)
            done_percent = stage_percent(stage)
            style = {"completed": "green", "failed": "red"}.get(state, "blue" if self._running else "yellow")
            is_unknown = state == "running" and not (stage.progress and stage.progress.total)
            grid.add_row(
                Text.assemble("  ", state_text(state)[:1]),
                Text(
                    middle_cut(one_line(stage.name), name),
                    style="bold" if str(stage.state) == "running" else "",
                ),
                ProgressBar(
                    total=100,
                    completed=done_percent,
                    width=bar,
                    pulse=is_unknown,
                    complete_style=style,
                    finished_style=style,
                ),
                Text(percent_text(done_percent)),
                Text(
                    stage_words(stage, running=self._running, silent_s=self._silent_s, room=left),
                    "bright_black",
                ),
            )
        return grid

    def _facts_width(self, stage: StageInfo) -> int:
        return cell_len(_SEPARATOR.join(stage_facts(stage, running=self._running, silent_s=self._silent_s)))

    def _state(self, stage: StageInfo) -> str:
        """The state to show: a stage that began is not shown as running if its task waits or has ended."""
        state = str(stage.state)
        return self._task_state if state == "running" else state


def stage_percent(stage: StageInfo) -> float:
    """How much of a stage is done, from 0 to 100 and as in its task's percentage; 0 when its total is not known."""
    done, total = (stage.progress.done, stage.progress.total) if stage.progress else (0.0, 0.0)
    return percent([StageShare(1.0, StageState(str(stage.state)), done, total)])


def stage_words(stage: StageInfo, *, running: bool, silent_s: float = 0.0, room: int = 10_000) -> str:
    """`1.2 GiB of 4.0 GiB · 98.1 MiB/s · about 30 s left · photos/a.jpg`, as far as known, in at most `room` columns.

    Rate and remaining time are shown only for a running task with recent news. They would be wrong for a task that
    waits for another executor, or whose executor was silent for `silent_s`.
    """
    progress = stage.progress
    if not progress:
        return ""
    facts = stage_facts(stage, running=running, silent_s=silent_s)
    if progress.total and progress.done == progress.total and cell_len(facts[0]) > room:
        facts[0] = amount(progress.total, progress.unit)
    # A second line would move the bars of other tasks.
    return _that_fit(list(map(one_line, facts)), one_line(progress.message), room)


def stage_facts(stage: StageInfo, *, running: bool, silent_s: float = 0.0) -> list[str]:
    """The same in parts, without the message: amounts, rate and time left, as far as known."""
    progress = stage.progress
    if not progress:
        return []
    running = running and str(stage.state) == "running" and not (0 < progress.total <= progress.done)
    is_silent = silent_s >= SILENT_S
    facts: list[str] = []
    if progress.total:
        done = amount(progress.done, "bytes" if progress.unit == "bytes" else "")
        facts.append(f"{done} of {amount(progress.total, progress.unit)}")
    elif progress.done:
        facts.append(amount(progress.done, progress.unit))
    if running and is_silent:
        facts.append(f"no news for {span(int(silent_s))}")
    elif running and progress.rate:
        facts.append(f"{amount(progress.rate, progress.unit)}/s")
    if running and progress.remaining_s is not None and not is_silent:
        facts.append(remaining_words(progress.remaining_s, progress.remaining_most_s))
    return facts


def _that_fit(facts: Sequence[str], message: str, room: int) -> str:
    """The facts that fit, the last ones first; then the message, if there is room left for it."""
    kept: list[str] = []
    for fact in reversed(facts):
        if _width([fact, *kept]) > room:
            return _SEPARATOR.join(kept)
        kept.insert(0, fact)
    left = room - (_width([*kept, ""]) if kept else 0)
    if message and left > 0 and left >= min(_LEAST_MESSAGE, cell_len(message)):
        kept.append(middle_cut(message, left))
    return _SEPARATOR.join(kept)


def _width(parts: Sequence[str]) -> int:
    return cell_len(_SEPARATOR.join(parts))

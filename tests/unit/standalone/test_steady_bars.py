"""A bar does not step back when another executor goes on."""

from dataclasses import replace
from typing import Any

from rich.console import Console

from asynctask import ProgressInfo, StageInfo, StageState, TaskInfo, TaskState
from asynctask_standalone.cli.live import LiveScreen, PlainScreen, bar_width, task_view
from asynctask_standalone.cli.steady import Steady


def a_task(
    done: float, *, attempt: int = 1, total: float = 100, run: int = 1, percent: float = 0
) -> TaskInfo:
    progress = ProgressInfo(done, total, "bytes", "", 0.0, None)
    stage = StageInfo("transfer", 0, 1.0, StageState.RUNNING, progress, None, None, None, None)
    facts: Any = dict.fromkeys(TaskInfo.__dataclass_fields__, None) | {
        "task_id": "0190",
        "task_type": "backup_file",
        "state": TaskState.RUNNING,
        "stage": "transfer",
        "percent": percent or done,
        "stages": (stage,),
        "attempt_count": attempt,
        "run": run,
        "executor_id": "e",
    }
    return TaskInfo(**facts)


def shown(steady: Steady, task: TaskInfo) -> tuple[float, float]:
    seen = steady(task)
    progress = seen.stages[0].progress
    assert progress
    return progress.done, seen.percent


def test_next_attempt_is_shown_where_the_last_one_was_until_it_has_passed_it():
    steady = Steady()
    assert shown(steady, a_task(41)) == (41, 41)
    assert shown(steady, a_task(38, attempt=2)) == (41, 41)
    assert shown(steady, a_task(40, attempt=2)) == (41, 41)
    assert shown(steady, a_task(42, attempt=2)) == (42, 42)


def test_next_attempt_that_has_not_reported_yet_holds_the_bar_as_well():
    steady = Steady()
    shown(steady, a_task(41))
    assert shown(steady, a_task(41, attempt=2)) == (41, 41)
    assert shown(steady, a_task(35, attempt=2)) == (41, 41)
    assert shown(steady, a_task(42, attempt=2)) == (42, 42)


def test_attempt_that_takes_something_back_itself_is_shown_as_it_says():
    steady = Steady()
    shown(steady, a_task(41))
    assert shown(steady, a_task(20)) == (20, 20)
    shown(steady, a_task(60, attempt=2))
    assert shown(steady, a_task(50, attempt=2)) == (50, 50)


def test_new_run_or_another_list_begins_anew():
    steady = Steady()
    shown(steady, a_task(41))
    assert shown(steady, a_task(0, attempt=2, run=2)) == (0, 0)
    assert shown(steady, a_task(5, attempt=3, total=200, run=2))[0] == 5


def test_screens_show_it_so():
    console = Console(width=120, force_terminal=False)
    with console.capture() as capture, PlainScreen(console) as screen:
        screen.show(a_task(41))
        screen.show(a_task(38, attempt=2))
        screen.show(a_task(52, attempt=2))
    percents = [line.split("%")[0].split()[-1] for line in capture.get().splitlines()]
    assert percents == ["41", "52"]

    live = LiveScreen(console)
    live.show(a_task(41))
    live.show(a_task(38, attempt=2))
    with console.capture() as capture:
        console.print(live._picture())
    assert "41 B of 100 B" in capture.get()


def test_narrow_terminal_cuts_amounts_and_nothing_else():
    long = replace(
        a_task(41_000_000, total=100_000_000).stages[0],
        name="compare_everything",
        progress=ProgressInfo(41e6, 1e8, "bytes", "a/very/long/path/" * 9, 1e6, 59.0),
    )
    task = replace(a_task(41), stages=(long,))
    console = Console(width=80, force_terminal=False)
    with console.capture() as capture:
        console.print(task_view(task, bar_width=bar_width(console)))
    line = capture.get().splitlines()[-1]
    assert len(line) <= 80
    assert "compare_everything" in line
    assert "41%" in line
    assert "39.1 MiB of 95.4 MiB" in line
    assert line.rstrip().endswith("…")

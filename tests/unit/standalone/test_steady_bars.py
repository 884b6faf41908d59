"""A bar does not step back when another executor goes on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console, Group
from rich.text import Text

from asynctask import FailureInfo, ProgressInfo, StageInfo, StageState, TaskInfo, TaskState
from asynctask_core.states import Requested
from asynctask_standalone.cli.cropping import cropped
from asynctask_standalone.cli.live import LiveScreen, PlainScreen, task_view
from asynctask_standalone.cli.output import task_percent
from asynctask_standalone.cli.plain import UNLIMITED
from asynctask_standalone.cli.shortening import middle_cut
from asynctask_standalone.cli.show import task_panel
from asynctask_standalone.cli.steady import Steady
from asynctask_standalone.cli.waiting import why


class Redrawn(dict[str, Any]):
    """What is shown, drawn as soon as something is put into it: another thread does that at any moment."""

    def __init__(self, screen: LiveScreen) -> None:
        super().__init__()
        self._screen = screen

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        self._screen._picture()


def test_task_may_be_drawn_in_the_moment_in_which_it_is_first_shown():
    """Fails when: the thread that redraws dies of a task that it does not know whole."""
    screen = LiveScreen(Console(file=StringIO(), width=80))
    screen._tasks = Redrawn(screen)
    screen.show(a_task(1))
    assert list(screen._tasks) == ["0190"]


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
        "command_reason": "",
        "labels": {},
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


@pytest.mark.parametrize(
    ("width", "name", "facts"),
    [
        (50, "compar…thing", "about 60 s left"),
        (60, "compare…rything", "about 60 s left"),
        (80, "compare_everything", "976.6 KiB/s · about 60 s left"),
        (106, "compare_everything", "39.1 MiB of 95.4 MiB · 976.6 KiB/s · about 60 s left"),
        (
            150,
            "compare_everything",
            "39.1 MiB of 95.4 MiB · 976.6 KiB/s · about 60 s left · a/very/long/path/a…path/the-file.txt",
        ),
    ],
)
def test_narrow_terminal_keeps_what_is_useful(width: int, name: str, facts: str):
    """Fails when percent, rate and time left are cut off behind a long name, a wide bar and the amounts."""
    long = replace(
        a_task(41_000_000, total=100_000_000).stages[0],
        name="compare_everything",
        progress=ProgressInfo(41e6, 1e8, "bytes", f"{'a/very/long/path/' * 9}the-file.txt", 1e6, 59.0),
    )
    line = pictured(replace(a_task(41), stages=(long,)), width)[-1]
    assert len(line) <= width
    assert line.startswith(f"  ● {name}")
    assert line.partition("41% ")[2] == facts


def pictured(task: TaskInfo, width: int, *, silent_s: float = 0.0) -> list[str]:
    console = Console(width=width, force_terminal=False)
    with console.capture() as capture:
        console.print(task_view(task, silent_s=silent_s))
    return [line.rstrip() for line in capture.get().splitlines()]


TASK_ID = "0198c0de-0000-7000-8000-000000000001"


@pytest.mark.parametrize("width", [45, 60, 80, 100, 200])
def test_header_of_a_task_is_never_wrapped_and_keeps_its_id(width: int):
    """Fails when the height of what is redrawn is not what was thought: a narrow terminal kept the lines before."""
    task = replace(
        a_task(41, attempt=3),
        task_id=TASK_ID,
        task_type="a_type_with_a_long_name",
        executor_id="host-1234-ab" * 4,
    )
    lines = pictured(task, width)
    assert len(lines) == (2 if width >= 200 else 3)
    assert max(map(len, lines)) <= width
    assert TASK_ID in lines[0]
    assert "● running" in "\n".join(lines[:2])
    assert "attempt 3" in "\n".join(lines[:2])


def panelled(task: TaskInfo, width: int) -> list[str]:
    console = Console(width=width, force_terminal=False)
    with console.capture() as capture:
        console.print(task_panel(replace(task, warnings=(), labels={})))
    return capture.get().splitlines()


def test_task_for_programs_has_no_frame_and_no_line_that_is_wrapped_or_padded():
    """Fails when `get ID | grep` sees a frame as wide as the longest line, or half of a command or a path."""
    failure = FailureInfo("HANDLER_ERROR", "ValueError", "odd " * 100, "", "work")
    task = replace(a_task(41), task_id=TASK_ID, state=TaskState.FAILED, failure=failure)
    lines = panelled(task, UNLIMITED)
    assert lines[0] == f"backup_file {TASK_ID}"
    assert not any(sign in line for line in lines for sign in "╭│╰")
    assert lines == [line.rstrip() for line in lines]
    assert sorted(map(len, lines))[-3] < 100
    assert any("odd " * 99 in line for line in lines)
    assert any(f"restart {TASK_ID} --from-checkpoint`" in line for line in lines)


@pytest.mark.parametrize("width", [100, 200, UNLIMITED])
def test_bars_of_a_task_give_way_to_what_is_known_of_its_stages(width: int):
    """Fails when `get` cuts off counts, rate and time left, and draws long bars beside them."""
    progress = ProgressInfo(115e9, 230e9, "bytes", "", 1e9, 95.0)
    stage = replace(a_task(41).stages[0], name="transfer_of_all", progress=progress)
    [line] = [line for line in panelled(replace(a_task(41), stages=(stage,)), width) if "50%" in line]
    assert "107.1 GiB of 214.2 GiB · 953.7 MiB/s · about 2 min left" in line
    assert ("━" * 15 in line) == (width >= 200)  # half of the widest bar


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        (TaskState.RUNNING, "●"),
        (TaskState.PAUSED, "‖"),
        (TaskState.CANCELLED, "⊘"),
        (TaskState.PENDING, "◷"),
        (TaskState.QUEUED, "◌"),
        (TaskState.FAILED, "✘"),
    ],
)
def test_stage_runs_only_while_its_task_does(state: TaskState, sign: str):
    """Fails when the stage of a cancelled or paused task still has the sign of one that runs."""
    task = replace(a_task(41), state=state)
    for lines in (panelled(task, 100), pictured(task, 100)):
        [line] = [line for line in lines if "transfer " in line]
        assert line.strip("│ ").startswith(f"{sign} transfer")


def test_id_of_an_executor_loses_its_middle():
    """Fails when a narrow terminal cuts off what tells an executor from the others of its host."""
    task = replace(a_task(41, attempt=3), task_id=TASK_ID, executor_id="build-server-0042-12345-0a1b2c3d")
    assert pictured(task, 60)[1].endswith("  on build-server-0042-12345-0a1b2c3d  attempt 3")
    assert pictured(task, 45)[1] == "  ● running  on build-ser…0a1b2c3d  attempt 3"


@pytest.mark.parametrize(
    ("text", "room", "cut"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abc…fg"),
        ("文件文件文件", 6, "文…件"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_middle_is_cut(text: str, room: int, cut: str):
    assert middle_cut(text, room) == cut
    assert cell_len(middle_cut(text, room)) <= room


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"state": TaskState.PAUSED, "command_reason": "the network is needed"},
            "reason given: the network is needed",
        ),
        ({"command_reason": "stop", "requested": Requested.PAUSE}, "reason given: stop"),
        (
            {
                "state": TaskState.PENDING,
                "failure": FailureInfo("HANDLER_ERROR", "ValueError", "odd\nmore", "", "work"),
                "due_time": datetime.now(UTC) + timedelta(hours=3, minutes=1),
            },
            "ValueError: odd; tried again at 20",
        ),
        (
            {"state": TaskState.PENDING, "due_time": datetime.now(UTC) + timedelta(days=2, minutes=1)},
            "starts at 20",
        ),
        ({}, ""),
        ({"command_reason": "resumed since", "state": TaskState.QUEUED}, ""),
    ],
    ids=["paused", "pause-asked", "retry", "delayed", "running", "queued"],
)
def test_watch_says_why_a_task_does_not_go_on(facts: dict[str, Any], said: str):
    """Fails when who watches has to call `get` to learn what it waits for."""
    task = replace(a_task(41), **facts)
    assert why(task).startswith(said)
    assert bool(why(task)) is bool(said)
    shown = " ".join(pictured(task, 120))
    assert said in shown
    console = Console(width=200, force_terminal=False)
    with console.capture() as capture, PlainScreen(console) as screen:
        screen.show(task)
    assert said in capture.get()


def a_stage(state: StageState, done: float, *, rate: float = 10.0, remaining_s: float = 0.4) -> StageInfo:
    progress = ProgressInfo(done, 1000, "bytes", "", rate, remaining_s)
    return StageInfo("verify", 0, 1.0, state, progress, None, None, None, None)


def test_no_stage_that_goes_on_is_at_a_hundred_percent_by_rounding():
    [_, line] = pictured(replace(a_task(99.7), stages=(a_stage(StageState.RUNNING, 997),)), 120)
    assert "99%" in line
    assert "about 5 s left" in line


def test_stage_that_has_read_everything_and_goes_on_is_not_at_a_hundred_percent():
    """Fails when its bar is full, and goes back to 99 % where the stage fails at its very end."""
    [_, line] = pictured(replace(a_task(99), stages=(a_stage(StageState.RUNNING, 1000),)), 120)
    assert " 99%" in line
    assert "left" not in line


def test_stage_and_task_that_failed_are_not_at_a_hundred_percent():
    stage = a_stage(StageState.FAILED, 1000)
    [_, line] = pictured(replace(a_task(100), state=TaskState.FAILED, stages=(stage,)), 120)
    assert " 99%" in line
    assert task_percent(replace(a_task(100), state=TaskState.FAILED)) == "99%"
    assert task_percent(replace(a_task(100), state=TaskState.COMPLETED)) == "100%"


def test_rate_is_that_of_a_task_that_runs_and_is_heard_of():
    """Fails when 10 B/s and the time left are still shown of an executor that is dead."""
    stage = a_stage(StageState.RUNNING, 500, remaining_s=50)
    running = replace(a_task(50), stages=(stage,))
    assert "10 B/s · about 50 s left" in pictured(running, 120)[1]
    silent = pictured(running, 120, silent_s=12)[1]
    assert "no news for 12 s" in silent
    assert "/s" not in silent
    assert "left" not in silent
    waiting = pictured(replace(running, state=TaskState.QUEUED), 120)[1]
    assert "500 B of 1000 B" in waiting
    assert "/s" not in waiting


def test_watch_of_more_tasks_than_the_terminal_has_rows_shows_those_that_run_and_counts_the_rest():
    """Fails when rich cannot go back to the first line, and prints all of them again at each refresh."""
    console = Console(width=80, height=24, force_terminal=True, file=StringIO())
    screen = LiveScreen(console)
    for number in range(20):
        ended = replace(a_task(100), task_id=f"task-{number}", state=TaskState.COMPLETED)
        screen.show(replace(a_task(41), task_id="task-19") if number == 19 else ended)

    def lines() -> list[str]:
        with console.capture() as capture:
            console.print(screen._picture())
        return [line for line in Text.from_ansi(capture.get()).plain.splitlines() if line.strip()]

    few = lines()
    assert len(few) <= 24
    assert "task-19" in few[0]
    shown = sum(" task-" in line for line in few)
    assert few[-1].strip() == f"… and {20 - shown} more"
    screen.wait_for("executors", 9)
    assert len(lines()) <= 24
    screen.wait_for("", 0)
    screen._is_over = True
    assert sum(" task-" in line for line in lines()) == 20


def test_task_that_alone_is_higher_than_the_terminal_is_cut():
    console = Console(width=80, height=5)
    tall = Text("\n".join(map(str, range(9))))
    with console.capture() as capture:
        console.print(Group(*cropped(console, [tall, tall], 5)))
    assert capture.get().split() == ["0", "1", "2", "3", "…", "and", "1", "more"]

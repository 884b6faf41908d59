"""How the command line reads what people write, and writes what they read."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from asynctask import ExecutorInfo, FailureInfo, LogLineInfo, TaskInfo, TaskInfoPage
from asynctask._client.info_wire import log_line_of, task_of
from asynctask._options import ADDRESS_HINT
from asynctask_core.errors import BY_REASON, InvalidInput, StoreUnavailable, TaskNotFound
from asynctask_core.state_words import ITEM_STATES
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_standalone.cli import cluster, control, doctor, executor, follow, items, logs, submit, tasks
from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.echo import interrupts_unechoed
from asynctask_standalone.cli.exits import MEANINGS, CommandRefused, Exit, errors_told, exit_of
from asynctask_standalone.cli.given import duration, instant, labels
from asynctask_standalone.cli.logs import _log_line
from asynctask_standalone.cli.options import listed
from asynctask_standalone.cli.output import bar, failure_text
from asynctask_standalone.cli.panel import host_and_port, masked
from asynctask_standalone.cli.plain_call import plain_call
from asynctask_standalone.cli.submit import parsed_config
from asynctask_standalone.cli.typed import typed_field
from asynctask_standalone.cli.verbose import readable
from asynctask_standalone.cli.wording import age, amount, command_name, span, up_command


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "40 ms"),
        (1, "1.0 s"),
        (9.96, "10.0 s"),
        (59, "59 s"),
        (61, "1 min 1 s"),
        (3600, "1 h"),
        (90000, "1 d 1 h"),
    ],
)
def test_duration_is_told_in_its_two_largest_units(seconds: float, text: str):
    assert span(seconds) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1023, "bytes", "1023 B"),
        (1536, "bytes", "1.5 KiB"),
        (5 * 2**40, "bytes", "5.0 TiB"),
        (12345, "files", "12,345 files"),
        (1, "files", "1 file"),
        (1, "entries", "1 entry"),
        (1, "s", "1 s"),
        (0, "tasks", "0 tasks"),
        (0.5, "", "0.5"),
    ],
)
def test_amount_is_told_in_its_unit(value: float, unit: str, text: str):
    assert amount(value, unit) == text


def test_bar_is_readable_without_colours():
    assert bar(25, 8).plain == "━━──────"


@pytest.mark.parametrize(("limit", "says"), [("1", True), ("2", False), ("0", False)])
def test_items_say_when_there_are_more(monkeypatch: pytest.MonkeyPatch, limit: str, says: bool):
    found = [SimpleNamespace(key=b"a", state="done", size=1, error="") for _ in range(2)]
    connected = SimpleNamespace(manifest_items=lambda *_, **__: iter(found), manifest_counts=lambda _: {})
    monkeypatch.setattr(items, "client", lambda *_, **__: nullcontext(connected))
    shown = CliRunner().invoke(app, ["items", "some-id", "--limit", limit])
    assert ("The first 1; --limit 0 lists all." in shown.output) is says


@pytest.mark.skipif(shutil.which("bash") is None, reason="no shell that knows $'…'")
def test_items_are_written_as_a_shell_takes_them(monkeypatch: pytest.MonkeyPatch):
    """Fails when two keys look alike, such as one with a newline and one with a backslash and an n."""
    keys = [b"new\nline", b"new\\nline", b"\xe9", b"\\xe9", b"it's", b"it\\'s", b"a\\", b"tab\t"]
    found = [SimpleNamespace(key=key, state="done", size=1, error="") for key in keys]
    connected = SimpleNamespace(manifest_items=lambda *_, **__: iter(found), manifest_counts=lambda _: {})
    monkeypatch.setattr(items, "client", lambda *_, **__: nullcontext(connected))
    lines = CliRunner().invoke(app, ["items", "some-id"]).output.splitlines()[1:]
    words = " ".join(f"$'{line.split()[0]}'" for line in lines)
    printed = subprocess.run(["bash", "-c", rf"printf '%s\0' {words}"], capture_output=True, check=True)
    assert printed.stdout.split(b"\0")[:-1] == keys


def test_manifest_without_items_is_said_to_be_empty(monkeypatch: pytest.MonkeyPatch):
    none = SimpleNamespace(**{state: SimpleNamespace(items=0) for state in ITEM_STATES})
    some = SimpleNamespace(**vars(none) | {"done": SimpleNamespace(items=2)})
    counts = {"changes": none, "files": some}
    connected = SimpleNamespace(manifest_items=lambda *_, **__: iter(()), manifest_counts=lambda _: counts)
    monkeypatch.setattr(items, "client", lambda *_, **__: nullcontext(connected))
    shown = CliRunner().invoke(app, ["items", "some-id"])
    assert shown.output.splitlines() == ["No items.", "changes: empty", "files: 2 done"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("", "No tasks."),
        ("--state running --state queued", "No tasks with status running or queued."),
        ("--type nope --queue other", "No tasks of type 'nope' in queue 'other'."),
        ("--status failed --label a=b --since 2h", "No tasks with status failed with label a=b since 2h."),
    ],
)
def test_empty_list_says_what_was_asked_for(monkeypatch: pytest.MonkeyPatch, options: str, says: str):
    """Fails when it reads as if there were no tasks at all."""
    monkeypatch.setattr(
        tasks,
        "client",
        lambda *_, **__: nullcontext(SimpleNamespace(list_page=lambda **_: TaskInfoPage([], ""))),
    )
    assert CliRunner().invoke(app, ["list", *options.split()]).output == f"{says}\n"


@pytest.mark.parametrize("connected", [True, False])
def test_list_of_executors_says_how_long_those_away_stay_in_it(
    monkeypatch: pytest.MonkeyPatch, connected: bool
):
    one = ExecutorInfo("host-1-ab", "host", 16, 0, ("count",), (), connected, 1000, None, False, "0.1.0")
    cluster_of_one = SimpleNamespace(executors=lambda: [one])
    monkeypatch.setattr(cluster, "client", lambda *_, **__: nullcontext(cluster_of_one))
    last = CliRunner().invoke(app, ["executors"]).output.splitlines()[-1]
    assert last.startswith("host-1-ab" if connected else "Executors that are away")
    assert ("after a minute" in last) is not connected


def test_type_that_was_deleted_is_shown_as_that_beside_those_that_an_executor_runs(
    monkeypatch: pytest.MonkeyPatch,
):
    one = ExecutorInfo("e-1", "e", 16, 0, ("count",), (), True, 1000, None, False, "0.1.0", ("old",))
    monkeypatch.setattr(
        cluster, "client", lambda *_, **__: nullcontext(SimpleNamespace(executors=lambda: [one]))
    )
    assert "  count, old (deleted)  " in CliRunner().invoke(app, ["executors"]).output


@pytest.mark.parametrize("arguments", ["watch some-id", "logs some-id --follow"])
@pytest.mark.parametrize("as_json", [True, False])
def test_outage_is_told_to_machines_as_json(
    monkeypatch: pytest.MonkeyPatch, arguments: str, *, as_json: bool
):
    """Fails when who reads stderr line by line as JSON, as --json says, meets a sentence."""

    def interrupted(*_: str, on_outage: Callable[[object], object], **__: object) -> Iterator[object]:
        on_outage(StoreUnavailable("away"))
        on_outage(None)
        yield from ended

    facts = {
        "task_type": "count",
        "queue": "default",
        "executor_id": "",
        "failure": None,
        "to_json": dict[str, str],
    }
    ended = [SimpleNamespace(task_id="some-id", is_final=True, state="completed", warning_count=0, **facts)]
    connected = SimpleNamespace(get=lambda _: None, watch=interrupted, tail=interrupted)
    if arguments.startswith("logs"):
        ended.clear()
    for module in (follow, logs):
        monkeypatch.setattr(module, "client", lambda *_, **__: nullcontext(connected))
    monkeypatch.setattr(follow, "_print_result", lambda *_: None)
    monkeypatch.setattr("asynctask_standalone.cli.live.PlainScreen.show", lambda *_: None)
    done = CliRunner().invoke(app, [*arguments.split(), "-a", "here:1", *(["--json"] if as_json else [])])
    assert done.exit_code == 0
    lines = [line for line in (done.stderr or done.stdout).splitlines() if "connection" in line]
    said = [json.loads(line)["notice"] if as_json else line[2:] for line in lines]
    assert said[0] == "connection to here:1 lost, trying again"
    assert said[1].startswith("connection to here:1 is back, after ")


@pytest.mark.parametrize("as_json", [True, False])
def test_interrupted_watch_says_that_the_task_goes_on(monkeypatch: pytest.MonkeyPatch, *, as_json: bool):
    """Fails when Ctrl-C ends a watch without a word, as if it had cancelled the task."""
    tasks = [
        task_of(task_pb2.Task(task_id=name, task_status=state))
        for name, state in (("ended", state_pb2.TASK_STATE_FAILED), ("busy", state_pb2.TASK_STATE_RUNNING))
    ]

    def interrupted(*_: object, **__: object) -> Iterator[TaskInfo]:
        yield from tasks
        raise KeyboardInterrupt

    double = SimpleNamespace(get=lambda _: None)
    monkeypatch.setattr(follow, "client", lambda _, *, as_json: as_client(double, as_json=as_json))
    monkeypatch.setattr(follow, "updates", interrupted)
    done = CliRunner().invoke(app, ["watch", "ended", "busy", *(["--json"] if as_json else [])])
    said = json.loads(done.stderr)["notice"] if as_json else done.stderr.removeprefix("! ").rstrip()
    assert (said, done.exit_code) == ("stopped watching; task busy goes on", Exit.INTERRUPTED)
    assert follow.stopped_words(["a", "b"]) == "stopped watching; 2 tasks go on"


def test_terminal_writes_no_interrupt_into_what_is_redrawn():
    """Fails when `^C` begins a new row, and the header of the first task stays on the screen twice."""
    outer, inner = os.openpty()
    with os.fdopen(outer, "wb"), os.fdopen(inner, "w") as terminal:
        before = termios.tcgetattr(inner)[3]
        with interrupts_unechoed(terminal):
            assert not termios.tcgetattr(inner)[3] & termios.ECHOCTL
        assert before & termios.ECHOCTL
        assert termios.tcgetattr(inner)[3] == before
    with interrupts_unechoed(StringIO()):
        pass


def test_terminal_is_left_alone_by_a_watch_in_the_background(monkeypatch: pytest.MonkeyPatch):
    """Fails when the system stops `watch ID &` for changing the terminal of another job."""
    outer, inner = os.openpty()
    monkeypatch.setattr("os.tcgetpgrp", lambda _: os.getpgrp() + 1)
    with os.fdopen(outer, "wb"), os.fdopen(inner, "w") as terminal, interrupts_unechoed(terminal):
        assert termios.tcgetattr(inner)[3] & termios.ECHOCTL


@pytest.mark.parametrize(
    ("ended", "exit_code"),
    [
        ([("completed", 0)], Exit.OK),
        ([("completed", 0), ("completed", 51)], Exit.WARNINGS),
        ([("completed", 51), ("failed", 0)], Exit.TASK_FAILED),
        ([("cancelled", 51)], Exit.TASK_FAILED),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_watch_tells_completed_with_warnings_from_a_plain_success(
    monkeypatch: pytest.MonkeyPatch, ended: list[tuple[str, int]], exit_code: Exit, *, as_json: bool
):
    """Fails when a backup that skipped files ends a script as if everything had been copied."""
    tasks = [
        task_of(
            task_pb2.Task(
                task_id=f"task-{number}",
                task_status=state_pb2.TaskState.Value(f"TASK_STATE_{state.upper()}"),
                warning_count=warnings,
                warning_counts={"SKIPPED": warnings} if warnings else {},
            )
        )
        for number, (state, warnings) in enumerate(ended)
    ]
    by_id = {task.task_id: task for task in tasks}
    connected = SimpleNamespace(get=by_id.get, watch=lambda *_, **__: iter(tasks))
    monkeypatch.setattr(follow, "client", lambda *_, **__: nullcontext(connected))
    done = CliRunner().invoke(app, ["watch", *by_id, *(["--json"] if as_json else [])])
    assert done.exit_code == exit_code
    warned = [task.task_id for task in tasks if str(task.state) == "completed" and task.warning_count]
    for task_id in warned:
        said = f"! {task_id}: completed, but 51 skipped: see asynctask get {task_id}"
        assert (said in done.stdout) is not as_json


def test_watch_of_a_task_that_fails_says_what_to_do(monkeypatch: pytest.MonkeyPatch):
    """Fails when only `get` says how to go on."""
    failure = task_pb2.Failure(reason="NOT_ENOUGH_SPACE", message="/copies lacks 3 GiB")
    failed = task_pb2.Task(
        task_id="task-1", task_status=state_pb2.TaskState.TASK_STATE_FAILED, failure=failure
    )
    task = task_of(failed)
    connected = SimpleNamespace(get=lambda _: task, watch=lambda *_, **__: iter([task]))
    monkeypatch.setattr(follow, "client", lambda *_, **__: nullcontext(connected))
    said = " ".join(CliRunner().invoke(app, ["watch", "task-1"]).stdout.split())
    assert "✘ task-1: NOT_ENOUGH_SPACE: /copies lacks 3 GiB → Free as much space" in said
    assert "restart task-1 --from-checkpoint" in said


def test_log_line_says_the_day():
    moment = datetime(2026, 1, 31, 22, 0, 0, 250_000, tzinfo=UTC)
    line = LogLineInfo(moment, "INFO", "look", "here", "asynctask", 1, "")
    assert _log_line(line).plain == f"{moment.astimezone():%Y-%m-%d %H:%M:%S}.250 INFO    look: here"


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("follows", [False, True])
def test_logs_say_where_lines_are_missing(follows: bool, as_json: bool, monkeypatch: pytest.MonkeyPatch):
    """Fails when a hole in the numbers is the only sign of dropped lines, or a filter's holes are taken for such."""
    numbers = [("a", 1), ("a", 2), ("a", 5), ("b", 2), ("b", 3)]
    lines = [
        log_line_of(task_pb2.LogLine(sequence=number, attempt_id=16 * attempt.encode()))
        for attempt, number in numbers
    ]
    connected = SimpleNamespace(logs=lambda *_, **__: lines, tail=lambda *_, **__: lines)
    monkeypatch.setattr(logs, "client", lambda *_, **__: nullcontext(connected))
    options = [*(["--follow"] if follows else []), *(["--json"] if as_json else [])]
    done = CliRunner().invoke(app, ["logs", "some-id", *options])
    said = done.stderr.splitlines()
    if as_json:
        said = [f"! {json.loads(line)['notice']}" for line in said]
    assert said == [
        "! 2 log lines are missing before line 5 of an attempt: dropped, or refused by the registry",
        "! 1 log line is missing before line 2 of an attempt: dropped, or refused by the registry",
    ]
    assert len(done.stdout.splitlines()) == len(lines)
    assert not CliRunner().invoke(app, ["logs", "some-id", "--level", "info", *options]).stderr


@pytest.mark.parametrize("options", [["--tail", "2"], ["--tail", "2", "--search", "line"]])
def test_end_of_a_log_is_read_from_its_end_and_printed_oldest_first(
    options: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Fails when the end of a long log is found by reading all of it."""
    asked: list[dict[str, object]] = []

    def stored(_: str, **given: object) -> Iterator[LogLineInfo]:
        asked.append(given)
        for number in range(9, 6, -1):
            assert number > 7, "read further than asked for"
            yield LogLineInfo(None, "INFO", "", f"line {number}", "", number, "a")

    monkeypatch.setattr(logs, "client", lambda *_, **__: nullcontext(SimpleNamespace(logs=stored)))
    done = CliRunner().invoke(app, ["logs", "some-id", *options])
    assert [line.split()[-1] for line in done.stdout.splitlines()] == ["8", "9"]
    assert "missing" not in done.stderr
    assert (asked[0]["newest_first"], asked[0]["text"]) == (True, "line" if "--search" in options else None)


def test_search_says_how_far_it_has_looked(monkeypatch: pytest.MonkeyPatch):
    """Fails when "no log line has that text" may mean that a part of the log was searched."""

    def stored(_: str, *, on_looked: Callable[[int], object], **__: object) -> Iterator[LogLineInfo]:
        on_looked(10_000)
        on_looked(12_345)
        return iter(())

    monkeypatch.setattr(logs, "client", lambda *_, **__: nullcontext(SimpleNamespace(logs=stored)))
    done = CliRunner().invoke(app, ["logs", "some-id", "--search", "x"])
    said = ["No log line has that text.", "12,345 lines of the log were looked through."]
    assert done.stderr.splitlines() == said
    assert not CliRunner().invoke(app, ["logs", "some-id", "--search", "x", "--json"]).stderr


@pytest.mark.parametrize("as_json", [False, True])
def test_follow_says_if_older_lines_may_match(monkeypatch: pytest.MonkeyPatch, *, as_json: bool):
    def tail(_: str, *, on_looked: Callable[[int], object], **__: object) -> Iterator[LogLineInfo]:
        on_looked(100_000)
        yield LogLineInfo(None, "ERROR", "", "line", "", 1, "a")

    monkeypatch.setattr(logs, "client", lambda *_, **__: nullcontext(SimpleNamespace(tail=tail)))
    options = ["--follow", "--tail", "9", "--level", "error", *(["--json"] if as_json else [])]
    said = "only the last 100,000 lines of the log were looked through; older ones may match, too"
    done = CliRunner().invoke(app, ["logs", "some-id", *options])
    assert said in (json.loads(done.stderr)["notice"] if as_json else done.stderr.replace("\n", " "))


def test_search_and_follow_exclude_each_other(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logs, "client", lambda _, *, as_json: as_client(SimpleNamespace(), as_json=as_json))
    done = CliRunner().invoke(app, ["logs", "some-id", "--search", "x", "--follow"])
    assert (done.exit_code, "--search" in done.stderr) == (2, True)


def test_command_line_calls_itself_as_the_user_does(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ASYNCTASK_COMMAND", raising=False)
    assert (command_name(), up_command()) == ("asynctask", "asynctask up")
    monkeypatch.setenv("ASYNCTASK_COMMAND", "./dev cli")
    assert (command_name(), up_command()) == ("./dev cli", "./dev up")


def test_command_that_was_called_by_a_path_calls_itself_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Fails when hints name a command that the shell does not find."""
    monkeypatch.delenv("ASYNCTASK_COMMAND", raising=False)
    mine, other = tmp_path / "mine" / "asynctask", tmp_path / "other" / "asynctask"
    for program in (mine, other):
        program.parent.mkdir()
        program.touch(mode=0o755)
    for path, called in (
        (mine.parent, "asynctask"),
        (other.parent, str(mine)),
        (tmp_path, str(mine)),
    ):
        monkeypatch.setenv("PATH", f"/nowhere:{path}")
        monkeypatch.setattr("sys.argv", [str(mine), "list"])
        assert (command_name(), up_command()) == (called, f"{called} up")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["mine/asynctask"])
    assert command_name() == "mine/asynctask"
    monkeypatch.setattr("sys.argv", ["/somewhere/asynctask_standalone/__main__.py"])
    assert command_name().endswith(" -m asynctask_standalone")


def test_what_a_handler_says_to_look_at_is_called_as_here(monkeypatch: pytest.MonkeyPatch):
    """Fails when `logs`, `events`, `items`, a failure or the executor's terminal names another command."""
    monkeypatch.setenv("ASYNCTASK_COMMAND", "./dev cli")
    text = f"left out: see asynctask items {'0' * 36} --status skipped"
    here = text.replace("asynctask", "./dev cli")
    line = LogLineInfo(datetime.now(UTC), "INFO", "look", text, "asynctask", 1, "")
    assert _log_line(line).plain.endswith(here)
    assert tasks._facts({"text": text}) == f"text: {here}"
    assert failure_text(FailureInfo("NOT_MOUNTED", "", text, "", "look")) == f"NOT_MOUNTED: {here}"
    record = logging.LogRecord("asynctask.task", logging.INFO, "", 1, "%s", (text,), None)
    assert executor._CalledHere(None).format(record) == here
    lost = logging.LogRecord("asynctask.executor", logging.WARNING, "", 1, "away%s", (ADDRESS_HINT,), None)
    assert executor._CalledHere(None).format(lost) == (
        "away. Start a cluster with `./dev up`, or name another address with --address or ASYNCTASK_ADDRESS"
    )
    assert record.getMessage() == text


def test_age_is_told_from_now_in_both_directions():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert age(now - timedelta(minutes=2), now) == "2 min ago"
    assert age(now + timedelta(hours=3, minutes=5), now) == "in 3 h"
    assert age(None) == ""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("1.5h", 5400), ("250ms", 0.25), (".5d", 43200), ("1h30m", 5400), ("90", 90), ("0", 0)],
)
def test_duration_is_read(text: str, seconds: float):
    assert duration(text, "--delay").total_seconds() == seconds


NO_DURATION = "must be seconds or a text such as 15s or 1h30m (units: ms, s, m, h, d), at most 3660d"
NEGATIVE = "must not be negative, but from 0s to 3660d"


@pytest.mark.parametrize(
    "text", ["", "s", ".s", "--1", "1.2.3s", "1w", "11y", "1h-5m", "1e3s", "²s", "nan", "inf"]
)
def test_what_is_no_duration_is_refused_with_the_units_and_the_longest(text: str):
    with pytest.raises(CommandRefused, match=re.escape(f"--delay: {NO_DURATION}; got {text!r}")):
        duration(text, "--delay")


@pytest.mark.parametrize("text", ["-1", "-1s", "-1h30m", "-.5d"])
def test_duration_that_is_negative_is_told_as_that(text: str):
    """Fails when `-5s` is answered with examples of how to write a duration."""
    with pytest.raises(CommandRefused, match=re.escape(f"--delay: {NEGATIVE}; got {text!r}")):
        duration(text, "--delay")


@pytest.mark.parametrize(("text", "says"), [("-2h", NEGATIVE), ("11y", NO_DURATION)])
def test_how_long_ago_is_refused_as_a_duration(text: str, says: str):
    with pytest.raises(
        CommandRefused, match=re.escape(f"--since: {says}; got {text!r}".replace("3660d", "365000d"))
    ):
        tasks.moment(text, "--since")


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        ("list --since 99999999d", "365000d"),
        ("submit count --delay 5000d", "3660d"),
        ("submit count --watch --timeout 99999999999d", "3660d"),
        ("watch some-id --timeout 5000d", "3660d"),
        ("executor json --grace 5000d", "3660d"),
    ],
)
def test_duration_that_is_too_long_is_refused_by_its_option_and_unit(
    arguments: str, most: str, monkeypatch: pytest.MonkeyPatch
):
    @contextmanager
    def client(address: str, *, as_json: bool) -> Iterator[object]:
        with errors_told(as_json=as_json):
            yield SimpleNamespace(list_page=lambda **_: TaskInfoPage([], ""), submit=lambda *_, **__: "id")

    monkeypatch.setattr(tasks, "client", client)
    monkeypatch.setattr(submit, "client", client)
    done = CliRunner().invoke(app, arguments.split())
    option, text = arguments.split()[-2:]
    assert done.stderr == f"error INVALID_INPUT: {option}: must be at most {most}; got {text!r}\n"
    assert done.exit_code == Exit.USAGE


@pytest.mark.parametrize(
    "line", ["watch some-id --timeout x", "executor json --grace x", "submit count --delay x"]
)
@pytest.mark.parametrize("given", ["5", "5s"])
def test_number_alone_is_seconds_in_every_option_that_takes_a_duration(
    line: str, given: str, monkeypatch: pytest.MonkeyPatch
):
    taken: list[tuple[str, timedelta]] = []

    def noted(text: str, option: str) -> timedelta:
        taken.append((option, duration(text, option)))
        raise typer.Exit(9)

    for module in (follow, executor, submit):
        monkeypatch.setattr(module, "duration", noted)
    monkeypatch.setattr(submit, "client", lambda *_, **__: nullcontext(SimpleNamespace(submit=None)))
    arguments = [*line.split()[:-1], given]
    assert CliRunner().invoke(app, arguments).exit_code == 9
    assert taken == [(arguments[-2], timedelta(seconds=5))]


def test_time_is_read_by_its_zone():
    time = datetime(2026, 1, 31, 22, tzinfo=UTC)
    for text in ("2026-02-01T06:00:00+08:00", "2026-01-31T22:00:00Z", "2026-01-31 22:00:00z"):
        assert instant(text, "--start-time") == time
    with pytest.raises(CommandRefused, match="--until: 'tomorrow' is not a time"):
        instant("tomorrow", "--until")


@pytest.mark.parametrize(
    ("text", "whole"),
    [("2026-01-31T22:00:00", "2026-01-31T22:00:00"), ("2026-01-31", "2026-01-31T00:00:00")],
)
@pytest.mark.parametrize("option", ["submit count --start-time", "list --since", "list --until"])
def test_time_without_a_zone_is_refused_with_what_to_write(
    text: str, whole: str, option: str, monkeypatch: pytest.MonkeyPatch
):
    """Fails when a script means another time on each machine."""
    untouched = SimpleNamespace(submit=None, list=None)
    for module in (tasks, submit):
        monkeypatch.setattr(module, "client", lambda _, *, as_json: as_client(untouched, as_json=as_json))
    done = CliRunner().invoke(app, [*option.split(), text])
    here = datetime.fromisoformat(whole).astimezone().isoformat()
    named = option.rsplit(maxsplit=1)[-1]
    says = f"{named}: {text!r} has no time zone: write {here} for the time here, or {whole}Z for UTC"
    assert (done.exit_code, done.stderr) == (Exit.USAGE, f"error INVALID_INPUT: {says}\n")


def test_what_is_neither_a_time_nor_how_long_ago_is_refused_with_an_example_of_each():
    for text in ("foo", "2026-13-01"):
        said = (
            f"--since: {text!r} is not a time such as 2026-01-31T22:00:00+08:00, nor how long ago, such as 2h"
        )
        with pytest.raises(CommandRefused, match=re.escape(said)):
            tasks.moment(text, "--since")


def test_time_out_without_a_watch_is_refused():
    done = CliRunner().invoke(app, ["submit", "count", "--timeout", "3", "-a", "127.0.0.1:1"])
    assert (done.exit_code, done.stderr) == (
        2,
        "error INVALID_INPUT: --timeout: is how long to --watch; add --watch, or leave it out\n",
    )


@pytest.mark.parametrize("command", ["watch 0197a3b0-0000-7000-8000-000000000001", "submit count --watch"])
@pytest.mark.parametrize("given", ["nan", "inf", "-1"])
def test_time_out_that_never_comes_or_is_over_is_refused(command: str, given: str):
    """Fails when a script waits for ever although it has said how long, or has submitted before it is told."""
    done = CliRunner().invoke(app, [*command.split(), f"--timeout={given}", "-a", "127.0.0.1:1"])
    says = NEGATIVE if given == "-1" else NO_DURATION
    assert (done.exit_code, done.stderr) == (2, f"error INVALID_INPUT: --timeout: {says}; got {given!r}\n")


def test_config_from_a_file_without_a_name_is_refused_with_what_to_write():
    with pytest.raises(CommandRefused, match="config: @ is followed by a file's name, or by - for stdin"):
        parsed_config("@")


@pytest.mark.parametrize("where", ["@/dev/zero", "@-"])
def test_config_file_without_an_end_is_refused(where: str, monkeypatch: pytest.MonkeyPatch):
    """Fails when a wrong file is read until the memory is full."""
    with Path("/dev/zero").open(encoding="utf-8") as endless:
        monkeypatch.setattr("sys.stdin", endless)
        named = "stdin" if where == "@-" else "/dev/zero"
        with pytest.raises(
            CommandRefused, match=f"config: {named}: must have at most 262,144 bytes"
        ) as caught:
            parsed_config(where)
    assert caught.value.reason == "TOO_LARGE"


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("submit count --config {} -c {}", "--config"),
        ("submit count --priority 1 --priority 1", "--priority"),
        ("list --address a:1 -a b:2", "--address"),
        ("get some-id -a a:1 -a b:2", "--address"),
    ],
)
def test_option_with_one_value_is_refused_with_two(line: str, option: str):
    """Fails when the last one wins in silence."""
    done = CliRunner().invoke(app, line.split())
    said = f"error INVALID_INPUT: {option}: must be given once; got it more often\n"
    assert (done.exit_code, done.stderr) == (2, said)
    assert plain_call(line.split()) is None


def test_label_may_hold_equal_signs():
    assert labels(["a=b=c", "d="]) == {"a": "b=c", "d": ""}


def test_label_that_is_given_twice_is_refused():
    """Fails when the last one wins in silence."""
    with pytest.raises(CommandRefused, match="--label: 'a' is given twice, as 'b' and 'c'; keep one"):
        labels(["a=b", "a=c"])


def test_config_that_is_no_json_says_where():
    with pytest.raises(CommandRefused, match="line 1 column 2"):
        parsed_config("{")


TOO_DEEP = "is nested too deeply: at most 100 lists and objects may be inside one another"


DIGITS = "must be a number of at most 4,300 digits; got one of 5,000"
NEWLINE = "Invalid control character '\\n' in a text: write it as \\n, at line 1 column 4."


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        ('{"a":' * 150 + "1" + "}" * 150, ".a" * 15 + "…" + ".a" * 15, f": {TOO_DEEP}; got 150"),
        ("[" * 100_000, "[0]" * 10 + "…" + "[0]" * 10, f": {TOO_DEEP}; got 100,000"),
        ("9" * 5_000, "", f": {DIGITS}"),
        ('{"a": [' + "9" * 5_000 + "]}", ".a[0]", f": {DIGITS}"),
        ('{"a": 1, "a": 2}', "", ": must have each name once; got 'a' more than once"),
        ("NaN", "", ": must be JSON, which has no NaN: write a number, null, or a text in double quotes"),
        ("{", None, " is not JSON: "),
        ('["b\nc"]', None, f" is not JSON: {NEWLINE}"),
    ],
)
@pytest.mark.parametrize("is_file", [True, False])
def test_config_that_cannot_be_read_is_refused_by_its_place_and_file(
    tmp_path: Path, text: str, path: str | None, says: str, is_file: bool
):
    """Fails when the words are those of Python, or neither the field nor the file is named."""
    file = tmp_path / "config.json"
    file.write_text(text)
    with pytest.raises(CommandRefused) as caught:
        parsed_config(f"@{file}" if is_file else text)
    if path is None:
        place = f"config: {file}" if is_file else "config"
    else:
        place = f"config{path} in {file}" if is_file else f"config{path}"
    assert str(caught.value).startswith(place + says)
    assert caught.value.exit_code is Exit.USAGE


def from_somewhere(where: str, raw: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is given for `--config`, so that it is these bytes."""
    file = folder / "config.json"
    file.write_bytes(raw)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(raw)))
    return {"option": os.fsdecode(raw), "file": f"@{file}", "stdin": "@-"}[where]


@pytest.mark.parametrize("where", ["option", "file", "stdin"])
def test_config_may_begin_with_a_byte_order_mark_of_utf_8(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
):
    """Fails when a file that an editor of Windows wrote is refused, with the advice to write Python."""
    raw = '{"folder": "/ü"}'.encode("utf-8-sig")
    assert parsed_config(from_somewhere(where, raw, tmp_path, monkeypatch)) == {"folder": "/ü"}


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "begins with the byte order mark of UTF-16"),
        ("utf-32", "begins with the byte order mark of UTF-32"),
        ("utf-16-le", "looks like UTF-16 without a byte order mark"),
        ("utf-16-be", "looks like UTF-16 without a byte order mark"),
    ],
)
@pytest.mark.parametrize("where", ["file", "stdin"])
def test_config_of_another_encoding_says_what_it_looks_like(
    tmp_path: Path, where: str, encoding: str, said: str, monkeypatch: pytest.MonkeyPatch
):
    """Fails when the first byte of such a file is explained as one of a file's name."""
    given = from_somewhere(where, '{"folder": "/"}'.encode(encoding), tmp_path, monkeypatch)
    with pytest.raises(CommandRefused) as caught:
        parsed_config(given)
    named = f"config: {given[1:] if where == 'file' else where}"
    assert str(caught.value) == f"{named} is no UTF-8: it {said}; save it as UTF-8"


@pytest.mark.parametrize("where", ["option", "file", "stdin"])
def test_config_with_a_byte_that_is_no_utf_8_is_refused_with_what_to_write(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
):
    """Fails when one place takes in silence what another refuses."""
    raw = b'{"folder": "/\xff"}'
    given = from_somewhere(where, raw, tmp_path, monkeypatch)
    with pytest.raises(CommandRefused) as caught:
        parsed_config(given)
    said, _, name = str(caught.value).rpartition("; ")
    assert "is no UTF-8: it has the byte \\xff after 13 characters" in said
    assert said.endswith("; save it as UTF-8") == (where != "option")
    assert name == "a byte of a file's name is written \\udcff"
    assert parsed_config('{"folder": "/\\udcff"}') == {"folder": "/\udcff"}


@pytest.mark.parametrize(
    ("field", "option"),
    [
        ("queues[0]", "--queue"),
        ("task_types[3]", "--type"),
        ("name", "NAME"),
        ("labels['a']", "--label['a']"),
        ("task_config.to", "config.to"),
    ],
)
def test_field_is_told_as_it_is_typed(field: str, option: str):
    assert typed_field(field) == option


def test_place_in_a_config_that_is_no_json_is_pointed_at():
    with pytest.raises(CommandRefused) as caught:
        parsed_config('{"to": 5,, "fails": true}')
    _, line, mark = str(caught.value).splitlines()
    assert line[mark.index("^") :].startswith(', "fails"')


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{'to': 5}", "double quotes"),
        ("{to:5}", "single ones around the whole"),
        ("", "It is empty"),
        ("config.json", "write @config.json"),
    ],
)
def test_config_that_is_no_json_comes_with_a_hint(
    text: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandRefused, match=hint):
        parsed_config(text)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_number_that_json_does_not_have_is_told_as_that(word: str):
    """Fails when a text is said to have to be a finite number."""
    with pytest.raises(CommandRefused) as caught:
        parsed_config(f'{{"folder": {word}}}')
    words = "write a number, null, or a text in double quotes"
    said = f"config.folder: must be JSON, which has no {word}: {words}"
    assert str(caught.value) == said


def test_number_that_no_float_holds_is_told_as_that():
    """Fails when the handler gets infinity."""
    with pytest.raises(CommandRefused) as caught:
        parsed_config('{"speed": 1e400}')
    most = "1.7976931348623157e+308"
    assert str(caught.value) == f"config.speed: must be a number from -{most} to {most}; got 1e400"


def test_name_that_is_twice_in_an_object_is_told():
    """Fails when the command line drops the first of two values before the scheduler could refuse both."""
    with pytest.raises(CommandRefused) as caught:
        parsed_config('{"folder": "/a", "folder": "/b"}')
    assert str(caught.value) == "config: must have each name once; got 'folder' more than once"


def test_mistake_far_to_the_right_is_still_pointed_at():
    with pytest.raises(CommandRefused) as caught:
        parsed_config('{"folder": "' + "a" * 5000 + '" "to": 1}')
    _, line, mark = str(caught.value).splitlines()
    assert len(line) < 80
    assert line[mark.index("^") :].startswith('"to"')


def test_password_is_not_shown():
    assert masked("postgresql://me:secret@host:5432/db") == "postgresql://me:***@host:5432/db"
    assert masked("redis://:secret@host:6379/0") == "redis://:***@host:6379/0"
    assert masked("127.0.0.1:7600") == "127.0.0.1:7600"
    assert host_and_port("postgresql://me:secret@host:5432/db") == "host:5432"


def test_every_error_of_the_catalogue_has_an_exit_code_that_is_documented():
    for kind in BY_REASON.values():
        error = kind([]) if issubclass(kind, InvalidInput) else kind("it")
        assert exit_of(error) in MEANINGS
    assert exit_of(BY_REASON["TASK_NOT_FOUND"]("it")) == Exit.NOT_FOUND
    assert exit_of(BY_REASON["OVERLOADED"]("it")) == Exit.UNAVAILABLE


def test_json_log_line_is_made_readable_and_others_stay():
    line = '{"event": "task.lost", "level": "warning", "service": "scheduler", "task_id": "1"}'
    assert readable(line).plain == "task.lost  task_id=1"
    assert readable("panic!").plain == "panic!"


def test_type_is_deleted_by_name_and_who_will_bring_it_back_is_said(monkeypatch):
    deleted: list[str] = []
    double = SimpleNamespace(
        delete_task_type=deleted.append,
        executors=lambda: [
            SimpleNamespace(executor_id=f"e{n}", connected=n > 0, task_types=(), deleted_task_types=("old",))
            for n in range(2)
        ],
    )
    monkeypatch.setattr(cluster, "client", lambda address, *, as_json: nullcontext(double))
    plain = CliRunner().invoke(app, ["types", "old", "--delete"])
    assert plain.exit_code == 0
    assert "Deleted old: submits and restarts of it are refused from now on." in plain.output
    assert (
        "e1 declared it, stays connected, and runs no task of it until it declares it again" in plain.output
    )
    assert "restart it to restore it" in plain.output
    scripted = CliRunner().invoke(app, ["types", "other", "--delete", "--json"])
    assert json.loads(scripted.output) == {"task_type": "other", "deleted": True}
    assert deleted == ["old", "other"]
    nameless = CliRunner().invoke(app, ["types", "--delete"])
    assert nameless.exit_code == 2
    assert deleted == ["old", "other"]


def test_version_is_told_to_machines_too():
    plain = CliRunner().invoke(app, ["version"]).output.strip()
    assert json.loads(CliRunner().invoke(app, ["version", "--json"]).output)["version"] == plain
    assert CliRunner().invoke(app, ["--version"]).output.strip() == plain


@contextmanager
def as_client(double: object, *, as_json: bool) -> Iterator[object]:
    with errors_told(as_json=as_json):
        yield double


def test_stage_that_the_task_does_not_have_is_refused_with_those_that_it_has(monkeypatch: pytest.MonkeyPatch):
    """Fails when a typing mistake reads as "No log lines.", or waits for ever."""
    stages = [SimpleNamespace(name=name) for name in ("scan", "shrink")]
    double = SimpleNamespace(get=lambda _: SimpleNamespace(stages=stages), logs=lambda *_, **__: iter(()))
    monkeypatch.setattr(logs, "client", lambda _, *, as_json: as_client(double, as_json=as_json))
    done = CliRunner().invoke(app, ["logs", "some-id", "--stage", "shrik"])
    assert (done.exit_code, done.stderr) == (
        2,
        "error INVALID_INPUT: --stage: 'shrik' is none of scan, shrink\n",
    )
    assert CliRunner().invoke(app, ["logs", "some-id", "--stage", "scan"]).exit_code == 0
    stages.clear()
    assert CliRunner().invoke(app, ["logs", "some-id", "--stage", "scan"]).exit_code == 0


@pytest.mark.parametrize(
    ("names", "there"), [(("items", "differences"), "items, differences"), ((), "no manifest yet")]
)
def test_manifest_that_the_task_does_not_have_is_refused_with_those_that_it_has(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], there: str
):
    double = SimpleNamespace(manifest_counts=lambda _: dict.fromkeys(names))
    monkeypatch.setattr(items, "client", lambda _, *, as_json: as_client(double, as_json=as_json))
    done = CliRunner().invoke(app, ["items", "some-id", "--manifest", "difference"])
    said = f"--manifest: 'difference' is none of the task's; the task has {there}"
    assert (done.exit_code, done.stderr) == (2, f"error INVALID_INPUT: {said}\n")


@pytest.mark.parametrize("command", ["delete", "pause", "resume", "cancel", "restart", "update -p 1"])
def test_word_among_ids_that_is_none_leaves_every_task_alone(monkeypatch: pytest.MonkeyPatch, command: str):
    """Fails when `delete ID extra` deletes the task, and only then says that `extra` is no id."""

    class Untouched:
        def __getattr__(self, name: str) -> object:
            pytest.fail(f"{name} was called")

    monkeypatch.setattr(control, "client", lambda _, *, as_json: as_client(Untouched(), as_json=as_json))
    ids = ["0192f0c1-0000-7000-8000-000000000001", "extra", "more"]
    done = CliRunner().invoke(app, [*command.split(), *ids])
    assert done.exit_code == Exit.USAGE
    assert all(f"got {word!r}" in done.stderr for word in ids[1:])


class WithoutExecutors(SimpleNamespace):
    """A cluster that does not tell which executors are there."""

    def executors(self) -> object:
        raise StoreUnavailable("Redis does not answer")


def test_queues_are_shown_also_where_nobody_tells_who_serves_them(monkeypatch: pytest.MonkeyPatch):
    """Fails when what waits is not shown since the executors could not be listed."""
    part = SimpleNamespace(task_type="count", depth=3, running=1, max_running=0, oldest_ready_ms=5000)
    double = WithoutExecutors(queues=lambda: [SimpleNamespace(name="default", types=[part])])
    monkeypatch.setattr(cluster, "client", lambda _, *, as_json: as_client(double, as_json=as_json))
    done = CliRunner().invoke(app, ["queues"])
    assert (done.exit_code, done.stdout.splitlines()[1].split()) == (
        0,
        ["default", "count", "3", "1", "5.0", "s", "unknown"],
    )
    assert done.stderr == "! their executors are not known: Redis does not answer\n"


def test_type_that_was_deleted_is_told_so_also_where_nobody_tells_who_declared_it(
    monkeypatch: pytest.MonkeyPatch,
):
    double = WithoutExecutors(delete_task_type=lambda _: None)
    monkeypatch.setattr(cluster, "client", lambda _, *, as_json: as_client(double, as_json=as_json))
    done = CliRunner().invoke(app, ["types", "old", "--delete"])
    assert (done.exit_code, done.output) == (
        0,
        "Deleted old: submits and restarts of it are refused from now on.\n",
    )


def test_doctor_tells_what_it_found_also_where_nobody_tells_which_executors_run():
    [advice] = doctor._advice(WithoutExecutors())  # type: ignore[arg-type]
    assert advice.kind == "executors_unknown"
    assert "Redis does not answer" in advice.message


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, []),
        (["failed"], ["failed"]),
        (["failed,cancelled", "paused"], ["failed", "cancelled", "paused"]),
        (["failed, cancelled,"], ["failed", "cancelled"]),
    ],
)
def test_option_that_is_repeatable_takes_several_words_at_once_too(given: list[str] | None, words: list[str]):
    assert listed("--status", given) == words


def test_error_of_a_service_says_what_can_be_typed_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Fails when an id that no task has is told without the way to find the right one."""
    monkeypatch.setenv("ASYNCTASK_COMMAND", "./dev cli")
    with pytest.raises(typer.Exit), errors_told(as_json=False):
        raise TaskNotFound("no task has the id t, or it is deleted")
    assert capsys.readouterr().err.splitlines() == [
        "error TASK_NOT_FOUND: no task has the id t, or it is deleted",
        "→ Check the id with `./dev cli list`; a deleted task is not shown.",
    ]

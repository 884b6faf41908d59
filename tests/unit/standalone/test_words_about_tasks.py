"""What people are told about a task and an executor: failures, losses, names."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console, RenderableType
from rich.text import Text
from typer.testing import CliRunner

from asynctask import ExecutorInfo, FailureInfo, TaskEventInfo, TaskInfo, TaskInfoPage, WarningInfo
from asynctask._client.info_wire import attempt_of, task_of
from asynctask._handler.items import ItemCount, ManifestCounts
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_standalone.cli import cluster, items, tasks
from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.due import soon
from asynctask_standalone.cli.exits import errors_told
from asynctask_standalone.cli.output import Output, asked, failure_name, failure_text, task_state
from asynctask_standalone.cli.show import task_panel
from asynctask_standalone.cli.waiting import why
from asynctask_standalone.cli.warned import warning_lines, warning_words
from asynctask_standalone.cli.wording import local, remaining_words


def shown(what: RenderableType) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(what)
    return captured.get()


@pytest.mark.parametrize(
    ("reason", "error_type", "text"),
    [
        ("HANDLER_ERROR", "ValueError", "ValueError: odd"),
        ("HANDLER_ERROR", "", "HANDLER_ERROR: odd"),
        ("SOURCE_MISSING", "asynctask.errors.Fail", "SOURCE_MISSING: odd"),
        ("HANDLER_ERROR", "asynctask.errors.Fail", "odd"),
        ("HANDLER_ERROR", "asynctask.errors.RetryLater", "odd"),
    ],
)
def test_failure_is_told_by_what_says_most(reason: str, error_type: str, text: str):
    """Fails when an exception of a handler is shown as HANDLER_ERROR only, as any other would be, or when what a
    handler says with Fail comes with the name of our class.
    """
    assert failure_text(FailureInfo(reason, error_type, "odd", "", "work")) == text


def test_panel_of_a_task_says_what_its_handler_said(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("ASYNCTASK_COMMAND", "./dev cli")
    task = task_of(
        task_pb2.Task(
            task_type="count",
            task_status=state_pb2.TASK_STATE_FAILED,
            attempt_count=4,
            task_id="0198-id",
            error_count=2,
            lost_count=1,
            release_count=3,
            failure=task_pb2.Failure(
                reason="HANDLER_ERROR",
                error_type="asynctask.errors.Fail",
                message="no such disk",
                stage="run",
            ),
        )
    )
    said = shown(task_panel(task))
    assert "HANDLER_ERROR in stage run: no such disk" in said
    assert "get 0198-id" not in said  # the very command that shows this
    assert "`./dev cli restart 0198-id --from-checkpoint`" in " ".join(said.replace("│", "").split())


@pytest.mark.parametrize(
    ("seconds", "words"), [(2, "cancel asked"), (40, "cancel asked 40 s ago, has not reacted")]
)
def test_task_that_does_not_react_says_since_when_it_was_asked(seconds: int, words: str):
    """Fails when a cancel that a thread ignores looks the same after an hour as after a second."""
    now = datetime.now(UTC)
    task = task_pb2.Task(
        task_type="deaf",
        task_status=state_pb2.TASK_STATE_RUNNING,
        requested=state_pb2.REQUESTED_CANCEL,
    )
    task.requested_time.FromDatetime(now - timedelta(seconds=seconds))
    assert asked(task_of(task), now) == words
    assert "makes no such call runs to its end" in shown(task_panel(task_of(task)))


@pytest.mark.parametrize("reason", ["HANDLER_ERROR", "NO_SUCH_FOLDER"])
def test_failure_that_its_handler_meant_advises_no_mend_of_the_handler(reason: str):
    """Fails when an intended Fail advises to read a stack trace and to start executors anew, or nothing at all."""
    failure = task_pb2.Failure(reason=reason, error_type="asynctask.errors.Fail", message="m", stage="run")
    task = task_pb2.Task(task_id="t", task_status=state_pb2.TASK_STATE_FAILED, failure=failure)
    said = " ".join(line.strip("│ ") for line in shown(task_panel(task_of(task))).splitlines())
    assert f"{reason} in stage run: m" in said
    assert "Mend what its message says, then `" in said
    assert "restart t --from-checkpoint`" in said
    assert "executors anew" not in said


@pytest.mark.parametrize("reason", ["HANDLER_ERROR", "NOT_MOUNTED", "DISK_ASLEEP"])
def test_panel_of_a_task_that_is_tried_again_by_itself_says_when_and_why(reason: str):
    """Fails when it advises a restart, which is refused before the task has ended."""
    task = task_pb2.Task(
        task_id="t",
        task_status=state_pb2.TASK_STATE_PENDING,
        failure=task_pb2.Failure(
            reason=reason, error_type="asynctask.errors.Postpone", message="the disk sleeps", stage="run"
        ),
    )
    task.due_time.FromDatetime(datetime.now(UTC) + timedelta(minutes=10))
    said = shown(task_panel(task_of(task)))
    assert "why it waits" in said
    assert "the disk sleeps (waits in stage run)" in said
    assert "HANDLER_ERROR" not in said
    assert f"t is tried again by itself at {local(task_of(task).due_time)}." in said
    assert "restart" not in said
    assert ("Mount what is missing" in said) == (reason == "NOT_MOUNTED")
    assert ("Nothing to do" in said) == (reason != "NOT_MOUNTED")
    assert "on purpose" not in said


def test_panel_of_a_task_that_waits_after_an_error_of_its_own_says_what_to_do_about_it():
    """Fails when nothing is said to be to do about a handler's fault, which comes again at every try."""
    failure = task_pb2.Failure(reason="HANDLER_ERROR", error_type="TypeError", message="m", stage="run")
    task = task_pb2.Task(task_id="t", task_status=state_pb2.TASK_STATE_PENDING, failure=failure)
    task.due_time.FromDatetime(datetime.now(UTC) + timedelta(minutes=10))
    said = " ".join(line.strip("│ ") for line in shown(task_panel(task_of(task))).splitlines())
    assert "It is tried again by itself" in said
    assert "Read the message and the stack trace and mend the cause." in said
    assert "start its executors anew" in said
    assert "Nothing to do" not in said
    assert "restart" not in said


@pytest.mark.parametrize(
    ("count", "ends", "said"),
    [
        (1, ["success"], "attempts   1 "),
        (4, ["lost", "failed", "lost", ""], "attempts   4: 1 running, 1 failed, 2 lost "),
        (3, ["released", "paused", "success"], "attempts   3: 1 succeeded, 1 given back, 1 paused "),
        (1200, ["lost", "lost"], "attempts   1,200: of the latest 2, 2 lost "),
    ],
)
def test_panel_counts_exactly_how_attempts_ended(count: int, ends: list[str], said: str):
    """Fails when an executor that was lost before the last checkpoint, or in an earlier run, is in no count."""
    task = task_pb2.Task(task_id="t", task_status=state_pb2.TASK_STATE_COMPLETED, attempt_count=count)
    attempts = [
        attempt_of(
            task_pb2.Attempt(
                epoch=number,
                result=state_pb2.AttemptResult.Value(f"ATTEMPT_RESULT_{(end or 'unspecified').upper()}"),
            )
        )
        for number, end in enumerate(ends)
    ]
    assert said in shown(task_panel(task_of(task), attempts))


def test_advice_does_not_make_the_panel_as_wide_as_itself():
    task = task_pb2.Task(
        task_id="0198c0de-0000-7000-8000-000000000001",
        task_status=state_pb2.TASK_STATE_FAILED,
        failure=task_pb2.Failure(reason="EXECUTOR_LOST", message="gone"),
    )
    assert max(map(len, shown(task_panel(task_of(task))).splitlines())) <= 110


def a_warned_task(state: str = "COMPLETED", **counts: int) -> TaskInfo:
    task = task_pb2.Task(
        task_id="t",
        task_type="copy",
        task_status=state_pb2.TaskState.Value(f"TASK_STATE_{state}"),
        warning_count=sum(counts.values()),
        warning_counts=counts,
    )
    for code, count in counts.items():
        task.warnings.add(stage="copy", code=code, count=count, text="see items" if count > 1 else "")
    return task_of(task)


def test_task_that_completed_with_warnings_is_told_from_a_plain_success():
    assert task_state(a_warned_task()).plain == "✔ completed"
    assert task_state(a_warned_task(SKIPPED=51)).plain == "! completed, 51 skipped"
    assert task_state(a_warned_task("RUNNING", SKIPPED=1)).plain == "● running, 1 skipped"
    many = a_warned_task(A=1, B=2, C=3000, SOURCE_CHANGED=2, E=1)
    assert task_state(many).plain == "! completed, 3,000 c, 2 b, 2 source changed, 2 other"


def test_panel_of_a_task_has_each_warning_with_stage_and_text():
    lines = shown(task_panel(a_warned_task(SKIPPED=51, SOURCE_CHANGED=1))).splitlines()
    assert sum("51 skipped in copy, latest: see items" in line for line in lines) == 1
    assert not any("skipped" in line and "source changed" in line for line in lines if "in copy" in line)
    assert any("1 source changed in copy" in line for line in lines)


def test_warning_names_the_command_as_it_is_called_here(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASYNCTASK_COMMAND", "./dev cli")
    task_id = "0198c0de-0000-7000-8000-000000000001"
    [line] = warning_lines(
        [WarningInfo("copy", "SKIPPED", 1, f"a: see asynctask items {task_id} --status x")]
    )
    assert line.plain.endswith(f": a: see ./dev cli items {task_id} --status x")


def test_warning_cannot_forge_a_line():
    one = WarningInfo("copy", "SKIPPED", 1, "a\n99 skipped in verify\u2028b\r\nc")
    said = warning_lines([one])[0].plain
    assert said.startswith("1 skipped in copy: a")
    assert len(said.splitlines()) == 1


def a_count(todo: int, done: int = 0) -> ManifestCounts:
    return ManifestCounts(todo=ItemCount(todo), done=ItemCount(done))


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        (True, ["changes: 5,233 listed", "one: 1 listed", "items: 2 todo, 1 done"]),
        (False, ["changes: 5,233 todo", "one: 1 todo", "items: 2 todo, 1 done"]),
    ],
)
def test_list_that_was_never_worked_on_is_no_work_that_an_ended_task_has_left(
    ended: bool, said: list[str], monkeypatch: pytest.MonkeyPatch
):
    counts = {"changes": a_count(todo=5233), "one": a_count(todo=1), "items": a_count(todo=2, done=1)}
    connected = SimpleNamespace(
        manifest_items=lambda *_, **__: iter(()),
        manifest_counts=lambda _: counts,
        get=lambda _: SimpleNamespace(is_final=ended),
    )
    monkeypatch.setattr(items, "client", lambda *_, **__: nullcontext(connected))
    assert CliRunner().invoke(app, ["items", "some-id"]).output.splitlines()[1:] == said


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_nothing_is_announced_of_which_nothing_follows(blank: str):
    """Fails when `get` or `events` ends a line with `latest:`, `reason given` or `message:` and no text."""
    task = task_pb2.Task(
        task_id="t",
        task_status=state_pb2.TASK_STATE_FAILED,
        command_reason=blank,
        failure=task_pb2.Failure(reason="HANDLER_ERROR", message=blank, stage="run"),
    )
    task.warnings.add(stage="run", code="SKIPPED", count=2, text=blank)
    said = [line.strip("│ ") for line in shown(task_panel(task_of(task))).splitlines()]
    assert [line for line in said if line.endswith((":", "given"))] == []
    assert "HANDLER_ERROR in stage run: no message" in said
    assert "warnings   2 skipped in run" in said
    assert tasks._facts({"stage": "run", "message": blank, "warnings": {}, "retry_at": None}) == "stage: run"
    paused = task_of(task_pb2.Task(task_status=state_pb2.TASK_STATE_PAUSED, command_reason=blank))
    assert why(paused) == ""


@pytest.mark.parametrize("option", ["--status", "--state", "-s"])
def test_tasks_are_listed_by_state_whichever_way_it_is_called(monkeypatch: pytest.MonkeyPatch, option: str):
    asked: list[tuple[str, ...]] = []

    def listed(*, states: tuple[str, ...], **_: object) -> TaskInfoPage:
        asked.append(states)
        return TaskInfoPage([], "")

    monkeypatch.setattr(tasks, "client", lambda *_, **__: nullcontext(SimpleNamespace(list_page=listed)))
    CliRunner().invoke(app, ["list", option, "failed"])
    assert asked == [("failed",)]


@pytest.mark.parametrize("command", ["list", "items"])
def test_help_and_messages_have_one_word_for_a_status(command: str, monkeypatch: pytest.MonkeyPatch):
    """Fails when people have to learn that `--state`, STATUS and `task_status` are the same."""
    said = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
    assert "--status" in said
    assert "state" not in said.lower()

    @contextmanager
    def client(_: str, *, as_json: bool) -> Iterator[object]:
        with errors_told(as_json=as_json):
            yield SimpleNamespace()

    for module in (tasks, items):
        monkeypatch.setattr(module, "client", client)
    wrong = CliRunner().invoke(app, [command, *(["id"] if command == "items" else []), "--state", "odd"])
    assert (wrong.exit_code, "--status" in wrong.stderr) == (2, True)


def an_executor(executor_id: str, name: str) -> ExecutorInfo:
    return ExecutorInfo(executor_id, name, 16, 0, ("count",), (), True, 40, None, False, "1.0")


@pytest.mark.parametrize(("name", "told"), [("night shift", True), ("machine", False), ("", False)])
def test_executors_show_their_names_when_somebody_gave_one(
    monkeypatch: pytest.MonkeyPatch, name: str, told: bool
):
    found = [an_executor("machine-12-0a1b2c3d", "machine"), an_executor("machine-13-4a1b2c3d", name)]
    connected = SimpleNamespace(executors=lambda: found)
    monkeypatch.setattr(cluster, "client", lambda *_, **__: nullcontext(connected))
    output = CliRunner().invoke(app, ["executors"]).output
    assert ("NAME" in output, "night shift" in output) == (told, told)


def test_time_that_comes_is_told_once():
    """Fails when one sentence has two times, such as "now, at …": the clocks of two machines differ."""
    now = datetime.now(UTC)
    due = {seconds: now + timedelta(seconds=seconds) for seconds in (-3, 0.4, 24, 3600)}
    assert [soon(one, now) for one in due.values()] == ["now", "now", "in 24 s", f"at {local(due[3600])}"]


@pytest.mark.parametrize("width", [60, 80])
def test_narrow_list_says_how_far_each_task_is(monkeypatch: pytest.MonkeyPatch, width: int):
    """Fails when the percentage is a column that a narrow terminal does without."""
    task = task_pb2.Task(
        task_id="0198c0de-0000-7000-8000-000000000001",
        task_type="backup_file",
        task_status=state_pb2.TASK_STATE_RUNNING,
        percent=56,
        warning_count=1,
        warning_counts={"ODD": 1},
    )
    connected = SimpleNamespace(list_page=lambda **_: TaskInfoPage([task_of(task)], ""))
    monkeypatch.setattr(tasks, "client", lambda *_, **__: nullcontext(connected))
    monkeypatch.setattr(tasks, "stdout", a_terminal := Output(to_stderr=False))
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    assert a_terminal.is_terminal
    said = Text.from_ansi(CliRunner().invoke(app, ["list"]).output).plain
    assert "● running 56%, 1 odd" in " ".join(said.split())


def test_id_is_whole_in_a_terminal_that_is_narrower_than_its_frame():
    """Fails when the last characters of the id are cut with the frame's title."""
    task_id = "0192f0c1-aaaa-7bbb-8ccc-dddddddddddd"
    task = task_pb2.Task(task_id=task_id, task_type="copy", task_status=state_pb2.TASK_STATE_QUEUED)
    console = Console(width=40)
    with console.capture() as capture:
        console.print(task_panel(task_of(task)))
    lines = [line.strip("│╭╮╰╯─ \n") for line in capture.get().splitlines()]
    assert task_id in "".join(lines)


@pytest.mark.parametrize(
    ("detail", "drops"), [({}, True), ({"reason": "b"}, True), ({"from": "checkpoint"}, False)]
)
def test_events_say_which_stages_are_gone_only_where_a_restart_dropped_them(
    monkeypatch: pytest.MonkeyPatch, detail: dict[str, str], drops: bool
):
    """Fails when the finished stages of an earlier run are said to be gone below the lines that show them."""
    happened = datetime(2026, 1, 1, tzinfo=UTC)
    told = [
        TaskEventInfo(happened, "stage_finished", {"stage": "scan"}, 0),
        TaskEventInfo(happened, "restarted", detail, 2),
    ]
    connected = SimpleNamespace(events=lambda _: told)
    monkeypatch.setattr(tasks, "client", lambda *_, **__: nullcontext(connected))
    said = CliRunner().invoke(app, ["events", "0198-id"])
    assert said.exit_code == 0
    assert ("dropped the stages finished before it" in said.output) is drops


@pytest.mark.parametrize(
    ("code", "one", "two"),
    [
        ("MODES_NOT_KEPT", "1 mode not kept", "2 modes not kept"),
        ("ITEMS_FAILED", "1 item failed", "2 items failed"),
        ("SOURCE_CHANGED", "1 source changed", "2 source changed"),
        ("ACCESS_NOT_GIVEN", "1 access not given", "2 access not given"),
    ],
)
def test_one_warning_is_told_of_one_thing(code: str, one: str, two: str) -> None:
    assert warning_words({code: 1}) == one
    assert warning_words({code: 2}) == two


def test_remaining_time_has_the_words_of_the_console():
    """The console's unit tests read the same file."""
    path = Path(__file__).parents[2] / "support" / "remaining_words.json"
    for example in json.loads(path.read_text()):
        assert remaining_words(example["least"], example["most"]) == example["words"]


def test_failure_of_the_catalogue_has_one_name_everywhere():
    """Fails when `get` or `failures` shows the class of an error that documents call by its reason."""
    reason, error_type = "SOURCE_MISSING", "asynctask.errors.SourceMissing"
    failure = task_pb2.Failure(
        reason=reason, error_type=error_type, message="no such folder", stage="compare"
    )
    said = shown(task_panel(task_of(task_pb2.Task(task_status=state_pb2.TASK_STATE_FAILED, failure=failure))))
    assert "SOURCE_MISSING in stage compare: no such folder" in said
    assert "SourceMissing" not in said
    assert failure_name(reason, error_type) == "SOURCE_MISSING"
    assert failure_name("HANDLER_ERROR", "OSError") == "OSError"

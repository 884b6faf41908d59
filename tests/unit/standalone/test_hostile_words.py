"""Names, logs and errors that try to pass for output of ours, or to command the terminal."""

import io
import json

import pytest
from rich.console import RenderableType

from asynctask._client import info_wire
from asynctask_core.errors import FieldViolation, HandlerError, InvalidInput
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_standalone.cli import console, output
from asynctask_standalone.cli.exits import told
from asynctask_standalone.cli.live import task_view
from asynctask_standalone.cli.logs import _log_line
from asynctask_standalone.cli.show import attempts_table, task_panel
from asynctask_standalone.cli.verbose import readable

FORGED = "✔ forged"
HOSTILE = f"x\n{FORGED}\r{FORGED}\u2028{FORGED}\x85{FORGED}\x1b[2J\u202e"
FAILURE = task_pb2.Failure(
    reason=HandlerError.reason, error_type=f"Err{HOSTILE}", message=HOSTILE, traceback=HOSTILE, stage="stage"
)
STAGE = task_pb2.Stage(
    name="stage",
    state=state_pb2.STAGE_STATE_RUNNING,
    progress=task_pb2.Progress(done=1, total=2, unit=HOSTILE, message=HOSTILE),
)
TASK = info_wire.task_of(
    task_pb2.Task(
        task_id="id",
        task_type="type",
        task_status=state_pb2.TASK_STATE_FAILED,
        stage="stage",
        stages=[STAGE],
        failure=FAILURE,
        executor_id=HOSTILE,
        labels={HOSTILE: HOSTILE},
        command_reason=HOSTILE,
        task_config=json.dumps({HOSTILE: HOSTILE}),
    )
)
ATTEMPT = info_wire.attempt_of(task_pb2.Attempt(epoch=1, executor_id=HOSTILE, failure=FAILURE))
LINE = info_wire.log_line_of(task_pb2.LogLine(message=HOSTILE, stage="stage"))


def shown(what: RenderableType, monkeypatch: pytest.MonkeyPatch, width: int = 200) -> str:
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    monkeypatch.setattr(console, "UNLIMITED", width)
    console.open_console(to_stderr=False).print(what)
    return written.getvalue()


def assert_harmless(text: str) -> None:
    for line in text.splitlines():
        assert not line.startswith(FORGED)
    assert not set(text) & set("\x1b\r\x85\u2028\u202e")
    assert text.count("\n") == len(text.splitlines())


@pytest.mark.parametrize(
    "what",
    [
        task_panel(TASK),
        task_view(TASK),
        attempts_table([ATTEMPT]),
        output.table("ITEM", "WHY", rows=[(HOSTILE, HOSTILE)], empty=""),
        _log_line(LINE),
        readable(json.dumps({"event": HOSTILE, "error": HOSTILE, "exception": HOSTILE})),
    ],
    ids=["get", "watch", "attempts", "table", "logs", "verbose"],
)
def test_what_a_task_says_forges_no_line(what: RenderableType, monkeypatch: pytest.MonkeyPatch):
    assert_harmless(shown(what, monkeypatch))


def test_frame_around_a_task_is_whole(monkeypatch: pytest.MonkeyPatch):
    lines = shown(task_panel(TASK), monkeypatch, width=120).splitlines()
    assert {line[0] for line in lines} == set("╭│╰")
    assert {line[-1] for line in lines} == set("╮│╯")


def test_error_forges_no_line(capsys: pytest.CaptureFixture[str]):
    told(InvalidInput([FieldViolation(HOSTILE, HOSTILE)], message=HOSTILE), as_json=False)
    assert_harmless(capsys.readouterr().err)


def test_json_is_one_line_for_every_reader(capsys: pytest.CaptureFixture[str]):
    output.print_json({HOSTILE: "备份 🗂️"})
    line = capsys.readouterr().out
    assert line.splitlines() == [line.rstrip("\n")]
    assert "备份 🗂️" in line
    assert json.loads(line) == {HOSTILE: "备份 🗂️"}
    assert_harmless(line)

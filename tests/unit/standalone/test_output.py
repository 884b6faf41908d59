"""What the command line writes to: colours and widths are those of where the output goes now."""

import io
import json
import os
import pty
from contextlib import redirect_stderr, redirect_stdout

import pytest
from rich.console import Console, RenderableType
from rich.text import Text

from asynctask_core.bounds.table import TABLE
from asynctask_core.errors import ConfigInvalid, FieldViolation, InvalidInput, OutcomeUnknown
from asynctask_standalone.cli import output
from asynctask_standalone.cli.console import open_console
from asynctask_standalone.cli.exits import told
from asynctask_standalone.cli.output import Output, table
from asynctask_standalone.cli.plain import UNLIMITED, StyledText
from asynctask_standalone.cli.typed import typed_field


@pytest.mark.parametrize(
    ("to_stderr", "redirect"), [(False, redirect_stdout), (True, redirect_stderr)], ids=["stdout", "stderr"]
)
def test_output_that_is_taken_away_from_a_terminal_has_no_colours_and_no_width(
    to_stderr: bool, redirect: type[redirect_stdout[io.StringIO]], monkeypatch: pytest.MonkeyPatch
):
    """Fails when a console keeps the colours of the terminal that was there when its module was loaded."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen, terminal = pty.openpty()
    with os.fdopen(screen, "rb", buffering=0) as seen, os.fdopen(terminal, "w", buffering=1) as shown:
        monkeypatch.setattr("sys.stderr" if to_stderr else "sys.stdout", shown)
        console = open_console(to_stderr=to_stderr)
        console.print("here", style="red")
        assert b"\x1b[31mhere" in seen.read(100)
        with redirect(io.StringIO()) as taken:
            console.print("word " * 100, style="bright_black")
    assert taken.getvalue() == "word " * 100 + "\n"


def test_output_that_comes_to_a_terminal_has_its_colours(monkeypatch: pytest.MonkeyPatch):
    """The other way round: loaded where there was none."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    console = open_console(to_stderr=False)
    assert console.width == UNLIMITED
    screen, terminal = pty.openpty()
    with os.fdopen(screen, "rb", buffering=0) as seen, os.fdopen(terminal, "w", buffering=1) as shown:
        monkeypatch.setattr("sys.stdout", shown)
        monkeypatch.setenv("COLUMNS", "70")
        assert console.width == 70
        console.print("here", style="red")
        assert b"\x1b[31mhere" in seen.read(100)


def test_programs_read_what_rich_would_draw_without_colours(capsys: pytest.CaptureFixture[str]):
    """Fails when output is drawn otherwise because rich was not loaded for it."""
    columns = ("NAME", "N", "STATE")
    rows = [
        ("a", "1", StyledText("● ", ("running", "bold blue"), " now")),
        ("文件.txt", "12,345", StyledText(("! completed, 3 skipped", "yellow"))),
        ("two\nlines\tof\x1b", "", ""),
    ]
    for shown in (
        [table(*columns, rows=rows, right=("N",), empty="None.")],
        [table(*columns, rows=[], right=("N",), empty="None.")],
        ["01: ", StyledText(("✔ ", "green"), "done \u202e \udce9")],
        ["a\tb", "c\r", "d\x07"],  # of which rich makes something, so it is asked
        [Text("Submitted"), "now"],
        [""],
        ["a\n\nb\n"],
        ["word " * 3_000],
    ):
        Output(to_stderr=False).print(*shown, sep=": ")
        quick = capsys.readouterr().out
        open_console(to_stderr=False).print(*shown, sep=": ")
        assert quick == capsys.readouterr().out


def test_one_long_cell_makes_no_other_row_long(capsys: pytest.CaptureFixture[str]):
    """Fails when `| cat`, `| less` or a log shows a screen of blanks after each name, since one of them is long."""
    long = "long-" * 60
    rows = [(long, "1", "why " * 50), ("short", "12", ""), ("文件", "123", "end")]
    for print_ in (Output(to_stderr=False).print, open_console(to_stderr=False).print):
        print_(table("NAME", "N", "WHY", rows=rows, right=("N",), empty=""))
        assert capsys.readouterr().out.splitlines() == [
            "NAME     N  WHY",
            f"{long}    1  {('why ' * 50).rstrip()}",
            "short   12",
            "文件   123  end",
        ]


NAMES = ["a[/2020].txt", "b[red].txt", ":smile:.txt", "no [/] tag"]


@pytest.mark.parametrize("name", NAMES)
def test_names_and_messages_are_written_as_they_are(name: str, capsys: pytest.CaptureFixture[str]):
    """Fails when what a task is called, or says, is taken for our own marks of colour."""
    console = open_console(to_stderr=False)
    console.print(output.table("ITEM", rows=[(name,)], empty=""))
    console.print(f"{name} ends.")
    assert capsys.readouterr().out.split("\n")[1:3] == [name, f"{name} ends."]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_what_the_output_cannot_hold_is_escaped(encoding: str, monkeypatch: pytest.MonkeyPatch):
    """A path that is no UTF-8 has no characters of its own: Python writes none where the locale is strict."""
    value = {"folder": "/\udce9", "name": "é"}
    taken = io.TextIOWrapper(io.BytesIO(), encoding, "strict")
    monkeypatch.setattr("sys.stdout", taken)
    open_console(to_stderr=False).print("✔ /\udce9")
    output.print_json(value)
    taken.seek(0)
    told, written = taken.read().splitlines()
    assert told == {"utf-8": "✔ /\\xe9", "ascii": "\\u2714 /\\xe9"}[encoding]
    assert json.loads(written) == value


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "iso8859-1"])
@pytest.mark.parametrize("errors", ["strict", "backslashreplace"], ids=["stdout", "stderr"])
def test_json_is_utf_8_wherever_it_goes(encoding: str, errors: str, monkeypatch: pytest.MonkeyPatch):
    """Whoever reads JSON knows no locale, and Python writes \\xe9 to stderr, which JSON has no such escape for."""
    value = {"folder": "/\udce9", "name": "é😀"}
    written = io.BytesIO()
    to_stderr = errors == "backslashreplace"
    monkeypatch.setattr(
        "sys.stderr" if to_stderr else "sys.stdout", io.TextIOWrapper(written, encoding, errors)
    )
    for shown in (value, {"name": "é"}):
        output.print_json(shown, to_stderr=to_stderr)
    assert [json.loads(line) for line in written.getvalue().decode().splitlines()] == [value, {"name": "é"}]


def test_json_is_readable_where_the_output_holds_it(capsys: pytest.CaptureFixture[str]):
    output.print_json({"name": "é"})
    assert capsys.readouterr().out == '{"name": "é"}\n'


def test_what_would_move_the_cursor_is_shown_instead(capsys: pytest.CaptureFixture[str]):
    """Fails when a file's name, or a line that a handler logged, clears the screen of whoever looks at it."""
    console = open_console(to_stderr=False)
    console.print(Text("\x1b[2Jname\x9b1A\tend\u3000\n"), style="red")
    assert capsys.readouterr().out == "\\x1b[2Jname\\x9b1A       end\u3000\n\n"


def test_several_wrong_fields_are_told_one_a_line(capsys: pytest.CaptureFixture[str]):
    error = ConfigInvalid(
        [
            FieldViolation("task_config.count", "must be at least 1; got 0"),
            FieldViolation("task_config.folder", "is required"),
        ]
    )
    assert str(error).splitlines() == [
        "task_config.count: must be at least 1; got 0",
        "task_config.folder: is required",
    ]
    told(error, as_json=False)
    assert capsys.readouterr().err.splitlines() == [
        "error CONFIG_INVALID: 2 fields are wrong",
        "  config.count: must be at least 1; got 0",
        "  config.folder: is required",
    ]
    told(error, as_json=False, task_id="0198")
    assert capsys.readouterr().err.startswith("error CONFIG_INVALID: 0198: 2 fields are wrong\n")


def test_one_wrong_field_is_told_in_the_line_of_the_error(capsys: pytest.CaptureFixture[str]):
    told(InvalidInput([FieldViolation("priority", "must be from 1 to 5; got 9")]), as_json=False)
    assert capsys.readouterr().err == "error INVALID_INPUT: --priority: must be from 1 to 5; got 9\n"


@pytest.mark.parametrize(
    ("field", "description", "said"),
    [
        ("queue", "must be letters; got 'a b'", "--queue: must be letters; got 'a b'"),
        ("labels['x']", "values must be short; got 300", "--label['x']: values must be short; got 300"),
        (
            "start_time",
            "excludes delay_ms; give one of the two",
            "--start-time: excludes --delay; give one of the two",
        ),
        ("request_id", "must be short; got 'start_time'", "--request-id: must be short; got 'start_time'"),
        ("task_type", "no task type is called 'x'", "TYPE: no task type is called 'x'"),
        ("task_config", "must be JSON; got 'x'", "config: must be JSON; got 'x'"),
        ("task_config.queue", "is required", "config.queue: is required"),
        ("something_else", "is required", "something_else: is required"),
    ],
)
def test_fields_are_told_as_they_were_typed_and_to_machines_as_the_contracts_have_them(
    field: str, description: str, said: str, capsys: pytest.CaptureFixture[str]
):
    """Fails when who typed --queue reads of `queue`, or who typed --start-time of `delay_ms`."""
    told(InvalidInput([FieldViolation(field, description)]), as_json=False)
    assert capsys.readouterr().err == f"error INVALID_INPUT: {said}\n"
    told(InvalidInput([FieldViolation(field, description)]), as_json=True)
    error = json.loads(capsys.readouterr().err)["error"]
    assert error["violations"] == [{"field": field, "description": description}]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("request_id a1 was used before for", "--request-id a1 was used before for"),
        (
            "it may exist; repeat with request_id a1 to know",
            "it may exist; repeat with --request-id a1 to know",
        ),
        ("repeat with the same request_id", "repeat with the same --request-id"),
        ("task request_id is unknown", "task request_id is unknown"),
    ],
)
def test_request_id_in_a_message_is_the_option(message: str, said: str, capsys: pytest.CaptureFixture[str]):
    told(OutcomeUnknown(message), as_json=False)
    assert capsys.readouterr().err == f"error OUTCOME_UNKNOWN: {said}\n"


SENT = [
    "SubmitTaskRequest",
    "ListTasksRequest",
    "TaskFilter",
    "GetTaskRequest",
    "WatchTasksRequest",
    "ListAttemptsRequest",
    "PauseTaskRequest",
    "ResumeTaskRequest",
    "CancelTaskRequest",
    "RestartTaskRequest",
    "DeleteTaskRequest",
    "UpdateTaskRequest",
    "ListTaskEventsRequest",
    "ListTaskLogsRequest",
    "TailTaskLogsRequest",
    "ListManifestItemsRequest",
    "DrainExecutorRequest",
    "GetQueueRequest",
    "GetTaskTypeRequest",
    "DeleteTaskTypeRequest",
    "DiagnoseRequest",
]
UNTYPED = {"filter", "from_attempt", "from_sequence", "page_token", "resume_token", "update_mask", "view"}
"""What the command line fills in itself, or leaves out."""


@pytest.mark.parametrize("message", SENT)
def test_every_field_that_a_command_sends_is_told_by_what_was_typed(message: str):
    """Fails when who typed --limit reads of `limit` or `max_findings`."""
    fields = TABLE[f"asynctask.scheduler.v1.{message}"].keys() - UNTYPED
    assert [field for field in fields if typed_field(field) == field] == []
    assert all(typed_field(name) == "--limit" for name in ("limit", "page_size"))


PATH = "/".join(["a-rather-long-folder-name"] * 8)


def lines_of(what: RenderableType, width: int) -> list[str]:
    console = Console(width=width, force_terminal=False)
    with console.capture() as capture:
        console.print(what)
    return [line.rstrip() for line in capture.get().splitlines()]


EXECUTOR = "build-server-0042-12345-0a1b2c3d"


def test_sign_of_a_state_stays_beside_its_word():
    """Fails when a narrow table writes ✔ on one line and `completed` on the next."""
    rows = [
        ("an-id", output.state_text("completed")),
        ("b", output.state_text("running", "cancel asked 40 s ago")),
    ]
    lines = lines_of(output.table("TASK", "STATUS", rows=rows, empty=""), 20)
    assert "an-id  ✔ completed" in lines
    assert "b      ● running" in lines


def the_executors(width: int) -> list[str]:
    rows = [
        (EXECUTOR, "● connected", "3 of 16", "backup_file, thumbnails", "41 s ago"),
        ("b-1", "", "", "", ""),
    ]
    columns = ("EXECUTOR", "STATUS", "TASKS", "TYPES", "SEEN")
    return lines_of(output.table(*columns, rows=rows, right=("TASKS",), empty=""), width)


def test_narrow_table_has_a_line_for_each_column_and_breaks_no_word():
    """Fails when an id, or a heading, is written letter by letter below itself."""
    assert the_executors(60) == [
        f"EXECUTOR  {EXECUTOR}",
        "STATUS    ● connected",
        "TASKS     3 of 16",
        "TYPES     backup_file, thumbnails",
        "SEEN      41 s ago",
        "",
        "EXECUTOR  b-1",
        "",
    ]


def test_columns_that_are_optional_are_left_out_before_a_text_is_squeezed():
    """Fails when a list becomes paragraphs, or its states wrap, for the sake of what `get` says too."""
    rows = [("an-id-to-copy", "pending (retry due)", "3", "2 min ago")]
    the_table = output.table(
        "TASK", "STATUS", "PRIO", "SUBMITTED", rows=rows, optional=("PRIO", "SUBMITTED"), empty=""
    )
    heads = [lines_of(the_table, width)[0].split() for width in (60, 48, 40)]
    assert heads == [
        ["TASK", "STATUS", "PRIO", "SUBMITTED"],
        ["TASK", "STATUS", "SUBMITTED"],
        ["TASK", "STATUS"],
    ]


def test_table_that_fits_between_words_stays_a_table():
    header, _, first, second, *_ = the_executors(84)
    assert header.split() == ["EXECUTOR", "STATUS", "TASKS", "TYPES", "SEEN"]
    assert EXECUTOR in first
    assert ("backup_file," in first, second.split()) == (True, ["thumbnails"])


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_column_is_lost_beside_a_long_path(width: int):
    """Fails when a path of 200 characters pushes out what became of it, and why."""
    why = "permission denied: " * 3
    rows = [
        (PATH, output.state_text("failed"), "1.5 KiB", why),
        ("short", output.state_text("done"), "2 B", ""),
    ]
    lines = lines_of(
        output.table("ITEM", "STATUS", "SIZE", "WHY", rows=rows, right=("SIZE",), empty=""), width
    )
    assert max(map(len, lines)) <= width
    assert lines[0].split() == ["ITEM", "STATUS", "SIZE", "WHY"]
    [first] = [line for line in lines if "✘ failed" in line]
    assert "1.5 KiB" in first
    folded = "".join(line.split()[0] for line in lines[2:] if line.strip() and not line.startswith(" "))
    assert PATH in folded
    assert "✔ done" in "\n".join(lines)


def test_id_is_not_wrapped_where_others_can_be():
    task_id = "0198c0de-0000-7000-8000-000000000001"
    rows = [(task_id, "a_type_with_a_long_name", output.state_text("running"))]
    # PRIO is a column of wider terminals only.
    the_table = output.table("TASK", "TYPE", "STATUS", rows=rows, right=("PRIO",), empty="")
    assert lines_of(the_table, 60)[0] == f"TASK    {task_id}"
    assert lines_of(the_table, 78)[2].startswith(f"{task_id}  a_type_with_a_long_name  ● running")


def test_reasons_of_attempts_stay_visible_in_a_narrow_terminal():
    began, why = "2026-01-31 22:00:00", "nothing was heard"
    rows = [("1", "✘ lost", "a-host-with-a-name-1234-abcdef", began, "1 min 5 s", why)]
    columns = ("#", "ENDED", "EXECUTOR", "STARTED", "TOOK", "WHY")
    whole = ("ENDED", "EXECUTOR", "STARTED", "TOOK")
    lines = lines_of(output.table(*columns, rows=rows, right=("TOOK",), whole=whole, empty=""), 60)
    assert max(map(len, lines)) <= 60
    assert "nothing" in "\n".join(lines)
    assert "✘ lost" in "\n".join(lines)

"""Command lines that are read without Typer mean what they mean to Typer, and all others are left to it."""

import inspect
import json

import pytest
import typer
from typer.main import get_command

from asynctask_standalone import __main__
from asynctask_standalone.cli import commands
from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.exits import Exit
from asynctask_standalone.cli.plain_call import PlainCall, plain_call

PLAIN = {name: entry.plain for name, entry in commands.COMMANDS.items() if entry.plain is not None}
LINES = [
    [*before, name, *(f"<{one}>" for one in plain), *after]
    for name, plain in PLAIN.items()
    for before in ([], ["--address", "there:1"])
    for after in ([], ["--json"], ["-a", "here:2", "--json"])
]


def read_by_typer(line: list[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What Typer gives the function of a command; the cluster is not asked."""
    found: dict[str, object] = {}
    built = commands.LazyCommands()
    name = next(one for one in line if one in PLAIN)
    command = built[name]
    monkeypatch.setattr(command, "callback", lambda **values: found.update(values))
    monkeypatch.setattr(
        commands.LazyCommands, "__getitem__", lambda _, key: command if key == name else built[key]
    )
    get_command(app).main(line, standalone_mode=False)
    return found


@pytest.mark.parametrize("line", LINES, ids=" ".join)
@pytest.mark.parametrize("address", ["", "elsewhere:3"])
def test_plain_line_means_what_typer_reads(line: list[str], address: str, monkeypatch: pytest.MonkeyPatch):
    """Fails when one of the two reads a default, a variable or an argument otherwise."""
    monkeypatch.setenv("ASYNCTASK_ADDRESS", address)
    call = plain_call(line)
    assert isinstance(call, PlainCall)
    defaults = {
        name: one.default
        for name, one in inspect.signature(call.function).parameters.items()
        if one.default is not inspect.Parameter.empty
    }
    values = {**defaults, **call.values}
    assert {name: value or None for name, value in values.items()} == {
        name: value or None for name, value in read_by_typer(line, monkeypatch).items()
    }


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["--help"],
        ["--json", "list"],
        ["nonsense"],
        ["list", "more"],
        ["list", "--limit", "3"],
        ["list", "--help"],
        ["list", "--address"],
        ["list", "--address", "--json"],
        ["list", "--address=there:1"],
        ["get"],
        ["get", "one", "two"],
        ["get", "--", "one"],
        ["get", "\udce9"],
        ["get", ""],
        ["types", "one", "--delete"],
        ["submit", "backup_file"],
        ["up"],
    ],
    ids=repr,
)
def test_every_other_line_is_left_to_typer(line: list[str]):
    assert plain_call(line) is None


def test_line_that_the_shell_completes_is_left_to_typer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("_ASYNCTASK_COMPLETE", "complete_bash")
    assert plain_call(["list"]) is None


def test_error_of_a_plain_line_ends_with_its_text_and_exit_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    # The garbage collector is the tests' too.
    monkeypatch.setattr("gc.disable", lambda: None)
    monkeypatch.setattr("atexit.register", lambda _: None)
    monkeypatch.setattr("sys.argv", ["asynctask", "list", "--address", "nowhere", "--json"])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == Exit.USAGE
    assert json.loads(capsys.readouterr().err)["error"]["reason"] == "INVALID_INPUT"


def test_fault_of_a_plain_line_is_not_hidden():
    def fail() -> None:
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        PlainCall(fail, {})()

    def end() -> None:
        raise typer.Exit(3)

    with pytest.raises(SystemExit, match="3"):
        PlainCall(end, {})()

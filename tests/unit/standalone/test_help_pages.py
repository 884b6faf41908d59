"""Help pages, as a newcomer reads them."""

import json
import re

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.commands import COMMANDS

WITH_EXAMPLES = ("up", "executor", "submit", "get", "list", "watch", "logs", "explain", "types", "doctor")


def page(*arguments: str) -> str:
    shown = CliRunner().invoke(app, [*arguments, "--help"], prog_name="asynctask", env={"COLUMNS": "100"})
    assert shown.exit_code == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.output)


@pytest.mark.parametrize("command", COMMANDS)
def test_usage_line_reads_as_in_manuals(command: str):
    text = page(command)
    assert f"Usage: asynctask {command} [OPTIONS]" in text
    assert not re.search(r"<[a-z\[\] ]+>|[{}]ID|\[\[|\}\.\.\.", text)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_and_option_has_a_sentence(command: str):
    built = get_command(app)
    for parameter in built.commands[command].params:  # pyright: ignore[reportAttributeAccessIssue]
        assert parameter.help, parameter.name


@pytest.mark.parametrize("command", WITH_EXAMPLES)
def test_main_commands_show_examples(command: str):
    assert f"asynctask {command}" in page(command).partition("Examples")[2]


def test_front_page_shows_no_types_and_what_exit_codes_mean():
    text = page()
    assert "<bool>" not in text
    assert "Exit codes: 0 done" in text


def test_examples_name_the_command_as_the_user_does(monkeypatch: pytest.MonkeyPatch):
    from asynctask_standalone.cli.help import epilog

    monkeypatch.setenv("ASYNCTASK_COMMAND", "./dev cli")
    assert "./dev cli list" in epilog(["list"])


def test_address_may_come_before_the_command_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASYNCTASK_ADDRESS", "127.0.0.1:2")  # which is put back, too
    for arguments in (
        ["--address", "127.0.0.1:1", "list"],
        ["-a", "127.0.0.1:3", "list", "-a", "127.0.0.1:1"],
    ):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 5
        assert "nothing answers at 127.0.0.1:1:" in done.output


@pytest.mark.parametrize("name", ["asynctask", "./dev cli"])
def test_usage_calls_up_as_it_is_called_here(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv("ASYNCTASK_COMMAND", name)
    up = {"asynctask": "asynctask up", "./dev cli": "./dev up"}[name]
    for arguments in (["up", "--dta", "x"], ["up", "--help"]):
        shown = CliRunner().invoke(app, arguments, prog_name=name).output
        assert f"Usage: {up} [OPTIONS]" in shown
    assert f"Usage: {name} list [OPTIONS]" in CliRunner().invoke(app, ["list", "-x"], prog_name=name).output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            "submit count --priority high",
            "--priority: must be a whole number, at least 1 and at most 5, not 'high'",
        ),
        (
            "update some-id --priority 9",
            "--priority: must be a whole number, at least 1 and at most 5, not 9",
        ),
        ("items some-id --limit foo", "--limit: must be a whole number, at least 0, not 'foo'"),
        ("list -n -1", "--limit: must be a whole number, at least 0, not -1"),
        ("doctor --limit 10001", "--limit: must be a whole number, at least 1 and at most 10,000, not 10001"),
    ],
)
def test_value_that_an_option_cannot_take_is_told_as_any_other_error(arguments: str, says: str):
    done = CliRunner().invoke(app, arguments.split())
    assert (done.exit_code, done.stderr) == (2, f"error INVALID_INPUT: {says}\n")
    done = CliRunner().invoke(app, [*arguments.split(), "--json"])
    assert (done.exit_code, json.loads(done.stderr)["error"]) == (
        2,
        {"reason": "INVALID_INPUT", "message": says},
    )


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["submit", "count", "--label", "k=\udcff"], "--label"),
        (["submit", "\udcff"], "TYPE"),
        (["list", "--type", "count", "--type", "\udcff"], "--type"),
        (["get", "\udcff"], "ID"),
        (["pause", "some-id", "\udcff"], "ID..."),
        (["list", "--address", "\udcff"], "--address"),
        (["up", "--redis-url", "redis://\udcff"], "--redis-url"),
    ],
)
def test_text_that_is_no_utf_8_is_wrong_usage(arguments: list[str], names: str):
    """What a shell passes on as bytes that are no text; it was told as a fault of ours, with a traceback."""
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert (done.exit_code, done.stdout) == (2, "")
    error = json.loads(done.stderr)["error"]
    came = arguments[-1].replace("\udcff", "\\xff")
    assert error == {"reason": "INVALID_INPUT", "message": f"{names}: '{came}' is no UTF-8"}


def test_argument_that_is_missing_is_told_with_the_usage():
    done = CliRunner().invoke(app, ["get"])
    assert done.exit_code == 2
    assert "Missing argument 'ID'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("get --json", "Missing argument 'ID'."),
        ("list --nope --json", "No such option: --nope (Possible options: --since, --type)"),
        ("list --json --status", "Option '--status' requires an argument."),
        ("list --json too many", "Got unexpected extra argument(s) (too many)"),
    ],
)
def test_wrong_usage_is_json_for_machines_too(arguments: str, says: str):
    done = CliRunner().invoke(app, arguments.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert json.loads(done.stderr) == {"error": {"reason": "INVALID_INPUT", "message": says}}


def test_command_that_knows_no_json_explains_its_usage():
    done = CliRunner().invoke(app, ["executor", "some_module", "--json"])
    assert done.exit_code == 2
    assert "No such option: --json" in done.stderr


def test_json_that_the_shell_took_apart_is_told_so():
    """Fails when a newcomer who forgot the quotes only reads of an unexpected extra argument."""
    for line in ("submit count --config {to: 5}", "submit count --config to:5 --config n:6 x"):
        done = CliRunner().invoke(app, line.split())
        assert done.exit_code == 2
        assert "put single quotes around the whole" in done.stderr
    for whole in ("@file", '{"to": 5}'):
        plain = CliRunner().invoke(app, ["submit", "count", "more", "--config", whole])
        assert "unexpected extra argument" in plain.stderr
        assert "quotes" not in plain.stderr

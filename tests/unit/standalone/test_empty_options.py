"""An option or argument without anything in it is refused, for a shell writes it of a variable that is not set."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, cast

import pytest
from typer.core import TyperArgument
from typer.testing import CliRunner

from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.commands import COMMANDS, LazyCommands
from asynctask_standalone.cli.exits import Exit

EMPTY = ["", " ", "\t\n"]


def with_one_empty(name: str, command: Any, text: str) -> Iterator[tuple[list[str], str]]:
    """Every line of a command in which one argument or option has nothing in it, and what that is called."""
    needed = [one for one in command.params if isinstance(one, TyperArgument) and one.required]
    for one in command.params:
        if getattr(one, "is_flag", False):
            continue
        if isinstance(one, TyperArgument):
            words = [text if other is one else "x" for other in needed or [one]]
            yield [name, *words], str(one.metavar)
            continue
        for option in one.opts:
            yield [name, *("x" for _ in needed), option, text], max(one.opts, key=len)


LINES = [
    pytest.param(line, called, text, id=f"{' '.join(line)!r}")
    for text in EMPTY
    for name in COMMANDS
    for line, called in with_one_empty(name, LazyCommands()[name], text)
]


def started_in_spite_of_that() -> None:
    pytest.fail("a cluster would be started")


def test_every_kind_of_command_is_tried():
    commands = {cast("list[str]", one.values[0])[0] for one in LINES}
    assert commands >= {"submit", "list", "get", "watch", "types", "drain", "cancel", "up", "executor"}


@pytest.mark.parametrize(("line", "called", "text"), LINES)
def test_what_says_nothing_is_refused_by_its_name(
    line: list[str], called: str, text: str, monkeypatch: pytest.MonkeyPatch
):
    """Fails when `--request-id "$ID"` without an ID makes a second task, or `--queue ''` is as if it were not there."""
    monkeypatch.setattr("asynctask_standalone.cli.up._require_services", started_in_spite_of_that)
    done = CliRunner().invoke(app, line)
    assert done.exit_code == Exit.USAGE
    told = done.stderr.splitlines()[0]
    refused = f"error INVALID_INPUT: {called}: "
    assert told.startswith((f"{refused}must not be empty; got {text!r}", f"{refused}must be a whole number"))


@pytest.mark.parametrize("text", EMPTY)
@pytest.mark.parametrize("after", [["list"], ["list", "--json"], ["get", "some-id"]])
def test_address_before_the_command_is_refused_too(text: str, after: list[str]):
    done = CliRunner().invoke(app, ["--address", text, *after])
    assert (done.exit_code, done.stdout) == (Exit.USAGE, "")
    assert "--address: must not be empty; got " in done.stderr


def test_variable_of_blanks_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch):
    """Fails when `up` keeps everything in a folder called ` `. One that is empty is as if it were not set."""
    monkeypatch.setenv("ASYNCTASK_DATA", " ")
    monkeypatch.setattr("asynctask_standalone.cli.up._require_services", started_in_spite_of_that)
    done = CliRunner().invoke(app, ["up"])
    said = "error INVALID_INPUT: --data (ASYNCTASK_DATA): must not be empty; got ' ': give a value, or leave it out\n"
    assert (done.exit_code, done.stderr) == (Exit.USAGE, said)


@pytest.mark.parametrize("line", [["get", " "], ["list", "-a", ""], ["types", "--address", " "]])
def test_line_that_needs_no_parser_is_refused_too(line: list[str]):
    """Fails when a short line, which is read without Typer, takes what Typer refuses."""
    command = [sys.executable, "-m", "asynctask_standalone", *line]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}
    )
    assert done.returncode == Exit.USAGE
    assert "must not be empty; got " in done.stderr


@pytest.mark.parametrize("option", ["list --status", "list --state", "list --type", "executor json --queue"])
@pytest.mark.parametrize("text", [",", " , "])
def test_list_of_nothing_is_refused(option: str, text: str, cluster_address: str):
    """Fails when `--status ,` lists every task."""
    done = CliRunner().invoke(app, [*option.split(), text, "--address", cluster_address])
    name = option.rsplit(maxsplit=1)[-1].replace("--state", "--status")
    assert done.stderr == f"error INVALID_INPUT: {name}: must not be empty; got {text!r}\n"
    assert done.exit_code == Exit.USAGE


def test_module_before_a_colon_without_a_name_after_it_is_refused():
    """Fails when `executor "tasks:$NAME"` without a NAME runs every type of the module."""
    done = CliRunner().invoke(app, ["executor", "json:"])
    assert done.exit_code == Exit.USAGE
    assert "'json:' names nothing after the colon" in done.stderr


@pytest.fixture
def cluster_address(monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a command takes the cluster to be, though none is asked."""
    monkeypatch.setattr("asynctask_standalone.cli.connection.knock", lambda _: None)
    monkeypatch.setenv("ASYNCTASK_ADDRESS", "")  # `executor` sets it for the module that it loads
    return "127.0.0.1:1"


def test_completion_of_a_line_with_an_empty_word_goes_on():
    """The shell gives an empty word where the cursor is."""
    assert LazyCommands()["get"].make_context("get", [""], resilient_parsing=True).params["task_id"] == ""

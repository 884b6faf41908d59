"""What starts an executor is told as a command that can be pasted and works."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import asynctask_nas
from asynctask import TaskType
from asynctask.errors import TaskTypeDeleted, UnknownTaskType
from asynctask_standalone.cli import starting
from asynctask_standalone.cli.executor import load
from asynctask_standalone.cli.exits import told
from asynctask_standalone.cli.options import DEFAULT_ADDRESS
from asynctask_standalone.cli.starting import READY_MADE, start_any, start_words
from asynctask_standalone.cli.wording import as_called_here, command, commands_as_called_here, sent_to

MODULE = """
import asynctask
from asynctask import TaskType

thumbs: TaskType = asynctask.TaskType("thumbnails", description="x")

@thumbs.stage
def look(ctx):
    pass

raise SystemExit("only read")
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, of which modules can be imported and are forgotten."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delenv("ASYNCTASK_ADDRESS", raising=False)
    before = {*sys.modules}
    starting._declared.cache_clear()
    yield tmp_path
    starting._declared.cache_clear()
    for name in {*sys.modules} - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("place", "target"), [("mine.py", "mine:thumbs"), ("examples/their.py", "examples.their:thumbs")]
)
def test_type_that_is_declared_here_is_started_by_its_own_module(here: Path, place: str, target: str):
    """Fails when people are shown MODULE:NAME, or when a module is run only to find its types."""
    (here / place).parent.mkdir(exist_ok=True)
    (here / place).write_text(MODULE)
    assert start_words("thumbnails") == f"start one with `asynctask executor {target}`"
    assert start_words("thumbnails", "fast") == f"start one with `asynctask executor {target} --queue fast`"
    (here / place).write_text(MODULE.replace("raise", "# "))
    assert load([target], {}) is not None


def test_ready_made_type_is_started_by_its_package(here: Path):
    said = "start one with `asynctask executor asynctask_nas:backup_file`"
    assert start_words("backup_file") == said
    assert start_any() == "asynctask executor asynctask_nas:backup_file"
    exported = {name: getattr(asynctask_nas, name) for name in asynctask_nas.__all__}
    types = {one.name: f"asynctask_nas:{name}" for name, one in exported.items() if isinstance(one, TaskType)}
    assert types == READY_MADE


@pytest.mark.parametrize(
    "text", ["", "x = TaskType(", 'x = TaskType("other")', 'x, y = TaskType("thumbnails"), 1', "\0"]
)
def test_type_that_is_declared_elsewhere_is_told_without_a_command_that_does_not_work(here: Path, text: str):
    (here / "mine.py").write_text(text)
    (here / "no-module.py").write_text(MODULE)
    said = start_words("thumbnails")
    assert said == "start one with the module that declares the type; `asynctask executor --help` says how"


def test_submit_of_a_type_that_is_declared_here_says_what_makes_it_known(
    here: Path, capsys: pytest.CaptureFixture[str]
):
    """Fails when who has written a type, and submits it before an executor runs, is only told that it is unknown."""
    (here / "mine.py").write_text(MODULE)
    for name, kind in (
        ("thumbnails", UnknownTaskType),
        ("thumbnail", UnknownTaskType),
        ("thumbnail", TaskTypeDeleted),
    ):
        told(kind("no", metadata={"task_type": name}), as_json=False)
    when = "→ An executor declares the type when it starts: start one with"
    assert capsys.readouterr().err.splitlines() == [
        "error UNKNOWN_TASK_TYPE: no",
        f"{when} `asynctask executor mine:thumbs`.",
        "error UNKNOWN_TASK_TYPE: no",
        "error TASK_TYPE_DELETED: no",
        f"{when} the module that declares the type; `asynctask executor --help` says how.",
    ]


def test_commands_that_are_shown_go_to_the_cluster_that_was_named(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    """Fails when what is pasted asks the usual cluster about a task of another one."""
    text = f"see asynctask items {'0' * 36} --status skipped"
    with sent_to("nas:7600"):
        assert command("list") == "asynctask list --address nas:7600"
        assert start_words("backup_file").endswith("backup_file --address nas:7600`")
        assert as_called_here(text) == f"see asynctask items {'0' * 36} --address nas:7600 --status skipped"
        assert (
            commands_as_called_here("`asynctask types` lists") == "`asynctask types --address nas:7600` lists"
        )
        monkeypatch.setenv("ASYNCTASK_ADDRESS", "nas:7600")
    with sent_to("nas:7600"):
        assert command("list") == "asynctask list"
    monkeypatch.delenv("ASYNCTASK_ADDRESS")
    with sent_to(DEFAULT_ADDRESS):
        assert command("list") == "asynctask list"

"""What the command does not load for what it is asked most often; `./dev bench --only command` measures the time."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from asynctask_standalone.installed import installed_version

_TOLD = "\nimport sys; print(*sys.modules, file=sys.stderr)\n"
_VERSION = """
import sys
sys.argv = ["asynctask", "--version"]
from asynctask_standalone.__main__ import main
main()
"""
_LIST = """
from asynctask_standalone.cli.deferred import load_dataclasses, load_grpc
load_dataclasses()
from asynctask_standalone.cli.plain_call import plain_call
call = plain_call(["list"])
load_grpc()
import asynctask.blocking
from contextlib import nullcontext
from types import SimpleNamespace
from asynctask._client.info import TaskInfoPage
from asynctask_standalone.cli import connection, knock, tasks
tasks.client = lambda *_, **__: nullcontext(SimpleNamespace(list_page=lambda **_: TaskInfoPage([], "")))
call()
"""
"""What `asynctask list` does, without a cluster."""


def loaded(script: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", script + _TOLD], capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stderr.splitlines()[-1].split())


def test_version_is_told_without_what_finds_distributions():
    """Fails when `asynctask --version` takes three times as long."""
    assert not loaded(_VERSION) & {"importlib.metadata", "dataclasses", "typing", "re", "typer", "rich"}


def test_list_loads_nothing_that_parses_lines_or_looks_into_code():
    """Fails when `asynctask list` loads what takes much of its time, and is not used."""
    slow = {
        "typer",
        "rich.console",
        "asyncio",
        "importlib.metadata",
        "pathlib",
        "uuid",
        "platform",
    }
    if sys.version_info < (3, 12):
        slow.add("inspect")  # later ones look into the annotations of each dataclass with it
    assert not loaded(_LIST) & slow


def test_version_is_that_of_the_installed_distribution(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert installed_version() == version("asynctask")
    (tmp_path / "asynctask-2.0.1.dist-info").mkdir()
    (tmp_path / "asynctask_sdk-1.0.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", ["/nowhere", str(tmp_path)])
    assert installed_version() == "2.0.1"

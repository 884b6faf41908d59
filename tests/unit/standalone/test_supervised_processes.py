"""A pid file names one process for all time, and services that were left behind are stopped."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from asynctask_standalone.supervisor import leftovers
from asynctask_standalone.supervisor.folder import DataFolder
from asynctask_standalone.supervisor.processes import PidFile, ProcessId

WAIT = "import sys; print('up', flush=True); sys.stdin.read()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}"


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    with _started(WAIT) as process:
        yield process
        process.kill()


def _started(code: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process


def test_pid_file_finds_its_process_again(tmp_path: Path, child: subprocess.Popen[str]):
    file = PidFile(tmp_path / "it.json")
    file.write(child.pid)
    found = file.read()
    assert found is not None
    assert found.pid == child.pid
    assert found.is_alive


def test_pid_file_does_not_mistake_another_process_with_the_same_pid(
    tmp_path: Path, child: subprocess.Popen[str]
):
    file = PidFile(tmp_path / "it.json")
    file.write(child.pid)
    said = json.loads(file.path.read_text())
    file.path.write_text(json.dumps({**said, "started": "1"}))
    assert file.read() is None


def test_nobody_is_signalled_in_place_of_a_process_that_is_gone(child: subprocess.Popen[str]):
    identity = ProcessId.of(child.pid)
    assert identity is not None
    replace(identity, boot="another boot").send(signal.SIGKILL)
    assert child.poll() is None


def test_corpse_that_nobody_has_buried_is_not_alive(child: subprocess.Popen[str]):
    identity = ProcessId.of(child.pid)
    assert identity is not None
    child.kill()  # and not waited for
    assert identity.ended_within(60)


def test_unreadable_pid_file_names_nobody(tmp_path: Path):
    file = PidFile(tmp_path / "it.json")
    assert file.read() is None
    file.path.write_text("{")
    assert file.read() is None


def test_leftover_service_is_killed_when_it_does_not_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        leftovers,
        "_STEPS",
        [replace(step, wait_s=min(step.wait_s, 0.3)) for step in leftovers._STEPS[:2]]
        + [leftovers._STEPS[2]],
    )
    folder = DataFolder(tmp_path)
    with folder.locked(), _started(STUBBORN) as stubborn:
        PidFile(folder.pids / "scheduler.json").write(stubborn.pid)
        assert leftovers.stop_leftovers(folder) == ["scheduler"]
        assert stubborn.wait() == -signal.SIGKILL
        assert leftovers.stop_leftovers(folder) == []

"""One service as a child process: ready line, log, end, stop."""

import os
import signal
from pathlib import Path

import pytest

from asynctask_standalone.supervisor.logfile import LogFile
from asynctask_standalone.supervisor.part import StartFailed
from asynctask_standalone.supervisor.processes import PidFile
from asynctask_standalone.supervisor.program import Program

HEAD = "import json, os, signal, sys\n"
READY = (
    "print(json.dumps({'ready': True, 'address': '127.0.0.1:' + os.environ['PORT'], 'metrics_port': 0}),"
    " flush=True)\n"
)
UNTIL_ORPHANED = "sys.stdin.read()\n"


@pytest.fixture
def program(tmp_path: Path):
    """Makes a program of some lines of Python."""
    logs: list[LogFile] = []

    def make(code: str) -> Program:
        (tmp_path / "service_of_the_test.py").write_text(HEAD + code)
        logs.append(LogFile(tmp_path / "it.log"))
        settings = {"PORT": "4711", "PYTHONPATH": str(tmp_path)}
        return Program(
            "it", "service_of_the_test", settings, log=logs[-1], pid_file=PidFile(tmp_path / "it.json")
        )

    yield make
    for log in logs:
        log.close()


async def test_program_is_started_once_it_says_its_address(program, tmp_path: Path):
    it = program("print('not yet', flush=True)\n" + READY + UNTIL_ORPHANED)
    assert await it.start() == "127.0.0.1:4711"
    found = PidFile(tmp_path / "it.json").read()
    assert found is not None
    assert found.pid == it.pid
    await it.stop()
    assert it.pid is None
    assert "not yet" in (tmp_path / "it.log").read_text()
    assert not (tmp_path / "it.json").exists()


async def test_failed_start_says_why_with_the_last_words(program):
    with pytest.raises(
        StartFailed, match=r"(?s)it did not start: exit code 3.*the tables are missing.*it\.log"
    ):
        await program("sys.exit(print('the tables are missing', file=sys.stderr) or 3)").start()


async def test_program_that_cannot_be_noted_is_not_left_running(program, monkeypatch: pytest.MonkeyPatch):
    """Fails when it keeps its address while it is started again for ever."""
    it = program(READY + UNTIL_ORPHANED)

    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(PidFile, "write", refused)
    with pytest.raises(OSError, match="No space left"):
        await it.start()
    assert it.pid is None


async def test_end_of_a_program_is_told_in_words(program):
    it = program(READY + UNTIL_ORPHANED)
    await it.start()
    assert it.pid
    os.kill(it.pid, signal.SIGKILL)
    assert await it.ended() == "killed by SIGKILL"


async def test_program_that_ended_can_be_started_again(program):
    it = program(READY + UNTIL_ORPHANED)
    await it.start()
    it.kill()
    await it.ended()
    await it.start()
    assert it.pid
    await it.stop()


async def test_program_is_out_of_reach_of_the_terminals_ctrl_c(program):
    it = program(READY + UNTIL_ORPHANED)
    await it.start()
    assert os.getsid(it.pid) == it.pid
    await it.stop()


async def test_last_line_without_an_end_is_logged_too(program, tmp_path: Path):
    it = program(READY + "sys.stderr.write('Fatal Python error'); sys.stderr.flush(); os._exit(9)")
    await it.start()
    assert await it.ended() == "exit code 9"
    assert (tmp_path / "it.log").read_text().endswith("Fatal Python error\n")

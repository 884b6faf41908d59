"""Standard streams that are closed, full or without a reader: no traceback, and an exit code that says so."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from asynctask_standalone.cli.exits import Exit
from tests.support.ports import reserve_port

COMMAND = f"{sys.executable} -m asynctask_standalone"
FULL = "> /dev/full"
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")


@pytest.fixture(params=["buffered", "unbuffered"], autouse=True)
def buffering(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONUNBUFFERED", "1" if request.param == "unbuffered" else "")


def shell(line: str) -> tuple[int, str]:
    """The exit code and stderr of a line, of which `asynctask` is the command line."""
    line = f'asynctask() {{ {COMMAND} "$@"; }}; {line}'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stderr


@needs_full
@pytest.mark.parametrize("command", ["--version", "version", "version --json", "--help", "submit --help"])
def test_full_stdout_is_told_with_an_exit_code_of_its_own(command: str):
    code, stderr = shell(f"asynctask {command} {FULL}")
    assert code == Exit.OUTPUT
    assert stderr == "error OUTPUT_FAILED: stdout cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", ["--version", "version --json", "--help"])
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_stream_is_as_dev_null(command: str, closed: str):
    assert shell(f"asynctask {command} {closed}")[0] == Exit.OK


@pytest.mark.parametrize("bad", ["2>&-", pytest.param("2> /dev/full", marks=needs_full)])
def test_refusal_that_cannot_be_told_has_its_exit_code(bad: str):
    address = f"127.0.0.1:{reserve_port()}"
    assert shell(f"asynctask get some-id --address {address} {bad}")[0] == Exit.UNAVAILABLE
    assert shell(f"asynctask no-such-command {bad}")[0] == Exit.USAGE


def test_nothing_else_gets_the_number_of_a_closed_stream():
    """Fails when the next file or connection is written to by what prints."""
    code = (
        "import os; from asynctask_standalone.cli.streams import guarded_streams as guarded\n"
        "with guarded():\n"
        "    assert os.open('/', os.O_RDONLY) > 2; assert os.get_inheritable(1)"
    )
    line = f'{sys.executable} -c "{code}" <&- >&-'
    assert shell(line) == (0, "")


def test_stdout_that_somebody_made_non_blocking_is_written_to_its_end():
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    text = "x" * (1 << 20)
    code = (
        "from asynctask_standalone.cli.streams import guarded_streams\n"
        f"with guarded_streams():\n    print('x' * {len(text)})"
    )
    found: list[str] = []
    with os.fdopen(reading) as pipe:
        reader = threading.Thread(target=lambda: found.append(pipe.read()))
        process = subprocess.Popen([sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE)
        os.close(writing)
        reader.start()
        assert process.communicate(timeout=60)[1] == b""
        reader.join(60)
    assert process.returncode == 0
    assert found == [f"{text}\n"]


def test_reader_that_has_seen_enough_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    line = [sys.executable, "-m", "asynctask_standalone", "--help"]
    done = subprocess.run(line, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (Exit.OK, b"")

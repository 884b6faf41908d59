"""A service as a process: what it prints, what signals do, how it ends."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SERVICE = """
import asyncio, sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar
from asynctask_chassis.service_runner import Endpoints, run_service
from asynctask_chassis.settings import ServiceSettings, setting

@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ServiceSettings):
    service: ClassVar[str] = "kitchen"
    token: str = setting(default="sesame", help="A secret.", secret=True)

@asynccontextmanager
async def serve(settings):
    {start}
    try:
        yield Endpoints(address="127.0.0.1:7700", metrics_port=7701)
    finally:
        {stop}

sys.exit(run_service(Settings, serve))
"""


@contextmanager
def service(
    tmp_path: Path, *arguments: str, start: str = "pass", stop: str = "pass", **env: str
) -> Iterator[subprocess.Popen[str]]:
    program = tmp_path / "service.py"
    program.write_text(textwrap.dedent(SERVICE).format(start=start, stop=stop))
    process = subprocess.Popen(
        [sys.executable, program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | env,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def ready(process: subprocess.Popen[str]) -> dict[str, object]:
    """The first line. It is read byte by byte: `communicate` does not see what a buffer took beyond that line."""
    assert process.stdout is not None
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(process.stdout.fileno(), 1)):
        line += byte
    return json.loads(line)


def events(log: str) -> list[str]:
    return [json.loads(line)["event"] for line in log.splitlines()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_says_when_it_is_ready_and_a_signal_drains_it(tmp_path: Path, number: signal.Signals):
    with service(tmp_path, stop="print('drained')") as process:
        assert ready(process) == {"ready": True, "address": "127.0.0.1:7700", "metrics_port": 7701}
        process.send_signal(number)
        out, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == "drained\n"
    assert events(log) == [
        "service.started",
        "service.signal_received",
        "service.drain_begun",
        "service.stopped",
    ]


def test_a_start_that_waits_for_a_store_is_given_up_at_the_signal(tmp_path: Path):
    with service(tmp_path, start="print('starting', flush=True); await asyncio.Event().wait()") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "starting\n"
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out == ""


def test_a_drain_that_outlasts_the_grace_period_ends_with_its_own_code(tmp_path: Path):
    with service(
        tmp_path, stop="await asyncio.Event().wait()", ASYNCTASK_KITCHEN_GRACE_PERIOD="50ms"
    ) as process:
        ready(process)
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert process.returncode == 3
    assert events(log)[-1] == "service.drain_timed_out"


def test_a_second_signal_ends_it_at_once(tmp_path: Path):
    with service(tmp_path, stop="print('draining', flush=True); await asyncio.Event().wait()") as process:
        ready(process)
        process.terminate()
        assert process.stdout is not None
        assert process.stdout.readline() == "draining\n"
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert process.returncode == 3
    assert events(log)[-1] == "service.drain_abandoned"


def test_a_failed_start_ends_with_code_1_and_a_log_line(tmp_path: Path):
    with service(tmp_path, start="raise OSError('no store')") as process:
        out, log = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert json.loads(log)["reason"] == "OSError: no store"


def test_a_loop_that_ends_by_itself_drains_the_service_and_ends_it_with_code_1(tmp_path: Path):
    """Fails when: a service goes on without its reaper, and nobody learns of it."""
    start = (
        "from datetime import timedelta; from asynctask_chassis.loop import PeriodicLoop; "
        "loop = PeriodicLoop('cook', lambda: asyncio.sleep(0), interval=timedelta(hours=1), pause=None); loop.start()"
    )
    with service(tmp_path, start=start, stop="print('drained'); await loop.stop()") as process:
        ready(process)
        out, log = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == "drained\n"
    assert events(log) == ["service.started", "loop.ended", "service.failed"]
    assert "the loop cook ended although it was not stopped (TypeError" in log


def test_wrong_settings_end_with_code_2_and_every_mistake(tmp_path: Path):
    with service(tmp_path, ASYNCTASK_KITCHEN_LOG_LEVEL="loud", ASYNCTASK_KITCHEN_OVEN="hot") as process:
        _, log = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "LOG_LEVEL is 'loud', which is none of" in log
    assert "ASYNCTASK_KITCHEN_OVEN is not a setting" in log


def test_print_settings_answers_without_starting(tmp_path: Path):
    with service(tmp_path, "--print-settings", start="raise OSError('started')") as process:
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "ASYNCTASK_KITCHEN_GRACE_PERIOD" in out
    assert "sesame" not in out


def test_with_stop_with_parent_the_end_of_stdin_drains_it(tmp_path: Path):
    with service(tmp_path, "--stop-with-parent", stop="print('drained')") as process:
        ready(process)
        out, _ = process.communicate(timeout=60)  # closes stdin
    assert process.returncode == 0
    assert out == "drained\n"


def test_without_stop_with_parent_the_end_of_stdin_changes_nothing(tmp_path: Path):
    with service(tmp_path) as process:
        ready(process)
        assert process.stdin is not None
        process.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.3)


def test_service_runs_with_its_standard_streams_closed(tmp_path: Path) -> None:
    """Fails when a service that was started without them ends with a traceback that nobody can read."""
    program = tmp_path / "service.py"
    line = "open('ready', 'w').close(); os.kill(os.getpid(), 15)"
    program.write_text(textwrap.dedent(SERVICE).format(start=f"import os; {line}", stop="pass"))
    closed = f"exec {sys.executable} service.py <&- >&- 2>&-"
    done = subprocess.run(["/bin/sh", "-c", closed], cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == 0
    assert (tmp_path / "ready").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_service_goes_on_where_stdout_cannot_be_written(tmp_path: Path) -> None:
    with service(tmp_path) as process:
        ready(process)
    program = tmp_path / "service.py"
    with Path("/dev/full").open("w") as full:
        process = subprocess.Popen([sys.executable, program], stdout=full, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        log = [json.loads(process.stderr.readline())["event"] for _ in range(2)]
        process.terminate()
        rest = process.communicate(timeout=60)[1]
        assert log == ["service.started", "service.stdout_failed"]
        assert (process.returncode, events(rest)[-1]) == (0, "service.stopped")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_settings_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    with service(tmp_path) as process:
        ready(process)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, tmp_path / "service.py", "--print-settings"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "stdout cannot be written: No space left on device\n")

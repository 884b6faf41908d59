"""Processes as the kernel lists them, and signals that reach nobody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest

from asynctask._handler.process_table import Seen, below, kill_marked, process_table, send_signal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which Linux alone has")


MARK = f"ASYNCTASK_TEST_{uuid.uuid4().hex}"


@pytest.fixture
def sleepers() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two processes, whose marks begin alike."""
    sleepers = [subprocess.Popen(["sleep", "3600"], env={MARK: number}) for number in ("1", "12")]
    yield sleepers
    for sleeper in sleepers:
        sleeper.kill()
        sleeper.wait()


def seen(pid: int) -> Seen:
    (found,) = (process for process in process_table() if process.pid == pid)
    return found


def test_signal_reaches_no_later_process_of_the_same_number(sleepers: list[subprocess.Popen[bytes]]) -> None:
    process = seen(sleepers[0].pid)
    assert send_signal(Seen(process.pid, process.parent, process.group, "0"), signal.SIGKILL)
    # What was sent before is taken first.
    assert send_signal(process, signal.SIGTERM)
    assert sleepers[0].wait() == -signal.SIGTERM


def test_process_that_waits_to_be_reaped_is_not_listed(sleepers: list[subprocess.Popen[bytes]]) -> None:
    """Fails when whoever ends all that is left looks for ever at what has ended."""
    sleepers[0].kill()
    os.waitid(os.P_PID, sleepers[0].pid, os.WEXITED | os.WNOWAIT)
    assert {sleepers[0].pid, sleepers[1].pid} & {process.pid for process in process_table()} == {
        sleepers[1].pid
    }


def test_only_what_has_the_very_mark_is_ended(sleepers: list[subprocess.Popen[bytes]]) -> None:
    kill_marked(f"{MARK}=1")
    assert sleepers[0].wait() == -signal.SIGKILL
    assert sleepers[1].poll() is None


def test_everything_below_is_found_at_any_depth_and_nothing_beside_it() -> None:
    table = [Seen(pid, parent, 0, "") for pid, parent in ((5, 4), (3, 2), (4, 3), (2, 1), (9, 1), (1, 0))]
    assert {process.pid for process in below({2}, table)} == {3, 4, 5}
    assert {process.pid for process in below({4, 9}, table)} == {5}

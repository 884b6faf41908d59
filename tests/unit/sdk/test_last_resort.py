"""The end of an executor that has no lease left and a handler that does not stop."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import pytest

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.stop import Stop
from asynctask._executor import executor_run
from asynctask._executor.last_resort import FENCED_EXIT
from asynctask_protos.task.v1 import work_pb2
from tests.support.alive import is_running
from tests.support.conditions import eventually

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")


PROGRAM = """
import subprocess, threading
from asynctask._executor.last_resort import LastResort

def start():
    shell = subprocess.Popen(["sh", "-c", "sleep 3600 & echo $!; wait"], stdout=subprocess.PIPE, text=True)
    print(shell.pid, shell.stdout.readline(), flush=True)

def in_thread(until=None):
    started, stay = threading.Event(), threading.Event()
    def work():
        (until or stay).wait(3600) if until else None
        start()
        started.set()
        stay.wait(3600)
    threading.Thread(target=work, daemon=True).start()
    return started

begun = threading.Event()
start()                                        # before the executor serves
later = in_thread(begun)                       # by a thread of the program, afterwards
last_resort = LastResort(owns_loop=OWNS_LOOP)
begun.set()
later.wait()
start()                                        # by the thread of the loop
in_thread().wait()                             # by a handler
last_resort.end_process()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which thread has started a child")
@pytest.mark.parametrize(("owns_loop", "ended"), [(True, 2), (False, 1)])
async def test_executor_that_ends_itself_ends_what_its_handlers_started(owns_loop: bool, ended: int) -> None:
    """Fails when a program that a thread handler started goes on beside the task's next attempt, or when one that the
    program around the executor has started itself is ended with it.
    """
    program = PROGRAM.replace("OWNS_LOOP", str(owns_loop))
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == FENCED_EXIT
    pids = [int(pid) for pid in done.stdout.split()]
    try:
        assert len(pids) == 8
        mine, others = pids[8 - 2 * ended :], pids[: 8 - 2 * ended]
        await eventually(lambda: not any(is_running(pid) for pid in mine))
        assert all(is_running(pid) for pid in others)
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


STUCK = """
import logging, threading
from asynctask._executor.last_resort import LastResort

class Stuck(logging.Handler):
    def emit(self, record):
        stuck.set()
        threading.Event().wait()

stuck = threading.Event()
logging.getLogger().addHandler(Stuck())
threading.Thread(target=logging.warning, args=("of a handler",), daemon=True).start()
stuck.wait()
LastResort(owns_loop=True).end_process()
"""


def test_executor_ends_itself_although_its_log_is_stuck() -> None:
    """Fails when a handler that hangs in the middle of a line of its log goes on beside the task's next attempt."""
    done = subprocess.run([sys.executable, "-c", STUCK], check=False, timeout=60)
    assert done.returncode == FENCED_EXIT


def test_fence_stops_a_handler_although_the_log_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when the fence's thread waits for the log: no later handler is stopped, nor the process ended."""
    attempt = Attempt(work_pb2.Assignment(), ClockReading(0, 0))
    happened: list[Any] = []
    attempt.alive, attempt.cancel_handler = True, lambda: happened.append("stopped")
    monkeypatch.setattr(executor_run, "_say_fenced", lambda one: happened.append("said"))
    posted: list[Any] = []
    executor_run.Running._fence_off(cast("Any", SimpleNamespace(_post=posted.append)), attempt)
    assert happened == []
    for call in posted:
        call()
    assert happened == ["stopped", "said"]
    assert attempt.stop is Stop.FENCED

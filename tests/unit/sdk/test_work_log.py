"""What the executor's terminal shows of its work."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from typing import Any

import pytest

from asynctask import Context, Fail, Retry, TaskType
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._executor import work_log
from asynctask._executor.signals import stop_signals
from asynctask._executor.work_log import WorkLog
from asynctask.testing import run
from asynctask_core.ids import id_text, new_id
from asynctask_protos.task.v1 import state_pb2, task_pb2, work_pb2


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level("INFO", "asynctask.executor")
    return caplog


async def test_start_and_end_of_a_task_are_a_line_each(said):
    """Fails when a terminal shows nothing of what its executor does."""
    kind = TaskType("hello")

    @kind.stage
    async def greet(ctx: Context[Any]) -> None: ...

    result = await run(kind)
    started, ended = [line for line in said.messages if line.startswith("task.")]
    assert started == f"task.started: {result.task_id} of type hello"
    assert re.fullmatch(rf"task\.ended: {result.task_id} of type hello: completed after [0-9.]+ m?s", ended)


async def test_no_handler_waits_for_the_line_that_says_it_has_begun(said):
    """Fails when a line, 0.3 ms on an idle machine, comes between a submit and its handler."""
    kind, lines = TaskType("hello"), list[int]()

    @kind.stage
    async def greet(ctx: Context[Any]) -> None:
        lines.append(len(said.messages))
        await asyncio.sleep(0)
        lines.append(len(said.messages))

    await run(kind)
    assert lines == [0, 1]


async def test_failed_task_ends_with_one_line_that_says_why_and_after_how_long(said):
    kind = TaskType("hello", retry=Retry(max_attempts=1))

    @kind.stage
    async def greet(ctx: Context[Any]) -> None:
        raise Fail("nobody\nthere\x1b[2J\u202e")

    result = await run(kind)
    _, ended = said.messages
    assert re.match(r"attempt\.failed: after [0-9.]+ m?s, task ", ended)
    assert ended.endswith(f"task {result.task_id} of type hello in stage greet: nobody there\\x1b[2J\\u202e")


def an_attempt() -> Attempt:
    assignment = work_pb2.Assignment(task_id=new_id(), attempt_id=new_id(), task_type="busy")
    return Attempt(assignment, ClockReading(0, 0))


async def test_under_load_lines_are_bounded_and_what_is_left_out_is_counted(said, monkeypatch):
    """Fails when ten thousand tasks a second are twenty thousand lines a second."""
    monkeypatch.setattr("time.monotonic", lambda: 1.0)
    log = WorkLog()
    for _ in range(100):
        attempt = an_attempt()
        log.started(attempt)
        log.ended(attempt, work_pb2.OutcomeEvent(result=state_pb2.ATTEMPT_RESULT_SUCCESS))
    for _ in range(50):
        failure = task_pb2.Failure(reason="HANDLER_ERROR", error_type="ValueError", message="odd", stage="s")
        log.ended(
            an_attempt(), work_pb2.OutcomeEvent(result=state_pb2.ATTEMPT_RESULT_FAILED, failure=failure)
        )
    log.ended(an_attempt(), None)
    log.flush()
    *lines, left_out = said.messages
    assert len(lines) == 2 * work_log.LINES
    assert sum(line.startswith("attempt.failed") for line in lines) == work_log.LINES
    assert (
        left_out
        == "tasks.left_out: lines not shown since they came too fast: completed 90, failed 30, lost 1, started 90"
    )


async def test_line_names_the_attempt_and_the_stage_of_a_task_that_goes_on(said):
    attempt = an_attempt()
    attempt.assignment.epoch, attempt.assignment.stage = 3, "copy"
    log = WorkLog()
    log.started(attempt)
    log.flush()
    assert said.messages == [
        f"task.started: {id_text(attempt.task_id)} of type busy in stage copy, attempt 3"
    ]


PROGRAM = """
import asyncio, signal, sys
from asynctask._executor.signals import stop_signals
if "ignored" in sys.argv:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
async def main():
    stop = asyncio.Event()
    with stop_signals(stop.set):
        print("ready", flush=True)
        await stop.wait()
        print("draining", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        print("drained", flush=True)
asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
@pytest.mark.parametrize("others", [(), ("SIGTERM",), ("SIGHUP",)])
def test_closed_terminal_drains_and_never_counts_as_the_second_signal(others):
    """Fails when SIGHUP ends the process at once: its tasks are lost, and run again after their leases."""
    with a_program() as program:
        os.kill(program.pid, signal.SIGHUP)
        assert program.stdout is not None
        assert program.stdin is not None
        assert program.stdout.readline() == "draining\n"
        for other in others:
            os.kill(program.pid, getattr(signal, other))
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.stdout.readline() == "drained\n"
        assert program.wait(60) == 0


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_hang_up_that_nohup_ignores_stays_ignored():
    with a_program("ignored") as program:
        assert program.stdout is not None
        assert program.stdin is not None
        os.kill(program.pid, signal.SIGHUP)
        os.kill(program.pid, signal.SIGTERM)
        assert program.stdout.readline() == "draining\n"
        program.stdin.write("\n")
        program.stdin.flush()
        assert program.wait(60) == 0


def a_program(*arguments: str) -> "subprocess.Popen[str]":
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def wakeup_fd() -> int:
    descriptor = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(descriptor)
    return descriptor


async def test_signal_that_comes_just_before_the_loop_waits_wakes_it() -> None:
    """Fails when such a signal is seen only at the next thing that happens: an idle program would go on for ever."""
    before = wakeup_fd()
    with stop_signals(lambda: None):
        assert wakeup_fd() != -1
    assert wakeup_fd() == before


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no SIGUSR1")
@pytest.mark.parametrize("is_first", [True, False])
async def test_signal_handlers_of_the_loop_still_wake_it(is_first: bool) -> None:
    loop, got = asyncio.get_running_loop(), asyncio.Event()
    if is_first:
        loop.add_signal_handler(signal.SIGUSR1, got.set)
    try:
        with stop_signals(lambda: None):
            if not is_first:
                loop.add_signal_handler(signal.SIGUSR1, got.set)
        assert wakeup_fd() != -1
        os.kill(os.getpid(), signal.SIGUSR1)
        async with asyncio.timeout(60):
            await got.wait()
    finally:
        loop.remove_signal_handler(signal.SIGUSR1)

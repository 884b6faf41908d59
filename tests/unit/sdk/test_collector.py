"""Python's collector runs code of handlers anywhere, also where the executor holds a lock: many a `__del__` logs."""

import asyncio
import os
import threading
from collections.abc import Callable
from multiprocessing import Pipe
from queue import SimpleQueue
from typing import Any, cast

import pytest

from asynctask._attempt import pending_warnings
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._executor import logs
from asynctask._executor.logs import LogShipper
from asynctask._handler.pipe_port import PipePort
from asynctask._handler.process_messages import Log
from asynctask_core.warning_tally import WarningTally
from asynctask_protos.task.v1 import work_pb2


@pytest.fixture
def attempt() -> Attempt:
    return Attempt(work_pb2.Assignment(task_id=b"t" * 16, attempt_id=b"a" * 16), ClockReading(0, 0))


class Once:
    """Calls something, but not again while it does or later: what the collector runs in the middle of something."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self._was_called = False

    def __call__(self) -> None:
        if not self._was_called:
            self._was_called = True
            self._call()


def in_a_thread(call: Callable[[], object]) -> None:
    """Fails when the call waits for itself."""
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


async def never(request: object) -> None:
    raise AssertionError(request)


async def test_line_that_comes_while_another_one_is_kept_is_kept_too(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the executor's event loop stands still for ever: it holds the lock that it waits for."""
    shipper = LogShipper(asyncio.get_running_loop(), send=never)
    collect, time_of = Once(lambda: shipper.add(attempt, 20, "x", "inner", 0.0)), logs._time

    def collected(created_s: float) -> Any:
        collect()
        return time_of(created_s)

    monkeypatch.setattr(logs, "_time", collected)
    in_a_thread(lambda: shipper.add(attempt, 20, "x", "outer", 0.0))
    assert attempt.logs is not None
    assert [(line.message, line.sequence) for line in attempt.logs.lines] == [("inner", 1), ("outer", 2)]


def test_warning_that_comes_while_another_one_is_counted_is_counted_too(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when every warning of every task waits for ever."""
    collect = Once(lambda: attempt.warn("s", "INNER", "", 1))

    class Collected(WarningTally):
        def __init__(self) -> None:
            collect()
            super().__init__()

    monkeypatch.setattr(pending_warnings, "WarningTally", Collected)
    in_a_thread(lambda: attempt.warn("s", "OUTER", "", 1))
    assert {one.code: one.count for one in attempt.warnings.take_all()} == {"INNER": 1, "OUTER": 1}


def test_message_of_a_process_that_comes_while_another_one_is_sent_goes_behind_it(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the handler's process waits for itself, or when the two messages are mixed."""
    ours, its = Pipe()
    port = PipePort(cast("Any", its), attempt)
    inner, outer = Log(20, "x", "inner", 0.0), Log(20, "x", "outer", 0.0)
    collect, send = Once(lambda: port.log(inner)), its.send_bytes

    def collected(data: bytes) -> None:
        collect()
        send(data)

    monkeypatch.setattr(its, "send_bytes", collected)
    in_a_thread(lambda: port.log(outer))
    assert [ours.recv(), ours.recv()] == [outer, inner]
    port._has_ended = True
    ours.close()


def test_process_that_cannot_read_its_answers_ends(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when its handler waits for ever, since the thread that reads has ended unseen."""
    ours, its = Pipe()
    codes: SimpleQueue[int] = SimpleQueue()
    monkeypatch.setattr(os, "_exit", codes.put)
    PipePort(cast("Any", its), attempt)
    ours.send_bytes(b"no message")
    assert codes.get(timeout=60) == 1
    ours.close()

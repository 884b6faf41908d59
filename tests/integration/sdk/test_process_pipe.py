"""The pipe between a handler's process and its executor."""

import multiprocessing
import signal
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any, cast

from asynctask._attempt import Attempt
from asynctask._clock import SystemClock
from asynctask._process import ChildHandler
from asynctask._process_child import Call, Ended, PipePort, _unwind
from asynctask._stop import Stopped
from asynctask_protos.task.v1 import work_pb2


def ask_until_unwound(connection: Connection) -> None:
    """A handler that is unwound while it waits for an answer, and asks again while it cleans up."""
    signal.signal(signal.SIGTERM, _unwind)
    port = PipePort(connection, Attempt(work_pb2.Assignment(), SystemClock().read(), None))
    try:
        port.extend("first", [])
    except Stopped:
        port.end(Ended(result=port.extend("second", [])), "stage")


def test_answer_that_comes_after_its_call_was_unwound_is_not_taken_for_the_next_ones() -> None:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=ask_until_unwound, args=(theirs,))
    process.start()
    theirs.close()
    executor = SimpleNamespace(
        _port=SimpleNamespace(extend=lambda manifest, items: manifest), _send=ours.send
    )
    handler = cast("ChildHandler", executor)
    try:
        first: Any = ours.recv()
        assert isinstance(first, Call)
        process.terminate()
        second: Any = ours.recv()
        ChildHandler._execute(handler, first)
        ChildHandler._execute(handler, second)
        end: Any = ours.recv()
    finally:
        process.kill()
        process.join()
        ours.close()
    assert end == Ended(result="second")

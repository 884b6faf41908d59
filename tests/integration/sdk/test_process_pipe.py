"""The pipe between a handler's process and its executor."""

import asyncio
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from types import FrameType, SimpleNamespace
from typing import Any, cast

import pytest

from asynctask import ThreadContext
from asynctask._attempt.attempt import PAUSE_REQUESTED, Attempt
from asynctask._attempt.clock import SystemClock
from asynctask._attempt.pending_warnings import THE_STAGE
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._handler.item_run import ItemRun
from asynctask._handler.items import ItemInfo
from asynctask._handler.pipe_port import PipePort
from asynctask._handler.port import LoopPort
from asynctask._handler.process import ChildHandler
from asynctask._handler.process_messages import HandlerEnd, Log, PortCall, StrangeMessage, read_message
from asynctask._task import Stage
from asynctask_core.states import ItemState
from asynctask_protos.task.v1 import work_pb2

LARGE = 8 * 1024 * 1024
"""More than any pipe takes before its other end reads."""


def open_port(connection: Connection) -> PipePort:
    return PipePort(connection, Attempt(work_pb2.Assignment(), SystemClock().read(), None))


def ask_until_unwound(connection: Connection) -> None:
    """A handler that is unwound while it waits for an answer, and asks again while it cleans up."""
    port = open_port(connection)
    signal.signal(signal.SIGTERM, port.unwind)
    try:
        port.extend("first", ItemRun(0))
    except AttemptStopped:
        port.end(HandlerEnd(result=port.extend("second", ItemRun(0))), "stage")


def unwind_in_the_middle_of_a_message(connection: Connection, told: Connection) -> None:
    """A handler that is unwound before the first half of its message is read."""
    port = open_port(connection)

    def unwind(number: int, frame: FrameType | None) -> None:
        told.send_bytes(b"signal")
        port.unwind(number, frame)

    signal.signal(signal.SIGTERM, unwind)
    try:
        port.store_checkpoint(b"x" * LARGE, THE_STAGE)
    except AttemptStopped:
        port.end(HandlerEnd(stopped=Stop.DRAIN), "stage")


def be_told(ctx: ThreadContext[None]) -> str:
    """A handler that asks for something and then waits for a pause."""
    ctx.manifest.counts()
    while not ctx.pause_requested:
        time.sleep(0.01)
    return "told"


@contextmanager
def running(target: Callable[..., None], *more: object) -> Iterator[tuple[Any, Any]]:
    """A process and our end of its pipe."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=target, args=(theirs, *more))
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        ours.close()


def test_answer_that_comes_after_its_call_was_unwound_is_not_taken_for_the_next_ones() -> None:
    with running(ask_until_unwound) as (process, ours):
        executor = SimpleNamespace(
            _port=SimpleNamespace(extend=lambda manifest, items: manifest), _send=ours.send
        )
        handler = cast("ChildHandler", executor)
        first: Any = ours.recv()
        assert isinstance(first, PortCall)
        process.terminate()
        second: Any = ours.recv()
        ChildHandler._execute(handler, first)
        ChildHandler._execute(handler, second)
        end: Any = ours.recv()
    assert end == HandlerEnd(result="second", terminated_s=end.terminated_s)


def test_process_that_is_terminated_in_the_middle_of_a_message_ends_it_first() -> None:
    """Fails when SIGTERM cuts a message off: its reader takes the next ones for the rest of it."""
    told, tells = multiprocessing.Pipe(duplex=False)
    with running(unwind_in_the_middle_of_a_message, tells) as (process, ours):
        assert ours.poll(60)
        process.terminate()
        assert told.recv_bytes() == b"signal"
        message: Any = ours.recv()
        end: Any = ours.recv()
    assert message == PortCall("store_checkpoint", (b"x" * LARGE, THE_STAGE), 1)
    assert end == HandlerEnd(stopped=Stop.DRAIN, terminated_s=end.terminated_s)
    assert end.terminated_s


async def test_process_that_does_not_read_holds_up_nobody_who_tells_it_something() -> None:
    """Fails when whoever tells writes to the pipe: a process that is frozen, or out of memory, stops the event loop and
    every other handler with it."""
    stopped = threading.Event()

    def counts(manifest: str) -> bytes:
        del manifest
        os.kill(pid(), signal.SIGSTOP)
        stopped.set()
        return b"x" * LARGE

    def pid() -> int:
        number = child._process.pid
        assert number is not None
        return number

    def tell() -> None:
        for requested in [0] * 1000 + [PAUSE_REQUESTED]:
            attempt.requested = requested
            child.tell()

    attempt = Attempt(work_pb2.Assignment(), SystemClock().read(), None)
    port = cast("LoopPort", SimpleNamespace(counts=counts))
    stage = cast("Stage", SimpleNamespace(handler=be_told, name="stage", timeout_ms=0))
    child = ChildHandler(port, attempt, stage, None, ())
    ended = asyncio.create_task(asyncio.to_thread(child.run))
    try:
        assert await asyncio.to_thread(stopped.wait, 120)
        async with asyncio.timeout(60):
            await asyncio.to_thread(tell)
        os.kill(pid(), signal.SIGCONT)
        assert await ended == '"told"'
    finally:
        child.kill()
        await asyncio.wait([ended])


def begin_and_sleep(ctx: ThreadContext[None]) -> None:
    ctx.manifest.counts()
    time.sleep(3600)


@pytest.mark.skipif(os.name != "posix", reason="needs a guard")
async def test_process_ends_with_its_lease_although_its_executor_is_frozen() -> None:
    """Law 2. Fails when only the executor ends what has no lease any more: one that is frozen ends nothing."""
    begun = threading.Event()

    def counts(manifest: str) -> None:
        begun.set()

    assignment = work_pb2.Assignment(expires_in_ms=3_600_000)
    attempt = Attempt(assignment, SystemClock().read(), SystemClock())
    port = cast("LoopPort", SimpleNamespace(counts=counts))
    stage = cast("Stage", SimpleNamespace(handler=begin_and_sleep, name="stage", timeout_ms=0))
    child = ChildHandler(port, attempt, stage, None, ())
    ended = asyncio.create_task(asyncio.to_thread(child.run))
    try:
        assert await asyncio.to_thread(begun.wait, 120)
        # As if it had been renewed for the last time that long ago. Nobody here looks at it.
        attempt.lease_ms = 1.0
        child.renewed()
        with pytest.raises(AttemptStopped) as stopped:
            await ended
    finally:
        child.kill()
        await asyncio.wait([ended])
    assert stopped.value.stop is Stop.FENCED


def test_every_message_of_a_context_is_read_as_it_was_sent() -> None:
    item = ItemInfo(3, b"", 7, ItemState.TODO, "", None)
    messages = [
        PortCall("mark", ("items", (item, ItemState.TODO, ItemState.DONE, "why"), "name")),
        PortCall("mark_all", ("items", [item], ItemState.SKIPPED)),
        PortCall("read", ("items", 2, (ItemState.TODO, ItemState.FAILED)), 5),
        PortCall("report", ((1.0, 2.0, "unit", "message"),)),
        PortCall("warn", ("CODE", "text", 1, THE_STAGE)),
        PortCall("stopping", (Stop.PAUSE,)),
        Log(20, "name", "line", 1.5),
        HandlerEnd(stopped=Stop.CANCEL, terminated_s=2.0),
        HandlerEnd(failure=b"x"),
    ]
    assert [read_message(pickle.dumps(message)) for message in messages] == messages
    run = ItemRun(4)
    run.add("key")
    found: Any = read_message(pickle.dumps(PortCall("extend", ("items", run), 1)))
    assert (found.arguments[1].first, found.arguments[1].count) == (4, 1)


ran: list[str] = []


def run_by_its_reader() -> None:
    ran.append("code of a handler")


class Evil:
    def __reduce__(self) -> Any:
        return run_by_its_reader, ()


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(Evil()),
        pickle.dumps(PortCall("warn", (Evil(),))),
        pickle.dumps(os.path.join),
        b"",
        b"x" * 9,
    ],
)
def test_what_a_handler_sends_runs_no_code_of_its_own_in_the_executor(data: bytes) -> None:
    """Fails when a text of a class with a `__reduce__` of its own ends the executor that reads it."""
    with pytest.raises(StrangeMessage, match="sent a message that no context sends"):
        read_message(data)
    assert ran == []

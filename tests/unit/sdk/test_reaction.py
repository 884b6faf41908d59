"""A handler that does not react to a pause or a cancel is said to, with what to do."""

import asyncio
import threading
from typing import Any

import pytest

from asynctask import TaskType, ThreadContext
from asynctask._attempt.attempt import CANCEL_REQUESTED, PAUSE_REQUESTED, Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._executor import reaction
from asynctask._task import HandlerKind
from asynctask.testing import run
from asynctask_core.ids import new_id
from asynctask_protos.task.v1 import work_pb2
from tests.support.conditions import eventually


async def test_handler_that_has_ended_by_then_is_not_spoken_of(caplog, monkeypatch):
    monkeypatch.setattr(reaction, "REACTS_S", 0.0)
    attempt = Attempt(work_pb2.Assignment(task_id=new_id(), attempt_id=new_id()), ClockReading(0, 0))
    looked = asyncio.Event()

    def runs() -> bool:
        looked.set()
        return False

    reaction.watch_reaction(attempt, runs, HandlerKind.THREAD)
    await looked.wait()
    assert "not_reacting" not in caplog.text


@pytest.mark.parametrize(
    ("requested", "what", "how"),
    [
        (CANCEL_REQUESTED, "stop", "its loop call ctx.safe_point() or look at ctx.should_stop"),
        (PAUSE_REQUESTED, "pause", "a pause waits for the handler's next checkpoint or safe point"),
    ],
)
async def test_thread_that_does_not_react_is_said_again_and_again_with_what_to_do(
    requested, what, how, caplog, monkeypatch
):
    """Fails when a task that was cancelled stays running for hours, and nothing says why."""
    monkeypatch.setattr(reaction, "REACTS_S", 0.01)
    monkeypatch.setattr(reaction, "AGAIN_S", 0.01)
    kind, over = TaskType("deaf"), threading.Event()

    @kind.stage
    def sleep(ctx: ThreadContext[Any]) -> None:
        loop.call_soon_threadsafe(ctx._attempt.request, requested)
        over.wait(60)

    loop = asyncio.get_running_loop()
    running = asyncio.create_task(run(kind))
    try:
        await eventually(lambda: caplog.text.count("handler.not_reacting") >= 2)
    finally:
        over.set()
        await running
    line = next(line for line in caplog.messages if line.startswith("handler.not_reacting"))
    assert f"of type deaf in stage sleep was asked to {what} 0 s ago and has not reacted: " in line
    assert how in line

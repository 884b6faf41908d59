"""The timeout of a stage, for handlers that cannot be made to end."""

import asyncio
import contextlib
import logging
import re
import threading
from typing import Any

import pytest

from asynctask import AttemptResult, Context, Retry, TaskState, TaskType, ThreadContext
from asynctask._executor import stage_timeout
from asynctask.testing import run
from tests.support.conditions import eventually

TIMEOUT = "20ms"


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line.message for line in caplog.records if "stage.not_stopped" in line.message]


async def test_thread_that_runs_on_after_its_timeout_is_warned_of_once_and_its_result_counts(
    monkeypatch, caplog
):
    """Fails when no log line says that a timeout had no effect. A retry meanwhile would run the handler twice."""
    monkeypatch.setattr(stage_timeout, "UNWIND_S", 0.0)
    caplog.set_level(logging.WARNING)
    go_on = threading.Event()
    kind = TaskType("deaf")

    @kind.stage(timeout=TIMEOUT)
    def sleep(ctx: ThreadContext[Any]) -> int:
        assert go_on.wait(120)
        return 7

    running = asyncio.create_task(run(kind))
    try:
        await eventually(lambda: bool(warnings(caplog)), timeout=60)
    finally:
        go_on.set()
    result = await running
    assert (result.state, result.result, result.attempts) == (TaskState.COMPLETED, 7, [AttemptResult.SUCCESS])
    assert warnings(caplog) == [
        f"stage.not_stopped: task {result.task_id} of type deaf in stage sleep runs on after its timeout of 20 ms: a"
        " thread is stopped at its next progress, checkpoint or safe point, and one that calls none runs to its end;"
        " a process (process=True) can be ended at any time"
    ]


async def test_stage_after_one_that_returned_late_runs(monkeypatch, caplog):
    """Fails when the next stage pays for the timeout of the one before: it would fail with STAGE_TIMEOUT, not begun."""
    monkeypatch.setattr(stage_timeout, "UNWIND_S", 0.0)
    caplog.set_level(logging.WARNING)
    go_on = threading.Event()
    kind = TaskType("deaf")

    @kind.stage(timeout=TIMEOUT)
    def sleep(ctx: ThreadContext[Any]) -> int:
        assert go_on.wait(120)
        return 7

    @kind.stage
    async def add(ctx: Context[Any], number: int) -> int:
        await ctx.checkpoint(number)
        return number + 1

    running = asyncio.create_task(run(kind))
    try:
        await eventually(lambda: bool(warnings(caplog)), timeout=60)
    finally:
        go_on.set()
    result = await running
    assert (result.state, result.result, result.attempts) == (TaskState.COMPLETED, 8, [AttemptResult.SUCCESS])


async def test_async_handler_that_holds_up_its_cancellation_is_warned_of_too(monkeypatch, caplog):
    monkeypatch.setattr(stage_timeout, "UNWIND_S", 0.0)
    caplog.set_level(logging.WARNING)
    go_on = asyncio.Event()
    kind = TaskType("stubborn")

    @kind.stage(timeout=TIMEOUT)
    async def hold(ctx: Context[Any]) -> int:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        await go_on.wait()
        return 7

    @kind.stage
    async def add(ctx: Context[Any], number: int) -> int:
        task = asyncio.current_task()
        assert task is not None
        assert not task.cancelling(), "asyncio.timeout and TaskGroup would take it for theirs"
        return number + 1

    running = asyncio.create_task(run(kind))
    try:
        await eventually(lambda: bool(warnings(caplog)), timeout=60)
    finally:
        go_on.set()
    result = await running
    assert (result.state, result.result, result.attempts) == (TaskState.COMPLETED, 8, [AttemptResult.SUCCESS])
    (warning,) = warnings(caplog)
    assert warning.endswith("unless it blocks the event loop or catches CancelledError")


@pytest.mark.parametrize("style", ["async", "thread"])
async def test_handler_that_asks_its_context_ends_at_its_timeout(monkeypatch, caplog, style):
    """Fails when it runs on, or the log speaks of one that has ended."""
    monkeypatch.setattr(stage_timeout, "UNWIND_S", 3600.0)
    kind = TaskType("polite", retry=Retry(max_attempts=1))
    if style == "async":

        @kind.stage(timeout=TIMEOUT)
        async def work(ctx: Context[Any]) -> None:
            while True:
                await asyncio.sleep(0.001)
    else:

        @kind.stage(name="work", timeout=TIMEOUT)
        def work_in_thread(ctx: ThreadContext[Any]) -> None:
            while True:
                ctx.safe_point()

    result = await run(kind)
    assert result.failure is not None
    assert result.failure.reason == "STAGE_TIMEOUT"
    ran = r"stage 'work' ran longer than its timeout of 20 ms: it was stopped and ended after [0-9.]+ (s|ms)"
    assert re.fullmatch(ran, result.failure.message)
    assert warnings(caplog) == []


@pytest.mark.parametrize(
    ("timeout", "ran_s", "words"),
    [
        ("500ms", 0.5, "of 0.5 s: it was stopped and ended after 0.5 s"),
        ("1s", 1.04, "of 1 s: it was stopped and ended after 1 s"),
        ("90s", 125.4, "of 1 min 30 s: it was stopped and ended after 2 min 5 s"),
        ("2h", 7380.0, "of 2 h 0 min: it was stopped and ended after 2 h 3 min"),
    ],
)
def test_timeout_says_which_limit_it_was_and_how_long_the_stage_ran(timeout, ran_s, words):
    kind = TaskType("slow")

    @kind.stage(timeout=timeout)
    async def copy(ctx: Context[Any]) -> None: ...

    said = stage_timeout.overrun_words(kind.stages[0], ran_s)
    assert said == f"stage 'copy' ran longer than its timeout {words}"

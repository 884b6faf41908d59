"""What a user sees when nothing listens where the scheduler should be."""

import logging
import traceback

import pytest

from asynctask import Context, Executor, TaskType, errors
from asynctask._client.connections import TELL_AFTER_S, Connections
from asynctask_core.ids import id_text, new_id
from tests.integration.sdk.asking import ask
from tests.integration.sdk.loopback import running_executor
from tests.support.conditions import eventually

NOWHERE = "127.0.0.1:1"
REFUSED = "cannot reach the scheduler at 127.0.0.1:1: Connection refused"


def told(caplog: pytest.LogCaptureFixture, event: str) -> list[str]:
    return [line for line in caplog.messages if line.startswith(event)]


def assert_short(error: BaseException) -> None:
    """One error is shown, not how gRPC came to it."""
    shown = "".join(traceback.format_exception(error))
    assert "RpcError" not in shown
    assert shown.count("Traceback") == 1


@pytest.mark.parametrize("style", ["async", "blocking"])
async def test_submit_says_that_it_goes_on_trying_and_ends_in_one_short_error(caplog, style):
    """Fails when a submit is silent for its whole timeout, or its error shows what gRPC says of itself."""
    with pytest.raises(errors.StoreUnavailable) as caught:
        await ask(style, NOWHERE, "submit", "backup", timeout=9)
    assert str(caught.value).startswith(f"{REFUSED}; given up after ")
    assert type(caught.value) is errors.Unreachable
    assert_short(caught.value)
    (line,) = told(caplog, "scheduler.not_reached")
    assert f"{REFUSED}; trying again for " in line
    assert "ASYNCTASK_ADDRESS" in line


@pytest.mark.parametrize("style", ["async", "blocking"])
async def test_wait_says_that_it_goes_on_trying(caplog, style):
    task_id = id_text(new_id())
    with pytest.raises(TimeoutError, match=f"task {task_id} has not ended within 9 s"):
        await ask(style, NOWHERE, "wait", task_id, timeout=9)
    (line,) = told(caplog, "scheduler.not_reached")
    assert f"{REFUSED}; trying again until it answers" in line


@pytest.mark.parametrize("style", ["async", "blocking"])
async def test_call_that_is_not_repeated_ends_in_one_short_error_at_once(style):
    with pytest.raises(errors.StoreUnavailable) as caught:
        await ask(style, NOWHERE, "get", id_text(new_id()))
    assert str(caught.value) == REFUSED
    # Whoever knew only StoreUnavailable still catches it, but is not told that a store is away.
    assert type(caught.value) is errors.Unreachable
    assert caught.value.reason == "UNREACHABLE"
    assert_short(caught.value)


@pytest.mark.parametrize(
    ("away", "begin", "end", "hint"),
    [
        (errors.Unreachable("away"), "scheduler.not_reached", "scheduler.reached_again: here:1", True),
        (errors.StoreUnavailable("away"), "cluster.unavailable", "cluster.available_again: here:1", False),
        (errors.NotReady("away"), "cluster.unavailable", "cluster.available_again: here:1", False),
    ],
)
def test_outage_is_told_once_and_so_is_its_end(caplog, away, begin, end, hint):
    """Where a scheduler answers that a store is away, its address is right: nobody is sent to look at that."""
    connections = Connections(["here:1"], lambda address: None)
    for _ in range(2):
        caplog.clear()
        connections.failed(away, TELL_AFTER_S / 2, "for 9 s")
        assert caplog.messages == []
        connections.failed(away, TELL_AFTER_S, "for 9 s")
        connections.failed(away, TELL_AFTER_S * 2, "for 8 s")
        connections.answered()
        connections.answered()
        lost, back = caplog.messages
        assert lost.startswith(f"{begin}: away; trying again for 9 s")
        assert ("ASYNCTASK_ADDRESS" in lost) == hint
        assert back == end


async def test_executor_says_once_per_outage_what_it_waits_for(caplog):
    kind = TaskType("quick")

    @kind.stage
    async def work(ctx: Context[None]) -> None: ...

    caplog.set_level(logging.DEBUG, "asynctask.executor")
    async with running_executor(Executor([kind], address=NOWHERE)):
        await eventually(lambda: len(told(caplog, "session.ended")) > 3)
    loud = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    # A machine that is busy with other work may hold the loop up, which the executor says too.
    loud = [text for text in loud if not text.startswith("loop.blocked")]
    assert len(loud) == 1
    assert f"{REFUSED}; trying again until a scheduler answers" in loud[0]
    assert "ASYNCTASK_ADDRESS" in loud[0]

"""An executor that is told to end does so, even if its handlers have left threads."""

import signal

import pytest

from tests.integration.sdk.loopback import running_loopback
from tests.support.processes import Processes


@pytest.mark.parametrize("way", ["thread", "to_thread"])
async def test_executor_ends_although_a_thread_of_a_handler_does_not(way: str, processes: Processes):
    """Fails when an executor that was told to end waits for the threads of its handlers, until somebody kills it."""
    async with running_loopback(lease_ms=120_000) as (scheduler, address):
        executor = processes.python(
            "executor", "-m", "tests.integration.sdk.left_threads", ASYNCTASK_ADDRESS=address
        )
        executor.spawn()
        await scheduler.connected()
        assignment = scheduler.assign("leaves", f'"{way}"')
        if way == "thread":
            await scheduler.has_ended(assignment, "SUCCESS")
        else:
            await scheduler.until(lambda: scheduler.progress)
        executor.send(signal.SIGTERM)
        assert await executor.wait() == 0
        if way == "to_thread":
            await scheduler.has_ended(assignment, "RELEASED")
        log = executor.output()
        assert "executor.threads_left" in log
        assert "the program goes on" in log

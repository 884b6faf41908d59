"""A task that ends every executor it is given to."""

import asyncio
import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

from asynctask_core import limits
from tests.e2e.standalone.running import COMMAND, HERE, WITHIN_S, up
from tests.support.conditions import eventually

DEAD = 1 + limits.CRASH_BUDGET
"""Of the first one's end nobody knows whether the handler had begun."""


def test_task_that_ends_its_executors_at_once_is_given_to_few(tmp_path: Path):
    """Fails when a handler starts before its lease was ever renewed also where the last executor was never heard of
    again: it would end ten of them."""
    with ExitStack() as stack:
        cluster = stack.enter_context(up(tmp_path / "data", env={"ASYNCTASK_SCHEDULER_LEASE": "2s"}))
        env = os.environ | {"ASYNCTASK_ADDRESS": cluster.address}
        command = [*COMMAND, "executor", "deadly"]
        executors: list[subprocess.Popen[bytes]] = []
        for _ in range(DEAD + 1):
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=HERE, env=env)
            stack.callback(process.wait)
            stack.callback(process.kill)
            executors.append(process)
        asyncio.run(eventually(lambda: len(cluster.connected()) == len(executors), WITHIN_S))
        task_id = cluster.submit("deadly")
        failed = cluster.until(task_id, "failed")
        assert failed["failure"]["reason"] == "EXECUTOR_LOST"
        assert sum(process.poll() is not None for process in executors) == DEAD

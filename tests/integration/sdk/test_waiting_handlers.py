"""Handlers outside the event loop that wait for the scheduler inside a call of their context, and must stop."""

import asyncio
import json
import signal
from pathlib import Path

from tests.integration.sdk.loopback import running_loopback
from tests.integration.sdk.sample_types import (
    lists_in_thread,
    reports_in_process,
    slow_process,
    slow_thread,
    two,
)
from tests.support.conditions import eventually
from tests.support.processes import Processes


async def test_fence_wakes_handlers_that_wait_for_the_scheduler(processes: Processes):
    """Law 2. Fails when only the scheduler's answer can end the wait inside a checkpoint or a call of the manifest: the
    process then ends itself with exit code 70, and everything else that it runs with it."""
    async with running_loopback(lease_ms=20_000) as (scheduler, address):  # 2 s for handlers to unwind
        worker = processes.python(
            "worker", "-m", "tests.integration.sdk.sample_types", ASYNCTASK_ADDRESS=address
        )
        worker.spawn()
        await scheduler.connected()
        scheduler.hold_acks = True
        scheduler.manifests_answered.clear()
        waiting = [
            scheduler.assign(kind, json.dumps({"steps": 5}))
            for kind in (slow_thread, slow_process, lists_in_thread)
        ]
        await scheduler.until(lambda: len(scheduler.events) == 2 and scheduler.chunks)
        scheduler.refuse_renewals = True
        await eventually(lambda: worker.output().count("lease.fenced") == 3)
        await asyncio.sleep(3)  # longer than stopped handlers are given: nothing else can be waited for
        assert worker.is_running, worker.tail()
        scheduler.refuse_renewals = scheduler.hold_acks = False
        scheduler.manifests_answered.set()
        scheduler.cut()  # so that everything is sent again, and acknowledged
        for assignment in waiting:
            await scheduler.has_ended(assignment, "RELEASED")
        after = scheduler.assign(two, json.dumps({"steps": 5}))
        assert (await scheduler.has_ended(after, "SUCCESS")).result_json == "11"
        assert await worker.stop() == 0
        assert (
            "exit code" not in worker.output()
        )  # who ended the handler's process was the fence: no cause to look for


async def test_process_of_a_frozen_executor_goes_on_no_longer_than_its_lease(
    processes: Processes, tmp_path: Path
):
    """Law 2. Fails when a handler in a process of its own takes the lease for alive while nobody renews it."""
    diary = tmp_path / "went-on"
    async with running_loopback(lease_ms=5000) as (scheduler, address):
        worker = processes.python(
            "worker", "-m", "tests.integration.sdk.sample_types", ASYNCTASK_ADDRESS=address
        )
        worker.spawn()
        await scheduler.connected()
        frozen = scheduler.assign(
            reports_in_process, json.dumps({"steps": 1_000_000, "folder": str(tmp_path)})
        )
        await eventually(lambda: diary.exists() and scheduler.was_renewed(frozen))
        worker.send(signal.SIGSTOP)  # the handler's own process runs on
        await asyncio.sleep(6)  # longer than the lease: nothing else can be waited for
        went_on = diary.stat().st_size
        await asyncio.sleep(1)
        assert diary.stat().st_size == went_on
        scheduler.lost.add(frozen.attempt_id)
        scheduler.tasks[frozen.task_id].begin(b"the next attempt")
        worker.send(signal.SIGCONT)
        after = scheduler.assign(two, json.dumps({"steps": 5}))
        await scheduler.has_ended(after, "SUCCESS")
        assert diary.stat().st_size == went_on
        assert await worker.stop() == 0

"""What an executor does about its leases when it cannot renew them, over real gRPC with short leases."""

import asyncio
import json
import signal
import time

from asynctask import Context, Executor, TaskType
from tests.integration.sdk.loopback import running_executor, running_loopback
from tests.integration.sdk.sample_types import slow, stubborn
from tests.support.promptness import in_time


async def test_async_handler_is_stopped_before_its_lease_ends_and_its_task_given_back():
    kind = TaskType("sleeper")
    stopped_at: list[float] = []

    @kind.stage
    async def work(ctx: Context[None]) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            stopped_at.append(time.monotonic())

    async with (
        running_loopback(lease_ms=3000) as (scheduler, address),
        running_executor(Executor([kind], address=address)),
    ):
        await scheduler.connected()

        async def took_s() -> float:
            assignment = scheduler.assign(kind)
            await scheduler.until(lambda: scheduler.was_renewed(assignment))
            refused_at = time.monotonic()
            scheduler.refuse_renewals = True
            await scheduler.has_ended(assignment, "RELEASED")
            scheduler.refuse_renewals = False
            count = len(scheduler.renewals)
            await scheduler.until(lambda: len(scheduler.renewals) > count)  # and it lives on
            return stopped_at[-1] - refused_at

        await in_time(3, took_s)


async def test_handler_that_blocks_the_event_loop_keeps_its_lease():
    kind, lease_s = TaskType("blocker"), 4

    @kind.stage
    async def work(ctx: Context[None]) -> int:
        began = time.monotonic()
        while (took_s := time.monotonic() - began) < 2.5 * lease_s or (len(renewed()) < 4 and took_s < 60):
            sum(range(1000))  # holds the loop, and most of the time the interpreter
        return 1

    def renewed() -> list[object]:
        return [request for request in scheduler.renewals if request.attempts]

    async with running_loopback(lease_ms=lease_s * 1000) as (scheduler, address):
        executor = Executor([kind], address=address)
        loop = asyncio.get_running_loop()
        # The executor has an event loop of its own here: the scheduler must go on while it is blocked.
        running = loop.run_in_executor(None, _serve, executor)
        await scheduler.connected()
        assignment = scheduler.assign(kind)
        await scheduler.has_ended(assignment, "SUCCESS")
        assert len(renewed()) >= 4
        scheduler.send_drain()
        await running


def _serve(executor: Executor) -> None:
    asyncio.run(executor.serve())


async def test_tasks_wait_for_a_renewal_before_they_start():
    kind = TaskType("quick")

    @kind.stage
    async def work(ctx: Context[None]) -> None: ...

    async with running_loopback(lease_ms=15_000) as (scheduler, address):
        scheduler.refuse_renewals = True
        async with running_executor(Executor([kind], address=address)):
            await scheduler.connected()
            assignment = scheduler.assign(kind)
            await asyncio.sleep(0.3)
            assert scheduler.events == []
            scheduler.refuse_renewals = False
            await scheduler.has_ended(assignment, "SUCCESS")


async def test_process_ends_itself_when_a_thread_lives_on_past_the_lease(processes, tmp_path):
    async with running_loopback(lease_ms=6000) as (scheduler, address):
        worker = processes.python(
            "worker", "-m", "tests.integration.sdk.sample_types", ASYNCTASK_ADDRESS=address
        )
        worker.spawn()
        await scheduler.connected()
        scheduler.assign(stubborn, json.dumps({"folder": str(tmp_path)}))
        while not (tmp_path / "begun").exists():
            await asyncio.sleep(0.01)
        scheduler.refuse_renewals = True
        assert await worker.wait() == 70


async def test_second_signal_ends_the_process_at_once(processes, tmp_path):
    async with running_loopback() as (scheduler, address):
        worker = processes.python(
            "worker", "-m", "tests.integration.sdk.sample_types", ASYNCTASK_ADDRESS=address
        )
        worker.spawn()
        await scheduler.connected()
        scheduler.assign(stubborn, json.dumps({"folder": str(tmp_path)}))
        while not (tmp_path / "begun").exists():
            await asyncio.sleep(0.01)
        worker.send(signal.SIGTERM)
        await scheduler.until(lambda: scheduler.slots == [0])
        worker.send(signal.SIGTERM)
        assert await worker.wait() == 128 + signal.SIGTERM


async def test_frozen_process_changes_nothing_when_it_wakes_and_its_handler_is_stopped(processes, tmp_path):
    async with running_loopback(lease_ms=5000) as (scheduler, address):
        worker = processes.python(
            "worker", "-m", "tests.integration.sdk.sample_types", ASYNCTASK_ADDRESS=address
        )
        worker.spawn()
        await scheduler.connected()
        frozen = scheduler.assign(slow, json.dumps({"steps": 100_000, "folder": str(tmp_path)}))
        await scheduler.until(lambda: len(scheduler.events) > 3)
        worker.send(signal.SIGSTOP)
        await asyncio.sleep(6)  # longer than the lease: nothing else can be waited for
        scheduler.lost.add(frozen.attempt_id)
        memory = scheduler.tasks[frozen.task_id]
        memory.begin(b"the next attempt")
        before = memory.checkpoint
        worker.send(signal.SIGCONT)
        # It goes on to serve, and does not hold the attempt any more.
        count = len(scheduler.renewals)
        await scheduler.until(lambda: len(scheduler.renewals) > count + 2)
        assert all(item.attempt_id != frozen.attempt_id for item in scheduler.renewals[-1].attempts)
        sent = len(scheduler.events)
        await asyncio.sleep(0.2)
        assert len(scheduler.events) == sent
        assert memory.checkpoint == before
        after = scheduler.assign(slow, json.dumps({"steps": 2, "folder": str(tmp_path)}))
        await scheduler.has_ended(after, "SUCCESS")
        worker.send(signal.SIGTERM)
        assert await worker.wait() == 0

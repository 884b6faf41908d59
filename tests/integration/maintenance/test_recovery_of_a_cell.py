"""Real processes, real stores: what is lost comes back by itself, and nothing runs twice."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
import urllib.request
from collections.abc import AsyncIterator

import pytest

from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import NewTask
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_protos.task.v1.work_pb2 import Assignment
from asynctask_scheduler.maintenance.doctor import Doctor
from tests.integration.maintenance.conftest import LEASE_S, Patient, StartPatient
from tests.integration.scheduler.cell import raw_id
from tests.integration.scheduler.raw_executor import RawExecutor, a_type
from tests.support.conditions import eventually
from tests.support.promptness import in_time

pytestmark = pytest.mark.slow

COMPLETED = TaskState.TASK_STATE_COMPLETED


@contextlib.asynccontextmanager
async def renewing(executor: RawExecutor) -> AsyncIterator[list[bytes]]:
    """Renew as an SDK does; gives the attempts that were told to be lost."""
    lost: list[bytes] = []

    async def renew() -> None:
        while True:
            with contextlib.suppress(Exception):  # the stores may be away
                lost.extend((await executor.renew()).lost_attempt_ids)
            await asyncio.sleep(LEASE_S / 6)

    task = asyncio.create_task(renew())
    yield lost
    task.cancel()
    await asyncio.wait([task])


async def test_task_of_a_silent_executor_goes_on_elsewhere_within_its_lease_and_two_seconds(
    start_patient: StartPatient,
) -> None:
    lease_s = 5
    patient = await start_patient(LEASE=f"{lease_s}s")
    names = itertools.count()

    async def took_s() -> float:
        name = f"type-{next(names)}"  # of its own, so that no earlier executor takes it
        silent = await patient.cell.executor(a_type(name))
        task_id = await patient.cell.submit(name)
        first = await silent.assignment()
        await silent.renew(first)
        began = time.monotonic()
        other = await patient.cell.executor(a_type(name))
        silent.cut()
        second = await other.assignment()
        took = time.monotonic() - began
        assert second.task_id == first.task_id == raw_id(task_id)
        assert second.attempt_id != first.attempt_id
        assert second.epoch > first.epoch
        await other.finish(second)
        await patient.cell.until_state(task_id, COMPLETED)
        return took

    await in_time(lease_s + 2, took_s)


async def test_flushed_redis_is_rebuilt_and_running_tasks_notice_nothing(start_patient: StartPatient) -> None:
    """Laws 1 and 2. Broken once on purpose: with Renew answering "lost" for what a flushed Redis does not know this
    fails. A rebuild that forgets running tasks does not show here, for renewals bring them back: see the unit tests."""
    patient = await start_patient(schedulers=2)
    executor = await patient.cell.executor(slots=4)
    task_ids = await patient.cell.submit_many(40)
    running = await executor.assignments(4)
    async with renewing(executor) as lost:
        await patient.flush()
        await eventually(patient.is_loaded)
        await asyncio.sleep(LEASE_S + 1)  # a lease that was not rebuilt would have run out by now
        assert lost == []
        assert executor.waiting == 0, "its four slots are taken"
        await finish_all(executor, running, 36)
    await patient.cell.all_in_state(task_ids, COMPLETED)
    tasks = [await patient.cell.get(task_id) for task_id in task_ids]
    assert {task.attempt_count for task in tasks} == {1}


async def test_killed_redis_comes_back_and_running_tasks_notice_nothing(start_patient: StartPatient) -> None:
    patient = await start_patient(schedulers=2)
    executor = await patient.cell.executor(slots=4)
    task_ids = await patient.cell.submit_many(20)
    running = await executor.assignments(4)
    async with renewing(executor) as lost:
        await patient.redis.kill()
        await asyncio.sleep(1)
        await patient.redis.start()
        await eventually(patient.is_loaded)
        await asyncio.sleep(LEASE_S + 1)
        assert lost == []
        await finish_all(executor, running, 16)
    await patient.cell.all_in_state(task_ids, COMPLETED)
    tasks = [await patient.cell.get(task_id) for task_id in task_ids]
    assert {task.attempt_count for task in tasks} == {1}


async def test_limits_hold_across_a_loss_of_redis(start_patient: StartPatient) -> None:
    """Law 6. Broken once on purpose: with a rebuild that forgets the running tasks this fails."""
    patient = await start_patient(schedulers=2)
    limited: TaskType = a_type(max_running=3)
    executors = [await patient.cell.executor(limited, replica=n, slots=10) for n in (0, 1)]
    await patient.cell.submit_many(30)
    await eventually(lambda: sum(executor.waiting for executor in executors) == 3)
    async with renewing(executors[0]), renewing(executors[1]):
        for _ in range(3):
            await patient.flush()
            await eventually(patient.is_loaded)
            assert sum(executor.waiting for executor in executors) == 3
        await asyncio.sleep(LEASE_S + 1)
        assert sum(executor.waiting for executor in executors) == 3


async def test_delayed_tasks_survive_a_loss_of_redis(start_patient: StartPatient) -> None:
    patient = await start_patient()
    executor = await patient.cell.executor()
    task_id = await patient.cell.submit(delay_ms=4_000)
    await patient.flush()
    assignment = await executor.assignment()
    assert assignment.task_id == raw_id(task_id)
    assert await executor.finish(assignment)


async def test_task_that_redis_never_heard_of_is_found_by_the_sweep(start_patient: StartPatient) -> None:
    """Law 1: committed, and every other trace of it lost."""
    patient = await start_patient(SWEEP_INTERVAL="1s")
    executor = await patient.cell.executor()
    task_id = new_id()
    await patient.registry.create(
        [NewTask(task_id=task_id, task_type="noop", queue="default", priority=3, task_config="{}")]
    )
    assignment = await executor.assignment()
    assert assignment.task_id == task_id


async def test_intent_of_a_scheduler_that_died_is_carried_through(start_patient: StartPatient) -> None:
    """Law 1. The age at which intents are looked at is fifteen seconds."""
    patient = await start_patient()
    executor = await patient.cell.executor()
    await eventually(patient.is_loaded)
    await eventually(lambda: swept(patient) >= 2)  # once before loading, and once after it: not again so soon
    task_id = new_id()
    await patient.queue.note_intents([task_id])
    await patient.registry.create(
        [NewTask(task_id=task_id, task_type="noop", queue="default", priority=3, task_config="{}")]
    )
    assignment = await executor.assignment()
    assert assignment.task_id == task_id

    async def is_settled() -> bool:
        return (await patient.queue.stats()).intents == 0

    await eventually(is_settled)


async def test_doctor_finds_nothing_in_a_healthy_cell_and_repairs_a_wounded_one(
    start_patient: StartPatient,
) -> None:
    patient = await start_patient()
    executor = await patient.cell.executor(slots=2)
    await patient.cell.submit_many(10)
    await patient.cell.submit(delay_ms=300_000)
    await executor.assignments(2)
    await eventually(patient.is_loaded)
    doctor = Doctor(patient.queue, patient.registry)
    async with renewing(executor):

        async def is_healthy() -> bool:
            return not (await doctor.diagnose(fix=False)).counts

        await eventually(is_healthy)
        healthy = await doctor.diagnose(fix=False)
        assert (healthy.tasks_checked, healthy.leases_checked) == (11, 2)
        keys = patient.queue._keys
        line = keys.below("ready:default\x1fnoop")
        await patient.queue._connection.command("DEL", keys["standings"], keys["timers"], line)
        wounded = await doctor.diagnose(fix=True)
        assert wounded.counts == {"missing_ready": 8, "missing_timer": 1, "missing_lease": 2}
        assert (await doctor.diagnose(fix=False)).counts == {}


def swept(patient: Patient) -> float:
    """How often the cell's scheduler has swept."""
    port = patient.cell.replicas[0].process.metrics_port
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    return sum(
        float(line.split()[-1])
        for line in text.splitlines()
        if 'loop="sweep"' in line and "runs_total" in line
    )


async def finish_all(executor: RawExecutor, running: list[Assignment], more: int) -> None:
    """Finish what runs, and what follows."""
    for assignment in running:
        await executor.finish(assignment)
    for _ in range(more):
        await executor.finish(await executor.assignment())

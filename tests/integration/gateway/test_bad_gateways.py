"""Gateways that are stopped, slow or killed: executors and other clients notice nothing, and readers miss nothing."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

import asynctask
from asynctask import Client, Executor
from tests.integration.sdk.loopback import running_executor
from tests.support.conditions import eventually
from tests.support.events import Events, events_of
from tests.support.processes import Processes, ServiceProcess

PATH = "/api/v1/watch?task_type=quick"
TASKS = 200
"""So many changes are more than what sockets and HTTP/2 windows hold for a gateway that reads nothing."""
SLOW_S, AWAKE_S = 0.25, 0.01
quick = asynctask.TaskType("quick")


@quick.stage
async def report(ctx: asynctask.Context[Any], config: Any) -> None:
    """Make a few changes, among them one that is durable before it goes on."""
    ctx.progress(1, 2, message="x" * 400)
    await ctx.checkpoint({"half": True})
    ctx.progress(2, 2)


@pytest.fixture
async def executor(scheduler_process: ServiceProcess, client: Client) -> AsyncIterator[None]:
    """An executor that runs the tasks."""
    async with running_executor(Executor([quick], address=scheduler_process.address, slots=20)):

        async def is_registered() -> bool:
            return any(one.name == quick.name for one in await client.task_types())

        await eventually(is_registered)
        yield


@pytest.fixture
async def other_gateway(processes: Processes, scheduler_process: ServiceProcess) -> AsyncIterator[str]:
    """Another replica; its address."""
    gateway = processes.service("gateway", SCHEDULER_ADDRESS=scheduler_process.address)
    await gateway.start()
    yield gateway.address
    await gateway.stop()


async def work_goes_on(client: Client) -> set[str]:
    """Submit tasks, see each end at its first attempt, and give their ids."""
    answers = await client.submit_many([asynctask.Submission(quick, labels={"note": "x" * 200})] * TASKS)
    ended = [task async for task in client.wait_many(answers)]
    assert [(task.state, task.attempt_count) for task in ended] == [
        (asynctask.TaskState.COMPLETED, 1)
    ] * TASKS
    return {task.task_id for task in ended}


async def hears_of(events: Events, ids: set[str]) -> None:
    """Read until every one of these tasks has been told as completed."""
    left = set(ids)
    while left:
        tasks = (await events.next()).data.get("tasks", [])
        left -= {task["task_id"] for task in tasks if task["task_status"] == "completed"}


@asynccontextmanager
async def slowed(process: ServiceProcess) -> AsyncIterator[None]:
    """Let a process run for a small part of the time only."""

    async def hold_up() -> None:
        while True:
            process.send(signal.SIGSTOP)
            await asyncio.sleep(SLOW_S)
            process.send(signal.SIGCONT)
            await asyncio.sleep(AWAKE_S)

    holding = asyncio.create_task(hold_up())
    try:
        yield
    finally:
        holding.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await holding
        process.send(signal.SIGCONT)


@pytest.mark.usefixtures("executor")
async def test_stopped_gateway_delays_nobody_else_and_its_readers_miss_nothing(
    client: Client, gateway_process: ServiceProcess, other_gateway: str
):
    """Fails when the scheduler waits for a watcher that reads nothing."""
    async with events_of(gateway_process.address, PATH) as held, events_of(other_gateway, PATH) as other:
        for events in (held, other):
            await events.next()
        gateway_process.send(signal.SIGSTOP)
        ids = await work_goes_on(client)
        await hears_of(other, ids)
        gateway_process.send(signal.SIGCONT)
        await hears_of(held, ids)


@pytest.mark.usefixtures("executor")
async def test_slow_gateway_delays_nobody_else_and_its_readers_miss_nothing(
    client: Client, gateway_process: ServiceProcess, other_gateway: str
):
    async with events_of(gateway_process.address, PATH) as slow, events_of(other_gateway, PATH) as other:
        for events in (slow, other):
            await events.next()
        async with slowed(gateway_process):
            ids = await work_goes_on(client)
            await hears_of(other, ids)
        await hears_of(slow, ids)


@pytest.mark.usefixtures("executor")
async def test_killed_gateway_stops_nobody_and_its_readers_go_on_at_another_replica(
    client: Client, gateway_process: ServiceProcess, other_gateway: str
):
    """Fails when a token is of use at its own replica only."""
    async with events_of(gateway_process.address, PATH) as lost:
        begun = await lost.next()
        await gateway_process.kill()
        ids = await work_goes_on(client)
    async with events_of(other_gateway, PATH, Last_Event_ID=begun.token) as events:
        await hears_of(events, ids)
    await gateway_process.start()

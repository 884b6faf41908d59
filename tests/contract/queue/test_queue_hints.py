"""What the scripts publish. Only of real Redis: the model has no channels."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_scheduler.queue.answers import ANY_QUEUE
from asynctask_scheduler.queue.hints import ControlHint, FeedRecord, parse_control, parse_feed, parse_wake
from tests.contract.queue.conftest import BACKENDS
from tests.contract.queue.lab import LANE, Bench, a_leased, a_nowhere, a_ready
from tests.support.conditions import eventually
from tests.support.whole_queue import WholeRedisQueue

pytestmark = pytest.mark.parametrize("lab", BACKENDS[1:], indirect=True)

EVERYTHING = ("feed", "wake", "control", "drain", "progress")


class Ear:
    """Everything heard since it began to listen."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []

    def on(self, channel: str) -> list[bytes]:
        return [data for name, data in self.heard if name == channel]

    async def waits_for(self, channel: str, count: int = 1) -> list[bytes]:
        await eventually(lambda: len(self.on(channel)) >= count)
        return self.on(channel)


@contextlib.asynccontextmanager
async def listening(bench: Bench) -> AsyncIterator[Ear]:
    ear = Ear()
    queue = bench.queue
    assert isinstance(queue, WholeRedisQueue)

    async def listen() -> None:
        async for message in queue.subscribe(EVERYTHING):
            ear.heard.append(message)

    task = asyncio.create_task(listen())
    await eventually(lambda: ("", b"") in ear.heard)
    yield ear
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_changed_standings_are_fed_with_version_and_state(bench: Bench) -> None:
    async with listening(bench) as ear:
        ids = [new_id(), new_id()]
        await bench.queue.apply([a_ready(ids[0]), a_nowhere(ids[1], version=7)])
        await bench.queue.apply([a_ready(ids[0])])
        await bench.queue.apply([a_nowhere(ids[0], version=8)])
        first, second = await ear.waits_for("feed", 2)
        assert parse_feed(first) == [
            FeedRecord(ids[0], 1, TaskState.TASK_STATE_QUEUED),
            FeedRecord(ids[1], 7, TaskState.TASK_STATE_COMPLETED),
        ]
        assert parse_feed(second) == [FeedRecord(ids[0], 8, TaskState.TASK_STATE_COMPLETED)]


async def test_tasks_that_become_ready_wake_their_kinds(bench: Bench) -> None:
    async with listening(bench) as ear:
        await bench.queue.apply([a_ready(new_id()), a_ready(new_id(), lane=("straße", "类型"))])
        (data,) = await ear.waits_for("wake")
        assert set(parse_wake(data)) == {LANE, ("straße", "类型")}


async def test_request_and_its_withdrawal_are_told_to_the_executor(bench: Bench) -> None:
    task_id, attempt = await bench.started()
    async with listening(bench) as ear:
        await bench.queue.apply([a_leased(task_id, attempt, version=3, requested=1)])
        await bench.queue.apply([a_leased(task_id, attempt, version=4)])
        asked, withdrawn = await ear.waits_for("control", 2)
        assert parse_control(asked) == ControlHint("e1", task_id, attempt, 1, False)
        assert parse_control(withdrawn) == ControlHint("e1", task_id, attempt, 0, False)


async def test_lost_lease_is_told_to_the_executor(bench: Bench) -> None:
    task_id, attempt = await bench.started()
    await bench.pass_time(LEASE_MS + 1000)
    async with listening(bench) as ear:
        await bench.queue.expire_due(10)
        (data,) = await ear.waits_for("control")
        assert parse_control(data) == ControlHint("e1", task_id, attempt, 0, True, unread=True)


async def test_lost_lease_that_was_renewed_is_told_as_read(bench: Bench) -> None:
    task_id, attempt = await bench.started()
    await bench.queue.renew("e1", 1, [(task_id, attempt)])
    await bench.pass_time(LEASE_MS + 1000)
    async with listening(bench) as ear:
        await bench.queue.expire_due(10)
        (data,) = await ear.waits_for("control")
        assert parse_control(data) == ControlHint("e1", task_id, attempt, 0, True, unread=False)


async def test_replaced_lease_is_told_to_its_executor(bench: Bench) -> None:
    task_id, attempt = await bench.started()
    async with listening(bench) as ear:
        await bench.queue.apply([a_leased(task_id, new_id(), executor_id="e2", version=5)])
        (data,) = await ear.waits_for("control")
        assert parse_control(data) == ControlHint("e1", task_id, attempt, 0, True)


async def test_ordinary_end_of_an_attempt_is_told_to_nobody(bench: Bench) -> None:
    task_id, _ = await bench.started()
    async with listening(bench) as ear:
        await bench.queue.apply([a_nowhere(task_id)])
        await ear.waits_for("feed")
        assert ear.on("control") == []


async def test_draining_and_progress_reach_every_replica(bench: Bench) -> None:
    await bench.open("e1")
    other = await bench.lab.replica()
    assert isinstance(other, WholeRedisQueue)
    async with listening(bench) as ear:
        await other.set_draining("e1")
        await other.publish("progress", b"half")
        assert await ear.waits_for("drain") == [b"e1"]
        assert await ear.waits_for("progress") == [b"half"]


async def test_change_of_a_limit_wakes_all_lines_of_its_type(bench: Bench) -> None:
    await bench.ready()
    async with listening(bench) as ear:
        await bench.limit(noop=3)
        await bench.limit(noop=3)
        await bench.queue.apply([a_nowhere(new_id())])
        await ear.waits_for("feed")
        assert [parse_wake(data) for data in ear.on("wake")] == [[(ANY_QUEUE, "noop")]]


async def test_unknown_channel_is_refused(bench: Bench) -> None:
    queue = bench.queue
    assert isinstance(queue, WholeRedisQueue)
    with pytest.raises(ValueError, match="no channel"):
        await anext(queue.subscribe(["feeds"]))

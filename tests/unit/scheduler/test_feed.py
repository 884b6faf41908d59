"""The feed: dealt to watchers, coalesced, and no more than hints."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncGenerator, Sequence

import pytest

from asynctask_core.errors import TokenExpired
from asynctask_core.ids import id_text, new_id
from asynctask_core.wire import to_timestamp
from asynctask_protos.scheduler.v1.executor_service_pb2 import ProgressBatch, ProgressReport
from asynctask_protos.scheduler.v1.task_service_pb2 import TaskFilter
from asynctask_protos.task.v1.state_pb2 import StageState, TaskState
from asynctask_protos.task.v1.task_pb2 import Progress, Stage, Task
from asynctask_scheduler.api.filters import Matcher
from asynctask_scheduler.api.tokens import fingerprint, make_token, read_token
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.feed.live import lay_over
from tests.support.conditions import eventually

RUNNING = TaskState.TASK_STATE_RUNNING


class Channels:
    """Hints in memory."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self.subscriptions = 0

    async def subscribe(self, channels: Sequence[str]) -> AsyncGenerator[tuple[str, bytes]]:
        self.subscriptions += 1
        yield "", b""
        while True:
            yield await self.messages.get()

    async def publish(self, channel: str, data: bytes) -> None:
        self.messages.put_nowait((channel, data))


async def test_watchers_get_the_latest_of_their_own_tasks_only():
    channels = Channels()
    hub = Hub(channels)
    running = asyncio.create_task(hub.run())
    mine, other = new_id(), new_id()
    with hub.subscribe(frozenset({mine})) as one, hub.subscribe(None) as every:
        await one.wait(60)
        assert one.take() == ({}, {}, True)
        every.take()
        record = struct.Struct(">16sQB")
        await channels.publish("feed", record.pack(mine, 3, 2) + record.pack(other, 9, 2))
        await channels.publish("feed", record.pack(mine, 2, 2) + record.pack(mine, 5, 3))
        report = ProgressReport(task_id=mine, stage="run", progress=Progress(done=1))
        await channels.publish("progress", ProgressBatch(reports=[report]).SerializeToString())
        await eventually(channels.messages.empty)
        await eventually(lambda: one._reports)
        assert one.take() == ({mine: 5}, {mine: report}, False)
        assert every.take() == ({}, {mine: report}, False)
    running.cancel()


async def test_nobody_listens_while_nobody_watches():
    channels = Channels()
    hub = Hub(channels)
    running = asyncio.create_task(hub.run())
    await asyncio.sleep(0.01)
    assert channels.subscriptions == 0
    for _ in range(2):
        with hub.subscribe(None) as subscriber:
            assert await subscriber.wait(60)
        await channels.publish("feed", b"")
        await eventually(channels.messages.empty)
    assert channels.subscriptions == 2
    running.cancel()


async def test_a_hub_that_closes_ends_every_watch():
    hub = Hub(Channels())
    with hub.subscribe(None) as one:
        hub.close()
        assert await one.wait(60)
        assert one.is_closed
    with hub.subscribe(None) as late:
        assert late.is_closed


def test_live_progress_counts_for_the_running_stage_only():
    task = Task(
        task_status=RUNNING,
        stage="b",
        stages=[
            Stage(name="a", weight=1, state=StageState.STAGE_STATE_COMPLETED),
            Stage(name="b", weight=3, state=StageState.STAGE_STATE_RUNNING),
        ],
    )
    assert lay_over(task, ProgressReport(stage="b", progress=Progress(done=1, total=2)))
    assert task.percent == pytest.approx(62.5)
    assert not lay_over(task, ProgressReport(stage="a", progress=Progress(done=1, total=2)))
    task.task_status = TaskState.TASK_STATE_PAUSED
    assert not lay_over(task, ProgressReport(stage="b", progress=Progress(done=2, total=2)))


def test_a_filter_matches_every_condition():
    task_id = new_id()
    submit_us = int.from_bytes(task_id[:6], "big") * 1000
    task = Task(task_id=id_text(task_id), task_type="t", queue="q", task_status=RUNNING, labels={"a": "1"})
    matching = [
        TaskFilter(),
        TaskFilter(task_types=["x", "t"], queue="q", labels={"a": "1"}, task_states=[RUNNING]),
        TaskFilter(submit_time_start=to_timestamp(submit_us), submit_time_end=to_timestamp(submit_us + 1)),
    ]
    others = [
        TaskFilter(task_types=["x"]),
        TaskFilter(queue="x"),
        TaskFilter(labels={"a": "2"}),
        TaskFilter(task_states=[TaskState.TASK_STATE_QUEUED]),
        TaskFilter(submit_time_start=to_timestamp(submit_us + 1)),
        TaskFilter(submit_time_end=to_timestamp(submit_us)),
    ]
    assert [Matcher(one).matches(task) for one in matching + others] == [True] * 3 + [False] * 6


def test_tokens_belong_to_what_they_were_made_for():
    bound_to = fingerprint(TaskFilter(queue="q"), 3)
    token = make_token("l", bound_to, "here:there")
    assert read_token(token, "l", bound_to) == "here:there"
    for wrong in (("m", bound_to), ("l", fingerprint(TaskFilter(queue="r"), 3))):
        with pytest.raises(TokenExpired):
            read_token(token, *wrong)
    with pytest.raises(TokenExpired):
        read_token("nonsense!", "l", bound_to)

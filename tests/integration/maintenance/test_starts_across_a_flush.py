"""Tasks that were being started while Redis forgot everything: popped from a store that is not there any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from asynctask_core.ids import new_id
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.dispatch.dispatcher import Dispatcher
from asynctask_scheduler.dispatch.session import ExecutorSession
from asynctask_scheduler.maintenance.rebuild import Rebuilder
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.attempt_starter import AttemptStarter
from asynctask_scheduler.pipeline.lease_releaser import LeaseReleaser
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.queue.answers import SessionInfo
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.support.conditions import eventually
from tests.support.ledger_double import LedgerDouble
from tests.support.whole_queue import WholeRedisQueue
from tests.unit.scheduler.doubles import RegistryDouble, ready

LIMIT = 2
KINDS = [("default", "noop")]


class Replica:
    """A scheduler's dispatcher on a real Redis, above a registry that answers when the test lets it."""

    def __init__(self, queue: WholeRedisQueue) -> None:
        self.queue = queue
        self.registry = RegistryDouble()
        self.rows = LedgerDouble()
        self.rows.types = [TaskType(name="noop", max_running=LIMIT)]
        registry: Any = self.registry
        metrics = SchedulerMetrics()
        applier = StandingApplier(queue, metrics)
        self.starter = AttemptStarter(registry, applier, metrics, patience_s=30)
        self.ender = LeaseReleaser(registry, applier)
        self.dispatcher = Dispatcher(queue, self.starter, self.ender, metrics, lease_ms=60_000)
        self.serving: list[asyncio.Task[None]] = []

    async def rebuild(self) -> None:
        await Rebuilder(self.queue, self.rows, list).run_once()
        assert (await self.queue.store_state()).marked

    async def session(self, executor_id: str) -> ExecutorSession:
        info = SessionInfo(executor_id, executor_id, 10, ("noop",), (), "")
        number = (await self.queue.open_session(info)).number
        nothing: Any = None
        session = ExecutorSession(
            info, number, KINDS, queue=self.queue, event_recorder=nothing, progress=nothing
        )
        session.slots.wake()
        self.serving.append(asyncio.create_task(self.dispatcher.serve(session, lambda kinds: None)))
        return session

    async def started(self, count: int) -> None:
        """Wait until so many starts are on their way to the registry."""
        await eventually(lambda: sum(len(items) for _, items in self.registry.calls) == count)

    async def close(self) -> None:
        for task in self.serving:
            task.cancel()
        await asyncio.wait(self.serving)
        await self.queue.close()


@pytest.fixture
async def replica(own_redis: EmbeddedRedis) -> AsyncIterator[Replica]:
    made = Replica(WholeRedisQueue.connect(own_redis.url, lease_ms=60_000, timeout_s=60))
    yield made
    await made.close()


async def test_starts_on_their_way_during_a_flush_are_given_back_so_that_no_limit_is_exceeded(
    replica: Replica,
) -> None:
    """Law 6. Seen to fail before `Dispatcher` compared tokens: the rebuild could not see these tasks running yet, so as
    many again were popped, and four ran under a limit of two."""
    await replica.rebuild()
    replica.registry.gate.clear()
    before = await replica.session("before")
    await replica.queue.apply([ready(new_id()) for _ in range(LIMIT)])
    await replica.started(LIMIT)

    await replica.queue._connection.command("FLUSHALL")
    await replica.rebuild()
    after = await replica.session("after")
    await replica.queue.apply([ready(new_id()) for _ in range(LIMIT)])
    await replica.started(2 * LIMIT)

    replica.registry.gate.set()
    delivered: list[Any] = []
    await eventually(lambda: delivered.extend(after.outbox.take_assignments()) or len(delivered) == LIMIT)
    await eventually(lambda: replica.registry.count("end"))
    assert before.outbox.take_assignments() == []
    ends = [end for call, items in replica.registry.calls if call == "end" for end in items]
    assert [(end.executor_id, end.result) for end in ends] == [
        ("before", AttemptResult.ATTEMPT_RESULT_RELEASED)
    ] * LIMIT


async def test_starts_on_their_way_are_delivered_while_redis_stays_what_it_is(replica: Replica) -> None:
    await replica.rebuild()
    replica.registry.gate.clear()
    session = await replica.session("one")
    await replica.queue.apply([ready(new_id()) for _ in range(LIMIT)])
    await replica.started(LIMIT)
    await replica.rebuild()  # finds it rebuilt
    replica.registry.gate.set()
    await eventually(session.outbox.take_assignments)
    assert replica.registry.count("end") == 0

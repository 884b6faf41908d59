"""Starts: repeated while that can still help, and nothing more is leased meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from asynctask_core import limits
from asynctask_core.errors import (
    AsyncTaskError,
    InternalError,
    InvalidInput,
    OutcomeUnknown,
    StoreUnavailable,
    TooLarge,
)
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart, StartVerdict
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline import standing_applier
from asynctask_scheduler.pipeline.attempt_starter import NO_VERDICT, AttemptStarter
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.queue.answers import Applied, Lease, SessionInfo
from asynctask_scheduler.registry.call_errors import AnswerLost
from asynctask_scheduler.registry.client import starts_of
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import RegistryDouble, ready


class Desk:
    def __init__(self, patience_s: float) -> None:
        self.registry = RegistryDouble()
        self.queue = QueueModel(ModelStore())
        self.metrics = SchedulerMetrics()
        registry: Any = self.registry
        self.attempt_starter = AttemptStarter(
            registry, StandingApplier(self.queue, self.metrics), self.metrics, patience_s=patience_s
        )


def starts(count: int) -> list[AttemptStart]:
    return starts_of("x", [(new_id(), new_id()) for _ in range(count)])


async def test_a_start_is_repeated_while_the_registry_is_away():
    desk = Desk(patience_s=5)
    desk.registry.failures = [StoreUnavailable("gone")] * 3
    results = await desk.attempt_starter.start(starts(2))
    assert [result.verdict for result in results] == [StartVerdict.START_VERDICT_STARTED] * 2
    assert desk.attempt_starter.gate.is_set()


async def test_the_gate_is_closed_while_starts_fail_and_opens_for_a_probe():
    desk = Desk(patience_s=0.01)
    desk.registry.failures = [StoreUnavailable("gone")] * 10
    with pytest.raises(StoreUnavailable):
        await desk.attempt_starter.start(starts(1))
    assert not desk.attempt_starter.gate.is_set()
    await asyncio.wait_for(desk.attempt_starter.gate.wait(), 60)


async def test_an_answer_that_is_too_large_is_fetched_in_parts():
    desk = Desk(patience_s=1)
    desk.registry.failures = [TooLarge("larger than max")]
    wanted = starts(5)
    results = await desk.attempt_starter.start(wanted)
    assert [result.attempt_id for result in results] == [start.attempt_id for start in wanted]
    assert desk.registry.count("start") == 3


async def test_calls_stay_small_while_answers_are_large_and_grow_again():
    """Fails when: each batch begins with a call that is too large; large tasks were late each time, for ever."""
    desk = Desk(patience_s=1)
    desk.registry.most_starts, desk.registry.start_bytes = 3, limits.MESSAGE_BYTES // 4
    await desk.attempt_starter.start(starts(8))
    before = desk.registry.count("start")
    wanted = starts(8)
    results = await desk.attempt_starter.start(wanted)
    assert [result.attempt_id for result in results] == [start.attempt_id for start in wanted]
    sizes = [len(items) for _, items in desk.registry.calls[before:]]
    assert sum(sizes) == 8, "no start was sent twice"
    assert desk.attempt_starter.most <= 3
    desk.registry.most_starts, desk.registry.start_bytes = None, 10
    for _ in range(10):
        await desk.attempt_starter.start(starts(20))
    assert len(desk.registry.calls[-1][1]) == 20


async def test_a_start_that_takes_too_long_is_repeated_in_smaller_calls():
    desk = Desk(patience_s=5)
    desk.registry.failures = [OutcomeUnknown("not answered in time")]
    results = await desk.attempt_starter.start(starts(4))
    assert len(results) == 4
    assert [len(items) for _, items in desk.registry.calls][:2] == [4, 2]


async def test_a_start_whose_connection_broke_is_repeated_as_it_was():
    """Fails when it counts as slow: after each restart of a registry starts would go in ever smaller calls."""
    desk = Desk(patience_s=5)
    desk.registry.failures = [AnswerLost("the connection broke")]
    assert len(await desk.attempt_starter.start(starts(4))) == 4
    assert [len(items) for _, items in desk.registry.calls] == [4, 4]


@pytest.mark.parametrize(
    "refusal", [InternalError("cannot start this one"), InvalidInput("wrong"), TooLarge("large")]
)
async def test_a_start_that_the_registry_refuses_harms_itself_only(refusal: AsyncTaskError):
    """Law 10. Fails when the whole call is given up: the tasks popped with it were never started, again and again."""
    desk = Desk(patience_s=5)
    wanted = starts(7)
    desk.registry.refusal, desk.registry.refused = refusal, {wanted[3].task_id}
    results = await desk.attempt_starter.start(wanted)
    assert [result.attempt_id for result in results] == [start.attempt_id for start in wanted]
    assert [number for number, result in enumerate(results) if result.verdict == NO_VERDICT] == [3]
    assert desk.attempt_starter.gate.is_set()
    await desk.attempt_starter.drain()


async def test_starts_go_on_once_the_registry_is_back_in_the_middle_of_finding_the_one_that_it_refuses():
    desk = Desk(patience_s=5)
    wanted = starts(4)
    desk.registry.refusal, desk.registry.refused = InternalError("cannot start this one"), {wanted[3].task_id}
    desk.registry.failures = [InternalError("cannot start this one"), StoreUnavailable("gone")]
    results = await desk.attempt_starter.start(wanted)
    assert [result.verdict == NO_VERDICT for result in results] == [False, False, False, True]


async def test_a_verdict_of_a_newer_registry_refuses_its_own_start_only():
    """Fails when counting it breaks the whole call: what the others were started for was never delivered."""
    desk = Desk(patience_s=1)
    wanted, newer = starts(2), cast("StartVerdict.ValueType", 99)
    desk.registry.verdicts = {wanted[0].task_id: newer}
    results = await desk.attempt_starter.start(wanted)
    assert [result.verdict for result in results] == [newer, StartVerdict.START_VERDICT_STARTED]
    await desk.attempt_starter.drain()


async def refused_lease(desk: Desk) -> tuple[bytes, Sequence[Lease]]:
    """A task with a lease whose start the registry will refuse."""
    rebuild = await desk.queue.begin_rebuild()
    assert rebuild is not None
    await desk.queue.finish_rebuild(rebuild)
    task_id = new_id()
    await desk.queue.apply([ready(task_id)])
    number = (await desk.queue.open_session(SessionInfo("x", "x", 1, ("noop",), (), ""))).number
    leased = await desk.queue.lease("x", number, 1, [("default", "noop")], [new_id()])
    assert len(leased.leases) == 1
    desk.registry.verdicts = {task_id: StartVerdict.START_VERDICT_NOT_STARTABLE}
    return task_id, leased.leases


async def test_the_lease_of_a_refused_start_stays_when_its_standing_could_not_be_applied(
    monkeypatch: pytest.MonkeyPatch,
):
    """Law 1. Fails when it is dropped all the same: then nothing in Redis leads to the task any more."""
    monkeypatch.setattr(standing_applier, "RETRY_DELAYS_S", ())
    desk = Desk(patience_s=1)
    task_id, leases = await refused_lease(desk)
    desk.registry.standings = {task_id: ready(task_id, version=3)}

    async def deaf(_: Sequence[Standing]) -> Applied:
        raise StoreUnavailable("away")

    monkeypatch.setattr(desk.queue, "apply", deaf)
    await desk.attempt_starter.start(starts_of("x", leases))
    await desk.attempt_starter.drain()
    assert (await desk.queue.stats()).leases == 1


async def test_the_lease_of_a_refused_start_is_dropped_and_its_task_is_back_in_line():
    desk = Desk(patience_s=1)
    _, leases = await refused_lease(desk)
    await desk.attempt_starter.start(starts_of("x", leases))
    await desk.attempt_starter.drain()
    stats = await desk.queue.stats()
    assert (stats.leases, stats.lanes[0].ready) == (0, 1)

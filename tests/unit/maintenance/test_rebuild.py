"""A Redis that forgot is told again, and hands out nothing before it knows what is running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest

from asynctask_core.errors import StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_core.limits import AGEING_STEP_US
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.maintenance import rebuild
from asynctask_scheduler.maintenance.rebuild import Loader, Rebuilder
from asynctask_scheduler.queue.answers import SessionInfo, SessionVerdict
from tests.contract.queue.lab import LANE, Bench, ModelLab, a_leased, a_ready, a_timed
from tests.support.ledger_double import LedgerDouble
from tests.support.seen_executors import seen_executors

INFO = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")


def streams() -> Sequence[tuple[SessionInfo, int, bool]]:
    return [(INFO, 77, False)]


@pytest.fixture
def bench(lab: ModelLab) -> Bench:
    """An empty store that was never rebuilt."""
    return Bench(lab)


def loader(bench: Bench, registry: LedgerDouble, *, owner: str = "a") -> Loader:
    return Loader(bench.queue, registry, owner=owner, ageing_step_us=AGEING_STEP_US)


async def test_empty_store_is_rebuilt_with_limits_sessions_and_leases(
    bench: Bench, registry: LedgerDouble
) -> None:
    registry.types = [TaskType(name="noop", max_running=5), TaskType(name="other")]
    registry.put(*(a_leased(new_id(), new_id()) for _ in range(3)), a_ready(new_id()))
    report = await Rebuilder(bench.queue, registry, streams).run_once()
    assert report.changed == 4
    assert await bench.leases() == 3
    assert await bench.queue.type_limits() == {"noop": 5}
    assert (await seen_executors(bench.queue))[0].session == 77
    assert (await bench.queue.store_state()).marked


async def test_marker_comes_after_every_lease(bench: Bench) -> None:
    """Laws 2 and 6. Broken once on purpose: with the marker set before the running tasks are read this fails."""

    class Breaks(LedgerDouble):
        def _called(self, call: str) -> None:
            if call.startswith("stream"):
                raise StoreUnavailable("in the middle")

    broken = Breaks()
    broken.put(a_leased(new_id(), new_id()))
    with pytest.raises(StoreUnavailable):
        await Rebuilder(bench.queue, broken, streams).run_once()
    assert not (await bench.queue.store_state()).marked
    answer = await bench.queue.lease("e1", 77, 5, [LANE], [new_id()])
    assert answer.verdict is SessionVerdict.NO_MARKER


async def test_store_that_changes_under_the_rebuild_is_rebuilt_again(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    class Restarts(LedgerDouble):
        def _called(self, call: str) -> None:
            if call.startswith("stream") and lab.store.lives == 1:
                lab.store.flush()
                lab.store.restart()

    restarting = Restarts()
    restarting.put(a_leased(new_id(), new_id()))
    rebuilder = Rebuilder(bench.queue, restarting, streams)
    first = await rebuilder.run_once()
    assert first.more
    assert not (await bench.queue.store_state()).marked
    await rebuilder.run_once()
    assert (await bench.queue.store_state()).marked
    assert await bench.leases() == 1


@pytest.mark.parametrize("is_restarted", [True, False], ids=["restarted", "emptied in place"])
async def test_lost_store_gets_its_sessions_back_even_if_another_replica_rebuilt_it(
    bench: Bench, lab: ModelLab, registry: LedgerDouble, *, is_restarted: bool
) -> None:
    """Fails when: only the replica that rebuilds restores its streams, or only another identity counts as a loss.

    The streams' executors live: one that is not touched, for it is silent, would be given nothing any more.
    """
    mine = Rebuilder(bench.queue, registry, streams)
    await mine.run_once()
    await mine.run_once()
    lab.store.flush()
    if is_restarted:
        lab.store.restart()
    await Rebuilder(await lab.replica(), registry, list).run_once()
    assert await seen_executors(bench.queue) == []
    await mine.run_once()
    assert [state.session for state in await seen_executors(bench.queue)] == [77]


async def test_rebuilt_store_is_left_alone(bench: Bench, registry: LedgerDouble) -> None:
    told: list[bool] = []
    rebuilder = Rebuilder(bench.queue, registry, streams, on_rebuilt=lambda: told.append(True))
    await rebuilder.run_once()
    registry.calls.clear()
    assert (await rebuilder.run_once()).changed == 0
    assert (registry.calls, told) == ([], [True])


async def test_rebuild_does_not_replace_leases_that_were_made_meanwhile(
    bench: Bench, registry: LedgerDouble
) -> None:
    task_id, attempt = new_id(), new_id()
    await bench.queue.apply([a_leased(task_id, attempt, version=5)])
    registry.put(a_leased(task_id, new_id(), executor_id="old", version=3))
    await Rebuilder(bench.queue, registry, streams).run_once()
    renewed = await bench.queue.renew("e1", 77, [(task_id, attempt)])
    assert not renewed.unknown


async def test_queued_tasks_are_loaded_page_by_page_and_work_goes_on_meanwhile(
    bench: Bench, registry: LedgerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "LOAD_PAGE", 10)
    monkeypatch.setattr(rebuild, "LOAD_PAGES_PER_RUN", 2)
    registry.put(*(a_ready(new_id()) for _ in range(35)), a_timed(new_id(), 5), a_leased(new_id(), new_id()))
    await Rebuilder(bench.queue, registry, streams).run_once()
    loading = loader(bench, registry)
    first = await loading.run_once()
    assert (first.changed, first.more, await bench.line()) == (20, True, 20)
    answer = await bench.queue.lease("e1", 77, 5, [LANE], [new_id()])
    assert len(answer.leases) == 1
    assert (await loading.run_once()).changed == 15
    await loading.run_once()
    assert await bench.line() == 34
    assert (await bench.queue.store_state()).loaded
    registry.calls.clear()
    await loading.run_once()
    assert registry.calls == []


async def test_any_replica_goes_on_where_another_stopped_loading(
    bench: Bench, lab: ModelLab, registry: LedgerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: the cursor is not kept in the store."""
    monkeypatch.setattr(rebuild, "LOAD_PAGE", 10)
    monkeypatch.setattr(rebuild, "LOAD_PAGES_PER_RUN", 1)
    registry.put(*(a_ready(new_id()) for _ in range(20)))
    await Rebuilder(bench.queue, registry, streams).run_once()
    await loader(bench, registry).run_once()
    other = Loader(await lab.replica(), registry, owner="b", ageing_step_us=AGEING_STEP_US)
    assert (await other.run_once()).changed == 0, "the first one still has the duty"
    await lab.advance(rebuild.LOAD_HOLD_MS + 1)
    assert (await other.run_once()).changed == 10
    assert registry.calls.count("stream queued") == 2
    assert await bench.line() == 20


async def test_loading_begins_anew_after_another_loss(
    bench: Bench, lab: ModelLab, registry: LedgerDouble
) -> None:
    registry.put(*(a_ready(new_id()) for _ in range(5)))
    rebuilder, loading = Rebuilder(bench.queue, registry, streams), loader(bench, registry)
    for _ in range(2):
        lab.store.flush()
        assert (await loading.run_once()).changed == 0
        await rebuilder.run_once()
        await loading.run_once()
        await loading.run_once()
        assert await bench.line() == 5


class Interrupted(LedgerDouble):
    """Something happens while queued tasks are read: before their second page."""

    def __init__(self, step: Callable[[], Awaitable[None]], tasks: Sequence[Standing]) -> None:
        super().__init__()
        self._steps = [step]
        self.put(*tasks)

    async def stream_dispatchable(self, scope: Any, **options: Any) -> AsyncIterator[Any]:
        first = True
        async for page in super().stream_dispatchable(scope, **options):
            if not first and self._steps:
                await self._steps.pop()()
            first = False
            yield page


async def test_loading_that_is_on_its_way_during_a_loss_leaves_nothing_out_of_the_next_one(
    bench: Bench, lab: ModelLab, registry: LedgerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 1. Broken once on purpose: with the cursor saved into any rebuild of the same server this fails."""
    monkeypatch.setattr(rebuild, "LOAD_PAGE", 10)
    tasks = [a_ready(new_id()) for _ in range(50)]
    registry.put(*tasks)
    other = await lab.replica()

    async def lose() -> None:
        lab.store.flush()
        await Rebuilder(other, registry, list).run_once()

    await Rebuilder(bench.queue, registry, streams).run_once()
    assert (await loader(bench, Interrupted(lose, tasks)).run_once()).changed == 20
    loading = Loader(other, registry, owner="b", ageing_step_us=AGEING_STEP_US)
    for _ in range(3):
        await loading.run_once()
    assert (await other.store_state()).loaded
    assert await bench.line() == 50


async def test_loading_ends_once_another_replica_has_taken_the_duty(
    bench: Bench, lab: ModelLab, registry: LedgerDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "LOAD_PAGE", 10)

    async def be_slow() -> None:
        await lab.advance(rebuild.LOAD_HOLD_MS + 1)
        assert await bench.queue.claim_duty("load", "b", rebuild.LOAD_HOLD_MS)

    slow = Interrupted(be_slow, [a_ready(new_id()) for _ in range(50)])
    await Rebuilder(bench.queue, registry, streams).run_once()
    report = await loader(bench, slow).run_once()
    assert (report.changed, report.more) == (20, False)

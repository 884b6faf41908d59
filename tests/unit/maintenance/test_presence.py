"""Replicas that were told different things do not work side by side."""

from __future__ import annotations

import asyncio

import pytest

from asynctask_scheduler.maintenance import presence
from asynctask_scheduler.maintenance.presence import Presence, ReplicasDiffer
from asynctask_scheduler.queue.answers import CellOptions
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel

MINUTE_US = 60_000_000


def a_replica(store: ModelStore, name: str, lease_ms: int, ageing_step_us: int = MINUTE_US) -> Presence:
    queue = QueueModel(store, lease_ms=lease_ms, ageing_step_us=ageing_step_us)
    return Presence(queue, CellOptions(lease_ms, ageing_step_us), name)


async def test_replica_with_another_lease_and_ageing_step_refuses_to_start_and_names_both_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presence, "PATIENCE_S", 0.0)
    monkeypatch.setattr(presence, "LOOK_EVERY_S", 0.001)
    store = ModelStore()
    await a_replica(store, "a", 15_000).join()
    with pytest.raises(ReplicasDiffer) as caught:
        await a_replica(store, "b", 20_000, 2 * MINUTE_US).join()
    assert "lease is 15s there and 20s here" in str(caught.value)
    assert "ageing_step is 1m there and 2m here" in str(caught.value)
    await a_replica(store, "c", 15_000).join()


async def test_replica_waits_for_others_that_are_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "PATIENCE_S", 600.0)
    monkeypatch.setattr(presence, "LOOK_EVERY_S", 0.001)
    store = ModelStore()
    old, new = a_replica(store, "a", 15_000), a_replica(store, "b", 20_000)
    await old.join()
    joining = asyncio.create_task(new.join())
    await asyncio.sleep(0.01)
    assert not joining.done()
    await old.leave()
    await eventually(joining.done)
    await joining


async def test_replicas_that_were_noted_after_a_loss_say_that_they_differ_and_go_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = ModelStore()
    first, second = a_replica(store, "a", 15_000), a_replica(store, "b", 20_000)
    await first.join()
    store.flush()
    await second.join()
    for _ in range(3):
        await first.run_once()
    assert capsys.readouterr().out.count("replicas.differ") == 1


async def test_replica_waits_for_the_last_scheduler_of_an_older_release(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """However long it takes: a rolling upgrade then goes on by itself once the old ones are stopped."""
    monkeypatch.setattr(presence, "PATIENCE_S", 0.0)
    monkeypatch.setattr(presence, "LOOK_EVERY_S", 0.001)
    store = ModelStore()
    store.data.former["old-1"] = (store.now_ms, False)
    joining = asyncio.create_task(a_replica(store, "a", 15_000).join())
    said = ""

    def has_said() -> bool:
        nonlocal said
        said += capsys.readouterr().out
        return "service.waiting" in said

    await eventually(has_said)
    assert "old-1 works in this cell" in said
    assert "stop all schedulers of that release" in said
    assert not joining.done()
    assert not store.data.replicas
    del store.data.former["old-1"]
    await joining
    assert "service.wait_ended" in capsys.readouterr().out


async def test_replica_that_finds_a_scheduler_of_an_older_release_later_is_not_ready(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Redis had forgotten this replica, so the older one joined."""
    store = ModelStore()
    here = a_replica(store, "a", 15_000)
    await here.join()
    store.flush()
    store.data.former["old-1"] = (store.now_ms, False)
    for _ in range(2):
        await here.run_once()
    assert "old-1" in here.hindrance
    assert capsys.readouterr().out.count("replicas.differ") == 1
    store.advance(11_000)
    await here.run_once()
    assert not here.hindrance

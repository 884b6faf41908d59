"""What an operator sets reaches the part that it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asynctask_scheduler import app
from asynctask_scheduler.maintenance import presence
from asynctask_scheduler.maintenance.presence import ReplicasDiffer
from asynctask_scheduler.queue import redis_upkeep
from asynctask_scheduler.queue.redis_queue import RedisQueue
from asynctask_scheduler.registry.client import RegistryClient
from asynctask_scheduler.settings import SchedulerSettings


class Constructed(Exception):
    """Everything below the scheduler was made."""


async def test_timeouts_of_redis_and_of_the_registry_are_those_of_the_settings(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: `serve` connects to Redis without telling it `redis_timeout`, as it once did."""
    seen: list[tuple[float, float]] = []

    def construct(settings: SchedulerSettings, queue: RedisQueue, registry: RegistryClient) -> None:
        seen.append((queue._connection._timeout_s, registry._deadline_s))
        raise Constructed

    monkeypatch.setattr(app, "REGISTRY_WAIT_S", 0.01)
    monkeypatch.setattr(app, "Scheduler", construct)
    settings = SchedulerSettings(
        registry_address="127.0.0.1:1",  # nobody
        redis_url=redis_url,
        redis_timeout=timedelta(seconds=17),
        call_timeout=timedelta(seconds=23),
    )
    with pytest.raises(Constructed):
        async with app.serve(settings):
            raise AssertionError("it started")
    assert seen == [(17.0, 23.0)]


async def test_scheduler_with_another_lease_than_the_others_of_its_cell_starts_only_after_them(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: replicas with leases of their own work side by side, and take tasks from one another's executors."""
    monkeypatch.setattr(app, "REGISTRY_WAIT_S", 0.01)
    monkeypatch.setattr(presence, "PATIENCE_S", 0.0)
    monkeypatch.setattr(redis_upkeep, "REPLICA_LIVE_MS", 600_000)
    first, second = (
        SchedulerSettings(
            address="127.0.0.1:0",
            metrics_address="127.0.0.1:0",
            registry_address="127.0.0.1:1",  # nobody
            redis_url=redis_url,
            redis_timeout=timedelta(seconds=60),  # that one has left must be noted, however slow the machine
            cell="told-otherwise",
            lease=timedelta(seconds=lease_s),
        )
        for lease_s in (15, 20)
    )
    async with app.serve(first):
        with pytest.raises(ReplicasDiffer, match="lease is 15s there and 20s here"):
            async with app.serve(second):
                raise AssertionError("it started")
    async with app.serve(second):
        pass

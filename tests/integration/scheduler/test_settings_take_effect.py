"""What an operator sets reaches the part that it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from asynctask_scheduler import app
from asynctask_scheduler.ledger.client import Ledger
from asynctask_scheduler.queue.redis_queue import RedisQueue
from asynctask_scheduler.settings import SchedulerSettings


class Constructed(Exception):
    """Everything below the scheduler was made."""


async def test_timeouts_of_redis_and_of_the_registry_are_those_of_the_settings(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: `serve` connects to Redis without telling it `redis_timeout`, as it once did."""
    seen: list[tuple[float, float]] = []

    def construct(settings: SchedulerSettings, queue: RedisQueue, ledger: Ledger) -> None:
        seen.append((queue._connection._timeout_s, ledger._deadline_s))
        raise Constructed

    monkeypatch.setattr(app, "REGISTRY_WAIT_S", 0.01)
    monkeypatch.setattr(app, "Scheduler", construct)
    settings = SchedulerSettings(
        redis_url=redis_url, redis_timeout=timedelta(seconds=17), call_timeout=timedelta(seconds=23)
    )
    with pytest.raises(Constructed):
        async with app.serve(settings):
            raise AssertionError("it started")
    assert seen == [(17.0, 23.0)]

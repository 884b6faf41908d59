"""What the probe of Postgres does about a connection that takes no writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from asynctask_chassis.metrics import new_metrics_registry
from asynctask_chassis.store_watch import StoreWatch
from asynctask_registry.metrics import RegistryMetrics
from asynctask_registry.store.probe import READ_ONLY, STANDBY, StoreProbe


class OneConnection:
    """A pool with one connection, to a server that is as its mode says."""

    def __init__(self, mode: dict[str, bool]) -> None:
        self.mode = mode
        self.given_up = 0

    async def run(self, work: Callable[[Any], Awaitable[None]]) -> None:
        await work(self)

    async def fetch(self, name: str) -> list[dict[str, bool]]:
        assert name == "store_mode"
        return [self.mode]

    def give_up(self) -> None:
        self.given_up += 1


@pytest.mark.parametrize(
    ("is_standby", "is_read_only", "cause"), [(True, True, STANDBY), (False, True, READ_ONLY)]
)
async def test_connection_that_takes_no_writes_is_given_up(
    is_standby: bool, is_read_only: bool, cause: str
) -> None:
    """Fails when: the server that takes writes after a fail-over is never found."""
    metrics = RegistryMetrics(new_metrics_registry())
    watch = StoreWatch(
        "Postgres", folder=None, takes_writes=metrics.takes_writes, free_bytes=metrics.free_bytes
    )
    pool: Any = OneConnection({"is_standby": is_standby, "is_read_only": is_read_only})
    await StoreProbe(pool, watch).run_once()
    assert watch.refusal == cause
    assert pool.given_up == 1

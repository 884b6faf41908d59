"""What the probe of Postgres says of one that answers but takes no writes, and does about the connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from asynctask_chassis.metrics import new_metrics_registry
from asynctask_chassis.store_watch import StoreWatch
from asynctask_registry.metrics import RegistryMetrics
from asynctask_registry.store import faults
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


class FailingPool:
    """A pool whose work ends with this error."""

    def __init__(self, error: Exception, cause: Exception) -> None:
        self.error = error
        self.cause = cause

    async def run(self, _: Callable[[Any], Awaitable[None]]) -> None:
        raise self.error from self.cause


def a_watch() -> StoreWatch:
    metrics = RegistryMetrics(new_metrics_registry())
    return StoreWatch(
        "Postgres", folder=None, takes_writes=metrics.takes_writes, free_bytes=metrics.free_bytes
    )


@pytest.mark.parametrize(
    ("is_standby", "is_read_only", "cause"), [(True, True, STANDBY), (False, True, READ_ONLY)]
)
async def test_connection_that_takes_no_writes_is_given_up(
    is_standby: bool, is_read_only: bool, cause: str
) -> None:
    """Fails when: the server that takes writes after a fail-over is never found."""
    watch = a_watch()
    pool: Any = OneConnection({"is_standby": is_standby, "is_read_only": is_read_only})
    await StoreProbe(pool, watch).run_once()
    assert watch.refusal == cause
    assert pool.given_up == 1


async def test_server_that_answers_with_a_refusal_is_no_longer_taken_to_be_away() -> None:
    """Fails when operators read that Postgres does not answer while it says that it is a standby."""
    watch = a_watch()
    watch.unanswered("connection refused")
    pool: Any = OneConnection({"is_standby": True, "is_read_only": True})
    await StoreProbe(pool, watch).run_once()
    assert (watch.outage, watch.refusal) == ("", STANDBY)
    assert watch.sentence() == f"Postgres refuses writes: {STANDBY}"


async def test_server_that_answers_with_an_error_is_no_longer_taken_to_be_away() -> None:
    watch = a_watch()
    watch.unanswered("connection refused")
    pool: Any = FailingPool(faults.StoreFault("42P01"), asyncpg.UndefinedTableError("no such table"))
    with pytest.raises(faults.StoreFault):
        await StoreProbe(pool, watch).run_once()
    assert watch.outage == ""

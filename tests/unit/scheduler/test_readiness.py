"""Whether a replica says that it is ready, while it works and while it stops."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from asynctask_core.errors import StoreUnavailable
from asynctask_scheduler.health.readiness import Readiness
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.queue.answers import StoreIdentity, StoreState

REBUILT = StoreState(StoreIdentity("run", "history"), marked=True, loaded=True)


class Stores:
    """A registry that is there, and a Redis whose state a test sets; `asked` runs while it is asked."""

    is_connected = True

    def __init__(self) -> None:
        self.state: StoreState | None = REBUILT
        self.asked = lambda: None
        self.told: list[bool] = []

    async def store_state(self) -> StoreState:
        self.asked()
        if self.state is None:
            raise StoreUnavailable("Redis did not answer")
        return self.state

    async def set_serving(self, is_serving: bool) -> None:
        self.told.append(is_serving)


async def test_replica_that_stops_stays_unready_and_says_why():
    """Fails when a look during the drain says "ready", or that Redis is away, instead of "it stops"."""
    stores: Any = Stores()
    readiness = Readiness(stores, stores, SchedulerMetrics())
    await readiness.look(stores)
    assert (readiness.is_ready, readiness.missing) == (True, "")
    stores.asked = readiness.close
    for state in (REBUILT, None):
        stores.state = state
        await readiness.look(stores)
        assert (readiness.is_ready, readiness.missing) == (False, "it stops")
    assert stores.told == [True]


async def test_replica_says_what_it_waits_for():
    stores: Any = Stores()
    hindrance = SimpleNamespace(text="")
    readiness = Readiness(stores, stores, SchedulerMetrics(), lambda: hindrance.text)
    stores.state = None
    await readiness.look(stores)
    assert readiness.missing == "Redis did not answer"
    hindrance.text = "another replica has another lease"
    await readiness.look(stores)
    assert readiness.missing == "another replica has another lease"
    assert stores.told == []

"""The queue port in plain Python: what the scripts must do, said once more without Redis.

Nothing is stored that can be derived: a task is in line if its standing says so and it has no lease; limits are counted
by looking at all leases. Slow, and easy to believe. It passes the same contract suite as Redis
(`tests/contract/queue`), and stands in for it in unit tests. Time stands still until `advance`.

    store       all data of one store, its clock, its identity
    facts       what follows from them
    standings, leases, executors, upkeep, repair
                the calls of the port, parted as they are for Redis
"""

from __future__ import annotations

from typing import Self

from tests.support.queue_model.executors import Executors
from tests.support.queue_model.leases import Leases
from tests.support.queue_model.repair import Repair
from tests.support.queue_model.standings import Standings
from tests.support.queue_model.store import ModelStore
from tests.support.queue_model.upkeep import Upkeep

__all__ = ["ModelStore", "QueueModel"]


class QueueModel(Standings, Leases, Executors, Upkeep, Repair):
    """One replica's view of a `ModelStore`; implements `Queue`, and every part of it in one."""

    @property
    def tasks(self) -> Self:
        return self

    @property
    def executors(self) -> Self:
        return self

    @property
    def upkeep(self) -> Self:
        return self

    @property
    def repair(self) -> Self:
        return self

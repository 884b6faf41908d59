"""Present standings of tasks, by which a scheduler repairs its queues."""

from __future__ import annotations

from collections.abc import Sequence

from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_registry.ledger.facts import look
from asynctask_registry.store.pool import Pool


async def reconcile(pool: Pool, task_ids: Sequence[bytes]) -> list[Standing]:
    """Current standings of the tasks that exist."""
    known = await pool.run(lambda connection: look(connection, task_ids))
    return [task.standing for task in known.values()]

"""Folds moves into counts and series, in the background, one bounded batch at a time."""

from __future__ import annotations

from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_registry.store.pool import Pool

BATCH: Final = 20_000
"""Moves of one batch: a registry that was away for long folds many batches, each within its time limit."""

# The advisory lock of folding ("at", "fold").
FOLDING_LOCK: Final = 0x6174_666F_6C64


class MoveFolder:
    """Folds moves; of several registries one at a time."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def run_once(self) -> LoopReport:
        """Fold one batch; a registry that finds another one folding does nothing."""
        (folded,) = await self._pool.run(
            lambda connection: connection.fetch("move_fold", lock=FOLDING_LOCK, limit=BATCH)
        )
        moves = folded["moves"]
        return LoopReport(changed=moves, more=moves == BATCH, facts={"moves": moves})

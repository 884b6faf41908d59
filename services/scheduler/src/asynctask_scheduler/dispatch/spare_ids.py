"""Attempt ids for pops."""

from __future__ import annotations

from asynctask_core.ids import new_id


class SpareIds:
    """Attempt ids that the last pop did not use; generating ids is a large part of a pop's cost."""

    def __init__(self) -> None:
        self._ids: list[bytes] = []
        self._minted_at = 0.0

    def take(self, count: int, now: float) -> list[bytes]:
        """Return ids. Leftover ones are reused for one second only, since an id's time says when its attempt began."""
        if now - self._minted_at > 1.0:
            self._ids = []
            self._minted_at = now
        taken, self._ids = self._ids[:count], []
        taken.extend(new_id() for _ in range(count - len(taken)))
        return taken

    def keep(self, unused: list[bytes]) -> None:
        """Take back ids that certainly have no lease."""
        self._ids = unused

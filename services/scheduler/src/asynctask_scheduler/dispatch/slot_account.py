"""The account of one session's slots: which attempts hold them, how many are free, and whether there may be work.

Redis decides which executor holds which lease. The account only saves calls to Redis that would find no slot: a session
whose slots are all taken does not pop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from asynctask_core import limits
from asynctask_scheduler.queue.answers import Lane, Lease

MOST_GIVEN = 2 * limits.SLOTS
"""How many attempts of one stream `given` keeps at most; the oldest are dropped."""


class SlotAccount:
    """Counts the slots of one session, and wakes the session when a free one may find work."""

    def __init__(self, count: int, *, is_shut: Callable[[], bool]) -> None:
        """Account for `count` slots; none of them counts as free while `is_shut()` is true."""
        self.count = count
        self.is_full = False
        """Whether the session last ran out of slots, not of tasks. Until one of its leases ends, other sessions are
        woken for work instead."""
        self.given: dict[bytes, bytes] = {}
        """Attempt id -> task id of attempts that the executor was given or listed in Hello, and that are not known to
        have ended. Progress of any other attempt is ignored. Unlike `_held`, this may have more attempts than slots.
        """
        self.unhindered: set[Lane] = set()
        """Lanes whose last eager lease was granted without a limit of the type: mostly the next one will be, too."""
        self.starting = 0
        """Batches that are leased and not yet delivered: if Redis was emptied meanwhile, it does not count them."""
        self.freed_count = 0
        """How often this replica learned that leases of this session have ended."""
        self._is_shut = is_shut
        self._held: dict[
            bytes, bool
        ] = {}  # attempts that count as held, and whether the executor has named them
        self._work = asyncio.Event()
        self._is_looking = False

    # --- held attempts ----------------------------------------------------------------------------------------------

    @property
    def free(self) -> int:
        """Free slots by our own count; 0 when the session is to be given no tasks."""
        return 0 if self._is_shut() else max(0, self.count - len(self._held))

    def hold(self, leases: Iterable[Lease], *, named: bool = False) -> None:
        """Count these leases as held. If they are more than the slots, the oldest have ended unnoticed: drop those."""
        held, given = self._held, self.given
        for task_id, attempt_id in leases:
            held[attempt_id] = named
            given[attempt_id] = task_id
        while len(held) > max(self.count, 1):
            del held[next(iter(held))]
        while len(given) > MOST_GIVEN:
            del given[next(iter(given))]
        if not self.free:
            self.is_full = True

    def take(self, leases: Iterable[Lease]) -> None:
        """Count a batch as held that is now being delivered; see `starting`."""
        self.hold(leases)
        self.starting += 1

    def holds(self, attempt_id: bytes) -> bool:
        """Whether this attempt counts as held."""
        return attempt_id in self._held

    def note_named(self, attempt_ids: Iterable[bytes]) -> None:
        """Note that the executor has sent events of these attempts over its stream."""
        held = self._held
        for attempt_id in attempt_ids:
            if attempt_id in held:
                held[attempt_id] = True

    def has_named(self, attempt_id: bytes) -> bool:
        """Whether the executor has sent an event of this attempt over its stream, and so has read the assignment."""
        return self._held.get(attempt_id, False)

    def drop(self, attempt_ids: Iterable[bytes]) -> None:
        """Count these attempts as ended."""
        for attempt_id in attempt_ids:
            self.drop_one(attempt_id)

    def drop_one(self, attempt_id: bytes) -> bool:
        """Count this attempt as ended; True when it counted as held."""
        self.given.pop(attempt_id, None)
        return self._held.pop(attempt_id, None) is not None

    # --- waking -----------------------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Wake the session: there may be tasks for a free slot."""
        self._work.set()

    def note_freed(self) -> None:
        """Note that a lease ended. Wakes the session only if it ran out of slots; otherwise it had run out of tasks."""
        self.freed_count += 1
        if self.is_full:
            self.is_full = False
            self.wake()

    def note_popped(self, *, ran_out: bool, freed_before: int) -> None:
        """Learn from a pop whether the session ran out of slots.

        Args:
            ran_out: Redis found fewer free slots than tasks were asked for.
            freed_before: `freed_count` when the pop began.
        """
        is_freed = self.freed_count != freed_before
        self.is_full = not self.free or (ran_out and not is_freed)
        if ran_out and is_freed:
            self.wake()  # a slot was freed during the pop, perhaps after Redis had counted

    @property
    def is_waiting(self) -> bool:
        """Whether the session waits to be woken."""
        return self._is_looking and not self._work.is_set()

    @property
    def is_idle(self) -> bool:
        """Whether the session waits, and holds nothing by our own count."""
        return self.is_waiting and not self._held and not self.is_full

    async def look(self, seconds: float) -> bool:
        """Return True when there may be work, False after `seconds`.

        Also True if a session was woken that has no free slot or was shut meanwhile: the caller then wakes others.
        """
        self._is_looking = True
        try:
            async with asyncio.timeout(seconds):
                await self._work.wait()
        except TimeoutError:
            return False
        finally:
            self._is_looking = False
        self._work.clear()
        if not self.free:
            self.is_full = True
        return True

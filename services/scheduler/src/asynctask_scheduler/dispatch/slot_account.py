"""The account of one session's slots: which attempts hold them, how many are free, and news of work for free ones.

Redis has the last word on which executor holds which lease. The account only saves calls to Redis that would find
nothing: a session whose slots are all taken does not pop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from asynctask_core import limits
from asynctask_scheduler.queue.answers import Lane, Lease

MOST_GIVEN = 2 * limits.SLOTS
"""Attempts of one stream whose end was not heard of; the oldest are forgotten."""


class SlotAccount:
    """Counts the slots of one session, and wakes the session when a free one may find work."""

    def __init__(self, count: int, *, is_shut: Callable[[], bool]) -> None:
        """Account for `count` slots; none of them is free while `is_shut()` says that the session takes nothing."""
        self.count = count
        self.is_full = False
        """Whether slots were what it last ran out of: news of work is for others, until one of its leases ends."""
        self.given: dict[bytes, bytes] = {}
        """The tasks of attempts that the executor was given or came with, and that are not known to have ended.

        Progress of any other attempt is made up. Unlike what is held, this keeps attempts beyond the slots.
        """
        self.unhindered: set[Lane] = set()
        """Kinds of which the last eager lease was granted, and is under no limit: so will the next one be, mostly."""
        self.starting = 0
        """Batches that were leased and are on their way to the executor: Redis may have lost them, and not know."""
        self.freed_count = 0
        """How often this replica was told that leases of this session have ended."""
        self._is_shut = is_shut
        self._held: dict[
            bytes, bool
        ] = {}  # attempts believed to be held, and whether the executor has named them
        self._work = asyncio.Event()
        self._is_looking = False

    # --- what is held -----------------------------------------------------------------------------------------------

    @property
    def free(self) -> int:
        """Slots believed to be free, 0 when nothing more shall be given."""
        return 0 if self._is_shut() else max(0, self.count - len(self._held))

    def hold(self, leases: Iterable[Lease], *, named: bool = False) -> None:
        """Believe these leases to be held. More than the slots means that the oldest ones ended unheard of."""
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
        """Believe a batch to be held that is on its way to the executor from now on; see `starting`."""
        self.hold(leases)
        self.starting += 1

    def holds(self, attempt_id: bytes) -> bool:
        """Whether this attempt is believed to be held."""
        return attempt_id in self._held

    def note_named(self, attempt_ids: Iterable[bytes]) -> None:
        """Note that the executor has said something of these attempts over its stream."""
        held = self._held
        for attempt_id in attempt_ids:
            if attempt_id in held:
                held[attempt_id] = True

    def has_named(self, attempt_id: bytes) -> bool:
        """Whether the executor has said anything of this attempt over its stream, so has read its assignment."""
        return self._held.get(attempt_id, False)

    def drop(self, attempt_ids: Iterable[bytes]) -> None:
        """Believe these attempts to be over."""
        for attempt_id in attempt_ids:
            self.drop_one(attempt_id)

    def drop_one(self, attempt_id: bytes) -> bool:
        """Believe this attempt to be over; True when it was believed to be held."""
        self.given.pop(attempt_id, None)
        return self._held.pop(attempt_id, None) is not None

    # --- news -------------------------------------------------------------------------------------------------------

    def wake(self) -> None:
        """There may be work for a free slot."""
        self._work.set()

    def note_freed(self) -> None:
        """A lease ended: news only for a session that ran out of slots, the others have found nothing to pop."""
        self.freed_count += 1
        if self.is_full:
            self.is_full = False
            self.wake()

    def note_popped(self, *, ran_out: bool, freed_before: int) -> None:
        """Learn from a pop whether slots were what it ran out of.

        Args:
            ran_out: Redis found no free slot for as much as was asked for.
            freed_before: `freed_count` when the pop began.
        """
        is_freed = self.freed_count != freed_before
        self.is_full = not self.free or (ran_out and not is_freed)
        if ran_out and is_freed:
            self.wake()  # a slot was freed during the pop, perhaps after Redis had looked

    @property
    def is_waiting(self) -> bool:
        """Whether the session looks for work only when it is woken."""
        return self._is_looking and not self._work.is_set()

    @property
    def is_idle(self) -> bool:
        """Whether the session waits, and is believed to hold nothing."""
        return self.is_waiting and not self._held and not self.is_full

    async def look(self, seconds: float) -> bool:
        """Return True when there may be work, False after `seconds`.

        News that reaches a session without a free slot, or one that was shut meanwhile, is still answered with True:
        the caller passes it on to other sessions.
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

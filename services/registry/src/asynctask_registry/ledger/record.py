"""Records executors' events: checkpoints, finished stages and outcomes, in order per attempt.

Most attempts of short tasks send one event, a success: one set-based statement records those (`completion`). All other
events are folded by the pure life cycle under row locks (`folding`). Content that Postgres refuses is recorded as
refused (`refusals`), without any effect on the events of other attempts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from asynctask_core.errors import InvalidInput
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.task.v1.work_pb2 import Ack, Event
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger import completion, folding, refusals
from asynctask_registry.ledger.bisect import bisect
from asynctask_registry.ledger.folding import AttemptEvents, RecordedEvents
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool


class EventWriter:
    """Records batches of events."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def record(self, attempts: Sequence[AttemptEvents]) -> list[RecordedEvents]:
        """Record events; one answer per attempt, in order.

        Raises:
            StoreUnavailable, OutcomeUnknown: for all of them; repeat: what was recorded is answered as a duplicate.
        """
        answers: list[RecordedEvents | None] = [None] * len(attempts)
        quick = [number for number, attempt in enumerate(attempts) if completion.is_plain(attempt)]
        if quick:
            types = await self._types.current()
            try:
                done = await self._pool.run(
                    lambda connection: completion.complete(
                        connection, [attempts[number] for number in quick], types
                    )
                )
            except ContentRefused:
                done = [None] * len(quick)  # `bisect` below finds the bad ones
            for number, recorded in zip(quick, done, strict=True):
                answers[number] = recorded
        rest = [number for number, answer in enumerate(answers) if answer is None]
        folded = await bisect([attempts[number] for number in rest], self._fold, self._refuse)
        for number, recorded in zip(rest, folded, strict=True):
            answers[number] = recorded
        return [answer for answer in answers if answer is not None]

    async def _fold(self, attempts: Sequence[AttemptEvents]) -> list[RecordedEvents]:
        types = await self._types.current()
        return await folding.fold(self._pool, attempts, types)

    async def _refuse(self, attempt: AttemptEvents, refused: ContentRefused) -> RecordedEvents:
        """Find the bad event of one attempt by recording them one at a time."""
        acks: list[Ack] = []
        standings: dict[bytes, Standing] = {}
        for event in attempt.events:
            recorded = await self._record_singly(AttemptEvents(attempt.task_id, attempt.attempt_id, (event,)))
            acks += recorded.acks
            standings |= {standing.task_id: standing for standing in recorded.standings}
        return RecordedEvents(refusals.summary(acks), list(standings.values()))

    async def _record_singly(self, attempt: AttemptEvents) -> RecordedEvents:
        try:
            (recorded,) = await self._fold([attempt])
        except ContentRefused as refused:
            return await refusals.record(self._pool, attempt, refused, await self._types.current())
        return recorded


def by_attempt(
    events: Sequence[Event], ids: Iterable[tuple[bytes, bytes]] | None = None
) -> list[AttemptEvents]:
    """Group events by attempt, each attempt's in the order given; `ids` are the task and attempt of each.

    Raises:
        InvalidInput: an event has no sequence number, or names no event.
    """
    groups: dict[tuple[bytes, bytes], list[Event]] = {}
    if ids is None:
        ids = ((event.task_id, event.attempt_id) for event in events)
    for event, named in zip(events, ids, strict=True):
        if event.sequence < 1 or event.WhichOneof("event") is None:
            raise InvalidInput(
                "an event needs a sequence number from 1 and a checkpoint, stage_finished or outcome"
            )
        groups.setdefault(named, []).append(event)
    return [
        AttemptEvents(task_id, attempt_id, tuple(group)) for (task_id, attempt_id), group in groups.items()
    ]

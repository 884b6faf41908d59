"""Records as refused an event whose content Postgres refuses, see `folding.refuse`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from asynctask_protos.task.v1.work_pb2 import (
    EVENT_VERDICT_APPLIED,
    EVENT_VERDICT_REFUSED,
    EVENT_VERDICT_SUPERSEDED,
    Ack,
)
from asynctask_registry.catalogue.types import KnownType
from asynctask_registry.ledger.folding import (
    AttemptEvents,
    RecordedEvents,
    ack_of,
    place,
    recorded_of,
    refuse,
)
from asynctask_registry.ledger.transition.transition import Transition, transact
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool


async def record(
    pool: Pool, attempt: AttemptEvents, refused: ContentRefused, types: Mapping[str, KnownType]
) -> RecordedEvents:
    """Record the single event of `attempt` as refused."""
    named = [attempt.task_id]
    ack, transition = await transact(pool, named, types, lambda opened: _refuse(opened, attempt, refused))
    return recorded_of(transition, attempt, [ack])


async def _refuse(transition: Transition, attempt: AttemptEvents, refused: ContentRefused) -> Ack:
    (event,) = attempt.events
    task = transition.tasks.get(attempt.task_id)
    if task is None:
        return Ack(
            attempt_id=attempt.attempt_id,
            last_sequence=event.sequence,
            verdict=EVENT_VERDICT_SUPERSEDED,
            ended=True,
        )
    verdict = place(task, event)
    if verdict == EVENT_VERDICT_APPLIED:
        return refuse(task, event, str(refused))
    return ack_of(task, attempt.attempt_id, verdict, event.sequence)


def summary(acks: Sequence[Ack]) -> list[Ack]:
    """The acks of an attempt whose events were recorded one at a time: every refusal, and the last one."""
    return [ack for ack in acks[:-1] if ack.verdict == EVENT_VERDICT_REFUSED] + list(acks[-1:])

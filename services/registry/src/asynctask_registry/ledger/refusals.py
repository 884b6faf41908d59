"""What becomes of an event whose content Postgres refuses: it is recorded as refused, see `folding.refuse`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from asynctask_protos.task.v1.work_pb2 import (
    EVENT_VERDICT_APPLIED,
    EVENT_VERDICT_REFUSED,
    EVENT_VERDICT_SUPERSEDED,
    Ack,
)
from asynctask_registry.catalogue.types import KnownType
from asynctask_registry.ledger.facts import lock
from asynctask_registry.ledger.folding import (
    AttemptEvents,
    Recorded,
    TaskFold,
    ack_of,
    place,
    refuse,
    write_back,
)
from asynctask_registry.store.faults import Refused
from asynctask_registry.store.pool import Session


async def record(
    session: Session, attempt: AttemptEvents, refused: Refused, types: Mapping[str, KnownType]
) -> Recorded:
    """Record the single event of `attempt` as refused."""
    (event,) = attempt.events
    async with session.transaction():
        locked = await lock(session, [attempt.task_id])
        known = locked.get(attempt.task_id)
        if known is None:
            gone = Ack(
                attempt_id=attempt.attempt_id,
                last_sequence=event.sequence,
                verdict=EVENT_VERDICT_SUPERSEDED,
                ended=True,
            )
            return Recorded([gone], [])
        task = TaskFold.of(known)
        verdict = place(task, event)
        if verdict == EVENT_VERDICT_APPLIED:
            ack = refuse(task, event, str(refused), types)
            await write_back(session, [task])
        else:
            ack = ack_of(task, attempt.attempt_id, verdict, event.sequence)
    changed = task.facts.version != known.facts.version
    return Recorded([ack], [task.standing] if changed else [])


def summary(acks: Sequence[Ack]) -> list[Ack]:
    """The acks of an attempt whose events were recorded one at a time: every refusal, and the last one."""
    return [ack for ack in acks[:-1] if ack.verdict == EVENT_VERDICT_REFUSED] + list(acks[-1:])

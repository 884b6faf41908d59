"""What becomes of an event whose content cannot be stored.

A checkpoint so refused changes nothing but counts as acknowledged: the handler is told, and goes on or gives up. A
stage result or outcome so refused ends the task as RESULT_REFUSED, in the place of what was refused: to send it again
would be refused again, and the task would never end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from asynctask_core.commands import Ended
from asynctask_core.errors import RefusedByStore, ResultRefused
from asynctask_core.lifecycle import decide
from asynctask_core.states import AttemptResult
from asynctask_core.status import to_status
from asynctask_protos.task.v1.state_pb2 import ATTEMPT_RESULT_FAILED
from asynctask_protos.task.v1.task_pb2 import Failure
from asynctask_protos.task.v1.work_pb2 import (
    EVENT_VERDICT_APPLIED,
    EVENT_VERDICT_REFUSED,
    EVENT_VERDICT_SUPERSEDED,
    Ack,
    OutcomeEvent,
)
from asynctask_registry.catalogue.types import KnownType, rules_of
from asynctask_registry.ledger.facts import lock
from asynctask_registry.ledger.folding import (
    AttemptEvents,
    Recorded,
    TaskFold,
    ack_of,
    end,
    place,
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
            verdict = EVENT_VERDICT_REFUSED
            if event.HasField("checkpoint"):
                task.facts = replace(task.facts, last_event=event.sequence)
            else:
                _fail(task, attempt.attempt_id, event.sequence, str(refused), types)
            await write_back(session, [task])
    ack = ack_of(task, attempt.attempt_id, verdict, event.sequence)
    if verdict == EVENT_VERDICT_REFUSED:
        what = "checkpoint" if event.HasField("checkpoint") else "result"
        ack.error.CopyFrom(to_status(RefusedByStore(f"the {what} cannot be stored: {refused}")))
    changed = task.facts.version != known.facts.version
    return Recorded([ack], [task.standing] if changed else [])


def _fail(task: TaskFold, attempt_id: bytes, sequence: int, why: str, types: Mapping[str, KnownType]) -> None:
    before = task.facts
    command = Ended(attempt_id, AttemptResult.FAILED, sequence, retryable=False)
    task.facts = decide(before, command, rules_of(types, before.task_type), task.known.now_us).facts
    failure = Failure(
        reason=ResultRefused.reason, message=f"the result cannot be stored: {why}", stage=before.stage
    )
    end(task, OutcomeEvent(result=ATTEMPT_RESULT_FAILED, failure=failure), before)


def summary(acks: Sequence[Ack]) -> list[Ack]:
    """The acks of an attempt whose events were recorded one at a time: every refusal, and the last one."""
    return [ack for ack in acks[:-1] if ack.verdict == EVENT_VERDICT_REFUSED] + list(acks[-1:])

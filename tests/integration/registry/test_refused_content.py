"""Events whose content Postgres refuses, or that is over its limit: refused alone, in a batch of others."""

from __future__ import annotations

import json

import pytest

from asynctask_core import limits
from asynctask_core.states import AttemptResult
from asynctask_core.status import from_status
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1 import work_pb2 as work
from asynctask_protos.task.v1.state_pb2 import TASK_STATE_FAILED
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    checkpoint,
    failure,
    finished,
    get,
    history,
    outcome,
    progress,
    record,
    row,
    started,
    success,
)


async def test_nul_in_a_traceback_or_message_is_kept_visibly(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    event = failure(task_id, attempt_id, retryable=False, text="bad \x00 byte")
    event.progress.CopyFrom(progress(1, message="m\x00", unit="u\x00"))
    (answer,) = await record(ledger, event)
    assert answer.acks[0].verdict == work.EVENT_VERDICT_APPLIED
    task = await get(ledger, task_id)
    assert task.failure.message == "bad \x00 byte"
    assert task.stages[0].progress.message == "m\\0"


async def test_poison_in_the_middle_of_a_batch_is_refused_and_the_others_commit(
    postgres_url: str, ledger: Ledger
) -> None:
    """Law 10. Broken once on purpose: with every refusal of a batch answered for all of it, this fails."""
    pairs = [await started(ledger) for _ in range(7)]
    events = [success(*pair) for pair in pairs]
    events[3] = success(*pairs[3], result='"\x00"')
    events[5] = checkpoint(*pairs[5], 1, '"\x00"')
    answers = await record(ledger, *events)
    verdicts = [answer.acks[0].verdict for answer in answers]
    applied, refused = work.EVENT_VERDICT_APPLIED, work.EVENT_VERDICT_REFUSED
    assert verdicts == [applied, applied, applied, refused, applied, refused, applied]
    states = [(await row(postgres_url, task_id))["task_status"] for task_id, _ in pairs]
    assert states == ["completed"] * 3 + ["failed", "completed", "running", "completed"]


async def test_refused_result_fails_the_task_and_says_why(postgres_url: str, ledger: Ledger) -> None:
    """Laws 1 and 10. Broken once on purpose: with refusals.py leaving the event out, the task never ends and this
    fails."""
    task_id, attempt_id = await started(ledger)
    (answer,) = await record(ledger, success(task_id, attempt_id, result='"\x00"'))
    (ack,) = answer.acks
    assert (ack.verdict, ack.last_sequence, ack.ended) == (work.EVENT_VERDICT_REFUSED, 1, True)
    assert from_status(ack.error).reason == "REFUSED_BY_STORE"
    assert [standing.state for standing in answer.standings] == [TASK_STATE_FAILED]
    assert (await get(ledger, task_id)).failure.reason == "RESULT_REFUSED"
    (attempt,) = await history(postgres_url, task_id)
    assert attempt["execution_result"] == "failed"
    assert json.loads(attempt["failure"])["reason"] == "RESULT_REFUSED"
    (again,) = await record(ledger, success(task_id, attempt_id, result='"\x00"'))
    assert again.acks[0].verdict == work.EVENT_VERDICT_DUPLICATE


async def test_refused_checkpoint_counts_as_acknowledged_and_changes_nothing(ledger: Ledger) -> None:
    """Laws 3 and 10. Broken once on purpose: with refusals.py leaving the event out, the one after it is a gap for ever
    and this fails."""
    task_id, attempt_id = await started(ledger)
    (answer,) = await record(
        ledger,
        checkpoint(task_id, attempt_id, 1, '{"good": 1}'),
        checkpoint(task_id, attempt_id, 2, '{"bad": "\x00"}'),
        checkpoint(task_id, attempt_id, 3, "x" * (limits.CHECKPOINT_BYTES + 1)),
    )
    assert [(ack.verdict, ack.last_sequence) for ack in answer.acks] == [
        (work.EVENT_VERDICT_REFUSED, 2),
        (work.EVENT_VERDICT_REFUSED, 3),
    ]
    assert (await get(ledger, task_id)).stages[0].checkpoint_json == '{"good": 1}'
    (answer,) = await record(ledger, checkpoint(task_id, attempt_id, 4, '{"good": 2}'))
    assert answer.acks[0].verdict == work.EVENT_VERDICT_APPLIED


async def test_refused_stage_result_fails_the_task(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    too_large = '"' + "x" * limits.RESULT_BYTES + '"'
    (answer,) = await record(ledger, finished(task_id, attempt_id, 1, too_large))
    assert (answer.acks[0].verdict, answer.acks[0].ended) == (work.EVENT_VERDICT_REFUSED, True)
    assert (await get(ledger, task_id)).failure.reason == "RESULT_REFUSED"


async def test_result_of_the_largest_size_is_kept(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    largest = '"' + "x" * (limits.RESULT_BYTES - 2) + '"'
    (answer,) = await record(ledger, success(task_id, attempt_id, result=largest))
    assert answer.acks[0].verdict == work.EVENT_VERDICT_APPLIED
    assert (await get(ledger, task_id)).result_json == largest


async def test_events_over_a_bound_are_refused_in_one_batch_with_those_that_count(ledger: Ledger) -> None:
    """Fails when Postgres is asked: a stage name of 18 KB is too long for its index, and the batch was repeated for
    ever. The registry looks itself, also where a scheduler did not."""
    pairs = [await started(ledger) for _ in range(5)]
    stage = "s" * 18_000
    events = [
        success(*pairs[0]),
        checkpoint(*pairs[1], 1, stage=stage),
        checkpoint(*pairs[1], 2),
        outcome(*pairs[2], AttemptResult.FAILED, retry_after_ms=2**62, retryable=True),
        work.Event(
            task_id=pairs[3][0],
            attempt_id=pairs[3][1],
            sequence=1,
            outcome=work.OutcomeEvent(),
            refused="the scheduler says why",
        ),
        success(*pairs[4], progress=progress(float("nan"))),
    ]
    answers = await record(ledger, *events)
    applied, refused = work.EVENT_VERDICT_APPLIED, work.EVENT_VERDICT_REFUSED
    verdicts = [[ack.verdict for ack in answer.acks] for answer in answers]
    assert verdicts == [[applied], [refused, applied], [applied], [refused], [applied]]
    assert "checkpoint.stage: must be up to 64" in answers[1].acks[0].error.message
    assert (await get(ledger, pairs[2][0])).HasField("due_time")
    failed = await get(ledger, pairs[3][0])
    assert failed.failure.reason == "RESULT_REFUSED"
    assert "the scheduler says why" in failed.failure.message


async def test_stages_that_an_executor_makes_up_have_a_bound_and_those_of_the_type_always_have_room(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 10. Fails when each name that an executor sends is kept: every view of the task grows with them."""
    monkeypatch.setattr(limits, "TASK_STAGES", 3)
    task_id, attempt_id = await started(ledger)
    names = ["one", "two", "three", "four", "compare", "two"]
    events = [checkpoint(task_id, attempt_id, n, stage=name) for n, name in enumerate(names, 1)]
    (answer,) = await record(ledger, *events)
    (refused,) = [ack for ack in answer.acks if ack.verdict == work.EVENT_VERDICT_REFUSED]
    assert (refused.last_sequence, "at most 3 stages" in from_status(refused.error).message) == (4, True)
    assert answer.acks[-1].last_sequence == len(names)
    report = pb.StoredProgress(task_id=task_id, attempt_id=attempt_id, stage="five", progress=progress(5))
    await ledger.progress.keep([report])
    last = success(task_id, attempt_id, len(names) + 1, progress=progress(9))
    last.outcome.stage = "six"
    (answer,) = await record(ledger, last)
    assert answer.acks[-1].verdict == work.EVENT_VERDICT_APPLIED
    stages = {stage.name for stage in (await get(ledger, task_id)).stages}
    assert stages == {"compare", "one", "two", "three"}  # of "transfer" nothing was ever said

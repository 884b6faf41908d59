"""Recording events: in order per attempt, fenced by the attempt, each answered for itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from asynctask_core.errors import InvalidInput
from asynctask_core.ids import new_id
from asynctask_core.states import AttemptResult
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import PLACE_NOWHERE, PLACE_READY, PLACE_TIMED
from asynctask_protos.task.v1 import work_pb2 as work
from asynctask_protos.task.v1.state_pb2 import (
    REQUESTED_CANCEL,
    REQUESTED_PAUSE,
    STAGE_STATE_COMPLETED,
    STAGE_STATE_FAILED,
    STAGE_STATE_RUNNING,
    TASK_STATE_CANCELLED,
    TASK_STATE_COMPLETED,
    TASK_STATE_FAILED,
    TASK_STATE_PAUSED,
    TASK_STATE_PENDING,
    WAITING_FOR_RETRY,
)
from asynctask_protos.task.v1.task_pb2 import Failure
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.record import by_attempt
from tests.integration.registry.kit import (
    a_task,
    checkpoint,
    command,
    connected,
    create,
    created,
    end,
    failure,
    finished,
    get,
    history,
    outcome,
    progress,
    record,
    restarted,
    row,
    start,
    started,
    success,
)


async def test_task_of_two_stages_from_start_to_completion(postgres_url: str, ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    (first,) = await record(
        ledger,
        checkpoint(task_id, attempt_id, 1, progress=progress(5, unit="files", message="half")),
        finished(task_id, attempt_id, 2, '{"changes": 3}'),
    )
    (ack,) = first.acks
    assert (ack.verdict, ack.last_sequence, ack.ended) == (work.EVENT_VERDICT_APPLIED, 2, False)
    assert [standing.version for standing in first.standings] == [3]
    task = await get(ledger, task_id)
    assert (task.stage, task.percent) == ("transfer", 25.0)
    assert [stage.state for stage in task.stages] == [STAGE_STATE_COMPLETED, STAGE_STATE_RUNNING]
    assert task.stages[0].result_json == '{"changes": 3}'
    assert task.stages[0].progress.message == "half"

    (last,) = await record(ledger, success(task_id, attempt_id, 3, '{"copied": 3}', progress=progress(10)))
    assert last.acks[0].ended
    assert [(standing.place, standing.state) for standing in last.standings] == [
        (PLACE_NOWHERE, TASK_STATE_COMPLETED)
    ]
    task = await get(ledger, task_id)
    assert (task.result_json, task.percent, task.executor_id) == ('{"copied": 3}', 100.0, "")
    assert task.stages[1].result_json == '{"copied": 3}'
    assert task.HasField("end_time")
    (attempt,) = await history(postgres_url, task_id)
    assert attempt["execution_result"] == "success"
    assert attempt["end_time"] is not None


async def test_checkpoint_that_names_a_finished_stage_leaves_it_finished(ledger: Ledger) -> None:
    """Law 3. Fails when a stage may go back to running: the next attempt then gets no result of the stage before."""
    task_id, attempt_id = await started(ledger)
    await record(ledger, finished(task_id, attempt_id, 1, '"plan"'))
    await record(ledger, checkpoint(task_id, attempt_id, 2, stage="compare"))
    compare = (await get(ledger, task_id)).stages[0]
    assert (compare.state, compare.result_json) == (STAGE_STATE_COMPLETED, '"plan"')
    await end(ledger, task_id, attempt_id)
    (answer,) = await start(ledger, (task_id, new_id()))
    assert answer.result.assignment.input_json == '"plan"'


async def test_outcome_with_progress_keeps_the_checkpoint_before_it(ledger: Ledger) -> None:
    """Law 3. Fails when an event of a stage that brings no checkpoint takes away the one that is there."""
    task_id, attempt_id = await started(ledger)
    await record(ledger, checkpoint(task_id, attempt_id, 1, '{"at": 7}'))
    given_back = outcome(task_id, attempt_id, AttemptResult.RELEASED, 2)
    given_back.progress.CopyFrom(progress(8))
    await record(ledger, given_back)
    (answer,) = await start(ledger, (task_id, new_id()))
    assignment = answer.result.assignment
    assert (assignment.checkpoint.json, assignment.progress.done) == ('{"at": 7}', 8)


async def test_event_sent_twice_is_a_duplicate_and_changes_nothing(postgres_url: str, ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await record(ledger, checkpoint(task_id, attempt_id, 1, '{"at": 1}'))
    (again,) = await record(ledger, checkpoint(task_id, attempt_id, 1, '{"at": 99}'))
    assert (again.acks[0].verdict, again.acks[0].last_sequence) == (work.EVENT_VERDICT_DUPLICATE, 1)
    assert (await get(ledger, task_id)).stages[0].checkpoint_json == '{"at": 1}'
    done = success(task_id, attempt_id, 2)
    await record(ledger, done)
    for _ in range(2):
        (repeated,) = await record(ledger, done)
        assert (repeated.acks[0].verdict, repeated.acks[0].ended) == (work.EVENT_VERDICT_DUPLICATE, True)
        assert repeated.standings == []
    assert (await row(postgres_url, task_id))["version"] == 3


async def test_hole_in_the_numbers_is_a_gap_and_what_follows_waits(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    (answer,) = await record(
        ledger,
        checkpoint(task_id, attempt_id, 1, "1"),
        checkpoint(task_id, attempt_id, 3, "3"),
        success(task_id, attempt_id, 4),
    )
    assert (answer.acks[0].verdict, answer.acks[0].last_sequence) == (work.EVENT_VERDICT_GAP, 1)
    (answer,) = await record(ledger, success(task_id, attempt_id, 4))
    assert (answer.acks[0].verdict, answer.acks[0].last_sequence) == (work.EVENT_VERDICT_GAP, 1)
    (answer,) = await record(
        ledger,
        checkpoint(task_id, attempt_id, 2, "2"),
        checkpoint(task_id, attempt_id, 3, "3"),
        success(task_id, attempt_id, 4),
    )
    assert (answer.acks[0].verdict, answer.acks[0].last_sequence) == (work.EVENT_VERDICT_APPLIED, 4)


async def test_event_waits_for_the_manifest_chunks_before_it(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    (answer,) = await record(ledger, success(task_id, attempt_id, 1, after_chunk=1))
    assert (answer.acks[0].verdict, answer.acks[0].last_sequence) == (work.EVENT_VERDICT_GAP, 0)
    (answer,) = await record(ledger, checkpoint(task_id, attempt_id, 1, after_chunk=1))
    assert answer.acks[0].verdict == work.EVENT_VERDICT_GAP


async def test_event_of_an_older_attempt_changes_nothing(postgres_url: str, ledger: Ledger) -> None:
    """Law 2. Broken once on purpose: without `attempt_id = …` in task_complete.sql this fails."""
    task_id, old = await started(ledger)
    await end(ledger, task_id, old)
    new = await restarted(ledger, task_id)
    before = await row(postgres_url, task_id)
    late = [
        success(task_id, old, 1),
        checkpoint(task_id, old, 1),
        finished(task_id, old, 1),
        failure(task_id, old, 1),
        *(outcome(task_id, old, result) for result in AttemptResult),
    ]
    for event in late:
        (answer,) = await record(ledger, event)
        (ack,) = answer.acks
        assert (ack.verdict, ack.last_sequence, ack.ended) == (work.EVENT_VERDICT_SUPERSEDED, 1, True)
        assert answer.standings == []
    assert await row(postgres_url, task_id) == before
    (answer,) = await record(ledger, success(task_id, new))
    assert answer.acks[0].verdict == work.EVENT_VERDICT_APPLIED


async def test_event_of_an_unknown_task_is_superseded(ledger: Ledger) -> None:
    answers = await record(ledger, success(new_id(), new_id()), checkpoint(new_id(), new_id(), 1))
    assert [answer.acks[0].verdict for answer in answers] == [work.EVENT_VERDICT_SUPERSEDED] * 2


async def test_old_and_current_attempt_of_one_task_in_one_batch(ledger: Ledger) -> None:
    task_id, old = await started(ledger)
    await end(ledger, task_id, old)
    new = await restarted(ledger, task_id)
    answers = await record(ledger, success(task_id, old), success(task_id, new))
    assert [answer.acks[0].verdict for answer in answers] == [
        work.EVENT_VERDICT_SUPERSEDED,
        work.EVENT_VERDICT_APPLIED,
    ]


async def test_error_is_tried_again_after_a_pause_and_then_fails(postgres_url: str, ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    for errors in (1, 2):
        attempt_id = await restarted(ledger, task_id)
        (answer,) = await record(ledger, failure(task_id, attempt_id, text=f"error {errors}"))
        (standing,) = answer.standings
        assert standing.place == PLACE_TIMED
        assert 29_000 < standing.due_in_ms <= 60_000
        task = await get(ledger, task_id)
        assert (task.task_status, task.waiting_for) == (TASK_STATE_PENDING, WAITING_FOR_RETRY)
        assert (task.error_count, task.failure.message) == (errors, f"error {errors}")
        await make_due(postgres_url, task_id)
    attempt_id = await restarted(ledger, task_id)
    (answer,) = await record(ledger, failure(task_id, attempt_id, text="error 3"))
    assert [standing.state for standing in answer.standings] == [TASK_STATE_FAILED]
    task = await get(ledger, task_id)
    assert (task.failure.reason, task.failure.error_type, task.failure.message) == (
        "HANDLER_ERROR",
        "OSError",
        "error 3",
    )
    assert task.failure.traceback.startswith("Traceback")
    assert task.stages[0].state == STAGE_STATE_FAILED
    attempts = await ledger.reader.attempts(task_id)
    assert [attempt.failure.message for attempt in attempts] == ["error 1", "error 2", "error 3"]


async def make_due(url: str, task_id: bytes) -> None:
    async with connected(url) as connection:
        await connection.execute("UPDATE tasks SET due_at = now() WHERE task_id = $1", task_id)


async def test_error_that_no_retry_can_help_fails_at_once(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    (answer,) = await record(ledger, failure(task_id, attempt_id, retryable=False))
    assert [standing.state for standing in answer.standings] == [TASK_STATE_FAILED]


async def test_released_task_is_ready_at_its_first_ready_time(ledger: Ledger) -> None:
    task = a_task()
    (made,) = await create(ledger, task)
    attempt_id = await restarted(ledger, task.task_id)
    (answer,) = await record(ledger, outcome(task.task_id, attempt_id, AttemptResult.RELEASED))
    (standing,) = answer.standings
    assert made.standing is not None
    assert (standing.place, standing.ready_at_us) == (PLACE_READY, made.standing.ready_at_us)


async def test_postponed_task_waits_with_its_reason_and_no_error_counts(
    postgres_url: str, ledger: Ledger
) -> None:
    """Fails when what the handler waits for is not kept, or uses up the retry policy."""
    task_id, attempt_id = await started(ledger)
    why = Failure(reason="NOT_MOUNTED", message="is it still mounted?")
    event = outcome(task_id, attempt_id, AttemptResult.RELEASED, failure=why, retry_after_ms=60_000)
    (answer,) = await record(ledger, event)
    (standing,) = answer.standings
    assert standing.place == PLACE_TIMED
    assert 50_000 < standing.due_in_ms <= 60_000
    task = await get(ledger, task_id)
    assert (task.error_count, task.release_count, task.waiting_for) == (0, 1, WAITING_FOR_RETRY)
    assert task.failure.message == "is it still mounted?"
    (attempt,) = await history(postgres_url, task_id)
    assert attempt["execution_result"] == "released"
    assert "still mounted" in str(attempt["failure"])
    async with connected(postgres_url) as connection:
        assert await connection.fetchval("SELECT postpone_count FROM tasks WHERE task_id = $1", task_id) == 1


async def test_every_ack_says_what_is_requested(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_PAUSE)
    (answer,) = await record(ledger, checkpoint(task_id, attempt_id, 1))
    assert answer.acks[0].requested == REQUESTED_PAUSE
    await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
    (answer,) = await record(ledger, finished(task_id, attempt_id, 2))
    assert answer.acks[0].requested == REQUESTED_CANCEL
    assert [standing.requested for standing in answer.standings] == [REQUESTED_CANCEL]


@pytest.mark.parametrize(
    ("kind", "state"),
    [(pb.COMMAND_KIND_PAUSE, TASK_STATE_PAUSED), (pb.COMMAND_KIND_CANCEL, TASK_STATE_CANCELLED)],
)
@pytest.mark.parametrize("result", [AttemptResult.PAUSED, AttemptResult.RELEASED, AttemptResult.CANCELLED])
async def test_request_is_carried_out_when_the_attempt_ends(
    ledger: Ledger, kind: Any, state: Any, result: AttemptResult
) -> None:
    task_id, attempt_id = await started(ledger)
    await command(ledger, task_id, kind)
    (answer,) = await record(ledger, outcome(task_id, attempt_id, result))
    assert [(standing.place, standing.state) for standing in answer.standings] == [(PLACE_NOWHERE, state)]


async def test_completion_wins_over_a_request(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
    (answer,) = await record(ledger, success(task_id, attempt_id))
    assert [standing.state for standing in answer.standings] == [TASK_STATE_COMPLETED]


async def test_concurrent_batches_in_opposite_orders_apply_every_event_once(
    postgres_url: str, ledger: Ledger
) -> None:
    pairs = [await started(ledger) for _ in range(30)]
    first = [[checkpoint(*pair, 1) for pair in (pairs if n % 2 else pairs[::-1])] for n in range(6)]
    last = [[success(*pair, 2) for pair in (pairs if n % 2 else pairs[::-1])] for n in range(6)]
    for batches in (first, last):
        answers = await asyncio.gather(*(record(ledger, *batch) for batch in batches))
        verdicts = [answer.acks[0].verdict for batch in answers for answer in batch]
        assert verdicts.count(work.EVENT_VERDICT_APPLIED) == 30
        assert verdicts.count(work.EVENT_VERDICT_DUPLICATE) == 150
    versions = [(await row(postgres_url, task_id))["version"] for task_id, _ in pairs]
    assert versions == [3] * 30


def test_event_without_a_number_or_content_is_refused() -> None:
    for event in (
        success(new_id(), new_id(), 0),
        work.Event(task_id=new_id(), attempt_id=new_id(), sequence=1),
    ):
        with pytest.raises(InvalidInput):
            by_attempt([event])

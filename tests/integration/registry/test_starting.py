"""Starting tasks: one attempt at a time, also when the scheduler is wrong about a task."""

from __future__ import annotations

import asyncio

from asynctask_core.ids import new_id
from asynctask_core.states import AttemptResult
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import PLACE_LEASED, PLACE_NOWHERE, PLACE_READY, PLACE_TIMED
from asynctask_protos.task.v1.state_pb2 import TASK_STATE_PENDING
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    a_task,
    checkpoint,
    command,
    connected,
    create,
    created,
    end,
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


async def verdict(ledger: Ledger, task_id: bytes, attempt_id: bytes) -> tuple[int, int | None]:
    (answer,) = await start(ledger, (task_id, attempt_id))
    return answer.result.verdict, answer.standing.place if answer.standing else None


async def test_start_answers_what_the_executor_needs_and_notes_the_attempt(
    postgres_url: str, ledger: Ledger
) -> None:
    task = a_task(task_config='{"深": 1}', priority=2)
    await create(ledger, task)
    attempt_id = new_id()
    (answer,) = await start(ledger, (task.task_id, attempt_id), executor_id="host-1")
    assignment, standing = answer.result.assignment, answer.standing
    assert answer.result.verdict == pb.START_VERDICT_STARTED
    assert (assignment.task_id, assignment.attempt_id) == (task.task_id, attempt_id)
    assert (assignment.task_type, assignment.task_config) == ("copy", '{"深": 1}')
    assert (assignment.epoch, assignment.run, assignment.max_attempts, assignment.priority) == (1, 1, 3, 2)
    assert standing is not None
    assert (standing.place, standing.attempt_id, standing.executor_id) == (PLACE_LEASED, attempt_id, "host-1")
    (attempt,) = await history(postgres_url, task.task_id)
    assert attempt["history_id"] == attempt_id
    assert attempt["end_time"] is None
    assert attempt["execution_result"] is None


async def test_repeated_start_answers_the_same_assignment(postgres_url: str, ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    attempt_id = new_id()
    (first,) = await start(ledger, (task_id, attempt_id))
    (second,) = await start(ledger, (task_id, attempt_id))
    assert second.result.verdict == pb.START_VERDICT_ALREADY_STARTED
    assert second.result.assignment == first.result.assignment
    assert second.standing == first.standing
    assert len(await history(postgres_url, task_id)) == 1


async def test_every_id_is_answered_in_its_place(ledger: Ledger) -> None:
    queued, running, paused, timed, finished_task = await created(ledger, 5)
    running_attempt, final_attempt = await restarted(ledger, running), await restarted(ledger, finished_task)
    await record(ledger, success(finished_task, final_attempt))
    await command(ledger, paused, pb.COMMAND_KIND_PAUSE)
    (later,) = await created(ledger, delay_ms=60_000)
    ended = new_id()
    await end(ledger, timed, ended, AttemptResult.UNDELIVERED)
    answers = await start(
        ledger,
        (new_id(), new_id()),
        (queued, new_id()),
        (running, new_id()),
        (running, running_attempt),
        (paused, new_id()),
        (later, new_id()),
        (timed, ended),
        (finished_task, new_id()),
        (finished_task, final_attempt),
    )
    assert [answer.result.verdict for answer in answers] == [
        pb.START_VERDICT_UNKNOWN,
        pb.START_VERDICT_STARTED,
        pb.START_VERDICT_RUNNING_ELSEWHERE,
        pb.START_VERDICT_ALREADY_STARTED,
        pb.START_VERDICT_NOT_STARTABLE,
        pb.START_VERDICT_NOT_DUE,
        pb.START_VERDICT_ENDED,
        pb.START_VERDICT_NOT_STARTABLE,
        pb.START_VERDICT_ENDED,
    ]
    places = [answer.standing.place if answer.standing else None for answer in answers]
    leased, nowhere = PLACE_LEASED, PLACE_NOWHERE
    assert places == [None, leased, leased, leased, nowhere, PLACE_TIMED, PLACE_READY, nowhere, nowhere]
    assert answers[2].standing is not None
    assert answers[2].standing.attempt_id == running_attempt


async def test_task_of_which_alone_a_start_is_asked_does_not_start_before_its_time(ledger: Ledger) -> None:
    """Fails when the statement that starts whole batches does not ask for the time itself."""
    (later,) = await created(ledger, delay_ms=60_000)
    (answer,) = await start(ledger, (later, new_id()))
    assert answer.result.verdict == pb.START_VERDICT_NOT_DUE
    assert (await get(ledger, later)).task_status == TASK_STATE_PENDING


async def test_attempt_that_was_ended_before_it_began_never_begins(postgres_url: str, ledger: Ledger) -> None:
    """Broken once on purpose: without the tombstone of EndAttempts the late start succeeds and this fails."""
    (task_id,) = await created(ledger)
    attempt_id = new_id()
    (standing,) = await end(ledger, task_id, attempt_id, AttemptResult.RELEASED)
    assert standing.place == PLACE_READY
    assert await verdict(ledger, task_id, attempt_id) == (pb.START_VERDICT_ENDED, PLACE_READY)
    assert (await row(postgres_url, task_id))["attempt_count"] == 0
    # The same call with a healthy start beside it: that one is not held up.
    (other,) = await created(ledger)
    answers = await start(ledger, (task_id, attempt_id), (other, new_id()))
    assert [answer.result.verdict for answer in answers] == [pb.START_VERDICT_ENDED, pb.START_VERDICT_STARTED]


async def test_two_starts_of_one_task_in_one_batch_give_one_attempt(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    first, second = await start(ledger, (task_id, new_id()), (task_id, new_id()))
    assert first.result.verdict == pb.START_VERDICT_STARTED
    assert second.result.verdict == pb.START_VERDICT_RUNNING_ELSEWHERE
    assert second.standing is not None
    assert second.standing.attempt_id == first.result.attempt_id


async def test_many_schedulers_that_start_the_same_tasks_start_each_once(
    postgres_url: str, ledger: Ledger
) -> None:
    """Law 2. Broken once on purpose: without the guard on task_status in task_start.sql this fails."""
    ids = await created(ledger, 40)
    batches = [[(task_id, new_id()) for task_id in (ids if number % 2 else ids[::-1])] for number in range(6)]
    answers = await asyncio.gather(*(start(ledger, *batch) for batch in batches))
    begun = [a.result for batch in answers for a in batch if a.result.verdict == pb.START_VERDICT_STARTED]
    assert sorted(result.task_id for result in begun) == sorted(ids)
    async with connected(postgres_url) as connection:
        counted = "SELECT count(*) FROM task_execution_history WHERE task_id = ANY ($1)"
        assert await connection.fetchval(counted, ids) == 40
        assert (
            await connection.fetchval("SELECT max(lease_epoch) FROM tasks WHERE task_id = ANY ($1)", ids) == 1
        )


async def test_due_task_starts_and_keeps_its_due_time_as_ready_time(
    postgres_url: str, ledger: Ledger
) -> None:
    (task_id,) = await created(ledger, delay_ms=3_600_000)
    assert await verdict(ledger, task_id, new_id()) == (pb.START_VERDICT_NOT_DUE, PLACE_TIMED)
    async with connected(postgres_url) as connection:
        due_at = await connection.fetchval(
            "UPDATE tasks SET due_at = now() - interval '1 s', ready_at = NULL WHERE task_id = $1 RETURNING due_at",
            task_id,
        )
    (answer,) = await start(ledger, (task_id, new_id()))
    assert answer.result.verdict == pb.START_VERDICT_STARTED
    assert answer.standing is not None
    assert answer.standing.ready_at_us == due_at


async def test_next_attempt_gets_checkpoint_input_and_progress(ledger: Ledger) -> None:
    """Law 3: from the last acknowledged checkpoint, whoever holds it next. Broken once on purpose: without the
    checkpoint in stage_resume.sql this fails."""
    task_id, attempt_id = await started(ledger)
    await record(
        ledger,
        checkpoint(task_id, attempt_id, 1, '{"old": 1}'),
        finished(task_id, attempt_id, 2, '{"changes": 5}'),
        checkpoint(
            task_id, attempt_id, 3, '{"file": 7}', stage="transfer", progress=progress(7, unit="files")
        ),
    )
    await end(ledger, task_id, attempt_id)
    (answer,) = await start(ledger, (task_id, new_id()))
    assignment = answer.result.assignment
    assert (assignment.stage, assignment.checkpoint.json, assignment.input_json) == (
        "transfer",
        '{"file": 7}',
        '{"changes": 5}',
    )
    assert (assignment.progress.done, assignment.progress.unit, assignment.epoch) == (7, "files", 2)


async def test_checkpoint_of_the_first_stage_is_found_again(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    raw = checkpoint(task_id, attempt_id, 1)
    raw.checkpoint.checkpoint.raw = b"\x00\xff"
    await record(ledger, raw)
    await record(ledger, outcome(task_id, attempt_id, AttemptResult.RELEASED, 2))
    (answer,) = await start(ledger, (task_id, new_id()))
    assert answer.result.assignment.checkpoint.raw == b"\x00\xff"
    assert answer.result.assignment.stage == ""
    assert answer.result.assignment.input_json == ""


async def test_poisonous_executor_id_spoils_nobody_else(ledger: Ledger) -> None:
    good, bad = await created(ledger, 2)
    answers = await ledger.attempt_start_writer.start(
        [
            pb.AttemptStart(task_id=bad, attempt_id=new_id(), executor_id="e\x00"),
            pb.AttemptStart(task_id=good, attempt_id=new_id(), executor_id="e1"),
        ]
    )
    assert [answer.result.verdict for answer in answers] == [
        pb.START_VERDICT_NOT_STARTABLE,
        pb.START_VERDICT_STARTED,
    ]

"""An executor against a scheduler in this process, over real gRPC."""

import json
from dataclasses import dataclass

import pytest

import asynctask
from asynctask import Context, Executor, TaskType, ThreadContext
from asynctask_core.ids import id_text
from asynctask_protos.task.v1 import state_pb2, work_pb2
from tests.integration.sdk.loopback import running_executor, running_loopback


@dataclass
class Config:
    steps: int = 3


@dataclass
class Halfway:
    total: int


def two_stages() -> TaskType:
    kind = TaskType("two", config=Config)

    @kind.stage
    async def first(ctx: Context[Config], config: Config) -> Halfway:
        ctx.progress(1, config.steps, unit="steps")
        return Halfway(config.steps * 2)

    @kind.stage
    async def second(ctx: Context[Config], half: Halfway) -> int:
        assert ctx.config.steps * 2 == half.total
        return half.total + 1

    return kind


@pytest.fixture
async def loopback():
    async with running_loopback() as (scheduler, address):
        yield scheduler, address


async def test_two_stages_run_and_the_result_of_the_last_is_the_outcome(loopback):
    scheduler, address = loopback
    kind = two_stages()
    async with running_executor(Executor([kind], address=address, slots=4)):
        hello = (await scheduler.connected()).hello
        assert [item.name for item in hello.task_types] == ["two"]
        assert json.loads(hello.task_types[0].config_schema_json)["$defs"]["Config"]["properties"]["steps"]
        assignment = scheduler.assign(kind, '{"steps": 5}')
        outcome = await scheduler.has_ended(assignment, "SUCCESS")
    assert outcome.result_json == "11"
    assert [event.sequence for event in scheduler.events] == [1, 2]
    assert scheduler.events[0].progress.done == 1
    assert scheduler.slots == [0]


async def test_config_that_does_not_fit_fails_with_its_path_and_is_tried_again(loopback):
    """Perhaps at an executor that has another version of the type."""
    scheduler, address = loopback
    kind = two_stages()
    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        outcome = await scheduler.has_ended(scheduler.assign(kind, '{"steps": "many"}'), "FAILED")
    assert outcome.failure.reason == "DECODE_ERROR"
    assert outcome.failure.message == "task_config.steps: must be a whole number; got 'many'"
    assert outcome.retryable


async def test_handler_that_raises_gives_class_message_and_traceback(loopback):
    scheduler, address = loopback
    kind = TaskType("raises")

    @kind.stage
    async def only(ctx: Context[None]) -> None:
        raise OSError(28, "no space\0left")

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        outcome = await scheduler.has_ended(scheduler.assign(kind), "FAILED")
    failure = outcome.failure
    assert (failure.reason, failure.error_type, failure.stage) == ("HANDLER_ERROR", "OSError", "only")
    assert "no space\\0left" in failure.message
    first_frame = failure.traceback.splitlines()[1]
    assert "test_executor_over_grpc.py" in first_frame  # none of the SDK's own frames before it
    assert outcome.retryable


async def test_log_for_people_names_what_is_served_and_what_failed_and_is_silent_about_success(
    loopback, caplog
):
    scheduler, address = loopback
    kind = TaskType("picky")

    @kind.stage
    def only(ctx: ThreadContext[str], path: str) -> None:
        if path == "gone":
            raise asynctask.errors.SourceMissing("no folder\n" + "x" * 500)
        if path == "odd":
            raise ValueError("odd")

    caplog.set_level("INFO", "asynctask.executor")
    executor = Executor([kind], address=address, slots=7)
    async with running_executor(executor):
        await scheduler.connected()
        await scheduler.has_ended(scheduler.assign(kind, '"fine"'), "SUCCESS")
        gone, odd = scheduler.assign(kind, '"gone"'), scheduler.assign(kind, '"odd"')
        outcome = await scheduler.has_ended(gone, "FAILED")
        unforeseen = await scheduler.has_ended(odd, "FAILED")
    assert outcome.failure.reason == "SOURCE_MISSING"
    assert outcome.failure.traceback == ""
    assert "test_executor_over_grpc.py" in unforeseen.failure.traceback.splitlines()[1]
    opened, *failures = [line for line in caplog.messages if line.startswith(("session.opened", "attempt."))]
    assert opened == f"session.opened: as {executor.executor_id}, serving picky at {address} with 7 slots"
    assert len(failures) == 2
    line = next(line for line in failures if "SourceMissing" in line)
    assert f"task {id_text(gone.task_id)} of type picky in stage only: " in line
    assert "SourceMissing: no folder xxx" in line
    assert len(line) < 400
    assert "\n" not in line
    # Nobody foresaw this one: where it was raised is there too.
    line = next(line for line in failures if "ValueError" in line)
    head, *trace = line.splitlines()
    assert head.endswith(f"{id_text(odd.task_id)} of type picky in stage only: ValueError: odd")
    assert "\n".join(trace) == unforeseen.failure.traceback.rstrip()


async def test_fail_is_final_and_retry_later_says_when(loopback, caplog):
    scheduler, address = loopback
    kind = TaskType("says")

    @kind.stage
    async def only(ctx: Context[bool], final: bool) -> None:
        if final:
            raise asynctask.Fail("never again")
        raise asynctask.RetryLater("busy", after="90s")

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        final = await scheduler.has_ended(scheduler.assign(kind, "true"), "FAILED")
        later = await scheduler.has_ended(scheduler.assign(kind, "false"), "FAILED")
    assert not final.retryable
    assert later.retryable
    assert later.retry_after_ms == 90_000
    # Raised on purpose: the words say it, no type name of ours and no stack trace.
    said = [line for line in caplog.messages if line.startswith("attempt.failed")]
    assert sorted(line.partition(" in stage only: ")[2] for line in said) == ["busy", "never again"]


async def test_checkpoint_is_durable_before_it_returns_and_found_by_the_next_attempt(loopback):
    """Law 3. Fails when a checkpoint returns before it is acknowledged, or an attempt does not get the last one."""
    scheduler, address = loopback
    kind = TaskType("steps")
    seen: list[object] = []
    die = True

    @kind.stage
    async def only(ctx: Context[None]) -> int:
        seen.append(ctx.last_checkpoint)
        done = (ctx.last_checkpoint or {"done": 0})["done"]
        while done < 4:
            done += 1
            await ctx.checkpoint({"done": done})
            assert scheduler.events[-1].checkpoint.checkpoint.json == json.dumps(
                {"done": done}, separators=(",", ":")
            )
            if die and done == 2:
                raise RuntimeError("boom")
        return done

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        first = scheduler.assign(kind)
        await scheduler.has_ended(first, "FAILED")
        die = False
        second = scheduler.assign(kind, task=first.task_id, epoch=2)
        outcome = await scheduler.has_ended(second, "SUCCESS")
    assert seen == [None, {"done": 2}]
    assert outcome.result_json == "4"


async def test_events_without_acknowledgement_are_sent_again_on_the_next_stream(loopback):
    """Laws 1 and 3. Fails when what was not acknowledged is forgotten with its stream: the task never goes on."""
    scheduler, address = loopback
    kind = two_stages()
    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        scheduler.hold_acks = True
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.events) == 1)
        scheduler.cut()
        scheduler.hold_acks = False
        connection = await scheduler.connected(2)
        assert [item.attempt_id for item in connection.hello.held] == [assignment.attempt_id]
        await scheduler.has_ended(assignment, "SUCCESS")
    assert [event.sequence for event in scheduler.events] == [1, 1, 2]


async def test_next_stage_starts_only_after_stage_finished_is_acknowledged(loopback):
    """Laws 3 and 9. Fails when the next stage does not wait for the acknowledgement, which carries what is asked: it
    would begin although a cancel had been acknowledged."""
    scheduler, address = loopback
    kind = two_stages()
    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        scheduler.hold_acks = True
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.events) == 1)
        scheduler.request(assignment, state_pb2.REQUESTED_CANCEL)
        outcome_or_none = scheduler.tasks[assignment.task_id].outcome
        assert outcome_or_none is None
        await scheduler.until(lambda: len(scheduler.events) == 2)
        assert scheduler.events[1].outcome.result == state_pb2.ATTEMPT_RESULT_CANCELLED
        scheduler.hold_acks = False
        scheduler.cut()  # so that everything is sent again, and the executor need not wait for it at its end


async def test_gap_makes_the_executor_send_again_from_the_first_missing_event(loopback):
    """Law 3. Fails when a gap is taken for an acknowledgement, or for nothing: the task never goes on."""
    scheduler, address = loopback
    kind = two_stages()
    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        scheduler.hold_acks = True
        assignment = scheduler.assign(kind)
        await scheduler.until(lambda: len(scheduler.events) == 1)
        scheduler.hold_acks = False
        gap = work_pb2.Ack(attempt_id=assignment.attempt_id, verdict=work_pb2.EVENT_VERDICT_GAP)
        from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb

        scheduler.send(pb.WorkResponse(acks=pb.AckBatch(acks=[gap])))
        await scheduler.has_ended(assignment, "SUCCESS")
    assert [event.sequence for event in scheduler.events] == [1, 1, 2]


async def test_log_lines_of_a_handler_reach_the_scheduler_in_order(loopback):
    import logging

    scheduler, address = loopback
    kind = TaskType("talks")

    @kind.stage
    def work(ctx: ThreadContext[None]) -> None:
        ctx.log.info("one %d", 1)
        logging.getLogger("somebody.else").warning("two\0")
        ctx.log.error("three")

    async with running_executor(Executor([kind], address=address)):
        await scheduler.connected()
        assignment = scheduler.assign(kind)
        await scheduler.has_ended(assignment, "SUCCESS")
        memory = scheduler.tasks[assignment.task_id]
        await scheduler.until(lambda: len(memory.logs) == 3)
    assert [(line.sequence, line.message, line.level) for line in memory.logs] == [
        (1, "one 1", 20),
        (2, "two\\0", 30),
        (3, "three", 40),
    ]
    assert memory.logs[1].logger == "somebody.else"

"""Commands: the intent stands until the answer is applied, or until nothing is known to have changed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import pytest

from asynctask_core.errors import (
    AsyncTaskError,
    FieldViolation,
    InternalError,
    InvalidInput,
    OutcomeUnknown,
    RefusedByStore,
    RequestIdReused,
    StoreUnavailable,
    TaskNotFound,
    TooLarge,
    VersionChanged,
    WrongState,
)
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import ApplyCommandRequest, ApplyCommandResponse
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline import standing_applier
from asynctask_scheduler.pipeline.intents import Intents
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.pipeline.task_commands import TaskCommands
from asynctask_scheduler.queue.answers import Applied
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import ready


class Answers:
    """A registry that answers a command, or fails."""

    def __init__(self, failure: AsyncTaskError | None = None) -> None:
        self.failure = failure

    async def command(self, request: ApplyCommandRequest) -> ApplyCommandResponse:
        if self.failure is not None:
            raise self.failure
        return ApplyCommandResponse(standings=[ready(request.task_id)])


class FailingQueue(QueueModel):
    """A queue whose store takes no standings."""

    async def apply(self, standings: Sequence[Standing]) -> Applied:
        raise StoreUnavailable("Redis is away")


async def intents_left(registry: Answers, queue: QueueModel | None = None) -> int:
    """Intents that are left after a command."""
    queue = queue or QueueModel(ModelStore())
    intents = Intents(queue)
    client: Any = registry
    task_commands = TaskCommands(client, intents, StandingApplier(queue, SchedulerMetrics()))
    with nullcontext() if registry.failure is None else pytest.raises(type(registry.failure)):
        await task_commands.command(ApplyCommandRequest(task_id=new_id()))
    await task_commands.drain()
    await intents.drain()
    return (await queue.stats()).intents


@pytest.mark.parametrize(
    "error",
    [
        OutcomeUnknown("no answer"),
        StoreUnavailable("the connection broke"),
        InternalError("the answer could not be written"),
        TooLarge("the answer is larger than max"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_command_that_may_have_been_committed_keeps_its_intent(error: AsyncTaskError):
    """Laws 1 and 9. Broken once on purpose: cleared after every error that cannot be tried again, a pause that was
    committed, and whose answer was too large, reached neither the queue nor the executor, and this fails."""
    assert await intents_left(Answers(error)) == 1


@pytest.mark.parametrize(
    "error",
    [
        TaskNotFound("no such task"),
        WrongState("it is final"),
        InvalidInput([FieldViolation("kind", "is required")]),
        RefusedByStore("labels that cannot be kept"),
        VersionChanged("it has another version"),
        RequestIdReused("it was used for another command"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_command_that_was_refused_leaves_no_intent(error: AsyncTaskError):
    assert await intents_left(Answers(error)) == 0


async def test_an_applied_command_leaves_no_intent():
    assert await intents_left(Answers()) == 0


async def test_a_command_whose_standings_could_not_be_applied_keeps_its_intent(
    monkeypatch: pytest.MonkeyPatch,
):
    """Laws 1 and 9: the intent brings a replica to the standing of a pause that Redis has not heard of."""
    monkeypatch.setattr(standing_applier, "RETRY_DELAYS_S", ())
    assert await intents_left(Answers(), FailingQueue(ModelStore())) == 1

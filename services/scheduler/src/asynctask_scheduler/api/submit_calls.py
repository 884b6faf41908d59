"""Submits from calls and streams: checks them, makes them durable in batches, and answers each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from asynctask_chassis.command_streams import CommandStreams, StreamedCommand
from asynctask_chassis.interceptors.deadline import DEFAULT_DEADLINE
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, FieldViolation, InvalidInput
from asynctask_core.ids import id_text
from asynctask_core.status import to_status
from asynctask_protos.registry.v1.ledger_service_pb2 import NewTask
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_scheduler.api.submit_validation import SubmitValidation, TakesLong
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.pipeline.task_submitter import Outcome, TaskSubmitter

BATCH_CALL = f"/{pb.DESCRIPTOR.services_by_name['TaskService'].full_name}/BatchSubmitTasks"

TURN_S: Final = 0.005
"""After checking configs of a batch for so long, the loop runs other tasks. Bounded by time, not by size: a small
schema can make the check of a short config expensive."""


class SubmitCalls:
    """Implements the submitting calls of TaskService."""

    def __init__(
        self,
        intake: SubmitValidation,
        submitter: TaskSubmitter,
        metrics: SchedulerMetrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._validation = intake
        self._submitter = submitter
        self._accepted = metrics.submitted.labels("accepted")
        self._refused = metrics.submitted.labels("refused")
        self.streams: CommandStreams[pb.StreamSubmitsRequest, pb.StreamSubmitsResponse] = CommandStreams(
            pb.StreamSubmitsResponse,
            {"submit": StreamedCommand("submitted", BATCH_CALL, self.submit)},
            metrics.rpc,
            deadline=DEFAULT_DEADLINE,
        )

    async def submit_one(self, request: pb.SubmitTaskRequest) -> pb.SubmitTaskResponse:
        """Accept one task. Raises the error that it is refused with."""
        types = await self._validation.learn((request.task_type,))
        try:
            try:
                task = self._validation.check(request, types)
            except TakesLong:
                task = await self._validation.check_slowly(request, types)
            outcome = await self._submitter.submit_one(task)
            if isinstance(outcome, AsyncTaskError):
                raise outcome
        except AsyncTaskError:
            self._refused.inc()
            raise
        self._accepted.inc()
        return pb.SubmitTaskResponse(task_id=id_text(outcome))

    async def submit(self, request: pb.BatchSubmitTasksRequest) -> pb.BatchSubmitTasksResponse:
        """Accept or refuse each of several tasks. Raises an error that refuses all of them."""
        if not 1 <= len(request.tasks) <= limits.BATCH_ITEMS:
            description = f"must be 1 to {limits.BATCH_ITEMS}; got {len(request.tasks)}"
            raise InvalidInput([FieldViolation("tasks", description)])
        items = list(request.tasks)
        types = await self._validation.learn({item.task_type for item in items})
        outcomes: list[Outcome | None] = []
        tasks: list[NewTask] = []
        clock = self._clock
        began = clock()
        for item in items:
            if clock() - began >= TURN_S:
                await asyncio.sleep(0)
                began = clock()
            try:
                try:
                    tasks.append(self._validation.check(item, types))
                except TakesLong:
                    tasks.append(await self._validation.check_slowly(item, types))
                outcomes.append(None)
            except AsyncTaskError as error:
                outcomes.append(error)
        submitted = iter(await self._submitter.submit(tasks) if tasks else ())
        # Fill results in place: appending a finished message would copy it.
        response = pb.BatchSubmitTasksResponse()
        add = response.results.add
        refused = 0
        for known in outcomes:
            outcome = next(submitted) if known is None else known
            if isinstance(outcome, bytes):
                add(task_id=id_text(outcome))
            else:
                refused += 1
                add(error=to_status(outcome))
        self._accepted.inc(len(outcomes) - refused)
        self._refused.inc(refused)
        return response

"""LedgerService: calls that every task needs: creation, starts, events, progress."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from asynctask_chassis.command_streams import CommandStreams, StreamedCommand
from asynctask_chassis.metrics import RpcMetrics
from asynctask_core import limits
from asynctask_core.bounds.hot import NewTaskFields, progress_fault, read_new_task, stage_fault
from asynctask_core.errors import AsyncTaskError, FieldViolation, InvalidInput, OutcomeUnknown
from asynctask_core.json_text import show
from asynctask_core.status import to_status
from asynctask_core.validate import Violations
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.api.batching import Batchers
from asynctask_registry.api.ledger_service.checks import check_count, check_ids
from asynctask_registry.ledger.create import CreatedTask
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.record import by_attempt

if TYPE_CHECKING:
    import grpc.aio


class LedgerHotMethods:
    """The calls that every task needs, alone or over a command stream; small ones share a commit."""

    def __init__(
        self, ledger: Ledger, batchers: Batchers, metrics: RpcMetrics, *, deadline: timedelta
    ) -> None:
        """Execute commands of a command stream within `deadline`; single calls have the server's deadline."""
        self._ledger = ledger
        self._batchers = batchers
        calls = f"/{pb.DESCRIPTOR.services_by_name['LedgerService'].full_name}"
        self.command_streams: CommandStreams[pb.ConverseRequest, pb.ConverseResponse] = CommandStreams(
            pb.ConverseResponse,
            {
                "create": StreamedCommand("created", f"{calls}/CreateTasks", self._create),
                "start": StreamedCommand("started", f"{calls}/StartAttempts", self._start),
                "record": StreamedCommand("recorded", f"{calls}/RecordEvents", self._record),
            },
            metrics,
            deadline=deadline,
        )

    async def CreateTasks(
        self,
        request: pb.CreateTasksRequest,
        context: grpc.aio.ServicerContext[pb.CreateTasksRequest, pb.CreateTasksResponse],
    ) -> pb.CreateTasksResponse:
        return await self._create(request)

    async def _create(self, request: pb.CreateTasksRequest) -> pb.CreateTasksResponse:
        given = list(request.tasks)
        check_count("tasks", len(given))
        check_ids("tasks", (task.task_id for task in given))
        _check_starts(request.starts)
        tasks, numbers, wrong = _read_new(given)
        starts: Sequence[pb.AttemptStart] = request.starts
        if wrong and starts:
            refused = {given[number].task_id for number in wrong}
            starts = [start for start in starts if start.task_id not in refused]
        begun = await self._ledger.eager_start_writer.write(tasks, starts) if starts else {}
        if begun:
            others = [place for place in range(len(tasks)) if place not in begun]
            numbers, rest = [numbers[place] for place in others], [tasks[place] for place in others]
        else:
            rest = tasks
        created: Sequence[CreatedTask] = ()
        try:
            if rest:
                created = await self._batchers.create.add(rest, nbytes=request.ByteSize())
        except AsyncTaskError as error:
            if not begun:
                raise
            raise OutcomeUnknown(f"created in part: {error}; repeat it with the same ids") from error
        response = pb.CreateTasksResponse(
            standings=[one.standing for one in (*begun.values(), *created) if one.standing is not None],
            started=[begun[place].result for place in sorted(begun)],
        )
        for index, found in wrong.items():
            response.exceptions.add(index=index, error=to_status(InvalidInput(found.found)))
        for index, one in zip(numbers, created, strict=True):
            if one.error is not None:
                response.exceptions.add(index=index, error=to_status(one.error))
            elif one.existing_task_id is not None:
                response.exceptions.add(index=index, existing_task_id=one.existing_task_id)
        return response

    async def StartAttempts(
        self,
        request: pb.StartAttemptsRequest,
        context: grpc.aio.ServicerContext[pb.StartAttemptsRequest, pb.StartAttemptsResponse],
    ) -> pb.StartAttemptsResponse:
        return await self._start(request)

    async def _start(self, request: pb.StartAttemptsRequest) -> pb.StartAttemptsResponse:
        _check_starts(request.starts)
        started = await self._batchers.start.add(request.starts, nbytes=request.ByteSize())
        return pb.StartAttemptsResponse(
            results=[one.result for one in started],
            standings=[
                standing
                for one in started
                for standing in (one.standing, *one.others)
                if standing is not None
            ],
        )

    async def RecordEvents(
        self,
        request: pb.RecordEventsRequest,
        context: grpc.aio.ServicerContext[pb.RecordEventsRequest, pb.RecordEventsResponse],
    ) -> pb.RecordEventsResponse:
        return await self._record(request)

    async def _record(self, request: pb.RecordEventsRequest) -> pb.RecordEventsResponse:
        events = list(request.events)
        check_count("events", len(events))
        task_ids = [event.task_id for event in events]
        attempt_ids = [event.attempt_id for event in events]
        check_ids("events", task_ids)
        check_ids("events", attempt_ids, "attempt_id")
        attempts = by_attempt(events, zip(task_ids, attempt_ids, strict=True))
        recorded = await self._batchers.record.add(attempts, nbytes=request.ByteSize())
        return pb.RecordEventsResponse(
            acks=[ack for one in recorded for ack in one.acks],
            standings=[standing for one in recorded for standing in one.standings],
        )

    async def Converse(
        self,
        request_iterator: AsyncIterator[pb.ConverseRequest],
        context: grpc.aio.ServicerContext[pb.ConverseRequest, pb.ConverseResponse],
    ) -> AsyncIterator[pb.ConverseResponse]:
        await context.send_initial_metadata(())  # tells the scheduler that the registry has the stream
        async for answer in self.command_streams.hold(request_iterator):
            yield answer

    async def RecordProgress(
        self,
        request: pb.RecordProgressRequest,
        context: grpc.aio.ServicerContext[pb.RecordProgressRequest, pb.RecordProgressResponse],
    ) -> pb.RecordProgressResponse:
        check_count("reports", len(request.reports))
        check_ids("reports", (report.task_id for report in request.reports))
        check_ids("reports", (report.attempt_id for report in request.reports), "attempt_id")
        # Bad reports are dropped: the next report replaces them.
        good = [
            one for one in request.reports if not (progress_fault(one.progress) or stage_fault(one.stage))
        ]
        await self._ledger.progress.keep(good)
        return pb.RecordProgressResponse()


def _read_new(given: Sequence[pb.NewTask]) -> tuple[list[NewTaskFields], list[int], dict[int, Violations]]:
    """The valid tasks, their positions in the request, and the violations of the others by position."""
    tasks: list[NewTaskFields] = []
    numbers: list[int] = []
    wrong: dict[int, Violations] = {}
    for number, task in enumerate(given):
        read = read_new_task(task)
        if isinstance(read, NewTaskFields):
            tasks.append(read)
            numbers.append(number)
        else:
            wrong[number] = read
    return tasks, numbers, wrong


def _check_starts(starts: Sequence[pb.AttemptStart]) -> None:
    check_count("starts", len(starts))
    if not starts:
        return
    starts = list(starts)
    check_ids("starts", (start.task_id for start in starts))
    check_ids("starts", (start.attempt_id for start in starts), "attempt_id")
    last = ""  # nearly all starts of a call are for one executor
    for number, start in enumerate(starts):
        executor_id = start.executor_id
        if executor_id == last:
            continue
        if len(executor_id) > limits.EXECUTOR_ID_CHARS or not executor_id.isprintable():
            allowed = f"must be at most {limits.EXECUTOR_ID_CHARS} printable characters"
            raise InvalidInput(
                [FieldViolation(f"starts[{number}].executor_id", f"{allowed}; got {show(executor_id)}")]
            )
        last = executor_id

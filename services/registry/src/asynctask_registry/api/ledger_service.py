"""`LedgerService`: decode, one call, encode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from asynctask_chassis.command_streams import CommandStreams, StreamedCommand
from asynctask_chassis.metrics import RpcMetrics
from asynctask_core import limits
from asynctask_core.bounds.hot import NewTaskFields, progress_fault, read_new_task, stage_fault
from asynctask_core.errors import (
    AsyncTaskError,
    FieldViolation,
    InvalidInput,
    OutcomeUnknown,
    RefusedByStore,
)
from asynctask_core.json_text import show
from asynctask_core.states import TaskState
from asynctask_core.status import to_status
from asynctask_core.validate import Violations
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceServicer
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.task.v1.task_pb2 import TASK_VIEW_FULL
from asynctask_registry.api.batching import Batchers
from asynctask_registry.ledger import dispatchable, logs, manifest, standings
from asynctask_registry.ledger.create import CreatedTask
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.listing import TaskConditions
from asynctask_registry.ledger.record import by_attempt
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.probe import StoreProbe

if TYPE_CHECKING:
    import grpc.aio


class LedgerService(LedgerServiceServicer):
    """The registry's one service. Every answer comes after the commit."""

    def __init__(
        self,
        ledger: Ledger,
        batchers: Batchers,
        probe: StoreProbe,
        metrics: RpcMetrics,
        *,
        deadline: timedelta,
    ) -> None:
        """Carry out small commands that come over a stream within `deadline`; calls have the server's."""
        self._ledger = ledger
        self._batchers = batchers
        self._probe = probe
        calls = f"/{pb.DESCRIPTOR.services_by_name['LedgerService'].full_name}"
        self.conversations: CommandStreams[pb.ConverseRequest, pb.ConverseResponse] = CommandStreams(
            pb.ConverseResponse,
            {
                "create": StreamedCommand("created", f"{calls}/CreateTasks", self._create),
                "start": StreamedCommand("started", f"{calls}/StartAttempts", self._start),
                "record": StreamedCommand("recorded", f"{calls}/RecordEvents", self._record),
            },
            metrics,
            deadline=deadline,
        )

    # --- commands -----------------------------------------------------------------------------------------------

    async def CreateTasks(
        self,
        request: pb.CreateTasksRequest,
        context: grpc.aio.ServicerContext[pb.CreateTasksRequest, pb.CreateTasksResponse],
    ) -> pb.CreateTasksResponse:
        return await self._create(request)

    async def _create(self, request: pb.CreateTasksRequest) -> pb.CreateTasksResponse:
        given = list(request.tasks)
        _check_count("tasks", len(given))
        _check_ids("tasks", (task.task_id for task in given))
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
        _check_count("events", len(events))
        task_ids = [event.task_id for event in events]
        attempt_ids = [event.attempt_id for event in events]
        _check_ids("events", task_ids)
        _check_ids("events", attempt_ids, "attempt_id")
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
        await context.send_initial_metadata(())  # tells the scheduler that it is heard
        async for answer in self.conversations.hold(request_iterator):
            yield answer

    async def RecordProgress(
        self,
        request: pb.RecordProgressRequest,
        context: grpc.aio.ServicerContext[pb.RecordProgressRequest, pb.RecordProgressResponse],
    ) -> pb.RecordProgressResponse:
        _check_count("reports", len(request.reports))
        _check_ids("reports", (report.task_id for report in request.reports))
        _check_ids("reports", (report.attempt_id for report in request.reports), "attempt_id")
        # Nothing is lost by a bad one: the next report replaces it.
        good = [
            one for one in request.reports if not (progress_fault(one.progress) or stage_fault(one.stage))
        ]
        await self._ledger.progress.keep(good)
        return pb.RecordProgressResponse()

    async def EndAttempts(
        self,
        request: pb.EndAttemptsRequest,
        context: grpc.aio.ServicerContext[pb.EndAttemptsRequest, pb.EndAttemptsResponse],
    ) -> pb.EndAttemptsResponse:
        return pb.EndAttemptsResponse(standings=await self._ledger.ender.end(request.ends))

    async def ConfirmLeases(
        self,
        request: pb.ConfirmLeasesRequest,
        context: grpc.aio.ServicerContext[pb.ConfirmLeasesRequest, pb.ConfirmLeasesResponse],
    ) -> pb.ConfirmLeasesResponse:
        _check_count("leases", len(request.leases))
        return pb.ConfirmLeasesResponse(
            standings=await self._standings(lease.task_id for lease in request.leases)
        )

    async def ApplyCommand(
        self,
        request: pb.ApplyCommandRequest,
        context: grpc.aio.ServicerContext[pb.ApplyCommandRequest, pb.ApplyCommandResponse],
    ) -> pb.ApplyCommandResponse:
        commanded = await self._ledger.commander.apply(request)
        # The command is committed: payloads stay out of its answer.
        tasks = [] if commanded.is_deleted else await self._ledger.reader.get([request.task_id], full=False)
        return pb.ApplyCommandResponse(
            task=tasks[0] if tasks else None, standings=[commanded.standing, *commanded.others]
        )

    async def AppendLogs(
        self,
        request: pb.AppendLogsRequest,
        context: grpc.aio.ServicerContext[pb.AppendLogsRequest, pb.AppendLogsResponse],
    ) -> pb.AppendLogsResponse:
        await logs.append(self._ledger.bulk, request.task_id, request.attempt_id, request.lines)
        return pb.AppendLogsResponse()

    async def AppendManifest(
        self,
        request: pb.AppendManifestRequest,
        context: grpc.aio.ServicerContext[pb.AppendManifestRequest, pb.AppendManifestResponse],
    ) -> pb.AppendManifestResponse:
        last_chunk, verdict = await manifest.append(self._ledger.bulk, request)
        return pb.AppendManifestResponse(last_chunk=last_chunk, verdict=verdict)

    async def RegisterTaskTypes(
        self,
        request: pb.RegisterTaskTypesRequest,
        context: grpc.aio.ServicerContext[pb.RegisterTaskTypesRequest, pb.RegisterTaskTypesResponse],
    ) -> pb.RegisterTaskTypesResponse:
        try:
            types = await self._ledger.registrar.register(request.task_types)
        except ContentRefused as refused:
            raise RefusedByStore(f"a task type cannot be stored: {refused}") from refused
        return pb.RegisterTaskTypesResponse(task_types=types)

    async def DeleteTaskType(
        self,
        request: pb.DeleteTaskTypeRequest,
        context: grpc.aio.ServicerContext[pb.DeleteTaskTypeRequest, pb.DeleteTaskTypeResponse],
    ) -> pb.DeleteTaskTypeResponse:
        return pb.DeleteTaskTypeResponse(version=await self._ledger.registrar.delete(request.name))

    # --- standings ----------------------------------------------------------------------------------------------

    async def Reconcile(
        self,
        request: pb.ReconcileRequest,
        context: grpc.aio.ServicerContext[pb.ReconcileRequest, pb.ReconcileResponse],
    ) -> pb.ReconcileResponse:
        return pb.ReconcileResponse(standings=await self._standings(request.task_ids))

    async def StreamDispatchable(
        self,
        request: pb.StreamDispatchableRequest,
        context: grpc.aio.ServicerContext[pb.StreamDispatchableRequest, pb.StreamDispatchableResponse],
    ) -> AsyncIterator[pb.StreamDispatchableResponse]:
        async for page in dispatchable.stream(self._ledger.reads, request):
            yield page

    async def _standings(self, task_ids: Iterable[bytes]) -> list[Standing]:
        # An id that is none cannot exist, and need not disturb the others.
        return await standings.reconcile(
            self._ledger.hot, [task_id for task_id in task_ids if len(task_id) == 16]
        )

    # --- reads --------------------------------------------------------------------------------------------------

    async def GetTasks(
        self,
        request: pb.GetTasksRequest,
        context: grpc.aio.ServicerContext[pb.GetTasksRequest, pb.GetTasksResponse],
    ) -> pb.GetTasksResponse:
        ids = [task_id for task_id in request.task_ids if len(task_id) == 16]
        tasks, left_out = await self._ledger.reader.page(
            ids, full=request.view == TASK_VIEW_FULL, include_deleted=request.include_deleted
        )
        return pb.GetTasksResponse(tasks=tasks, left_out=left_out)

    async def ListTasks(
        self,
        request: pb.ListTasksRequest,
        context: grpc.aio.ServicerContext[pb.ListTasksRequest, pb.ListTasksResponse],
    ) -> pb.ListTasksResponse:
        conditions = TaskConditions(
            task_types=tuple(request.task_types),
            states=tuple(state for state in map(TaskState.of, request.task_states) if state is not None),
            submit_start_ms=request.submit_start_ms,
            submit_end_ms=request.submit_end_ms,
            queue=request.queue,
            labels=dict(request.labels),
            has_warnings=request.has_warnings if request.HasField("has_warnings") else None,
        )
        page = await self._ledger.lister.page(
            conditions,
            before=request.before_task_id,
            page_size=request.page_size or limits.PAGE_ITEMS,
            full=request.view == TASK_VIEW_FULL,
        )
        return pb.ListTasksResponse(tasks=page.tasks, before_task_id=page.before)

    async def ListChanges(
        self,
        request: pb.ListChangesRequest,
        context: grpc.aio.ServicerContext[pb.ListChangesRequest, pb.ListChangesResponse],
    ) -> pb.ListChangesResponse:
        tasks, token, more = await self._ledger.changes.page(
            request.token, page_size=request.page_size, full=request.view == TASK_VIEW_FULL
        )
        return pb.ListChangesResponse(tasks=tasks, token=token, more=more)

    async def ListAttempts(
        self,
        request: pb.ListAttemptsRequest,
        context: grpc.aio.ServicerContext[pb.ListAttemptsRequest, pb.ListAttemptsResponse],
    ) -> pb.ListAttemptsResponse:
        return pb.ListAttemptsResponse(attempts=await self._ledger.reader.attempts(request.task_id))

    async def ListTaskEvents(
        self,
        request: pb.ListTaskEventsRequest,
        context: grpc.aio.ServicerContext[pb.ListTaskEventsRequest, pb.ListTaskEventsResponse],
    ) -> pb.ListTaskEventsResponse:
        events, cursor = await self._ledger.reader.events(
            request.task_id, page_size=request.page_size, cursor=request.cursor
        )
        return pb.ListTaskEventsResponse(events=events, cursor=cursor)

    async def ListTaskLogs(
        self,
        request: pb.ListTaskLogsRequest,
        context: grpc.aio.ServicerContext[pb.ListTaskLogsRequest, pb.ListTaskLogsResponse],
    ) -> pb.ListTaskLogsResponse:
        lines, cursor, more = await logs.page(self._ledger.long_reads, request)
        return pb.ListTaskLogsResponse(lines=lines, cursor=cursor, more=more)

    async def ReadManifest(
        self,
        request: pb.ReadManifestRequest,
        context: grpc.aio.ServicerContext[pb.ReadManifestRequest, pb.ReadManifestResponse],
    ) -> pb.ReadManifestResponse:
        items, summaries, more = await manifest.read(self._ledger.long_reads, request)
        return pb.ReadManifestResponse(items=items, summaries=summaries, more=more)

    async def ListTaskTypes(
        self,
        request: pb.ListTaskTypesRequest,
        context: grpc.aio.ServicerContext[pb.ListTaskTypesRequest, pb.ListTaskTypesResponse],
    ) -> pb.ListTaskTypesResponse:
        page = await self._ledger.type_feed.page(request.token, page_size=request.page_size)
        return pb.ListTaskTypesResponse(
            task_types=page.types,
            deleted=[
                pb.DeletedTaskType(name=name, version=version) for name, version in page.deleted.items()
            ],
            token=page.token,
            more=page.more,
        )

    async def CheckStore(
        self,
        request: pb.CheckStoreRequest,
        context: grpc.aio.ServicerContext[pb.CheckStoreRequest, pb.CheckStoreResponse],
    ) -> pb.CheckStoreResponse:
        await self._probe.run_once()
        watch = self._probe.watch
        return pb.CheckStoreResponse(
            takes_writes=not watch.refusal,
            message=watch.sentence(),
            folder=str(watch.folder or ""),
            free_bytes=watch.space.free_bytes if watch.space else 0,
            is_low=watch.is_low,
        )


def _read_new(given: Sequence[pb.NewTask]) -> tuple[list[NewTaskFields], list[int], dict[int, Violations]]:
    """What is in order, with its places in the request, and what is wrong with the others, by their places."""
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


def _check_count(field: str, count: int) -> None:
    if count > limits.BATCH_ITEMS:
        raise InvalidInput(
            [FieldViolation(field, f"must have at most {limits.BATCH_ITEMS} entries; got {count}")]
        )


def _check_ids(field: str, ids: Iterable[bytes], name: str = "task_id") -> None:
    lengths = list(map(len, ids))
    if lengths.count(16) != len(lengths):
        number, length = next((number, length) for number, length in enumerate(lengths) if length != 16)
        raise InvalidInput(
            [FieldViolation(f"{field}[{number}].{name}", f"must be an id of 16 bytes; got {length}")]
        )


def _check_starts(starts: Sequence[pb.AttemptStart]) -> None:
    _check_count("starts", len(starts))
    if not starts:
        return
    starts = list(starts)
    _check_ids("starts", (start.task_id for start in starts))
    _check_ids("starts", (start.attempt_id for start in starts), "attempt_id")
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

"""The scheduler's client of the registry: one method per call, deadlines, and errors of the catalogue.

A command that is not answered raises OutcomeUnknown: it may have been committed. A read that is not answered raises
StoreUnavailable, and so does a command that certainly never reached a registry, see `call_errors`. Several replicas
share one channel: calls go round-robin over those that are up, and a dead one is skipped at once. Small commands share
a stream instead, see `command_stream`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import grpc

from asynctask_aio.command_stream import Unanswered
from asynctask_core import limits
from asynctask_core.errors import AsyncTaskError, StoreUnavailable
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceStub
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.task.v1.overview_pb2 import Overview
from asynctask_protos.task.v1.task_pb2 import Attempt, Task, TaskView
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.registry.answers_of_0_2 import check_lines, complete_items
from asynctask_scheduler.registry.call_errors import (
    SILENT_REGISTRY,
    command_error,
    hinted,
    read_error,
)
from asynctask_scheduler.registry.command_stream import RegistryCommandStream
from asynctask_scheduler.registry.commands_of_0_1 import add_former

if TYPE_CHECKING:
    from asynctask_protos.registry.v1.ledger_service_pb2_grpc import LedgerServiceAsyncStub

R = TypeVar("R")

FEW = 16
"""Commands with at most so many tasks use the command stream."""
LAST_LOOK_S = 3.0
"""Longest wait for what a registry knows already."""


class RegistryClient:
    """Every command returns, after its commit, the standings that changed. Safe to share between asyncio tasks."""

    def __init__(
        self,
        channel: grpc.aio.Channel,
        *,
        deadline: timedelta = timedelta(milliseconds=limits.REGISTRY_DEADLINE_MS),
    ) -> None:
        self._stub: LedgerServiceAsyncStub = LedgerServiceStub(channel)
        self._channel = channel
        self._deadline_s = deadline.total_seconds()
        self.command_stream = RegistryCommandStream(self._stub, deadline_s=self._deadline_s)
        """For small commands, while its `run` runs."""

    @property
    def is_connected(self) -> bool:
        """Whether the channel is connected to a registry or idle; reading this makes an idle channel connect."""
        state = self._channel.get_state(try_to_connect=True)
        return state in (grpc.ChannelConnectivity.READY, grpc.ChannelConnectivity.IDLE)

    # --- commands: OutcomeUnknown when not answered ---------------------------------------------------------------

    async def create(
        self, tasks: Sequence[pb.NewTask], starts: Sequence[pb.AttemptStart] = ()
    ) -> pb.CreateTasksResponse:
        """Insert tasks, idempotent by id; refused items are in `exceptions`, the others are durable.

        Tasks that `starts` names are started in the same commit, if they are new; see `started` of the response.
        """
        request = pb.CreateTasksRequest(tasks=tasks, starts=starts)
        answer: pb.ConverseResponse | Unanswered = Unanswered.UNSENT
        if self.command_stream.is_open and len(tasks) <= FEW:
            answer = await self._ask(pb.ConverseRequest(create=request))
            if not isinstance(answer, Unanswered):
                return answer.created
        return await self._command(self._stub.CreateTasks, request, answer)

    async def start(self, starts: Sequence[pb.AttemptStart]) -> pb.StartAttemptsResponse:
        """Move tasks queued → running under their attempts; idempotent by attempt. One result per start, in order.

        Raises:
            TooLarge: the configs and checkpoints together exceed a message; repeat the call with fewer starts.
        """
        answer: pb.ConverseResponse | Unanswered = Unanswered.UNSENT
        if self.command_stream.is_open and len(starts) <= FEW:
            answer = await self._ask(pb.ConverseRequest(start=pb.StartAttemptsRequest(starts=starts)))
            if not isinstance(answer, Unanswered):
                return answer.started
        return await self._command(self._stub.StartAttempts, pb.StartAttemptsRequest(starts=starts), answer)

    async def record(self, request: pb.RecordEventsRequest) -> pb.RecordEventsResponse:
        """Fold executors' events into their tasks; idempotent by (attempt, sequence)."""
        answer: pb.ConverseResponse | Unanswered = Unanswered.UNSENT
        if self.command_stream.is_open and len(request.events) <= FEW:
            answer = await self._ask(pb.ConverseRequest(record=request))
            if not isinstance(answer, Unanswered):
                return answer.recorded
        return await self._command(self._stub.RecordEvents, request, answer)

    async def end(self, ends: Sequence[pb.AttemptEnd]) -> Sequence[Standing]:
        """End attempts that the scheduler gives up; returns the standings of all named tasks, and of others changed."""
        response = await self._command(self._stub.EndAttempts, pb.EndAttemptsRequest(ends=ends))
        return response.standings

    async def command(self, request: pb.ApplyCommandRequest) -> pb.ApplyCommandResponse:
        """Pause, resume, cancel, restart, delete or update one task."""
        add_former(request)
        return await self._command(self._stub.ApplyCommand, request)

    async def record_progress(self, reports: Sequence[pb.StoredProgress]) -> None:
        """Store the latest progress of running stages; reports of superseded attempts are ignored."""
        await self._command(self._stub.RecordProgress, pb.RecordProgressRequest(reports=reports))

    async def register(self, task_types: Sequence[TaskType]) -> Sequence[TaskType]:
        """Store types that are new or changed; returns them as stored."""
        request = pb.RegisterTaskTypesRequest(task_types=task_types)
        return (await self._command(self._stub.RegisterTaskTypes, request)).task_types

    async def delete_task_type(self, name: str) -> int:
        """Delete a type whose tasks are all final; returns the version of the deletion.

        Raises:
            TaskTypeNotFound: there is no such type.
            TaskTypeInUse: a task of this type is not final.
        """
        return (await self._command(self._stub.DeleteTaskType, pb.DeleteTaskTypeRequest(name=name))).version

    async def append_logs(self, request: pb.AppendLogsRequest) -> None:
        """Store log lines; repeated ones are stored once."""
        await self._command(self._stub.AppendLogs, request)

    async def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        """Store a numbered chunk of a manifest; idempotent by (attempt, chunk)."""
        return await self._command(self._stub.AppendManifest, request)

    # --- reads: StoreUnavailable when not answered ----------------------------------------------------------------

    async def confirm(self, leases: Sequence[pb.AttemptStart]) -> Sequence[Standing]:
        """Return the standings of the named tasks: LEASED with the given attempt means that the attempt runs."""
        return (await self._read(self._stub.ConfirmLeases, pb.ConfirmLeasesRequest(leases=leases))).standings

    async def reconcile(self, task_ids: Sequence[bytes]) -> Sequence[Standing]:
        """Return the current standings of some tasks; ids that do not exist are left out."""
        return (await self._read(self._stub.Reconcile, pb.ReconcileRequest(task_ids=task_ids))).standings

    async def stream_dispatchable(
        self,
        scope: pb.DispatchableScope.ValueType,
        *,
        due_within_ms: int = 0,
        cursor: str = "",
        page_size: int = 0,
        limit: int = 0,
        ageing_step_us: int = 0,
    ) -> AsyncIterator[pb.StreamDispatchableResponse]:
        """Yield every task that belongs into Redis, page by page; each page within the deadline.

        After an error, continue with the `cursor` of the last page.
        """
        request = pb.StreamDispatchableRequest(
            scope=scope,
            due_within_ms=due_within_ms,
            cursor=cursor,
            page_size=page_size,
            limit=limit,
            ageing_step_us=ageing_step_us,
        )
        call = self._stub.StreamDispatchable(request)
        try:
            while True:
                async with asyncio.timeout(self._deadline_s):
                    page = await call.read()
                if not isinstance(page, pb.StreamDispatchableResponse):  # grpc.aio.EOF
                    return
                yield page
        except TimeoutError:
            raise StoreUnavailable(
                f"the registry sent no page within {self._deadline_s:g} s", metadata=SILENT_REGISTRY
            ) from None
        except grpc.RpcError as error:
            raise read_error(error, "StreamDispatchable") from None
        finally:
            call.cancel()

    async def get_tasks(
        self, task_ids: Sequence[bytes], view: TaskView.ValueType, *, include_deleted: bool = False
    ) -> list[Task]:
        """Read some tasks in any order, in as many calls as their sizes need; ids that do not exist are left out."""
        tasks: list[Task] = []
        left = task_ids
        while left:
            page, left = await self.get_page(left, view, include_deleted=include_deleted)
            tasks += page
        return tasks

    async def get_page(
        self, task_ids: Sequence[bytes], view: TaskView.ValueType, *, include_deleted: bool = False
    ) -> tuple[list[Task], Sequence[bytes]]:
        """Read as many of some tasks as fit into a page, in any order; also returns the ids for later pages."""
        request = pb.GetTasksRequest(task_ids=task_ids, view=view, include_deleted=include_deleted)
        response = await self._read(self._stub.GetTasks, request)
        return list(response.tasks), list(response.left_out)

    async def list_tasks(self, request: pb.ListTasksRequest) -> pb.ListTasksResponse:
        """Read a page of tasks, newest first."""
        return await self._read(self._stub.ListTasks, request)

    async def list_changes(self, request: pb.ListChangesRequest) -> pb.ListChangesResponse:
        """Tasks changed since a token, each at least once.

        Raises:
            TokenExpired: the token is of another database, or the changes since it are no longer kept.
        """
        return await self._read(self._stub.ListChanges, request)

    async def list_attempts(self, task_id: bytes) -> Sequence[Attempt]:
        """Attempts of one task, oldest first."""
        return (await self._read(self._stub.ListAttempts, pb.ListAttemptsRequest(task_id=task_id))).attempts

    async def list_events(self, request: pb.ListTaskEventsRequest) -> pb.ListTaskEventsResponse:
        """Read a page of one task's events, oldest first."""
        return await self._read(self._stub.ListTaskEvents, request)

    async def list_logs(self, request: pb.ListTaskLogsRequest) -> pb.ListTaskLogsResponse:
        """Read a page of log lines, oldest or newest first."""
        page = await self._read(self._stub.ListTaskLogs, request)
        check_lines(request, page)
        return page

    async def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        """Read a page of a manifest by position."""
        page = await self._read(self._stub.ReadManifest, request)
        complete_items(request, page)
        return page

    async def task_types_since(self, token: str) -> pb.ListTaskTypesResponse:
        """Read a page of the task types that changed since a token; an empty one begins with all of them.

        Raises:
            TokenExpired: the token is of another database; begin with an empty one.
        """
        return await self._read(self._stub.ListTaskTypes, pb.ListTaskTypesRequest(token=token))

    async def list_task_types(self) -> Sequence[TaskType]:
        """Read every task type, page by page, as of this call."""
        types: dict[str, TaskType] = {}
        token, more = "", True
        while more:
            page = await self.task_types_since(token)
            types |= {one.name: one for one in page.task_types}
            for one in page.deleted:
                types.pop(one.name, None)
            token, more = page.token, page.more
        return list(types.values())

    async def overview(self) -> Overview:
        """Read how many tasks there are by type and state."""
        return (await self._read(self._stub.GetOverview, pb.GetOverviewRequest())).overview

    async def series(self, request: pb.GetSeriesRequest) -> pb.GetSeriesResponse:
        """Read what happened to tasks in each step of a span of time."""
        return await self._read(self._stub.GetSeries, request)

    async def failures(self, request: pb.ListFailuresRequest) -> pb.ListFailuresResponse:
        """Read why tasks failed."""
        return await self._read(self._stub.ListFailures, request)

    async def check_store(self) -> pb.CheckStoreResponse:
        """Let the registry try now whether Postgres accepts writes."""
        return await self._read(self._stub.CheckStore, pb.CheckStoreRequest())

    async def last_look(self) -> pb.CheckStoreResponse:
        """What the last periodic look of a registry found; the registries are asked in turn."""
        request = pb.CheckStoreRequest(last_look=True)
        try:
            return await self._stub.CheckStore(request, timeout=min(LAST_LOOK_S, self._deadline_s))
        except grpc.RpcError as error:
            raise read_error(error, "CheckStore") from None

    # ----------------------------------------------------------------------------------------------------------------

    async def _ask(self, request: pb.ConverseRequest) -> pb.ConverseResponse | Unanswered:
        try:
            return await self.command_stream.ask(request)
        except AsyncTaskError as error:
            raise hinted(error) from None

    async def _command(
        self,
        method: Callable[..., Awaitable[R]],
        request: Any,
        before: Unanswered = Unanswered.UNSENT,
    ) -> R:
        try:
            return await method(request, timeout=self._deadline_s)
        except grpc.RpcError as error:
            raise command_error(error, _name_of(request), before) from None

    async def _read(self, method: Callable[..., Awaitable[R]], request: Any) -> R:
        try:
            return await method(request, timeout=self._deadline_s)
        except grpc.RpcError as error:
            raise read_error(error, _name_of(request)) from None


def _name_of(request: object) -> str:
    return type(request).__name__.removesuffix("Request")


def starts_of(executor_id: str, attempts: Iterable[tuple[bytes, bytes]]) -> list[pb.AttemptStart]:
    """Turn (task id, attempt id) pairs of one executor into the registry's form."""
    return [
        pb.AttemptStart(task_id=task_id, attempt_id=attempt_id, executor_id=executor_id)
        for task_id, attempt_id in attempts
    ]

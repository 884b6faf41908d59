"""ExecutorService: executors take tasks, renew leases and report."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import grpc

from asynctask_chassis.logs import get_logger
from asynctask_core import limits
from asynctask_core.bounds.hot import fit_warnings
from asynctask_core.errors import ExecutorNotFound, FieldViolation, InvalidInput, TryAgain
from asynctask_core.wire import to_timestamp
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.scheduler.v1.executor_service_pb2_grpc import ExecutorServiceServicer
from asynctask_scheduler.api.pages import first_that_fit, read_cursor
from asynctask_scheduler.api.tokens import make_token
from asynctask_scheduler.dispatch.renewals import Renewals, check_renewal, leases_of
from asynctask_scheduler.dispatch.sessions import Sessions
from asynctask_scheduler.queue.answers import ExecutorState
from asynctask_scheduler.queue.calls import pages
from asynctask_scheduler.queue.port import ExecutorSessions
from asynctask_scheduler.registry.client import RegistryClient
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue

Context = grpc.aio.ServicerContext

log = get_logger(__name__)

HELLO_WITHIN_S = 10.0
PAGES = "executors"
LOOKED_UP = 50
"""How many executors are read at a time until a page is full: each may name thousands of queues."""


class ExecutorService(ExecutorServiceServicer):
    """Each method checks, makes one call inwards, and answers."""

    def __init__(
        self,
        *,
        queue: ExecutorSessions,
        registry: RegistryClient,
        catalogue: CachedCatalogue,
        sessions: Sessions,
        renewals: Renewals,
        lease_ms: int,
    ) -> None:
        self._queue = queue
        self._catalogue = catalogue
        self._registry = registry
        self._sessions = sessions
        self._renewals = renewals
        self._lease_ms = lease_ms

    async def Work(  # pyright: ignore[reportIncompatibleMethodOverride] - it writes instead of yielding
        self, request_iterator: object, context: Context[pb.WorkRequest, pb.WorkResponse]
    ) -> None:
        """Serve an executor's stream."""
        requests = aiter(request_iterator)  # pyright: ignore[reportArgumentType, reportUnknownVariableType] - generated stubs leave it open
        try:
            async with self._sessions.handshake_waits.within(HELLO_WITHIN_S):
                first: pb.WorkRequest = await anext(requests)  # pyright: ignore[reportUnknownArgumentType]
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise _wrong("hello", f"must come within {HELLO_WITHIN_S:g} s") from None
        if first.WhichOneof("message") != "hello":
            raise _wrong("hello", "must be the first message of a stream")
        await self._sessions.serve(first.hello, requests, context.write, context.peer())  # pyright: ignore[reportUnknownArgumentType]

    async def Renew(
        self, request: pb.RenewRequest, context: Context[pb.RenewRequest, pb.RenewResponse]
    ) -> pb.RenewResponse:
        """Renew every lease of one executor."""
        check_renewal(request)
        self._sessions.heard_of(request.executor_id)
        answer = await self._renewals.renew(request.executor_id, request.session, leases_of(request.attempts))
        return pb.RenewResponse(
            lost_attempt_ids=answer.lost, controls=answer.controls, lease_ms=self._lease_ms
        )

    async def AppendLogs(
        self, request: pb.AppendLogsRequest, context: Context[pb.AppendLogsRequest, pb.AppendLogsResponse]
    ) -> pb.AppendLogsResponse:
        """Store log lines of one attempt."""
        await self._registry.append_logs(
            registry_pb.AppendLogsRequest(
                task_id=request.task_id, attempt_id=request.attempt_id, lines=request.lines
            )
        )
        return pb.AppendLogsResponse()

    async def AppendManifest(
        self,
        request: pb.AppendManifestRequest,
        context: Context[pb.AppendManifestRequest, pb.AppendManifestResponse],
    ) -> pb.AppendManifestResponse:
        """Store a numbered chunk of a manifest."""
        fit_warnings(request.warnings)
        # The registry's message has the same fields: convert it as a whole, not item by item.
        data = request.SerializeToString()
        response = await self._registry.append_manifest(registry_pb.AppendManifestRequest.FromString(data))
        return pb.AppendManifestResponse(last_chunk=response.last_chunk, verdict=response.verdict)

    async def ReadManifest(
        self,
        request: pb.ReadManifestRequest,
        context: Context[pb.ReadManifestRequest, pb.ReadManifestResponse],
    ) -> pb.ReadManifestResponse:
        """Read a page of a manifest for its stage."""
        page = await self._registry.read_manifest(
            registry_pb.ReadManifestRequest(
                task_id=request.task_id,
                manifest=request.manifest,
                after_position=request.after_position,
                states=request.states,
                page_size=request.page_size or limits.PAGE_ITEMS,
                with_summary=request.with_summary,
                attempt_id=request.attempt_id,
            )
        )
        wanted = (one for one in page.summaries if not request.manifest or one.manifest == request.manifest)
        summary = next(wanted, None)
        page.ClearField("summaries")
        answer = pb.ReadManifestResponse.FromString(page.SerializeToString())
        if summary is not None:
            answer.summary.CopyFrom(summary)
        return answer

    async def ListExecutors(
        self,
        request: pb.ListExecutorsRequest,
        context: Context[pb.ListExecutorsRequest, pb.ListExecutorsResponse],
    ) -> pb.ListExecutorsResponse:
        """A page of the executors with an open stream, or seen in the last minute, by id."""
        size = request.page_size or limits.PAGE_ITEMS
        after = read_cursor(request.page_token, PAGES, b"", str) if request.page_token else ""
        names = sorted(name for name in await self._queue.seen_executors() if name > after)
        page: list[pb.Executor] = []
        is_cut = False
        for few in pages(names, LOOKED_UP):
            found = [*page, *map(_executor, await self._queue.describe_executors(few))]
            page = first_that_fit(found)[:size]
            is_cut = len(page) < len(found)
            if is_cut:
                break
        more = make_token(PAGES, b"", page[-1].executor_id) if is_cut else ""
        await self._tell_deleted(page)
        return pb.ListExecutorsResponse(executors=page, next_page_token=more)

    async def GetExecutor(
        self, request: pb.GetExecutorRequest, context: Context[pb.GetExecutorRequest, pb.GetExecutorResponse]
    ) -> pb.GetExecutorResponse:
        """One executor."""
        for state in await self._queue.describe_executors([request.executor_id]):
            executor = _executor(state)
            await self._tell_deleted([executor])
            return pb.GetExecutorResponse(executor=executor)
        raise _not_found(request.executor_id)

    async def DrainExecutor(
        self,
        request: pb.DrainExecutorRequest,
        context: Context[pb.DrainExecutorRequest, pb.DrainExecutorResponse],
    ) -> pb.DrainExecutorResponse:
        """Ask an executor to end; the replica that holds its stream sends the request."""
        if not await self._queue.set_draining(request.executor_id):
            raise _not_found(request.executor_id)
        log.info("executor.drain_asked", executor_id=request.executor_id, reason=request.reason)
        return pb.DrainExecutorResponse()

    async def _tell_deleted(self, executors: Sequence[pb.Executor]) -> None:
        """Move deleted types from `task_types` to `deleted_task_types`. No effect while the registry is unavailable."""
        with suppress(TryAgain):
            types = await self._catalogue.learn({name for one in executors for name in one.task_types})
            for one in executors:
                if deleted := [name for name in one.task_types if name not in types]:
                    kept = [name for name in one.task_types if name in types]
                    one.deleted_task_types.extend(deleted)
                    one.ClearField("task_types")
                    one.task_types.extend(kept)


def _executor(state: ExecutorState) -> pb.Executor:
    info = state.info
    return pb.Executor(
        executor_id=info.executor_id,
        display_name=info.display_name,
        slots=info.slots,
        running=state.running,
        task_types=info.task_types,
        queues=info.queues,
        connected=state.connected,
        last_seen_ms=state.last_seen_ms,
        session_time=to_timestamp(state.session),
        draining=state.draining,
        sdk_version=info.sdk_version,
    )


def _not_found(executor_id: str) -> ExecutorNotFound:
    return ExecutorNotFound(f"no executor {executor_id[: limits.EXECUTOR_ID_CHARS]!r} is known")


def _wrong(field: str, description: str) -> InvalidInput:
    return InvalidInput([FieldViolation(field, description)])

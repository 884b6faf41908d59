"""A scheduler in this process, over real gRPC and without stores: it hands out what a test says, keeps what comes, and
can be told to misbehave. What the SDK does with a real scheduler is tested against the real one.
"""

# ruff: noqa: N802 - gRPC names the methods

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import grpc.aio

from asynctask import TaskType
from asynctask._memory import MemoryTask
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import state_pb2, work_pb2


@dataclass
class Connection:
    """One stream of an executor."""

    hello: pb.Hello
    session: int
    down: "asyncio.Queue[pb.WorkResponse | None]" = field(default_factory=asyncio.Queue)


class LoopbackScheduler:
    def __init__(self, lease_ms: int = 15_000) -> None:
        self.lease_ms = lease_ms
        self.tasks: dict[bytes, MemoryTask] = defaultdict(MemoryTask)
        self.connections: list[Connection] = []
        self.renewals: list[pb.RenewRequest] = []
        self.events: list[work_pb2.Event] = []
        self.progress: list[pb.ProgressReport] = []
        self.slots: list[int] = []
        self.lost: set[bytes] = set()
        self.requested: dict[bytes, state_pb2.Requested.ValueType] = {}
        self.hold_acks = False
        self.refuse_renewals = False
        self.renewal_permits: asyncio.Semaphore | None = None
        """Each answer to a renewal takes one, if there are any to take."""
        self.manifests_answered = asyncio.Event()
        """Cleared: calls about manifests are taken and not answered."""
        self.manifests_answered.set()
        self.chunks: list[pb.AppendManifestRequest] = []
        self.changed = asyncio.Condition()

    # --- what a test does --------------------------------------------------------------------------------------------

    @property
    def connection(self) -> Connection:
        return self.connections[-1]

    async def until(self, condition, timeout: float = 60.0):
        """Wait until a condition holds, looked at after everything that comes."""
        async with asyncio.timeout(timeout), self.changed:
            await self.changed.wait_for(condition)

    async def connected(self, count: int = 1) -> Connection:
        await self.until(lambda: len(self.connections) >= count)
        return self.connection

    def was_renewed(self, assignment: work_pb2.Assignment) -> bool:
        return any(
            item.attempt_id == assignment.attempt_id for request in self.renewals for item in request.attempts
        )

    def assign(
        self, task_type: TaskType | str, config: str = "{}", task: bytes | None = None, **facts
    ) -> work_pb2.Assignment:
        """Give a task, or the next attempt at it, to the executor of the newest stream."""
        task_id = task or new_id()
        memory = self.tasks[task_id]
        assignment = work_pb2.Assignment(
            task_id=task_id,
            attempt_id=new_id(),
            task_type=task_type if isinstance(task_type, str) else task_type.name,
            task_config=config,
            epoch=facts.pop("epoch", 1),
            stage=memory.stage,
            checkpoint=memory.checkpoint,
            input_json=memory.input_json,
            expires_in_ms=self.lease_ms,
            max_attempts=3,
            run=1,
            priority=3,
            **facts,
        )
        memory.begin(assignment.attempt_id)
        self.send(pb.WorkResponse(assignments=pb.AssignmentBatch(assignments=[assignment])))
        return assignment

    def send(self, message: pb.WorkResponse) -> None:
        self.connection.down.put_nowait(message)

    def request(self, assignment: work_pb2.Assignment, requested: "state_pb2.Requested.ValueType") -> None:
        """Ask for a pause or cancel, as a person would."""
        self.requested[assignment.attempt_id] = requested
        control = pb.Control(
            task_id=assignment.task_id, attempt_id=assignment.attempt_id, requested=requested
        )
        self.send(pb.WorkResponse(controls=pb.ControlBatch(controls=[control])))

    def lose(self, assignment: work_pb2.Assignment) -> None:
        control = pb.Control(task_id=assignment.task_id, attempt_id=assignment.attempt_id, lost=True)
        self.send(pb.WorkResponse(controls=pb.ControlBatch(controls=[control])))

    def send_drain(self) -> None:
        self.send(pb.WorkResponse(drain=pb.Drain(reason="a test")))

    def cut(self) -> None:
        """End the newest stream."""
        self.connection.down.put_nowait(None)

    async def outcome(self, assignment: work_pb2.Assignment, timeout: float = 60.0) -> work_pb2.OutcomeEvent:
        memory = self.tasks[assignment.task_id]
        await self.until(lambda: memory.outcome is not None, timeout)
        assert memory.outcome is not None
        return memory.outcome

    async def has_ended(self, assignment: work_pb2.Assignment, result: str) -> work_pb2.OutcomeEvent:
        outcome = await self.outcome(assignment)
        assert state_pb2.AttemptResult.Name(outcome.result) == f"ATTEMPT_RESULT_{result}", outcome
        return outcome

    # --- what executors call -----------------------------------------------------------------------------------------

    async def _note(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def Work(self, request_iterator, context):
        first = await anext(request_iterator)
        connection = Connection(first.hello, len(self.connections) + 1)
        self.connections.append(connection)
        held = {item.attempt_id for item in first.hello.held}
        lost = [attempt_id for attempt_id in held if attempt_id in self.lost]
        yield pb.WorkResponse(
            welcome=pb.Welcome(
                session=connection.session,
                lease_ms=self.lease_ms,
                renew_every_ms=self.lease_ms // 3,
                lost_attempt_ids=lost,
            )
        )
        await self._note()
        reader = asyncio.create_task(self._read(request_iterator, connection))
        try:
            while (message := await connection.down.get()) is not None:
                yield message
        finally:
            reader.cancel()

    async def _read(self, requests, connection: Connection) -> None:
        async for message in requests:
            kind = message.WhichOneof("message")
            if kind == "events":
                acks = []
                for event in message.events.events:
                    self.events.append(event)
                    if not self.hold_acks:
                        ack = self.tasks[event.task_id].record(event)
                        ack.requested = self.requested.get(event.attempt_id, state_pb2.REQUESTED_UNSPECIFIED)
                        acks.append(ack)
                if acks:
                    connection.down.put_nowait(pb.WorkResponse(acks=pb.AckBatch(acks=acks)))
            elif kind == "progress":
                self.progress.extend(message.progress.reports)
            elif kind == "slots":
                self.slots.append(message.slots.slots)
            await self._note()
        connection.down.put_nowait(None)  # nothing more comes: the stream ends, as that of a real scheduler

    async def Renew(
        self, request: pb.RenewRequest, context: "grpc.aio.ServicerContext[pb.RenewRequest, pb.RenewResponse]"
    ):
        if self.refuse_renewals:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "refused by the test")
        self.renewals.append(request)
        await self._note()
        if self.renewal_permits is not None:
            await self.renewal_permits.acquire()
        lost = [item.attempt_id for item in request.attempts if item.attempt_id in self.lost]
        controls = [
            pb.Control(
                task_id=item.task_id, attempt_id=item.attempt_id, requested=self.requested[item.attempt_id]
            )
            for item in request.attempts
            if item.attempt_id in self.requested
        ]
        return pb.RenewResponse(lost_attempt_ids=lost, controls=controls, lease_ms=self.lease_ms)

    async def AppendLogs(self, request, context):
        self.tasks[request.task_id].logs.extend(request.lines)
        await self._note()
        return pb.AppendLogsResponse()

    async def AppendManifest(self, request, context):
        self.chunks.append(request)
        await self._note()
        await self.manifests_answered.wait()
        answer = self.tasks[request.task_id].append_manifest(request)
        await self._note()
        return answer

    async def ReadManifest(self, request, context):
        await self.manifests_answered.wait()
        return self.tasks[request.task_id].read_manifest(request)

    def handlers(self) -> grpc.GenericRpcHandler:
        """What an executor calls; the rest of the service is not here."""
        return grpc.method_handlers_generic_handler(
            "asynctask.scheduler.v1.ExecutorService",
            {
                "Work": grpc.stream_stream_rpc_method_handler(
                    self.Work, pb.WorkRequest.FromString, pb.WorkResponse.SerializeToString
                ),
                "Renew": grpc.unary_unary_rpc_method_handler(
                    self.Renew, pb.RenewRequest.FromString, pb.RenewResponse.SerializeToString
                ),
                "AppendLogs": grpc.unary_unary_rpc_method_handler(
                    self.AppendLogs, pb.AppendLogsRequest.FromString, pb.AppendLogsResponse.SerializeToString
                ),
                "AppendManifest": grpc.unary_unary_rpc_method_handler(
                    self.AppendManifest,
                    pb.AppendManifestRequest.FromString,
                    pb.AppendManifestResponse.SerializeToString,
                ),
                "ReadManifest": grpc.unary_unary_rpc_method_handler(
                    self.ReadManifest,
                    pb.ReadManifestRequest.FromString,
                    pb.ReadManifestResponse.SerializeToString,
                ),
            },
        )


@asynccontextmanager
async def running_loopback(lease_ms: int = 15_000) -> AsyncIterator[tuple[LoopbackScheduler, str]]:
    scheduler = LoopbackScheduler(lease_ms)
    server = grpc.aio.server(
        options=[("grpc.so_reuseport", 0), ("grpc.http2.min_ping_interval_without_data_ms", 5_000)]
    )
    server.add_generic_rpc_handlers([scheduler.handlers()])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield scheduler, f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


@asynccontextmanager
async def running_executor(executor) -> AsyncIterator[asyncio.Task[None]]:
    """An executor served by this loop, stopped at the end."""
    task = asyncio.create_task(executor.serve())
    try:
        yield task
    finally:
        executor.stop()
        async with asyncio.timeout(60):
            await task

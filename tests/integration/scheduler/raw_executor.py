"""A small executor that speaks the Work stream itself and does only what a test says."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import grpc

from asynctask_chassis.channel import open_channel
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.scheduler.v1.executor_service_pb2_grpc import ExecutorServiceStub
from asynctask_protos.task.v1.state_pb2 import AttemptResult
from asynctask_protos.task.v1.task_pb2 import Failure, Progress
from asynctask_protos.task.v1.task_type_pb2 import StageSpec, TaskType
from asynctask_protos.task.v1.work_pb2 import (
    Ack,
    Assignment,
    Checkpoint,
    CheckpointEvent,
    Event,
    OutcomeEvent,
    StageFinishedEvent,
)

SUCCESS = AttemptResult.ATTEMPT_RESULT_SUCCESS


def a_type(name: str = "noop", *, stages: Sequence[str] = ("run",), **fields: Any) -> TaskType:
    """A task type; each stage weighs the same."""
    return TaskType(name=name, stages=[StageSpec(name=stage, weight=1) for stage in stages], **fields)


class RawExecutor:
    """One executor; `open` begins a stream, a second `open` another session of the same executor."""

    def __init__(
        self,
        address: str,
        *types: TaskType,
        slots: int = 4,
        executor_id: str | None = None,
        queues: Sequence[str] = (),
    ) -> None:
        self.types = types or (a_type(),)
        self.slots = slots
        self.executor_id = executor_id or f"raw-{os.urandom(4).hex()}"
        self.queues = queues
        self.channel = open_channel(address)
        self.stub: Any = ExecutorServiceStub(self.channel)
        self.session = 0
        self.welcome = pb.Welcome()
        self.held: dict[bytes, Assignment] = {}
        self.acks: list[Ack] = []
        self.controls: list[pb.Control] = []
        self.drains: list[str] = []
        self.error: grpc.aio.AioRpcError | None = None
        self.ended = asyncio.Event()
        self._sequences: dict[bytes, int] = {}
        self._assigned: asyncio.Queue[Assignment] = asyncio.Queue()
        self._changed = asyncio.Condition()
        self._call: Any = None
        self._reader: asyncio.Task[None] | None = None

    # --- the stream ---------------------------------------------------------------------------------------------------

    async def open(self, *, held: Sequence[Assignment] = ()) -> pb.Welcome:
        """Begin a stream with Hello and wait for Welcome."""
        self._call = self.stub.Work()
        self.ended = asyncio.Event()
        self.error = None
        hello = pb.Hello(
            executor_id=self.executor_id,
            display_name="raw",
            slots=self.slots,
            task_types=self.types,
            queues=self.queues,
            held=[pb.HeldAttempt(task_id=a.task_id, attempt_id=a.attempt_id) for a in held],
            sdk_version="raw",
        )
        await self._call.write(pb.WorkRequest(hello=hello))
        first = await self._call.read()
        assert isinstance(first, pb.WorkResponse), await self._call.code()
        assert first.WhichOneof("message") == "welcome"
        self.welcome = first.welcome
        self.session = self.welcome.session
        self._reader = asyncio.create_task(self._read(self._call, self.ended))
        return self.welcome

    async def _read(self, call: Any, ended: asyncio.Event) -> None:
        try:
            while isinstance(response := await call.read(), pb.WorkResponse):
                await self._take(response)
        except grpc.aio.AioRpcError as error:
            self.error = error
        finally:
            ended.set()

    async def _take(self, response: pb.WorkResponse) -> None:
        match response.WhichOneof("message"):
            case "assignments":
                for assignment in response.assignments.assignments:
                    self.held[assignment.attempt_id] = assignment
                    self._assigned.put_nowait(assignment)
            case "acks":
                self.acks.extend(response.acks.acks)
                for ack in response.acks.acks:
                    if ack.ended:
                        self.held.pop(ack.attempt_id, None)
            case "controls":
                self.controls.extend(response.controls.controls)
            case "drain":
                self.drains.append(response.drain.reason)
            case other:
                raise AssertionError(other)
        async with self._changed:
            self._changed.notify_all()

    def cut(self) -> None:
        """End the stream from this side, rudely."""
        self._call.cancel()

    async def half_close(self) -> None:
        """Say that nothing more comes."""
        await self._call.done_writing()

    async def close(self) -> None:
        """End everything."""
        if self._call is not None:
            self._call.cancel()
        if self._reader is not None:
            await asyncio.wait([self._reader])
        await self.channel.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    # --- what comes ---------------------------------------------------------------------------------------------------

    async def assignment(self, timeout: float = 60.0) -> Assignment:
        """The next task to run."""
        async with asyncio.timeout(timeout):
            return await self._assigned.get()

    async def assignments(self, count: int, timeout: float = 60.0) -> list[Assignment]:
        """The next tasks to run."""
        return [await self.assignment(timeout) for _ in range(count)]

    @property
    def waiting(self) -> int:
        """Assignments that came and were not looked at."""
        return self._assigned.qsize()

    async def ack(self, attempt_id: bytes, sequence: int, timeout: float = 60.0) -> Ack:
        """The acknowledgement of an event."""
        found: list[Ack] = []

        def is_there() -> bool:
            found[:] = [a for a in self.acks if a.attempt_id == attempt_id and a.last_sequence >= sequence]
            return bool(found)

        await self.until(is_there, timeout)
        return found[-1]

    async def until(self, condition: Any, timeout: float = 60.0) -> None:
        """Wait until something that came makes `condition` true."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(condition)

    async def control(self, attempt_id: bytes, timeout: float = 60.0) -> pb.Control:
        """The latest request about an attempt."""
        await self.until(lambda: any(c.attempt_id == attempt_id for c in self.controls), timeout)
        return [c for c in self.controls if c.attempt_id == attempt_id][-1]

    # --- what goes ----------------------------------------------------------------------------------------------------

    async def send(self, *events: Event) -> None:
        """Send durable events."""
        await self._call.write(pb.WorkRequest(events=pb.EventBatch(events=events)))

    async def progress(self, assignment: Assignment, stage: str, done: float, total: float) -> None:
        """Send live progress."""
        report = pb.ProgressReport(
            task_id=assignment.task_id,
            attempt_id=assignment.attempt_id,
            stage=stage,
            progress=Progress(done=done, total=total, unit="bytes"),
        )
        await self._call.write(pb.WorkRequest(progress=pb.ProgressBatch(reports=[report])))

    async def set_slots(self, slots: int) -> None:
        """Change the number of slots."""
        await self._call.write(pb.WorkRequest(slots=pb.SlotsChanged(slots=slots)))

    def event(self, assignment: Assignment, *, sequence: int | None = None, **fields: Any) -> Event:
        """Make the next event of an attempt."""
        if sequence is None:
            sequence = self._sequences[assignment.attempt_id] = (
                self._sequences.get(assignment.attempt_id, 0) + 1
            )
        return Event(
            task_id=assignment.task_id, attempt_id=assignment.attempt_id, sequence=sequence, **fields
        )

    def outcome(
        self, assignment: Assignment, result: Any = SUCCESS, *, sequence: int | None = None, **fields: Any
    ) -> Event:
        """Make an outcome event."""
        if result == SUCCESS:
            fields.setdefault("result_json", "{}")
        stage = assignment.stage or self.types[0].stages[0].name
        return self.event(
            assignment, sequence=sequence, outcome=OutcomeEvent(result=result, stage=stage, **fields)
        )

    async def finish(self, assignment: Assignment, result: Any = SUCCESS, **fields: Any) -> Ack:
        """Send an outcome and wait for its acknowledgement."""
        event = self.outcome(assignment, result, **fields)
        await self.send(event)
        return await self.ack(assignment.attempt_id, event.sequence)

    async def fail(
        self, assignment: Assignment, message: str = "it broke", *, retryable: bool = False
    ) -> Ack:
        """End an attempt with an error."""
        failure = Failure(reason="HANDLER_ERROR", error_type="ValueError", message=message, stage="run")
        return await self.finish(
            assignment, AttemptResult.ATTEMPT_RESULT_FAILED, failure=failure, retryable=retryable
        )

    async def checkpoint(self, assignment: Assignment, stage: str, json: str) -> Ack:
        """Store a checkpoint and wait for its acknowledgement."""
        event = self.event(
            assignment, checkpoint=CheckpointEvent(stage=stage, checkpoint=Checkpoint(json=json))
        )
        await self.send(event)
        return await self.ack(assignment.attempt_id, event.sequence)

    async def finish_stage(self, assignment: Assignment, stage: str, next_stage: str, result: str) -> Ack:
        """Finish a stage and wait for the acknowledgement."""
        event = self.event(
            assignment,
            stage_finished=StageFinishedEvent(stage=stage, next_stage=next_stage, result_json=result),
        )
        await self.send(event)
        return await self.ack(assignment.attempt_id, event.sequence)

    async def renew(self, *attempts: Assignment, session: int | None = None) -> pb.RenewResponse:
        """Renew these attempts, by default all that are held."""
        named = attempts or tuple(self.held.values())
        response: pb.RenewResponse = await self.stub.Renew(
            pb.RenewRequest(
                executor_id=self.executor_id,
                session=self.session if session is None else session,
                attempts=[pb.HeldAttempt(task_id=a.task_id, attempt_id=a.attempt_id) for a in named],
            ),
            timeout=60,
        )
        return response

"""A registry that answers what a test wants, and how often and how it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from asynctask_core.errors import AsyncTaskError, TooLarge
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_protos.task.v1.state_pb2 import Requested, TaskState
from asynctask_protos.task.v1.task_type_pb2 import StageSpec, TaskType
from asynctask_protos.task.v1.work_pb2 import Ack, Assignment, EventVerdict
from asynctask_scheduler.checks.config_checks import ConfigChecks
from asynctask_scheduler.checks.schema_processes import SchemaProcesses
from asynctask_scheduler.metrics import SchedulerMetrics

APPLIED = EventVerdict.EVENT_VERDICT_APPLIED
STARTED = pb.StartVerdict.START_VERDICT_STARTED
ALREADY_STARTED = pb.StartVerdict.START_VERDICT_ALREADY_STARTED


class RegistryDouble:
    """Answers well, after the failures that were put in; with `gate` cleared it does not answer."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.failures: list[AsyncTaskError] = []
        self.refused: set[bytes] = set()
        """A call with one of these tasks is refused as a whole."""
        self.refusal: AsyncTaskError | None = None
        self.types: dict[str, TaskType] = {}
        self.deleted: dict[str, int] = {}
        """Versions of the deletions of task types."""
        self.pages = 0
        self.verdicts: dict[bytes, pb.StartVerdict.ValueType] = {}
        """What a start of these tasks is answered; they are not started with their creation."""
        self.started_eagerly: list[bytes] = []
        """Tasks that were."""
        self.running: dict[bytes, bytes] = {}
        """The attempts under which tasks were created."""
        self.standings: dict[bytes, Standing] = {}
        self.most_starts: int | None = None
        """An answer to more starts than these is too large."""
        self.start_bytes = 0
        """Size of each assignment."""
        self.gate = asyncio.Event()
        self.gate.set()
        self.in_flight = 0

    def count(self, name: str) -> int:
        return sum(call == name for call, _ in self.calls)

    async def _called(self, name: str, items: Sequence[Any]) -> None:
        self.calls.append((name, items))
        self.in_flight += 1
        try:
            await self.gate.wait()
        finally:
            self.in_flight -= 1
        if self.failures:
            raise self.failures.pop(0)
        if self.refusal is not None and any(item.task_id in self.refused for item in items):
            raise self.refusal

    async def create(
        self, tasks: Sequence[pb.NewTask], starts: Sequence[pb.AttemptStart] = ()
    ) -> pb.CreateTasksResponse:
        await self._called("create", list(tasks))
        started = [self._result(start) for start in starts if start.task_id not in self.verdicts]
        self.started_eagerly += [one.task_id for one in started]
        running = {
            start.task_id: leased(start.task_id, start.attempt_id, start.executor_id)
            for start in starts
            if self.verdicts.get(start.task_id, STARTED) in (STARTED, ALREADY_STARTED)
        }
        self.running |= {task_id: standing.attempt_id for task_id, standing in running.items()}
        standings = [running.get(task.task_id, ready(task.task_id)) for task in tasks]
        return pb.CreateTasksResponse(standings=standings, started=started)

    async def start(self, starts: Sequence[pb.AttemptStart]) -> pb.StartAttemptsResponse:
        await self._called("start", list(starts))
        if self.most_starts is not None and len(starts) > self.most_starts:
            raise TooLarge("larger than max")
        return pb.StartAttemptsResponse(
            results=[self._result(start) for start in starts], standings=self._known(starts)
        )

    def _result(self, start: pb.AttemptStart) -> pb.StartResult:
        return pb.StartResult(
            task_id=start.task_id,
            attempt_id=start.attempt_id,
            verdict=self.verdicts.get(start.task_id, STARTED),
            assignment=Assignment(
                task_id=start.task_id, attempt_id=start.attempt_id, task_config="x" * self.start_bytes
            ),
        )

    async def record(self, request: pb.RecordEventsRequest) -> pb.RecordEventsResponse:
        await self._called("record", list(request.events))
        last = {event.attempt_id: event.sequence for event in request.events}
        return pb.RecordEventsResponse(
            acks=[Ack(attempt_id=one, last_sequence=number, verdict=APPLIED) for one, number in last.items()]
        )

    async def end(self, ends: Sequence[pb.AttemptEnd]) -> Sequence[Standing]:
        await self._called("end", list(ends))
        released = [
            ready(end.task_id, version=3)
            for end in ends
            if self.running.get(end.task_id) == end.attempt_id and end.task_id not in self.standings
        ]
        return released + self._known(ends)

    async def confirm(self, leases: Sequence[pb.AttemptStart]) -> Sequence[Standing]:
        await self._called("confirm", list(leases))
        return self._known(leases)

    def _known(self, items: Sequence[Any]) -> list[Standing]:
        return [self.standings[item.task_id] for item in items if item.task_id in self.standings]

    async def register(self, task_types: Sequence[TaskType]) -> Sequence[TaskType]:
        self.calls.append(("register", list(task_types)))
        stored: list[TaskType] = []
        for task_type in task_types:
            kept = TaskType()
            kept.CopyFrom(task_type)
            old = self.types.get(task_type.name)
            former = old.version if old else self.deleted.pop(task_type.name, 0)
            kept.version = former + 1
            self.types[kept.name] = kept
            stored.append(kept)
        return stored

    async def task_types_since(self, token: str) -> pb.ListTaskTypesResponse:
        """All that there are, for any token: some changes come twice. Tokens grow with every page."""
        await self._called("task_types_since", [])
        self.pages += 1
        deleted = [pb.DeletedTaskType(name=name, version=version) for name, version in self.deleted.items()]
        return pb.ListTaskTypesResponse(
            task_types=list(self.types.values()), deleted=deleted if token else (), token=str(self.pages)
        )

    async def delete_task_type(self, name: str) -> int:
        await self._called("delete_task_type", [])
        self.deleted[name] = self.types.pop(name).version + 1
        return self.deleted[name]


def ready(task_id: bytes, version: int = 1) -> Standing:
    """A task in the line of `default` and `noop`."""
    return Standing(
        task_id=task_id,
        version=version,
        place=Place.PLACE_READY,
        state=TaskState.TASK_STATE_QUEUED,
        queue="default",
        task_type="noop",
        priority=3,
        ready_at_us=1,
    )


def leased(
    task_id: bytes,
    attempt_id: bytes,
    executor_id: str,
    version: int = 2,
    requested: Requested.ValueType = Requested.REQUESTED_UNSPECIFIED,
) -> Standing:
    """A task that runs."""
    return Standing(
        task_id=task_id,
        version=version,
        place=Place.PLACE_LEASED,
        state=TaskState.TASK_STATE_RUNNING,
        queue="default",
        task_type="noop",
        attempt_id=attempt_id,
        executor_id=executor_id,
        requested=requested,
    )


def a_type(name: str = "noop", **fields: Any) -> TaskType:
    return TaskType(name=name, stages=[StageSpec(name="run", weight=1)], **fields)


def config_checks() -> ConfigChecks:
    """Checks of configs; its processes start when one is needed."""
    return ConfigChecks(SchemaProcesses(), SchemaProcesses(), SchedulerMetrics())

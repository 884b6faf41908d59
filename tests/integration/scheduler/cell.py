"""A registry and schedulers as processes, and stubs to call them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import grpc

from asynctask_chassis.channel import open_channel
from asynctask_core.errors import AsyncTaskError
from asynctask_core.ids import parse_id
from asynctask_core.status import from_rpc_error
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.executor_service_pb2_grpc import ExecutorServiceStub
from asynctask_protos.scheduler.v1.queue_service_pb2_grpc import QueueServiceStub
from asynctask_protos.scheduler.v1.task_service_pb2_grpc import TaskServiceStub
from asynctask_protos.scheduler.v1.task_type_service_pb2_grpc import TaskTypeServiceStub
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from tests.integration.scheduler.raw_executor import RawExecutor, a_type
from tests.support.conditions import eventually
from tests.support.processes import Processes, ServiceProcess

CALL_S = 60
LEASE_S = 60
"""So long that no process of a busy machine loses one; tests of what happens then have shorter ones."""


# A busy machine's Postgres may be slow, which is not what is tested here. Schedulers wait longer than their registry.
CALL_TIMEOUT = "30s"
PATIENT_REGISTRY = {"CALL_TIMEOUT": "24s", "STATEMENT_TIMEOUT": "20s", "LOCK_TIMEOUT": "16s"}


class Replica:
    """One scheduler and the calls that go to it."""

    def __init__(self, process: ServiceProcess) -> None:
        self.process = process
        self.channel = open_channel(process.address)
        self.tasks: Any = TaskServiceStub(self.channel)
        self.types: Any = TaskTypeServiceStub(self.channel)
        self.queues: Any = QueueServiceStub(self.channel)
        self.executors: Any = ExecutorServiceStub(self.channel)

    @property
    def address(self) -> str:
        return self.process.address


class Cell:
    """Its first scheduler is called unless a test says otherwise."""

    def __init__(
        self,
        postgres_url: str,
        redis_url: str,
        processes: Processes,
        *,
        name: str,
        settings: Mapping[str, Any],
    ) -> None:
        self.registry = processes.service("registry", POSTGRES_URL=postgres_url, **PATIENT_REGISTRY)
        self.settings = {
            "REDIS_URL": redis_url,
            "REGISTRY_ADDRESS": self.registry.address,
            "CALL_TIMEOUT": CALL_TIMEOUT,
            "CELL": name,
            "LEASE": f"{LEASE_S}s",
            "REDIS_TIMEOUT": "30s",
        } | {key: str(value) for key, value in settings.items()}
        self.replicas: list[Replica] = []
        self._processes = processes
        self._executors: list[RawExecutor] = []

    async def start(self, schedulers: int) -> None:
        await asyncio.gather(self.registry.start(), *(self.add_scheduler() for _ in range(schedulers)))

    async def add_scheduler(self, **settings: str) -> Replica:
        process = self._processes.service("scheduler", **(self.settings | settings))
        replica = Replica(process)
        self.replicas.append(replica)
        await process.start()
        return replica

    async def close(self) -> None:
        for executor in self._executors:
            await executor.close()
        for replica in self.replicas:
            await replica.channel.close()

    # --- executors ----------------------------------------------------------------------------------------------------

    async def executor(
        self, *types: TaskType, replica: int = 0, opened: bool = True, address: str = "", **options: Any
    ) -> RawExecutor:
        """An executor with an open stream to one of the schedulers."""
        executor = RawExecutor(address or self.replicas[replica].address, *types, **options)
        self._executors.append(executor)
        if opened:
            await executor.open()
        return executor

    # --- calls --------------------------------------------------------------------------------------------------------

    @property
    def tasks(self) -> Any:
        return self.replicas[0].tasks

    async def register(self, *types: TaskType) -> None:
        """Declare types without an executor."""
        from asynctask_protos.scheduler.v1.task_type_service_pb2 import RegisterTaskTypeRequest

        for task_type in types or (a_type(),):
            await self.replicas[0].types.RegisterTaskType(RegisterTaskTypeRequest(task_type=task_type))

    async def submit(self, task_type: str = "noop", config: str = "{}", **fields: Any) -> str:
        request = pb.SubmitTaskRequest(task_type=task_type, task_config=config, **fields)
        return (await self.tasks.SubmitTask(request, timeout=CALL_S)).task_id

    async def submit_many(self, count: int, task_type: str = "noop", **fields: Any) -> list[str]:
        request = pb.BatchSubmitTasksRequest(
            tasks=[pb.SubmitTaskRequest(task_type=task_type, **fields) for _ in range(count)]
        )
        results = (await self.tasks.BatchSubmitTasks(request, timeout=CALL_S)).results
        assert all(result.task_id for result in results), results
        return [result.task_id for result in results]

    async def get(self, task_id: str) -> Task:
        return (await self.tasks.GetTask(pb.GetTaskRequest(task_id=task_id), timeout=CALL_S)).task

    async def until_state(self, task_id: str, state: int, timeout: float = 60.0) -> Task:
        """Wait until a task is in a state, and give it."""

        async def is_there() -> bool:
            return (await self.get(task_id)).task_status == state

        await eventually(is_there, timeout=timeout)
        return await self.get(task_id)

    async def all_in_state(self, task_ids: Sequence[str], state: int, timeout: float = 60.0) -> None:
        """Wait until all are in a state."""

        async def are_there() -> bool:
            return all([(await self.get(task_id)).task_status == state for task_id in task_ids])

        await eventually(are_there, timeout=timeout)


async def error_of(call: Any) -> AsyncTaskError:
    """The error of the catalogue that a call ends with."""
    try:
        await asyncio.wait_for(call, CALL_S)
    except grpc.aio.AioRpcError as error:
        return from_rpc_error(error)
    raise AssertionError("the call did not fail")


def raw_id(task_id: str) -> bytes:
    """16 bytes of a text id."""
    return parse_id(task_id)

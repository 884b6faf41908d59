"""The generated stub of each service."""

from typing import Any

from asynctask._client.api import Service
from asynctask_protos.scheduler.v1 import (
    executor_service_pb2_grpc,
    queue_service_pb2_grpc,
    task_service_pb2_grpc,
    task_type_service_pb2_grpc,
)

_STUBS: dict[Service, Any] = {
    Service.TASKS: task_service_pb2_grpc.TaskServiceStub,
    Service.TYPES: task_type_service_pb2_grpc.TaskTypeServiceStub,
    Service.EXECUTORS: executor_service_pb2_grpc.ExecutorServiceStub,
    Service.QUEUES: queue_service_pb2_grpc.QueueServiceStub,
}


def stub_of(service: Service, channel: Any) -> Any:
    """A stub over a channel, blocking or aio as the channel is."""
    return _STUBS[service](channel)

"""The generated stub of each service."""

from importlib import import_module
from typing import Any

from asynctask._client.api import Service

_STUBS: dict[Service, tuple[str, str]] = {
    Service.TASKS: ("task_service_pb2_grpc", "TaskServiceStub"),
    Service.TYPES: ("task_type_service_pb2_grpc", "TaskTypeServiceStub"),
    Service.EXECUTORS: ("executor_service_pb2_grpc", "ExecutorServiceStub"),
    Service.QUEUES: ("queue_service_pb2_grpc", "QueueServiceStub"),
    Service.OVERVIEW: ("overview_service_pb2_grpc", "OverviewServiceStub"),
}


def stub_of(service: Service, channel: Any) -> Any:
    """A stub over a channel, blocking or aio as the channel is. Its module is loaded now, and gRPC with it."""
    module, name = _STUBS[service]
    return getattr(import_module(f"asynctask_protos.scheduler.v1.{module}"), name)(channel)

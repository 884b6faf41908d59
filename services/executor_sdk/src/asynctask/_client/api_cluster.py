"""Each call about task types, executors and queues as its message and how its answer is read.

Each call imports its messages itself, so that a program that only asks about tasks does not load them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from asynctask import _argument_checks
from asynctask._client import info_wire as _info_wire
from asynctask._client.api import ClientCall, Service, microseconds, type_name
from asynctask._options import Duration, duration_ms
from asynctask.errors import FieldViolation, InvalidInput
from asynctask_core import limits
from asynctask_core.wire import to_timestamp

if TYPE_CHECKING:
    from asynctask._client.info_cluster import (
        ExecutorInfo,
        FailuresInfo,
        OverviewInfo,
        QueueInfo,
        SeriesInfo,
        TaskTypeInfo,
    )
    from asynctask._task import TaskType


def register_task_type(task_type: TaskType) -> ClientCall[TaskTypeInfo]:
    from asynctask._task import TaskType
    from asynctask_protos.scheduler.v1 import task_type_service_pb2 as type_pb

    if not isinstance(task_type, TaskType):  # pyright: ignore[reportUnnecessaryIsInstance]
        text = f"must be an asynctask.TaskType; got {_argument_checks.shown(task_type)}"
        raise InvalidInput([FieldViolation("task_type", text)])
    request = type_pb.RegisterTaskTypeRequest(task_type=task_type.to_proto())
    return ClientCall(
        Service.TYPES,
        "RegisterTaskType",
        request,
        lambda answer: _info_wire.task_type_of(answer.task_type),
        repeatable=True,
    )


def task_types_page(page_token: str) -> ClientCall[tuple[list[TaskTypeInfo], str]]:
    """A page of the types by name, and the token of the next one."""
    from asynctask_protos.scheduler.v1 import task_type_service_pb2 as type_pb

    return ClientCall(
        Service.TYPES,
        "ListTaskTypes",
        type_pb.ListTaskTypesRequest(page_token=page_token),
        lambda answer: ([_info_wire.task_type_of(one) for one in answer.task_types], answer.next_page_token),
        repeatable=True,
    )


def delete_task_type(name: str) -> ClientCall[None]:
    from asynctask_protos.scheduler.v1 import task_type_service_pb2 as type_pb

    request = type_pb.DeleteTaskTypeRequest(name=_argument_checks.required_text("name", name))
    return ClientCall(Service.TYPES, "DeleteTaskType", request, lambda _: None)


def task_type(name: str) -> ClientCall[TaskTypeInfo]:
    from asynctask_protos.scheduler.v1 import task_type_service_pb2 as type_pb

    request = type_pb.GetTaskTypeRequest(name=_argument_checks.required_text("name", name))
    return ClientCall(
        Service.TYPES,
        "GetTaskType",
        request,
        lambda answer: _info_wire.task_type_of(answer.task_type),
        repeatable=True,
    )


def executors_page(page_token: str) -> ClientCall[tuple[list[ExecutorInfo], str]]:
    """A page of the executors by id, and the token of the next one."""
    from asynctask_protos.scheduler.v1 import executor_service_pb2 as executor_pb

    return ClientCall(
        Service.EXECUTORS,
        "ListExecutors",
        executor_pb.ListExecutorsRequest(page_token=page_token),
        lambda answer: ([_info_wire.executor_of(one) for one in answer.executors], answer.next_page_token),
        repeatable=True,
    )


def executor(executor_id: str) -> ClientCall[ExecutorInfo]:
    from asynctask_protos.scheduler.v1 import executor_service_pb2 as executor_pb

    request = executor_pb.GetExecutorRequest(
        executor_id=_argument_checks.required_text("executor_id", executor_id)
    )
    return ClientCall(
        Service.EXECUTORS,
        "GetExecutor",
        request,
        lambda answer: _info_wire.executor_of(answer.executor),
        repeatable=True,
    )


def drain_executor(executor_id: str, reason: str) -> ClientCall[None]:
    from asynctask_protos.scheduler.v1 import executor_service_pb2 as executor_pb

    request = executor_pb.DrainExecutorRequest(
        executor_id=_argument_checks.required_text("executor_id", executor_id),
        reason=_argument_checks.reason(reason),
    )
    return ClientCall(Service.EXECUTORS, "DrainExecutor", request, lambda _: None, repeatable=True)


def queues_page(page_token: str) -> ClientCall[tuple[list[QueueInfo], str]]:
    """A page of the queues by name, and the token of the next one."""
    from asynctask_protos.scheduler.v1 import queue_service_pb2 as queue_pb

    return ClientCall(
        Service.QUEUES,
        "ListQueues",
        queue_pb.ListQueuesRequest(page_token=page_token),
        lambda answer: ([_info_wire.queue_of(one) for one in answer.queues], answer.next_page_token),
        repeatable=True,
    )


def queue(name: str) -> ClientCall[QueueInfo]:
    from asynctask_protos.scheduler.v1 import queue_service_pb2 as queue_pb

    request = queue_pb.GetQueueRequest(name=_argument_checks.required_text("name", name))
    return ClientCall(
        Service.QUEUES, "GetQueue", request, lambda answer: _info_wire.queue_of(answer.queue), repeatable=True
    )


def overview() -> ClientCall[OverviewInfo]:
    from asynctask_protos.scheduler.v1 import overview_service_pb2 as overview_pb

    return ClientCall(
        Service.OVERVIEW,
        "GetOverview",
        overview_pb.GetOverviewRequest(),
        lambda answer: _info_wire.overview_of(answer.overview),
        repeatable=True,
    )


def failures(
    task_type: str | TaskType | None, submitted_after: datetime | None, limit: int
) -> ClientCall[FailuresInfo]:
    from asynctask_protos.scheduler.v1 import overview_service_pb2 as overview_pb

    size = _argument_checks.whole("limit", limit, 1, limits.FAILURE_GROUPS)
    request = overview_pb.ListFailuresRequest(page_size=size)
    if task_type is not None:
        request.task_type = type_name("task_type", task_type)
    if submitted_after is not None:
        request.start_time.CopyFrom(to_timestamp(microseconds(submitted_after, "submitted_after")))
    return ClientCall(Service.OVERVIEW, "ListFailures", request, _info_wire.failures_of, repeatable=True)


def series(
    task_type: str | TaskType | None,
    span: tuple[datetime | None, datetime | None],
    step: Duration | None,
) -> ClientCall[SeriesInfo]:
    from asynctask_protos.scheduler.v1 import overview_service_pb2 as overview_pb

    request = overview_pb.GetSeriesRequest()
    if task_type is not None:
        request.task_type = type_name("task_type", task_type)
    start, end = span
    if start is not None:
        request.start_time.CopyFrom(to_timestamp(microseconds(start, "start")))
    if end is not None:
        request.end_time.CopyFrom(to_timestamp(microseconds(end, "end")))
    if step is not None:
        request.step_ms = duration_ms(step, "step", limits.HOURS_KEPT_S * 1000, least_ms=60_000)
    return ClientCall(Service.OVERVIEW, "GetSeries", request, _info_wire.series_of, repeatable=True)

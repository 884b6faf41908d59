"""The clients' answers, read from their messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import Message

from asynctask._client.info import (
    FailureInfo,
    Info,
    ProgressInfo,
    StageInfo,
    TaskInfo,
    TaskInfoPage,
    WarningInfo,
)
from asynctask._json import load_json
from asynctask_core import limits
from asynctask_core.ids import id_text
from asynctask_core.states import RESERVED, Requested, StageState, TaskState, WaitingFor
from asynctask_core.wire import to_datetime
from asynctask_protos.task.v1 import task_pb2

if TYPE_CHECKING:
    from asynctask._client.info_cluster import (
        ExecutorInfo,
        FailureGroupInfo,
        FailuresInfo,
        OverviewInfo,
        QueueInfo,
        QueueTypeInfo,
        SeriesInfo,
        SeriesPointInfo,
        StageSpecInfo,
        TaskTypeInfo,
        TypeCountsInfo,
    )
    from asynctask._client.info_explanation import ExplanationInfo, ReasonInfo
    from asynctask._client.info_history import AttemptInfo, LogLineInfo, TaskEventInfo
    from asynctask_protos.scheduler.v1 import (
        executor_service_pb2,
        overview_service_pb2,
        queue_service_pb2,
        task_service_pb2,
    )
    from asynctask_protos.task.v1 import explanation_pb2, overview_pb2, task_type_pb2

InfoT = TypeVar("InfoT", bound=Info)
MessageT = TypeVar("MessageT", bound=Message)


def _keeps_message(read: Callable[[MessageT], InfoT]) -> Callable[[MessageT], InfoT]:
    """Let what is read keep its message, which is what `to_json` writes."""

    @wraps(read)
    def read_and_keep(message: MessageT) -> InfoT:
        info = read(message)
        object.__setattr__(info, "_message", message)  # the value is frozen
        return info

    return read_and_keep


def _keeps_copy(read: Callable[[MessageT], InfoT]) -> Callable[[MessageT], InfoT]:
    """The same for an item of a page or stream: an item itself would hold the memory of the whole answer it came in."""
    read_and_keep = _keeps_message(read)

    @wraps(read)
    def copy_and_read(message: MessageT) -> InfoT:
        copy = type(message)()
        copy.CopyFrom(message)
        return read_and_keep(copy)

    return copy_and_read


@_keeps_copy
def task_of(task: task_pb2.Task) -> TaskInfo:
    """A task from its message."""
    return TaskInfo(
        task_id=task.task_id,
        task_type=task.task_type,
        queue=task.queue,
        priority=task.priority,
        state=TaskState.of(task.task_status) or TaskState.PENDING,
        waiting_for=WaitingFor.of(task.waiting_for),
        requested=Requested.of(task.requested),
        requested_time=_time(task, "requested_time"),
        version=task.version,
        submit_time=_time(task, "submit_time"),
        start_time=_time(task, "start_time"),
        end_time=_time(task, "end_time"),
        due_time=_time(task, "due_time"),
        stage=task.stage,
        percent=round(task.percent, 2),
        config=_json(task.task_config),
        result=_json(task.result_json),
        failure=failure_of(task.failure) if task.HasField("failure") else None,
        stages=tuple(map(_stage, task.stages)),
        attempt_count=task.attempt_count,
        error_count=task.error_count,
        lost_count=task.lost_count,
        release_count=task.release_count,
        run=task.run,
        executor_id=task.executor_id,
        labels=dict(task.labels),
        command_reason=task.command_reason,
        deleted=task.deleted,
        warning_count=task.warning_count,
        warning_counts=dict(task.warning_counts),
        warnings=tuple(map(warning_of, task.warnings)),
    )


@_keeps_message
def warning_of(warning: task_pb2.TaskWarning) -> WarningInfo:
    """Warnings with one code from their message."""
    return WarningInfo(warning.stage, warning.code, warning.count, warning.text)


@_keeps_message
def _stage(stage: task_pb2.Stage) -> StageInfo:
    return StageInfo(
        name=stage.name,
        position=stage.position,
        weight=stage.weight,
        state=StageState.of(stage.state) or StageState.WAITING,
        progress=_progress(stage.progress) if stage.HasField("progress") else None,
        result=_json(stage.result_json),
        checkpoint=_json(stage.checkpoint_json),
        start_time=_time(stage, "start_time"),
        end_time=_time(stage, "end_time"),
    )


@_keeps_message
def _progress(progress: task_pb2.Progress) -> ProgressInfo:
    return ProgressInfo(
        progress.done,
        progress.total,
        progress.unit,
        progress.message,
        progress.rate,
        progress.remaining_s if progress.HasField("remaining_s") else None,
        progress.remaining_most_s if progress.HasField("remaining_most_s") else None,
    )


def task_page_of(answer: task_service_pb2.ListTasksResponse) -> TaskInfoPage:
    """A page of tasks from its message."""
    tasks = [task_of(task) for task in answer.tasks]
    return TaskInfoPage(tasks, answer.next_page_token, _time(answer, "looked_back_to"))


@_keeps_message
def failure_of(failure: task_pb2.Failure) -> FailureInfo:
    """A failure from its message."""
    return FailureInfo(
        failure.reason,
        failure.error_type,
        failure.message,
        failure.traceback,
        failure.stage,
        failure.fingerprint,
    )


@_keeps_message
def explanation_of(explanation: explanation_pb2.Explanation) -> ExplanationInfo:
    """An explanation from its message."""
    from asynctask._client.info_explanation import ExplanationInfo

    state = TaskState.of(explanation.task_status) or TaskState.PENDING
    reasons = tuple(map(_reason_of, explanation.reasons))
    return ExplanationInfo(explanation.task_id, state, explanation.summary, reasons)


@_keeps_message
def _reason_of(reason: explanation_pb2.ExplanationReason) -> ReasonInfo:
    from asynctask._client.info_explanation import ReasonInfo
    from asynctask_core.message_json.encode import to_json

    facts = to_json(reason)
    return ReasonInfo(facts.pop("kind", ""), facts.pop("summary"), facts)


@_keeps_copy
def attempt_of(attempt: task_pb2.Attempt) -> AttemptInfo:
    """An attempt from its message."""
    from asynctask._client.info_history import AttemptInfo
    from asynctask_core.states import AttemptResult

    return AttemptInfo(
        attempt.attempt_id,
        attempt.task_id,
        attempt.epoch,
        attempt.executor_id,
        _time(attempt, "start_time"),
        _time(attempt, "end_time"),
        AttemptResult.of(attempt.result),
        failure_of(attempt.failure) if attempt.HasField("failure") else None,
        attempt.run,
    )


@_keeps_copy
def event_of(event: task_pb2.TaskEvent) -> TaskEventInfo:
    """An event from its message."""
    from asynctask._client.info_history import TaskEventInfo

    return TaskEventInfo(
        _time(event, "time"), event.kind, _json(event.detail_json), event.version, event.actor
    )


@_keeps_copy
def log_line_of(line: task_pb2.LogLine) -> LogLineInfo:
    """A log line from its message."""
    from asynctask._client.info_history import LogLineInfo

    level = task_pb2.LogLevel.Name(line.level).removeprefix("LOG_LEVEL_").replace("UNSPECIFIED", "INFO")
    return LogLineInfo(
        _time(line, "time"),
        level,
        line.stage,
        line.message,
        line.logger,
        line.sequence,
        id_text(line.attempt_id) if line.attempt_id else "",
    )


@_keeps_copy
def task_type_of(task_type: task_type_pb2.TaskType) -> TaskTypeInfo:
    """A task type from its message."""
    from asynctask._client.info_cluster import TaskTypeInfo
    from asynctask._options import Retry
    from asynctask_core.retry import RetryPolicy

    policy = RetryPolicy.from_proto(task_type.retry)
    return TaskTypeInfo(
        task_type.name,
        tuple(stage.name for stage in task_type.stages),
        _json(task_type.config_schema_json),
        Retry(
            policy.max_attempts, policy.initial_delay_ms / 1000, policy.max_delay_ms / 1000, policy.multiplier
        ),
        task_type.queue,
        task_type.priority,
        task_type.max_running,
        task_type.crash_budget or limits.CRASH_BUDGET,
        task_type.description,
        _time(task_type, "update_time"),
        task_type.version,
        tuple(map(_stage_spec, task_type.stages)),
        tuple(task_type.queues),
    )


@_keeps_message
def _stage_spec(stage: task_type_pb2.StageSpec) -> StageSpecInfo:
    from asynctask._client.info_cluster import StageSpecInfo

    return StageSpecInfo(stage.name, stage.weight, stage.timeout_ms / 1000 or None)


@_keeps_copy
def executor_of(executor: executor_service_pb2.Executor) -> ExecutorInfo:
    """An executor from its message."""
    from asynctask._client.info_cluster import ExecutorInfo

    return ExecutorInfo(
        executor.executor_id,
        executor.display_name,
        executor.slots,
        executor.running,
        tuple(executor.task_types),
        tuple(executor.queues),
        executor.connected,
        executor.last_seen_ms,
        _time(executor, "session_time"),
        executor.draining,
        executor.sdk_version,
        tuple(executor.deleted_task_types),
    )


@_keeps_copy
def queue_of(queue: queue_service_pb2.Queue) -> QueueInfo:
    """A queue from its message."""
    from asynctask._client.info_cluster import QueueInfo

    return QueueInfo(
        queue.name, queue.depth, queue.running, queue.oldest_ready_ms, tuple(map(_queue_type, queue.types))
    )


@_keeps_message
def _queue_type(part: queue_service_pb2.QueueType) -> QueueTypeInfo:
    from asynctask._client.info_cluster import QueueTypeInfo

    return QueueTypeInfo(part.task_type, part.depth, part.running, part.max_running, part.oldest_ready_ms)


@_keeps_message
def overview_of(overview: overview_pb2.Overview) -> OverviewInfo:
    """An overview from its message."""
    from asynctask._client.info_cluster import OverviewInfo

    return OverviewInfo(
        states=_counts(overview.states),
        types=tuple(map(_type_counts, overview.types)),
        oldest_waiting_time=_time(overview, "oldest_waiting_time"),
        oldest_waiting_task_id=overview.oldest_waiting_task_id,
        oldest_waiting_task_type=overview.oldest_waiting_task_type,
        completed_last_day=overview.completed_last_day,
        failed_last_day=overview.failed_last_day,
        success_rate=overview.success_rate if overview.HasField("success_rate") else None,
        uncounted_types=overview.uncounted_types,
    )


@_keeps_message
def _type_counts(counts: overview_pb2.TypeCounts) -> TypeCountsInfo:
    from asynctask._client.info_cluster import TypeCountsInfo

    return TypeCountsInfo(
        counts.task_type, _counts(counts.states), counts.completed_last_day, counts.failed_last_day
    )


@_keeps_message
def series_of(series: overview_service_pb2.GetSeriesResponse) -> SeriesInfo:
    """A series from its message."""
    from asynctask._client.info_cluster import SeriesInfo

    return SeriesInfo(series.step_ms / 1000, tuple(map(_point, series.points)))


@_keeps_message
def failures_of(answer: overview_service_pb2.ListFailuresResponse) -> FailuresInfo:
    """Groups of failed tasks from their message."""
    from asynctask._client.info_cluster import FailuresInfo

    return FailuresInfo(tuple(map(_failure_group_of, answer.failures)), _time(answer, "looked_back_to"))


@_keeps_message
def _failure_group_of(group: overview_pb2.FailureGroup) -> FailureGroupInfo:
    from asynctask._client.info_cluster import FailureGroupInfo

    return FailureGroupInfo(
        fingerprint=group.fingerprint,
        task_type=group.task_type,
        reason=group.reason,
        error_type=group.error_type,
        message=group.message,
        count=group.count,
        first_time=to_datetime(group.first_time),
        last_time=to_datetime(group.last_time),
        last_task_id=group.last_task_id,
    )


def _point(point: overview_pb2.SeriesPoint) -> SeriesPointInfo:
    from asynctask._client.info_cluster import SeriesPointInfo

    return SeriesPointInfo(
        start_time=to_datetime(point.start_time),
        submitted=point.submitted,
        started=point.started,
        completed=point.completed,
        failed=point.failed,
        cancelled=point.cancelled,
        lost=point.lost,
        retried=point.retried,
        wait_p50_ms=point.wait_p50_ms if point.HasField("wait_p50_ms") else None,
        wait_p95_ms=point.wait_p95_ms if point.HasField("wait_p95_ms") else None,
        run_p50_ms=point.run_p50_ms if point.HasField("run_p50_ms") else None,
        run_p95_ms=point.run_p95_ms if point.HasField("run_p95_ms") else None,
    )


def _counts(states: overview_pb2.StateCounts) -> dict[TaskState, int]:
    return {state: getattr(states, state.value) for state in TaskState if state not in RESERVED}


def _json(text: str) -> Any:
    """The value of a JSON text; empty text is null.

    A text that is no JSON, or is nested deeper than Python reads, is returned as it is: the stores do not check
    results, and the result of one task must not prevent the reading of a list of tasks.
    """
    if not text:
        return None
    try:
        return load_json(text)
    except (ValueError, RecursionError):
        return text


def _time(message: Any, field: str) -> datetime | None:
    return to_datetime(getattr(message, field)) if message.HasField(field) else None

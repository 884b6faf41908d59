"""Write, run and submit AsyncTask tasks.

In the order in which a task visits them:

- `_task` `_options`   what an author declares: task types, stages, retries
- `_codec` `_json`     typed values as JSON, and JSON Schema
- `_client` `blocking` submitting, reading, following and steering tasks
- `_executor`          the process that runs tasks: its stream, its leases, its attempts
- `_handler`           what a handler works with, and where it runs
- `_attempt`           what the executor and the handler share about an attempt
- `_channel` `_tls`    connections to the scheduler
- `_grpc` `_forks`     loads gRPC when it is first used, and frees forked children from the executor around them
- `_argument_checks` `_message_size`  refuse wrong arguments and requests that are too long, by field
- `_version`           the version of the SDK
- `_supervision`       background tasks whose failures are logged
- `testing` `_memory`  a task type in memory
- `errors`             everything that can be raised
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asynctask import blocking, errors
    from asynctask._client.client import Client
    from asynctask._client.info import (
        FailureInfo,
        ProgressInfo,
        StageInfo,
        TaskInfo,
        TaskInfoPage,
        WarningInfo,
    )
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
    from asynctask._client.submission import Submission
    from asynctask._executor.executor import Executor
    from asynctask._handler.context import Context, Progress
    from asynctask._handler.items import Item, ItemInfo, ManifestCounts, NewItem
    from asynctask._handler.manifest import Manifest
    from asynctask._handler.thread_context import ThreadContext
    from asynctask._handler.thread_manifest import ThreadManifest
    from asynctask._options import Retry
    from asynctask._task import Stage, TaskType
    from asynctask._tls import Tls
    from asynctask.errors import AsyncTaskError, Fail, Postpone, RetryLater, SkipItem
    from asynctask_core.states import AttemptResult, ItemState, Requested, StageState, TaskState, WaitingFor

__all__ = [
    "AsyncTaskError",
    "AttemptInfo",
    "AttemptResult",
    "Client",
    "Context",
    "Executor",
    "ExecutorInfo",
    "ExplanationInfo",
    "Fail",
    "FailureGroupInfo",
    "FailureInfo",
    "FailuresInfo",
    "Item",
    "ItemInfo",
    "ItemState",
    "LogLineInfo",
    "Manifest",
    "ManifestCounts",
    "NewItem",
    "OverviewInfo",
    "Postpone",
    "Progress",
    "ProgressInfo",
    "QueueInfo",
    "QueueTypeInfo",
    "ReasonInfo",
    "Requested",
    "Retry",
    "RetryLater",
    "SeriesInfo",
    "SeriesPointInfo",
    "SkipItem",
    "Stage",
    "StageInfo",
    "StageSpecInfo",
    "StageState",
    "Submission",
    "TaskEventInfo",
    "TaskInfo",
    "TaskInfoPage",
    "TaskState",
    "TaskType",
    "TaskTypeInfo",
    "ThreadContext",
    "ThreadManifest",
    "Tls",
    "TypeCountsInfo",
    "WaitingFor",
    "WarningInfo",
    "blocking",
    "errors",
]

_HOMES = {
    "asynctask._client.client": ("Client",),
    "asynctask._client.info": (
        "FailureInfo",
        "ProgressInfo",
        "StageInfo",
        "TaskInfo",
        "TaskInfoPage",
        "WarningInfo",
    ),
    "asynctask._client.info_cluster": (
        "ExecutorInfo",
        "FailureGroupInfo",
        "FailuresInfo",
        "OverviewInfo",
        "QueueInfo",
        "QueueTypeInfo",
        "SeriesInfo",
        "SeriesPointInfo",
        "StageSpecInfo",
        "TaskTypeInfo",
        "TypeCountsInfo",
    ),
    "asynctask._client.info_explanation": ("ExplanationInfo", "ReasonInfo"),
    "asynctask._client.info_history": ("AttemptInfo", "LogLineInfo", "TaskEventInfo"),
    "asynctask._client.submission": ("Submission",),
    "asynctask._executor.executor": ("Executor",),
    "asynctask._handler.context": ("Context", "Progress"),
    "asynctask._handler.items": ("Item", "ItemInfo", "ManifestCounts", "NewItem"),
    "asynctask._handler.manifest": ("Manifest",),
    "asynctask._handler.thread_context": ("ThreadContext",),
    "asynctask._handler.thread_manifest": ("ThreadManifest",),
    "asynctask._options": ("Retry",),
    "asynctask._task": ("Stage", "TaskType"),
    "asynctask._tls": ("Tls",),
    "asynctask.errors": ("AsyncTaskError", "Fail", "Postpone", "RetryLater", "SkipItem"),
    "asynctask_core.states": (
        "AttemptResult",
        "ItemState",
        "Requested",
        "StageState",
        "TaskState",
        "WaitingFor",
    ),
}
"""The module of each public name. Modules load when first used: a program that only submits loads no executor."""

_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name in ("blocking", "errors"):
        return import_module(f"asynctask.{name}")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'asynctask' has no attribute {name!r}")
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

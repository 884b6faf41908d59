"""Write, run and submit AsyncTask tasks.

In the order in which a task visits them:

- `_task` `_options`   what an author declares: task types, stages, retries
- `_codec`             typed values as JSON, and JSON Schema
- `_client` `blocking` submitting, reading, following and steering tasks (`_submission` `_api` `_info`: each call's
  message and answer; `_submit…`: shared and repeated; `_reading` `_watching` `_steering`; `_connections` `_tls`: where
  the scheduler is reached)
- `_executor` `_running` the process that runs tasks, and its signals (`_signals`)
- `_session` `_outbox` the stream to the scheduler; durable events until they are acknowledged (`_channel`, `_calls`)
- `_lease` `_fence`    renewals, and stopping in time when they fail (`_clock` `_pulse`)
- `_runner` `_handlers` an attempt's stages one after another; where handlers run (`_process…` `_pipe_port`)
- `_context` `_progress` `_checkpoint` `_manifest` `_logs` what a handler works with (`_thread_…`: without await)
- `testing`            a task type in memory
- `errors`             everything that can be raised
"""

from asynctask import blocking, errors
from asynctask._client import Client
from asynctask._context import Context, Progress
from asynctask._executor import Executor
from asynctask._info import (
    AttemptInfo,
    ExecutorInfo,
    FailureInfo,
    LogLineInfo,
    ProgressInfo,
    QueueInfo,
    QueueTypeInfo,
    StageInfo,
    StageSpecInfo,
    TaskEventInfo,
    TaskInfo,
    TaskTypeInfo,
)
from asynctask._items import Item, ItemInfo, ManifestCounts, NewItem
from asynctask._manifest import Manifest
from asynctask._options import Retry
from asynctask._submission import Submission
from asynctask._task import Stage, TaskType
from asynctask._thread_context import ThreadContext
from asynctask._thread_manifest import ThreadManifest
from asynctask._tls import Tls
from asynctask.errors import AsyncTaskError, Fail, RetryLater, SkipItem
from asynctask_core.states import AttemptResult, ItemState, Requested, StageState, TaskState, WaitingFor

__all__ = [
    "AsyncTaskError",
    "AttemptInfo",
    "AttemptResult",
    "Client",
    "Context",
    "Executor",
    "ExecutorInfo",
    "Fail",
    "FailureInfo",
    "Item",
    "ItemInfo",
    "ItemState",
    "LogLineInfo",
    "Manifest",
    "ManifestCounts",
    "NewItem",
    "Progress",
    "ProgressInfo",
    "QueueInfo",
    "QueueTypeInfo",
    "Requested",
    "Retry",
    "RetryLater",
    "SkipItem",
    "Stage",
    "StageInfo",
    "StageSpecInfo",
    "StageState",
    "Submission",
    "TaskEventInfo",
    "TaskInfo",
    "TaskState",
    "TaskType",
    "TaskTypeInfo",
    "ThreadContext",
    "ThreadManifest",
    "Tls",
    "WaitingFor",
    "blocking",
    "errors",
]

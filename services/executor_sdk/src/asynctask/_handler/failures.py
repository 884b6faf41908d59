"""The outcome of an attempt whose handler raised an exception."""

from typing import Final

from asynctask._handler.description import class_name, describe
from asynctask.errors import (
    AsyncTaskError,
    ExecutorExhausted,
    Fail,
    Postpone,
    ResultRefused,
    RetryLater,
    SkipItem,
)
from asynctask_core import limits
from asynctask_core.wire import cut_text, escape_nul
from asynctask_protos.task.v1 import state_pb2, task_pb2, work_pb2

ON_PURPOSE: Final = frozenset({class_name(Fail), class_name(Postpone), class_name(RetryLater)})
"""Error types that a handler raises on purpose: their message says everything, without a traceback."""
NOT_STARTED_MS: Final = 10_000
"""How long a task waits that could not be started: another executor may take it, or this one have room again."""
_SKIPPED_NOTHING: Final = (
    "SkipItem was raised where there is no item to skip: it has a meaning only in what `item.start()` runs; in a loop "
    "over items call `item.skipped(reason)`, and to leave a stage return early, or raise Fail or Postpone"
)


def failed(error: BaseException, stage: str) -> work_pb2.OutcomeEvent:
    """The outcome of an attempt whose handler raised `error` in `stage`: FAILED, or RELEASED if it postpones.

    It raises nothing itself. It takes up to three seconds when the exception's own code does not end.
    """
    found = describe(error)
    message = found.message
    if issubclass(type(error), SkipItem):
        message = cut_text(f"{_SKIPPED_NOTHING}; it said: {message}", limits.FAILURE_MESSAGE_BYTES)
    failure = task_pb2.Failure(
        reason=found.reason,
        error_type=found.error_type,
        message=message,
        traceback=found.traceback,
        stage=stage,
    )
    if issubclass(type(error), Postpone):
        return work_pb2.OutcomeEvent(
            result=state_pb2.ATTEMPT_RESULT_RELEASED,
            failure=failure,
            retryable=True,
            retry_after_ms=found.retry_after_ms,
            stage=stage,
        )
    return _outcome(failure, retryable=found.retryable, retry_after_ms=found.retry_after_ms)


def failed_by_us(
    error: AsyncTaskError, stage: str, *, retryable: bool | None = None
) -> work_pb2.OutcomeEvent:
    """The outcome FAILED for a reason of the SDK: no exception of the handler, no stack trace.

    Its class decides whether it is retried, unless `retryable` is given.
    """
    message = cut_text(escape_nul(error.message), limits.FAILURE_MESSAGE_BYTES)
    failure = task_pb2.Failure(reason=error.reason, message=message, stage=stage)
    return _outcome(failure, retryable=error.retryable if retryable is None else retryable)


def not_started(why: str, stage: str) -> work_pb2.OutcomeEvent:
    """The outcome RELEASED of a stage whose handler could not be started, which is no error of the task."""
    text = f"{why}; the task is given back, and tried again in {NOT_STARTED_MS // 1000} s"
    outcome = failed_by_us(ExecutorExhausted(text), stage)
    outcome.result = state_pb2.ATTEMPT_RESULT_RELEASED
    outcome.retry_after_ms = NOT_STARTED_MS
    return outcome


def result_too_large(text: str, stage: str) -> work_pb2.OutcomeEvent:
    """The outcome of a result over its limit."""
    size = len(text.encode())
    return failed_by_us(
        ResultRefused(
            f"stage {stage}: result: must be at most {limits.RESULT_BYTES} bytes; got {size}: store large data"
            " elsewhere, or list it in the manifest, and return where it is"
        ),
        stage,
    )


def _outcome(failure: task_pb2.Failure, *, retryable: bool, retry_after_ms: int = 0) -> work_pb2.OutcomeEvent:
    return work_pb2.OutcomeEvent(
        result=state_pb2.ATTEMPT_RESULT_FAILED,
        failure=failure,
        retryable=retryable,
        retry_after_ms=retry_after_ms,
        stage=failure.stage,
    )

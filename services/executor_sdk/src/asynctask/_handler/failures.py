"""What a handler's exception says about its task."""

import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

from asynctask.errors import (
    AsyncTaskError,
    Fail,
    HandlerError,
    InternalError,
    Postpone,
    ResultRefused,
    RetryLater,
)
from asynctask_core import limits
from asynctask_core.wire import cut_middle, cut_text, escape_nul
from asynctask_protos.task.v1 import state_pb2, task_pb2, work_pb2

_UNFORESEEN: Final = frozenset({HandlerError.reason, InternalError.reason, AsyncTaskError.reason})
"""Reasons that do not say what is wrong: a stack trace may. Every other one of the catalogue was foreseen."""
_OURS: Final = str(Path(__file__).parents[1] / "_")[:-1]
"""What the file names of this package begin with: frames that call the handler and say nothing about it."""


def failed(error: BaseException, stage: str) -> work_pb2.OutcomeEvent:
    """The outcome of an attempt whose handler raised `error` in `stage`: FAILED, or RELEASED if it postpones."""
    failure = task_pb2.Failure(
        reason=_reason(error),
        error_type=_class_name(type(error)),
        message=cut_text(escape_nul(_message(error)), limits.FAILURE_MESSAGE_BYTES),
        traceback=cut_middle(escape_nul(_trace(error)), limits.TRACEBACK_BYTES),
        stage=stage,
    )
    if isinstance(error, Postpone):
        return work_pb2.OutcomeEvent(
            result=state_pb2.ATTEMPT_RESULT_RELEASED,
            failure=failure,
            retryable=True,
            retry_after_ms=error.after_ms,
            stage=stage,
        )
    return _outcome(failure, retryable=_retryable(error), retry_after_ms=_retry_after_ms(error))


def failed_by_us(error: AsyncTaskError, stage: str) -> work_pb2.OutcomeEvent:
    """The outcome FAILED for a reason of ours: no exception of the handler, no stack trace."""
    message = cut_text(escape_nul(error.message), limits.FAILURE_MESSAGE_BYTES)
    failure = task_pb2.Failure(reason=error.reason, message=message, stage=stage)
    return _outcome(failure, retryable=error.retryable)


def result_too_large(text: str, stage: str) -> work_pb2.OutcomeEvent:
    """The outcome of a result over its limit."""
    size = len(text.encode())
    return failed_by_us(
        ResultRefused(
            f"the result of stage {stage!r} has {size} bytes; at most {limits.RESULT_BYTES} are kept:"
            " store large data elsewhere, or list it in the manifest, and return where it is"
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


def _reason(error: BaseException) -> str:
    return error.reason if isinstance(error, (AsyncTaskError, Fail, Postpone)) else HandlerError.reason


def _retryable(error: BaseException) -> bool:
    if isinstance(error, Fail):
        return False
    return error.retryable if isinstance(error, AsyncTaskError) else True


def _retry_after_ms(error: BaseException) -> int:
    if isinstance(error, RetryLater):
        return error.after_ms
    return (error.retry_after_ms or 0) if isinstance(error, AsyncTaskError) else 0


def _class_name(kind: type[BaseException]) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


ON_PURPOSE: Final = frozenset({_class_name(Fail), _class_name(Postpone), _class_name(RetryLater)})
"""Error types that are the handler's way to say something: their message says it all."""


def _message(error: BaseException) -> str:
    try:
        return str(error) or type(error).__name__
    except Exception:  # noqa: BLE001 - a broken __str__ must not hide the failure itself
        return type(error).__name__


def _trace(error: BaseException) -> str:
    if _reason(error) not in _UNFORESEEN:
        return ""
    if isinstance(error, Postpone):
        return ""
    try:
        return "".join(traceback.format_exception(type(error), error, _from_handler(error)))
    except Exception:  # noqa: BLE001 - see above
        return ""


def _from_handler(error: BaseException) -> TracebackType | None:
    """The traceback from the handler's own code on; all of it when it never came that far."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OURS):
        trace = trace.tb_next
    return trace or error.__traceback__

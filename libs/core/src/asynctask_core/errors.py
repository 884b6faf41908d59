"""The catalogue of errors: what a service raises is what a user of the SDK catches.

AsyncTaskError
├── InvalidInput              bad fields, each named
│   ├── UnknownTaskType       ├── ConfigInvalid          ├── TooLarge
│   ├── RefusedByStore        ├── TaskTypesFull          ├── SchemaTooCostly
│   ├── ConfigCheckTimedOut   └── DestinationInsideSource
├── NotFound
│   ├── TaskNotFound          ├── TaskTypeNotFound       ├── ExecutorNotFound       └── QueueNotFound
├── RequestIdReused           same request id, other content
├── WrongState                the task's state does not allow it
│   ├── TaskTypeInUse         tasks of the type are not final
│   └── TaskTypeDeleted       the type of a task that would be restarted is deleted
├── LostRace
│   ├── AttemptSuperseded     └── SessionSuperseded
├── TokenExpired
├── TryAgain                  nothing is wrong with the request
│   ├── Overloaded            ├── OutcomeUnknown         ├── NotReady
│   └── StoreUnavailable
│       └── Unreachable       no scheduler answers; only clients raise it
├── InternalError             a fault of AsyncTask, with a log id
└── TaskFailure               why a task failed: data, never an answer to a call
    ├── ExecutorLost  ├── Undelivered   ├── HandlerError   ├── StageTimeout  ├── ResultRefused  ├── Expired
    ├── DecodeError   ├── SourceMissing ├── DestinationUnusable ├── NotEnoughSpace
    └── VerificationFailed              └── Cancelled
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    import grpc


class GrpcCode:
    """A gRPC status code, looked up when it is read.

    So a program can import every error without loading gRPC: an executor sets how gRPC behaves before it loads gRPC.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> "grpc.StatusCode":
        import grpc

        return grpc.StatusCode[self._name]


class _GrpcCodes:
    def __getattr__(self, name: str) -> GrpcCode:
        return GrpcCode(name)


Code: Final = _GrpcCodes()


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One wrong field: `field` is its path, `description` says what is allowed and what was sent."""

    field: str
    description: str


class AsyncTaskError(Exception):
    """The base of every error of AsyncTask.

    `reason` is its name in `asynctask.error.v1.Reason`, `code` its gRPC code; `retryable` is true when the same call
    may succeed later. `needs_changes` is true when a restart of the failed task meets the same error, so that people
    submit it again with another config. `message` says what happened, to which id, and what to do.
    """

    reason: str = "UNSPECIFIED"
    code: ClassVar[GrpcCode] = Code.UNKNOWN
    retryable: ClassVar[bool] = False
    needs_changes: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        retry_after_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
        violations: Sequence[FieldViolation] = (),
    ) -> None:
        super().__init__(message)
        self.message: str = message
        self.retry_after_ms: int | None = retry_after_ms
        self.metadata: Mapping[str, str] = dict(metadata or {})
        self.violations: tuple[FieldViolation, ...] = tuple(violations)


class InvalidInput(AsyncTaskError):
    """One or more fields are wrong; `violations` lists every one."""

    reason = "INVALID_INPUT"
    code = Code.INVALID_ARGUMENT

    def __init__(
        self,
        violations: Sequence[FieldViolation] | str,
        *,
        retry_after_ms: int | None = None,
        metadata: Mapping[str, str] | None = None,
        message: str | None = None,
    ) -> None:
        if isinstance(violations, str):
            message, violations = violations, ()
        text = message or "\n".join(f"{v.field}: {v.description}" for v in violations)
        super().__init__(text, retry_after_ms=retry_after_ms, metadata=metadata, violations=violations)


class UnknownTaskType(InvalidInput):
    """No executor ever registered the task type."""

    reason = "UNKNOWN_TASK_TYPE"


class ConfigInvalid(InvalidInput):
    """`task_config` breaks the type's schema; `violations` has every path."""

    reason = "CONFIG_INVALID"
    needs_changes = True


class TooLarge(InvalidInput):
    """A payload is over its limit."""

    reason = "TOO_LARGE"


class RefusedByStore(InvalidInput):
    """The stores refuse to keep this content."""

    reason = "REFUSED_BY_STORE"


class TaskTypesFull(InvalidInput):
    """There are too many task types, or their definitions are too large together."""

    reason = "TASK_TYPES_FULL"
    code = Code.RESOURCE_EXHAUSTED


class SchemaTooCostly(InvalidInput):
    """A type's config schema could take too long to check; `violations` says which part of it."""

    reason = "SCHEMA_TOO_COSTLY"


class ConfigCheckTimedOut(InvalidInput):
    """The config could not be checked against its type's schema within the time for it."""

    reason = "CONFIG_CHECK_TIMED_OUT"
    code = Code.RESOURCE_EXHAUSTED


class DestinationInsideSource(InvalidInput):
    """Of the two folders of a storage task one lies inside the other, or both are the same."""

    reason = "DESTINATION_INSIDE_SOURCE"
    needs_changes = True


class NotFound(AsyncTaskError):
    """What the call names does not exist."""

    code = Code.NOT_FOUND


class TaskNotFound(NotFound):
    """No task has this id, or it is deleted."""

    reason = "TASK_NOT_FOUND"


class TaskTypeNotFound(NotFound):
    """No task type has this name."""

    reason = "TASK_TYPE_NOT_FOUND"


class ExecutorNotFound(NotFound):
    """No executor with this id is known."""

    reason = "EXECUTOR_NOT_FOUND"


class QueueNotFound(NotFound):
    """No queue with this name is known."""

    reason = "QUEUE_NOT_FOUND"


class RequestIdReused(AsyncTaskError):
    """The request id was used for a task with other content."""

    reason = "REQUEST_ID_REUSED"
    code = Code.ALREADY_EXISTS


class WrongState(AsyncTaskError):
    """The task's state does not allow the command; `metadata["state"]` is that state."""

    reason = "WRONG_STATE"
    code = Code.FAILED_PRECONDITION


class TaskTypeInUse(WrongState):
    """Tasks of the type are not final yet."""

    reason = "TASK_TYPE_IN_USE"


class TaskTypeDeleted(WrongState):
    """The task's type was deleted, so the task cannot be restarted; `metadata["task_type"]` is the type."""

    reason = "TASK_TYPE_DELETED"


class LostRace(AsyncTaskError):
    """Another call or executor was first."""

    code = Code.ABORTED


class VersionChanged(LostRace):
    """The task has another version than the one that the command expects; nothing was changed.

    `metadata["version"]` and `metadata["state"]` are those of the task now.
    """

    reason = "VERSION_CHANGED"


class AttemptSuperseded(LostRace):
    """The attempt is not the task's current one; nothing was changed."""

    reason = "ATTEMPT_SUPERSEDED"


class SessionSuperseded(LostRace):
    """The executor opened a newer session."""

    reason = "SESSION_SUPERSEDED"


class TokenExpired(AsyncTaskError):
    """A resume or page token is too old, or belongs to another database or filter."""

    reason = "TOKEN_EXPIRED"
    code = Code.OUT_OF_RANGE


class TryAgain(AsyncTaskError):
    """Nothing is wrong with the request: try again after `retry_after_ms`."""

    code = Code.UNAVAILABLE
    retryable = True


class Overloaded(TryAgain):
    """Too much is waiting in the service, or the cluster already knows its largest number of executors."""

    reason = "OVERLOADED"
    code = Code.RESOURCE_EXHAUSTED


class StoreUnavailable(TryAgain):
    """Postgres or Redis, or the service in front of it, did not answer."""

    reason = "STORE_UNAVAILABLE"


class Unreachable(StoreUnavailable):
    """No scheduler answered at its address, or the connection broke; the state of the stores is unknown."""

    reason = "UNREACHABLE"


class OutcomeUnknown(TryAgain):
    """The registry may or may not have committed; repeat with the same request id."""

    reason = "OUTCOME_UNKNOWN"
    code = Code.DEADLINE_EXCEEDED


class NotReady(TryAgain):
    """The service is draining or its store is being rebuilt."""

    reason = "NOT_READY"


class InternalError(AsyncTaskError):
    """A fault of AsyncTask; `metadata["log_id"]` finds it in the service's log."""

    reason = "INTERNAL"
    code = Code.INTERNAL


class TaskFailure(AsyncTaskError):
    """Why a task failed. Kept with the task; raised by `wait` and in `asynctask.testing`, never by a call itself."""

    code = Code.ABORTED


class HandlerError(TaskFailure):
    """The handler raised; `metadata` names the exception's class; `Fail` and `Postpone` may set another `reason`."""

    reason = "HANDLER_ERROR"
    retryable = True


class ExecutorLost(TaskFailure):
    """The task lost its executor too often without a new checkpoint."""

    reason = "EXECUTOR_LOST"


class Undelivered(TaskFailure):
    """The task was handed out too often to executors that never renewed its lease."""

    reason = "UNDELIVERED"


class ExecutorExhausted(TaskFailure):
    """An executor lacked threads, processes, files or memory to start a handler. The task waits and is tried again."""

    reason = "EXECUTOR_EXHAUSTED"
    code = Code.RESOURCE_EXHAUSTED
    retryable = True


class StageTimeout(TaskFailure):
    """A stage ran longer than its timeout."""

    reason = "STAGE_TIMEOUT"
    code = Code.DEADLINE_EXCEEDED
    retryable = True


class ResultRefused(TaskFailure):
    """A stage's result cannot be kept: it is not what the handler's annotation says, no JSON, or over its limit."""

    reason = "RESULT_REFUSED"


class Expired(TaskFailure):
    """The task's expiry passed before it could start."""

    reason = "EXPIRED"
    needs_changes = True


class DecodeError(TaskFailure):
    """The executor could not decode the config or a stage's input; one with another version of the type may."""

    reason = "DECODE_ERROR"
    retryable = True


class SourceMissing(TaskFailure):
    """The source folder of a storage task does not exist or cannot be read."""

    reason = "SOURCE_MISSING"
    code = Code.FAILED_PRECONDITION
    needs_changes = True


class DestinationUnusable(TaskFailure):
    """The destination folder of a storage task cannot be made, read or written to."""

    reason = "DESTINATION_UNUSABLE"
    code = Code.FAILED_PRECONDITION


class SourceReplaced(TaskFailure):
    """The destination of a storage task is a copy of another source; the message says how to accept the new one."""

    reason = "SOURCE_REPLACED"
    code = Code.FAILED_PRECONDITION
    needs_changes = True


class SourceEmpty(TaskFailure):
    """The source of a storage task is empty, and everything at its destination would be marked."""

    reason = "SOURCE_EMPTY"
    code = Code.FAILED_PRECONDITION
    needs_changes = True


class TooMuchMarked(TaskFailure):
    """A storage task would mark more of its destination than `most_marked_percent` allows; nothing was changed."""

    reason = "TOO_MUCH_MARKED"
    code = Code.FAILED_PRECONDITION
    needs_changes = True


class NotMounted(TaskFailure):
    """The source or destination of a storage task is gone, perhaps no longer mounted. The task waits for it."""

    reason = "NOT_MOUNTED"
    code = Code.FAILED_PRECONDITION
    retryable = True


class DestinationBusy(TaskFailure):
    """Another task is at work on the destination of a storage task. The task waits for its end."""

    reason = "DESTINATION_BUSY"
    code = Code.FAILED_PRECONDITION
    retryable = True


class NotEnoughSpace(TaskFailure):
    """The destination lacks space; the message says how much is missing."""

    reason = "NOT_ENOUGH_SPACE"
    code = Code.RESOURCE_EXHAUSTED


class VerificationFailed(TaskFailure):
    """Copies differ from their sources after the transfer."""

    reason = "VERIFICATION_FAILED"
    code = Code.DATA_LOSS
    needs_changes = True


class Cancelled(TaskFailure):
    """A person or a program cancelled the task."""

    reason = "CANCELLED"
    code = Code.CANCELLED


def _concrete(base: type[AsyncTaskError]) -> list[type[AsyncTaskError]]:
    found = [base] if "reason" in vars(base) and base is not AsyncTaskError else []
    for child in base.__subclasses__():
        found += _concrete(child)
    return found


BY_REASON: Final[Mapping[str, type[AsyncTaskError]]] = {
    kind.reason: kind for kind in _concrete(AsyncTaskError)
}
"""Every concrete class by its reason."""

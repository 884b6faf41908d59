"""Every error of AsyncTask, for `except` clauses, and the exceptions by which a handler ends its attempt.

Calls of the clients raise the classes of the catalogue (`TaskNotFound`, `WrongState`, `StoreUnavailable`, …); a
handler may raise them too, and the task's failure then has their reason.
"""

from asynctask._argument_checks import failure_reason
from asynctask._options import Duration, duration_ms
from asynctask_core import limits
from asynctask_core.errors import (
    BY_REASON,
    AsyncTaskError,
    AttemptSuperseded,
    Cancelled,
    ConfigCheckTimedOut,
    ConfigInvalid,
    DecodeError,
    DestinationBusy,
    DestinationInsideSource,
    DestinationUnusable,
    ExecutorExhausted,
    ExecutorLost,
    ExecutorNotFound,
    Expired,
    FieldViolation,
    HandlerError,
    InternalError,
    InvalidInput,
    LostRace,
    NotEnoughSpace,
    NotFound,
    NotMounted,
    NotReady,
    OutcomeUnknown,
    Overloaded,
    QueueNotFound,
    RefusedByStore,
    RequestIdReused,
    ResultRefused,
    SchemaTooCostly,
    SessionSuperseded,
    SourceEmpty,
    SourceMissing,
    SourceReplaced,
    StageTimeout,
    StoreUnavailable,
    TaskFailure,
    TaskNotFound,
    TaskTypeDeleted,
    TaskTypeInUse,
    TaskTypeNotFound,
    TaskTypesFull,
    TokenExpired,
    TooLarge,
    TooMuchMarked,
    TryAgain,
    Undelivered,
    UnknownTaskType,
    Unreachable,
    VerificationFailed,
    VersionChanged,
    WrongState,
)

__all__ = [
    "BY_REASON",
    "AsyncTaskError",
    "AttemptSuperseded",
    "Cancelled",
    "ConfigCheckTimedOut",
    "ConfigInvalid",
    "DecodeError",
    "DestinationBusy",
    "DestinationInsideSource",
    "DestinationUnusable",
    "ExecutorExhausted",
    "ExecutorLost",
    "ExecutorNotFound",
    "Expired",
    "Fail",
    "FieldViolation",
    "HandlerError",
    "InternalError",
    "InvalidInput",
    "LostRace",
    "NotEnoughSpace",
    "NotFound",
    "NotMounted",
    "NotReady",
    "OutcomeUnknown",
    "Overloaded",
    "Postpone",
    "QueueNotFound",
    "RefusedByStore",
    "RequestIdReused",
    "ResultRefused",
    "RetryLater",
    "SchemaTooCostly",
    "SessionSuperseded",
    "SkipItem",
    "SourceEmpty",
    "SourceMissing",
    "SourceReplaced",
    "StageTimeout",
    "StoreUnavailable",
    "TaskFailure",
    "TaskNotFound",
    "TaskTypeDeleted",
    "TaskTypeInUse",
    "TaskTypeNotFound",
    "TaskTypesFull",
    "TokenExpired",
    "TooLarge",
    "TooMuchMarked",
    "TryAgain",
    "Undelivered",
    "UnknownTaskType",
    "Unreachable",
    "UnwritableValue",
    "VerificationFailed",
    "VersionChanged",
    "WrongState",
]


class Fail(Exception):
    """Raised by a handler: the task fails for good, no retry can help.

    `reason` says which kind of failure it is, for programs and in lists: one of your own, such as `NO_SUCH_FOLDER`, or
    one of the catalogue (docs/errors.md), whose advice people then see. Capital letters, digits and `_`, beginning with
    a letter, at most 64 characters.

    Raises:
        InvalidInput: `reason` is not as said above.
    """

    def __init__(self, message: str, *, reason: str = HandlerError.reason) -> None:
        super().__init__(message)
        self.reason: str = failure_reason(reason, message)


class RetryLater(Exception):
    """Raised by a handler: try again, but not before `after` has passed. Uses up one attempt of the retry policy.

    Raises:
        InvalidInput: `after` is no duration, or longer than 3660 days.
    """

    def __init__(self, message: str = "asked to be tried again later", *, after: Duration = 0.0) -> None:
        super().__init__(message)
        self.after_ms: int = duration_ms(after, "after")


class Postpone(Exception):
    """Raised by a handler: what the task needs is missing now. Try again once `after` has passed, as often as needed.

    Unlike `RetryLater` this is no error: it uses up no attempt of the retry policy. The attempt ends as "released", the
    task waits as "pending (retry)", and `message` and `reason` are shown as its failure meanwhile. `after` is at least
    a second and at most a week; a run that was given back 10,000 times fails. `reason` is as in `Fail`.

    Raises:
        InvalidInput: `reason` or `after` is not as said above.
    """

    def __init__(self, message: str, *, after: Duration = "1m", reason: str = HandlerError.reason) -> None:
        super().__init__(message)
        self.after_ms: int = duration_ms(
            after, "after", limits.POSTPONE_MOST_MS, least_ms=limits.POSTPONE_LEAST_MS
        )
        self.reason: str = failure_reason(reason, message)


class UnwritableValue(InvalidInput, TypeError):
    """A value from a handler or a client cannot be written as JSON: it does not fit its annotation, a number in it is
    not finite, it contains itself, or it is nested too deeply. `violations` has the path of every wrong value in it.

    A fault of the program, so an attempt that fails with it is not retried.
    """


class SkipItem(Exception):
    """Raised in the work that `item.start()` began: leave this item out, for this reason, and go on with the others."""


def _name_as_imported() -> None:
    """Make tracebacks and stored failures name `asynctask.errors`, where users import the classes from.

    Pickles name it too: every process that reads one, such as a handler's, has this package.
    """
    for name in __all__:
        kind = globals()[name]
        if isinstance(kind, type):
            kind.__module__ = __name__


_name_as_imported()

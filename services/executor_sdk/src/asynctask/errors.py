"""Every error of AsyncTask, for `except` clauses, and what a handler raises to say how its failure is meant.

Calls of the clients raise the classes of the catalogue (`TaskNotFound`, `WrongState`, `StoreUnavailable`, …); a
handler may raise them too, and the task's failure then has their reason.
"""

from asynctask._options import Duration, duration_ms
from asynctask_core.errors import (
    BY_REASON,
    AsyncTaskError,
    AttemptSuperseded,
    Cancelled,
    ConfigInvalid,
    DecodeError,
    DestinationInsideSource,
    DestinationUnusable,
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
    NotReady,
    OutcomeUnknown,
    Overloaded,
    QueueNotFound,
    RefusedByStore,
    RequestIdReused,
    ResultRefused,
    SessionSuperseded,
    SourceMissing,
    StageTimeout,
    StoreUnavailable,
    TaskFailure,
    TaskNotFound,
    TaskTypeNotFound,
    TokenExpired,
    TooLarge,
    TryAgain,
    Undelivered,
    UnknownTaskType,
    Unreachable,
    VerificationFailed,
    WrongState,
)

__all__ = [
    "BY_REASON",
    "AsyncTaskError",
    "AttemptSuperseded",
    "Cancelled",
    "ConfigInvalid",
    "DecodeError",
    "DestinationInsideSource",
    "DestinationUnusable",
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
    "NotReady",
    "OutcomeUnknown",
    "Overloaded",
    "QueueNotFound",
    "RefusedByStore",
    "RequestIdReused",
    "ResultRefused",
    "RetryLater",
    "SessionSuperseded",
    "SkipItem",
    "SourceMissing",
    "StageTimeout",
    "StoreUnavailable",
    "TaskFailure",
    "TaskNotFound",
    "TaskTypeNotFound",
    "TokenExpired",
    "TooLarge",
    "TryAgain",
    "Undelivered",
    "UnknownTaskType",
    "Unreachable",
    "VerificationFailed",
    "WrongState",
]


class Fail(Exception):
    """Raised by a handler: the task fails for good, no retry can help.

    `reason` is a reason of the catalogue.
    """

    def __init__(self, message: str, *, reason: str = HandlerError.reason) -> None:
        super().__init__(message)
        self.reason: str = reason if reason in BY_REASON else HandlerError.reason


class RetryLater(Exception):
    """Raised by a handler: try again, but not before `after` has passed. Uses up one attempt of the retry policy."""

    def __init__(self, message: str = "asked to be tried again later", *, after: Duration = 0.0) -> None:
        super().__init__(message)
        self.after_ms: int = duration_ms(after, "after")


class SkipItem(Exception):
    """Raised while a manifest item is worked on: leave this item out, for this reason, and go on with the next."""


def _name_as_imported() -> None:
    """Make tracebacks, and what is kept of a failure, say `asynctask.errors`, where users import the classes from.

    Pickles name it too: who reads one in a process of a handler has this package.
    """
    for name in __all__:
        kind = globals()[name]
        if isinstance(kind, type):
            kind.__module__ = __name__


_name_as_imported()

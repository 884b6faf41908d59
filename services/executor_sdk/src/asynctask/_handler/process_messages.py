"""What goes through the pipe between an executor and the process of one of its handlers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import Reading
from asynctask._attempt.stop import Stop


@dataclass(frozen=True, slots=True)
class Start:
    """What the child is to do."""

    assignment: bytes
    handler: Callable[..., Any]
    stage: str
    config: Any
    arguments: tuple[Any, ...]
    timeout_ms: int
    flags: "Flags"
    lease: tuple[Reading, float] | None
    log_level: int


@dataclass(frozen=True, slots=True)
class Flags:
    """What is asked of the attempt now; parent to child."""

    requested: int
    draining: bool
    stop: Stop | None

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        """As they stand in the parent."""
        return cls(attempt.requested, attempt.draining, attempt.stop)

    def apply(self, attempt: Attempt) -> None:
        """Take them over in the child."""
        attempt.requested, attempt.draining = self.requested, self.draining
        if self.stop is not None:
            attempt.stop = self.stop


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the context's port; answered when it has a number."""

    method: str
    arguments: tuple[Any, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the call of that number; parent to child."""

    number: int
    value: Any = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """A log line."""

    level: int
    logger: str
    message: str
    created_s: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The handler's end: a result as JSON, a failure (a serialized outcome), or that it was unwound."""

    result: Any = ""
    failure: bytes = b""
    stopped: Stop | None = None
    terminated_s: float | None = None
    """When SIGTERM came, by `time.monotonic`, which all processes share; None when none came."""

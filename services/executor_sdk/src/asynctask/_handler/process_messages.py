"""Messages in the pipe between an executor and the process of one of its handlers."""

import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._attempt.stop import Stop
from asynctask._handler import item_run
from asynctask._handler.items import ItemInfo
from asynctask.errors import HandlerError
from asynctask_core.states import ItemState


class StrangeMessage(HandlerError):
    """The process of a handler sent a message that no context of a handler sends."""


@dataclass(frozen=True, slots=True)
class HandlerStart:
    """The work for the child."""

    assignment: bytes
    handler: Callable[..., Any]
    stage: str
    config: Any
    arguments: tuple[Any, ...]
    timeout_ms: int
    flags: "Flags"
    lease: tuple[ClockReading, float] | None
    log_level: int


@dataclass(frozen=True, slots=True)
class Flags:
    """The present requests for the attempt; parent to child."""

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
class PortCall:
    """A call of the context's port; answered when it has a number."""

    method: str
    arguments: tuple[Any, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class PortAnswer:
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
class HandlerEnd:
    """The handler's end: a result as JSON, a failure (a serialized outcome), or that it was unwound."""

    result: Any = ""
    failure: bytes = b""
    stopped: Stop | None = None
    terminated_s: float | None = None
    """When SIGTERM came, by `time.monotonic`, which all processes share; None when none came."""


def read_message(data: bytes) -> object:
    """Read a message of a handler's process without running the handler's code: pickles may name any function.

    Raises:
        StrangeMessage: it contains something that no context sends.
    """
    try:
        return _MessageUnpickler(io.BytesIO(data)).load()
    except Exception as error:  # noqa: BLE001 - bad bytes may raise any error
        raise StrangeMessage(f"the handler's process sent a message that no context sends: {error}") from None


class _MessageUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        found = _SENT.get((module_name, global_name))
        if found is None:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is not taken")
        return found


def _member(kind: Any, name: str) -> Any:
    """A member of an enum, which some versions of Python pickle as an attribute of its class."""
    return kind[name]


_SENT: Final[Mapping[tuple[str, str], Any]] = {
    **{
        (kind.__module__, kind.__qualname__): kind
        for kind in (PortCall, Log, HandlerEnd, ItemInfo, ItemState, Stop)
    },
    (item_run.__name__, item_run.read_run.__qualname__): item_run.read_run,
    ("builtins", "getattr"): _member,
}
"""Everything that a message may be made of, beside plain texts, bytes, numbers, lists and tuples."""

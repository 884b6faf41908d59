"""Reads what an exception says, without trusting it.

Its class may be the handler's: `str()`, every attribute and the chain of causes may raise anything, return something
that is no text, or never end. So an exception with code of its own is read in a thread of its own, each part
separately, for a limited time.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, cast

from asynctask._handler.time_limit import GivenUp, run_limited
from asynctask.errors import (
    BY_REASON,
    AsyncTaskError,
    Fail,
    HandlerError,
    InternalError,
    Postpone,
    RetryLater,
    SkipItem,
)
from asynctask_core import limits
from asynctask_core.warning_tally import CODE_PATTERN
from asynctask_core.wire import cut_middle, cut_text, escape_nul

FAILED_UNSAID: Final = "failed without a reason"
SKIPPED_UNSAID: Final = "skipped without a reason"
"""Errors of items that were marked without a reason."""
READ_S: Final = 2.0
"""How long reading an exception may take."""
NAME_BYTES: Final = 256
"""Most bytes of a class's name."""
_UNFORESEEN: Final = frozenset({HandlerError.reason, InternalError.reason, AsyncTaskError.reason})
"""Reasons that do not say what is wrong, so that a stack trace is kept; others of the catalogue need none."""
_OURS: Final = str(Path(__file__).parents[1] / "_")[:-1]
"""Prefix of the file names of this package: its frames call the handler and do not show its error."""
_UNSAID: Final[Mapping[type[BaseException], str]] = {
    Fail: "failed without a message",
    Postpone: "postponed without a message",
    RetryLater: "asked to be tried again later, without a message",
    SkipItem: SKIPPED_UNSAID,
}
"""Messages for exceptions that were raised without one: the name of the class would not help people."""
_PLAIN_VALUES: Final = frozenset({str, int, float, bool, bytes, type(None)})
_TEXTS: Final = frozenset({str, bytes})
_LONG: Final = 65_536
"""A longer text takes a while to be written into a message, so not on the event loop."""
_OWN_CODE: Final = frozenset(
    {
        *("__str__", "__repr__", "__format__", "__getattribute__", "__getattr__", "__dict__", "__class__"),
        *("__traceback__", "__cause__", "__context__", "__suppress_context__", "__notes__", "args"),
        *("reason", "retryable", "retry_after_ms", "after_ms"),
    }
)
"""Members of a class that are run or read when its exceptions are described."""
_CHAIN: Final = 50
"""Most causes that are checked: a longer chain may be endless."""
_HEAP: Final = 1 << 9
"""Flag of classes that are made by Python code (Py_TPFLAGS_HEAPTYPE)."""


@dataclass(slots=True)
class Description:
    """Facts about an exception; at first only those that need none of its code."""

    error_type: str
    message: str
    reason: str = HandlerError.reason
    retryable: bool = True
    retry_after_ms: int = 0
    traceback: str = ""


def describe(error: BaseException) -> Description:
    """Read an exception. Never raises; takes at most three seconds, and no thread when its class is harmless."""
    name = class_name(type(error))
    if is_plain(error):
        found = Description(name, name)
        _read(error, found)
        return found
    draft = unread(error)
    run_limited("describe", lambda: _read(error, draft), READ_S)
    # A copy: a thread that could not be ended may still write into the draft.
    return replace(draft)


def unread(error: BaseException) -> Description:
    """The description of an exception that could not be read in time."""
    name = class_name(type(error))
    return Description(name, f"{name} (its message could not be read: it did not come within {READ_S:g} s)")


def is_plain(error: BaseException) -> bool:
    """Whether describing it runs no code but Python's and the SDK's."""
    left, seen = [error], 0
    while left:
        current = left.pop()
        seen += 1
        if seen > _CHAIN or not _is_harmless(current):
            return False
        left += [found for found in (current.__cause__, current.__context__) if found is not None]
    return True


def _is_harmless(error: BaseException) -> bool:
    kind = type(error)
    if type(kind) is not type or kind.__dictoffset__ < 0:
        return False
    for base in kind.__mro__:
        if base.__flags__ & _HEAP and base not in _KNOWN and not _OWN_CODE.isdisjoint(base.__dict__):
            return False
    if isinstance(error, (BaseExceptionGroup, SyntaxError)) or "__notes__" in error.__dict__:
        return False
    values = [*error.args]
    if isinstance(error, OSError):
        values += [error.filename, error.filename2]
    if isinstance(error, AttributeError):
        values.append(error.obj)
    return all(
        type(value) in _PLAIN_VALUES and (type(value) not in _TEXTS or len(cast("str", value)) <= _LONG)
        for value in values
    )


_KNOWN: Final = frozenset(
    {kind for base in (*BY_REASON.values(), Fail, Postpone, RetryLater) for kind in base.__mro__}
)


def class_name(kind: type[BaseException]) -> str:
    """Name of a class with its module, read without code of its metaclass."""
    name = type.__dict__["__qualname__"].__get__(kind)
    try:
        module = type.__dict__["__module__"].__get__(kind)
    except AttributeError:
        module = None
    if type(module) is str and module != "builtins":
        name = f"{module}.{name}"
    return cut_text(escape_nul(name), NAME_BYTES)


def _read(error: BaseException, found: Description) -> None:
    """Fill in the description, each part separately, so that one that fails does not prevent the others."""
    try:
        found.message = _message(error)
    except GivenUp:
        raise
    except BaseException as broken:  # noqa: BLE001 - whatever __str__ raises
        found.message = f"{found.error_type} (its message could not be read: {class_name(type(broken))})"
    try:
        _read_kind(error, found)
    except GivenUp:
        raise
    except BaseException:  # noqa: BLE001 - whatever its attributes raise
        found.reason, found.retryable, found.retry_after_ms = HandlerError.reason, True, 0
    if found.reason not in _UNFORESEEN or issubclass(type(error), Postpone):
        return
    trace = _from_handler(error)
    try:
        lines = traceback.format_exception(type(error), error, trace)
    except GivenUp:
        raise
    except BaseException:  # noqa: BLE001 - see above
        lines = ["Traceback (most recent call last):\n", *traceback.format_tb(trace), found.message]
    found.traceback = cut_middle(escape_nul("".join(lines)), limits.TRACEBACK_BYTES)


def _message(error: BaseException) -> str:
    text = str.__str__(str(error))
    if type(error) is SystemExit:
        text = f"sys.exit({text})"
    elif not text.strip():
        kind = type(error)
        text = next((said for known, said in _UNSAID.items() if issubclass(kind, known)), "")
        text = text or f"{class_name(kind)} without a message"
    return cut_text(escape_nul(text), limits.FAILURE_MESSAGE_BYTES)


def _read_kind(error: BaseException, found: Description) -> None:
    # By its real class: `isinstance` also asks the exception itself, which may lie or raise.
    kind = type(error)
    said = cast("Any", error)
    if issubclass(kind, (AsyncTaskError, Fail, Postpone)):
        reason = said.reason
        if type(reason) is str and CODE_PATTERN.fullmatch(reason):
            found.reason = reason
    if issubclass(kind, Fail):
        found.retryable = False
    elif issubclass(kind, AsyncTaskError):
        found.retryable = bool(said.retryable)
        found.retry_after_ms = _bounded_ms(said.retry_after_ms)
    elif issubclass(kind, (Postpone, RetryLater)):
        found.retry_after_ms = _bounded_ms(said.after_ms)


def _bounded_ms(value: Any) -> int:
    return min(max(int(value or 0), 0), limits.DELAY_MS)


def _from_handler(error: BaseException) -> TracebackType | None:
    """The traceback from the handler's own code on; all of it when that code was not reached."""
    whole = trace = cast("TracebackType | None", _TRACEBACK.__get__(error))
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OURS):
        trace = trace.tb_next
    return trace or whole


_TRACEBACK: Final = BaseException.__dict__["__traceback__"]
"""Reads the real attribute, even if the class has a property of that name."""

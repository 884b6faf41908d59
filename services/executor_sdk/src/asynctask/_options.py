"""Arguments that callers may give in several forms: addresses, durations, retry policies."""

import math
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from asynctask._argument_checks import finite, optional_name, shown, whole
from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.retry import RetryPolicy

DEFAULT_ADDRESS: Final = "127.0.0.1:7600"
ADDRESS_VARIABLE: Final = "ASYNCTASK_ADDRESS"
ADDRESS_HINT: Final = f". Its address is set with address=… or {ADDRESS_VARIABLE}"
"""The end of log lines about an unreachable scheduler; the command line puts its own option in its place."""
_HOST_PORT = re.compile(r"(?:\[[^\s\[\]/]+\]|[^\s:\[\]/]+):([0-9]{1,5})")
_RESOLVED: Final = ("dns:", "ipv4:", "ipv6:", "unix:", "unix-abstract:", "xds:")
"""Prefixes of names that gRPC resolves (https://github.com/grpc/grpc/blob/master/doc/naming.md)."""

Duration = str | float | timedelta
"""`"15s"`, `"1h30m"`, seconds as a number, or a timedelta."""

_DAY_MS: Final = 86_400_000
_UNITS_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": _DAY_MS}
_LARGEST_FIRST: Final = sorted(_UNITS_MS.items(), key=lambda unit: -unit[1])
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ms|s|m|h|d)")


def resolve_addresses(address: str | None) -> tuple[str, ...]:
    """The scheduler's addresses: those given, else `ASYNCTASK_ADDRESS`, else the default; commas separate several."""
    text = optional_name("address", address) or os.environ.get(ADDRESS_VARIABLE) or DEFAULT_ADDRESS
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    wrong = [part for part in found if not _is_address(part)]
    if wrong or not found:
        allowed = "must be host:port, such as 127.0.0.1:7600, without a scheme"
        raise InvalidInput([FieldViolation("address", f"{allowed}; got {(wrong or [text])[0]!r}")])
    return found


def _is_address(text: str) -> bool:
    """Whether it is a host and a port, or one of the names that gRPC resolves by itself, such as `dns:///host:port`."""
    found = _HOST_PORT.fullmatch(text)
    return text.startswith(_RESOLVED) if found is None else 0 < int(found[1]) < 65536


def duration_ms(value: Duration, field: str, most_ms: int = limits.DELAY_MS, *, least_ms: int = 0) -> int:
    """Whole milliseconds of a duration.

    Raises:
        InvalidInput: it is no duration, shorter than `least_ms`, or longer than `most_ms`; names `field`.
    """
    found_ms = _milliseconds(value)
    if 0 <= found_ms <= most_ms and round(found_ms) >= least_ms:
        return round(found_ms)
    if math.isnan(found_ms):
        units = ", ".join(_UNITS_MS)
        allowed = (
            f"must be seconds or a text such as 15s or 1h30m (units: {units}), at most {_text_of(most_ms)}"
        )
    elif least_ms:
        allowed = f"must be from {_text_of(least_ms)} to {_text_of(most_ms)}"
    elif found_ms < 0:
        allowed = f"must not be negative, but from 0s to {_text_of(most_ms)}"
    else:
        allowed = f"must be at most {_text_of(most_ms)}"
    raise InvalidInput([FieldViolation(field, f"{allowed}; got {shown(value)}")])


def _text_of(ms: int) -> str:
    """A duration in the largest unit of which it is a whole number."""
    if not ms:
        return "0s"
    return next(f"{ms // unit_ms}{unit}" for unit, unit_ms in _LARGEST_FIRST if ms % unit_ms == 0)


def _milliseconds(value: Any) -> float:
    """NaN when it is no duration, infinity when no float can hold it."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, str):
        text = value.replace(" ", "")
        size = text.removeprefix("-")
        parts = _PART.findall(size)
        is_duration = bool(parts) and "".join(number + unit for number, unit in parts) == size
        found_ms = sum(float(number) * _UNITS_MS[unit] for number, unit in parts) if is_duration else math.nan
        return found_ms if size == text else -found_ms
    if isinstance(value, bool):
        return math.nan
    try:
        math.isfinite(value)  # takes numbers of every kind, and nothing else
        return float(value) * 1000
    except (TypeError, ValueError):
        return math.nan
    except OverflowError:
        return math.inf


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and when a failed attempt is tried again.

    `max_attempts` counts the first attempt too; 1 means no retry. The delay before retry n is drawn between half and
    all of `min(max_delay, initial_delay * multiplier ** (n - 1))`, so an `initial_delay` above `max_delay` counts as
    `max_delay`. Lost executors, pauses and drains use up no attempt.

    Raises:
        InvalidInput: `max_attempts` is not from 1 to 1,000, a delay not from 1 ms to 3660 days, or `multiplier` not
            from 1 to 100.
    """

    max_attempts: int = 3
    initial_delay: Duration = 1.0
    max_delay: Duration = 300.0
    multiplier: float = 2.0

    def __post_init__(self) -> None:
        """Raises InvalidInput: a value is no number, no duration, or out of its range."""
        self.to_policy()
        if not 1 <= self.multiplier <= limits.RETRY_MULTIPLIER:
            allowed = f"must be from 1 to {limits.RETRY_MULTIPLIER}"
            raise InvalidInput(
                [FieldViolation("retry.multiplier", f"{allowed}; got {shown(self.multiplier)}")]
            )

    def to_policy(self) -> RetryPolicy:
        """The same in milliseconds."""
        # No value may be 0: on the wire that means the default.
        return RetryPolicy(
            whole("retry.max_attempts", self.max_attempts, 1, limits.RETRY_ATTEMPTS),
            duration_ms(self.initial_delay, "retry.initial_delay", least_ms=1),
            duration_ms(self.max_delay, "retry.max_delay", least_ms=1),
            finite("retry.multiplier", self.multiplier),
        )

"""Durations and sizes as people write them: `15s`, `1h30m`, `4MiB`.

One spelling for settings, command lines and generated documents. Parsing is strict: no unit is guessed, no sign or
stray character is dropped.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NewType

from asynctask_core import limits
from asynctask_core.json_text import show

ByteSize = NewType("ByteSize", int)
"""A number of bytes; a setting of this type accepts `4MiB`."""

_MICROSECONDS = {
    "us": 1,
    "ms": 1_000,
    "s": 1_000_000,
    "m": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
}
_BYTES = {"GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10, "B": 1}

_DURATION_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h|d)")
_DURATION = re.compile(rf"(?:{_DURATION_PART.pattern})+")
_SIZE = re.compile(r"([0-9]+)(GiB|MiB|KiB|B)?")


def read_whole(digits: str) -> int:
    """Read a whole number.

    Raises:
        ValueError: it has more digits than any valid number.
    """
    if len(digits) > limits.JSON_DIGITS:  # Python's own error would advise to change the interpreter's limit
        raise ValueError(f"{show(digits)} is not a number: it has {len(digits):,} digits")
    return int(digits)


def parse_duration(text: str) -> timedelta:
    """Read `10ms`, `15s`, `1h30m` or `0`; a bare number other than 0 is refused, because its unit would be a guess.

    Raises:
        ValueError: `text` is not a duration; the message says what is allowed.
    """
    if text == "0":
        return timedelta(0)
    if not _DURATION.fullmatch(text):
        raise ValueError(
            f"{show(text)} is not a duration: write a number with a unit (us, ms, s, m, h, d), such as 15s or 1h30m"
        )
    micros = sum(float(number) * _MICROSECONDS[unit] for number, unit in _DURATION_PART.findall(text))
    try:
        return timedelta(microseconds=micros)
    except OverflowError:
        raise ValueError(f"{show(text)} is longer than any duration that can be kept") from None


def format_duration(value: timedelta) -> str:
    """Write `value` in the largest units that express it exactly; `parse_duration` reads it back."""
    rest = value // timedelta(microseconds=1)
    if rest < 0:
        raise ValueError(f"a duration is never negative: {value}")
    parts: list[str] = []
    for unit in reversed(_MICROSECONDS):
        count, rest = divmod(rest, _MICROSECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0"


def parse_size(text: str) -> ByteSize:
    """Read `512`, `64KiB`, `4MiB` or `1GiB` as bytes.

    Raises:
        ValueError: `text` is not a size; the message says what is allowed.
    """
    match = _SIZE.fullmatch(text)
    if not match:
        raise ValueError(
            f"{show(text)} is not a size: write a whole number of bytes or a unit (KiB, MiB, GiB), such as 4MiB"
        )
    return ByteSize(read_whole(match[1]) * _BYTES[match[2] or "B"])


def format_size(value: int) -> str:
    """Write `value` bytes in the largest unit that divides it."""
    for unit, scale in _BYTES.items():
        if value and value % scale == 0:
            return f"{value // scale}{unit}" if unit != "B" else str(value)
    return "0"

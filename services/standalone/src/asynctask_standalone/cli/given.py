"""Parses the values of options: durations, times, labels."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from asynctask_core import limits
from asynctask_standalone.cli.exits import CommandRefused, Exit

_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+")


def labels(pairs: list[str]) -> dict[str, str]:
    """`key=value` texts as a mapping.

    Raises:
        CommandRefused: a text has no `=`, or two have the same key.
    """
    found: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign:
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", f"--label: {pair!r} is not KEY=VALUE")
        if key in found:
            wrong = f"--label: {key!r} is given twice, as {found[key]!r} and {value!r}; keep one"
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", wrong)
        found[key] = value
    return found


def duration(text: str, option: str, most_ms: int = limits.DELAY_MS) -> timedelta:
    """A duration such as `90s`, `1h30m`, `2d`; a number alone is seconds.

    Raises:
        CommandRefused: it is not a duration, or longer than `most_ms` (whole days); the message names the option.
    """
    from asynctask._options import duration_ms  # late: help needs none of it
    from asynctask_core.errors import InvalidInput

    given = f"{text}s" if _NUMBER.fullmatch(text) else text
    try:
        return timedelta(milliseconds=duration_ms(given, option, most_ms))
    except InvalidInput as error:
        wrong = error.message.replace(f"got {given!r}", f"got {text!r}")
        raise CommandRefused(Exit.USAGE, "INVALID_INPUT", wrong) from None


def instant(text: str, option: str, *, otherwise: str = "") -> datetime:
    """An RFC 3339 time.

    Raises:
        CommandRefused: it is not a time, or has no zone; the message names the option, and `otherwise` adds what else
            is allowed.
    """
    try:
        found = datetime.fromisoformat(text.upper())
        here = found.astimezone()
    except (ValueError, OverflowError):
        wrong = f"{option}: {text!r} is not a time such as 2026-01-31T22:00:00+08:00{otherwise}"
        raise CommandRefused(Exit.USAGE, "INVALID_INPUT", wrong) from None
    if found.tzinfo is None:  # a script must mean the same time on every machine
        allowed = f"write {here.isoformat()} for the time here, or {found.isoformat()}Z for UTC"
        raise CommandRefused(Exit.USAGE, "INVALID_INPUT", f"{option}: {text!r} has no time zone: {allowed}")
    return here

"""What people write after options: durations, times, labels."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from asynctask_standalone.cli.exits import Exit, Refused

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(rf"([0-9]+\.?[0-9]*|\.[0-9]+)({'|'.join(_UNITS)})")


def labels(pairs: list[str]) -> dict[str, str]:
    """`key=value` texts as a mapping.

    Raises:
        Refused: a text has no `=`.
    """
    for pair in pairs:
        if "=" not in pair:
            raise Refused(Exit.USAGE, "INVALID_INPUT", f"--label: {pair!r} is not KEY=VALUE")
    return {key: value for key, _, value in (pair.partition("=") for pair in pairs)}


def duration(text: str, option: str) -> timedelta:
    """A duration such as `90s`, `1.5h`, `2d`.

    Raises:
        Refused: it is none; the message names the option.
    """
    found = _DURATION.fullmatch(text)
    if found is None:
        wrong = f"{option}: {text!r} is not a duration such as 30s, 10m, 2h or 1d"
        raise Refused(Exit.USAGE, "INVALID_INPUT", wrong)
    try:
        return timedelta(seconds=float(found[1]) * _UNITS[found[2]])
    except OverflowError:
        raise too_long(text, option) from None


def too_long(text: str, option: str) -> Refused:
    """The refusal of a duration with which no time can be reckoned."""
    wrong = f"{option}: {text!r} is longer than time can be reckoned"
    return Refused(Exit.USAGE, "INVALID_INPUT", wrong)


def instant(text: str, option: str, *, otherwise: str = "") -> datetime:
    """An RFC 3339 time; without a zone it is a time of day here.

    Raises:
        Refused: it is none; the message names the option, and says what `otherwise` it could have been.
    """
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        wrong = f"{option}: {text!r} is not a time such as 2026-01-31T22:00:00+08:00{otherwise}"
        raise Refused(Exit.USAGE, "INVALID_INPUT", wrong) from None

"""Picks from a service's log the lines that the user of `asynctask up` must see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, cast

_MARKS: Final = (b'"service.waiting"', b'"store.', b'"token.in_clear"')
"""Searched for before a line is parsed: most lines have none of them."""
_IS_WELL: Final = {
    "service.waiting": False,
    "store.writes_refused": False,
    "store.disk_low": False,
    "store.disk_full": False,
    "store.writes_accepted": True,
    "store.disk_well": True,
    "token.in_clear": False,
}


@dataclass(frozen=True, slots=True)
class SupervisorNotice:
    """One line of a log in words."""

    text: str
    is_well: bool
    is_wait: bool
    """True when the service says what it waits for."""


def notice_of(line: bytes) -> SupervisorNotice | None:
    """Read one line of a log; None if it is not a notice, or not JSON."""
    if not any(mark in line for mark in _MARKS):
        return None
    try:
        said: Any = json.loads(line)
    except ValueError:
        return None
    facts = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    is_well = _IS_WELL.get(str(facts.get("event")))
    if is_well is None:
        return None
    return SupervisorNotice(str(facts.get("reason", "")), is_well, facts["event"] == "service.waiting")

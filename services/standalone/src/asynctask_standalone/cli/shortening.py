"""Names that are longer than there is room for."""

from __future__ import annotations

from rich.cells import cell_len

_GAP = "…"


def middle_cut(text: str, room: int) -> str:
    """The text in at most `room` columns of a terminal: what tells names apart is at their ends, so the middle goes."""
    if cell_len(text) <= room:
        return text
    if room <= 1:
        return _GAP[:room]
    tail = _cut(text[::-1], (room - 1) // 2)[::-1]
    return _cut(text, room - 1 - cell_len(tail)) + _GAP + tail


def _cut(text: str, room: int) -> str:
    """As much of the beginning as fits; some characters are two columns wide."""
    used = 0
    for at, sign in enumerate(text):
        used += cell_len(sign)
        if used > room:
            return text[:at]
    return text

"""Names and sentences that are longer than there is room for."""

from __future__ import annotations

import re
from textwrap import wrap

from rich.cells import cell_len

_GAP = "…"
_ARROW = " → "
_LEAST_SIDE = 12
"""Columns in which a path without its middle still says something."""
_QUOTED = re.compile(r"`[^`]*`")
_NO_BREAK = "\0"


def middle_cut(text: str, room: int) -> str:
    """The text in at most `room` columns of a terminal, without its middle: names differ at their ends."""
    if cell_len(text) <= room:
        return text
    if room <= 1:
        return _GAP[:room]
    tail = _cut(text[::-1], (room - 1) // 2)[::-1]
    return _cut(text, room - 1 - cell_len(tail)) + _GAP + tail


def title_cut(text: str, room: int) -> str:
    """A title in at most `room` columns: on each side of an arrow the middle is left out, so that all ends stay."""
    sides = text.split(_ARROW)
    each = (room - cell_len(_ARROW) * (len(sides) - 1)) // len(sides)
    long = [side for side in sides if cell_len(side) > each]
    if len(sides) == 1 or each < _LEAST_SIDE or not long:
        return middle_cut(text, room)
    spared = sum(each - cell_len(side) for side in sides if side not in long)
    return _ARROW.join(middle_cut(side, each + spared // len(long)) for side in sides)


def wrapped(text: str, width: int) -> str:
    """The text on lines of at most `width` columns; a command stays on one line, if it fits, to be copied."""
    kept = _QUOTED.sub(lambda found: found[0].replace(" ", _NO_BREAK), text)
    lines = wrap(kept, max(width, 1), break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace(_NO_BREAK, " ")


def _cut(text: str, room: int) -> str:
    """As much of the beginning as fits; some characters are two columns wide."""
    used = 0
    for at, sign in enumerate(text):
        used += cell_len(sign)
        if used > room:
            return text[:at]
    return text

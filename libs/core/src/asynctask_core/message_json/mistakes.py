"""The mistakes of one request, each with the path of its field. A request costs no more for having more of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.listing import enumerated
from asynctask_core.printable import utf8

MOST_MISTAKES: Final = 100
"""Of a request with more, the rest is not read: to list them all takes seconds."""
_MOST_GUESSES: Final = 10
"""For so many names that do not exist a similar one is looked up, which takes a millisecond."""
_GUESSED_CHARS: Final = 80
_NAMES_BYTES: Final = 300
_PATH_CHARS: Final = 200


class MistakeCollector:
    """Keeps mistakes. Raises InvalidInput at one more than `MOST_MISTAKES`."""

    def __init__(self) -> None:
        self.violations: list[FieldViolation] = []

    def refuse(self, path: str, said: str) -> None:
        """Keep a mistake. Raises InvalidInput: there are too many."""
        if len(self.violations) == MOST_MISTAKES:
            rest = f"is wrong too: only the first {MOST_MISTAKES} mistakes are listed"
            raise InvalidInput([*self.violations, FieldViolation(_shown(path), rest)])
        self.violations.append(FieldViolation(_shown(path), said))

    def refuse_name(self, path: str, name: str, known: Iterable[str], what: str) -> None:
        """Keep that a name does not exist, with a similar one that does. Raises InvalidInput: there are too many."""
        guesses = len(self.violations) < _MOST_GUESSES and len(name) <= _GUESSED_CHARS
        close = difflib.get_close_matches(name, list(known), n=1) if guesses else ()
        hint = (
            f"; did you mean {close[0]!r}?"
            if close
            else f"; there are {enumerated(sorted(known), _NAMES_BYTES)}"
            if known
            else ""
        )
        self.refuse(path, f"there is no such {what}{hint}")


def _shown(path: str) -> str:
    """A path that may have names of the request in it: as UTF-8, without the middle of a long one."""
    text = path if len(path) <= _PATH_CHARS else f"{path[: _PATH_CHARS // 2]}…{path[-_PATH_CHARS // 2 :]}"
    return utf8(text).decode()

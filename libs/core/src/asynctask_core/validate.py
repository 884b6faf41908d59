"""Checks of requests: all wrong fields at once, each with what is allowed and what was sent."""

import re
from collections.abc import Mapping
from typing import Final

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.json_text import decode_json, fault_of, is_too_deep, show

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")
_MOST_TOKENS: Final = 20_000
"""How much of a refused JSON text is read to find the wrong place: more would keep other requests waiting."""
STAGE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_\-]*")


class Violations:
    """Collects violations and raises them together."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[FieldViolation] = []

    def add(self, field: str, description: str) -> None:
        """Note a wrong field."""
        self.found.append(FieldViolation(field, description))

    def raise_any(self) -> None:
        """Raise InvalidInput if anything was noted."""
        if self.found:
            raise InvalidInput(self.found)

    # --- checks of single values --------------------------------------------------------------------------------

    def name(self, field: str, value: str, chars: int) -> None:
        """A name of letters, digits, `_`, `-`, `.`, beginning with a letter or digit."""
        if not value:
            self.add(field, "is required")
        elif len(value) > chars or not NAME.fullmatch(value):
            allowed = (
                f"must be up to {chars} letters, digits, '_', '-' or '.', beginning with a letter or digit"
            )
            self.add(field, f"{allowed}; got {show(value)}")

    def size(self, field: str, value: str | bytes, limit_bytes: int) -> None:
        """A text or bytes within a limit."""
        length = len(value) if isinstance(value, bytes) else len(value.encode("utf-8", "surrogatepass"))
        if length > limit_bytes:
            self.add(field, f"must be at most {limit_bytes} bytes; got {length}")

    def priority(self, value: int, field: str = "priority") -> None:
        """A priority."""
        first, last = limits.PRIORITY_FIRST, limits.PRIORITY_LAST
        if not first <= value <= last:
            self.add(field, f"must be from {first} (first) to {last} (last); got {value}")

    def labels(self, labels: Mapping[str, str], field: str = "labels") -> None:
        """Labels of a task."""
        if len(labels) > limits.LABELS:
            self.add(field, f"must be at most {limits.LABELS} labels; got {len(labels)}")
        for key, value in labels.items():
            entry = f"{field}[{show(key)}]"
            if not key:
                self.add(entry, f"keys must have 1 to {limits.LABEL_KEY_CHARS} characters; got 0")
            self.text(entry, key, limits.LABEL_KEY_CHARS, "keys ")
            self.text(entry, value, limits.LABEL_VALUE_CHARS, "values ")

    def text(self, field: str, value: str, chars: int, what: str = "") -> None:
        """A text that names something. It is refused if it cannot be stored: Postgres refuses NUL."""
        if len(value) > chars:
            self.add(field, f"{what}must have at most {chars} characters; got {len(value)}")
        elif "\x00" in value:
            self.add(field, f"{what}must be text without NUL; got {show(value)}")

    def json(self, field: str, text: str) -> object:
        """A JSON text; returns its value, or None after noting what is wrong, and where."""
        try:
            value = decode_json(text)
            if len(text) > 2 * limits.JSON_LEVELS and is_too_deep(text):
                raise RecursionError
            return value
        except (ValueError, RecursionError) as error:
            fault = fault_of(text, error, _MOST_TOKENS)
            self.add(field + fault.path, fault.said)
            return None

"""Rules of settings beyond their types: between two of them, and the form of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

_ADDRESS: Final = re.compile(r"(?:[^\s:/\[\]]*|\[[0-9a-fA-F:.%\w]+\]):(\d{1,5})", re.ASCII)


class Rule(Protocol):
    """A rule between settings."""

    @property
    def names(self) -> tuple[str, str]:
        """The two settings that the rule is about."""
        ...

    def is_broken(self, values: Mapping[str, object]) -> bool:
        """Whether these values break the rule."""
        ...

    def mistake(self, first: str, second: str) -> str:
        """The message for the operator; both settings are described as `VARIABLE (value)`."""
        ...


@dataclass(frozen=True, slots=True)
class Below:
    """`lower` must be below `upper`."""

    lower: str
    upper: str
    why: str

    @property
    def names(self) -> tuple[str, str]:
        """See `Rule`."""
        return self.lower, self.upper

    def is_broken(self, values: Mapping[str, object]) -> bool:
        """See `Rule`."""
        return not values[self.lower] < values[self.upper]  # pyright: ignore[reportOperatorIssue]

    def mistake(self, first: str, second: str) -> str:
        """See `Rule`."""
        return f"{first} must be below {second}: {self.why}"


@dataclass(frozen=True, slots=True)
class WellFormed:
    """The text `name` must be empty or not set, or have a form: `form` says which one."""

    name: str
    has_form: Callable[[str], bool]
    form: str

    @property
    def names(self) -> tuple[str, str]:
        """See `Rule`."""
        return self.name, self.name

    def is_broken(self, values: Mapping[str, object]) -> bool:
        """See `Rule`."""
        text = str(values[self.name] or "")
        return bool(text) and not self.has_form(text)

    def mistake(self, first: str, second: str) -> str:
        """See `Rule`."""
        return f"{first} must be {self.form}"


def is_address(text: str) -> bool:
    """Whether a text is `host:port` or `[::1]:port`; the host may be empty."""
    found = _ADDRESS.fullmatch(text)
    return found is not None and int(found[1]) <= 65535


@dataclass(frozen=True, slots=True)
class LongEnough:
    """The text `name` must be empty or not set, or have at least so many characters."""

    name: str
    chars: int
    why: str

    @property
    def names(self) -> tuple[str, str]:
        """See `Rule`."""
        return self.name, self.name

    def is_broken(self, values: Mapping[str, object]) -> bool:
        """See `Rule`."""
        return 0 < len(str(values[self.name] or "")) < self.chars

    def mistake(self, first: str, second: str) -> str:
        """See `Rule`."""
        return f"{first} must have at least {self.chars} characters: {self.why}"


@dataclass(frozen=True, slots=True)
class Needs:
    """If `name` is set, `other` must be set, too."""

    name: str
    other: str
    why: str

    @property
    def names(self) -> tuple[str, str]:
        """See `Rule`."""
        return self.name, self.other

    def is_broken(self, values: Mapping[str, object]) -> bool:
        """See `Rule`."""
        return values[self.name] is not None and values[self.other] is None

    def mistake(self, first: str, second: str) -> str:
        """See `Rule`."""
        return f"{first} needs {second}: {self.why}"

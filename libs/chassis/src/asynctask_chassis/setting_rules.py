"""Rules between two settings, each of which may be valid alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


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

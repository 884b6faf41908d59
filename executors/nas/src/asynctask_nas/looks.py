"""Checks for a stop during long work, such as a loop over a million names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

Look = Callable[[], None]
"""Checks whether a stop was asked for, and raises if so."""
EVERY = 256
"""Entries between two checks: a quarter of a second if each takes a millisecond."""


def no_look() -> None:
    """The check for work that is never stopped."""


def looking(items: Iterable[T], look: Look, every: int = EVERY) -> Iterator[T]:
    """The same items, with a call of `look` after every few of them."""
    left = every
    for one in items:
        yield one
        left -= 1
        if not left:
            left = every
            look()

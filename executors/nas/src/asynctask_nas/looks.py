"""Looking up from long work to see whether it is to stop: nothing goes through a million names without that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

Look = Callable[[], None]
"""Looks whether a stop was asked for, and raises if so. It may also find that nothing of the kind was."""
EVERY = 256
"""So many entries are worked on between two looks: a quarter of a second where each takes a millisecond."""


def no_look() -> None:
    """For work that nobody wants to stop."""


def looking(items: Iterable[T], look: Look, every: int = EVERY) -> Iterator[T]:
    """The same items, with a look after every few of them."""
    left = every
    for one in items:
        yield one
        left -= 1
        if not left:
            left = every
            look()

"""How often a process that only runs tasks collects cyclic garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NEW_OBJECTS: Final = 10_000
"""Python looks through the newest objects after this many more. Its default, 700 or 2,000, is one or two pages."""


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Within the block collections are rarer, and skip objects that existed before: those stay alive.

    Messages and items live briefly and hold no cycles, so nearly every collection finds nothing. A program that has
    chosen rarer ones, or none, keeps its choice.
    """
    before = gc.get_threshold()
    if not gc.isenabled() or not 0 < before[0] < NEW_OBJECTS:
        yield
        return
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

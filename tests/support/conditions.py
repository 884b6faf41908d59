"""Waiting for conditions."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

T = TypeVar("T")


async def eventually(
    predicate: Callable[[], T | Awaitable[T]], timeout: float = 60.0, *, interval: float = 0.02
) -> T:
    """Ask `predicate` (plain or async) until it answers something true, and return that.

    An AssertionError of the predicate counts as "not yet", so it may consist of asserts; other exceptions end it.

    Raises:
        AssertionError: it was never true for `timeout` seconds; with its last answer or last failed assert.
    """
    give_up = time.monotonic() + timeout
    while True:
        try:
            answer = predicate()
            if inspect.isawaitable(answer):
                answer = await answer
            if answer:
                return cast(T, answer)
            last = f"it was {answer!r}"
        except AssertionError as error:
            last = f"it failed: {error}"
        if time.monotonic() > give_up:
            name = getattr(predicate, "__name__", "condition")
            raise AssertionError(f"{name} did not hold within {timeout} s; {last}")
        await asyncio.sleep(interval)

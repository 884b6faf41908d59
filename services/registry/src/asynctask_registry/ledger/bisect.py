"""One bad item never spoils a batch: a batch that Postgres refuses is halved until each bad item is alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from asynctask_core.errors import OutcomeUnknown, StoreUnavailable
from asynctask_registry.store.faults import ContentRefused

T = TypeVar("T")
R = TypeVar("R")


async def bisect(
    items: Sequence[T],
    attempt: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
    refuse: Callable[[T, ContentRefused], Awaitable[R]],
) -> list[R]:
    """Call `attempt` with all items, or with smaller and smaller parts; `refuse` gives the result of a bad item.

    `attempt` is atomic: it does all items, or raises `ContentRefused` and does nothing. Results are in the order
    of the items. A batch of n items with one bad one costs about 2·log2(n) attempts.

    Raises:
        OutcomeUnknown: the store failed after the first part, which may be stored. Repeat the whole batch.
    """
    if not items:
        return []
    try:
        return list(await attempt(items))
    except ContentRefused as refused:
        if len(items) == 1:
            return [await refuse(items[0], refused)]
    middle = len(items) // 2
    first = await bisect(items[:middle], attempt, refuse)
    try:
        return first + await bisect(items[middle:], attempt, refuse)
    except StoreUnavailable as error:
        raise OutcomeUnknown(
            f"a part of the batch may be stored, and the rest is not: {error.message}",
            retry_after_ms=error.retry_after_ms,
        ) from error

"""Reading a manifest ahead: the next page is on its way while this one is worked off."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

_PAGE = 1000
"""As many items as one answer of the platform holds."""


def ahead(items: Iterator[T], count: int = _PAGE) -> Iterator[T]:
    """The same items. What `items` raises is raised here, in its place.

    For lists to which nothing is appended meanwhile.
    """

    def take() -> tuple[list[T], BaseException | None]:
        taken: list[T] = []
        try:
            taken.extend(islice(items, count))
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for, a stop as well
            return taken, error
        return taken, None

    with ThreadPoolExecutor(1, "backup-ahead") as pool:
        coming = pool.submit(take)
        while True:
            taken, error = coming.result()
            if taken and error is None:
                coming = pool.submit(take)
            yield from taken
            if error is not None:
                raise error
            if not taken:
                return

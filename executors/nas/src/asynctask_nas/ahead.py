"""Reading a manifest ahead: the next page is on its way while this one is worked off."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(pages: Iterator[list[T]]) -> Iterator[T]:
    """The items of some pages, one by one. What `pages` raises is raised here, in its place.

    For lists to which nothing is appended meanwhile.
    """
    nothing: list[T] = []

    def take() -> tuple[list[T], BaseException | None]:
        try:
            return next(pages, nothing), None
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for, a stop as well
            return nothing, error

    with ThreadPoolExecutor(1, "backup-ahead") as pool:
        coming = pool.submit(take)
        while True:
            taken, error = coming.result()
            if error is not None:
                raise error
            if not taken:
                return
            coming = pool.submit(take)
            yield from taken

"""Reads a manifest ahead: fetches the next page while the caller processes this one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(pages: Iterator[list[T]]) -> Iterator[T]:
    """The items of `pages`, one by one. An error of `pages` is raised at its place among the items.

    Only for lists to which nothing is appended meanwhile.
    """
    nothing: list[T] = []

    def take() -> tuple[list[T], BaseException | None]:
        try:
            return next(pages, nothing), None
        except BaseException as error:  # noqa: BLE001 - raised again in the caller, a stop too
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

"""Reads the positions in page tokens, and cuts pages to size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from google.protobuf.message import Message

from asynctask_core import limits
from asynctask_core.errors import InvalidInput
from asynctask_scheduler.api.tokens import PAGE_TOKEN, invalid_token, read_token

T = TypeVar("T")
M = TypeVar("M", bound=Message)


def read_cursor(
    token: str, kind: str, bound_to: bytes, parse: Callable[[str], T], *, field: str = PAGE_TOKEN
) -> T:
    """The position in a token, which is in this field of the request.

    Raises:
        TokenExpired: the token was made for another call or filter.
    """
    position = read_token(token, kind, bound_to, field=field)
    try:
        return parse(position)
    except (InvalidInput, ValueError):
        raise invalid_token(token, field) from None


def first_that_fit(items: Iterable[M]) -> list[M]:
    """The first messages, up to PAGE_BYTES in total; at least one if there is one."""
    page: list[M] = []
    left = limits.PAGE_BYTES
    for item in items:
        left -= item.ByteSize()
        if page and left < 0:
            break
        page.append(item)
    return page


def read_position(text: str) -> int:
    """Parse the position of an item. Raises ValueError for a position that no item can have."""
    position = int(text)
    if not 0 <= position <= limits.LARGEST_NUMBER:
        raise ValueError(f"no item has the position {position}")
    return position

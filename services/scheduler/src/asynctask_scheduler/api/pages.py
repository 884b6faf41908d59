"""Sizes and positions of pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from asynctask_core.errors import InvalidInput, TokenExpired
from asynctask_core.validate import Violations
from asynctask_scheduler.api.tokens import read_token

T = TypeVar("T")


def page_size(given: int, default: int, most: int, violations: Violations) -> int:
    """The size of a page; 0 takes the default."""
    if given:
        violations.between("page_size", given, 1, most)
    return given or default


def read_cursor(token: str, kind: str, bound_to: bytes, parse: Callable[[str], T]) -> T:
    """The position in a page token.

    Raises:
        TokenExpired: the token is not of this call and filter.
    """
    position = read_token(token, kind, bound_to)
    try:
        return parse(position)
    except (InvalidInput, ValueError):
        raise TokenExpired("this is not a token of ours; begin without one") from None

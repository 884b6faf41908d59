"""Checks of requests that several methods share."""

from __future__ import annotations

from collections.abc import Iterable

from asynctask_core import limits
from asynctask_core.errors import FieldViolation, InvalidInput


def check_count(field: str, count: int) -> None:
    if count > limits.BATCH_ITEMS:
        raise InvalidInput(
            [FieldViolation(field, f"must have at most {limits.BATCH_ITEMS} entries; got {count}")]
        )


def check_ids(field: str, ids: Iterable[bytes], name: str = "task_id") -> None:
    lengths = list(map(len, ids))
    if lengths.count(16) != len(lengths):
        number, length = next((number, length) for number, length in enumerate(lengths) if length != 16)
        raise InvalidInput(
            [FieldViolation(f"{field}[{number}].{name}", f"must be an id of 16 bytes; got {length}")]
        )

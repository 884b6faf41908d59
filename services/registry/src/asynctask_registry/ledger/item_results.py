"""Results of items as ranges that do not overlap, in the order of positions: the last result of an item counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from asynctask_protos.task.v1.work_pb2 import ItemResult

_SPREAD: Final = 4
"""Ranges that leave out at most this many times what they have are looked up as one stretch of the index."""


class ItemRange(NamedTuple):
    """Neighbours that are given one state; those with an error stand alone."""

    first: int
    last: int
    state: int
    error: str

    @property
    def positions(self) -> range:
        """Every position of it."""
        return range(self.first, self.last + 1)


def ranges_of(results: Iterable[ItemResult]) -> list[ItemRange]:
    """Give the ranges of some results, in the order of their positions."""
    ranges: list[ItemRange] = []
    behind = 0
    for result in results:
        first = result.position
        last = result.last_position or first
        if first < behind:
            return _last_ones(results)
        behind = last + 1
        ranges.append(ItemRange(first, last, result.state, result.error))
    return ranges


def _last_ones(results: Iterable[ItemResult]) -> list[ItemRange]:
    latest: dict[int, tuple[int, str]] = {}
    for result in results:
        said = (result.state, result.error)
        latest.update(
            dict.fromkeys(range(result.position, (result.last_position or result.position) + 1), said)
        )
    ranges: list[ItemRange] = []
    for position in sorted(latest):
        state, error = latest[position]
        before = ranges[-1] if ranges else None
        if before is not None and not error and before[1:] == (position - 1, state, ""):
            ranges[-1] = before._replace(last=position)
        else:
            ranges.append(ItemRange(position, position, state, error))
    return ranges


def dense(ranges: Sequence[ItemRange]) -> bool:
    """Whether most of what lies between the first and the last position is in one of these."""
    positions = sum(one.last - one.first + 1 for one in ranges)
    return ranges[-1].last - ranges[0].first < (1 + _SPREAD) * positions

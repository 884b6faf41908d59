"""Results of items as ranges that do not overlap, in the order of positions: the last result of an item counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from asynctask_protos.task.v1.work_pb2 import ItemResult

_SPREAD: Final = 4
"""Ranges are read in one scan of the index if the gaps between them are at most this many times as long."""


class ItemRange(NamedTuple):
    """Neighbouring items that get one state; items with an error are not joined to their neighbours."""

    first: int
    last: int
    state: int
    error: str

    @property
    def positions(self) -> range:
        """Every position of the range."""
        return range(self.first, self.last + 1)


def ranges_of(results: Iterable[ItemResult]) -> list[ItemRange]:
    """Join results to ranges, in the order of their positions."""
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
    """Whether the gaps between the ranges are small enough for one scan; see `_SPREAD`."""
    positions = sum(one.last - one.first + 1 for one in ranges)
    return ranges[-1].last - ranges[0].first < (1 + _SPREAD) * positions

"""Results of items as ranges: in order, none over another, the last result of an item counts."""

from __future__ import annotations

import itertools
import random

from asynctask_protos.task.v1.manifest_pb2 import ITEM_STATE_DONE, ITEM_STATE_FAILED
from asynctask_protos.task.v1.work_pb2 import ItemResult
from asynctask_registry.ledger.item_results import ItemRange, dense, ranges_of


def test_results_in_order_are_ranges_as_they_come() -> None:
    results = [
        ItemResult(position=0, last_position=5, state=ITEM_STATE_DONE),
        ItemResult(position=6, state=ITEM_STATE_FAILED, error="no"),
        ItemResult(position=9, last_position=9, state=ITEM_STATE_DONE),
    ]
    assert ranges_of(results) == [
        ItemRange(0, 5, 2, ""),
        ItemRange(6, 6, 3, "no"),
        ItemRange(9, 9, 2, ""),
    ]


def test_whatever_the_order_the_last_result_of_an_item_counts() -> None:
    draw = random.Random(3)
    for _ in range(300):
        results: list[ItemResult] = []
        expected: dict[int, tuple[int, str]] = {}
        for _ in range(draw.randrange(1, 8)):
            first = draw.randrange(30)
            last = draw.choice((0, first, first + draw.randrange(9)))
            error = "" if last else draw.choice(("", "no"))
            result = ItemResult(position=first, last_position=last, state=draw.choice((2, 3)), error=error)  # pyright: ignore[reportArgumentType]
            results.append(result)
            expected |= dict.fromkeys(range(first, (last or first) + 1), (int(result.state), error))
        ranges = ranges_of(results)
        assert {position: one[2:] for one in ranges for position in one.positions} == expected
        assert all(one.last < after.first for one, after in itertools.pairwise(ranges))
        assert all(one.first == one.last for one in ranges if one.error)


def test_ranges_far_from_each_other_are_not_looked_up_as_one_stretch() -> None:
    """Fails when two results make Postgres read a million items between them."""
    near = [ItemRange(0, 99, 2, ""), ItemRange(150, 150, 2, "")]
    assert dense(near)
    assert not dense([ItemRange(0, 0, 2, ""), ItemRange(1_000_000, 1_000_000, 2, "")])

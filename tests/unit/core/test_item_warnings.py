"""What a completed task warns of by itself: items that ended failed or skipped."""

import pytest

from asynctask_core.item_warnings import EndedItems, untold
from asynctask_core.warning_tally import WarningTally

ENDED = [EndedItems("items", 2, 3)]


def added(told: WarningTally, ended: list[EndedItems] = ENDED) -> dict[str, int]:
    return {one.code: one.count for one in untold("t1", ended, told)}


def test_items_of_which_no_handler_warned_are_counted_with_the_way_to_see_them():
    failed, skipped = untold("t1", [*ENDED, EndedItems("more", 5, 0)], WarningTally())
    assert (failed.code, failed.count) == ("ITEMS_FAILED", 7)
    assert failed.text == "see asynctask items t1 --status failed"
    assert (skipped.code, skipped.count) == ("ITEMS_SKIPPED", 3)
    (elsewhere,) = untold("t1", [EndedItems("more", 0, 1)], WarningTally())
    assert elsewhere.text == "see asynctask items t1 --status skipped --manifest more"
    assert not untold("t1", [EndedItems("items", 0, 0)], WarningTally())


@pytest.mark.parametrize(
    ("code", "count", "of_items", "expected"),
    [
        ("SKIPPED", 3, False, {"ITEMS_FAILED": 2}),
        ("FAILED", 2, False, {"ITEMS_SKIPPED": 3}),
        ("ITEMS_SKIPPED", 9, False, {"ITEMS_FAILED": 2}),
        ("LOCKED", 5, True, {}),
        ("LOCKED", 1, True, {"ITEMS_FAILED": 1, "ITEMS_SKIPPED": 3}),
        ("SLOW_DISK", 50, False, {"ITEMS_FAILED": 2, "ITEMS_SKIPPED": 3}),
    ],
)
def test_items_that_a_handler_warned_of_are_not_counted_twice(
    code: str, count: int, of_items: bool, expected: dict[str, int]
):
    told = WarningTally()
    told.keep("copy", code, "", count, of_items=of_items)
    read = WarningTally()
    read.load("copy", told.stage_json("copy"))
    assert added(told) == added(read) == expected

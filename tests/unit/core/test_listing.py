"""Names in a sentence: a few are never hidden, and very many take little room."""

from __future__ import annotations

import pytest

from asynctask_core.listing import enumerated, some_of


@pytest.mark.parametrize("count", [0, 1, 10, 20])
def test_all_names_come_while_leaving_some_out_would_save_little(count: int):
    """Fails when "and 2 more" stands where the two would."""
    names = [f"name{number:04}" for number in range(count)]
    assert some_of(names, 100) == (names, 0)
    assert enumerated(names, 100) == ", ".join(names)


def test_very_many_names_take_the_room_of_a_few():
    names = [f"name{number:04}" for number in range(5_000)]
    assert enumerated(names, 100) == ", ".join(names[:10]) + " and 4,990 more"


def test_bytes_are_counted_as_they_are_written():
    assert some_of(["é" * 9] * 9, 60) == (["é" * 9] * 3, 6)
    assert some_of(["a" * 9] * 9, 60) == (["a" * 9] * 9, 0)
    assert some_of(["\udce9"] * 9, 60, repr) == ([repr("\udce9")] * 9, 0)


def test_one_name_always_comes():
    assert enumerated(["a" * 300, "b"], 100) == "a" * 300 + " and 1 more"

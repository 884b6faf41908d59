from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asynctask_chassis.quantities import format_duration, format_size, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15s", timedelta(seconds=15)),
        ("10ms", timedelta(milliseconds=10)),
        ("1h", timedelta(hours=1)),
        ("1h30m", timedelta(minutes=90)),
        ("1.5s", timedelta(milliseconds=1500)),
        ("0", timedelta(0)),
    ],
)
def test_durations_are_read_with_their_units(text: str, expected: timedelta):
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["15", "-1s", "1 s", "s", "", "1e3s", "15sec", "٣s", "99999999999999d"])
def test_a_duration_that_would_need_a_guess_is_refused(text: str):
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(st.integers(min_value=0, max_value=10**15))
def test_every_duration_reads_back_as_it_was_written(micros: int):
    value = timedelta(microseconds=micros)
    assert parse_duration(format_duration(value)) == value


@pytest.mark.parametrize(
    ("text", "expected"), [("512", 512), ("64KiB", 65536), ("4MiB", 4 << 20), ("1GiB", 1 << 30)]
)
def test_sizes_are_read_in_binary_units(text: str, expected: int):
    assert parse_size(text) == expected


@pytest.mark.parametrize("text", ["4MB", "-1", "4 MiB", "1.5MiB", "", "x"])
def test_a_size_that_is_not_exact_is_refused(text: str):
    with pytest.raises(ValueError, match="size"):
        parse_size(text)


@given(st.integers(min_value=0, max_value=1 << 50))
def test_every_size_reads_back_as_it_was_written(value: int):
    assert parse_size(format_size(value)) == value

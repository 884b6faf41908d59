from __future__ import annotations

import pytest

from asynctask_core.errors import ConfigInvalid
from asynctask_nas.config import BackupConfig, parse_rate
from asynctask_nas.pace import Pace, Stopped
from asynctask_nas.throttle import Throttle


@pytest.mark.parametrize(
    ("text", "expected"),
    [(5, 5), ("100", 100), ("20MiB", 20 << 20), ("20 MiB/s", 20 << 20), ("500kB", 500_000), ("1GB", 10**9)],
)
def test_rates_are_read_as_people_write_them(text: int | str, expected: int) -> None:
    assert parse_rate(text) == expected


@pytest.mark.parametrize("text", [0, -5, "-5", "1e3", "20 mib", "fast", "", "1.5MiB", "0"])
def test_rate_that_is_none_is_refused(text: int | str) -> None:
    with pytest.raises(ValueError, match="rate"):
        parse_rate(text)


def test_every_wrong_field_is_named_at_once() -> None:
    config = BackupConfig("relative", "/with\0nul", exclude=["ok", "["], bandwidth_limit="fast")
    with pytest.raises(ConfigInvalid) as caught:
        config.check()
    fields = [violation.field for violation in caught.value.violations]
    assert fields == ["source_path", "destination_path", "exclude[1]", "bandwidth_limit"]


def test_right_config_passes() -> None:
    BackupConfig("/a/b/", "/c", exclude=["*.tmp"], bandwidth_limit="1MiB").check()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_throttle_shares_its_rate_over_all_who_ask() -> None:
    clock = Clock()
    throttle = Throttle(1000, clock)
    assert throttle.reserve(100) == pytest.approx(0.1)
    assert throttle.reserve(400) == pytest.approx(0.5)
    clock.now += 0.5
    assert throttle.reserve(100) == pytest.approx(0.1)


def test_throttle_does_not_make_up_for_a_pause() -> None:
    clock = Clock()
    throttle = Throttle(1000, clock)
    clock.now += 3600
    assert throttle.reserve(250) == 0
    assert throttle.reserve(1000) == pytest.approx(1.0)


def test_without_a_limit_nothing_waits() -> None:
    throttle = Throttle(None)
    assert throttle.reserve(10**15) == 0
    assert throttle.chunk_bytes == 1 << 20


def test_chunks_shrink_with_the_limit_so_that_waits_stay_short() -> None:
    assert Throttle(100_000).chunk_bytes == 10_000
    assert Throttle(10).chunk_bytes == 4096


def test_stop_reaches_who_waits_for_the_limit() -> None:
    asked: list[bool] = []

    def is_asked() -> bool:
        asked.append(True)
        return len(asked) > 3

    pace = Pace(Throttle(1), is_asked)
    with pytest.raises(Stopped):
        pace.take(10**9)
    assert len(asked) == 4


def test_told_to_stop_no_chunk_is_given_until_it_goes_on() -> None:
    pace = Pace(Throttle(None))
    pace.stop()
    with pytest.raises(Stopped):
        pace.take(1)
    pace.resume()
    pace.take(1)

"""An executor's process collects garbage rarely, and leaves the collector as it was."""

import gc
from collections.abc import Iterator

import pytest

from asynctask._executor.garbage import NEW_OBJECTS, collected_rarely


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before, was_enabled = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*before)
    (gc.enable if was_enabled else gc.disable)()


def test_collections_are_rarer_within_the_block_only() -> None:
    """Fails when every second page of items costs a collection, or a program is left with our threshold."""
    gc.set_threshold(700, 11, 12)
    with collected_rarely():
        assert gc.get_threshold()[:2] == (NEW_OBJECTS, 11)
        assert gc.get_freeze_count()
    assert gc.get_threshold()[:2] == (700, 11)
    assert not gc.get_freeze_count()


@pytest.mark.parametrize("threshold", [0, NEW_OBJECTS, 50_000])
def test_rarer_collections_that_a_program_has_chosen_stay(threshold: int) -> None:
    gc.set_threshold(threshold, 10, 10)
    with collected_rarely():
        assert gc.get_threshold()[0] == threshold


def test_collector_that_a_program_has_turned_off_stays_off() -> None:
    gc.disable()
    with collected_rarely():
        assert not gc.isenabled()

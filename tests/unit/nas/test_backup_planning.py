"""From what a comparison finds to the list of the transfer, which is begun while the comparison goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asynctask import ManifestCounts, NewItem
from asynctask_nas import planning
from asynctask_nas.changes import Action, Change, plain_change
from asynctask_nas.notes import Noted
from asynctask_nas.order import Order
from asynctask_nas.planning import Found, write_plan
from asynctask_nas.results import Plan, Report
from asynctask_nas.small import SMALL_BYTES

if TYPE_CHECKING:
    from asynctask import ThreadManifest

FEW = 4


class List:
    """A manifest in memory: what a handler writes there."""

    def __init__(self) -> None:
        self.items: list[NewItem] = [NewItem("of an earlier attempt")]

    def reset(self) -> None:
        self.items.clear()

    def extend(self, items: Iterable[NewItem]) -> None:
        self.items += items

    def seal(self) -> None:
        pass

    @property
    def keys(self) -> list[bytes]:
        return [cast("bytes", one.key) for one in self.items]


class Comparison:
    """What a comparison does with what it finds; `away` once a root is not there any more."""

    def __init__(self) -> None:
        self.changes = List()
        self.listing = List()
        self.away = False
        self.found = Found(
            cast("ThreadManifest", self.changes),
            cast("ThreadManifest", self.listing),
            spills=False,
            check=self._check,
        )

    def _check(self) -> None:
        if self.away:
            raise FileNotFoundError

    def plan(self, *, listed: int | None = None) -> Plan:
        changes = self.found.all()
        assert changes is not None
        with Order() as order:
            order.add(changes)
            order.close()
            already = self.found.listed if listed is None else listed
            return write_plan(cast("ThreadManifest", self.listing), order, (), lambda _: None, listed=already)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "BATCH", FEW)


def new(count: int, size: int = 1) -> list[Change]:
    return [plain_change(b"%05d" % number, size, 7) for number in range(count)]


def test_small_new_files_are_listed_while_others_are_still_looked_for() -> None:
    comparison = Comparison()
    comparison.found.extend(new(FEW))
    assert comparison.listing.keys == [one.path for one in new(FEW)]
    comparison.found.extend(new(FEW, SMALL_BYTES + 1))
    assert len(comparison.listing.items) == FEW


def odd(path: bytes, action: Action, is_new: bool, inode: tuple[int, int] | None) -> Change:
    return Change(path, action, is_new=is_new, inode=inode)


paths = st.binary(min_size=1, max_size=2)
actions = st.sampled_from([Action.COPY, Action.SYMLINK, Action.MARK, Action.FOLDER])
any_change = st.one_of(
    st.tuples(paths, st.sampled_from([0, 9, SMALL_BYTES + 1])).map(lambda one: plain_change(*one, 0)),
    st.tuples(paths, actions, st.booleans(), st.sampled_from([None, (1, 2)])).map(lambda one: odd(*one)),
)


@settings(max_examples=20, deadline=None)
@given(found=st.lists(any_change, unique_by=lambda one: one.path, max_size=20))
def test_a_list_that_was_begun_early_has_the_same_items(found: list[Change]) -> None:
    early, late = Comparison(), Comparison()
    for one in found:
        early.found.add(one)
    late.found.extend(found)
    assert early.plan() == late.plan(listed=0)
    first = early.found.listed
    assert sorted(early.listing.keys[:first]) == late.listing.keys[:first]
    assert early.listing.items[first:] == late.listing.items[first:]


def test_a_comparison_that_becomes_long_drops_what_was_listed() -> None:
    comparison = Comparison()
    comparison.found.extend(new(FEW + 1))
    comparison.found.spill()
    assert comparison.listing.items == []
    assert comparison.changes.keys[1:] == [one.path for one in new(FEW + 1)]
    comparison.found.extend(new(FEW))
    assert comparison.found.all() is None
    assert (comparison.found.listed, comparison.listing.items) == (0, [])


def test_leftovers_are_for_prepare_so_the_list_is_too() -> None:
    comparison = Comparison()
    comparison.found.extend(new(FEW))
    comparison.found.add(Change(b"part", Action.CLEAN))
    assert comparison.found.all() is None
    assert comparison.listing.items == []


def test_nothing_is_listed_of_a_source_that_has_gone_away() -> None:
    comparison = Comparison()
    comparison.away = True
    with pytest.raises(FileNotFoundError):
        comparison.found.extend(new(FEW))
    assert len(comparison.listing.items) == 1


def test_a_path_that_was_listed_and_found_otherwise_is_not_listed_twice() -> None:
    """No comparison does so; the list is then written anew."""
    comparison = Comparison()
    comparison.found.extend(new(FEW))
    comparison.found.add(Change(b"00000", Action.SYMLINK))
    assert comparison.plan().items == FEW + 1
    assert [one.key for one in comparison.listing.items if one.data["action"] == "symlink"] == [b"00000"]


def test_a_plan_of_an_older_version_counts_nothing_below_zero() -> None:
    """It counted files of which attributes alone are set as files."""
    items = ManifestCounts()
    items.skipped.items = 1
    report = Report.of(Plan(2, 2, 0, 0, 0), Noted(), items, Counter({Action.ATTRIBUTES: 1}))
    assert report.attributes == 0

"""A stop reaches a backup also where one folder has very many names, or one list very many items."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest

from asynctask_nas import order_on_disk, tree
from asynctask_nas.changes import Action, Change, plain_change
from asynctask_nas.compare import CompareRules, judge
from asynctask_nas.copy import PartialCopy
from asynctask_nas.exclude import Exclude
from asynctask_nas.extras import extras, survey
from asynctask_nas.glance import Glance
from asynctask_nas.holds import NameRules
from asynctask_nas.looks import EVERY, looking
from asynctask_nas.names import NameTrials
from asynctask_nas.new_files import NewFiles
from asynctask_nas.order import Order
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.perform import Performer
from asynctask_nas.places import probe
from asynctask_nas.throttle import Throttle
from asynctask_nas.tree import Tree
from asynctask_nas.walk import Pair, Walk
from tests.unit.nas.trees import a_performer, changes

MANY = 4 * EVERY
SOON = 3 * EVERY
"""Most entries that may be worked on before somebody looks at a stop."""


class AskedExclude(Exclude):
    """Counts how often it is asked."""

    asked = 0

    def matches(self, path: bytes, *, is_folder: bool) -> bool:
        self.asked += 1
        return super().matches(path, is_folder=is_folder)


class Interrupted(Exception):
    """What a stop raises."""


def stopped() -> None:
    raise Interrupted


def fill(folder: Path, count: int = MANY, ends: str = "") -> None:
    folder.mkdir(parents=True)
    with Tree(os.fsencode(folder)).folder(b".") as here:
        for number in range(count):
            os.close(os.open(b"%06d%s" % (number, ends.encode()), os.O_WRONLY | os.O_CREAT, dir_fd=here))


@pytest.mark.parametrize("copied", [False, True])
def test_patterns_are_asked_of_a_few_names_before_the_first_comes(
    source: Path, destination: Path, copied: bool
) -> None:
    """Fails when a folder of a million names is asked in full before anybody looks at a stop."""
    fill(source / "many")
    if copied:
        fill(destination / "many")
        for number in range(MANY):
            os.utime(destination / f"many/{number:06}", ns=(1, 1))
            os.utime(source / f"many/{number:06}", ns=(1, 1))
    else:
        destination.mkdir()
    exclude, holds = AskedExclude(["*.tmp"]), probe(os.fsencode(destination))
    walk = Walk(os.fsencode(source), os.fsencode(destination), exclude)
    walk.skip_same(Glance(holds)).skip_new(NewFiles(holds))
    counts = [exclude.asked for _ in walk]
    assert max(after - before for before, after in zip([0, *counts], counts, strict=False)) < SOON
    assert exclude.asked >= MANY


def test_walk_tells_where_it_is_among_names_that_are_excluded(source: Path, destination: Path) -> None:
    """Fails when nothing comes from a folder in which all is excluded: nobody would look, or keep the position."""
    fill(source / "many", ends=".tmp")
    (source / "many/zz").touch()
    one, other = os.fsencode(source), os.fsencode(destination)
    destination.mkdir()

    def walked(after: bytes | None = None) -> list[Pair]:
        return list(Walk(one, other, Exclude(["*.tmp"]), after=after))

    pairs = walked()
    steps = [pair.path for pair in pairs if pair.source is pair.existing is None]
    assert len(steps) == MANY // EVERY
    rules = CompareRules(one, other, probe(other), marks_extra=True)
    assert [judge(pair, rules) for pair in pairs if pair.path in steps] == [None] * len(steps)
    left = [pair.path for pair in walked(steps[-2])]
    assert left[0] > steps[-2]
    assert left[1:] == [b"many/zz"]
    assert {change.path for change in changes(source, destination, exclude=["*.tmp"], mark=True)} == {
        *(b".", b"many", b"many/zz")
    }


@pytest.mark.parametrize("what", ["folder", "folders", "nested"])
def test_looking_through_what_only_the_destination_has_can_be_stopped(destination: Path, what: str) -> None:
    """Fails when a folder is counted to its end before anybody looks at a stop."""
    if what == "folder":
        fill(destination / "extra")
    elif what == "folders":
        for number in range(20):
            fill(destination / f"extra/{number}", 20)
    else:
        (destination / "/".join(["extra", *repeat("deep", 40)])).mkdir(parents=True)
    root = Tree(os.fsencode(destination))
    seen = survey(root, b"extra", Exclude())
    with pytest.raises(Interrupted):
        survey(root, b"extra", Exclude(), stopped)
    with pytest.raises(Interrupted):
        list(extras(root, b"extra", Exclude(), stopped))
    assert survey(root, b"extra", Exclude(), lambda: None) == seen


def test_walk_can_be_stopped_while_it_looks_through_what_only_the_destination_has(
    source: Path, destination: Path
) -> None:
    for name, wanted in (("zz", b"extra"), ("extra", b"extra")):
        fill(destination / "extra")
        (source / name).touch()
        pairs = iter(Walk(os.fsencode(source), os.fsencode(destination)).obey(stopped))
        seen: list[bytes] = []
        with pytest.raises(Interrupted):
            seen.extend(pair.path for pair in pairs)
        assert wanted not in seen
        (destination / "extra").rename(destination.with_name(name))


def test_marking_a_large_folder_can_be_stopped(source: Path, destination: Path) -> None:
    fill(destination / "extra")
    target = a_performer(source, destination).destination
    pace = Pace(Throttle(None))
    performer = Performer(os.fsencode(source), target, pace, Exclude(["*.tmp"]))
    pace.stop()
    with pytest.raises(PaceStopped):
        performer.perform(Change(b"extra", Action.MARK, is_new=False), PartialCopy(b"extra"))
    assert (destination / "extra").exists()


def test_large_folder_is_listed_with_looks(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(source / "many")
    (source / os.fsdecode(b"many/\xff\n")).touch()
    root = Tree(os.fsencode(source))
    listed = root.names(b"many", stopped)
    monkeypatch.setattr(tree, "_LARGE_FOLDER", 0)
    monkeypatch.setattr(tree, "_NAMES_AT_ONCE", EVERY)
    assert sorted(root.names(b"many")) == sorted(listed)
    with pytest.raises(Interrupted):
        root.names(b"many", stopped)


@pytest.mark.parametrize("rules", [NameRules(refuses=True), NameRules(folds_case=True)])
def test_names_are_matched_with_looks(rules: NameRules) -> None:
    names = [b"%06d" % number for number in range(MANY)]
    with NameTrials(rules) as trials, pytest.raises(Interrupted):
        trials.match(b"", names, names, stopped)


def test_order_of_very_many_changes_is_found_with_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a sort that takes a minute cannot be stopped."""
    monkeypatch.setattr(order_on_disk, "_STEPS", 1000)
    asked = [False]

    def look() -> None:
        if asked[0]:
            raise Interrupted

    def ordered() -> Order:
        order = Order(str(tmp_path), most_in_memory=0, look=look)
        order.add(plain_change(b"%d" % number, number, 1) for number in range(MANY))
        return order

    with ordered() as order:
        asked[0] = True
        with pytest.raises(Interrupted):
            order.close()
    asked[0] = False
    with ordered() as order:
        order.close()
        asked[0] = True
        with pytest.raises(Interrupted):
            list(order)
        asked[0] = False
        assert len(list(order)) == MANY + 1
    assert not os.listdir(tmp_path)


def test_look_comes_after_every_few_items() -> None:
    looks: list[int] = []
    given: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(7):
            given.append(number)
            yield number

    assert list(looking(numbers(), lambda: looks.append(len(given)), 3)) == list(range(7))
    assert looks == [3, 6]

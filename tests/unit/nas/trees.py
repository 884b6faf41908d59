"""Trees for the tests of backups: made, described, compared."""

from __future__ import annotations

import os
import stat
from functools import partial
from pathlib import Path
from typing import Any

from asynctask_core.ids import id_text, new_id
from asynctask_nas.capabilities import scratch
from asynctask_nas.changes import Change
from asynctask_nas.compare import CompareRules, compare
from asynctask_nas.copy import PartialCopy
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Skipped
from asynctask_nas.exclude import REMOVED, STATE, Exclude
from asynctask_nas.glance import Glance
from asynctask_nas.left_out import left_out_of
from asynctask_nas.names import NameTrials
from asynctask_nas.new_files import NewFiles
from asynctask_nas.order import MOST_IN_MEMORY, Order
from asynctask_nas.pace import Pace
from asynctask_nas.perform import Performer
from asynctask_nas.places import probe
from asynctask_nas.position import Compared
from asynctask_nas.throttle import Throttle
from asynctask_nas.tree import Tree
from asynctask_nas.walk import Walk
from asynctask_nas.working_folder import WorkingFolder, with_working_folder


def a_tree(source: Path) -> None:
    """A bit of everything."""
    for number in range(40):
        folder = source / f"folder {number % 7}"
        folder.mkdir(exist_ok=True)
        (folder / f"file {number}").write_bytes(os.urandom(number * 500))
    (source / os.fsdecode(b"\xe9t\xe9\n")).write_text("name")
    os.link(source / "folder 1/file 1", source / "other name")
    os.symlink("folder 2/file 2", source / "link")
    os.mkfifo(source / "pipe")
    with open(source / "holes", "wb") as file:
        file.seek(5 << 20)
        file.write(b"end")


def describe(root: Path | bytes) -> dict[bytes, tuple[Any, ...]]:
    """Everything that a backup keeps, by relative path; names of one entry carry the first of them."""
    base = os.fsencode(root)
    found: dict[bytes, tuple[Any, ...]] = {}
    first: dict[tuple[int, int], bytes] = {}
    for folder, folders, files in os.walk(base):
        folders.sort()
        if folder == base:
            folders[:] = [name for name in folders if name not in {REMOVED, STATE}]
        own = [folder] if folder == base else []
        for path in sorted([*own, *(os.path.join(folder, name) for name in [*folders, *files])]):
            facts = os.lstat(path)
            mode, kind = stat.S_IMODE(facts.st_mode), stat.S_IFMT(facts.st_mode)
            about: tuple[Any, ...] = (kind, facts.st_uid, facts.st_gid)
            if not stat.S_ISDIR(facts.st_mode):
                group = first.setdefault((facts.st_dev, facts.st_ino), os.path.relpath(path, base))
                about = (*about, group)
            if stat.S_ISLNK(facts.st_mode):
                about = (*about, os.readlink(path))
            elif stat.S_ISDIR(facts.st_mode):
                about = (*about, mode, facts.st_mtime_ns, _attributes(path))
            elif stat.S_ISREG(facts.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
                about = (*about, mode, facts.st_mtime_ns, _attributes(path), content)
            found[os.path.relpath(path, base)] = about
    return found


def _attributes(path: bytes) -> dict[str, bytes]:
    return {
        name: os.getxattr(path, name)
        for name in os.listxattr(path)
        if not name.startswith("security.selinux")
    }


def changes(
    source: Path, destination: Path, *, exclude: list[str] | None = None, mark: bool = False
) -> list[Change]:
    """What a comparison finds, in the order of the work.

    The same with and without short cuts (for files that are the same, for new files, for few changes), counts included.
    """
    one, other = os.fsencode(source), os.fsencode(destination)
    rules = CompareRules(one, other, probe(other), mark, 10**30)
    found: list[list[Change]] = []
    counts: list[Compared] = []

    def look(working: WorkingFolder | None, *, is_short: bool) -> None:
        now, glance, new = Compared(), Glance(rules.holds, working=working), NewFiles(rules.holds)
        with (
            Order(most_in_memory=MOST_IN_MEMORY if is_short else 0) as order,
            NameTrials(rules.holds.names, partial(scratch, other)) as names,
        ):
            walk = Walk(one, other, Exclude(exclude or ()), names=names)
            if is_short:
                walk.skip_same(glance).skip_new(new)
            for pair, change in compare(walk, rules):
                order.add([change] if change else ())
                _count(now, glance, new, order)
                now.count(pair, change)
                if pair.source is not None and not pair.problem:
                    now.lose(left_out_of(Tree(one), pair.path, pair.source, rules.holds), pair.path)
            _count(now, glance, new, order)
            order.close()
            found.append(list(order))
            counts.append(now)

    look(None, is_short=False)
    with_working_folder(partial(look, is_short=True))
    assert found[0] == found[1]
    assert counts[0] == counts[1]
    return found[0]


def _count(now: Compared, glance: Glance, new: NewFiles, order: Order) -> None:
    made = new.take()
    order.add(made)
    now.count_new(made)
    now.count_same(glance)


def back_up(
    source: Path,
    destination: Path,
    *,
    exclude: list[str] | None = None,
    mark: bool = False,
    task_id: str = "",
) -> tuple[list[bytes], dict[bytes, str]]:
    """Make the destination a copy; answers the paths that were worked on, and those skipped with their reasons."""
    done: list[bytes] = []
    skipped: dict[bytes, str] = {}
    found = changes(source, destination, exclude=exclude, mark=mark)
    performer = a_performer(source, destination, task_id=task_id)
    for change in found:
        try:
            performer.perform(change, PartialCopy(change.path))
            done.append(change.path)
        except Skipped as reason:
            skipped[change.path] = str(reason)
    return done, skipped


def a_performer(source: Path, destination: Path, *, task_id: str = "", pace: Pace | None = None) -> Performer:
    """What makes changes in a destination, without any limit."""
    other = os.fsencode(destination)
    target = Destination(other, task_id or id_text(new_id()), probe(other))
    return Performer(os.fsencode(source), target, pace or Pace(Throttle(None)))

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asynctask_core.errors import NotEnoughSpace
from asynctask_nas.changes import Action, Change, change_of, plain_change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.order import MOST_IN_MEMORY, Order
from asynctask_nas.paths import ROOT
from asynctask_nas.space import DestinationSystems, Need, check_space, full, needs
from asynctask_nas.tree import Tree
from asynctask_nas.words import counted, printable, size_text
from tests.support.mounts import Mounted, mount, unmount
from tests.unit.nas.trees import a_performer, back_up, changes, describe


def ordered(*found: Change, most_in_memory: int = MOST_IN_MEMORY) -> list[Change]:
    with Order(most_in_memory=most_in_memory) as order:
        order.add(found)
        order.close()
        return list(order)


def copy(path: bytes, size: int = 1, **more: object) -> Change:
    return Change(path=path, action=Action.COPY, size=size, **more)  # type: ignore[arg-type]


def test_new_files_go_before_changed_ones_and_small_before_large_then_the_rest() -> None:
    found = ordered(
        Change(path=b"gone", action=Action.MARK),
        Change(path=b"a", action=Action.FOLDER),
        copy(b"a/changed-small", 1, is_new=False),
        copy(b"a/new-large", 90_000),
        Change(path=b"a/mode", action=Action.ATTRIBUTES),
        copy(b"a/b/new-small", 2),
        copy(b"linked-2", 5, inode=(1, 7)),
        copy(b"linked-1", 5, inode=(1, 7)),
        Change(path=b"pipe", action=Action.SKIP, reason="is a named pipe"),
    )
    assert [(one.path, one.action.value) for one in found] == [
        (b"a/b/new-small", "copy"),
        (b"linked-1", "copy"),
        (b"a/new-large", "copy"),
        (b"a/changed-small", "copy"),
        (b"linked-2", "link"),
        (b"a/mode", "attributes"),
        (b"gone", "mark"),
        (b"pipe", "skip"),
        (b"a/b", "folder"),
        (b"a", "folder"),
        (b".", "folder"),
    ]
    assert found[4].leader == b"linked-1"
    assert found[4].size == 0


def test_names_that_are_linked_already_are_left_alone() -> None:
    same = [
        Change(path=name, action=Action.SAME, inode=(1, 7), existing=(5, existing))
        for name, existing in ((b"a", 3), (b"b", 3), (b"c", 4))
    ]
    assert [(one.path, one.action.value) for one in ordered(*same)] == [(b"c", "link"), (b".", "folder")]


def test_copies_with_one_inode_number_on_two_file_systems_are_two_files() -> None:
    """Fails when inode numbers are compared without the device: a mode would be given to somebody else's copy."""
    same, mode = [
        [copy(name, 9, inode=(1, 7), existing=(device, 3), shares=2, is_new=False) for name, device in found]
        for found in (((b"a", 5), (b"b", 5)), ((b"a", 5), (b"m/b", 6)))
    ]
    assert [one.action.value for one in ordered(*same)] == ["attributes", "attributes", "folder"]
    assert [one.action.value for one in ordered(*mode)][:2] == ["copy", "link"]


def test_names_whose_copies_are_on_two_file_systems_are_left_alone() -> None:
    """Fails when names that cannot be one file are copied again by every run."""
    kept = [
        Change(path=name, action=action, inode=(1, 7), existing=existing, is_new=False)
        for name, action, existing in (
            (b"a", Action.SAME, (5, 3)),
            (b"m/b", Action.SAME, (6, 3)),
            (b"n/c", Action.ATTRIBUTES, (7, 4)),
        )
    ]
    assert [(one.path, one.action.value) for one in ordered(*kept)] == [(b"n/c", "attributes")]


def test_change_that_an_older_version_wrote_is_read() -> None:
    """Fails when a task that began before an upgrade cannot go on, or copies what is the same."""
    data = {"action": "same", "mtime_ns": 1, "is_new": False, "existing": 3, "inode": [1, 7]}
    old = [change_of(name, 0, {**data, "existing": existing}) for name, existing in ((b"a", 3), (b"b", 3))]
    assert [one.existing for one in old] == [(0, 3), (0, 3)]
    assert ordered(*old) == []
    new = Change(path=b"c", action=Action.SAME, inode=(1, 7), existing=(5, 3), is_new=False)
    # Whether that is the same copy is looked at when the link is made.
    assert [(one.path, one.action.value) for one in ordered(*old, new)] == [(b"c", "link"), (b".", "folder")]


def test_new_name_is_linked_to_the_one_that_the_backup_holds() -> None:
    found = ordered(
        copy(b"a", inode=(1, 7)),
        Change(path=b"z", action=Action.SAME, inode=(1, 7), existing=(5, 3), is_new=False),
    )
    assert [(one.path, one.action.value, one.leader) for one in found[:-1]] == [(b"a", "link", b"z")]


def test_path_that_comes_twice_counts_once() -> None:
    found = ordered(copy(b"a", 1), copy(b"a", 2))
    assert [(one.path, one.size) for one in found if one.action is Action.COPY] == [(b"a", 2)]


def test_folder_that_cannot_be_read_is_still_made() -> None:
    found = ordered(
        Change(path=b"d", action=Action.FOLDER),
        Change(path=b"d", action=Action.SKIP, reason="permission denied"),
    )
    assert [one.action.value for one in found] == ["skip", "folder", "folder"]


def test_change_survives_the_manifest() -> None:
    one = Change(
        path=b"\xe9t\xe9\n",
        action=Action.LINK,
        size=5,
        mtime_ns=2**63 + 1,
        is_new=False,
        allocated=4096,
        frees=512,
        inode=(1, 2**63 + 5),
        existing=(5, 9),
        leader=b"\xff/%41",
        renews=True,
        shares=3,
        reason="why",
    )
    assert change_of(one.path, one.size, one.data()) == one
    bare = copy(b"x", 0)
    assert change_of(bare.path, 0, bare.data()) == bare
    assert bare.data() == {"action": "copy"}


def test_plain_change_is_told_shortly_and_read_back_as_it_was_written_before() -> None:
    one = plain_change(b"f", 5, 7, 4096)
    assert one == copy(b"f", 5, mtime_ns=7, allocated=4096)
    assert one.is_plain
    assert one.data() == {"action": "copy", "mtime_ns": 7, "allocated": 4096}
    assert one.planned() == {"action": "copy", "mtime_ns": 7}
    for kept in (one, one._replace(allocated=0), one._replace(mtime_ns=0), copy(b"f", 5)):
        assert change_of(kept.path, kept.size, kept.data()) == kept
    for unusual in ({"is_new": False}, {"holes": 1}, {"frees": 1}, {"inode": (1, 2)}, {"displaces": 3}):
        other = one._replace(**unusual)
        assert not other.is_plain
        assert change_of(other.path, other.size, other.data()) == other
        assert change_of(other.path, 5, other.planned()) == other._replace(allocated=0, frees=0)


few_paths = st.sampled_from([ROOT, b"a", b"a/b", b"a/b/c", b"a-b", b"b", b"b/\xff"])
any_change = st.one_of(
    st.builds(plain_change, few_paths, st.integers(0, 2), st.integers(0, 2)),
    st.builds(
        Change,
        path=few_paths,
        action=st.sampled_from([one for one in Action if one is not Action.LINK]),
        size=st.integers(0, 3),
        holes=st.integers(0, 1),
        mtime_ns=st.sampled_from([0, 1, -5, 2**63]),
        is_new=st.booleans(),
        allocated=st.integers(0, 1),
        frees=st.integers(0, 1),
        spelled=st.sampled_from([b"", b"B"]),
        may_be_same=st.booleans(),
        renews=st.booleans(),
        shares=st.integers(0, 2),
        reason=st.sampled_from(["", "why"]),
        displaces=st.integers(0, 2),
    ),
)


@settings(max_examples=30, deadline=None)
@given(found=st.lists(any_change, max_size=12))
@example(found=[plain_change(b"b", 1, 1), plain_change(b"a", 2, 1)])
def test_few_changes_are_ordered_as_many_are(found: list[Change]) -> None:
    """Both are in one order, and touch the same folders."""
    assert ordered(*found) == ordered(*found, most_in_memory=0)


def test_need_is_that_of_the_worst_moment() -> None:
    wanted = needs(
        [
            copy(b"new", 100, allocated=100),
            copy(b"old", 50, allocated=50, frees=60, is_new=False),
            copy(b"older", 70, allocated=70, frees=70, is_new=False),
            Change(path=b"d", action=Action.FOLDER),
            Change(path=b"e", action=Action.FOLDER, is_new=False),
        ]
    )
    assert wanted == {ROOT: Need(bytes=160, entries=2)}


def test_files_changed_at_once_need_their_space_at_once() -> None:
    old = [copy(bytes([65 + n]), 10, allocated=10, frees=10, is_new=False) for n in range(9)]
    assert [needs(old, concurrency)[ROOT].bytes for concurrency in (1, 4)] == [10, 40]


def test_destination_too_small_says_how_much_is_missing(small_disk: Path) -> None:
    has = os.statvfs(small_disk)
    free = has.f_bavail * has.f_frsize
    with pytest.raises(
        NotEnoughSpace, match=r"lacks 1\.0 MiB: the backup needs 5\.0 MiB, 4\.0 MiB are free"
    ) as caught:
        check_space(os.fsencode(small_disk), Need(free + (1 << 20), 0))
    assert caught.value.metadata["missing_bytes"] == str(1 << 20)
    check_space(os.fsencode(small_disk), Need(free, 10))


def test_file_system_inside_a_destination_is_counted_by_itself(mounted: Mounted, tmp_path: Path) -> None:
    """Fails when what it lacks is taken from the space of the destination's own."""
    mounted("copy", size="9m")
    inner = mounted("copy/inner", size="2m")
    (inner / "deep").mkdir()
    (tmp_path / "copy/again").mkdir()
    mount("--bind", inner / "deep", tmp_path / "copy/again")
    try:
        tree = Tree(os.fsencode(tmp_path / "copy"))
        systems = DestinationSystems(tree, [b"inner", b"again"])
        # Both are one file system.
        changes = [
            copy(path, 1, allocated=1 << 20) for path in (b"inner/a", b"again/deep/b", b"c", b"inner/d")
        ]
        found = needs(changes, 1, systems.of)
        assert sorted(one.bytes >> 20 for one in found.values()) == [1, 3]
        check_space(tree, found.pop(ROOT))
        [(place, wanted)] = found.items()
        with pytest.raises(NotEnoughSpace, match=r"copy/again lacks 1\.0 MiB"):
            check_space(tree, wanted, at=place)
        assert "2.0 MiB are free" in str(full(tree, b"inner/d", 3 << 20))
    finally:
        unmount(tmp_path / "copy/again")


def test_destination_without_inodes_says_so(small_disk: Path) -> None:
    """Fails when what unfinished copies take is said of bytes alone: they take inodes as well."""
    kept = "; 3 unfinished copies take 12.0 MiB there"
    with pytest.raises(NotEnoughSpace, match=rf"lacks .* inodes: .* are free{kept}$"):
        check_space(os.fsencode(small_disk), Need(0, 10**9), kept=kept)


def test_destination_that_fills_up_raises_what_the_stage_makes_clear(source: Path, small_disk: Path) -> None:
    (source / "big").write_bytes(b"x" * (6 << 20))
    performer = a_performer(source, small_disk)
    with pytest.raises(OSError, match="No space left") as caught:
        performer.perform(copy(b"big"), PartialCopy(b"big"))
    assert caught.value.errno == errno.ENOSPC
    said = str(full(os.fsencode(small_disk), b"b\nig", 6 << 20))
    assert r"is full (or its quota is) at b\nig: 6.0 MiB are left" in said
    assert said.endswith(" are free, so at least 2.0 MiB are missing")


def test_full_destination_counts_what_unfinished_copies_take_and_says_how_to_go_on(small_disk: Path) -> None:
    """Fails when people are told to make room for what is there already, or when nobody tells them of it."""
    full_disk = full(os.fsencode(small_disk), b"big", 8 << 20, unfinished=[1 << 20, 2 << 20], task_id="0123")
    assert (
        "8.0 MiB are left to copy, 4.0 MiB are free and 3.0 MiB taken by 2 unfinished copies of this task, "
        "so at least 1.0 MiB are missing; what is unfinished stays until another backup begins there: "
        "asynctask restart 0123 --from-checkpoint goes on from it, a restart from the beginning removes it"
    ) in str(full_disk)
    assert full_disk.metadata["missing_bytes"] == str(1 << 20)


def test_sizes_and_names_are_told_to_people() -> None:
    assert [size_text(n) for n in (0, 1023, 1024, 5 << 30, 3 << 40)] == [
        "0 B",
        "1023 B",
        "1.0 KiB",
        "5.0 GiB",
        "3.0 TiB",
    ]
    assert [counted(n, "files") for n in (0, 1, 2450)] == ["0 files", "1 file", "2,450 files"]
    assert printable(b"\xc3\xa9t\xc3\xa9 \xff \x1b[2J\n") == "été \\xff \\x1b[2J\\n"


def test_hard_links_are_kept_added_and_broken(source: Path, destination: Path) -> None:
    (source / "a").write_text("one")
    os.link(source / "a", source / "b")
    os.link(source / "a", source / "c")
    back_up(source, destination)
    assert describe(destination) == describe(source)
    (source / "sub").mkdir()
    os.link(source / "a", source / "sub/d")
    (source / "c").unlink()
    (source / "c").write_text("by itself")
    done, _ = back_up(source, destination)
    assert set(done) == {b"sub/d", b"c", b"sub", b"."}
    assert describe(destination) == describe(source)


def test_two_copies_become_one_file_when_the_source_is_one(source: Path, destination: Path) -> None:
    for name in ("a", "b"):
        (source / name).write_text("same")
        os.utime(source / name, ns=(1, 1))
    back_up(source, destination)
    (source / "b").unlink()
    os.link(source / "a", source / "b")
    assert b"b" in back_up(source, destination)[0]
    assert describe(destination) == describe(source)


def test_names_on_a_file_system_inside_the_destination_are_copied_once(
    source: Path, destination: Path, mounted: Mounted
) -> None:
    (source / "inner").mkdir()
    (source / "a").write_text("one")
    os.link(source / "a", source / "inner/b")
    destination.mkdir()
    mounted("destination/inner")
    back_up(source, destination)
    (source / "a").chmod(0o604)
    assert {one.path: one.action for one in changes(source, destination)} == {
        b"a": Action.ATTRIBUTES,
        b"inner/b": Action.ATTRIBUTES,
    }
    back_up(source, destination)
    assert changes(source, destination) == []


def test_new_mode_of_a_file_with_several_names_copies_no_data(source: Path, destination: Path) -> None:
    (source / "a").write_text("a")
    os.link(source / "a", source / "b")
    back_up(source, destination)
    inode = (destination / "a").stat().st_ino
    (source / "a").chmod(0o604)
    os.link(source / "a", source / "c")  # a name that the copy does not have yet
    found = {one.path: one.action for one in changes(source, destination)}
    assert (found[b"a"], found[b"b"], found[b"c"]) == (Action.ATTRIBUTES, Action.ATTRIBUTES, Action.LINK)
    back_up(source, destination)
    assert (destination / "c").stat().st_ino == inode
    assert describe(destination) == describe(source)
    assert changes(source, destination) == []


def test_new_mode_is_not_given_to_a_copy_that_is_also_that_of_another_file(
    source: Path, destination: Path
) -> None:
    """Two files with equal contents, once one: what is done to one must not show on the other."""
    (source / "a").write_text("same")
    os.link(source / "a", source / "b")
    back_up(source, destination)
    shutil.copy2(source / "b", source / "new")
    os.rename(source / "new", source / "b")
    os.link(source / "a", source / "c")
    (source / "a").chmod(0o604)
    back_up(source, destination)
    assert describe(destination) == describe(source)
    assert changes(source, destination) == []


def test_snapshots_made_of_hard_links_are_not_touched(
    source: Path, destination: Path, tmp_path: Path
) -> None:
    (source / "a").write_text("one")
    back_up(source, destination)
    os.link(destination / "a", tmp_path / "snapshot")
    (source / "a").chmod(0o600)
    back_up(source, destination)
    assert describe(destination) == describe(source)
    assert (tmp_path / "snapshot").stat().st_mode & 0o777 == 0o644


def test_link_whose_leader_was_not_copied_is_copied_by_itself(source: Path, destination: Path) -> None:
    (source / "a").write_text("one")
    os.link(source / "a", source / "b")
    link = [one for one in changes(source, destination) if one.action is Action.LINK]
    a_performer(source, destination).perform(link[0], PartialCopy(link[0].path))
    assert (destination / "b").read_text() == "one"


def test_destination_without_hard_links_gets_copies(
    source: Path, destination: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "a").write_text("one")
    os.link(source / "a", source / "b")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "not here")

    monkeypatch.setattr(os, "link", refused)
    back_up(source, destination)
    assert (destination / "b").read_text() == "one"
    assert changes(source, destination) == []

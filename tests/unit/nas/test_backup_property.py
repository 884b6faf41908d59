"""Any tree becomes the same tree; a second run does nothing; a change is found and nothing else.

What is the same tree is told by `describe`, and by rsync.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asynctask_nas.exclude import PART_PREFIX
from asynctask_nas.phases import PHASES
from tests.unit.nas.trees import back_up, changes, describe

Tree = dict[bytes, Any]

# Every byte but the slash and NUL may be in a name: newlines, control characters, half of a UTF-8 sequence.
names = st.binary(min_size=1, max_size=40).filter(
    lambda name: (
        b"/" not in name
        and b"\0" not in name
        and name not in {b".", b".."}
        and not name.startswith(PART_PREFIX)
    )
)
# As far as ext4 goes: from 1901 to 2446, which is more nanoseconds than 64 bits hold.
times = st.integers(min_value=-(2**31) * 10**9, max_value=6 * 10**18)
# Without root unreadable files are skipped and set-user-id bits dropped, and these tests could not write to all.
of_root = [0o400, 0o000, 0o4755, 0o2711] if os.geteuid() == 0 else []
modes = st.sampled_from([0o644, 0o600, 0o755, 0o1666, *of_root])
contents = st.one_of(
    st.binary(max_size=200),
    st.integers(min_value=0, max_value=300_000).map(lambda size: b"block of content" * (size // 16)),
)
files = st.tuples(st.just("file"), contents, modes, times)
sparse = st.tuples(st.just("sparse"), st.lists(st.integers(0, 60), max_size=3), modes, times)
symlinks = st.tuples(
    st.just("symlink"), st.binary(min_size=1, max_size=60).filter(lambda t: b"\0" not in t), times
)
links = st.tuples(st.just("link"), st.integers(0, 1000))
attributed = st.tuples(st.just("attributed"), st.binary(max_size=60), times)
leaves = st.one_of(files, sparse, symlinks, links, attributed)
trees = st.recursive(
    st.dictionaries(names, leaves, max_size=4),
    lambda children: st.dictionaries(names, st.one_of(leaves, children), max_size=5),
    max_leaves=25,
)


# Few names, so that two trees have many paths in common, of the same kind and of others.
common_names = st.sampled_from([b"a", b"b", b"c", b"\xe9t\xe9", b"line\nbreak"])
common_trees = st.recursive(
    st.dictionaries(common_names, leaves, max_size=4),
    lambda children: st.dictionaries(common_names, st.one_of(leaves, children), max_size=5),
    max_leaves=25,
)


def build(folder: bytes, tree: Tree, made: list[bytes], later_ns: int = 0) -> None:
    """Make a tree; hard links go to anything made before but folders. All times are `later_ns` later than it says."""
    for name, what in tree.items():
        path = folder + b"/" + name
        if isinstance(what, dict):
            os.mkdir(path)
            build(path, what, made, later_ns)
            os.chmod(path, 0o750)
            continue
        match what[0]:
            case "file" | "attributed":
                Path(os.fsdecode(path)).write_bytes(what[1])
            case "sparse":
                with open(path, "wb") as file:
                    for at in what[1]:
                        file.seek(at * 50_000)
                        file.write(b"x" * 5_000)
                    file.truncate(4_000_000)
            case "symlink":
                # What points to the same as before stays one entry, though the source has two now.
                os.symlink(what[1] + b"+" * bool(later_ns), path)
            case _:
                if made:
                    os.link(made[what[1] % len(made)], path, follow_symlinks=False)
                continue
        if what[0] == "attributed":
            os.setxattr(path, "user.note", what[1])
        elif what[0] != "symlink":
            os.chmod(path, what[2])
        os.utime(path, ns=(what[-1] + later_ns, what[-1] + later_ns), follow_symlinks=False)
        made.append(path)


slow_disk = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@slow_disk
@given(tree=trees)
def test_any_tree_is_copied_and_a_second_run_does_nothing(tree: Tree) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, destination = Path(folder, "source"), Path(folder, "destination")
        source.mkdir()
        build(os.fsencode(source), tree, [])
        before = describe(source)
        _, skipped = back_up(source, destination)
        assert skipped == {}
        assert describe(destination) == before
        assert describe(source) == before
        assert changes(source, destination) == []


@slow_disk
@given(old=common_trees, new=common_trees, mark=st.booleans())
def test_any_tree_becomes_any_other_and_what_it_lost_is_marked(old: Tree, new: Tree, mark: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, source, destination = (
            Path(folder, "first"),
            Path(folder, "source"),
            Path(folder, "destination"),
        )
        first.mkdir()
        source.mkdir()
        build(os.fsencode(first), old, [])
        # Other times: a file of the same size and time counts as the same, also with other content.
        build(os.fsencode(source), new, [], later_ns=9 * 10**18)
        back_up(first, destination)
        done, skipped = back_up(source, destination, mark=mark)
        assert skipped == {}
        wanted, got = describe(source), describe(destination)
        assert {path: about for path, about in got.items() if path in wanted} == wanted
        assert not mark or got.keys() == wanted.keys()
        assert changes(source, destination, mark=mark) == []
        assert len(done) == len(set(done))


@slow_disk
@given(tree=trees, data=st.data())
def test_only_what_changed_is_worked_on(tree: Tree, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, destination = Path(folder, "source"), Path(folder, "destination")
        source.mkdir()
        build(os.fsencode(source), tree, made := [])
        back_up(source, destination)
        written = [path for path in made if not os.path.islink(path)]
        if not written:
            return
        chosen = data.draw(st.sampled_from(written))
        with open(chosen, "ab") as file:
            file.write(b"more")
        inode = os.lstat(chosen).st_ino
        same_file = {
            os.path.relpath(path, os.fsencode(source)) for path in _names_of(inode, os.fsencode(source))
        }
        found = changes(source, destination)
        assert {one.path for one in found if PHASES[one.action] < 5} == same_file
        parents = {os.path.dirname(path) or b"." for path in same_file}
        assert {one.path for one in found if PHASES[one.action] == 5} == parents
        back_up(source, destination)
        assert describe(destination) == describe(source)


@pytest.mark.skipif(shutil.which("rsync") is None, reason="rsync is not installed")
@settings(slow_disk, max_examples=12)
@given(old=common_trees, new=st.one_of(trees, common_trees))
def test_rsync_finds_nothing_left_to_do_after_a_backup(old: Tree, new: Tree) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, source, destination = (
            Path(folder, "first"),
            Path(folder, "source"),
            Path(folder, "destination"),
        )
        first.mkdir()
        source.mkdir()
        build(os.fsencode(first), old, [])
        build(os.fsencode(source), new, [], later_ns=9 * 10**18)
        back_up(first, destination)
        back_up(source, destination, mark=True)
        assert left_for_rsync(source, destination) == []
        (destination / "of the destination alone").touch()
        assert b"*deleting   of the destination alone" in left_for_rsync(source, destination)


def left_for_rsync(source: Path, destination: Path) -> list[bytes]:
    """What rsync would change, a line each; times are compared to the nanosecond.

    Left out is what is ours at the destination. Contents are left to `describe`: rsync would read nothing where size
    and time are the same. The trees have no extended attributes on links: Linux gives those none that users may set.
    """
    words = ["rsync", "-aHAXi", "--dry-run", "--delete", "--modify-window=-1", "--exclude=/.asynctask-*"]
    told = subprocess.run([*words, f"{source}/", f"{destination}/"], capture_output=True, check=True)
    return told.stdout.splitlines()


def _names_of(inode: int, root: bytes) -> list[bytes]:
    return [
        os.path.join(folder, name)
        for folder, _, names_here in os.walk(root)
        for name in names_here
        if os.lstat(os.path.join(folder, name)).st_ino == inode
    ]

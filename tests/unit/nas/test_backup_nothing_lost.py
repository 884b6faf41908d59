"""For any content of both sides: what the destination had is there, set aside, or an older version of what is there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from asynctask_nas.exclude import Exclude
from asynctask_nas.extras import is_left_out
from tests.unit.nas.trees import back_up

NAMES = st.sampled_from(["a", "b", "c.tmp", "d"])
NODES = st.recursive(
    st.one_of(
        st.binary(max_size=3).map(lambda text: b"file:" + text),
        st.sampled_from(["a", "../b", "nowhere"]).map(lambda to: "link:" + to),
    ),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
TREES = st.dictionaries(NAMES, NODES, max_size=4)
Node = bytes | str | dict[str, "Node"]


def make(folder: Path, tree: dict[str, Node], when: int) -> None:
    for name, node in tree.items():
        path = folder / name
        if isinstance(node, dict):
            path.mkdir()
            make(path, node, when)
        elif isinstance(node, str):
            path.symlink_to(node.removeprefix("link:"))
        else:
            path.write_bytes(node)
            os.utime(path, ns=(when, when))


def leaves(folder: Path) -> dict[str, bytes | str]:
    """Content of files, and targets of links, by relative path; our own folders left out."""
    found: dict[str, bytes | str] = {}
    for path in folder.rglob("*"):
        relative = str(path.relative_to(folder))
        if relative.startswith(".asynctask-"):
            continue
        if path.is_symlink():
            found[relative] = str(path.readlink())
        elif path.is_file():
            found[relative] = path.read_bytes()
    return found


def folders(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_dir() and not path.is_symlink() and ".asynctask-" not in str(path)
    }


def set_aside(destination: Path) -> dict[str, bytes | str]:
    found: dict[str, bytes | str] = {}
    for task in (destination / ".asynctask-removed").glob("*"):
        found |= leaves(task)
    return found


def is_excluded(path: str, exclude: Exclude, *, is_folder: bool) -> bool:
    return exclude.matches(os.fsencode(path), is_folder=is_folder) or (
        "/" in path and is_left_out(os.fsencode(path.rpartition("/")[0]), exclude)
    )


@settings(max_examples=40, deadline=None)
@given(
    TREES,
    TREES,
    st.sampled_from([[], ["*.tmp"], ["c.tmp/"], ["/a"], ["*.tmp", "!/b/c.tmp"]]),
    st.booleans(),
)
def test_nothing_of_a_destination_is_ever_lost(
    theirs: dict[str, Node], ours: dict[str, Node], patterns: list[str], mark: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, destination = Path(folder, "source"), Path(folder, "destination")
        source.mkdir()
        destination.mkdir()
        make(source, theirs, 10**18)
        make(destination, ours, 2 * 10**18)
        before, wanted = leaves(destination), leaves(source)
        exclude = Exclude(patterns)
        _, skipped = back_up(source, destination, exclude=patterns, mark=mark)
        after, aside = leaves(destination), set_aside(destination)
        for path, content in before.items():
            if is_excluded(path, exclude, is_folder=False):
                assert after.get(path) == content, f"{path} is excluded"
            elif path in wanted and type(wanted[path]) is type(content):
                assert after.get(path) in {wanted[path], content}, f"{path} is in both"
            else:
                assert content in {after.get(path), aside.get(path)}, f"{path} is only here"
        # And nothing else is set aside.
        for path, content in aside.items():
            assert before[path] == content
            assert not (path in wanted and type(wanted[path]) is type(content))
        blocked = {os.fsdecode(path) for path in skipped}
        for path, content in wanted.items():
            parents = {path} | {path[:at] for at, sign in enumerate(path) if sign == "/"}
            if not parents & blocked and not is_excluded(path, exclude, is_folder=False):
                assert after.get(path) == content
        if mark and not blocked and not patterns:
            assert after == wanted
            assert folders(destination) == folders(source)

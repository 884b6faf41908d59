"""Patterns decide as git does: every path of a real tree is asked of `git check-ignore` and of `Exclude`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from asynctask_nas.exclude import Exclude
from asynctask_nas.glob import PatternInvalid

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed here")

NAMES = [
    *(b"a", b"b", b"ab", b"aab", b"a.b", b"1.log", b"2.log", b"d].log", b"notes.x", b"b.x", b"a.x", b"keep"),
    *(
        b"]",
        b"[",
        b"-",
        b"\\",
        b"!",
        b"!a",
        b"#a",
        b" ",
        b"a ",
        b"*",
        b"?",
        b"^",
        b":",
        b"A",
        b"\xc3\xa9",
        b"\t",
    ),
]
FOLDERS = [b"a", b"ab", b"b/a", b"b/b", b"a/a/b", b"ab/b/a"]


class Git:
    """A repository with the tree, and what git ignores in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.paths: dict[bytes, bool] = {}
        subprocess.run(["git", "init", "-q", "."], cwd=root, check=True, capture_output=True)
        base = os.fsencode(root)
        for folder in [b"", *FOLDERS]:
            for length in range(1, folder.count(b"/") + 2 if folder else 1):
                self.paths[b"/".join(folder.split(b"/")[:length])] = True
            os.makedirs(base + b"/" + folder, exist_ok=True)
        for folder in [b"", *self.paths]:
            for name in NAMES:
                path = folder + b"/" + name if folder else name
                if not os.path.lexists(base + b"/" + path):
                    with open(base + b"/" + path, "wb"):
                        self.paths[path] = False

    def ignored(self, patterns: Sequence[str]) -> set[bytes]:
        """The paths that git ignores under these patterns."""
        (self.root / ".git/info/exclude").write_bytes(
            b"".join(os.fsencode(pattern) + b"\n" for pattern in patterns)
        )
        done = subprocess.run(
            ["git", "-c", "core.ignoreCase=false", "check-ignore", "--no-index", "-z", "--stdin"],
            cwd=self.root,
            input=b"\0".join(b"./" + path for path in self.paths),  # a colon in front would be git's own
            capture_output=True,
            check=False,
        )
        assert done.returncode in {0, 1}, done.stderr
        return {path.removeprefix(b"./") for path in done.stdout.split(b"\0") if path}


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Git:
    return Git(tmp_path_factory.mktemp("git"))


def left_out(patterns: Sequence[str], paths: dict[bytes, bool]) -> set[bytes]:
    """What a backup leaves out, which does not look into a folder that it leaves out."""
    exclude, found = Exclude(patterns), set[bytes]()
    for path in sorted(paths, key=lambda one: one.count(b"/")):
        if path.rpartition(b"/")[0] in found or exclude.matches(path, is_folder=paths[path]):
            found.add(path)
    return found


pieces = st.sampled_from(
    [
        *(
            "a",
            "b",
            "ab",
            ".",
            "x",
            "log",
            "é",
            "\\",
            "/",
            "/",
            "*",
            "*",
            "**",
            "**/",
            "/**",
            "?",
            " ",
            "!",
            "#",
        ),
        *(
            "[",
            "]",
            "-",
            "^",
            ":",
            "[ab]",
            "[!a]",
            "[^b]",
            "[]",
            "[]-a]",
            "[a-",
            "[[:digit:]]",
            "[[:alpha:][]",
        ),
        *(
            "[![:alpha:]]",
            "[[:",
            ":]",
            "[[:nope:]]",
            "\\a",
            "\\*",
            "\\[",
            "\\]",
            "[\\]]",
            "[a\\-z]",
            "[a-\\]]",
        ),
        *("[b-a]", "[--a]", "[!-+]", "[a-[:alpha:]]", "[[:alpha:]-z]", "[/]", "[.-0]", "[\\", "[[:punct:]]"),
    ]
)
patterns = st.lists(pieces, min_size=1, max_size=6).map("".join)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wanted=st.lists(patterns, min_size=1, max_size=3))
@example(wanted=["[[:digit:]].log"])
@example(wanted=[r"[a\-z].x"])
@example(wanted=[r"[\]]"])
@example(wanted=[r"[a-\]]"])
@example(wanted=["a**/b", "!a/a/b"])
@example(wanted=["ab**"])
@example(wanted=["a/**/b", "**/a", "!**/a/*"])
@example(wanted=["**\\/a", "a/b**/a"])
@example(wanted=["a   ", r"\ ", r"\#a", r"\!a", "a\\\\ "])
@example(wanted=["*", "!a", "!a/", "!*.x"])
@example(wanted=["a//", "//a", "b//a"])
@example(wanted=["*\r"])
def test_what_is_left_out_is_what_git_ignores_unless_the_pattern_is_refused(
    git: Git, wanted: list[str]
) -> None:
    followed: list[str] = []
    for pattern in wanted:
        try:
            Exclude([pattern])
        except PatternInvalid:
            continue
        followed.append(pattern)
    assert left_out(followed, git.paths) == git.ignored(followed)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pattern=patterns)
def test_pattern_that_is_refused_is_one_that_git_never_matches(git: Git, pattern: str) -> None:
    try:
        Exclude([pattern])
    except PatternInvalid:
        assert git.ignored([pattern]) == set()

from __future__ import annotations

import pytest

from asynctask_nas.exclude import Exclude, is_reserved


@pytest.mark.parametrize(
    ("pattern", "path", "is_folder", "expected"),
    [
        ("*.tmp", b"a.tmp", False, True),
        ("*.tmp", b"deep/down/a.tmp", False, True),
        ("*.tmp", b"a.tmpx", False, False),
        ("/cache", b"cache", True, True),
        ("/cache", b"a/cache", True, False),
        ("a/b*.log", b"a/b1.log", False, True),
        ("a/b*.log", b"x/a/b1.log", False, False),
        ("a/*.log", b"a/b/c.log", False, False),
        ("build/", b"src/build", True, True),
        ("build/", b"src/build", False, False),
        ("**/logs/*.txt", b"logs/a.txt", False, True),
        ("**/logs/*.txt", b"x/y/logs/a.txt", False, True),
        ("data/**", b"data/x/y", False, True),
        ("data/**", b"data", True, False),
        ("a/**/b", b"a/b", False, True),
        ("a/**/b", b"a/x/y/b", False, True),
        ("a/**/b", b"ax/b", False, False),
        ("file?.[ch]", b"file1.c", False, True),
        ("file?.[!ch]", b"file1.c", False, False),
        ("[]x]", b"]", False, True),
        ("[a-c]", b"b", False, True),
        ("[!a]", b"/", False, False),
        (r"\*", b"*", False, True),
        (r"\*", b"x", False, False),
        ("a.b", b"aXb", False, False),
        ("line*", b"line\nbreak", False, True),
        ("\udce9t\udce9", b"\xe9t\xe9", False, True),
    ],
)
def test_patterns_match_as_in_gitignore(pattern: str, path: bytes, is_folder: bool, expected: bool) -> None:
    assert Exclude([pattern]).matches(path, is_folder=is_folder) is expected


def test_last_pattern_that_matches_decides() -> None:
    exclude = Exclude(["*.tmp", "!keep.tmp", "x/keep.tmp"])
    assert exclude.matches(b"a.tmp", is_folder=False)
    assert not exclude.matches(b"keep.tmp", is_folder=False)
    assert exclude.matches(b"x/keep.tmp", is_folder=False)


@pytest.mark.parametrize("pattern", ["", "/", "!", "[a", "[z-a]", "a\0b"])
def test_pattern_that_means_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|bracket"):
        Exclude([pattern])


def test_reserved_names_are_those_of_the_backup_itself() -> None:
    assert is_reserved(b".asynctask-removed")
    assert not is_reserved(b"a/.asynctask-removed")
    assert is_reserved(b"a/.asynctask-0123.part")
    assert not is_reserved(b"a/.asynctask-0123.part/b")

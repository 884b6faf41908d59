from __future__ import annotations

import pytest

from asynctask_nas import backup_file
from asynctask_nas.exclude import Exclude, is_reserved
from asynctask_nas.glob import PatternInvalid
from asynctask_scheduler.checks.schemas import Schemas


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


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "matches nothing"),
        ("  ", "matches nothing"),
        ("/", "matches nothing"),
        ("!", "matches nothing"),
        ("!/ ", "matches nothing"),
        ("a\0b", "NUL"),
        ("[a", "does not close"),
        ("[]", "does not close"),
        (r"[a-\]", "does not close"),
        ("[[:digit:]", "does not close"),
        ("a/[[:nope:]]", r"character class 'nope'; there are alnum, .* xdigit"),
        ("a\\", "ends with a backslash"),
        ("#recycle", r"is a comment; .* \\#"),
    ],
)
def test_pattern_that_matches_nothing_is_refused_with_the_reason_and_at_submit(
    pattern: str, said: str
) -> None:
    with pytest.raises(PatternInvalid, match=said):
        Exclude([pattern])
    config = {"source_path": "/a", "destination_path": "/b", "exclude": ["*.tmp", pattern]}
    assert [one.field for one in Schemas().violations(backup_file.to_proto(), config)] == [
        "task_config.exclude[1]"
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        *("*.tmp", "!keep.tmp", "/cache", "build/", "**/a/**", "a b ", r"\ ", r"\#recycle", r"\!a", "a#"),
        *(
            "[[:digit:]].log",
            r"[a\-z].x",
            r"[\]]",
            r"[a-\]]",
            "[]x]",
            "[!]x]",
            "[^]x]",
            "[[:alpha:][]",
            "[[:x]",
            "]",
        ),
        *("line\nbreak", "\udce9t\udce9", "[z-a]", "-", "[a-]", "!!a", "!#a", "a//"),
    ],
)
def test_pattern_that_can_be_followed_passes_at_submit(pattern: str) -> None:
    Exclude([pattern])
    config = {"source_path": "/a", "destination_path": "/b", "exclude": [pattern]}
    assert Schemas().violations(backup_file.to_proto(), config) == []


def test_no_pattern_takes_for_ever() -> None:
    """Fails, by never ending, when places are tried in every combination."""
    name = b"a" * 255
    assert not Exclude(["*a" * 60 + "b"]).matches(name, is_folder=False)
    deep = b"/".join([b"a"] * 1000)
    assert not Exclude(["**/a/" * 60 + "b"]).matches(deep, is_folder=False)
    assert not Exclude(["a**/" + "*a*/**/" * 30 + "b"]).matches(deep, is_folder=False)


def test_reserved_names_are_those_of_the_backup_itself() -> None:
    assert is_reserved(b".asynctask-removed")
    assert not is_reserved(b"a/.asynctask-removed")
    assert is_reserved(b"a/.asynctask-0123.part")
    assert not is_reserved(b"a/.asynctask-0123.part/b")

r"""Decides which paths a backup leaves out: patterns exactly as in a `.gitignore` file (`asynctask_nas.glob`).

- `*.tmp` without a slash matches the name at any depth; with a slash in front or within, `/cache` or `a/b*.log`, it
  is anchored at the source folder.
- `*` and `?` match within one name, `[a-z]`, `[!a-z]` and `[[:digit:]]` one character, `**` any number of folders;
  `\` takes the next character as it is.
- A slash at the end, `build/`, matches folders only. What lies in an excluded folder is excluded with it.
- `!keep.tmp` takes back what an earlier pattern excluded: the last pattern that matches decides.
- Spaces at the end do not count, unless a backslash stands before them.

A pattern that can match nothing is refused, and so is a comment: a user who writes `#recycle` wants to exclude that
name, but git reads a comment. `\#recycle` matches the name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from asynctask_nas.glob import PatternInvalid, name_expression, path_expression

REMOVED = b".asynctask-removed"
"""Folder at the top of a destination where marked and displaced entries are kept; no part of any backup."""
STATE = b".asynctask-backup"
"""Folder at the top of a destination where backups keep their records of it; no part of any backup."""
LOST = b"lost+found"
"""Folder at the top of some file systems that belongs to the file system itself."""
SYSTEMS_OWN = frozenset(
    name.lower()
    for name in (
        *(LOST, b"System Volume Information", b"$RECYCLE.BIN", b"RECYCLER", b"desktop.ini", b"Thumbs.db"),
        *(b".DS_Store", b".Trashes", b".fseventsd", b".Spotlight-V100", b".DocumentRevisions-V100"),
        *(b".TemporaryItems", b".VolumeIcon.icns", b".apdisk", b"@eaDir", b"#recycle", b"@Recycle", b"@tmp"),
        *(b".Trash", b".snapshot", b".snapshots", b".zfs", b"aquota.user", b"aquota.group"),
    )
)
"""Names at the top of a file system, in lower case, that systems put there by themselves."""
PART_PREFIX = b".asynctask-"
PART_SUFFIX = b".part"
_PART = re.compile(rb"\.asynctask-(?:[0-9a-f]+|[0-9a-z_]{8}(?:-link)?)\.part")
"""Names of our unfinished files and trial files; other names with this prefix belong to users."""


def is_part(path: bytes) -> bool:
    """Tell whether a name is one that unfinished files have."""
    # Called several times for every entry; this first test decides for nearly all.
    return PART_PREFIX in path and _PART.fullmatch(path.rpartition(b"/")[2]) is not None


def is_reserved(path: bytes) -> bool:
    """Tell whether a name is kept for the backup itself: unfinished files, and two folders at the top."""
    return path in {REMOVED, STATE} or is_part(path)


def is_systems_own(path: bytes) -> bool:
    """Tell whether an entry is not a user's: a file system that has only such entries counts as empty."""
    top = path.partition(b"/")[0].lower()
    return top in SYSTEMS_OWN or top.startswith((PART_PREFIX, b".trash-"))


class Exclude:
    """Decides for one path at a time; relative paths as bytes, without a slash in front.

    Raises:
        PatternInvalid: a pattern can match nothing; the text names it and says why.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._rules = [_rule(pattern) for pattern in patterns]

    def matches(self, path: bytes, *, is_folder: bool) -> bool:
        """Tell whether `path` itself is excluded; callers check its parents before it."""
        name = path.rpartition(b"/")[2]
        for keeps, folders_only, is_name, expression in reversed(self._rules):
            if (is_folder or not folders_only) and expression.fullmatch(name if is_name else path):
                return not keeps
        return False

    def __bool__(self) -> bool:
        return bool(self._rules)


def _rule(pattern: str) -> tuple[bool, bool, bool, re.Pattern[bytes]]:
    """Whether it includes again, whether it is for folders only, whether for the name alone, and its expression."""
    if "\0" in pattern:
        raise PatternInvalid("a pattern must not contain a NUL character")
    text = _trimmed(os.fsencode(pattern).removesuffix(b"\r"))
    if text.startswith(b"#"):
        raise PatternInvalid(
            f"the pattern {pattern!r} is a comment; a name that begins with # is written \\#"
        )
    keeps = text.startswith(b"!")
    text = text.removeprefix(b"!")
    folders_only = text.endswith(b"/")
    text = text.removesuffix(b"/")
    if not text:
        raise PatternInvalid(f"the pattern {pattern!r} matches nothing")
    try:
        if b"/" not in text:
            return keeps, folders_only, True, name_expression(text)
        return keeps, folders_only, False, path_expression(text.removeprefix(b"/"))
    except PatternInvalid as error:
        raise PatternInvalid(f"the pattern {pattern!r} {error}") from None


def _trimmed(text: bytes) -> bytes:
    """Without the spaces at the end, but for those that a backslash keeps."""
    end = at = 0
    while at < len(text):
        is_escape = text[at : at + 1] == b"\\"
        at += 2 if is_escape else 1
        if is_escape or text[at - 1 : at] != b" ":
            end = at
    return text[:end]

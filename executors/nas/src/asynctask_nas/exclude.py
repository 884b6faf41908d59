r"""Which paths a backup leaves out: patterns in the manner of gitignore.

- `*.tmp` without a slash matches the name at any depth; with a slash in front or within, `/cache` or `a/b*.log`, it
  is anchored at the source folder.
- `*` and `?` match within one name, `[a-z]` and `[!a-z]` one character, `**` any number of folders; `\` takes the
  next character as it is.
- A slash at the end, `build/`, matches folders only. What lies in an excluded folder is excluded with it.
- `!keep.tmp` takes back what an earlier pattern excluded: the last pattern that matches decides.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

REMOVED = b".asynctask-removed"
"""Folder at the top of a destination where marked and displaced entries are kept; no part of any backup."""
STATE = b".asynctask-backup"
"""Folder at the top of a destination where backups keep what they know of it; no part of any backup."""
PART_PREFIX = b".asynctask-"
PART_SUFFIX = b".part"
_PART = re.compile(rb"\.asynctask-(?:[0-9a-f]+|[0-9a-z_]{8}(?:-link)?)\.part")
"""What we call unfinished files, and files to try a destination with; another name with this start is a user's own."""


def is_part(path: bytes) -> bool:
    """Tell whether a name is one that unfinished files have."""
    return _PART.fullmatch(path.rpartition(b"/")[2]) is not None


def is_reserved(path: bytes) -> bool:
    """Tell whether a name is kept for the backup itself: unfinished files, and two folders at the top."""
    return path in {REMOVED, STATE} or is_part(path)


class Exclude:
    """Decides for one path at a time; relative paths as bytes, without a slash in front.

    Raises:
        ValueError: a pattern is empty, or its brackets do not close.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._rules = [_rule(pattern) for pattern in patterns]

    def matches(self, path: bytes, *, is_folder: bool) -> bool:
        """Tell whether `path` itself is excluded; its parents are asked before it."""
        for keeps, folders_only, regex in reversed(self._rules):
            if (is_folder or not folders_only) and regex.fullmatch(path):
                return not keeps
        return False

    def __bool__(self) -> bool:
        return bool(self._rules)


def _rule(pattern: str) -> tuple[bool, bool, re.Pattern[bytes]]:
    if "\0" in pattern:
        raise ValueError("a pattern must not contain a NUL character")
    text = os.fsencode(pattern)
    keeps = text.startswith(b"!")
    text = text.removeprefix(b"!")
    folders_only = text.endswith(b"/")
    text = text.rstrip(b"/")
    if not text:
        raise ValueError(f"the pattern {pattern!r} matches nothing")
    anchored = b"/" in text
    regex = _translate(text.lstrip(b"/"))
    return keeps, folders_only, re.compile(regex if anchored else rb"(?:.*/)?" + regex, re.DOTALL)


def _translate(text: bytes) -> bytes:
    """Write a pattern as a regular expression over a whole path."""
    out = bytearray()
    at = 0
    while at < len(text):
        if text.startswith(b"**/", at) and (at == 0 or text[at - 1 : at] == b"/"):
            out += rb"(?:.*/)?"
            at += 3
        elif text[at:] == b"**" and text[at - 1 : at] in {b"/", b""}:
            out += rb".+"
            at += 2
        elif text[at : at + 1] == b"*":
            out += rb"[^/]*"
            at += 1
        elif text[at : at + 1] == b"?":
            out += rb"[^/]"
            at += 1
        elif text[at : at + 1] == b"[":
            piece, at = _bracket(text, at)
            out += piece
        else:
            at += text[at : at + 1] == b"\\" and at + 1 < len(text)
            out += re.escape(text[at : at + 1])
            at += 1
    return bytes(out)


def _bracket(text: bytes, start: int) -> tuple[bytes, int]:
    """Translate `[...]` from `start`; answers the expression and where it ends."""
    first = start + 1 + (text[start + 1 : start + 2] in {b"!", b"^"})
    # A bracket right at the front is a member, not the end.
    end = text.find(b"]", first + 1)
    if end < 0:
        raise ValueError(f"{os.fsdecode(text)!r} has a bracket that does not close")
    members = re.sub(rb"([\\\[\]^&~|])", rb"\\\1", text[first:end])
    negated = b"^" if first > start + 1 else b""
    try:
        expression = b"(?!/)[" + negated + members + b"]"
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"{os.fsdecode(text)!r} has a bracket that means nothing: {error}") from None
    return expression, end + 1

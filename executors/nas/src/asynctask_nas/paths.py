"""Relative paths within a root: bytes, without a slash in front."""

from __future__ import annotations

ROOT = b"."
"""Path of the two folders themselves; no entry can have this name."""
NO_NAMES = frozenset({b"", b".", b".."})
"""Parts of a path that are not names: a path with one leads elsewhere."""


def join(folder: bytes, path: bytes) -> bytes:
    """The full path of `path` in `folder`."""
    return folder if path == ROOT else folder + b"/" + path


def parent(path: bytes) -> bytes:
    """The folder that `path` is in."""
    return path.rpartition(b"/")[0] or ROOT


def is_inside(path: bytes) -> bool:
    """Tell whether a path stays below its root: relative, without `.`, `..` or an empty name."""
    return b"\0" not in path and not NO_NAMES.intersection(path.split(b"/"))

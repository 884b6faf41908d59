"""Relative paths within a root: bytes, without a slash in front."""

from __future__ import annotations

ROOT = b"."
"""Path of the two folders themselves; no entry can have this name."""


def join(folder: bytes, path: bytes) -> bytes:
    """The full path of `path` in `folder`."""
    return folder if path == ROOT else folder + b"/" + path


def parent(path: bytes) -> bytes:
    """The folder that `path` is in."""
    return path.rpartition(b"/")[0] or ROOT

"""Checks mounts on systems that do not report them (no /proc): only mounts that an earlier backup knew.

There a mount shows by its device number, which does not reveal bind mounts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_to_bytes

from asynctask_nas.identity import FolderIdentity
from asynctask_nas.paths import join


def still_mounted(root: bytes, known: Mapping[str, FolderIdentity]) -> dict[str, FolderIdentity]:
    """Those of `known` (by percent-encoded path relative to `root`) that are mounted now."""
    return {place: one for place, one in known.items() if is_mounted(root, unquote_to_bytes(place))}


def is_mounted(root: bytes, place: bytes) -> bool:
    """Tell whether something is mounted at a place inside `root`."""
    return os.path.ismount(join(root, place))


def devices(root: bytes, places: Iterable[str]) -> tuple[int, ...]:
    """The devices of the places inside `root`: equal as long as nothing is unmounted.

    Raises:
        OSError: a place is not there.
    """
    return tuple(os.stat(join(root, unquote_to_bytes(place))).st_dev for place in places)

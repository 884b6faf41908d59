"""File systems that are mounted on demand: unmounted after some idle minutes, and mounted again at an access."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping

from asynctask_nas.mounts import Mount
from asynctask_nas.paths import ROOT, join, parent

KIND = "autofs"


def wake(root: bytes, expected: Iterable[bytes], inside: Mapping[bytes, Mount]) -> bool:
    """Access each expected place below `root` that is not mounted, so that it is; True if there was any."""
    missing = {place for place in expected if not is_mounted(place, inside)}
    for place in missing:
        with contextlib.suppress(OSError):
            os.stat(join(root, place) + b"/.")
    return bool(missing)


def is_mounted(place: bytes, inside: Mapping[bytes, Mount]) -> bool:
    """Tell whether something is mounted at `place`, other than the automounter itself."""
    return place in inside and inside[place].kind != KIND


def is_on_demand(place: bytes, inside: Mapping[bytes, Mount]) -> bool:
    """Tell whether an automounter would mount something at `place`, where nothing is mounted now.

    `inside` is what is mounted inside the root.
    """
    while place != ROOT:
        if place in inside:
            return inside[place].kind == KIND
        place = parent(place)
    return False

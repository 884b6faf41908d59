"""What is mounted on demand: it is gone after some idle minutes, and back once somebody looks."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping

from asynctask_nas.mounts import Mount
from asynctask_nas.paths import ROOT, join, parent

KIND = "autofs"


def wake(root: bytes, expected: Iterable[bytes], inside: Mapping[bytes, Mount]) -> bool:
    """Look at what is expected below `root` and is not mounted; answers whether there was anything to look at."""
    missing = {place for place in expected if not is_mounted(place, inside)}
    for place in missing:
        with contextlib.suppress(OSError):
            os.stat(join(root, place) + b"/.")
    return bool(missing)


def is_mounted(place: bytes, inside: Mapping[bytes, Mount]) -> bool:
    """Tell whether something is mounted at `place`, other than what waits there for somebody to look."""
    return place in inside and inside[place].kind != KIND


def is_on_demand(place: bytes, inside: Mapping[bytes, Mount]) -> bool:
    """Tell whether an automounter would mount something at `place`, which is not mounted now.

    `inside` is what is mounted inside the root.
    """
    while place != ROOT:
        if place in inside:
            return inside[place].kind == KIND
        place = parent(place)
    return False

"""This machine's record of destinations, in addition to the markers in the destinations themselves.

If a destination is not mounted, its marker is not visible either. So each machine that runs backups notes in its user's
home which file system a destination was on. A backup that finds a bare mount point waits, even if it is a new task.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict
from pathlib import Path

import xxhash

from asynctask import Postpone
from asynctask_nas import mounts
from asynctask_nas.exclude import STATE
from asynctask_nas.identity import FolderIdentity, identify
from asynctask_nas.paths import join
from asynctask_nas.words import printable

FOLDER = Path("~/.local/state/asynctask/backups")
_LARGEST = 1 << 16
_MOST = 1000
"""Most destinations that are remembered; with more, the oldest is forgotten."""


def remember(destination: bytes, found: FolderIdentity) -> None:
    """Note which folder a destination is. A home that cannot be written to is no failure, since this is optional."""
    place = _place(destination)
    if place is None or _known(place) == found:
        return
    with contextlib.suppress(OSError):
        if found.mount_point == "/":
            place.unlink(missing_ok=True)  # the root file system cannot be unmounted
            return
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = place.with_suffix(f".{os.getpid()}.new")
        made.write_text(json.dumps(asdict(found)), encoding="utf-8")
        made.replace(place)
        notes = sorted(place.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)
        for old in notes[:-_MOST]:
            old.unlink(missing_ok=True)


def miss(destination: bytes, *, after: str, reason: str) -> None:
    """Check that a destination without a marker is not the bare folder of a mount point.

    Raises:
        Postpone: it is, so the destination is not mounted.
    """
    place = _place(destination)
    known = None if place is None else _known(place)
    if known is None or os.path.isdir(join(destination, STATE)):
        return
    here = destination
    while not os.path.isdir(here):
        here = os.path.dirname(here)
    descriptor = os.open(here, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        now = identify(here, descriptor, mounts.read(mounts.table()))
    finally:
        os.close(descriptor)
    if known.is_unmounted(now):
        state = printable(join(destination, STATE))
        raise Postpone(
            f"the destination '{printable(destination)}' was {known.words} in an earlier backup, and is not now; is it "
            f"still mounted? It is tried again every 30 s; if a new copy is to begin there, make the folder '{state}'",
            after=after,
            reason=reason,
        )


def _place(destination: bytes) -> Path | None:
    with contextlib.suppress(RuntimeError):
        return FOLDER.expanduser() / f"{xxhash.xxh3_64_hexdigest(os.path.normpath(destination))}.json"
    return None


def _known(place: Path) -> FolderIdentity | None:
    try:
        with place.open("rb") as file:
            return FolderIdentity(**json.loads(file.read(_LARGEST)))
    except (OSError, ValueError, TypeError):
        return None

"""The errors when a root is not mounted any more, or is another folder than before."""

from __future__ import annotations

from asynctask import Postpone
from asynctask_core.errors import SourceReplaced
from asynctask_nas.identity import FolderIdentity
from asynctask_nas.words import printable

AFTER = "30s"
"""Delay before the next attempt when something is not mounted."""
NOT_MOUNTED = "NOT_MOUNTED"
GONE = "it is gone for good"
MEANT = "the new one is meant"


def unlike(
    what: str, path: bytes, was: FolderIdentity, now: FolderIdentity, how: str
) -> Postpone | SourceReplaced:
    """The error for a root that is not mounted now, or is another folder; `how` tells people how to go on anyway."""
    said = f"the {what} '{printable(path)}' was {was.words}, and is {now.words} now"
    if was.words == now.words:
        again = "it was made anew, or another one has its name now"
        said = f"the {what} '{printable(path)}' ({was.words}) is not the folder that it was: {again}"
    is_missing = was.is_unmounted(now) and (was.path == now.path or what == "destination")
    if is_missing or what == "destination":
        return Postpone(
            f"{said}; is it still mounted? It is tried again every 30 s{_when(GONE, how)}",
            after=AFTER,
            reason=NOT_MOUNTED,
        )
    return SourceReplaced(f"{said}: nothing was copied or marked{_when(MEANT, how)}")


def gone(path: str, error: OSError) -> Postpone:
    """The error for a root that cannot be opened any more."""
    said = f"'{path}' is not there any more ({error.strerror}); is it still mounted? It is tried again every 30 s"
    return Postpone(said, after=AFTER, reason=NOT_MOUNTED)


def gone_inside(what: str, place: bytes, was: FolderIdentity, how: str) -> Postpone:
    """The error for a lost mount inside a root, at the full path `place`; `how` says how to go on without it."""
    said = f"'{printable(place)}' inside the {what} was {was.words}; is it still mounted?"
    return Postpone(f"{said} It is tried again every 30 s{_when(GONE, how)}", after=AFTER, reason=NOT_MOUNTED)


def _when(condition: str, how: str) -> str:
    return f"; if {condition}, {how}" if how else ""

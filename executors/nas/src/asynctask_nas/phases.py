"""The phases in which changes are made, and the folders that they touch; for `asynctask_nas.order`."""

from __future__ import annotations

from collections.abc import Iterable

from asynctask_nas.changes import Action, Change
from asynctask_nas.paths import ROOT, parent

PHASES = {
    Action.COPY: 1,
    Action.SYMLINK: 1,
    Action.LINK: 2,
    Action.ATTRIBUTES: 3,
    Action.MARK: 4,
    Action.CLEAN: 4,
    Action.SKIP: 4,
    Action.FOLDER: 5,
}
"""The phase of each action. Entries that cannot be copied are checked again near the end."""
_FIRST = PHASES[Action.COPY], 0
_COPY = Action.COPY  # access to a member of an enumeration is a slow call
_LEAVES_FOLDER = frozenset({Action.SAME, Action.ATTRIBUTES, Action.SKIP})


def step_of(change: Change) -> tuple[int, int]:
    """The phase of a change, and for folders the level within the phase."""
    action = change.action
    if action is _COPY:
        return _FIRST
    return PHASES[action], -depth(change.path) if action is Action.FOLDER else 0


def depth(path: bytes) -> int:
    """How many folders an entry is in; -1 for the root itself."""
    return -1 if path == ROOT else path.count(b"/")


def touched_by(changes: Iterable[Change]) -> set[bytes]:
    """The folders in which the changes make, rename or remove something; their times are set again afterwards."""
    found: set[bytes] = set()
    for one in changes:
        action = one.action
        if action is _COPY and not one.displaces:
            found.add(one.path.rpartition(b"/")[0] or ROOT)
            continue
        if one.path != ROOT and (action not in _LEAVES_FOLDER or one.spelled):
            found.add(parent(one.path))
        if action is Action.MARK or one.displaces:
            found.add(ROOT)  # where the removed folder may have to be made
    return found

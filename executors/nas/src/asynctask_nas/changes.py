"""One change that a backup has to make, and its form in the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from asynctask_nas.small import SMALL_BYTES


class Action(StrEnum):
    """What to do at a path; the values are what people read in the manifest."""

    COPY = "copy"
    """Copy a regular file."""
    SYMLINK = "symlink"
    """Make a symbolic link."""
    LINK = "link"
    """Make a hard link to `leader`, which is in the backup by then."""
    ATTRIBUTES = "attributes"
    """Set owner, mode and extended attributes; the content is the same."""
    MARK = "mark"
    """Move an entry that only the destination has into its removed folder."""
    CLEAN = "clean"
    """Delete a temporary file that an earlier task left behind."""
    FOLDER = "folder"
    """Make the folder if needed, and set its attributes."""
    SAME = "same"
    """Nothing to do: one of several names of a file or symbolic link, listed so that others can be linked to it."""
    SKIP = "skip"
    """It cannot be copied, for `reason`; the transfer checks it once more."""


class Change(NamedTuple):
    """One entry of the list. Sizes are bytes, times nanoseconds since the epoch."""

    path: bytes
    action: Action
    size: int = 0
    """Bytes of content that have to be copied: the file's size without its holes."""
    holes: int = 0
    """Bytes of holes in the file, which are neither read nor written."""
    mtime_ns: int = 0
    """The source's modification time at the comparison."""
    is_new: bool = True
    """True if the destination has nothing there."""
    allocated: int = 0
    """Bytes of storage that the copy takes."""
    frees: int = 0
    """Bytes of storage that are freed once the copy has replaced the older one."""
    inode: tuple[int, int] | None = None
    """Device and inode of a source file or symbolic link with several names."""
    existing: tuple[int, int] | None = None
    """Device and inode of its copy, if there is one. The device is 0 if an older version wrote the change."""
    leader: bytes | None = None
    """With LINK: the path to link to."""
    spelled: bytes = b""
    """The destination's spelling of the path's last name, if that is to change."""
    may_be_same: bool = False
    """With COPY: size is the same, and time except for the time zone, so the contents decide."""
    renews: bool = False
    """With COPY: the existing copy may not be on storage, under any of its names; all of them get the new copy.

    With LINK: the existing entry is replaced by a link to that new copy.
    """
    shares: int = 0
    """With COPY: only attributes differ, and the existing copy has this many names."""
    reason: str = ""
    """With SKIP: why."""
    displaces: int = 0
    """How many entries move away because the destination has another kind there: that entry and all in it."""

    @property
    def length(self) -> int:
        """The file's size, with its holes."""
        return self.size + self.holes

    @property
    def is_plain(self) -> bool:
        """True for the copy of a new file without holes or further names, which most changes are."""
        if type(self) is _PlainChange:
            return True
        return self.action is _COPY and self.is_new and not self.holes and self[_USUAL:] == _PLAIN

    @property
    def goes_first(self) -> bool:
        """True for small plain changes: their place in the order does not depend on other changes."""
        return self.size <= SMALL_BYTES and (type(self) is _PlainChange or self.is_plain)

    def data(self) -> dict[str, Any]:
        """The manifest item's data, besides key and size, without default values."""
        found = self.planned()
        if self.allocated:
            found["allocated"] = self.allocated
        if self.frees:
            found["frees"] = self.frees
        return found

    def planned(self) -> dict[str, Any]:
        """The same without the storage that it takes, which is not needed after the check for space."""
        if self.is_plain:
            return {"action": "copy", "mtime_ns": self.mtime_ns} if self.mtime_ns else {"action": "copy"}
        found: dict[str, Any] = {"action": self.action.value}
        if self.mtime_ns:
            found["mtime_ns"] = self.mtime_ns
        if not self.is_new:
            found["is_new"] = False
        for name in ("holes", "shares", "reason", "displaces"):
            if value := getattr(self, name):
                found[name] = value
        for name in ("inode", "existing"):
            if pair := getattr(self, name):
                found[name] = list(pair)
        if self.spelled:
            found["spelled"] = quote_from_bytes(self.spelled)
        for name in ("may_be_same", "renews"):
            if getattr(self, name):
                found[name] = True
        if self.leader is not None:
            found["leader"] = quote_from_bytes(self.leader)
        return found


_COPY = Action.COPY  # in Python 3.11 access to a member of an enumeration is a slow call
_USUAL = Change._fields.index("frees")
_PLAIN = Change(b"", Action.COPY)[_USUAL:]
"""The values of the fields from `frees` on in a plain change."""
_new: Any = tuple[Any].__new__


class _PlainChange(Change):
    """A change known to be plain, since `is_plain` is read several times per change."""

    __slots__ = ()
    # `_replace` may make a change that is not plain, so it makes a `Change`.
    _make = Change._make  # pyright: ignore[reportAssignmentType]


def plain_change(path: bytes, size: int, mtime_ns: int, allocated: int = 0) -> Change:
    """The copy of a plain new file (`Change.is_plain`)."""
    # Not by the constructor: that of a named tuple is a Python function, and takes eight times as long.
    first = (path, _COPY, size, 0, mtime_ns, True, allocated)
    return _new(_PlainChange, first + _PLAIN)


def change_of(path: bytes, size: int, data: Mapping[str, Any]) -> Change:
    """Read a change back from a manifest item."""
    action = data["action"]
    if action == "copy":
        # A plain change has no other fields in the manifest.
        if len(data) == 2 and "mtime_ns" in data:
            return plain_change(path, size, data["mtime_ns"])
        if len(data) == 3 and "mtime_ns" in data and "allocated" in data:
            return plain_change(path, size, data["mtime_ns"], data["allocated"])
    inode, leader, existing = data.get("inode"), data.get("leader"), data.get("existing")
    if isinstance(existing, int):
        existing = 0, existing  # a task that began with a version that kept no device
    return Change(
        path=path,
        action=Action(action),
        size=size,
        mtime_ns=data.get("mtime_ns", 0),
        is_new=data.get("is_new", True),
        holes=data.get("holes", 0),
        allocated=data.get("allocated", 0),
        frees=data.get("frees", 0),
        inode=(inode[0], inode[1]) if inode else None,
        existing=(existing[0], existing[1]) if existing else None,
        leader=None if leader is None else unquote_to_bytes(leader),
        spelled=unquote_to_bytes(data.get("spelled", "")),
        may_be_same=data.get("may_be_same", False),
        renews=data.get("renews", False),
        shares=data.get("shares", 0),
        reason=data.get("reason", ""),
        displaces=int(data.get("displaces", 0)),  # an older version wrote no number
    )

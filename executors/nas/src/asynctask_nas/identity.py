"""Records which folder of which file system a path led to, to distinguish an empty mount point from an empty folder.

It must still match after a remount or a restart of the machine. So it compares only stable facts: the file system's own
id if it has one, otherwise the mounted device; and in it the folder's inode if inodes are stable, otherwise its place.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

import xxhash

from asynctask_nas import mounts
from asynctask_nas.mounts import Mount
from asynctask_nas.words import printable

_KEEPS_ID = frozenset({"ext2", "ext3", "ext4", "btrfs", "zfs", "bcachefs"})
"""Kinds whose `f_fsid` comes from the file system itself, not from the device's number or the moment of mounting."""
_KEEPS_INODES = _KEEPS_ID | {"xfs", "f2fs", "nfs", "nfs4", "ntfs3", "jfs", "ceph", "apfs", "hfs", "ufs", ""}
"""Kinds whose inode numbers are the same after a remount; "" is for systems that do not report kinds."""
_FAMILIES = {"ext2": "ext", "ext3": "ext", "ext4": "ext", "nfs4": "nfs", "smb3": "cifs", "fuseblk": "fuse"}
_UUIDS = "/dev/disk/by-uuid"


@dataclass(frozen=True)
class FolderIdentity:
    """Facts by which a folder can be recognised later. Paths are percent-encoded."""

    path: str
    mount_point: str
    file_system: str = ""
    """Id of the file system; empty if it has no stable one."""
    device: str = ""
    kind: str = ""
    inside: str = ""
    """Place within the file system."""
    inode: int = 0
    """0 if inode numbers are not stable."""

    @property
    def place(self) -> bytes:
        """The path."""
        return unquote_to_bytes(self.path)

    @property
    def key(self) -> str:
        """The same text for the same folder, independent of its mount point."""
        system = self.file_system or f"{_FAMILIES.get(self.kind, self.kind)}:{self.device}"
        return f"{system}|{self.inode or self.inside}"

    def is_same(self, other: FolderIdentity) -> bool:
        """Tell whether both are one folder. Facts that one of them lacks are not compared."""
        return self.is_same_system(other) and (
            self.inode == other.inode if self.inode and other.inode else self.inside == other.inside
        )

    def is_same_system(self, other: FolderIdentity) -> bool:
        """Tell whether both are on one file system."""
        if self.file_system and other.file_system:
            return self.file_system == other.file_system
        if not (self.kind or self.device) or not (other.kind or other.device):
            return True  # one of them was recorded on a system that does not report mounts
        family, theirs = (_FAMILIES.get(one.kind, one.kind) for one in (self, other))
        return (family, self.device) == (theirs, other.device)

    def is_unmounted(self, now: FolderIdentity) -> bool:
        """Tell whether `now` is only the folder below the mount point of this one, which is not mounted now."""
        point, under = unquote_to_bytes(self.mount_point), unquote_to_bytes(now.mount_point)
        return now.kind == "autofs" or (
            point != under and (point + b"/").startswith(under.rstrip(b"/") + b"/")
        )

    @property
    def words(self) -> str:
        """What it is, for people: `'/2026' of /dev/sdb1 (ext4), mounted at '/mnt/photos'`."""
        where = (
            f"{printable(self.device.encode('utf-8', 'surrogateescape'))} ({self.kind})"
            if self.kind
            else "its disk"
        )
        folder = f"'{printable(unquote_to_bytes(self.inside))}'"
        return f"{folder} of {where}, mounted at '{printable(unquote_to_bytes(self.mount_point))}'"


def identify(path: bytes, descriptor: int, table: list[Mount]) -> FolderIdentity:
    """Record the open folder `descriptor`, which `path` led to."""
    real = os.path.realpath(path)
    mount = mounts.holding(table, descriptor)
    if mount is None:
        point = real
        while not os.path.ismount(point):
            point = os.path.dirname(point)
        inside = real[len(point.rstrip(b"/")) :] or b"/"
        return FolderIdentity(
            _text(path), _text(point), inside=_text(inside), inode=os.fstat(descriptor).st_ino
        )
    below = real[len(mount.point.rstrip(b"/")) :] if _is_below(real, mount.point) else b""
    return _identity(path, mount, mount.root.rstrip(b"/") + below, descriptor)


def mounted_inside(path: bytes, descriptor: int, table: list[Mount]) -> dict[bytes, Mount]:
    """What is mounted inside the open folder `descriptor`, which `path` led to, by relative path."""
    holder = mounts.holding(table, descriptor)
    return mounts.inside(table, holder, os.path.realpath(path)) if holder else {}


def identify_mount(mount: Mount) -> FolderIdentity:
    """Record a file system that is mounted inside a root."""
    try:
        descriptor = os.open(mount.point, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return FolderIdentity(
            *(_text(mount.point), _text(mount.point)),
            device=_device(mount),
            kind=mount.kind,
            inside=_text(mount.root),
        )
    try:
        return _identity(mount.point, mount, mount.root, descriptor)
    finally:
        os.close(descriptor)


def fingerprint(source: FolderIdentity, inside: dict[str, FolderIdentity]) -> str:
    """Eight hexadecimal digits for a source and the mounts in it, with which people accept exactly that source."""
    parts = [source.key, *(f"{path}={one.key}" for path, one in sorted(inside.items()))]
    return xxhash.xxh3_64_hexdigest("\n".join(parts).encode("utf-8", "surrogateescape"))[:8]


def _identity(path: bytes, mount: Mount, inside: bytes, descriptor: int) -> FolderIdentity:
    keeps_inode = mount.kind in _KEEPS_INODES
    return FolderIdentity(
        path=_text(path),
        mount_point=_text(mount.point),
        file_system=_file_system(mount, descriptor),
        device=_device(mount),
        kind=mount.kind,
        inside=_text(inside or b"/"),
        inode=os.fstat(descriptor).st_ino if keeps_inode else 0,
    )


def _file_system(mount: Mount, descriptor: int) -> str:
    if mount.kind in _KEEPS_ID:
        return f"fsid:{os.fstatvfs(descriptor).f_fsid & (1 << 64) - 1:016x}"
    if not mount.device.startswith("/dev/"):
        return ""
    device = os.path.realpath(mount.device)
    try:
        names = sorted(os.listdir(_UUIDS))
    except OSError:
        return ""
    return next((f"uuid:{name}" for name in names if os.path.realpath(f"{_UUIDS}/{name}") == device), "")


def _device(mount: Mount) -> str:
    """The mounted device. A loop device has another number at each mount, so its backing file is used instead."""
    if mount.device.startswith("/dev/loop"):
        name = os.path.basename(mount.device)
        try:
            with open(
                f"/sys/class/block/{name}/loop/backing_file", encoding="utf-8", errors="surrogateescape"
            ) as file:
                return file.read().strip()
        except OSError:
            pass
    return mount.device


def _is_below(path: bytes, folder: bytes) -> bool:
    return path == folder or path.startswith(folder.rstrip(b"/") + b"/")


def _text(path: bytes) -> str:
    return quote_from_bytes(path)

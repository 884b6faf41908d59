"""Finds out what a destination can keep, by trying it in a temporary folder. A comparison ignores everything else.

Otherwise every run would find changes. Some limits do not show at once: exFAT through FUSE keeps an exact time in
memory, but on storage only steps of 2 s, from 1980 on, in local time. So a file system that otherwise behaves like FAT
is treated like FAT in its times too.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager

from asynctask_nas.exclude import PART_PREFIX, PART_SUFFIX, STATE, is_part
from asynctask_nas.holds import NEVER_NS, Holds
from asynctask_nas.mounts import holding, read, table
from asynctask_nas.names import name_rules
from asynctask_nas.paths import ROOT
from asynctask_nas.refused import may_change
from asynctask_nas.tree import Tree, held

_GRAINS_NS = (1, 100, 1_000, 1_000_000, 10_000_000, 1_000_000_000, 2_000_000_000)
"""Steps in which file systems keep times, from ext4 to FAT."""
_S = 10**9
_ODD_NS = 123_456_789
_EARLY_S = (-(2**31), 0, 315_532_800 + 2 * 86_400)
"""First times of file systems, in seconds: 1901 (and before), 1970, 1980 plus a margin for time zones."""
_LATE_S = (15_032_385_535, 4_354_819_199 - 2 * 86_400, 2**32 - 1, 2**31 - 1)
"""Last times, in seconds: ext4 2446, FAT 2107, unsigned and signed 32 bits 2106 and 2038."""
_FAT_GRAIN_NS = 10_000_000
_LEFT_S = 24 * 3600
_NO_GROUP = 12345
"""A group that the executor is probably not in."""
_SMALL_FAT = frozenset({"vfat", "msdos"})
_FAT = _SMALL_FAT | {"exfat"}


@contextmanager
def scratch(root: Tree | bytes) -> Iterator[bytes]:
    """A path to an empty folder in the destination for trials.

    It leaves no trace, not even a changed time. The path leads to that folder even if another one replaces it.
    """
    tree = Tree.of(root)
    is_ours = _may_write_state(tree)
    with tree.folder(STATE if is_ours else ROOT) as inside:
        if is_ours:
            _remove_old(tree, inside)
        before = os.fstat(inside)
        name = PART_PREFIX + secrets.token_hex(8).encode() + PART_SUFFIX
        os.mkdir(name, 0o700, dir_fd=inside)
        made = (STATE + b"/" if is_ours else b"") + name
        try:
            with tree.folder(made) as folder:
                yield (held(folder) if tree.is_held else None) or tree.full(made)
        finally:
            # Close it first: where inode numbers are reused at once (NTFS through FUSE), a new folder could be mistaken
            # for the open one, which is deleted and takes no entries.
            tree.forget(made)
            shutil.rmtree(name, ignore_errors=True, dir_fd=inside)
            # Otherwise every comparison would find the destination's root folder changed.
            with contextlib.suppress(OSError):
                os.utime(b".", ns=(before.st_atime_ns, before.st_mtime_ns), dir_fd=inside)


def _may_write_state(tree: Tree) -> bool:
    with contextlib.suppress(OSError), tree.folder(STATE) as folder:
        return may_change(folder, os.W_OK | os.X_OK)
    return False


def _remove_old(tree: Tree, state: int) -> None:
    """Remove trial folders that a killed attempt left more than a day ago."""
    with contextlib.suppress(OSError):
        for name, is_folder in tree.scan(STATE):
            if not is_part(name) or is_folder is not True:
                continue
            facts = os.stat(name, dir_fd=state, follow_symlinks=False)
            if facts.st_mtime < time.time() - _LEFT_S:
                shutil.rmtree(name, ignore_errors=True, dir_fd=state)


def capabilities(destination: Tree | bytes) -> Holds:
    """Find out what the destination can keep.

    Raises:
        OSError: it cannot be written to.
    """
    with scratch(destination) as folder:
        path = folder + b"/asynctask"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            modes = _modes(descriptor)
            found = Holds(
                modes=modes is not None,
                mode_mask=modes[0] if modes else 0o7777,
                mode_forced=modes[1] if modes else 0,
                owners=_keeps_owner(descriptor),
                set_gid_groups=_set_gid_groups(descriptor),
                links=_keeps_links(path),
                attributes=_keeps_attributes(descriptor),
                symlinks=_keeps_symlinks(path),
                linked_symlinks=_links_symlinks(path),
                holes=_keeps_holes(descriptor),
                names=name_rules(folder),
            )
            found = _with_times(found, descriptor)
            kind = _kind(descriptor)
        finally:
            os.close(descriptor)
        new, own = os.lstat(path), os.lstat(folder + b"/.")
    found = found._replace(
        uid=new.st_uid,
        gid=new.st_gid,
        file_mode=stat.S_IMODE(new.st_mode),
        folder_mode=stat.S_IMODE(own.st_mode),
    )
    if kind in _SMALL_FAT:
        found = found._replace(largest=(1 << 32) - 1)
    return _as_fat(found) if kind in _FAT or _is_like_fat(found) else found


def _kind(descriptor: int) -> str:
    mount = holding(read(table()), descriptor)
    return mount.kind if mount else ""


def _with_times(found: Holds, descriptor: int) -> Holds:
    odd_ns = 1_000_000_001 * _S + _ODD_NS
    kept_ns = _kept(descriptor, odd_ns)
    if kept_ns is None:
        return found._replace(times=False)
    off, old = abs(kept_ns - odd_ns), _kept(descriptor, -odd_ns)
    grain = next((grain for grain in _GRAINS_NS if off < grain), _GRAINS_NS[-1])
    return found._replace(
        mtime_grain_ns=grain,
        old_grain_ns=grain if old is None or abs(old + odd_ns) < grain else _S,
        earliest_ns=_end(descriptor, -(2**40), _EARLY_S, -NEVER_NS),
        latest_ns=_end(descriptor, 2**40, _LATE_S, NEVER_NS),
    )


def _end(descriptor: int, beyond_s: int, ends_s: tuple[int, ...], never_ns: int) -> int:
    """The first or last time that is kept; `never_ns` if no real file can reach the end."""
    if _is_kept(descriptor, beyond_s):
        return never_ns
    return next((end * _S for end in ends_s if _is_kept(descriptor, end)), ends_s[-1] * _S)


def _is_kept(descriptor: int, time_s: int) -> bool:
    kept_ns = _kept(descriptor, time_s * _S)
    return kept_ns is not None and abs(kept_ns - time_s * _S) < 2 * _S + 1


def _kept(descriptor: int, time_ns: int) -> int | None:
    """The time that is kept for a given one; None if it is refused."""
    try:
        os.utime(descriptor, ns=(time_ns, time_ns))
    except (OSError, OverflowError):
        return None
    return os.fstat(descriptor).st_mtime_ns


def _is_like_fat(found: Holds) -> bool:
    folds_only = found.names.folds_case and not found.symlinks and not found.links
    return folds_only and found.mtime_grain_ns >= _FAT_GRAIN_NS


def _as_fat(found: Holds) -> Holds:
    return found._replace(
        mtime_grain_ns=max(found.mtime_grain_ns, _GRAINS_NS[-1]),
        earliest_ns=max(found.earliest_ns, _EARLY_S[-1] * _S),
        latest_ns=min(found.latest_ns, _LATE_S[1] * _S),
        has_local_times=True,
    )


def _modes(descriptor: int) -> tuple[int, int] | None:
    """The bits of a mode that are kept, and those that every mode has; None if all files have the same mode."""
    try:
        before = stat.S_IMODE(os.fstat(descriptor).st_mode)
        kept, forced = _given(descriptor, 0o7777), _given(descriptor, 0)
        regular = all(_given(descriptor, mode) == mode & kept | forced for mode in (0o640, 0o711, 0o4750))
        os.fchmod(descriptor, before)
    except OSError:
        return None
    return (kept, forced) if regular and kept != forced else None


def _given(descriptor: int, mode: int) -> int:
    os.fchmod(descriptor, mode)
    return stat.S_IMODE(os.fstat(descriptor).st_mode)


def _keeps_owner(descriptor: int) -> bool:
    """Only root can change owners, and not every mount keeps them (FAT, NFS with root_squash)."""
    if os.geteuid() != 0:
        return False
    before = os.fstat(descriptor)
    try:
        os.fchown(descriptor, 12345, _NO_GROUP)
        facts = os.fstat(descriptor)
        os.fchown(descriptor, before.st_uid, before.st_gid)
    except OSError:
        return False
    return (facts.st_uid, facts.st_gid) == (12345, _NO_GROUP)


def _set_gid_groups(descriptor: int) -> frozenset[int] | None:
    """The groups whose set-group-id bit can be set; None for all. For others the system silently drops the bit."""
    before = os.fstat(descriptor)
    try:
        os.fchown(descriptor, -1, _NO_GROUP)
        kept = _given(descriptor, 0o2700)
        os.fchown(descriptor, -1, before.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
    except OSError:
        return None  # without ownership there are no such bits
    return None if kept & stat.S_ISGID else frozenset({os.getegid(), *os.getgroups()})


def _keeps_links(path: bytes) -> bool:
    twin = path + b"-link"
    try:
        os.link(path, twin)
    except OSError:
        return False
    first, second = os.lstat(path), os.lstat(twin)
    return os.path.samestat(first, second) and first.st_nlink == 2


def _keeps_symlinks(path: bytes) -> bool:
    try:
        os.symlink(b"asynctask", path + b"-symlink")
        return os.readlink(path + b"-symlink") == b"asynctask"
    except OSError:
        return False


def _links_symlinks(path: bytes) -> bool:
    made, twin = path + b"-symlink", path + b"-symlink-link"
    try:
        os.link(made, twin, follow_symlinks=False)
        first, second = os.lstat(made), os.lstat(twin)
    except (OSError, NotImplementedError):
        return False
    return os.path.samestat(first, second) and stat.S_ISLNK(second.st_mode)


def _keeps_holes(descriptor: int) -> bool:
    try:
        os.ftruncate(descriptor, 1 << 20)
        takes = os.fstat(descriptor).st_blocks * 512
        os.ftruncate(descriptor, 0)
    except OSError:
        return False
    return takes < 1 << 20


def _keeps_attributes(descriptor: int) -> bool:
    if not hasattr(os, "setxattr"):
        return False
    try:
        os.setxattr(descriptor, b"user.asynctask", b"1")
    except OSError:
        return False
    return True

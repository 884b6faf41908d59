"""Writes below the destination: never through a symbolic link, never over an entry that is not in the backup.

An entry in the place of another kind (a folder where a file belongs, and the reverse) and, with `delete_extra="mark"`,
an entry that only the destination has, move to `.asynctask-removed/<task>/<path>`, where `<task>` is the task's submit
time in UTC with the end of its id: `20251122T034611Z-9f3c21ab`. The only entries that are ever deleted are older
versions of files and symbolic links, which their newer versions replace. People may empty that folder at any time.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Collection
from datetime import UTC, datetime
from itertools import count

from asynctask_core.errors import DestinationUnusable
from asynctask_core.ids import id_time_ms, parse_id
from asynctask_nas import attributes
from asynctask_nas.begun_folders import BegunFolders
from asynctask_nas.durable import Storage
from asynctask_nas.entries import Entry, Kind, Skipped, damage_reason, look_in
from asynctask_nas.exclude import REMOVED
from asynctask_nas.holds import Holds
from asynctask_nas.leftovers import part_name
from asynctask_nas.new_folders import clear
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.paths import ROOT, is_inside, join, parent
from asynctask_nas.refused import is_append_only, is_fixed
from asynctask_nas.tree import OpenFolder, Tree, divide
from asynctask_nas.words import printable

_KNOWN_FOLDERS = 10_000


class Destination:
    """The destination of one task. Thread-safe; all paths are relative."""

    def __init__(
        self,
        root: Tree | bytes,
        task_id: str,
        holds: Holds,
        *,
        shown: bytes | None = None,
        keeps_replaced: bool = False,
        mounted: Collection[bytes] = (),
    ) -> None:
        self.tree = Tree.of(root)
        self.keeps_replaced = keeps_replaced
        """True to also set aside entries that a newer version of the same kind replaces."""
        self.shown = shown or self.tree.path
        """The root's path in messages for people."""
        self.mounted = mounted
        """Paths where something is mounted inside it."""
        self.holds = holds
        self.storage: Storage | None = None
        self.opened = OpenedFolders(self.tree)
        self._task_id = task_id
        self._lock = threading.Lock()
        self.begun = BegunFolders(self._lock)
        """Folders that callers of `begin_folder` are making."""
        self.displaced: dict[bytes, bytes] = {}
        """Where the former entries at these paths are now, until the items' notes say so."""
        self._known: set[bytes] = set()

    def hold_storage(self) -> Storage:
        """Open the destination's file systems for flushing. Call it before the first write."""
        if self.storage is None:
            self.storage = Storage(self.tree)
        return self.storage

    def close(self) -> None:
        """Restore the modes of opened folders, and close all descriptors."""
        self.opened.close()
        if self.storage is not None:
            self.storage.close()

    def look(self, path: bytes) -> Entry | None:
        """The entry at `path` now."""
        return self.tree.look(path)

    def part_name(self, path: bytes) -> bytes:
        """Name of the temporary file beside `path`: the same in every attempt of the task."""
        return part_name(self._task_id, path)

    def part(self, path: bytes) -> bytes:
        """Its full path, for people."""
        return join(self.tree.full(parent(path)), self.part_name(path))

    def folder(self, path: bytes) -> OpenFolder:
        """The folder `path`, open, and made if needed; an entry of another kind in its place is set aside.

        Raises:
            OSError: it cannot be reached, also if other entries keep replacing it.
        """
        self.ensure_folder(path)
        try:
            found = self.tree.folder(path)
        except (FileNotFoundError, NotADirectoryError):
            # It was there, and was moved away since, or replaced by a link.
            with self._lock:
                self._known.clear()
                self.tree.forget()
            self.ensure_folder(path)
            found = self.tree.folder(path)
        with found as folder:
            self.will_write(os.fstat(folder).st_dev, path)
        return found

    def begin_folder(self, path: bytes, *, waits: bool) -> bool | None:
        """Prepare the folder `path` for new files. True if it does not exist yet, while its parents do.

        Then the caller makes it together with its first files, and other threads wait until it is removed from `begun`.
        None if another thread is making it. With `waits` this call waits for that thread; a caller that is making a
        folder itself must not wait.

        Raises:
            OSError: it cannot be reached, also if it was moved away since.
        """
        is_new = False
        if path not in self._known:
            self.tree.check_length(path)
            with self._lock:
                if waits:
                    self.begun.wait_for(path)
                elif self.begun.has(path):
                    return None
                if path != ROOT:
                    self._make(parent(path))
                    is_new = self.look(path) is None
                if is_new:
                    self.begun.add(path)
                else:
                    self._make(path)
        try:
            # Not with `folder`, which may wait: two threads that are making folders could wait for each other.
            changed = parent(path) if is_new else path
            with self.tree.folder(changed) as folder:
                self.will_write(os.fstat(folder).st_dev, changed)
        except BaseException:
            if is_new:
                self.begun.remove((path,))
            raise
        return is_new

    def will_write(self, device: int, target: bytes | int) -> None:
        """Say that something on the file system `device` will be changed, so that it is flushed as well.

        `target` is the path of a folder there, or something that is open for reading.
        """
        if self.storage is not None and not self.storage.knows(device):
            is_open = isinstance(target, int)
            self.storage.see(os.dup(target) if is_open else self.tree.folder_to_read(target))

    def ensure_folder(self, path: bytes) -> None:
        """Make `path` a folder that takes new entries, with its parents; entries of another kind are set aside.

        New folders are private until they are finished.
        """
        if path in self._known:
            return
        with self._lock:
            self.begun.wait_for(path)
            self._make(path)

    def _make(self, path: bytes) -> None:
        found = self.look(path)
        if found is None or found.kind is not Kind.FOLDER:
            steps = path.split(b"/")
            for length in range(1, len(steps) + 1):
                self._ensure(b"/".join(steps[:length]))
        self.opened.open(path)
        if len(self._known) >= _KNOWN_FOLDERS:
            self._known.clear()
        self._known.add(path)

    def _ensure(self, path: bytes) -> None:
        found = self.look(path)
        if found is not None and found.kind is not Kind.FOLDER:
            with self.tree.folder(parent(path)) as folder:
                self._displace(folder, path)
            found = None
        if found is None:
            self.opened.open(parent(path))
            inside, name = divide(path)
            with contextlib.suppress(FileExistsError), self.tree.folder(inside) as folder:
                os.mkdir(name, 0o700, dir_fd=folder)
                # Remove the unfinished folder of a killed attempt that was making it with its files.
                clear(folder, self.part_name(path))

    def replace(self, folder: int, made: bytes, path: bytes) -> None:
        """Move the finished entry called `made` to `path` in one step; `folder` is the open folder of both.

        It replaces an older version of the same kind, unless that is to be kept; any other entry there is set aside. If
        it fails, `made` is deleted, since it could not be resumed.
        """
        _, name = divide(path)
        try:
            found = self._in_the_way(folder, name)
            new = None if found is None else look_in(folder, made)
            if found and new and (found.kind is not new.kind or self.keeps_replaced):
                self._give_way(folder, path)
            try:
                os.rename(made, name, src_dir_fd=folder, dst_dir_fd=folder)
            except IsADirectoryError:
                self._give_way(folder, path)
                os.rename(made, name, src_dir_fd=folder, dst_dir_fd=folder)
        except FileNotFoundError:
            raise
        except Exception:
            with contextlib.suppress(OSError):
                os.unlink(made, dir_fd=folder)
            raise

    def _in_the_way(self, folder: int, name: bytes) -> Entry | None:
        try:
            return look_in(folder, name)
        except OSError as error:
            # The new version was written beside it, so the disk as a whole works.
            if reason := damage_reason(error):
                raise Skipped(reason) from error
            raise

    def begin_in(self, folder: int) -> None:
        """Check that an unfinished entry in an open folder could be renamed when it is finished.

        Raises:
            Skipped: it could not, and would stay for ever.
        """
        if is_append_only(folder):
            raise Skipped("destination: its folder is append-only, so no copy can be put in place")

    def check_replaceable(self, folder: int, path: bytes) -> None:
        """Check that the file at `path`, in an open folder, may be replaced, before a large one is copied in full.

        Raises:
            Skipped: the system would refuse it.
        """
        if is_fixed(folder, divide(path)[1]):
            raise Skipped("destination: its copy is immutable or append-only, so it cannot be replaced")

    def make_way(self, folder: int, made: bytes, inside: bytes) -> None:
        """Free the name `made` in the open `folder` (at `inside`) for an unfinished entry.

        A leftover file is deleted, a folder is set aside.
        """
        try:
            os.unlink(made, dir_fd=folder)
        except FileNotFoundError:
            pass
        except (IsADirectoryError, PermissionError):
            found = look_in(folder, made)
            if found is None or found.kind is not Kind.FOLDER:
                raise
            self._set_aside(folder, made if inside == ROOT else inside + b"/" + made)

    def respell(self, listed: bytes, path: bytes) -> None:
        """Rename the entry that its folder lists as `listed` to the letter case of `path`."""
        inside, name = divide(path)
        with self._lock, contextlib.suppress(OSError):
            if not is_inside(listed) or b"/" in listed:
                return
            with self.tree.folder(inside) as folder:
                os.rename(listed, name, src_dir_fd=folder, dst_dir_fd=folder)
            self.tree.forget(path)

    def set_aside(self, path: bytes) -> bytes | None:
        """Move `path` into the removed folder; returns its new place, also if this task has moved it before.

        None if it is in neither place.
        """
        inside = parent(path)
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), self.tree.folder(inside) as folder:
            if place := self._set_aside(folder, path):
                return place
        return self.set_aside_before(path)

    def set_aside_before(self, path: bytes) -> bytes | None:
        """Where an earlier attempt of this task has moved the entry that was at `path`; None if it has not."""
        place = join(removed_folder(self._task_id), path)
        return place if self.look(place) is not None else None

    def _give_way(self, folder: int, path: bytes) -> None:
        with self._lock:
            self._known.clear()
            self._displace(folder, path)

    def _displace(self, folder: int, path: bytes) -> None:
        if place := self._move(folder, path):
            self.displaced[path] = place

    def _set_aside(self, folder: int, path: bytes) -> bytes | None:
        with self._lock:
            self._known.clear()
            return self._move(folder, path)

    def _move(self, folder: int, path: bytes) -> bytes | None:
        """Move the entry at `path`, in the open `folder`; returns its new place, None if it is gone."""
        _, name = divide(path)
        if look_in(folder, name) is None:
            return None
        if any(point == path or point.startswith(path + b"/") for point in self.mounted):
            # The mount would move with the folder, and later backups would miss it at its place.
            raise Skipped("destination: something is mounted in it")
        for number in count(1):
            task = removed_folder(self._task_id) + (b"" if number == 1 else b"~%d" % number)
            place = join(task, path)
            self._check_removed()
            try:
                self.opened.open(ROOT)
                with self._levels(place, path) as target:
                    if look_in(target, name) is not None:
                        continue
                    self.opened.open(parent(path))
                    self.opened.open(
                        path, later=place
                    )  # moving a folder changes its "..", so it must be writable
                    try:
                        os.rename(name, name, src_dir_fd=folder, dst_dir_fd=target)
                    except OSError:
                        self._remove_levels(parent(place))
                        raise
            except (FileExistsError, NotADirectoryError):
                # An earlier run of this task moved a file to where a folder is needed now.
                if look_in(folder, name) is None:
                    return None
            except FileNotFoundError:
                return None
            else:
                self.tree.forget(path)
                return place
        return None

    def _levels(self, place: bytes, path: bytes) -> OpenFolder:
        """The parent folder of `place` in the removed folder, made with its own parents for the entry from `path`.

        Each level gets the owner, mode and ACL of the original folder, and the two at the top those of the destination:
        so exactly the users who could reach an entry before can reach it there.
        """
        try:
            self.opened.open(parent(place))  # a folder that moved there as a whole may refuse us
            return self.tree.folder(parent(place))
        except FileNotFoundError:
            pass
        names = parent(place).split(b"/")
        for depth in range(1, len(names) + 1):
            level = b"/".join(names[:depth])
            inside, name = divide(level)
            if self.tree.look(level) is not None:
                continue
            try:
                self.opened.open(inside)
                with self.tree.folder(inside) as folder:
                    os.mkdir(name, 0o700, dir_fd=folder)
            except FileExistsError:
                continue
            self._give_as(b"/".join(names[2:depth]) or ROOT, level)
        self.opened.open(parent(place))
        return self.tree.folder(parent(place))

    def _remove_levels(self, path: bytes) -> None:
        """Remove empty levels after a failed move, so that not every run leaves some."""
        while path not in {REMOVED, ROOT}:
            inside, name = divide(path)
            try:
                with self.tree.folder(inside) as folder:
                    os.rmdir(name, dir_fd=folder)
            except OSError:
                return
            self.tree.forget(path)
            path = inside

    def _give_as(self, original: bytes, level: bytes) -> None:
        # If something cannot be read or set, only its owner can enter the level.
        with (
            contextlib.suppress(OSError),
            self.tree.entry(original) as (model, entry),
            self.tree.entry(level) as (made, _),
        ):
            # If owners are not kept, we own the level, and must be able to enter it.
            mode = entry.mode if self.holds.owners else entry.mode | stat.S_IRWXU
            wanted = attributes.extended(model, follows=True)
            attributes.apply(made, entry._replace(mode=mode), wanted, self.holds)

    def _check_removed(self) -> None:
        """Refuse to move anything through a link, or into something other than our folder."""
        found = self.tree.look(REMOVED)
        if found is not None and found.kind is not Kind.FOLDER:
            raise DestinationUnusable(
                f"destination_path: '{printable(join(self.shown, REMOVED))}' is a {found.kind.value}, but a folder of "
                "that name takes what backups set aside: move it away"
            )

    @property
    def removed(self) -> bytes:
        """Full path of the folder for entries that this task sets aside."""
        return self.tree.full(removed_folder(self._task_id))


def removed_folder(task_id: str) -> bytes:
    """Path of the folder for entries that a task sets aside."""
    task = parse_id(task_id)
    when = datetime.fromtimestamp(id_time_ms(task) / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    return REMOVED + f"/{when}-{task.hex()[-8:]}".encode()

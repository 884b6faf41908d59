"""Writing below the destination: never through a symbolic link, never over something that is not in the backup.

What stands in the way of another kind of entry (a folder where a file belongs, and the reverse) and, with
`delete_extra="mark"`, what only the destination has, moves to `.asynctask-removed/<task>/<path>`, where `<task>` is
the task's submit time in UTC with the end of its id: `20251122T034611Z-9f3c21ab`. Nothing is ever deleted but the
older version of a file or symbolic link that its newer version replaces. People empty that folder when they like.
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
        """True to set aside what is replaced by another version of the same kind, too."""
        self.shown = shown or self.tree.path
        """The root as people know it."""
        self.mounted = mounted
        """Paths of what is mounted inside it."""
        self.holds = holds
        self.storage: Storage | None = None
        self.opened = OpenedFolders(self.tree)
        self._task_id = task_id
        self._lock = threading.Lock()
        self.begun = BegunFolders(self._lock)
        """Folders that `begin_folder` left to a caller."""
        self.displaced: dict[bytes, bytes] = {}
        """Where what gave way to the entries at these paths is now, until that is noted of them."""
        self._known: set[bytes] = set()

    def hold_storage(self) -> Storage:
        """Begin to watch over what is written; asked for before anything is. Answers what flushes it."""
        if self.storage is None:
            self.storage = Storage(self.tree)
        return self.storage

    def close(self) -> None:
        """Give folders their modes back, and hold nothing open."""
        self.opened.close()
        if self.storage is not None:
            self.storage.close()

    def look(self, path: bytes) -> Entry | None:
        """What is there now."""
        return self.tree.look(path)

    def part_name(self, path: bytes) -> bytes:
        """Name of the temporary file beside `path`: the same in every attempt of the task."""
        return part_name(self._task_id, path)

    def part(self, path: bytes) -> bytes:
        """Its full path, for people."""
        return join(self.tree.full(parent(path)), self.part_name(path))

    def folder(self, path: bytes) -> OpenFolder:
        """The folder `path`, open and made if need be; what is in the way is set aside.

        Raises:
            OSError: it cannot be reached, also when something else takes its place again and again.
        """
        self.ensure_folder(path)
        try:
            found = self.tree.folder(path)
        except (FileNotFoundError, NotADirectoryError):
            # It was there, and somebody has moved it away since or swapped it for a link.
            with self._lock:
                self._known.clear()
                self.tree.forget()
            self.ensure_folder(path)
            found = self.tree.folder(path)
        with found as folder:
            self.will_write(os.fstat(folder).st_dev, path)
        return found

    def begin_folder(self, path: bytes, *, waits: bool) -> bool | None:
        """Make sure of the folder `path` for new files. True when it is not there yet, and its parents are.

        Then the caller makes it together with its first files, and all others wait until it is removed from `begun`.
        None when another thread is at that. With `waits` it is waited for: only by who has begun no folder.

        Raises:
            OSError: it cannot be reached, also when somebody has moved it away since.
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
            # Not with `folder`, which may wait: two that have begun a folder could wait for each other.
            changed = parent(path) if is_new else path
            with self.tree.folder(changed) as folder:
                self.will_write(os.fstat(folder).st_dev, changed)
        except BaseException:
            if is_new:
                self.begun.remove((path,))
            raise
        return is_new

    def will_write(self, device: int, target: bytes | int) -> None:
        """Something on the file system `device` is about to be changed, so that is watched over and flushed as well.

        `target` is the path of a folder there, or something that is open for reading.
        """
        if self.storage is not None and not self.storage.knows(device):
            is_open = isinstance(target, int)
            self.storage.see(os.dup(target) if is_open else self.tree.folder_to_read(target))

    def ensure_folder(self, path: bytes) -> None:
        """Make `path` a folder that takes new entries, with its parents; what is in the way is set aside.

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
                # What is left where an attempt was killed that had begun it with its files.
                clear(folder, self.part_name(path))

    def replace(self, folder: int, made: bytes, path: bytes) -> None:
        """Move the finished entry called `made` to `path` in one step; `folder` is the open folder of both.

        An older version of the same kind is replaced by it, unless it is to be kept; everything else in the way is set
        aside. When it fails, `made` is deleted: nothing could go on from it.
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
            # Its new version was written beside it: the disk as a whole works.
            if reason := damage_reason(error):
                raise Skipped(reason) from error
            raise

    def begin_in(self, folder: int) -> None:
        """An unfinished entry is about to be made in an open folder, to be renamed when it is finished.

        Raises:
            Skipped: it could not be, and would stay for ever.
        """
        if is_append_only(folder):
            raise Skipped("destination: its folder is append-only, so no copy can be put in place")

    def check_replaceable(self, folder: int, path: bytes) -> None:
        """The file at `path`, in an open folder, is about to be replaced: said before all of a large one was copied.

        Raises:
            Skipped: the system would refuse it.
        """
        if is_fixed(folder, divide(path)[1]):
            raise Skipped("destination: its copy is immutable or append-only, so it cannot be replaced")

    def make_way(self, folder: int, made: bytes, inside: bytes) -> None:
        """Let nothing be called `made` in the open `folder` (at `inside`), where an unfinished entry is about to be.

        A leftover goes, a folder moves away.
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
        """Give the entry that its folder lists as `listed` the spelling of `path`, another letter case of it."""
        inside, name = divide(path)
        with self._lock, contextlib.suppress(OSError):
            if not is_inside(listed) or b"/" in listed:
                return
            with self.tree.folder(inside) as folder:
                os.rename(listed, name, src_dir_fd=folder, dst_dir_fd=folder)
            self.tree.forget(path)

    def set_aside(self, path: bytes) -> bytes | None:
        """Move `path` into the removed folder; answers where it is then, also when this task has moved it before.

        None when it is neither here nor there.
        """
        inside = parent(path)
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), self.tree.folder(inside) as folder:
            if place := self._set_aside(folder, path):
                return place
        return self.set_aside_before(path)

    def set_aside_before(self, path: bytes) -> bytes | None:
        """Where an earlier attempt of this task has moved what was at `path`; None when there is nothing."""
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
        """Move the entry at `path`, which is in the open `folder`; answers where to, None when it is gone."""
        _, name = divide(path)
        if look_in(folder, name) is None:
            return None
        if any(point == path or point.startswith(path + b"/") for point in self.mounted):
            # It would move with the folder, and be missed at its place ever after.
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
                    )  # a folder that moves gets another ".." written into it
                    try:
                        os.rename(name, name, src_dir_fd=folder, dst_dir_fd=target)
                    except OSError:
                        self._remove_levels(parent(place))
                        raise
            except (FileExistsError, NotADirectoryError):
                # An earlier run of this task put a file where now a folder is needed.
                if look_in(folder, name) is None:
                    return None
            except FileNotFoundError:
                return None
            else:
                self.tree.forget(path)
                return place
        return None

    def _levels(self, place: bytes, path: bytes) -> OpenFolder:
        """The folder that `place` in the removed folder is in, made with its parents for what was at `path`.

        Each level has the owner, mode and ACL of the folder that it stands for, and the two at the top those of the
        destination: who could reach an entry before can reach it there, and nobody else.
        """
        try:
            self.opened.open(parent(place))  # a folder that moved there as a whole may be closed to us
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
        """Nothing moved there: levels that are empty go, else each run would leave some."""
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
        # What cannot be told or set leaves the level to its owner alone.
        with (
            contextlib.suppress(OSError),
            self.tree.entry(original) as (model, entry),
            self.tree.entry(level) as (made, _),
        ):
            # Without owners we are the owner, and have to get in ourselves.
            mode = entry.mode if self.holds.owners else entry.mode | stat.S_IRWXU
            wanted = attributes.extended(model, follows=True)
            attributes.apply(made, entry._replace(mode=mode), wanted, self.holds)

    def _check_removed(self) -> None:
        """Never move anything through a link, or into what is no folder of ours."""
        found = self.tree.look(REMOVED)
        if found is not None and found.kind is not Kind.FOLDER:
            raise DestinationUnusable(
                f"destination_path: '{printable(join(self.shown, REMOVED))}' is a {found.kind.value}, but a folder of "
                "that name takes what backups set aside: move it away"
            )

    @property
    def removed(self) -> bytes:
        """Full path of the folder that takes what this task sets aside."""
        return self.tree.full(removed_folder(self._task_id))


def removed_folder(task_id: str) -> bytes:
    """Path of the folder that takes what a task sets aside."""
    task = parse_id(task_id)
    when = datetime.fromtimestamp(id_time_ms(task) / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    return REMOVED + f"/{when}-{task.hex()[-8:]}".encode()

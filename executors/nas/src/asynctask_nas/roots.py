"""The two roots of a backup, held open and checked: is this still the source, is this still the destination?

All entries are reached through the open folders. So after an unmount, reads and writes never reach the folder below the
mount point: they go to the file system that was there, or fail. `check` then raises the error for it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, unquote_to_bytes

from asynctask import Postpone
from asynctask_nas import automounts, marker, mounts, remembered, untold
from asynctask_nas.automounts import is_mounted
from asynctask_nas.entries import destination_reason
from asynctask_nas.exclude import STATE, Exclude
from asynctask_nas.extras import is_left_out
from asynctask_nas.failing import destination_told, source_missing
from asynctask_nas.identity import (
    FolderIdentity,
    fingerprint,
    identify,
    identify_mount,
    mounted_inside,
)
from asynctask_nas.leftovers import end, remove
from asynctask_nas.marker import Marker
from asynctask_nas.missing import AFTER, NOT_MOUNTED, gone, gone_inside, unlike
from asynctask_nas.mounts import Mount
from asynctask_nas.opened import OpenedFolders
from asynctask_nas.paths import join, parent
from asynctask_nas.places import check_places
from asynctask_nas.tree import Tree
from asynctask_nas.words import printable

if TYPE_CHECKING:
    from asynctask_nas.config import BackupConfig

_KEEPS = 16
"""Folders of each side that stay open for a moment: for each thread's current change and the next."""


@dataclass(frozen=True)
class KnownRoots:
    """A task's roots as they were at its start; kept in its checkpoint and results, the same in every attempt."""

    destination_id: str
    destination: FolderIdentity
    source: FolderIdentity
    inside: dict[str, FolderIdentity] = field(default_factory=dict[str, FolderIdentity])
    """What is mounted inside the source, by percent-encoded relative path."""
    destination_inside: dict[str, FolderIdentity] = field(default_factory=dict[str, FolderIdentity])
    """The same for the destination."""


class HeldRoots:
    """Both roots of one attempt, `source` and `destination`, held open."""

    def __init__(self, config: BackupConfig, task_id: str) -> None:
        self._config = config
        self._task_id = task_id
        self._exclude = Exclude(config.exclude)
        self._seen: tuple[object, ...] | None = None
        self._inside: dict[bytes, Mount] = {}
        self.known: KnownRoots
        self.unread: dict[bytes, FolderIdentity] = {}
        """Places inside the source that are mounted on demand, and could not be mounted; by relative path."""
        self.is_blind = False
        """True if the system does not report mounts: then only mounts in the marker can be found missing."""

    @property
    def mounted_inside(self) -> frozenset[bytes]:
        """Relative paths of all mounts inside the source."""
        return frozenset(self._inside)

    @property
    def mounted_inside_destination(self) -> frozenset[bytes]:
        """The same for the destination, without mounts that systems make for themselves."""
        return frozenset(map(unquote_to_bytes, self.known.destination_inside))

    @property
    def are_all_held(self) -> bool:
        """True if nothing is mounted inside them, so that the two open folders hold everything in them."""
        return not (self.is_blind or self._inside or self.known.destination_inside)

    @contextmanager
    def opened(self, known: KnownRoots | None) -> Iterator[HeldRoots]:
        """Hold both roots open. `known` are the roots of an earlier attempt of this task, if there was one.

        Raises:
            Postpone: one of them was there before and is not now; or another task is at work on the destination.
            SourceMissing: the source is not there, and no earlier backup knows it.
            SourceReplaced: the destination is the copy of another source.
            DestinationInsideSource: one lies inside the other.
            DestinationUnusable: the destination cannot be made, read or written to.
        """
        config = self._config
        self._must_be_mounted()
        with ExitStack() as held:
            source = self._open_source(known)
            held.callback(os.close, source)
            check_places(config.source, config.destination)
            destination = self._open_destination(known)
            held.callback(os.close, destination)
            self.source = Tree(config.source, source, keeps=_KEEPS)
            held.callback(self.source.close)
            self.destination = Tree(config.destination, destination, keeps=_KEEPS)
            held.callback(self.destination.close)
            with destination_told(config.destination, "read"):
                found = marker.read(self.destination, config.destination)
            self._wake(source, destination, known, found)
            now = self._now(source, destination, known, found)
            self._settle_destination(known, found, now)
            with destination_told(config.destination, "written to"):
                held.enter_context(marker.alone(self.destination, self._task_id))
                self._settle_source(known, marker.read(self.destination, config.destination), now)
            self._descriptors = source, destination
            self._seen = self._look()
            remembered.remember(config.destination, self.known.destination)
            yield self

    def check(self) -> None:
        """Check that both are still the same folders. Cheap; call it before anything is marked or counted as done.

        Raises:
            Postpone: one of them is not there any more.
            SourceReplaced: another source is there.
        """
        try:
            seen = self._look()
        except OSError as error:
            raise gone(printable(_path(error)), error) from error
        if seen == self._seen:
            return
        for path, was, what in (
            (self._config.destination, self.known.destination, "destination"),
            (self._config.source, self.known.source, "source"),
        ):
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except OSError as error:
                raise gone(printable(path), error) from error
            try:
                there = identify(path, descriptor, mounts.read(mounts.table()))
                if not was.is_same(there):
                    raise unlike(what, path, was, there, "")
                before = self._descriptors[what == "destination"]
                if not os.path.samestat(os.fstat(descriptor), os.fstat(before)):
                    said = f"the {what} '{printable(path)}' was mounted anew while the backup was at work"
                    raise Postpone(said, after=AFTER, reason=NOT_MOUNTED)
            finally:
                os.close(descriptor)
        table = mounts.read(mounts.table())
        for descriptor, path, inside, what in zip(
            self._descriptors,
            (self._config.source, self._config.destination),
            (self.known.inside, self.known.destination_inside),
            ("source", "destination"),
            strict=True,
        ):
            there_now = mounted_inside(path, descriptor, table)
            if automounts.wake(path, map(unquote_to_bytes, inside), there_now):
                there_now = mounted_inside(path, descriptor, mounts.read(mounts.table()))
            for place, was in inside.items():
                point = unquote_to_bytes(place)
                is_there = untold.is_mounted(path, point) if self.is_blind else is_mounted(point, there_now)
                if not is_there:
                    raise gone_inside(what, join(path, unquote_to_bytes(place)), was, "")
        self._seen = seen

    def remember_source(self, seen: KnownRoots) -> None:
        """Record at the destination which source this is; durable when this returns.

        `seen` are the roots of the comparison, which may have run in another attempt, on a machine that reports more
        mounts.
        """
        self.check()
        found = marker.read(self.destination, self._config.destination)
        # Mounts that this backup leaves out stay in the record for backups that do not.
        left_out = {
            path: one
            for path, one in (found.inside if found else {}).items()
            if self._leaves_out(unquote_to_bytes(path)) or unquote_to_bytes(path) in self.unread
        }
        known = (found and found.source) or seen.source
        wanted = Marker(
            self.known.destination_id,
            known if self.is_blind else self.known.source,
            {**left_out, **seen.inside, **self.known.inside},
            {**seen.destination_inside, **self.known.destination_inside},
        )
        if found != wanted:
            with destination_told(self._config.destination, "written to"):
                marker.write(self.destination, wanted, self._task_id)

    def remove_part(self, path: bytes) -> str:
        """Delete a leftover; returns the reason if it cannot be deleted.

        Raises:
            Postpone: the destination is gone.
        """
        opened = OpenedFolders(self.destination)
        opened.open(parent(path))
        try:
            remove(self.destination, path)
        except OSError as error:
            self.check()
            # Immutable, locked or another user's: the backup can go on without that space.
            return destination_reason(error) or error.strerror or str(error)
        finally:
            opened.close()
        return ""

    def missed_since(self, known: KnownRoots | None) -> list[FolderIdentity]:
        """Those of `unread` that were mounted when the task began."""
        return [
            one for place, one in self.unread.items() if known and quote_from_bytes(place) in known.inside
        ]

    def end_task(self) -> None:
        """Remove the task's note, since it has ended for good: its unfinished files may be removed."""
        end(self.destination, self._task_id)

    # --- opening ------------------------------------------------------------------------------------------------------

    def _must_be_mounted(self) -> None:
        config = self._config
        for path in config.mount_points:
            with contextlib.suppress(OSError):
                os.stat(path + b"/.")  # an access mounts what is mounted on demand
            if not mounts.is_mounted(mounts.read(mounts.table()), os.path.realpath(path)):
                raise Postpone(
                    f"nothing is mounted at '{printable(path)}', which must_be_mounted names; is it still mounted?",
                    after=AFTER,
                    reason=NOT_MOUNTED,
                )
        if config.must_be_mounted is not True:
            return
        for name, path in (("source_path", config.source), ("destination_path", config.destination)):
            with contextlib.suppress(OSError):
                os.stat(path + b"/.")
            if mounts.point_of(mounts.read(mounts.table()), os.path.realpath(path)) == b"/":
                raise Postpone(
                    f"{name}: '{printable(path)}' is on the system's own disk, and must_be_mounted is true; is it "
                    "still mounted?",
                    after=AFTER,
                    reason=NOT_MOUNTED,
                )

    def _open_source(self, known: KnownRoots | None) -> int:
        path = self._config.source
        try:
            return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            may_not = isinstance(error, PermissionError)
            if may_not or (known is None and not self._was_here()):
                is_file = isinstance(error, NotADirectoryError) and os.path.exists(path)
                raise source_missing(path, None if is_file else error) from None
            raise gone(printable(path), error) from error
        except OSError as error:
            raise gone(printable(path), error) from error

    def _was_here(self) -> bool:
        """Tell whether an earlier backup into this destination was made from this very path."""
        try:
            found = marker.read(self._config.destination, self._config.destination)
        except OSError:
            return False
        return found is not None and found.source is not None and found.source.place == self._config.source

    def _open_destination(self, known: KnownRoots | None) -> int:
        path = self._config.destination
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        if known is not None:
            try:
                return os.open(path, flags)
            except OSError as error:
                raise gone(printable(path), error) from error
        with destination_told(path, "made"):
            remembered.miss(path, after=AFTER, reason=NOT_MOUNTED)
            os.makedirs(path, exist_ok=True)
        with destination_told(path, "read"):
            return os.open(path, flags)

    def _leaves_out(self, place: bytes) -> bool:
        """Tell whether this backup leaves out the mount at a place inside the source."""
        return self._config.one_file_system or is_left_out(place, self._exclude)

    def _wake(self, source: int, destination: int, known: KnownRoots | None, found: Marker | None) -> None:
        """Access all places that are mounted on demand, so that they are mounted and do not seem to be missing."""
        config, table = self._config, mounts.read(mounts.table())
        inside = mounted_inside(config.source, source, table)
        before = [*(known.inside if known else ()), *(found.inside if found else ())]
        expected = {*inside, *map(unquote_to_bytes, before)}
        automounts.wake(config.source, [one for one in expected if not self._leaves_out(one)], inside)
        below = mounted_inside(config.destination, destination, table)
        before = [*(known.destination_inside if known else ()), *(found.inside_destination if found else ())]
        expected = {*below, *map(unquote_to_bytes, before)}
        automounts.wake(config.destination, expected, below)

    def _now(
        self, source: int, destination: int, known: KnownRoots | None, found: Marker | None
    ) -> KnownRoots:
        table = mounts.read(mounts.table())
        self.is_blind = not mounts.are_told(table, source)
        if self.is_blind:
            return self._known_before(source, destination, known, found)
        self._inside = mounted_inside(self._config.source, source, table)
        counted = {
            quote_from_bytes(path): identify_mount(one)
            for path, one in self._inside.items()
            if not one.is_passing and not self._leaves_out(path)
        }
        below = mounted_inside(self._config.destination, destination, table)
        return KnownRoots(
            found.id if found else Marker().id,
            identify(self._config.destination, destination, table),
            identify(self._config.source, source, table),
            counted,
            {
                quote_from_bytes(path): identify_mount(one)
                for path, one in below.items()
                if not one.is_passing
            },
        )

    def _known_before(
        self, source: int, destination: int, known: KnownRoots | None, found: Marker | None
    ) -> KnownRoots:
        """The roots, if the system does not report mounts: only the mounts that were known before are checked."""
        config, kept = self._config, found or Marker()
        inside = untold.still_mounted(config.source, {**(known.inside if known else {}), **kept.inside})
        below = {**(known.destination_inside if known else {}), **kept.inside_destination}
        return KnownRoots(
            kept.id,
            identify(config.destination, destination, []),
            identify(config.source, source, []),
            {place: one for place, one in inside.items() if not self._leaves_out(unquote_to_bytes(place))},
            untold.still_mounted(config.destination, below),
        )

    def _settle_destination(self, known: KnownRoots | None, found: Marker | None, now: KnownRoots) -> None:
        """Refuse a destination that is not the one that this task began with."""
        path = self._config.destination
        is_ours = known is None or (found is not None and found.id == known.destination_id)
        # If the right destination has lost its marker, it is written again.
        if known and not is_ours and (found or not known.destination.is_same(now.destination)):
            raise unlike("destination", path, known.destination, now.destination, "")
        name = printable(join(join(path, STATE), marker.NAME))
        how = f"delete '{name}', and the destination is taken as it is"
        # Before the first entry of the source is written, the marker lacks what the task itself knows.
        below = {**(known.destination_inside if known else {}), **found.inside_destination} if found else {}
        for place, was in below.items():
            if place not in now.destination_inside:
                raise gone_inside("destination", join(path, unquote_to_bytes(place)), was, how)

    def _settle_source(self, known: KnownRoots | None, found: Marker | None, now: KnownRoots) -> None:
        """Compare the source with the records of this task and of the backup before it."""
        is_accepted = fingerprint(now.source, now.inside) in self._config.accepted_sources
        if known is not None:
            now = replace(now, destination_id=known.destination_id)
            if not is_accepted:
                self._compare(known.source, known.inside, now)
        if found and found.source and not is_accepted:
            self._compare(found.source, found.inside, now)
        if found is None:
            marker.write(self.destination, Marker(now.destination_id), self._task_id)
        else:
            now = replace(now, destination_id=found.id)
        self.known = now

    def _compare(self, was: FolderIdentity, inside: dict[str, FolderIdentity], now: KnownRoots) -> None:
        how = f'submit it with "accept_source": "{fingerprint(now.source, now.inside)}"'
        if not was.is_same(now.source):
            raise unlike("source", self._config.source, was, now.source, how)
        for path, mount in inside.items():
            there = now.inside.get(path)
            if there is not None:
                if not mount.is_same(there):
                    raise unlike("source", there.place, mount, there, how)
                continue
            place = unquote_to_bytes(path)
            if self._leaves_out(place):
                continue
            if not automounts.is_on_demand(place, self._inside):
                raise gone_inside("source", join(self._config.source, place), mount, how)
            # It may be away for days (a laptop, a machine that sleeps), so back up the rest.
            self.unread[place] = mount

    # --- watching -----------------------------------------------------------------------------------------------------

    def _look(self) -> tuple[object, ...]:
        one, other = os.stat(self._config.source), os.stat(self._config.destination)
        return self._look_inside(), one.st_dev, one.st_ino, other.st_dev, other.st_ino

    def _look_inside(self) -> object:
        known, config = self.known, self._config
        if not self.is_blind:
            return mounts.table()
        return (
            untold.devices(config.source, known.inside),
            untold.devices(config.destination, known.destination_inside),
        )


def _path(error: OSError) -> bytes:
    return os.fsencode(error.filename) if isinstance(error.filename, (bytes, str)) else b"?"

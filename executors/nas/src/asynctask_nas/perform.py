"""Makes one change: the work of a transfer's thread on an item, and its outcome."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from asynctask_nas import attributes
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy, copy_file, is_copied
from asynctask_nas.destination import Destination
from asynctask_nas.entries import (
    COPIED,
    Entry,
    Kind,
    Skipped,
    damage_reason,
    destination_reason,
    look_in,
    source_reason,
)
from asynctask_nas.exclude import Exclude
from asynctask_nas.extras import survey
from asynctask_nas.leftovers import remove
from asynctask_nas.links import copy_symlink, is_symlink_current, link_entry
from asynctask_nas.listed_names import ListedNames
from asynctask_nas.names import folded, is_listed_beside
from asynctask_nas.notes import (
    REFUSED,
    STAYS,
    WAS_THERE,
    joined,
    note_of_copied,
    note_of_displaced,
    note_of_resized,
    note_of_set_aside,
)
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.paths import parent
from asynctask_nas.tree import Tree, divide


@dataclass(frozen=True, slots=True)
class Performer:
    """Makes changes in a destination; thread-safe, and each change may be made again."""

    source: Tree | bytes
    destination: Destination
    pace: Pace
    exclude: Exclude = field(default_factory=Exclude)
    check: Callable[[], None] = lambda: None
    """Checks that both roots are still there; called before anything is marked."""
    is_all_held: bool = False
    """True if nothing is mounted inside the roots, so that changes reached them even if they were unmounted since."""
    listed: ListedNames = field(default_factory=ListedNames)

    def perform(self, change: Change, part: PartialCopy) -> None:
        """Make one change. `part` says where a file goes on, then shows its progress, and at the end has its note.

        Raises:
            Skipped: it cannot be made now, for a reason that concerns this entry only.
            PaceStopped: a stop was asked for.
            OSError: the destination failed as a whole, or is full.
        """
        try:
            self._perform(change, part)
        except OSError as error:
            reason = destination_reason(error)
            if reason is None:
                raise
            raise Skipped(reason) from error
        self._note_displaced(change, part)

    def _note_displaced(self, change: Change, part: PartialCopy) -> None:
        """Note where a displaced entry is now, even if a killed attempt has moved it."""
        place = self.destination.displaced.pop(change.path, None)
        if place is None and change.displaces:
            place = self.destination.set_aside_before(change.path)
        if place and (found := self.destination.look(place)):
            part.note = joined(part.note, note_of_displaced(found.kind, place))

    def _perform(self, change: Change, part: PartialCopy) -> None:
        path, source = change.path, Tree.of(self.source)
        part.note = ""
        if change.spelled:
            self.destination.respell(change.spelled, path)
        match change.action:
            case Action.COPY:
                self._copy_anew(change, part)
            case Action.LINK:
                assert change.leader is not None
                if not link_entry(source, change.leader, path, self.destination):
                    self._copy_name(change, part)
            case Action.SYMLINK:
                copy_symlink(source, path, self.destination)
            case Action.ATTRIBUTES:
                # If names differ only in letter case, one entry was kept, which may be the copy of another file.
                is_its_own = not change.spelled or is_copied(source, part, self.destination, self.pace)
                if not is_its_own or not self._finish(path, Action.ATTRIBUTES, part):
                    self._copy_instead(part)
            case Action.FOLDER:
                self._finish(path, Action.FOLDER, part, changed=bool(change.mtime_ns))
            case Action.MARK:
                part.note = self._mark(path)
            case Action.CLEAN:
                self.clean(path)
            case Action.SAME:
                pass
            case Action.SKIP:
                self._look_again(path, change.reason)

    def _copy_anew(self, change: Change, part: PartialCopy) -> None:
        """Copy a file, unless a comparison of both contents shows that only its time must be set."""
        if change.may_be_same and self._takes_over(part):
            part.note = joined(WAS_THERE, part.note)
            return
        self._copy(part)
        if part.moved != change.size:
            part.note = note_of_resized(part.moved, part.note)

    def _copy(self, part: PartialCopy) -> None:
        copy_file(self.source, part, self.destination, self.pace)

    def _copy_name(self, change: Change, part: PartialCopy) -> None:
        """Copy an entry that cannot be linked. A separate copy that is current stays: else each run would copy it."""
        path, source = change.path, Tree.of(self.source)
        entry, copy = source.look(path), self.destination.look(path)
        if entry is not None and entry.kind is Kind.SYMLINK:
            if not change.renews and is_symlink_current(source, path, entry, self.destination):
                part.note = WAS_THERE
            else:
                copy_symlink(source, path, self.destination)
            return
        is_alone = copy is not None and copy.kind is Kind.FILE and copy.links == 1
        if is_alone and not change.renews and self._finish(path, Action.ATTRIBUTES, part):
            part.note = joined(WAS_THERE, part.note)
        else:
            self._copy_instead(part)

    def _copy_instead(self, part: PartialCopy) -> None:
        self._copy(part)
        part.note = note_of_copied(part.moved, part.note)

    def clean(self, path: bytes) -> int:
        """Delete an unfinished file of a task that has ended; returns the bytes of storage that this frees."""
        self.destination.opened.open(parent(path))
        return remove(self.destination.tree, path)

    def _mark(self, path: bytes) -> str:
        """Set aside an entry that only the destination has; returns its note."""
        # Look before and after the check: a source that was away for a moment must not cause a mark.
        if self._is_back(path):
            return STAYS
        self.check()
        if self._is_back(path):
            return STAYS
        found, tree = self.destination.look(path), self.destination.tree
        is_folder = found is not None and found.kind is Kind.FOLDER
        if is_folder and self.exclude and survey(tree, path, self.exclude, self.look).must_stay:
            raise Skipped("destination: holds something excluded now")
        place = self.destination.set_aside(path)
        return note_of_set_aside(place) if place else ""

    def look(self) -> None:
        """Check for a stop during work that can begin anew.

        Raises:
            PaceStopped: a stop was asked for.
        """
        if self.pace.is_stopping:
            raise PaceStopped

    def _is_back(self, path: bytes) -> bool:
        """Tell whether the entry has appeared in the source since the comparison, so that it must stay.

        Raises:
            Skipped: the source cannot be read.
        """
        folds, source = self.destination.holds.names.folds, Tree.of(self.source)
        try:
            if not folds and source.look(path) is None:
                return False
            listed = self.listed.of(source, parent(path), self.look)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            reason = source_reason(error)
            raise (error if reason is None else Skipped(reason)) from error
        # A source may find a file under names that it does not list, and a destination may take two names for one.
        name = path.rpartition(b"/")[2]
        if listed is None or name in listed.names:
            return listed is not None
        if not folds or folded(name) not in listed.keys:
            return False
        return not all(self._is_beside(one, path) for one in listed.names if folded(one) == folded(name))

    def _is_beside(self, one: bytes, path: bytes) -> bool:
        """Tell whether the destination has an entry `one` in the folder of `path`, as another entry than `path`."""
        (inside, name), tree = divide(path), self.destination.tree
        with tree.folder(inside) as folder:
            other, this = look_in(folder, one), look_in(folder, name)
        if other is None or this is None or (other.device, other.inode) == (this.device, this.inode):
            return False
        # With FUSE, one file may have another inode number for each spelling of its name.
        return is_listed_beside(one, name, tree.names(inside, self.look))

    def _takes_over(self, part: PartialCopy) -> bool:
        """Set the times of a copy if it already has the source's content; tell whether it had."""
        read, copy = Tree.of(self.source).look(part.path), None
        with suppress(OSError):
            copy = self.destination.look(part.path)
        if read is None or copy is None:
            return False
        if self.destination.holds.same_time(read.mtime_ns, copy.mtime_ns):
            # An earlier attempt made it, and may have failed to flush it; content that the disk lost may still be read
            # from memory.
            return False
        if not is_copied(self.source, part, self.destination, self.pace):
            return False
        return self._finish(part.path, Action.ATTRIBUTES, part, read=read)

    def _finish(
        self,
        path: bytes,
        action: Action,
        part: PartialCopy,
        *,
        changed: bool = True,
        read: Entry | None = None,
    ) -> bool:
        """Set the attributes of an entry; make folders first.

        Returns False, and sets nothing, if a file's content may differ from the source: with the new time, no later run
        would notice. `read` is the source as it was when both contents were compared.
        """
        source = Tree.of(self.source)
        wanted = Kind.FOLDER if action is Action.FOLDER else Kind.FILE
        try:
            entry = source.look(path)
            if entry is None and action is Action.FOLDER and not changed:
                return True  # only the destination has it: something in it was marked or removed
            if entry is None:
                raise Skipped("vanished")
            if entry.kind is not wanted:
                raise Skipped(f"is a {entry.kind.value} now")
            extended = attributes.to_copy((source, path))
        except OSError as error:
            reason = source_reason(error)
            raise (error if reason is None else Skipped(reason)) from error
        if action is Action.FOLDER:
            self.destination.ensure_folder(path)
        try:
            with self.destination.tree.entry(path) as (target, copy):
                if copy.kind is not wanted:
                    raise Skipped(f"destination: is a {copy.kind.value} now")
                if wanted is Kind.FILE and not self._is_current(entry, copy, read):
                    return False
                around = path if wanted is Kind.FOLDER else parent(path)
                self.destination.will_write(copy.device, target if isinstance(target, int) else around)
                if not attributes.apply(target, entry, extended, self.destination.holds) and changed:
                    part.note = joined(part.note, REFUSED)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Skipped("destination: vanished") from error
        except OSError as error:
            if wanted is Kind.FILE and damage_reason(error):
                return False  # a copy that is damaged on its disk is replaced by a new one
            raise
        if action is Action.FOLDER:
            self.destination.opened.forget(path)
        return True

    def _is_current(self, entry: Entry, copy: Entry, read: Entry | None) -> bool:
        if read is not None:
            return (entry.size, entry.mtime_ns) == (read.size, read.mtime_ns)
        return entry.size == copy.size and self.destination.holds.same_time(entry.mtime_ns, copy.mtime_ns)

    def _look_again(self, path: bytes, reason: str) -> None:
        """Skip an entry that the comparison found uncopyable, with the present reason."""
        try:
            entry = Tree.of(self.source).look(path)
        except OSError:
            entry = None
        if entry is not None and entry.kind not in COPIED:
            reason = f"is a {entry.kind.value}"
        raise Skipped(reason)

"""Walks through two trees side by side, entry by entry, in an order that allows to go on after a kill.

Memory holds the names of one folder for each level, never the whole tree. Entries come in the order of their paths'
names, compared as bytes, a folder before its content: so the path of the last entry is the whole position.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, Self

from asynctask_core.errors import DestinationInsideSource
from asynctask_nas.entries import Entry, Kind, copy_reason, source_reason
from asynctask_nas.exclude import LOST, REMOVED, STATE, Exclude, is_reserved
from asynctask_nas.extras import extras, survey
from asynctask_nas.glance import Glance
from asynctask_nas.holds import NameRules
from asynctask_nas.looks import EVERY, Look, looking, no_look
from asynctask_nas.names import Matches, NameTrials
from asynctask_nas.new_files import NewFiles
from asynctask_nas.paths import ROOT
from asynctask_nas.sides import FolderSide
from asynctask_nas.tree import Tree, held
from asynctask_nas.words import printable

_AT_ONCE = 512
"""Names of a folder that are matched with the patterns at once."""
_OURS = "destination: "
_AWAY = "its file system is not mounted"
_IN_THE_WAY = "destination: the entry in its place is excluded, or has excluded entries in it"


class Pair(NamedTuple):
    """The entries of both sides at `path`, which is relative and in bytes. `problem` says why one cannot be read.

    For a folder that only the destination has, or that the source has as another kind, `inside` is the number of
    entries in it. `stays` is True if such a folder cannot move, since entries in it are excluded or cannot be read: its
    other entries come as pairs of their own. `spelled` is the destination's spelling of the path's last name, if it
    differs. A pair without entries only shows the position, while the walk passes over very many names. `is_again` is
    True for a folder that came before, and turned out to be unreadable.
    """

    path: bytes
    source: Entry | None
    existing: Entry | None
    problem: str = ""
    inside: int = 0
    stays: bool = False
    spelled: bytes = b""
    is_again: bool = False

    @property
    def displaces(self) -> bool:
        """True if the destination has another kind of entry there than the source."""
        source, existing = self.source, self.existing
        return source is not None and existing is not None and source.kind is not existing.kind


class _Listed(NamedTuple):
    """The names of both sides in the folder `path`; `names` are those of both, sorted, after the walk's position."""

    path: bytes
    names: list[bytes]
    theirs: frozenset[bytes]
    ours: frozenset[bytes]
    matches: Matches
    after: tuple[bytes, ...]


class Walk:
    """Goes through a source and a destination together, from after the path `after` if one is given.

    A folder that only the destination has is one pair, followed by our unfinished files in it. Excluded entries, the
    removed folder and the marker's folder are left out on both sides. `mounted` are relative paths of mounts inside the
    source: if given, the walk stays on the source's own file system. With `names`, names that the destination takes for
    the same are one pair. `unread` are places in the source that are not mounted now: the walk does not enter them.

    Raises:
        DestinationInsideSource: the destination is also in a folder of the source (a bind mount).
        OSError: a file system failed as a whole.
    """

    def __init__(
        self,
        source: Tree | bytes,
        destination: Tree | bytes,
        exclude: Exclude | None = None,
        *,
        after: bytes | None = None,
        mounted: frozenset[bytes] | None = None,
        shown: bytes | None = None,
        names: NameTrials | None = None,
        unread: Collection[bytes] = (),
    ) -> None:
        self._source = Tree.of(source)
        self._destination = Tree.of(destination)
        self._exclude = exclude or Exclude()
        self._names = names or NameTrials(NameRules())
        self._after: tuple[bytes, ...] | None = None if after is None else _parts(after)
        self._own = self._destination.look(ROOT)
        self._root = self._source.look(ROOT)
        self._mounted = mounted
        self._unread = unread
        self._look: Look = no_look
        self._shown = shown or self._destination.path
        self._glance: Glance | None = None
        self._new: NewFiles | None = None

    def obey(self, look: Look) -> Self:
        """Call `look` now and then between pairs; it may raise."""
        self._look = look
        return self

    def skip_same(self, glance: Glance) -> Self:
        """Leave out files that are the same: `glance` counts them. Not with `mounted`, since a mount may be a file."""
        if glance.is_possible and not self._mounted:
            self._glance = glance
        return self

    def skip_new(self, new: NewFiles) -> Self:
        """Leave out plain files that only the source has: `new` makes their changes."""
        if new.is_possible and not self._mounted and not self._unread:
            self._new = new
        return self

    def __iter__(self) -> Iterator[Pair]:
        root = Pair(ROOT, self._root, self._own)
        if self._after is None:
            yield root
        levels = [self._level(root, self._after or ())]
        while levels:
            found = next(levels[-1], None)
            if found is None:
                levels.pop()
                continue
            pair, rest = found
            if (
                pair.source is None
                and pair.existing
                and pair.existing.kind is Kind.FOLDER
                and not pair.problem
            ):
                yield from self._extras(pair.path)
                continue
            if rest is None:
                yield pair
            if pair.source is None or pair.source.kind is not Kind.FOLDER or pair.problem:
                continue
            if not self._is_elsewhere(pair.path, pair.source):
                levels.append(self._level(pair, rest or ()))

    def _extras(self, folder: bytes) -> Iterator[Pair]:
        for one in extras(self._destination, folder, self._exclude, self._look):
            if self._after is not None and _parts(one.path) <= self._after:
                continue
            existing, problem = None, one.problem
            try:
                existing = self._destination.look(one.path)
            except OSError as error:
                problem = problem or _OURS + _reason(error, is_ours=True)
            if existing is not None or problem:
                yield Pair(one.path, None, existing, problem, inside=one.inside, stays=one.stays)

    def _is_elsewhere(self, path: bytes, entry: Entry) -> bool:
        """Tell whether an entry is on a file system that the walk does not enter.

        For folders the device decides. Not for files: in a union of several file systems, such as a container's, they
        have other devices.
        """
        if self._mounted is None or self._root is None:
            return False
        return path in self._mounted or (entry.kind is Kind.FOLDER and entry.device != self._root.device)

    def _level(
        self, folder: Pair, after: tuple[bytes, ...]
    ) -> Iterator[tuple[Pair, tuple[bytes, ...] | None]]:
        """The pairs in one folder; with each, the rest of `after` below it, or None if the pair is new."""
        path, is_read = folder.path, False
        try:
            theirs = frozenset(self._source.names(path, self._look))
            is_read = True
            ours = self._ours(folder)
        except OSError as error:
            if path == ROOT:
                raise  # the whole side fails, not one entry
            side = _OURS if is_read else ""
            problem = f"{side}folder cannot be read: {_reason(error, is_ours=is_read)}"
            # The destination's entries here stay, since it is not known which are extra.
            yield Pair(path, folder.source, folder.existing, problem, is_again=True), None
            return
        matches = self._match(path, theirs, ours)
        source, destination = FolderSide(self._source, path), FolderSide(self._destination, path)
        names = sorted({*theirs, *ours.difference(matches.spelled.values())})
        if after:
            del names[: bisect_left(names, after[0])]
        passed = 0
        try:
            for name in self._closer(_Listed(path, names, theirs, ours, matches, after), source, destination):
                child = name if path == ROOT else path + b"/" + name
                rest = after[1:] if after and name == after[0] else None
                spelled = matches.spelled.get(name, b"")
                is_ours = name in ours or bool(spelled)
                pair = self._pair(
                    child, name, source if name in theirs else None, destination if is_ours else None
                )
                if pair is None:
                    passed += 1
                    if passed == EVERY:
                        passed = 0
                        yield Pair(child, None, None), rest
                    continue
                passed = 0
                if spelled:
                    pair = pair._replace(spelled=spelled)
                if name in matches.problems and not pair.problem:
                    pair = pair._replace(problem=matches.problems[name])
                known = pair.source or pair.existing
                if known is not None and known.kind is Kind.FOLDER:
                    for side in (source, destination):
                        side.close()  # the walk enters the folder now
                yield pair, rest
        finally:
            source.close()
            destination.close()

    def _closer(self, listed: _Listed, source: FolderSide, destination: FolderSide) -> Iterator[bytes]:
        """Those names of a folder that become pairs, in portions, since there may be a million."""
        path, names, theirs, ours, matches, after = listed
        glance, new = self._glance, self._new
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE] if len(names) > _AT_ONCE else names
            closer: Iterable[bytes] = some
            here = theirs.intersection(some)
            # Not at the top, where some entries belong to the system.
            if glance is not None and path != ROOT and (both := self._files(path, here & ours, after)):
                closer = glance.closer(some, both, source, destination)
            if new is not None and (only := self._files(path, here - ours, after)):
                closer = new.closer(path, closer, only.difference(matches.problems), source)
            yield from closer

    def _files(self, path: bytes, names: frozenset[bytes], after: tuple[bytes, ...]) -> frozenset[bytes]:
        """The names that are not excluded as files, after the walk's position."""
        if after:
            names = frozenset(name for name in names if name > after[0])
        if self._exclude:
            above, matches = b"" if path == ROOT else path + b"/", self._exclude.matches
            names = frozenset(name for name in names if not matches(above + name, is_folder=False))
        return names

    def _match(self, path: bytes, theirs: frozenset[bytes], ours: frozenset[bytes]) -> Matches:
        wanted = self._wanted(path, theirs)
        if not ours or not self._names.rules.folds:
            return self._names.match(b"", wanted, ours, self._look)
        with self._destination.folder(path) as folder:
            place = held(folder) or self._destination.full(path)
            return self._names.match(place, wanted, ours, self._look)

    def _wanted(self, path: bytes, names: frozenset[bytes]) -> Collection[bytes]:
        """The names without excluded ones, if names may be taken for the same: excluded ones must not conflict."""
        if not self._names.rules.folds or not self._exclude:
            return names
        above = b"" if path == ROOT else path + b"/"
        return [name for name in looking(names, self._look) if not self._is_excluded(above + name)]

    def _is_excluded(self, path: bytes) -> bool:
        entry = self._source.look(path)
        return self._exclude.matches(path, is_folder=entry is not None and entry.kind is Kind.FOLDER)

    def _ours(self, folder: Pair) -> frozenset[bytes]:
        if folder.existing is None or folder.existing.kind is not Kind.FOLDER:
            return frozenset()
        try:
            return frozenset(self._destination.names(folder.path, self._look))
        except (FileNotFoundError, NotADirectoryError):
            return frozenset()

    def _pair(
        self, path: bytes, name: bytes, theirs: FolderSide | None, ours: FolderSide | None
    ) -> Pair | None:
        """The pair for `name`, from the sides that list it; None if it is left out."""
        if path == LOST and theirs is None:
            return None
        if path == STATE:
            return None  # also in a source that is itself a destination of other backups
        # An automounter's folders on the way to an unmounted place are missing too.
        is_away = path in self._unread or (theirs is None and self._leads_away(path))
        problem = _AWAY if is_away else ""
        source = existing = None
        try:
            # Only if it lists the name: a source that folds letter case also finds `docs` as `Docs`.
            source = theirs.look(name) if theirs else None
        except OSError as error:
            problem = _reason(error)
        try:
            existing = ours.look(name) if ours and path != REMOVED else None
        except OSError as error:
            problem = problem or _OURS + _reason(error, is_ours=True)
        if theirs and source is None and existing is not None and not problem:
            # It was listed a moment ago. The next run will see whether it was deleted or is only unreachable.
            problem = "vanished"
        if source and is_reserved(path):
            return Pair(path, source, existing, "a name that is reserved for backups")
        if source is None and existing is None and not problem:
            return None
        known = source or existing
        is_ours = source is None and is_reserved(path)  # never excluded, even if hidden files are
        is_folder = known is not None and known.kind is Kind.FOLDER
        if self._exclude and not is_ours and self._exclude.matches(path, is_folder=is_folder):
            return None
        if source and source.kind is not Kind.FOLDER and self._is_elsewhere(path, source):
            return None
        inside = 0
        if source and existing and source.kind is not existing.kind:
            inside, in_the_way = self._displaced(path, existing)
            if in_the_way:
                return Pair(path, source, existing, in_the_way)
        own = self._own
        if source and own and (source.device, source.inode) == (own.device, own.inode):
            raise DestinationInsideSource(
                f"the destination '{printable(self._shown)}' is also mounted inside the source, "
                f"at '{printable(path)}'"
            )
        return Pair(path, source, existing, problem, inside)

    def _leads_away(self, path: bytes) -> bool:
        return any(one.startswith(path + b"/") for one in self._unread)

    def _displaced(self, path: bytes, existing: Entry) -> tuple[int, str]:
        """How many entries are in an entry that must move away for another kind, and why it may not, if so."""
        is_folder = existing.kind is Kind.FOLDER
        if self._exclude and self._exclude.matches(path, is_folder=is_folder):
            return 0, _IN_THE_WAY
        if not is_folder:
            return 0, ""
        about = survey(self._destination, path, self._exclude, self._look)
        if about.excluded:
            return 0, _IN_THE_WAY
        return about.entries, "destination: the folder in its place cannot be read" if about.unread else ""


def _reason(error: OSError, *, is_ours: bool = False) -> str:
    """Why one entry of the source, or of the destination (`is_ours`), cannot be read.

    Raises:
        OSError: the error is not a matter of that entry.
    """
    reason = copy_reason(error) if is_ours else source_reason(error)
    if reason is None:
        raise error
    return reason


def _parts(path: bytes) -> tuple[bytes, ...]:
    return () if path == ROOT else tuple(path.split(b"/"))

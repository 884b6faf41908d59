"""The stages' checkpoints. Paths are percent-encoded: JSON has no bytes, and people can still read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import quote_from_bytes, unquote_to_bytes

from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.entries import Kind
from asynctask_nas.exclude import is_part, is_reserved, is_systems_own
from asynctask_nas.glance import Glance
from asynctask_nas.holes import content_estimate
from asynctask_nas.paths import ROOT
from asynctask_nas.roots import KnownRoots
from asynctask_nas.walk import Pair
from asynctask_nas.words import EXAMPLES, counted, printable

_NO_CHANGES = frozenset({Action.SAME, Action.SKIP, Action.CLEAN})


@dataclass
class Compared:
    """The progress of a comparison: the last path that was compared, and the counts so far."""

    after: str | None = None
    files: int = 0
    folders: int = 0
    bytes: int = 0
    content: int = 0
    """`bytes` without holes."""
    extra: int = 0
    """Entries that only the destination has, and that will be marked or cannot be read."""
    changes: int = 0
    """How many of all these entries have to change: `copies`, `folder_changes`, `attribute_changes` and `marks`."""
    copies: int = 0
    copied_bytes: int = 0
    """Content of those files and links."""
    folder_changes: int = 0
    """Folders to make, or to give their attributes."""
    attribute_changes: int = 0
    """Files of which only attributes differ."""
    skipped: int = 0
    """Entries that cannot be copied or read."""
    leftovers: int = 0
    """Unfinished copies to remove, which do not count as entries."""
    existing: int = 0
    """Entries of the destination, including those that only it has."""
    marks: int = 0
    """Changes that mark."""
    marked: int = 0
    """Entries that those changes move."""
    displacements: int = 0
    """Changes that put an entry in the place of one of another kind."""
    displaced: int = 0
    """Entries that those changes move away, with the entries in them."""
    displaced_examples: list[str] = field(default_factory=list[str])
    examples: list[str] = field(default_factory=list[str])
    parts: int = 0
    """Unfinished copies of other tasks that may go on."""
    part_bytes: int = 0
    """Bytes of storage that those copies take."""
    roots: KnownRoots | None = None
    left_out: dict[str, int] = field(default_factory=dict[str, int])
    """How many entries lose what at the destination (`asynctask_nas.left_out`)."""
    left_out_firsts: dict[str, str] = field(default_factory=dict[str, str])
    """The first entry for each of these."""
    has_content: bool = False
    """True once the source had an entry that is a user's."""
    has_copies: bool = False
    """True once a copy of a source's entry was found at the destination."""

    @property
    def is_empty(self) -> bool:
        """True if the source has only entries that systems put there by themselves."""
        return not self.has_content

    @property
    def entries(self) -> int:
        """All entries that were compared: those of the source, and extra ones that change."""
        return self.files + self.folders + self.extra

    @property
    def message(self) -> str:
        """The text beside the progress bar: what is to be done, as far as it is known."""
        return self.found()

    def found(self, size: str = "") -> str:
        """What is to be done; `size` stands behind the files to copy."""
        others = self.changes - self.copies - self.folder_changes - self.attribute_changes - self.marks
        parts = [
            f"{counted(self.copies, 'files')} to copy{size}" if self.copies else "",
            f"{counted(self.folder_changes, 'folders')} to make or update" if self.folder_changes else "",
            f"attributes of {counted(self.attribute_changes, 'files')} to set"
            if self.attribute_changes
            else "",
            f"{counted(self.marked, 'entries')} to move to .asynctask-removed" if self.marks else "",
            # A checkpoint of an older version counts them together.
            counted(others, "changes") if others > 0 else "",
            f"{self.skipped:,} to skip" if self.skipped else "",
            f"{counted(self.leftovers, 'unfinished copies')} to remove" if self.leftovers else "",
        ]
        return ", ".join(filter(None, parts)) or "nothing to change"

    @property
    def path(self) -> bytes | None:
        """The last path that was compared."""
        return None if self.after is None else unquote_to_bytes(self.after)

    def count(self, pair: Pair, change: Change | None) -> None:
        """Count one step of the walk."""
        entry = pair.source
        if pair.is_again:
            self.skipped += 1
            return
        if not self.has_content:
            is_theirs = entry is not None or (pair.problem and not pair.problem.startswith("destination: "))
            self.has_content = bool(is_theirs) and pair.path != ROOT and not is_systems_own(pair.path)
        if entry is not None:
            if entry.kind is Kind.FOLDER:
                self.folders += 1
            else:
                self.files += 1
            if entry.kind is Kind.FILE:
                self.bytes += entry.size
                self.content += content_estimate(entry)
        if change is None and entry is not None and not is_part(pair.path):
            # Nearly all entries of an unchanged tree: the code below would count nothing more.
            if pair.existing is not None and pair.path != ROOT:
                self.existing += 1
                self.has_copies = True
            return
        if change is not None:
            self._count_change(pair, change)
        if pair.existing is not None and change is None and is_part(pair.path):
            self.parts += 1
            self.part_bytes += pair.existing.allocated
        if pair.existing is not None and pair.path != ROOT and not is_reserved(pair.path):
            self.existing += 1 + pair.inside

    def _count_change(self, pair: Pair, change: Change) -> None:
        action = change.action
        self.has_copies |= action in _KEEPS_COPY
        self.changes += action not in _NO_CHANGES
        if action is Action.COPY or action is Action.SYMLINK:
            self.copies += 1
            self.copied_bytes += change.size
        self.folder_changes += action is Action.FOLDER
        self.attribute_changes += action is Action.ATTRIBUTES
        self.skipped += action is Action.SKIP
        self.leftovers += action is Action.CLEAN
        self.extra += pair.source is None and action is not Action.CLEAN
        if action is Action.MARK:
            self.marks += 1
            self.marked += 1 + pair.inside
            self.examples = _with_example(self.examples, pair.path)
        elif pair.displaces and action is not Action.SKIP:
            self.displacements += 1
            self.displaced += 1 + pair.inside
            kind = f"the {pair.existing.kind.value} " if pair.existing else ""
            self.displaced_examples = _with_example(self.displaced_examples, pair.path, kind)

    def count_same(self, glance: Glance) -> None:
        """Count the files that `glance` found to be the same."""
        files, size, content = glance.take()
        self.files += files
        self.bytes += size
        self.content += content
        self.existing += files
        self.has_copies |= files > 0

    def count_new(self, changes: Sequence[Change]) -> None:
        """Count plain files that only the source has (`NewFiles`)."""
        self.files += len(changes)
        self.changes += len(changes)
        self.copies += len(changes)
        size = sum(one.size for one in changes)
        self.copied_bytes += size
        self.bytes += size
        self.content += size
        if not self.has_content:
            self.has_content = not all(is_systems_own(one.path) for one in changes)

    def lose(self, kinds: Iterable[str], path: bytes) -> None:
        """Count what the destination does not keep of the entry at `path`."""
        for kind in kinds:
            self.left_out = {**self.left_out, kind: self.left_out.get(kind, 0) + 1}
            if kind not in self.left_out_firsts:
                self.left_out_firsts = {**self.left_out_firsts, kind: f"'{printable(path)}'"}

    def at(self, path: bytes) -> Self:
        """The same with the position `path`."""
        return replace(self, after=quote_from_bytes(path))


_KEEPS_COPY = frozenset({Action.SAME, Action.ATTRIBUTES})


def _with_example(examples: list[str], path: bytes, kind: str = "") -> list[str]:
    return examples if len(examples) == EXAMPLES else [*examples, f"{kind}'{printable(path)}'"]


@dataclass(frozen=True)
class KeptPart:
    """A large, unfinished file: it is on storage up to `proven`, which counts if the source is unchanged.

    `stored` is how much of that is content: the rest are holes.
    """

    path: str
    size: int
    mtime_ns: int
    proven: int
    stored: int = 0
    grew: bool = False
    ctime_ns: int = 0

    @staticmethod
    def of(part: PartialCopy) -> KeptPart:
        """The durable part of `part`."""
        return KeptPart(
            *(quote_from_bytes(part.path), part.size, part.mtime_ns, part.proven, part.stored),
            grew=part.grew,
            ctime_ns=part.ctime_ns,
        )

    def part(self) -> PartialCopy:
        """The part to go on from."""
        return PartialCopy(
            path=unquote_to_bytes(self.path),
            size=self.size,
            mtime_ns=self.mtime_ns,
            written=self.proven,
            proven=self.proven,
            moved=self.stored,
            stored=self.stored,
            grew=self.grew,
            ctime_ns=self.ctime_ns,
        )


@dataclass(frozen=True)
class Transferred:
    """The large, unfinished files; finished items are in the manifest."""

    parts: list[KeptPart] = field(default_factory=list[KeptPart])
    grown: int = 0
    """Only older versions wrote this: now the items' notes are counted (`asynctask_nas.notes`)."""

    @staticmethod
    def of(parts: Iterable[PartialCopy]) -> Transferred:
        """The durable parts of `parts`."""
        return Transferred([KeptPart.of(part) for part in parts if part.proven])


@dataclass(frozen=True)
class Verified:
    """The progress of a verification: the last item's position, or with "all" the last path, and the counts so far."""

    after: int = -1
    path: str | None = None
    items: int = 0
    passed_over: int = 0
    """Files that are not compared, since they were skipped."""
    bytes: int = 0
    """Content of all these files, for the progress."""
    reread: int = 0
    """Content that was read again through hard links: it already counts for the name under which it was copied."""
    moved_on: int = 0
    first_moved_on: str = ""
    different: int = 0
    repaired: int = 0
    verified: int = 0
    """How many of `items` equal the source."""
    verified_bytes: int = 0
    """Content of those."""
    unreadable: int = 0
    unreadable_example: str = ""
    repairing: str = ""
    """The entry whose repair has begun; `difference` says how it differed."""
    difference: str = ""
    examples: list[str] = field(default_factory=list[str])

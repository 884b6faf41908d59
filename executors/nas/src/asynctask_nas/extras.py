"""Entries that only the destination has: which of them may be moved away, and which must stay.

A folder moves as a whole if all of it can be read and nothing in it is excluded. Otherwise it stays, with the excluded
and unreadable entries in it, and the rest moves piece by piece: excluded entries are never marked, wherever they lie,
and entries that cannot be read may be excluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from asynctask_nas.entries import copy_reason
from asynctask_nas.exclude import Exclude
from asynctask_nas.leftovers import is_unfinished
from asynctask_nas.looks import Look, looking, no_look
from asynctask_nas.paths import parent
from asynctask_nas.tree import Tree


@dataclass(slots=True)
class Survey:
    """What lies below a folder of the destination."""

    entries: int = 0
    parts: list[bytes] = field(default_factory=list[bytes])
    """Unfinished files and folders of ours, which do not count as entries."""
    excluded: int = 0
    unread: int = 0
    """Folders that cannot be read, and entries whose kind cannot be read."""
    staying: set[bytes] = field(default_factory=set[bytes])
    """The folders that contain excluded or unreadable entries."""

    @property
    def must_stay(self) -> bool:
        """True if the folder cannot move as a whole."""
        return self.excluded > 0 or self.unread > 0

    def keep(self, folder: bytes, top: bytes) -> None:
        """Make `folder` stay, and its parents up to `top`."""
        while folder not in self.staying:
            self.staying.add(folder)
            if folder == top:
                return
            folder = parent(folder)


def survey(root: Tree, folder: bytes, exclude: Exclude, look: Look = no_look) -> Survey:
    """Look through everything below `folder`, links not followed. `look` is called now and then, and may raise."""
    found = Survey()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            entries = root.scan(here, look)
        except FileNotFoundError:
            continue
        except OSError:
            found.unread += 1
            found.keep(here, folder)
            continue
        look()
        for name, is_folder in looking(entries, look):
            path = here + b"/" + name
            if isinstance(is_folder, OSError):
                found.unread += 1
                found.keep(here, folder)
                continue
            if is_unfinished(path, is_folder=is_folder):
                found.parts.append(path)
            elif exclude and exclude.matches(path, is_folder=is_folder):
                found.excluded += 1
                found.keep(here, folder)
            else:
                found.entries += 1
                if is_folder:
                    waiting.append(path)
    found.parts.sort(key=lambda path: path.split(b"/"))
    return found


@dataclass(frozen=True, slots=True)
class Extra:
    """One entry that only the destination has, and how many entries are in it.

    `stays`: a folder that cannot move; `problem`: why it cannot be read.
    """

    path: bytes
    inside: int = 0
    stays: bool = False
    problem: str = ""


def extras(root: Tree, folder: bytes, exclude: Exclude, look: Look = no_look) -> Iterator[Extra]:
    """The pieces of a folder that only the destination has, in the order of a walk, with unfinished files of ours.

    `look` is called now and then, and may raise.
    """
    staying: set[bytes] = set()
    # With a list of levels, not by recursion: a path may be a thousand folders deep.
    levels: list[Iterator[tuple[bytes, bool | OSError]]] = [iter([(folder, True)])]
    while levels:
        path, is_folder = next(levels[-1], (b"", False))
        if not path:
            levels.pop()
        elif isinstance(is_folder, OSError):
            yield Extra(path, stays=True, problem=f"destination: {_reason(is_folder)}")
        elif is_unfinished(path, is_folder=is_folder):
            yield Extra(path)
        elif path != folder and exclude.matches(path, is_folder=is_folder):
            continue
        elif not is_folder:
            yield Extra(path)
        else:
            about = survey(root, path, exclude, look) if path not in staying else None
            if about is not None and not about.must_stay:
                yield Extra(path, about.entries)
                yield from map(Extra, about.parts)
                continue
            if about is not None:
                staying |= about.staying
            try:
                entries = sorted(root.scan(path, look), key=lambda one: one[0])
            except OSError as error:
                said = f"destination: folder cannot be read: {_reason(error)}"
                yield Extra(path, stays=True, problem=said)
                continue
            yield Extra(path, stays=True)
            levels.append(_below(path, looking(entries, look)))


def _below(
    folder: bytes, entries: Iterable[tuple[bytes, bool | OSError]]
) -> Iterator[tuple[bytes, bool | OSError]]:
    for name, is_folder in entries:
        yield folder + b"/" + name, is_folder


def _reason(error: OSError) -> str:
    return copy_reason(error) or error.strerror or str(error)


def is_left_out(path: bytes, exclude: Exclude) -> bool:
    """Tell whether a folder or a parent of it is excluded."""
    names = path.split(b"/")
    return bool(exclude) and any(
        exclude.matches(b"/".join(names[:length]), is_folder=True) for length in range(1, len(names) + 1)
    )

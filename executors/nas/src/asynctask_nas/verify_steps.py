"""The steps of `verify`: entries to compare, and entries to pass over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asynctask_nas.changes import Action, Change
from asynctask_nas.entries import Entry, Kind
from asynctask_nas.holes import content_estimate
from asynctask_nas.verify import CopyVerdict

if TYPE_CHECKING:
    from asynctask_nas.walk import Pair

_ACTIONS = {Kind.FILE: Action.COPY, Kind.SYMLINK: Action.SYMLINK, Kind.FOLDER: Action.FOLDER}


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison, and the position after it."""

    change: Change
    after: int = -1
    path: bytes | None = None
    verdict: CopyVerdict | None = None
    """Known without a comparison, if one side cannot be read; `said` is the reason."""
    said: str = ""
    is_passed_over: bool = False
    """True for a file that the total includes, but that is not compared."""


def unseen(pair: Pair) -> Iterator[Step]:
    """The step for an entry that the walk could not read now, although the comparison could."""
    is_ours = pair.problem.startswith("destination: ")
    if is_ours and pair.source is None:
        return  # only the destination has it
    is_folder = pair.source is not None and pair.source.kind is Kind.FOLDER
    change = Change(path=pair.path, action=Action.FOLDER if is_folder else Action.COPY)
    if pair.problem == "vanished":
        yield Step(change, path=pair.path, verdict=CopyVerdict.MOVED_ON)
    else:
        verdict = CopyVerdict.DIFFERENT if is_ours else CopyVerdict.UNREADABLE
        yield Step(change, path=pair.path, verdict=verdict, said=pair.problem)


def passed_over(path: bytes, entry: Entry) -> Change:
    return Change(
        path=path, action=Action.SKIP, size=content_estimate(entry) if entry.kind is Kind.FILE else 0
    )


def expected(path: bytes, entry: Entry, content: int, is_later: bool) -> Change:
    """What the copy should be, with `content` bytes without holes.

    If the source changed since (`is_later`), no copy can be expected, so the time is -1, which never matches.
    """
    return Change(
        path=path,
        action=_ACTIONS[entry.kind],
        size=content,
        holes=entry.size - content if entry.kind is Kind.FILE else 0,
        mtime_ns=-1 if is_later else entry.mtime_ns,
    )

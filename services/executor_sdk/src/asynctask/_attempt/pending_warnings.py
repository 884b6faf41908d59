"""Warnings of an attempt that no event or chunk has taken yet, separate for each item that they are about.

An item's warnings go with the chunk that stores its new state. If another item's chunk took them and the executor died
before the item's own chunk, the item would still be to do, and its next attempt would count the warnings again.
"""

import threading
from collections.abc import Iterable
from typing import Final

from asynctask_core.warning_tally import WarningTally
from asynctask_protos.task.v1 import task_pb2

About = tuple[str, int]
"""What a warning is about: an item, by its manifest and position, or one of the two below."""
THE_STAGE: Final[About] = ("", -1)
"""No item: the warning goes with the next change of a manifest, or the next event."""
A_MARKED_ITEM: Final[About] = ("", -2)
"""An item that is not worked on again: its warning goes with the next chunk or event."""

_counting = threading.RLock()
"""Held for a short time, while warnings of any attempt are counted or taken.

Reentrant: a garbage collection in this thread may run code of a handler, such as a `__del__` that warns.
"""


class PendingWarnings:
    """Counts warnings of one attempt until they are taken. From any thread."""

    __slots__ = ("_tallies",)

    def __init__(self) -> None:
        self._tallies: dict[About, WarningTally] = {}

    def __bool__(self) -> bool:
        return bool(self._tallies)

    def add(self, about: About, stage: str, code: str, text: str, count: int) -> None:
        """Count a warning."""
        with _counting:
            tally = self._tallies.get(about) or self._tallies.setdefault(about, WarningTally())
            tally.keep(stage, code, text, count)

    def take(self, about: Iterable[About]) -> list[task_pb2.TaskWarning]:
        """Remove the warnings about these, and return them summed."""
        with _counting:
            return _summed(tally for one in about if (tally := self._tallies.pop(one, None)) is not None)

    def take_all(self) -> list[task_pb2.TaskWarning]:
        """Remove and return all warnings, also those about items that are not marked."""
        with _counting:
            taken, self._tallies = self._tallies, {}
            return _summed(taken.values())


NO_WARNINGS: Final = PendingWarnings()
"""Shared by the attempts that have not warned yet, which are most. It always stays empty."""


def summed(warnings: Iterable[task_pb2.TaskWarning]) -> list[task_pb2.TaskWarning]:
    """The warnings, summed to one of each stage and code."""
    tally = WarningTally()
    for one in warnings:
        tally.keep(one.stage, one.code, one.text, one.count)
    return _summed((tally,))


def _summed(tallies: Iterable[WarningTally]) -> list[task_pb2.TaskWarning]:
    total = WarningTally()
    for tally in tallies:
        for (stage, code), found in tally:
            total.keep(stage, code, found.text, found.kept)
    return [
        task_pb2.TaskWarning(stage=stage, code=code, count=found.kept, text=found.text)
        for (stage, code), found in total
    ]

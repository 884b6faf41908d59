"""Warnings of one task, counted by stage and code: what handlers report to people although they go on.

The SDK gathers warnings in a tally until it sends them; the registry folds them into one. A count has two parts. `kept`
came with a checkpoint, a finished stage or a manifest chunk: that work is not repeated. `open` came with the outcome of
an attempt, after its last checkpoint: another attempt repeats that work, so its first report replaces this part.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from asynctask_core import limits
from asynctask_core.wire import cut_text, escape_nul

OTHER: Final = "OTHER_WARNINGS"
"""The code under which a task counts warnings beyond its number of different ones."""
CODE_PATTERN: Final = re.compile(rf"[A-Z][A-Z0-9_]{{0,{limits.WARNING_CODE_CHARS - 1}}}")
CODE_WORDS: Final = (
    f"must be capital letters, digits and _, beginning with a letter, "
    f"at most {limits.WARNING_CODE_CHARS} characters"
)
"""The rule for codes, for error messages."""

Key = tuple[str, str]
"""Stage and code."""


@dataclass(slots=True)
class WarningCount:
    """How often one warning was given, and its latest text. `open_epoch` is the attempt of `open`.

    `of_items` of them came together with items that failed or were skipped.
    """

    kept: int = 0
    open: int = 0
    open_epoch: int = 0
    text: str = ""
    of_items: int = 0

    @property
    def total(self) -> int:
        """Both parts."""
        return min(self.kept + self.open, limits.WARNING_COUNT)


class WarningTally:
    """Counts warnings. Texts are cut and made storable, sums stay within what every reader's numbers can hold."""

    __slots__ = ("_counts", "_others")

    def __init__(self) -> None:
        self._counts: dict[Key, WarningCount] = {}
        self._others = 0

    def __len__(self) -> int:
        return len(self._counts)

    def __iter__(self) -> Iterator[tuple[Key, WarningCount]]:
        """Every warning, in the order in which they first came."""
        return iter(self._counts.items())

    def keep(self, stage: str, code: str, text: str, count: int, *, of_items: bool = False) -> Key:
        """Count a warning of work that is not repeated; returns the stage and code under which it is counted."""
        key, found = self._find(stage, code, text)
        found.kept = min(found.kept + count, limits.WARNING_COUNT)
        if of_items:
            found.of_items = min(found.of_items + count, limits.WARNING_COUNT)
        return key

    def leave_open(self, stage: str, code: str, text: str, count: int, epoch: int) -> Key:
        """Count a warning that came with the outcome of attempt `epoch`; returns as `keep`."""
        key, found = self._find(stage, code, text)
        found.open = min(found.open + count, limits.WARNING_COUNT)
        found.open_epoch = epoch
        return key

    def replace_open(self, epoch: int) -> list[Key]:
        """Drop open counts of other attempts than `epoch`, which repeats that work; returns the changed keys."""
        stale = [key for key, found in self._counts.items() if found.open and found.open_epoch != epoch]
        for key in stale:
            found = self._counts[key]
            found.open = found.open_epoch = 0
            if not found.kept:
                del self._counts[key]
                self._others -= key[1] == OTHER
        return stale

    def by_code(self) -> dict[str, int]:
        """Totals over all stages."""
        totals: dict[str, int] = {}
        for (_, code), found in self._counts.items():
            totals[code] = min(totals.get(code, 0) + found.total, limits.WARNING_COUNT)
        return totals

    def take(self) -> list[tuple[Key, WarningCount]]:
        """Remove and return all counts."""
        taken = list(self._counts.items())
        self._counts.clear()
        self._others = 0
        return taken

    def stage_json(self, stage: str) -> str:
        """The counts of one stage, as JSON for `load`."""
        codes: dict[str, Any] = {}
        for (name, code), found in self._counts.items():
            if name == stage:
                entry: dict[str, Any] = {"kept": found.kept, "text": found.text}
                if found.open:
                    entry |= {"open": found.open, "epoch": found.open_epoch}
                if found.of_items:
                    entry["of_items"] = found.of_items
                codes[code] = entry
        return json.dumps(codes, ensure_ascii=False)

    def load(self, stage: str, text: str) -> None:
        """Add the counts of a stage from the text of `stage_json`."""
        for code, entry in json.loads(text).items():
            self._counts[stage, code] = WarningCount(
                entry["kept"],
                entry.get("open", 0),
                entry.get("epoch", 0),
                entry["text"],
                entry.get("of_items", 0),
            )
            self._others += code == OTHER

    def _find(self, stage: str, code: str, text: str) -> tuple[Key, WarningCount]:
        key = (stage, code)
        found = self._counts.get(key)
        if found is None and code != OTHER and len(self._counts) - self._others >= limits.WARNINGS:
            key, text = (stage, OTHER), f"{code}: {text}" if text else code
            found = self._counts.get(key)
            if found is None and self._others >= limits.STAGES:
                # More stages than a type may have: an executor that invents stages gets no new entry for each.
                key = next(known for known in self._counts if known[1] == OTHER)
                found = self._counts[key]
        if found is None:
            found = self._counts[key] = WarningCount()
            self._others += key[1] == OTHER
        if text:
            found.text = cut_text(escape_nul(text), limits.WARNING_TEXT_BYTES)
        return key, found


def total(counts: Mapping[str, int]) -> int:
    """The sum of counts, at most the largest count."""
    return min(sum(counts.values()), limits.WARNING_COUNT)

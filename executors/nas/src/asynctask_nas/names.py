"""How a destination treats names: which ones it refuses, which ones it takes for the same, and how it lists them.

The rules of letter case and Unicode differ from system to system and from version to version. So this module does not
compute them: it tries suspicious names in an empty folder of the destination, so that the file system itself decides.
"""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from asynctask_nas.holds import NameRules
from asynctask_nas.looks import Look, looking, no_look
from asynctask_nas.words import printable

_ODD_BYTES = b'"*:<>?\\|\x01\n\x1f\x7f'
_DEVICES = frozenset(
    {b"con", b"prn", b"aux", b"nul", b"clock$", b"conin$", b"conout$"}
    | {b"%s%d" % (name, number) for name in (b"com", b"lpt") for number in range(10)}
)
NAME_BYTES = 255
"""Longer names are tried: most systems allow no more."""


@dataclass(slots=True)
class Matches:
    """How the destination treats the names of one source folder."""

    spelled: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    """The destination's spelling of a source's name, if it differs."""
    problems: dict[bytes, str] = field(default_factory=dict[bytes, str])
    """Names that the destination cannot have, with the reason."""


def name_rules(folder: bytes) -> NameRules:
    """Find out how the destination treats names, in an empty folder of it."""
    folds_case = _takes(folder, b"Case") and os.path.lexists(folder + b"/cASE")
    composed, apart = "form-\u00e9".encode(), "form-e\u0301".encode()
    folds_forms = _takes(folder, composed) and os.path.lexists(folder + b"/" + apart)
    odd = [b"odd%cname" % byte for byte in _ODD_BYTES]
    taken = [_takes(folder, name) for name in [*odd, b"dot.", b"space ", b"con", b"nul.txt"]]
    takes_only_utf8 = not _takes(folder, b"\xff\xfe")
    listed = set(os.listdir(folder))
    given = {b"Case", composed, b"dot.", b"space "}
    lists_otherwise = any(os.path.lexists(folder + b"/" + name) for name in given - listed)
    respells = False
    with contextlib.suppress(OSError):
        os.rename(folder + b"/Case", folder + b"/cASE")
        respells = folds_case and b"cASE" in os.listdir(folder)
    return NameRules(
        folds_case=folds_case,
        folds_forms=folds_forms,
        lists_otherwise=lists_otherwise,
        refuses=takes_only_utf8 or not all(taken),
        takes_only_utf8=takes_only_utf8,
        respells=respells,
    )


def _takes(folder: bytes, name: bytes) -> bool:
    try:
        os.close(os.open(folder + b"/" + name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return True
    except OSError:
        return False
    return True


def folded(name: bytes) -> str:
    """A key that is equal for two names if some file system may take them for the same."""
    text = name.decode("utf-8", "surrogateescape").rstrip(". ") or "."
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper().casefold())


def is_listed_beside(one: bytes, name: bytes, listed: Collection[bytes]) -> bool:
    """Tell whether a folder lists `one`, perhaps in another letter case, besides `name`: then they are two entries."""
    wanted = _lower(one)
    return any(other != name and _lower(other) == wanted for other in listed)


def _lower(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape").lower()


class NameTrials(AbstractContextManager["NameTrials"]):
    """Tries single names in the destination, in a folder that is made for the first of them."""

    def __init__(
        self, rules: NameRules, scratch: Callable[[], AbstractContextManager[bytes]] | None = None
    ) -> None:
        self.rules = rules
        self._scratch = scratch
        self._stack = ExitStack()
        self._folder: bytes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self._folder = None

    def match(
        self, folder: bytes, theirs: Collection[bytes], ours: Collection[bytes], look: Look = no_look
    ) -> Matches:
        """Match the source's names with those that the destination lists in `folder` (a full path).

        If the destination takes several names for the same, the one that it lists is kept, otherwise the first.
        It calls `look` now and then, which may raise.
        """
        found = Matches()
        if self.rules.refuses or max(map(len, theirs), default=0) > NAME_BYTES:
            for name in looking(theirs, look):
                if problem := self._problem(name):
                    found.problems[name] = problem
        if self.rules.folds:
            self._find_twins(found, theirs, ours, look)
            self._find_spellings(found, folder, theirs, ours, look)
        return found

    def _problem(self, name: bytes) -> str:
        if self.rules.takes_only_utf8 and not _is_utf8(name):
            # Never tried: exFAT's FUSE driver crashes at half a surrogate.
            return "destination: name refused (it is no UTF-8)"
        if len(name) > NAME_BYTES:
            return "" if self._is_taken(name) else "destination: name too long"
        if self.rules.refuses and _is_odd(name) and not self._is_taken(name):
            return "destination: name refused"
        return ""

    def _find_twins(
        self, found: Matches, theirs: Collection[bytes], ours: Collection[bytes], look: Look
    ) -> None:
        groups: dict[str, list[bytes]] = {}
        for name in looking(sorted(theirs), look):
            if name not in found.problems:
                groups.setdefault(folded(name), []).append(name)
        for group in looking(groups.values(), look):
            if len(group) > 1:
                if not self.rules.lists_otherwise:
                    group.sort(key=lambda name: name not in ours)
                kept: list[bytes] = []
                for name in group:
                    twin = next((one for one in kept if self._are_one(one, name)), None)
                    if twin is None:
                        kept.append(name)
                    else:
                        shown = printable(twin)
                        found.problems[name] = f"destination: takes this name and '{shown}' for the same"

    def _find_spellings(
        self, found: Matches, folder: bytes, theirs: Collection[bytes], ours: Collection[bytes], look: Look
    ) -> None:
        others = [name for name in ours if name not in theirs or name in found.problems]
        if not others:
            return
        by_key: dict[str, list[bytes]] = {}
        for name in looking(others, look):
            by_key.setdefault(folded(name), []).append(name)
        for name in looking(theirs, look):
            if name in ours or name in found.problems:
                continue
            try:
                facts = os.lstat(folder + b"/" + name)
            except OSError:
                continue
            # With FUSE, one file may have another inode number for each spelling of its name.
            alike = (one for one in by_key.get(folded(name), ()) if self._are_one(one, name))
            spelled = next(alike, None) or next(
                (one for one in others if _is_at(folder + b"/" + one, facts)), None
            )
            if spelled is not None:
                found.spelled[name] = spelled

    def _is_taken(self, name: bytes) -> bool:
        path = self._path(name)
        if not _takes(os.path.dirname(path), name):
            return False
        os.unlink(path)
        return True

    def _are_one(self, one: bytes, other: bytes) -> bool:
        path = self._path(one)
        if not _takes(os.path.dirname(path), one):
            return False
        try:
            return os.path.lexists(self._path(other))
        finally:
            os.unlink(path)

    def _path(self, name: bytes) -> bytes:
        if self._folder is None:
            assert self._scratch is not None, "a destination that folds names is given with its folder"
            self._folder = self._stack.enter_context(self._scratch())
        return self._folder + b"/" + name


def _is_at(path: bytes, facts: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.lstat(path), facts)
    except OSError:
        return False


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_odd(name: bytes) -> bool:
    if name[-1:] in {b".", b" "} or name.partition(b".")[0].rstrip(b" ").lower() in _DEVICES:
        return True
    return any(byte < 0x20 or byte in _ODD_BYTES for byte in name)

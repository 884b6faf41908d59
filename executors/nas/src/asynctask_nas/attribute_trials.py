"""Tries on a temporary entry which extended attributes a destination takes, since most rules cannot be queried.

ext4 keeps about 4 KiB of them per file; XFS, ZFS and Btrfs keep 64 KiB for each attribute; a container may not set
capabilities; some file systems keep no access lists. If a copy already has all that it can have, no run sets it again.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from types import TracebackType
from typing import Self

from asynctask_nas.attributes import extended, in_order, set_extended
from asynctask_nas.entries import Kind

_MOST = 10_000
"""Most answers that are remembered."""
_USERS = b"user."


class AttributeTrials(AbstractContextManager["AttributeTrials"]):
    """Tries single cases in the destination, in a folder that is made for the first of them."""

    def __init__(self, scratch: Callable[[], AbstractContextManager[bytes]]) -> None:
        self._scratch = scratch
        self._stack = ExitStack()
        self._folder: bytes | None = None
        self._known: dict[Hashable, bool] = {}
        self._left_out = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self._folder = None

    def take(self) -> int:
        """How many copies were found since the last call that lack attributes which the destination refuses."""
        taken, self._left_out = self._left_out, 0
        return taken

    def is_settled(self, wanted: Mapping[bytes, bytes], held: Mapping[bytes, bytes], kind: Kind) -> bool:
        """Tell whether a copy with the attributes `held` would still have only those after `wanted` were set."""
        if held.keys() - wanted.keys():
            return False  # attributes that the source does not have can be removed
        key = kind, *(_fact(name, value, held.get(name)) for name, value in sorted(wanted.items()))
        known = self._known.get(key)
        if known is None:
            known = self._try(dict(wanted), held, kind)
            if len(self._known) < _MOST:
                self._known[key] = known
        self._left_out += known
        return known

    def _try(self, wanted: dict[bytes, bytes], held: Mapping[bytes, bytes], kind: Kind) -> bool:
        if self._folder is None:
            self._folder = self._stack.enter_context(self._scratch())
        path = self._folder + b"/attributes"
        is_folder = kind is Kind.FOLDER
        try:
            if is_folder:
                os.mkdir(path, 0o700)
            else:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            for name, value in in_order(held):
                os.setxattr(path, name, value)
            # As for a copy: its owner may write while attributes are set, even if the mode forbids it.
            mode = stat.S_IMODE(os.stat(path).st_mode)
            os.chmod(path, mode | stat.S_IWUSR)
            set_extended(path, wanted)
            os.chmod(path, mode)
            return {name: value for name, value in extended(path).items() if name in wanted} == held
        except OSError:
            return False
        finally:
            _remove(path, is_folder=is_folder)


def _fact(name: bytes, wanted: bytes, held: bytes | None) -> Hashable:
    """What the answer depends on: for users' own attributes only their length."""
    if name.startswith(_USERS):
        return name, len(wanted), None if held is None else len(held), wanted == held
    return name, wanted, held


def _remove(path: bytes, *, is_folder: bool) -> None:
    with suppress(OSError):  # what stays is deleted with the folder
        (os.rmdir if is_folder else os.unlink)(path)

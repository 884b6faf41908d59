"""Which extended attributes a destination takes, tried on an entry of ours: the rules differ, and most are not told.

ext4 keeps some 4 KiB of them for a file, where XFS, ZFS and Btrfs keep 64 KiB for each; a container may not set
capabilities; some file systems keep no access lists. A copy that has what it can have is not set again by every run.
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
    """Asks the destination about single cases. A folder to try them in is made when the first question comes."""

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
        """How many copies were found since the last call that have all that they can have, which is not all."""
        taken, self._left_out = self._left_out, 0
        return taken

    def is_settled(self, wanted: Mapping[bytes, bytes], held: Mapping[bytes, bytes], kind: Kind) -> bool:
        """Tell whether a copy that has `held` stays what it is when it is given `wanted`, which is something else."""
        if held.keys() - wanted.keys():
            return False  # what the source does not have can be taken away
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
            # As a copy is given them: a mode that keeps its owner from writing is no reason to refuse any.
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
    """What the answer depends on: of users' own attributes only how long they are."""
    if name.startswith(_USERS):
        return name, len(wanted), None if held is None else len(held), wanted == held
    return name, wanted, held


def _remove(path: bytes, *, is_folder: bool) -> None:
    with suppress(OSError):  # the folder goes with all that is in it
        (os.rmdir if is_folder else os.unlink)(path)

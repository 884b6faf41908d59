"""What runs in a process that copies small files: see `asynctask_nas.copy_process`, which starts it.

It imports nothing of the platform, so that it is there at once. It ends when its parent does.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
import time
from contextlib import suppress
from typing import BinaryIO

from asynctask_nas.small import Request, SmallCopier
from asynctask_nas.tree import Tree

Answer = tuple[list[int], float]
"""What `SmallCopier.copy` answers, and the processor time that it took."""
_KEEPS = 64
_DIE_WITH_PARENT = 1


def main(source: int, destination: int, parent: int) -> None:
    """Copy between the open folders `source` and `destination` what the parent asks for, until it asks no more."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # those are for the parent
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    if os.getppid() == parent:
        _serve(sys.stdin.buffer, sys.stdout.buffer, source, destination)


def _serve(requests: BinaryIO, answers: BinaryIO, source: int, destination: int) -> None:
    umask = os.umask(0o077)
    os.umask(umask)
    # Pickle on both sides is the same program's.
    source_path, destination_path, holds = pickle.load(requests)  # noqa: S301
    theirs = Tree(source_path, source, keeps=_KEEPS)
    ours = Tree(destination_path, destination, keeps=_KEEPS)
    copier = SmallCopier(theirs, ours, holds, umask)
    with suppress(EOFError, BrokenPipeError):
        while True:
            request: Request = pickle.load(requests)  # noqa: S301
            for tree in (theirs, ours):
                tree.forget()  # somebody may have moved a folder since
            began = time.process_time()
            copied = copier.copy(request)
            answer: Answer = copied, time.process_time() - began
            pickle.dump(answer, answers)
            answers.flush()

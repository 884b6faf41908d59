"""What runs in a process that copies small files: see `asynctask_nas.copy_process`, which starts it.

It loads nothing of the platform and little of Python, so that it is there at once. It ends when its parent does.
"""

from __future__ import annotations

import ctypes
import gc
import marshal
import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any, BinaryIO

from asynctask_nas.holds import Holds
from asynctask_nas.small import Request, SmallCopier
from asynctask_nas.tree import Tree

_KEEPS = 64
_DIE_WITH_PARENT = 1
_SIZE_BYTES = 4


def main(source: int, destination: int, parent: int) -> None:
    """Copy between the open folders `source` and `destination` what the parent asks for, until it asks no more."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # those are for the parent
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    if os.getppid() == parent:
        with suppress(EOFError, BrokenPipeError):
            _serve(sys.stdin.buffer, sys.stdout.buffer, source, destination)


def _serve(requests: BinaryIO, answers: BinaryIO, source: int, destination: int) -> None:
    gc.disable()  # nothing here refers to itself, and to look for that takes longer than to load
    umask = os.umask(0o077)
    os.umask(umask)
    source_path, destination_path, known = receive(requests)
    theirs = Tree(source_path, source, keeps=_KEEPS)
    ours = Tree(destination_path, destination, keeps=_KEEPS)
    copier = SmallCopier(theirs, ours, Holds(**known), umask)
    while True:
        request: Request = receive(requests)
        for tree in (theirs, ours):
            tree.forget()  # somebody may have moved a folder since
        began, computed = time.monotonic(), time.process_time()
        copied = copier.copy(request)
        send(answers, (copied, time.process_time() - computed, time.monotonic() - began))


def greeting(source: Tree, destination: Tree, holds: Holds) -> object:
    """The first message of a parent. How names are taken is for those who choose them."""
    known = holds._asdict()
    del known["names"]
    return source.path, destination.path, known


def send(pipe: BinaryIO, message: Any) -> None:
    """Write a message of numbers, bytes, lists and the like.

    Raises:
        OSError: nobody reads any more.
    """
    data = marshal.dumps(message)
    pipe.write(len(data).to_bytes(_SIZE_BYTES, "big") + data)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """Read a message. Both sides are one program of one Python, so marshal's format is the same.

    Raises:
        EOFError: nobody writes any more.
    """
    size = int.from_bytes(_read(pipe, _SIZE_BYTES), "big")
    return marshal.loads(_read(pipe, size))  # noqa: S302 - written by our own program


def _read(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data

"""The program of a process that copies small files; `asynctask_nas.copy_process` starts it.

It does not load the SDK and loads little of Python, so that it starts quickly. It ends when its parent does.
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
    """Copy files between the open folders `source` and `destination` as the parent requests, until its pipe ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # only the parent handles these
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    if os.getppid() == parent:
        with suppress(EOFError, BrokenPipeError):
            _serve(sys.stdin.buffer, sys.stdout.buffer, source, destination)


def _serve(requests: BinaryIO, answers: BinaryIO, source: int, destination: int) -> None:
    gc.disable()  # there are no cycles here, and a collection takes longer than loading
    umask = os.umask(0o077)
    os.umask(umask)
    source_path, destination_path, known = receive(requests)
    theirs = Tree(source_path, source, keeps=_KEEPS)
    ours = Tree(destination_path, destination, keeps=_KEEPS)
    copier = SmallCopier(theirs, ours, Holds(**known), umask)
    while True:
        request: Request = receive(requests)
        for tree in (theirs, ours):
            tree.forget()  # a folder may have been moved since
        began, computed = time.monotonic(), time.process_time()
        copied = copier.copy(request)
        send(answers, (copied, time.process_time() - computed, time.monotonic() - began))


def greeting(source: Tree, destination: Tree, holds: Holds) -> object:
    """The parent's first message. It has no rules for names, since the parent chooses the names."""
    known = holds._asdict()
    del known["names"]
    return source.path, destination.path, known


def send(pipe: BinaryIO, message: Any) -> None:
    """Write a message of numbers, bytes, lists and the like.

    Raises:
        OSError: the reader is gone.
    """
    data = marshal.dumps(message)
    pipe.write(len(data).to_bytes(_SIZE_BYTES, "big") + data)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """Read a message. Both sides are one program of one Python, so marshal's format is the same.

    Raises:
        EOFError: the writer is gone.
    """
    size = int.from_bytes(_read(pipe, _SIZE_BYTES), "big")
    return marshal.loads(_read(pipe, size))  # noqa: S302 - written by our own program


def _read(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data

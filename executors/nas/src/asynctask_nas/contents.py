"""Reads two open files side by side: only where at least one of them has content, not where both have holes.

A hole equals zeros on the other side, since some file systems keep holes and others write zeros. A hole of a terabyte
on both sides takes no time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from heapq import merge
from itertools import tee

from asynctask_nas.entries import entry_of
from asynctask_nas.holes import content_of, stretches
from asynctask_nas.pace import Pace

_ZEROS = bytes(1 << 20)
_NO_MORE = 1 << 63, 1 << 64


class ContentReader:
    """Reads one of two files. `moved` is how much content was read, `content` how much there is, both without holes.

    `told` is a context manager around each read, which translates errors.
    """

    def __init__(
        self, descriptor: int, told: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> None:
        entry = entry_of(os.fstat(descriptor))
        self.size = entry.size
        self.content = content_of(descriptor, entry)
        self.moved = 0
        self._descriptor = descriptor
        self._told = told
        self._own, self.stretches = tee(stretches(descriptor, entry))
        self._begin = self._end = 0

    def read(self, begin: int, end: int, pace: Pace) -> Iterator[bytes]:
        """The bytes from `begin` to `end`, chunk by chunk, at most to the end of the file. Calls must go forward.

        Raises:
            PaceStopped: a stop was asked for.
            OSError: it cannot be read.
        """
        while begin < end:
            while self._end <= begin:
                self._begin, self._end = next(self._own, _NO_MORE)
            if begin < self._begin:
                pace.take(0)
                chunk = _ZEROS[: min(len(_ZEROS), self._begin - begin, end - begin)]
            else:
                count = min(pace.chunk_bytes, self._end - begin, end - begin)
                pace.take(count)
                with self._told():
                    chunk = os.pread(self._descriptor, count, begin)
                if not chunk:
                    return
                self.moved += len(chunk)
            yield chunk
            begin += len(chunk)


def turns(one: ContentReader, other: ContentReader, most: int, size: int) -> Iterator[list[tuple[int, int]]]:
    """The stretches up to `size` where at least one of two files has content, in lists of at most `most` bytes each."""
    turn: list[tuple[int, int]] = []
    left = most
    for begin, end in _either(one.stretches, other.stretches):
        at, until = begin, min(end, size)
        while at < until:
            count = min(left, until - at)
            turn.append((at, at + count))
            at, left = at + count, left - count
            if not left:
                yield turn
                turn, left = [], most
    if turn:
        yield turn


def _either(*sides: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The union of stretches, in order."""
    begin = end = 0
    for start, stop in merge(*sides):
        if start > end:
            if end > begin:
                yield begin, end
            begin, end = start, stop
        else:
            end = max(end, stop)
    if end > begin:
        yield begin, end

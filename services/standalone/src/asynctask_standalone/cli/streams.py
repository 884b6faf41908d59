"""Handles standard streams that fail: closed from the start, full, or without a reader."""

from __future__ import annotations

import errno
import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TYPE_CHECKING = False  # `typing` takes longer to load than `--version` to answer
if TYPE_CHECKING:
    from typing import Any


class OutputFailed(OSError):
    """Stdout could not be written; the message says why."""

    def __init__(self, error: OSError) -> None:
        self.has_no_reader = error.errno == errno.EPIPE
        why = "its reader is gone" if self.has_no_reader else error.strerror
        # Without errno: Typer handles a broken pipe itself if it sees that number.
        super().__init__(f"stdout cannot be written: {why}")


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Keep failing standard streams from ending the block with a traceback.

    A closed stream becomes /dev/null. Text that cannot be written to stderr is dropped. A failed write to stdout raises
    `OutputFailed`. An `OutputFailed` that leaves the block is printed on stderr and ends the process.
    """
    _open_closed()
    if sys.platform != "win32":  # its terminals are not files
        if sys.stdout is sys.__stdout__:  # not replaced by other code
            sys.stdout = _guarded(sys.stdout, _Stdout(1, "w", closefd=False))
            threading.excepthook = _tell_of_thread
        if sys.stderr is sys.__stderr__:
            sys.stderr = _guarded(sys.stderr, _Stderr(2, "w", closefd=False))
    try:
        yield
    except OutputFailed as error:
        from asynctask_standalone.cli.exits import end_unwritten

        sys.exit(end_unwritten(error, as_json=False))
    finally:
        _drop_unwritten()


class _Stdout(io.FileIO):
    def write(self, data: Any) -> int:
        left = memoryview(data)
        try:
            while left:  # with PYTHONUNBUFFERED the caller ignores how much was written
                # `write` gives None if another program has made the stream non-blocking.
                left = left[super().write(left) or _wait_until_writable(self) :]
        except OSError as error:
            raise OutputFailed(error) from None
        return len(data)


class _Stderr(_Stdout):
    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OutputFailed:  # there is no place left to say so
            return len(data)


def _guarded(stream: Any, file: Any) -> io.TextIOWrapper:
    """The same stream on another file."""
    return io.TextIOWrapper(
        file if stream.write_through else io.BufferedWriter(file),
        encoding=stream.encoding,
        errors=stream.errors,
        newline="\n",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _open_closed() -> None:
    """Open /dev/null for each missing stream: else the next file or connection would get its descriptor."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        null = os.open(os.devnull, os.O_RDWR)
        if null != number:
            os.dup2(null, number)
            os.close(null)
        os.set_inheritable(number, True)
        stream = os.fdopen(
            number, "w" if number else "r", encoding="utf-8", errors="backslashreplace", closefd=False
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _wait_until_writable(file: io.FileIO) -> int:
    """Wait until a pipe or a terminal takes more; gives 0, the bytes written meanwhile."""
    from select import select

    select((), (file,), ())
    return 0


def _drop_unwritten() -> None:
    """Discard buffered output that cannot be written: else Python would write it at exit, and print an error."""
    try:
        sys.stdout.flush()
    except OutputFailed:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _tell_of_thread(args: threading.ExceptHookArgs) -> None:
    # The thread that redraws the terminal fails at every write. The main thread writes there too, and reports it once.
    is_redrawing = type(args.thread).__module__.startswith("rich.")
    if not (is_redrawing and isinstance(args.exc_value, OutputFailed)):
        threading.__excepthook__(args)

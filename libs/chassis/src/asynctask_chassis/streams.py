"""Handles standard streams of a service that are closed from the start, full, or without a reader."""

from __future__ import annotations

import os
import sys


def open_closed_streams() -> None:
    """Open /dev/null for each standard stream that was closed before Python began.

    Otherwise the next file or connection would get its number, and `sys.stdin`, `stdout` or `stderr` would be None.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))


def write_stdout(text: str) -> OSError | None:
    """Write to stdout at once; if that fails, return the error and redirect stdout to /dev/null from now on."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # At exit Python flushes its buffer, which would fail again.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
        return error
    return None

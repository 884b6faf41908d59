"""Keeps the terminal from writing `^C` into output that is redrawn in place."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO


@contextmanager
def interrupts_unechoed(file: IO[str]) -> Iterator[None]:
    """Keep the terminal from writing `^C`, as long as the block lasts; no effect where there is no terminal.

    If the last line fills its row, `^C` goes to a new row. The next redraw then starts one row too low, and the header
    of the first task stays on the screen twice.
    """
    if sys.platform == "win32":  # it has no termios
        yield
        return
    import termios

    try:
        number = file.fileno()
        flags = termios.tcgetattr(number)
    except (OSError, ValueError, termios.error):
        yield
        return
    _set(number, flags[3] & ~termios.ECHOCTL)
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal may be closed by now
            _set(number, flags[3])


def _set(number: int, local_flags: int) -> None:
    if _is_in_background(number):
        return  # the system would stop this process (SIGTTOU); the shell restores its terminal by itself
    import termios

    attributes = termios.tcgetattr(number)
    attributes[3] = local_flags
    termios.tcsetattr(number, termios.TCSANOW, attributes)


def _is_in_background(number: int) -> bool:
    try:
        return os.tcgetpgrp(number) != os.getpgrp()
    except OSError:  # not this process's controlling terminal
        return False

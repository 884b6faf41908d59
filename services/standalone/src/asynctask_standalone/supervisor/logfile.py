"""Keeps a child's output in a log file of limited size.

With a full disk or a closed terminal, lines are lost. Writing must not stop for that: the writer also empties the
child's pipe, and a child whose pipe is full blocks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

MAX_BYTES = 10 * 1024 * 1024
KEPT = 5
"""Older files beside the present one: `name.log.1` is the newest of them."""


class LogFile:
    """Appends lines to a file and starts another one when it is full."""

    def __init__(
        self,
        path: Path,
        *,
        max_bytes: int = MAX_BYTES,
        kept: int = KEPT,
        echo: Callable[[bytes], None] | None = None,
    ) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._kept = kept
        self._echo = echo
        self._is_over = False
        self._open()

    def write(self, line: bytes) -> None:
        """Append one line, with its end of line; a line that cannot be written is dropped."""
        with contextlib.suppress(OSError):
            self._append(line)
        if self._echo:
            with contextlib.suppress(OSError):
                self._echo(line)

    def close(self) -> None:
        """Write nothing more, even if the last lines of a killed child arrive later."""
        self._is_over = True
        self._file.close()

    def tail(self, lines: int) -> str:
        """The last lines, to explain why a child did not start."""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 16 * 1024))
            return b"\n".join(file.read().splitlines()[-lines:]).decode("utf-8", "replace")

    def _append(self, line: bytes) -> None:
        if self._is_over:
            return
        if self._file.closed:  # the last rotation failed half-way
            self._open()
        if self._size and self._size + len(line) > self._max_bytes:
            self._rotate()
        # Unbuffered, so that the last lines before a crash are in the file.
        self._file.write(line)
        self._size += len(line)

    def _open(self) -> None:
        self._file = self.path.open("ab", buffering=0)
        self._size = self.path.stat().st_size

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._kept, 0, -1):
            older = self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))
        self._open()

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path

"""A clock that jumps, for a child process (libfaketime); monotonic clocks are left alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest


class JumpingClock:
    """The wall clock of every process that is started with `env`.

    redis = EmbeddedRedis(folder, env=clock.env)
    clock.jump(timedelta(hours=1))
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "faketime"
        self._offset = timedelta(0)
        self.jump(timedelta(0))
        self.env: Mapping[str, str] = {
            "LD_PRELOAD": str(faketime_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",  # the name that older versions know
        }

    def jump(self, by: timedelta) -> None:
        """Move the clock forth, or back with a negative `by`; jumps add up.

        A server that keeps the time of its event loop's turn notices with the next one.
        """
        self._offset += by
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{self._offset.total_seconds():+.0f}\n")
        draft.rename(self._file)  # never half a line


def faketime_library() -> Path:
    """Find libfaketime; skips the test when it is not installed."""
    for pattern in ("*-linux-gnu*/faketime/libfaketime.so.1", "faketime/libfaketime.so.1"):
        for library in sorted(Path("/usr/lib").glob(pattern)):
            return library
    pytest.skip("libfaketime is not installed (Debian: apt install faketime)")

"""Facts about the machine: a latency means little without its disk and its other load."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

SYNCS = 100
PAGE = 8192


def machine(folder: Path) -> dict[str, float | int | str]:
    """Facts to show beside the figures, collected before anything is started.

    Args:
        folder: on the disk that the stores will use.
    """
    return {
        "cores": os.cpu_count() or 0,
        "load_before": round(os.getloadavg()[0], 2),
        "sync_ms": round(_sync_ms(folder / "sync"), 2),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
    }


def _sync_ms(path: Path) -> float:
    """Median time to make one page durable: every submit and every start waits for one."""
    took: list[float] = []
    with path.open("wb") as file:
        for _ in range(SYNCS):
            file.write(os.urandom(PAGE))
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - started)
    path.unlink()
    return sorted(took)[SYNCS // 2] * 1000

"""One executor process of the benchmark: `python -m benchmarks.executor SLOTS`, the address in ASYNCTASK_ADDRESS."""

from __future__ import annotations

import sys

import asynctask
from benchmarks.work import TYPES


def main() -> None:
    """Run until SIGTERM."""
    asynctask.Executor(TYPES, slots=int(sys.argv[1])).run()


if __name__ == "__main__":
    main()

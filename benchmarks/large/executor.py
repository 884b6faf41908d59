"""One executor process of the tool: `python -m benchmarks.large.executor SLOTS`, the address in ASYNCTASK_ADDRESS."""

from __future__ import annotations

import sys

import asynctask
from benchmarks.large.kinds import task_types


def main() -> None:
    """Run until SIGTERM."""
    asynctask.Executor(task_types(served=True), slots=int(sys.argv[1]), grace=5).run()


if __name__ == "__main__":
    main()

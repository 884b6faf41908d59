"""Compares the latency of this checkout with that of others: `python -m benchmarks.in_turns CHECKOUT …`.

Consecutive runs of the benchmark differ by more than most changes cost, since the machine's speed changes within a
minute. Here the clusters of all checkouts run at once, idle except for one task at a time, which goes to each of them
in turn; so the ratio compares medians of the same minute. Each checkout needs its own `.venv` (`./dev setup`).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.cluster import Cluster, running
from benchmarks.work import Watched, watched

WARM = 60
PATIENCE_S = 20
PAUSE_S = (0.012, 0.025)
"""Pause between two tasks, since an idle system is measured."""


def main() -> None:
    """Print a line for each start of all clusters, then the medians over all starts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkouts", nargs="+", type=Path, metavar="CHECKOUT")
    parser.add_argument("--starts", type=int, default=8, help="times that all clusters are started anew (8)")
    parser.add_argument("--tasks", type=int, default=400, help="tasks of each checkout at each start (400)")
    arguments = parser.parse_args()
    here = Path(__file__).resolve().parent.parent
    checkouts = [here, *(checkout.resolve() for checkout in arguments.checkouts)]
    ratios: dict[Path, list[float]] = {checkout: [] for checkout in checkouts[1:]}
    for start in range(arguments.starts):
        took = _measured(checkouts, arguments.tasks)
        ours = median(took[here])
        print(f"start {start + 1}: {ours:.3f} ms here", end="")
        for checkout, seen in ratios.items():
            seen.append(ours / median(took[checkout]))
            print(f"; {median(took[checkout]):.3f} in {checkout}", end="")
        print(flush=True)
    for checkout, seen in ratios.items():
        print(f"{median(seen):.3f} as long as {checkout} [{min(seen):.3f} to {max(seen):.3f}]")


def _measured(checkouts: list[Path], tasks: int) -> dict[Path, list[float]]:
    """Milliseconds from a submit to its handler, by checkout."""
    took: dict[Path, list[float]] = {checkout: [] for checkout in checkouts}
    with ExitStack() as stack:
        # In random order, in case the order matters.
        workers = {
            checkout: stack.enter_context(_worker(checkout))
            for checkout in random.sample(checkouts, len(checkouts))
        }
        for _ in range(tasks):
            for checkout in random.sample(checkouts, len(checkouts)):
                took[checkout].append(_one(workers[checkout]))
                time.sleep(random.uniform(*PAUSE_S))
    return took


@contextmanager
def _worker(checkout: Path) -> Iterator[subprocess.Popen[str]]:
    """A cluster of a checkout and the process that submits to it, until the end of the block."""
    worker = subprocess.Popen(
        # -P: import `benchmarks` from the checkout.
        [str(checkout / ".venv/bin/python"), "-P", __file__, "--work"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:  # closes its input at the end, which ends it
        for _ in range(WARM):
            _one(worker)
        yield worker


def _one(worker: subprocess.Popen[str]) -> float:
    assert worker.stdin
    assert worker.stdout
    worker.stdin.write("\n")
    worker.stdin.flush()
    if not (answer := worker.stdout.readline()):
        raise SystemExit(f"the benchmark of {worker.args} has ended")
    return float(answer)


async def _work() -> None:
    """Submit a task for each line of standard input, and print how long it took to its handler."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder)) as cluster:
            await cluster.start_executors()
            while await lines.readline():
                print(await _submitted(cluster), flush=True)


async def _submitted(cluster: Cluster) -> float:
    listener = cluster.listener
    listener.forget()
    began = time.monotonic_ns()
    await cluster.client.submit(watched, Watched(0))
    await listener.until(lambda: bool(listener.heard("started")), PATIENCE_S)
    return (listener.heard("started")[0].at_ns - began) / 1e6


if __name__ == "__main__":
    if "--work" in sys.argv:
        asyncio.run(_work())
    else:
        main()

"""`./dev bench`: measure AsyncTask on this machine, and other task queues beside it; a table and JSON.

Everything that it starts runs on free ports in a throw-away folder and is stopped at the end, also on Ctrl-C.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.cluster import running
from benchmarks.floor import floor_per_s
from benchmarks.machine import machine
from benchmarks.measures.command import command
from benchmarks.measures.console import console
from benchmarks.measures.depth import long, short
from benchmarks.measures.drain import drain, steady
from benchmarks.measures.idle import idle
from benchmarks.measures.latency import control, latency
from benchmarks.measures.live import live
from benchmarks.measures.recovery import recovery
from benchmarks.measures.reports import reports
from benchmarks.measures.rest import rest
from benchmarks.measures.storage import storage
from benchmarks.measures.submit import submit
from benchmarks.peers.run import measure_peers
from benchmarks.table import PARTS, costs_table, figures_table, peers_table

Measure = Callable[[Bench], Awaitable[None]]

MEASURES: dict[str, Measure] = {
    "idle": idle,
    "console": console,
    "command": command,
    "latency": latency,
    "control": control,
    "reports": reports,
    "live": live,
    "recovery": recovery,
    "storage": storage,
    "submit": submit,
    "rest": rest,
    "drain": drain,
    "steady": steady,
    "short": short,
    "long": long,
}
"""In this order: the quiet ones first, and the million last, because the run does not wait until it is drained."""
NOT_QUICK = ("storage", "short", "long")
BESIDE = ("floor", "peers")
"""Other programs, each with its own stores, measured after our cluster has stopped."""


def main() -> int:
    arguments = _arguments()
    chosen = arguments.only or [
        name for name in (*MEASURES, *BESIDE) if not (arguments.quick and name in NOT_QUICK)
    ]
    folder = Path(tempfile.mkdtemp(prefix="asynctask-bench-"))
    try:
        outcome = asyncio.run(_run(chosen, folder, quick=arguments.quick, profile=arguments.profile))
    except asyncio.CancelledError:
        shutil.rmtree(folder, ignore_errors=True)
        return 130
    except BaseException:
        print(f"bench: the logs of the programs are in {folder}", file=sys.stderr)
        raise
    shutil.rmtree(folder, ignore_errors=True)
    _show(outcome, arguments.json)
    return 0


async def _run(chosen: list[str], folder: Path, *, quick: bool, profile: str) -> dict[str, Any]:
    for number in (signal.SIGTERM, signal.SIGINT):
        task = asyncio.current_task()
        assert task
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    started, facts = time.monotonic(), machine(folder)
    figures: dict[str, float] = {}
    micros: dict[str, dict[str, float]] = {}
    measures = [name for name in MEASURES if name in chosen]
    if measures:
        async with running(folder, profile=profile) as cluster:
            bench = Bench(cluster, quick, figures, micros)
            for name in measures:
                await MEASURES[name](bench)
    if "floor" in chosen and "steady_per_s" in figures and (floor := await floor_per_s(folder / "floor")):
        figures["floor_ratio"] = figures["steady_per_s"] / floor
    peers = await measure_peers(folder / "peers", quick=quick) if "peers" in chosen else {}
    return {
        **figures,
        "cpu_us_per_task": micros,
        "peers": peers,
        "machine": facts,
        "quick": quick,
        "took_s": round(time.monotonic() - started, 1),
    }


def _show(outcome: dict[str, Any], file: str) -> None:
    """The table on stdout and the JSON after it; with a file, the JSON goes there."""
    figures = {key: value for key, value in outcome.items() if isinstance(value, float)}
    tables = [figures_table(figures), costs_table(outcome["cpu_us_per_task"])]
    if outcome["peers"]:
        tables.append(peers_table(figures, outcome["peers"]))
    facts = ", ".join(f"{key} {value}" for key, value in outcome["machine"].items())
    print("\n\n".join(tables), f"\n\n{facts}; took {outcome['took_s']:.0f} s", sep="")
    text = json.dumps(outcome, default=str)
    if file:
        Path(file).write_text(text + "\n", "utf-8")
    else:
        print(f"\n{text}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about four minutes: short windows, no million")
    names = (*MEASURES, *BESIDE)
    parser.add_argument(
        "--only", type=lambda text: text.split(","), metavar="NAME,…", help=f"some of: {', '.join(names)}"
    )
    parser.add_argument(
        "--json", default="", metavar="FILE", help="write the JSON there instead of to stdout"
    )
    parser.add_argument(
        "--profile", default="", choices=("", *PARTS), help="sample the stacks of one part (py-spy)"
    )
    arguments = parser.parse_args()
    if unknown := set(arguments.only or ()) - set(names):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())

"""Time the console and its lists on the data that a cluster holds.

Without Playwright or Chromium only the calls over REST are timed.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.pages.answers import RestCalls
from benchmarks.pages.places import SeenCluster, calls, filters, look, pages
from benchmarks.table import aligned

FILTER_MS = 200
PAINT_MS = 1_000


def main() -> None:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("url", metavar="URL", help="the gateway, such as http://127.0.0.1:7680")
    parser.add_argument("--longest", default="", metavar="ID", help="a task with a long log and manifest")
    parser.add_argument("--minutes", type=float, default=1, help="how long one page is watched (1)")
    parser.add_argument("--json", default="", metavar="FILE", help="also write everything there as JSON")
    arguments = parser.parse_args()
    url = str(arguments.url).rstrip("/")
    if urlsplit(url).scheme != "http":
        parser.error(f"URL must begin with http://; got {url}")
    outcome = asyncio.run(_run(url, arguments.longest, arguments.minutes))
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(outcome, indent=2) + "\n", "utf-8")


async def _run(url: str, longest: str, minutes: float) -> dict[str, Any]:
    rest = RestCalls(urlsplit(url).netloc)
    base_path = urlsplit(url).path

    async def read(path: str) -> Any:
        return await rest.read(base_path + path)

    seen = await look(read, longest)
    if not seen.samples:
        raise SystemExit("pages: the cluster has no task; fill it with `python -m benchmarks.large`")
    outcome: dict[str, Any] = {}
    for title, paths in (("first page of each filter", filters(seen)), ("other calls", calls(seen))):
        outcome[title] = times = await rest.times({name: base_path + path for name, path in paths.items()})
        rows = [(name, *(_ms(one, FILTER_MS) for one in times[name] or (None, None))) for name in times]
        print(_table((title, "first", "median of 5"), rows), flush=True)
    rest.close()
    if importlib.util.find_spec("playwright") is None or not shutil.which("chromium"):
        print("pages: no Playwright or Chromium here: pages are left out", file=sys.stderr)
        return outcome
    return {**outcome, **await _in_browser(url, seen, minutes)}


async def _in_browser(url: str, seen: SeenCluster, minutes: float) -> dict[str, Any]:
    from benchmarks.pages.browser import chromium, paints
    from benchmarks.pages.watching import watch

    outcome: dict[str, Any] = {}
    async with chromium() as browser:
        found = await paints(browser, url, pages(seen))
        rows = [
            (name, _ms(one.first_paint_ms, PAINT_MS), _ms(one.shown_ms, PAINT_MS))
            for name, one in found.items()
        ]
        print(_table(("page", "first paint", "shown"), rows), flush=True)
        outcome["pages"] = {name: asdict(one) for name, one in found.items()}
        watched = await watch(browser, f"{url}/tasks?state=running", minutes)
    heap, busy = watched.heap_mib, statistics.mean(watched.busy_percent)
    print(
        f"running tasks for {minutes:g} min: {watched.frames} frames, {watched.late} later than 50 ms (longest "
        f"{watched.longest_ms:.0f} ms), {watched.blocked} times its own work took longer; {busy:.0f} % of one core\n"
        f"memory of its scripts: {heap[0]:.1f} MiB at first, {heap[-1]:.1f} at the end, {max(heap):.1f} at most"
    )
    outcome["watched"] = asdict(watched)
    return outcome


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return aligned([head, *rows], left={0}) + "\n"


def _ms(value: float | None, most: float) -> str:
    if value is None:
        return "refused"
    return f"{value:,.0f} ms{' !' if value > most else '  '}"


if __name__ == "__main__":
    main()

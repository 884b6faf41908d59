"""The client of the Python peers: the same four commands for each, the same arithmetic, one line of JSON on stdout.

    fill SECONDS     submit as fast as possible without losing tasks, while no worker runs
    drain SECONDS    count the tasks of a filled queue that the workers finish, once they are warm
    steady SECONDS   submit while the workers work, keep the queue short, and count the tasks that they finish
    latency COUNT    one task at a time on an idle system: from before the submit to the first line of the handler

`bullmq/client.mjs` is the same in JavaScript. Runs in `.venv-peers`, so only the standard library is used here.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from typing import Protocol

from benchmarks.waiting import until

RAMP_S = 3.0
"""`steady` begins to count when the queue has reached its length, or after this time if the producers are slower."""
PAYLOAD = "x" * 170
SHORT_QUEUE = 1_000
CHUNK = 200
WARM = 300
"""Tasks that the workers finish before the measured time, which must not include imports and connections."""


class Peer(Protocol):
    """One task queue, seen by its client."""

    async def submit(self, count: int) -> None:
        """Submit `count` no-op tasks in the peer's fastest way that loses none."""
        ...

    async def submit_timed(self) -> object:
        """Submit one task whose result is the nanoseconds from this call to its start; gives its handle."""
        ...

    async def queued(self) -> int:
        """Tasks that no worker has taken yet."""
        ...

    async def finished(self) -> int:
        """Number of tasks whose result is stored (a constant offset does not matter)."""
        ...

    async def answers(self, handles: Sequence[object]) -> Sequence[int]:
        """The results of the timed tasks, in nanoseconds."""
        ...


async def fill(peer: Peer, seconds: float) -> dict[str, float]:
    """Submit for `seconds`; gives how many per second, and how many in all."""
    started = time.perf_counter()
    count = 0
    while (elapsed := time.perf_counter() - started) < seconds:
        await peer.submit(CHUNK)
        count += CHUNK
    return {"submit_per_s": count / elapsed, "count": count}


async def drain(peer: Peer, seconds: float) -> dict[str, float]:
    """Finished tasks per second, over `seconds` or until the queue is empty."""
    first = await peer.finished()

    async def warm() -> bool:
        return await peer.finished() - first >= WARM

    await until(warm, every=0.02)
    count, started = await peer.finished(), time.perf_counter()
    rate = 0.0
    while time.perf_counter() - started < seconds and await peer.queued() > 0:
        await asyncio.sleep(0.1)
        rate = (await peer.finished() - count) / (time.perf_counter() - started)
    return {"drain_per_s": rate}


async def steady(peer: Peer, seconds: float) -> dict[str, float]:
    """Finished tasks per second while this process submits, with the queue kept below `SHORT_QUEUE`."""
    await _empty(peer)
    ramp = time.perf_counter() + RAMP_S
    count, started = 0, 0.0
    while True:
        full, now = await peer.queued() >= SHORT_QUEUE, time.perf_counter()
        if not started and (full or now >= ramp):
            count, started = await peer.finished(), now
        elif started and now - started >= seconds:
            return {"steady_per_s": (await peer.finished() - count) / (time.perf_counter() - started)}
        await (asyncio.sleep(0.01) if full else peer.submit(CHUNK))


async def latency(peer: Peer, count: int) -> dict[str, float]:
    """Milliseconds from submit to handler start: the median and the 99th percentile."""
    await _empty(peer)
    await asyncio.sleep(0.5)
    handles: list[object] = []
    for _ in range(count):
        handles.append(await peer.submit_timed())
        await asyncio.sleep(random.uniform(0.015, 0.03))
    await asyncio.sleep(0.5)
    took = sorted(answer / 1e6 for answer in await peer.answers(handles))
    return {"latency_p50_ms": took[len(took) // 2], "latency_p99_ms": took[int(len(took) * 0.99)]}


async def _empty(peer: Peer) -> None:
    async def empty() -> bool:
        return await peer.queued() == 0

    await until(empty, every=0.1)


def main(peer: Peer) -> None:
    """Run the command on the command line."""
    command, amount = sys.argv[1], float(sys.argv[2])
    commands = {"fill": fill, "drain": drain, "steady": steady}

    async def run() -> dict[str, float]:
        if command == "latency":
            return await latency(peer, int(amount))
        return await commands[command](peer, amount)

    print(json.dumps(asyncio.run(run())), flush=True)

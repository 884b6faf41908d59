"""Measures each peer in turn: its own Redis, which syncs as ours does, two worker processes, the same work."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from asynctask_standalone.stores.redis import EmbeddedRedis
from benchmarks.environment import BULLMQ, node, peers_python
from benchmarks.processes import ProgramFailed, output, program


@dataclass(frozen=True, slots=True)
class Commands:
    """How to run a peer."""

    client: Sequence[str]
    workers: Sequence[Sequence[str]]
    """One or two programs; two worker processes together."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A peer: its name, which failures a task and its result survive there, and how to run it."""

    name: str
    durability: str
    commands: Callable[[], Commands | None]


def _tool(name: str) -> str:
    return str(Path(peers_python()).with_name(name))


def _celery() -> Commands:
    module = "benchmarks.peers.on_celery"
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
    worker = [_tool("celery"), "-A", module, "worker", "--pool", "solo", *quiet]
    return Commands([peers_python(), "-m", module], [worker, worker])


def _dramatiq() -> Commands:
    module = "benchmarks.peers.on_dramatiq"
    worker = [_tool("dramatiq"), "--path", ".", "--processes", "2", "--threads", "8", module]
    return Commands([peers_python(), "-m", module], [worker])


def _taskiq() -> Commands:
    module = "benchmarks.peers.on_taskiq"
    options = ["--workers", "2", "--max-async-tasks", "200", "--log-level", "WARNING"]
    return Commands(
        [peers_python(), "-m", module], [[_tool("taskiq"), "worker", *options, f"{module}:broker"]]
    )


def _bullmq() -> Commands | None:
    program = node()
    if not program:
        return None
    worker = [program, str(BULLMQ / "work.mjs")]
    return Commands([program, str(BULLMQ / "client.mjs")], [worker, worker])


PEERS = (
    Entry("celery", "acknowledged after the run; result in Redis", _celery),
    Entry("dramatiq", "acknowledged after the run; result in Redis", _dramatiq),
    Entry("taskiq", "streams, acknowledged after the result; result in Redis", _taskiq),
    Entry("bullmq", "outcome in Redis", _bullmq),
)
"""All use a Redis that syncs its log once a second, as ours does. But it is their only store, so a power cut loses up
to a second of accepted tasks and of results."""


async def measure_peers(folder: Path, *, quick: bool) -> dict[str, dict[str, float]]:
    """Measure every peer that this machine can run; one that fails is left out, with a message."""
    measured: dict[str, dict[str, float]] = {}
    for entry in PEERS:
        try:
            commands = await asyncio.to_thread(entry.commands)
            if commands is None:
                continue
            print(f"bench: {entry.name}", file=sys.stderr, flush=True)
            (folder / entry.name).mkdir(parents=True)
            measured[entry.name] = await _measure(commands, folder / entry.name, quick=quick)
            said = "  ".join(f"{key} {value:,.4g}" for key, value in measured[entry.name].items())
            print(f"bench:   {said}", file=sys.stderr, flush=True)
        except ProgramFailed as failure:
            print(f"bench: {entry.name} is left out: {failure}", file=sys.stderr)
    return measured


async def _measure(commands: Commands, folder: Path, *, quick: bool) -> dict[str, float]:
    seconds = 3 if quick else 10
    log = folder / "peer.log"
    async with AsyncExitStack() as stack:
        redis = EmbeddedRedis(folder / "redis")
        await redis.start()
        stack.push_async_callback(redis.stop)
        settings = {"BENCH_REDIS_URL": redis.url, "PYTHONPATH": "."}

        async def client(command: str, amount: float) -> dict[str, float]:
            line = [*commands.client, command, str(amount)]
            return json.loads(await output(line, log, settings=settings, seconds=90))

        figures = await client("fill", 2 if quick else seconds)
        for worker in commands.workers:
            await stack.enter_async_context(_silent(worker, log, settings))
        figures |= await client("drain", seconds)
        figures |= await client("steady", seconds)
        figures |= await client("latency", 60 if quick else 500)
    figures.pop("count")
    return figures


@asynccontextmanager
async def _silent(command: Sequence[str], log: Path, settings: dict[str, str]) -> AsyncIterator[None]:
    """A worker whose stdout is read and dropped."""
    async with program(command, log, settings=settings) as process:
        assert process.stdout
        reading = asyncio.create_task(process.stdout.read())
        try:
            yield
        finally:
            reading.cancel()

"""A cluster in which something of everything has happened, for pages to show."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asynctask
from tests.browser.clusters import BareCluster, Gate, bare_cluster
from tests.support.conditions import eventually
from tests.support.processes import Processes, ServiceProcess

TOKEN = "showcase-" * 5
BASE_PATH = "/task"
"""As behind a proxy: every address that a page makes up without it is found."""
FOLDERS, FILES = 4, 12


@dataclass(frozen=True, slots=True)
class Showcase:
    """Where its pages are."""

    url: str
    guarded_url: str
    """A gateway that asks for `TOKEN`."""
    tasks: Mapping[str, str]
    """Ids by what the task shows."""


@asynccontextmanager
async def showcase(
    processes: Processes, postgres_url: str, redis_url: str, folder: Path
) -> AsyncIterator[Showcase]:
    """Start it, and wait until all of its tasks are where they stay."""
    async with bare_cluster(processes, postgres_url, redis_url, lease="3s", BASE_PATH=BASE_PATH) as cluster:
        guarded = processes.service("gateway", SCHEDULER_ADDRESS=cluster.scheduler.address, TOKEN=TOKEN)
        await guarded.start()
        tasks = await _failing(cluster, folder) | await _waiting(cluster)
        tasks |= await _backed_up(cluster, folder) | await _running(cluster, folder)
        yield Showcase(cluster.url, _url(guarded), tasks)


def _url(gateway: ServiceProcess) -> str:
    return f"http://{gateway.address}"


async def _failing(cluster: BareCluster, folder: Path) -> dict[str, str]:
    """Three tasks that failed with the same error, and one that waits for its retry."""
    mended = str(folder / "mended")
    await cluster.start_executor("faulty", "-m", "tests.browser.faulty_executor", mended, runs="fragile")
    failed = [await cluster.client.submit("fragile", {"record": 7 + number}) for number in range(3)]
    for task_id in failed:
        await cluster.client.wait(task_id, timeout=60)
    retrying = await cluster.client.submit("remote", labels={"share": "archive"})

    async def has_failed_once() -> bool:
        task = await cluster.client.get(retrying)
        return task.attempt_count == 1 and task.state != "running"

    await eventually(has_failed_once)
    return {"failed": failed[-1], "retrying": retrying}


async def _waiting(cluster: BareCluster) -> dict[str, str]:
    """Tasks that nobody runs: for want of an executor, until tomorrow, paused, cancelled."""
    client = cluster.client
    transcode = asynctask.TaskType("transcode", queue="media", description="Makes films smaller")

    @transcode.stage
    async def encode(ctx: asynctask.Context[Any], config: Any) -> None: ...

    await client.register_task_type(transcode)
    waiting = [await client.submit("transcode", labels={"film": f"{number}"}) for number in range(3)]
    tomorrow = await client.submit("transcode", delay="1d")
    paused = await client.submit("transcode", priority=1)
    await client.pause(paused, reason="The disk is nearly full")
    cancelled = await client.submit("transcode")
    await client.cancel(cancelled, reason="Submitted twice")
    return {"waiting": waiting[0], "tomorrow": tomorrow, "paused": paused, "cancelled": cancelled}


async def _backed_up(cluster: BareCluster, folder: Path) -> dict[str, str]:
    """A backup that is done."""
    source = folder / "photos"
    make_photos(source, FOLDERS, FILES, size=20_000)
    await cluster.start_backups("nas-1")
    config = {"source_path": str(source), "destination_path": str(folder / "copy"), "verify": "checksum"}
    task_id = await cluster.client.submit("backup_file", config, labels={"share": "photos", "owner": "anna"})
    assert (await cluster.client.wait(task_id, timeout=60)).state == "completed"
    return {"backup": task_id}


async def _running(cluster: BareCluster, folder: Path) -> dict[str, str]:
    """A task in its middle, whose first executor was killed."""
    gate = Gate(folder / "allowed")
    gate.allow(5)
    arguments = ("-m", "tests.browser.gated_executor", str(gate.allowed))
    first = await cluster.start_executor("gated-1", *arguments, runs="gated")
    task_id = await cluster.client.submit("gated", priority=2)

    async def has_done(steps: int) -> bool:
        progress = (await cluster.client.get(task_id)).progress
        return progress is not None and progress.done == steps

    await eventually(lambda: has_done(5))
    await first.kill()
    await cluster.start_executor("gated-2", *arguments, runs="gated")
    gate.allow(9)
    await eventually(lambda: has_done(9))
    return {"running": task_id}


def make_photos(folder: Path, folders: int, files: int, *, size: int) -> None:
    """Make `folders` folders of `files` files of `size` bytes each that cannot be compressed or left out."""
    for year in range(2026 - folders, 2026):
        album = folder / f"{year} 夏天 & beach"
        album.mkdir(parents=True)
        for number in range(files):
            (album / f"IMG_{number:04}.jpg").write_bytes(os.urandom(size))

"""Compares `backup_file` with `rsync -a`: the same trees, in turns, on the same disk."""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from asynctask_core.states import TaskState
from asynctask_nas import BackupConfig, backup_file
from benchmarks.bench import Bench
from benchmarks.processes import ProgramFailed, output, program, python, tail
from benchmarks.waiting import until

FILES, FILES_QUICK = 20_000, 4_000
FILE_BYTES = 4_096
IN_FOLDER = 100
LARGE_FILES, LARGE_BYTES, LARGE_BYTES_QUICK = 3, 256 << 20, 64 << 20
ROUNDS, ROUNDS_QUICK = 6, 4
"""An even number: the program that runs first is slower, so each must run first equally often."""
PATIENCE_S = 600

Verify = Literal["none", "checksum"]


async def storage(bench: Bench) -> None:
    """Copy a tree of small files, back it up again unchanged, copy a few large files."""
    if shutil.which("rsync") is None:
        print("bench: storage is skipped: rsync is not installed", file=sys.stderr, flush=True)
        return
    folder = bench.cluster.folder / "storage"
    folder.mkdir()
    async with _executor(bench):
        try:
            await _measure(bench, folder)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder)


async def _measure(bench: Bench, folder: Path) -> None:
    small, large = folder / "small", folder / "large"
    files = FILES_QUICK if bench.quick else FILES
    await asyncio.to_thread(_make, small, files, FILE_BYTES, IN_FOLDER)
    size = LARGE_BYTES_QUICK if bench.quick else LARGE_BYTES
    await asyncio.to_thread(_make, large, LARGE_FILES, size, LARGE_FILES)
    rounds = ROUNDS_QUICK if bench.quick else ROUNDS
    took: dict[str, list[float]] = {}
    for number in range(rounds):
        theirs, ours = folder / f"rsync-{number}", folder / f"backup-{number}"
        for name, source in (("small", small), ("unchanged", small), ("large", large)):
            places = [to / source.name for to in (theirs, ours)]
            pair = [("rsync", _rsync), ("backup", _backup)]
            # The program that runs first finds the disk in another state, so they take turns.
            for who, copy in pair if number % 2 else reversed(pair):
                seconds = await copy(bench, source, places[who == "backup"])
                took.setdefault(f"{name} {who}", []).append(seconds)
            print(f"bench:   {name}: {_last(took, name)}", file=sys.stderr, flush=True)
        if number == rounds - 1:
            took["synced rsync"] = [await _rsync(bench, small, folder / "rsync-synced", "--fsync")]
            took["verified backup"] = [await _backup(bench, small, folder / "backup-verified", "checksum")]
        # Delete only the large files: after many files were deleted, ext4 makes new ones slowly for a while (it skips
        # recently freed inodes), which would slow down the program that runs first.
        for place in (theirs, ours):
            await asyncio.to_thread(shutil.rmtree, place / large.name)
    _note(bench, took)


def _last(took: dict[str, list[float]], name: str) -> str:
    ours, theirs = took[f"{name} backup"][-1], took[f"{name} rsync"][-1]
    return f"backup {ours:.2f} s, rsync {theirs:.2f} s, ratio {ours / theirs:.2f}"


def _note(bench: Bench, took: dict[str, list[float]]) -> None:
    for name in ("small", "unchanged", "large"):
        ours, theirs = took[f"{name} backup"], took[f"{name} rsync"]
        bench.note(f"storage_{name}_s", statistics.median(ours))
        bench.note(f"storage_{name}_rsync_s", statistics.median(theirs))
        # The ratio of each pair by itself, since the machine's other load changes from minute to minute.
        pairs = [one / other for one, other in zip(ours, theirs, strict=True)]
        bench.note(f"storage_{name}_ratio", statistics.median(pairs))
    bench.note("storage_verified_ratio", took["verified backup"][0] / took["synced rsync"][0])


@asynccontextmanager
async def _executor(bench: Bench) -> AsyncIterator[None]:
    """The executor that users run, in its own process."""
    cluster = bench.cluster
    log = cluster.folder / "storage.log"
    command = python("asynctask_standalone", "executor", "asynctask_nas.executor:executor")
    # With this HOME its record of destinations is deleted with the folder.
    settings = {"ASYNCTASK_ADDRESS": cluster.address, "HOME": str(cluster.folder)}
    async with program(command, log, settings=settings) as process:

        async def connected() -> bool:
            if process.returncode is not None:
                raise ProgramFailed(f"the executor ended; {tail(log)}")
            executors = await cluster.client.executors()
            return any(one.connected and backup_file.name in one.task_types for one in executors)

        await until(connected)
        yield


async def _rsync(bench: Bench, source: Path, destination: Path, *options: str) -> float:
    await asyncio.to_thread(os.sync)
    await asyncio.to_thread(destination.mkdir, parents=True, exist_ok=True)
    command = ["rsync", "-a", *options, f"{source}/", f"{destination}/"]
    begin = time.perf_counter()
    await output(command, bench.cluster.folder / "rsync.log", settings={}, seconds=PATIENCE_S)
    return time.perf_counter() - begin


async def _backup(bench: Bench, source: Path, destination: Path, verify: Verify = "none") -> float:
    """Seconds from before the submit until the result is known."""
    client = bench.cluster.client
    await asyncio.to_thread(os.sync)
    config = BackupConfig(str(source), str(destination), verify=verify)
    begin = time.perf_counter()
    async with asyncio.timeout(PATIENCE_S):
        task = await client.wait(await client.submit(backup_file, config))
    took = time.perf_counter() - begin
    if task.state is not TaskState.COMPLETED:
        raise ProgramFailed(
            f"the backup ended {task.state.value}; {tail(bench.cluster.folder / 'storage.log')}"
        )
    return took


def _make(folder: Path, count: int, size: int, in_folder: int) -> None:
    block = os.urandom(min(size, 1 << 20))
    for number in range(count):
        path = folder / f"{number // in_folder:04}" / f"{number % in_folder:04}"
        if number % in_folder == 0:
            path.parent.mkdir(parents=True)
        with path.open("wb", buffering=0) as file:
            # No two blocks are the same.
            for place in range(0, size, len(block)):
                file.write(number.to_bytes(8) + place.to_bytes(8) + block[16:])

"""The demo from the first start to the last stop."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from asynctask_standalone.cli.panel import ConsoleWitness
from asynctask_standalone.cli.show import attempts_table
from asynctask_standalone.cli.wording import amount
from asynctask_standalone.demo.backup import Backup
from asynctask_standalone.demo.counting import TreeCount
from asynctask_standalone.demo.executors import ExecutorProcess, executor_process
from asynctask_standalone.demo.report import print_checks, print_further
from asynctask_standalone.demo.source import EXCLUDED, Folder, found
from asynctask_standalone.demo.verdict import checks
from asynctask_standalone.supervisor.cluster import Cluster
from asynctask_standalone.supervisor.part import StartFailed
from asynctask_standalone.supervisor.plan import ClusterOptions

if TYPE_CHECKING:
    from asynctask import Client

NAMES = ("executor-1", "executor-2")
CONNECTED_WITHIN_S = 60
REMOVED_WITHIN_S = 1.5
REMOVER = "import shutil, sys; shutil.rmtree(sys.argv[1], True)"


class DemoFailed(Exception):
    """The demo could not be run to its end."""


async def play(console: Console, folder: Folder | None, destination: Path | None, *, keep: bool) -> bool:
    """Run the demo with `folder`, else one that is found; True if everything was as promised.

    Nothing is left running, however it ends.

    Raises:
        DemoFailed: an executor did not start; the message says why.
        StartFailed: a part of the cluster did not start.
    """
    home = Path(tempfile.mkdtemp(prefix="asynctask-demo-"))
    try:
        return await _play(console, home, folder, destination, keep=keep)
    except (DemoFailed, StartFailed):
        keep = True  # the logs explain it
        raise
    finally:
        if not keep:
            await asyncio.to_thread(_remove, home)


def _remove(home: Path, within_s: float = REMOVED_WITHIN_S) -> subprocess.Popen[bytes]:
    """Delete the folder in another process, which goes on after the demo if the disk is slow; gives that process."""
    line = [sys.executable, "-I", "-S", "-c", REMOVER, str(home)]
    remover = subprocess.Popen(line, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True)
    with suppress(subprocess.TimeoutExpired):
        remover.wait(within_s)
    return remover


async def _play(
    console: Console, home: Path, given: Folder | None, destination: Path | None, *, keep: bool
) -> bool:
    async with AsyncExitStack() as stack:
        folder = given or await asyncio.to_thread(found)
        console.print("\nA cluster for the occasion, and two executors\n", style="bold")
        cluster = await _cluster(stack, home / "cluster", console)
        # Imported only now: grpc must be loaded after __main__ has set how it treats forks.
        from asynctask import Client

        client = await stack.enter_async_context(Client(cluster.address))
        logs = home / "cluster" / "logs"
        executors = [
            await stack.enter_async_context(executor_process(name, cluster.address, logs)) for name in NAMES
        ]
        await _connected(client, executors, console)

        target = destination or home / "copy"
        backup = Backup(client, executors, folder, target, exclude=() if given else EXCLUDED)
        what = TreeCount(folder.files, folder.size)
        console.print(Text(f"\nA backup of {folder.path}: {what}", style="bold"))
        limit = f"{amount(backup.limit, 'bytes')}/s"
        console.print(
            Text(
                f"The demo limits itself to {limit} on average, a little more for moments, so that there is "
                "something to watch.\n"
            )
        )
        task = await backup.run(console)
        attempts = await client.attempts(task.task_id)
        results = await checks(backup, task, attempts)
        console.print()
        print_checks(console, results, attempts_table(attempts))
        print_further(console, task.task_id, home if keep else None)
        if not keep:
            # The data is deleted anyway, so do not wait for clean stops.
            for executor in executors:
                executor.kill()
            await client.close()
            await cluster.abandon()
    return all(check.kept for check in results)


async def _cluster(stack: AsyncExitStack, data: Path, console: Console) -> Cluster:
    witness = ConsoleWitness(console)
    stack.callback(witness.over)
    cluster = await stack.enter_async_context(
        Cluster(ClusterOptions(data=data, address="127.0.0.1:0"), witness)
    )
    witness.settled()
    return cluster


async def _connected(client: Client, executors: Sequence[ExecutorProcess], console: Console) -> None:
    """Wait until all executors are connected."""
    left = list(executors)
    try:
        async with asyncio.timeout(CONNECTED_WITHIN_S):
            while left:
                known = {info.display_name for info in await client.executors() if info.connected}
                for executor in [one for one in left if one.name in known]:
                    left.remove(executor)
                    console.print(
                        Text.assemble(
                            ("✔ ", "green"),
                            (f"{executor.name:<11}", "bold"),
                            f"process {executor.process.pid}",
                        )
                    )
                for executor in left:
                    if executor.process.returncode is not None:
                        raise DemoFailed(f"{executor.name} did not start:\n{executor.tail()}")
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise DemoFailed(
            f"{left[0].name} did not connect within {CONNECTED_WITHIN_S} s:\n{left[0].tail()}"
        ) from None

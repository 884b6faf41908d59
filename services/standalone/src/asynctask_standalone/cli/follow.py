"""Commands that stay: watch and logs --follow."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import Exit, Refused
from asynctask_standalone.cli.live import task_screen
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json, TaskId, TaskIds
from asynctask_standalone.cli.output import print_json, stderr, stdout

if TYPE_CHECKING:
    from asynctask import LogLineInfo, TaskInfo
    from asynctask.blocking import Client

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_LEVEL_STYLES = {"DEBUG": "bright_black", "WARNING": "yellow", "ERROR": "bold red"}


def watch(
    ids: TaskIds,
    timeout: Annotated[float | None, typer.Option(metavar="SECONDS", help="Give up after this long.")] = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Follow tasks until all have ended; the exit code tells whether all completed.

    With --json every change is one line. It survives restarts of the cluster.
    """
    with client(address, as_json=as_json) as connected:
        for task_id in ids:
            connected.get(task_id)  # says at once what is wrong, where a watch would be patient
        watch_until_final(connected, ids, as_json=as_json, timeout=timeout)


def watch_until_final(connected: Client, ids: list[str], *, as_json: bool, timeout: float | None) -> None:
    """Show the tasks until each is final, then end the command with what became of them."""
    last: dict[str, TaskInfo] = {}
    if as_json:
        for task in updates(connected, ids, timeout=timeout):
            last[task.task_id] = task
            print_json(task.to_json())
    else:
        with task_screen(stdout) as screen:
            for task in updates(connected, ids, timeout=timeout):
                last[task.task_id] = task
                screen.show(task)
        for task in last.values():
            if task.failure and str(task.state) == "failed":
                stdout.print(
                    Text.assemble(
                        ("✘ ", "red"), f"{task.task_id}: {task.failure.reason}: {task.failure.message}"
                    )
                )
    if any(str(task.state) != "completed" for task in last.values()):
        raise typer.Exit(Exit.TASK_FAILED)


def updates(connected: Client, ids: list[str], *, timeout: float | None = None) -> Iterator[TaskInfo]:
    """Every change of the tasks until each is final or deleted.

    The stream is read by a thread of its own, so that a deadline and Ctrl-C are noticed while nothing changes.

    Raises:
        Refused: `timeout` seconds are over.
    """
    arrived: queue.SimpleQueue[TaskInfo | Exception] = queue.SimpleQueue()

    def read() -> None:
        try:
            for task in connected.watch(*ids):
                arrived.put(task)
        except Exception as error:  # noqa: BLE001 - it is raised again where somebody waits for it
            arrived.put(error)

    threading.Thread(target=read, name="watch", daemon=True).start()
    deadline = None if timeout is None else time.monotonic() + timeout
    left = set(ids)
    while left:
        try:
            # Ctrl-C is not noticed in an endless wait on some systems.
            task = arrived.get(
                timeout=0.5 if deadline is None else max(0.0, min(0.5, deadline - time.monotonic()))
            )
        except queue.Empty:
            if deadline is not None and time.monotonic() >= deadline:
                raise Refused(
                    Exit.TIMEOUT, "TIMEOUT", f"not ended within {timeout:g} s: {', '.join(sorted(left))}"
                ) from None
            continue
        if isinstance(task, Exception):
            raise task
        yield task
        if task.is_final or task.deleted:
            left.discard(task.task_id)


def logs(
    task_id: TaskId,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Stay and print new lines until the task ends.")
    ] = False,
    stage: Annotated[str, typer.Option(help="Only lines of this stage.")] = "",
    level: Annotated[
        str, typer.Option(help=f"Only lines at least this serious: {', '.join(LEVELS)}.")
    ] = "debug",
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Print what a task's handlers logged, oldest first."""
    with client(address, as_json=as_json) as connected:
        if level.lower() not in LEVELS:
            raise Refused(Exit.USAGE, "INVALID_INPUT", f"level: {level!r} is none of {', '.join(LEVELS)}")
        read = connected.tail if follow else connected.logs
        some = False
        for line in read(task_id, stage=stage, min_level=level.upper()):
            some = True
            if as_json:
                print_json(line.to_json())
            else:
                stdout.print(_log_line(line))
        if not some and not as_json:
            stderr.print("No log lines.", style="bright_black")


def _log_line(line: LogLineInfo) -> Text:
    level = str(line.level).upper()
    time_of_day = line.time.astimezone().strftime("%H:%M:%S.%f")[:-3] if line.time else ""
    return Text.assemble(
        (f"{time_of_day} ", "bright_black"),
        (f"{level:7} ", _LEVEL_STYLES.get(level, "")),
        (f"{line.stage}: " if line.stage else "", "cyan"),
        line.message,
    )

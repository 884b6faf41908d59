"""`./dev demo` and `python -m asynctask_standalone.demo`."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Annotated

import typer

# Before grpc is loaded: the demo starts processes while it has a connection, and needs no forks of its own.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

from asynctask_standalone.cli.exits import CommandRefused, Exit, errors_told
from asynctask_standalone.cli.help import HelpfulCommand
from asynctask_standalone.cli.output import stdout
from asynctask_standalone.cli.streams import guarded_streams
from asynctask_standalone.demo.places import given
from asynctask_standalone.demo.source import Folder


def demo(
    source: Annotated[
        str | None,
        typer.Argument(metavar="SOURCE", help="Folder to back up; else one that comes with Python."),
    ] = None,
    destination: Annotated[
        str | None,
        typer.Argument(
            metavar="DESTINATION",
            help="Folder that becomes its copy, empty or not there yet; else a temporary one.",
        ),
    ] = None,
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the cluster's data and the copy, to look at them.")
    ] = False,
) -> None:
    """Back up a real folder on a throw-away cluster, kill an executor half-way, and watch the other go on.

    It ends with 0 only when everything was as promised, and leaves nothing running.
    """
    with errors_told(as_json=False):
        folder, target = None, None
        if source:
            folder, target = given(Path(source), Path(destination) if destination else None)
        try:
            kept = asyncio.run(_play(folder, target, keep=keep))
        except (KeyboardInterrupt, asyncio.CancelledError):
            stdout.print("\nInterrupted. Nothing is left running.", style="yellow")
            raise typer.Exit(Exit.INTERRUPTED) from None
    raise typer.Exit(Exit.OK if kept else Exit.TASK_FAILED)


async def _play(folder: Folder | None, target: Path | None, *, keep: bool) -> bool:
    from asynctask_standalone.demo.story import DemoFailed, play
    from asynctask_standalone.supervisor.part import StartFailed

    task = asyncio.current_task()
    assert task
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        return await play(stdout.console, folder, target, keep=keep)
    except (DemoFailed, StartFailed, TimeoutError) as error:
        raise CommandRefused(Exit.TASK_FAILED, "DEMO_FAILED", str(error) or "it took too long") from None


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(cls=HelpfulCommand)(demo)
    with guarded_streams():
        app(prog_name="./dev demo")

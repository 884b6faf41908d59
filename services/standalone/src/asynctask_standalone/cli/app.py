"""The commands, put together."""

from __future__ import annotations

from inspect import getdoc
from typing import Annotated

import typer

from asynctask_standalone.cli import cluster, control, doctor, executor, follow, submit, tasks, up
from asynctask_standalone.cli.exits import MEANINGS
from asynctask_standalone.cli.output import command_name

_EPILOG = "Exit codes: " + " · ".join(
    f"[bold]{code.value}[/] {meaning}" for code, meaning in MEANINGS.items()
)

app = typer.Typer(
    name="asynctask",
    help="Long tasks in stages that survive anything: run a cluster here, submit tasks, follow them, steer them.",
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)

_PANELS = {
    "Run": {"up": up.up, "executor": executor.executor},
    "Submit and follow": {
        "submit": submit.submit,
        "get": tasks.get,
        "list": tasks.list_tasks,
        "watch": follow.watch,
        "logs": follow.logs,
        "attempts": tasks.attempts,
        "items": tasks.items,
        "events": tasks.events,
    },
    "Steer": {
        "pause": control.pause,
        "resume": control.resume,
        "cancel": control.cancel,
        "restart": control.restart,
        "update": control.update,
        "delete": control.delete,
    },
    "The cluster": {
        "types": cluster.types,
        "executors": cluster.executors,
        "drain": cluster.drain,
        "queues": cluster.queues,
        "doctor": doctor.doctor,
    },
}

for _panel, _commands in _PANELS.items():
    for _name, _command in _commands.items():
        _help = (getdoc(_command) or "").replace("Example: asynctask ", f"Example: {command_name()} ")
        app.command(_name, help=_help, rich_help_panel=_panel)(_command)


@app.command(rich_help_panel="The cluster")
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as version_of

    print(version_of("asynctask"))


def _print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version),
    ] = False,
) -> None: ...

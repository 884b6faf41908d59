"""The commands, put together."""

from __future__ import annotations

import os
from inspect import getdoc
from typing import Annotated

import typer

from asynctask_standalone.cli import cluster, control, doctor, executor, follow, submit, tasks, up
from asynctask_standalone.cli.exits import MEANINGS
from asynctask_standalone.cli.help import Command, Group, epilog
from asynctask_standalone.cli.options import DEFAULT_ADDRESS

_EPILOG = "Exit codes: " + " · ".join(
    f"[bold]{code.value}[/] {meaning}" for code, meaning in MEANINGS.items()
)

app = typer.Typer(
    name="asynctask",
    help="Long tasks in stages that survive anything: run a cluster here, submit tasks, follow them, steer them.",
    epilog=_EPILOG,
    cls=Group,
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

_EXAMPLES = {
    "up": ("up", "up --data ~/tasks --address 0.0.0.0:7600"),
    "executor": (
        "executor asynctask_nas:backup_file --slots 2",
        "executor my_module:my_task_type",
        "executor my_module my_other_module:its_task_type",
    ),
    "submit": (
        """submit backup_file --config '{"source_path": "/data", "destination_path": "/backup"}'""",
        "submit backup_file --config @backup.json --priority 1 --watch",
        "submit backup_file --config @backup.json --start-time 2026-01-31T22:00:00+08:00 --json",
    ),
    "get": ("get ID", "get ID --json"),
    "list": (
        "list --status running --status queued",
        "list --type backup_file --since 24h --limit 0 --json",
    ),
    "watch": (
        "watch ID",
        "watch ID --timeout 3600 && echo done",
    ),
    "logs": ("logs ID --follow --level warning",),
    "items": ("items ID --status skipped --limit 0",),
    "pause": ("pause ID --reason 'the network is needed'",),
    "restart": ("restart ID --from-checkpoint",),
    "update": ("update ID --priority 1",),
    "types": ("types", "types backup_file"),
    "doctor": ("doctor", "doctor --fix"),
}

for _panel, _commands in _PANELS.items():
    for _name, _command in _commands.items():
        app.command(
            _name,
            cls=Command,
            # One paragraph is one line: the help page breaks it where the terminal ends.
            help="\n\n".join(" ".join(part.split()) for part in (getdoc(_command) or "").split("\n\n")),
            epilog=epilog(_EXAMPLES[_name]) if _name in _EXAMPLES else None,
            rich_help_panel=_panel,
        )(_command)


@app.command(cls=Command, rich_help_panel="The cluster")
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as version_of

    print(version_of("asynctask"))


def _print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


def _use_address(address: str) -> str:
    """For whichever command follows: each reads it from there, also while the shell completes a word."""
    if address:
        os.environ["ASYNCTASK_ADDRESS"] = address
    return address


@app.callback()
def root(
    _address: Annotated[
        str,
        typer.Option(
            "--address",
            "-a",
            metavar="HOST:PORT",
            help="Where the scheduler listens; may also come after the command.",
            show_default=DEFAULT_ADDRESS,
            callback=_use_address,
        ),
    ] = "",
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and exit.",
            is_eager=True,
            callback=_print_version,
        ),
    ] = False,
) -> None: ...

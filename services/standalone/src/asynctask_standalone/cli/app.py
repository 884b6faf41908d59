"""The command line as a whole: its options, and the commands of `commands`."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from asynctask_standalone.cli.commands import LazyCommands
from asynctask_standalone.cli.exits import MEANINGS
from asynctask_standalone.cli.help import Group
from asynctask_standalone.cli.options import DEFAULT_ADDRESS
from asynctask_standalone.cli.version import version

_EPILOG = "Exit codes: " + " · ".join(
    f"[bold]{code.value}[/] {meaning}" for code, meaning in MEANINGS.items()
)


class RootGroup(Group):
    """Every command, loaded when it is called."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        vars(self)["commands"] = LazyCommands()

    def list_commands(self, ctx: Any) -> list[str]:
        """Names, in the order of the help page."""
        return list(self.commands)


app = typer.Typer(
    name="asynctask",
    help="Long tasks in stages that survive anything: run a cluster here, submit tasks, follow them, steer them.",
    epilog=_EPILOG,
    cls=RootGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)


def _print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


def _use_address(address: str) -> str:
    """Put the address into the environment, where the command reads it, also while the shell completes a word."""
    if address.strip():
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

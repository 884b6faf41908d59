"""Options that many commands share, spelled once."""

from __future__ import annotations

from typing import Annotated

import typer

DEFAULT_ADDRESS = "127.0.0.1:7600"

Address = Annotated[
    str,
    typer.Option(
        "--address",
        "-a",
        envvar="ASYNCTASK_ADDRESS",
        metavar="HOST:PORT",
        help="Where the scheduler listens.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON for machines, errors too (those on stderr).")]
TaskId = Annotated[str, typer.Argument(metavar="ID", help="Id of the task.", show_default=False)]
TaskIds = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of tasks.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why, for people; kept with the task.")]

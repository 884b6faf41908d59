"""The command that groups failed tasks by the kind of their error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from asynctask_core import limits
from asynctask_standalone.cli.completion import task_types
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.lazy_typer import typer
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json
from asynctask_standalone.cli.output import failure_name, print_json, stdout, table
from asynctask_standalone.cli.tasks import moment
from asynctask_standalone.cli.wording import age, as_called_here, command, local

if TYPE_CHECKING:
    from asynctask import FailureGroupInfo

COLUMNS = ("ERROR", "TASKS", "LAST", "TYPE", "WHY")


def failures(
    *,
    task_type: Annotated[
        str | None,
        typer.Option("--type", "-t", metavar="TYPE", help="Only this type.", autocompletion=task_types),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME|DURATION",
            help="Only tasks submitted at or after: an RFC 3339 time, or how long ago: 2h.",
            show_default="7d",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            "-n",
            min=1,
            max=limits.FAILURE_GROUPS,
            metavar="N",
            help="At most so many kinds of errors.",
        ),
    ] = 20,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Show why tasks failed: those that stand at failed, grouped by the kind of their error, the latest first.

    Errors are of one kind if their task types, reasons and classes are the same, and their messages differ only in
    numbers, ids, paths and quoted names. `list --error ERROR` lists the tasks of a kind.
    """
    with client(address, as_json=as_json) as connected:
        found = connected.failures(task_type, submitted_after=moment(since, "--since"), limit=limit)
        if as_json:
            print_json(found.to_json())
            return
        rows = [_row(group) for group in found.failures]
        which = f" of type {task_type!r}" if task_type else ""
        when = f" submitted since {since}" if since else " of the last seven days"
        stdout.print(
            table(
                *COLUMNS, rows=rows, right=("TASKS",), whole=("LAST",), empty=f"No failed tasks{which}{when}."
            )
        )
        if found.looked_back_to is not None:
            stdout.print(
                f"Looked at tasks submitted since {local(found.looked_back_to)}.", style="bright_black"
            )
        if rows:
            stdout.print(
                f"`{command('list --error ERROR')}` lists the tasks of a kind.", style="bright_black"
            )


def _row(group: FailureGroupInfo) -> tuple[str, ...]:
    why = f"{failure_name(group.reason, group.error_type)}: {as_called_here(group.message)}"
    return (group.fingerprint, f"{group.count:,}", age(group.last_time), group.task_type, why)

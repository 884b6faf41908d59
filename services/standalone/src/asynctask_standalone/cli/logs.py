"""The command logs: what a task's handlers logged, whole, its end, or what a search finds in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from asynctask_core import limits
from asynctask_core.printable import indented
from asynctask_standalone.cli.completion import words
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import CommandRefused, Exit
from asynctask_standalone.cli.follow import Outage, note_in_json
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json, TaskId, one_of
from asynctask_standalone.cli.output import print_json, stderr, stdout
from asynctask_standalone.cli.wording import as_called_here

if TYPE_CHECKING:
    from asynctask import LogLineInfo
    from asynctask.blocking import Client

LEVELS = ("debug", "info", "warning", "error")
_LEVEL_STYLES = {"DEBUG": "bright_black", "WARNING": "yellow", "ERROR": "bold red"}


def logs(
    task_id: TaskId,
    *,
    follow: Annotated[
        bool,
        typer.Option("--follow", "-f", help="Stay and print new lines until the task ends."),
    ] = False,
    tail: Annotated[
        int | None,
        typer.Option(
            "--tail",
            "-n",
            min=1,
            max=limits.PAGE_ITEMS,
            metavar="N",
            help="Only the last so many lines; with --follow also what comes.",
            show_default="all",
        ),
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Only lines with this text, in capitals or not."),
    ] = None,
    stage: Annotated[str | None, typer.Option(metavar="STAGE", help="Only lines of this stage.")] = None,
    level: Annotated[
        str,
        typer.Option(
            metavar="LEVEL",
            help=f"Only lines at least this serious: {', '.join(LEVELS)}.",
            autocompletion=words(LEVELS),
        ),
    ] = "debug",
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Print what a task's handlers logged, oldest first."""
    with client(address, as_json=as_json) as connected:
        one_of("--level", level.lower(), LEVELS)
        looks: deque[int] = deque(maxlen=1)
        if follow and search is not None:
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", "--search: must not come with --follow")
        if stage:
            names = [one.name for one in connected.get(task_id).stages]
            if names:  # the stages of a deleted type may be unknown
                one_of("--stage", stage, names)
        if follow:
            outage, note = Outage(address), note_in_json if as_json else stderr.print
            lines = connected.tail(
                task_id,
                stage=stage,
                min_level=level.upper(),
                last_lines=tail,
                on_outage=lambda error: note(outage(error)),
                on_looked=lambda looked: note(_looked_back(looked)),
            )
        else:
            lines = _stored(
                connected, task_id, stage=stage, level=level, search=search, tail=tail, on_looked=looks.append
            )
        some = False
        # A gap in the numbers means dropped lines only if no filter leaves lines out.
        is_filtered = bool(stage or search or level.lower() != "debug")
        last: dict[str, int] | None = None if is_filtered else {}
        for line in lines:
            some = True
            if last is not None:
                before = last.get(line.attempt_id, line.sequence - 1 if tail and not last else 0)
                if missing := line.sequence - before - 1:
                    _note_missing(missing, before=line.sequence, as_json=as_json)
                last[line.attempt_id] = line.sequence
            if as_json:
                print_json(line.to_json())
            else:
                stdout.print(_log_line(line))
        if not some and not as_json:
            said = "No log line has that text." if search else "No log lines."
            stderr.print(said, style="bright_black")
        if search and looks and not as_json:
            # A search of the last lines ends once they are found.
            stderr.print(f"{looks[0]:,} lines of the log were looked through.", style="bright_black")


def _stored(
    connected: Client,
    task_id: str,
    *,
    stage: str | None,
    level: str,
    search: str | None,
    tail: int | None,
    on_looked: Callable[[int], object],
) -> Iterator[LogLineInfo]:
    """The stored lines, oldest first: all of them, or the last `tail`."""
    found = connected.logs(
        task_id,
        stage=stage,
        min_level=level.upper(),
        text=search,
        newest_first=tail is not None,
        on_looked=on_looked,
    )
    if tail is None:
        return found
    return reversed([*islice(found, tail)])


def _looked_back(count: int) -> Text:
    """Say that older lines may match, too."""
    said = f"only the last {count:,} lines of the log were looked through; older ones may match, too"
    return Text.assemble(("! ", "bold yellow"), said)


def _note_missing(count: int, *, before: int, as_json: bool) -> None:
    """Say on stderr that lines are missing: stdout has only stored lines."""
    lines = "1 log line is" if count == 1 else f"{count:,} log lines are"
    said = f"{lines} missing before line {before:,} of an attempt: dropped, or refused by the registry"
    (note_in_json if as_json else stderr.print)(Text.assemble(("! ", "bold yellow"), said))


def _log_line(line: LogLineInfo) -> Text:
    level = str(line.level).upper()
    moment = line.time.astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] if line.time else ""
    return Text.assemble(
        (f"{moment} ", "bright_black"),
        (f"{level:7} ", _LEVEL_STYLES.get(level, "")),
        (f"{line.stage}: " if line.stage else "", "cyan"),
        indented(as_called_here(line.message)),
    )

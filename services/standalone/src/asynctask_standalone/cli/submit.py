"""`asynctask submit`."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import Exit, Refused
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json
from asynctask_standalone.cli.output import command_name, print_json, stdout


def submit(  # noqa: PLR0913 - every option of the command
    task_type: Annotated[
        str, typer.Argument(metavar="TYPE", help=f"Task type; `{command_name()} types` lists them.")
    ],
    *,
    config: Annotated[
        str,
        typer.Option(
            "--config", "-c", metavar="JSON|@FILE", help="The task's config: JSON, @FILE, or @- for stdin."
        ),
    ] = "{}",
    priority: Annotated[
        int | None,
        typer.Option("--priority", "-p", metavar="1-5", help="1 goes first, 5 last; else the type's."),
    ] = None,
    queue: Annotated[str, typer.Option(help="Queue; else the type's.")] = "",
    delay: Annotated[
        str, typer.Option(metavar="DURATION", help="Start no earlier than in 30s, 10m, 2h, 1d.")
    ] = "",
    start_time: Annotated[
        str, typer.Option("--start-time", metavar="TIME", help="Start no earlier than at this RFC 3339 time.")
    ] = "",
    label: Annotated[
        list[str] | None, typer.Option("--label", "-l", metavar="KEY=VALUE", help="May be repeated.")
    ] = None,
    request_id: Annotated[
        str, typer.Option(help="Makes the submit repeatable: the same id gives the same task.")
    ] = "",
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Stay and follow the task until it ends.")
    ] = False,
    timeout: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="With --watch: give up after this long.")
    ] = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Submit a task. Once the answer is there, the task cannot be lost.

    Example: asynctask submit backup_file --config '{"source_path": "/data", "destination_path": "/backup"}'
    """
    with client(address, as_json=as_json) as connected:
        task_id = connected.submit(
            task_type,
            parsed_config(config),
            priority=priority,
            queue=queue,
            delay=duration(delay) if delay else None,
            start_time=instant(start_time) if start_time else None,
            labels=labels(label or []) or None,
            request_id=request_id or None,
        )
    if as_json:
        print_json({"task_id": task_id})
    elif watch or not stdout.is_terminal:
        print(task_id, flush=True)
    else:
        stdout.print(f"Submitted [bold]{task_id}[/]")
        stdout.print(f"[bright_black]Follow it with[/] {command_name()} watch {task_id}")
    if watch:
        from asynctask_standalone.cli.follow import watch_until_final

        with client(address, as_json=as_json) as connected:
            watch_until_final(connected, [task_id], as_json=as_json, timeout=timeout)


def parsed_config(text: str) -> Any:
    """The config of the command line as a JSON value.

    Raises:
        Refused: the file cannot be read, or it is not JSON; the message says where.
    """
    source = "--config"
    if text.startswith("@"):
        source = "stdin" if text == "@-" else text[1:]
        try:
            text = sys.stdin.read() if text == "@-" else Path(text[1:]).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(
                Exit.USAGE, "INVALID_INPUT", f"task_config: cannot read {source}: {error}"
            ) from None
    try:
        return json.loads(text)
    except ValueError as error:
        raise Refused(Exit.USAGE, "INVALID_INPUT", f"task_config: {source} is not JSON: {error}") from None


def labels(pairs: list[str]) -> dict[str, str]:
    """`key=value` texts as a mapping.

    Raises:
        Refused: a text has no `=`.
    """
    for pair in pairs:
        if "=" not in pair:
            raise Refused(Exit.USAGE, "INVALID_INPUT", f"labels: {pair!r} is not KEY=VALUE")
    return {key: value for key, _, value in (pair.partition("=") for pair in pairs)}


def duration(text: str) -> timedelta:
    """A duration such as `90s`, `1.5h`, `2d`.

    Raises:
        Refused: it is none.
    """
    units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
    unit = next(
        (
            unit
            for unit in units
            if text.endswith(unit) and text.removesuffix(unit).replace(".", "", 1).isdigit()
        ),
        None,
    )
    if unit is None:
        raise Refused(
            Exit.USAGE, "INVALID_INPUT", f"delay: {text!r} is not a duration such as 30s, 10m, 2h or 1d"
        )
    return timedelta(seconds=float(text.removesuffix(unit)) * units[unit])


def instant(text: str) -> datetime:
    """An RFC 3339 time; without a zone it is a time of day here.

    Raises:
        Refused: it is none.
    """
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        example = "2026-01-31T22:00:00+08:00"
        raise Refused(
            Exit.USAGE, "INVALID_INPUT", f"start_time: {text!r} is not a time such as {example}"
        ) from None

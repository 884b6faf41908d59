"""`asynctask submit`."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

from asynctask_core import limits
from asynctask_standalone.cli.completion import queue_names, task_types
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import CommandRefused, Exit, errors_told, told_anyway
from asynctask_standalone.cli.given import duration, instant, labels
from asynctask_standalone.cli.lazy_typer import typer
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json
from asynctask_standalone.cli.output import print_json, stderr, stdout
from asynctask_standalone.cli.plain import StyledText
from asynctask_standalone.cli.wording import command, command_name

if TYPE_CHECKING:
    from asynctask.blocking import Client

_MOST_BYTES = 16 * limits.CONFIG_BYTES
"""Most bytes that are read of a file: whitespace in a config does not count, and a wrong file may be of any length."""
_SHOWN, _BEFORE = 72, 40
"""Characters of a line that is not JSON, and those before its mistake."""


def submit(  # noqa: PLR0913 - every option of the command
    task_type: Annotated[
        str,
        typer.Argument(
            metavar="TYPE", help=f"Task type; `{command_name()} types` lists them.", autocompletion=task_types
        ),
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
        typer.Option(
            "--priority",
            "-p",
            min=limits.PRIORITY_FIRST,
            max=limits.PRIORITY_LAST,
            metavar="1-5",
            help="1 goes first, 5 last.",
            show_default="the type's",
        ),
    ] = None,
    queue: Annotated[
        str | None,
        typer.Option(
            metavar="QUEUE",
            help="Which queue it waits in.",
            show_default="the type's",
            autocompletion=queue_names,
        ),
    ] = None,
    delay: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION", help="Start no earlier than in 30s, 10m, 2h, 1d.", show_default="at once"
        ),
    ] = None,
    start_time: Annotated[
        str | None,
        typer.Option(
            "--start-time",
            metavar="TIME",
            help="Start no earlier than at this time, such as 2026-01-31T22:00:00+08:00 (RFC 3339).",
            show_default="at once",
        ),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", "-l", metavar="KEY=VALUE", help="A label to find the task by; repeatable."),
    ] = None,
    request_id: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Makes the submit repeatable: the same id gives the same task."),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Stay and follow the task until it ends.")
    ] = False,
    timeout: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="With --watch: give up after this long.", show_default="never"),
    ] = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Submit a task. Once the answer is there, the task cannot be lost."""
    with errors_told(as_json=as_json):
        if timeout and not watch:
            wrong = "--timeout: is how long to --watch; add --watch, or leave it out"
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", wrong)
        timeout_s = duration(timeout, "--timeout").total_seconds() if timeout else None
    with client(address, as_json=as_json) as connected:
        task_id = connected.submit(
            task_type,
            parsed_config(config),
            priority=priority,
            queue=queue,
            delay=duration(delay, "--delay") if delay else None,
            start_time=instant(start_time, "--start-time") if start_time else None,
            labels=labels(label or []) or None,
            request_id=request_id,
        )
        with told_anyway(f"the task is accepted: {task_id}", as_json=as_json, task_id=task_id):
            if as_json:
                from asynctask_core.message_json.encode import to_json
                from asynctask_protos.scheduler.v1.task_service_pb2 import SubmitTaskResponse

                print_json(to_json(SubmitTaskResponse(task_id=task_id)))
            elif watch or not stdout.is_terminal:
                print(task_id, flush=True)
            else:
                stdout.print(StyledText("Submitted ", (task_id, "bold")))
                follow = f" {command(f'watch {task_id}')}"
                stdout.print(StyledText(("Follow it with", "bright_black"), follow))
        if watch:
            from asynctask_standalone.cli.follow import watch_until_final

            watch_until_final(connected, [task_id], as_json=as_json, timeout=timeout_s, address=address)
        elif stderr.is_terminal and not as_json:
            _tell_if_nobody_runs_it(connected, task_id)


def _tell_if_nobody_runs_it(connected: Client, task_id: str) -> None:
    """Say if no executor runs the task. An error here is ignored, since the submit has succeeded."""
    from asynctask.errors import AsyncTaskError
    from asynctask_standalone.cli.unserved import UnservedNotice

    with suppress(AsyncTaskError):
        if said := UnservedNotice(connected)(connected.get(task_id)):
            stderr.print(said)


def parsed_config(text: str) -> Any:
    """The config of the command line as a JSON value.

    Raises:
        CommandRefused: the file cannot be read, or it is not JSON; the message says where, and what to do.
    """
    from asynctask_core.json_text import decode_json, fault_of, is_too_deep, syntax
    from asynctask_core.text_bytes import NotUtf8, text_of

    source, named = "--config", "config"
    try:
        if text.startswith("@"):
            if text == "@":
                raise _refused("config: @ is followed by a file's name, or by - for stdin")
            source = "stdin" if text == "@-" else text[1:]
            named = f"config: {source}"
            raw = _read(sys.stdin.buffer) if text == "@-" else _read_file(text[1:])
            if len(raw) > _MOST_BYTES:
                allowed = f"must have at most {limits.CONFIG_BYTES:,} bytes as JSON without blanks"
                raise CommandRefused(
                    Exit.USAGE, "TOO_LARGE", f"{named}: {allowed}; got more than {_MOST_BYTES:,}"
                )
        else:
            raw = text.encode("utf-8", "surrogateescape")  # the shell may pass bytes that are not UTF-8
        text = text_of(raw)
    except NotUtf8 as error:
        advice = "" if source == "--config" else "; save it as UTF-8"
        raise _refused(f"{named} is no UTF-8: it {error}{advice}{_as_file_name(error)}") from None
    except OSError as error:
        raise _refused(f"config: cannot read {source}: {error.strerror}") from None
    try:
        value = decode_json(text)
        if is_too_deep(text):
            raise RecursionError
    except json.JSONDecodeError as error:
        said = f"{named} is not JSON: {syntax(error)}"
        raise _refused("\n".join((f"{said}.{_hint(text, source)}", *_pointed_at(error)))) from None
    except (ValueError, RecursionError) as error:
        fault = fault_of(text, error)
        file = "" if source == "--config" else f" in {source}"
        raise _refused(f"config{fault.path}{file}: {fault.said}") from None
    return value


def _read_file(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return _read(file)


def _read(file: BinaryIO) -> bytes:
    """The content of a file, but at most one byte more than is allowed."""
    return file.read(_MOST_BYTES + 1)


def _refused(message: str) -> CommandRefused:
    return CommandRefused(Exit.USAGE, "INVALID_INPUT", message)


def _as_file_name(error: ValueError) -> str:
    """A hint how to write the first byte that is not UTF-8 in JSON: a file's name with it must not change."""
    cause = error.__cause__
    if not isinstance(cause, UnicodeDecodeError):
        return ""
    return f"; a byte of a file's name is written \\udc{cause.object[cause.start]:02x}"


def _hint(text: str, source: str) -> str:
    """What the mistake probably is."""
    if not text.strip():
        return " It is empty."
    if source == "--config" and is_file(text):
        return f" To read it from a file, write @{text}."
    if "'" in text and '"' not in text:
        return ' JSON wants double quotes: \'{"name": "value"}\', single ones around the whole for the shell.'
    if source == "--config" and '"' not in text and text.lstrip().startswith("{"):
        return " The shell may have taken the double quotes: put single ones around the whole."
    return ""


def is_file(text: str) -> bool:
    """Whether there is a file of that name; False if the text cannot be a file's name."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _pointed_at(error: json.JSONDecodeError) -> tuple[str, ...]:
    """The part of the line that is wrong, and a mark below the place."""
    line = (error.doc.splitlines() or [""])[error.lineno - 1 :][:1]
    if not line or not line[0].strip():
        return ()
    start = max(0, error.colno - 1 - _BEFORE)
    cut = line[0][start : start + _SHOWN]
    return (f"  {cut}", "  " + " " * (error.colno - 1 - start) + "^")

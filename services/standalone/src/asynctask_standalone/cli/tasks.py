"""Commands that read tasks: get, list, attempts, events."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, cast

from asynctask_core.state_words import RESERVED_TASK_STATES, TASK_STATES
from asynctask_standalone.cli.completion import queue_names, task_types, words
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.given import duration, instant, labels
from asynctask_standalone.cli.lazy_typer import typer
from asynctask_standalone.cli.options import (
    DEFAULT_ADDRESS,
    Address,
    AsState,
    Json,
    Labels,
    TaskId,
    listed,
    one_of,
)
from asynctask_standalone.cli.output import (
    WIDE,
    bar,
    print_json,
    stdout,
    table,
    task_percent,
    task_state_words,
)
from asynctask_standalone.cli.plain import UNLIMITED, StyledText
from asynctask_standalone.cli.task_pages import TaskPages
from asynctask_standalone.cli.unserved import print_unserved, unserved, waits_for_an_executor
from asynctask_standalone.cli.wording import age, as_called_here, local, title_of

if TYPE_CHECKING:
    from asynctask import TaskEventInfo, TaskInfo

COLUMNS = ("TASK", "TYPE", "STATUS", "PROGRESS", "STAGE", "PRIO", "SUBMITTED")
NARROW_COLUMNS = ("TASK", "TYPE", "STATUS", "SUBMITTED")
OPTIONAL_COLUMNS = ("PRIO", "STAGE", "SUBMITTED", "PROGRESS")
_AGO = re.compile(r"-?[0-9.]+ *[a-z]")
"""A duration such as `2h` begins like this, and no RFC 3339 time does."""
_LONGEST_AGO_MS = 1000 * 365 * 86_400_000
"""A thousand years: no task is older, and calendars go further back."""


def get(task_id: TaskId, address: Address = DEFAULT_ADDRESS, as_json: Json = False) -> None:
    """Show one task: status, stages, config, result, failure, and what holds it up.

    The attempts of all runs are counted by how they ended. In JSON `attempt_count` counts all runs, `error_count` and
    `release_count` (paused, cancelled or given back) the present run, and `lost_count` only since the last checkpoint
    or finished stage, which is what the type's limit for lost executors counts. `attempts` shows the whole history.
    """
    with client(address, as_json=as_json) as connected:
        task = connected.get(task_id)
        if as_json:
            print_json(task.to_json())
            return
        from asynctask_standalone.cli.explain import explained, hindrances, needs_executor
        from asynctask_standalone.cli.show import task_panel

        told = explained(connected, task)
        attempts = connected.attempts(task_id) if task.attempt_count > 1 else ()
        stdout.print(task_panel(task, attempts, is_unserved=needs_executor(told)))
        for hint in hindrances(told, task):
            stdout.print(hint)


def list_tasks(  # noqa: PLR0913 - every option of the command
    *,
    task_type: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            "-t",
            metavar="TYPE",
            help="Only these types; repeatable, or with commas.",
            autocompletion=task_types,
        ),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            "-s",
            metavar="STATUS",
            help=f"Only tasks with one of these; repeatable, or with commas: {', '.join(TASK_STATES)}"
            f" ({', '.join(RESERVED_TASK_STATES)} is reserved: no task has it yet).",
            autocompletion=words(TASK_STATES),
        ),
    ] = None,
    state: AsState = None,
    queue: Annotated[
        str | None, typer.Option(metavar="QUEUE", help="Only this queue.", autocompletion=queue_names)
    ] = None,
    label: Labels = None,
    warnings: Annotated[
        bool | None,
        typer.Option(
            "--warnings/--no-warnings",
            help="Only tasks with warnings, such as failed or skipped items; or only those without.",
            show_default=False,
        ),
    ] = None,
    error: Annotated[
        str | None,
        typer.Option(
            metavar="FINGERPRINT",
            help="Only failed tasks with this kind of error, as `failures` and the failure of `get --json` have it.",
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Only tasks with this text in the type's name or in a label's value; KEY=VALUE is a whole label, and a"
            " whole ID that of the task or of a label. A to Z match a to z.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME|DURATION", help="Submitted at or after: an RFC 3339 time, or how long ago: 2h."
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="TIME|DURATION", help="Submitted before; written as in --since.")
    ] = None,
    limit: Annotated[
        int,
        typer.Option("--limit", "-n", min=0, metavar="N", help="At most so many, newest first; 0 means all."),
    ] = 50,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """List tasks, newest first; with --json one task a line, as `get --json` has it."""
    with client(address, as_json=as_json) as connected:
        status = [*listed("--status", status), *listed("--status", state)]
        states = tuple(one_of("--status", one, TASK_STATES, reserved=RESERVED_TASK_STATES) for one in status)
        task_type = listed("--type", task_type)
        after, before = moment(since, "--since"), moment(until, "--until")
        read = partial(
            connected.list_page,
            task_types=tuple(task_type),
            states=states,
            submitted_after=after,
            submitted_before=before,
            queue=queue,
            labels=labels(label or []) or None,
            has_warnings=warnings,
            error_fingerprint=error,
            text=text,
            full=as_json,
        )
        pages = TaskPages(lambda size, token: read(page_size=size, page_token=token), limit)
        if as_json:
            for task in pages:
                print_json(task.to_json())
            if pages.gave_up:
                print_json({"notice": pages.note}, to_stderr=True)
            return
        found = list(pages)
        missing = unserved(connected, map(_line, filter(waits_for_an_executor, found)))
        rows = [_row(task, missing, wide=stdout.width >= WIDE) for task in found]
        columns = COLUMNS if stdout.width >= WIDE else NARROW_COLUMNS
        titles = [title_of(task) for task in found]
        if stdout.width >= UNLIMITED and any(titles):
            columns = (*columns, "TITLE")
            rows = [(*row, title) for row, title in zip(rows, titles, strict=True)]
            titles = []
        asked = (
            (" or ".join(status), "with status"),
            (", ".join(map(repr, task_type)), "of type"),
            (queue and repr(queue), "in queue"),
            (" and ".join(label or ()), "with label"),
            ("" if warnings is None else "warnings", "with" if warnings else "without"),
            (error, "with error"),
            (text and repr(text), "with text"),
            (since, "since"),
            (until, "until"),
        )
        which = "".join(f" {before} {what}" for what, before in asked if what)
        shown = table(
            *columns,
            rows=rows,
            right=("PRIO",),
            whole=("PROGRESS", "SUBMITTED"),
            optional=OPTIONAL_COLUMNS,
            below=titles,
            empty=f"No tasks{which}.",
        )
        stdout.print(shown)
        if pages.note:
            stdout.print(pages.note, style="bright_black")
        print_unserved(missing.values())


def _line(task: TaskInfo) -> tuple[str, str]:
    return (task.task_type, task.queue)


def _row(task: TaskInfo, missing: Collection[tuple[str, str]], *, wide: bool) -> tuple[str | StyledText, ...]:
    is_unserved = _line(task) in missing and waits_for_an_executor(task)
    # In a narrow terminal the percentage has no column of its own, which might not fit.
    state = task_state_words(task, is_unserved=is_unserved, has_percent=not wide)
    if not wide:
        return (task.task_id, task.task_type, state, age(task.submit_time))
    progress = bar(task.percent, 8) + StyledText(f" {task_percent(task):>4}")
    return (
        task.task_id,
        task.task_type,
        state,
        progress,
        task.stage,
        str(task.priority),
        age(task.submit_time),
    )


def attempts(task_id: TaskId, address: Address = DEFAULT_ADDRESS, as_json: Json = False) -> None:
    """Show every attempt of a task, oldest first: who ran it, for how long, how it ended and why."""
    with client(address, as_json=as_json) as connected:
        found = connected.attempts(task_id)
        if as_json:
            for attempt in found:
                print_json(attempt.to_json())
            return
        from asynctask_standalone.cli.show import attempts_table

        stdout.print(attempts_table(found))


def events(task_id: TaskId, address: Address = DEFAULT_ADDRESS, as_json: Json = False) -> None:
    """Show a task's whole history, oldest first: created, started by which executor, stages finished, lost, retried
    when and why, paused, resumed, …

    A restart drops the stages finished before it, unless it goes on from the checkpoint. The warnings of a run are
    shown with the event that ended it; those of earlier runs, with the restart that followed.
    """
    with client(address, as_json=as_json) as connected:
        found = connected.events(task_id)
        if as_json:
            for event in found:
                print_json(event.to_json())
            return
        rows = [
            (local(event.time), event.kind.replace("_", " "), _facts({**_who(event), **event.detail}))
            for event in found
        ]
        stdout.print(table("TIME", "WHAT", "FACTS", rows=rows, whole=("WHAT",), empty="No events."))
        if any(event.kind == "restarted" and event.detail.get("from") != "checkpoint" for event in found):
            dropped = "The last restart from the start dropped the stages finished before it."
            stdout.print(dropped, style="bright_black")


def _who(event: TaskEventInfo) -> dict[str, str]:
    """Who gave the command, if the event is a command."""
    return {"by": event.actor} if event.actor else {}


def _facts(detail: object) -> str:
    if isinstance(detail, dict):
        facts = cast("dict[str, Any]", detail)
        said = ((key, "" if value is None else _fact(value)) for key, value in facts.items())
        return ", ".join(f"{key}: {text}" for key, text in said if text.strip())
    return str(detail or "")


def _fact(value: object) -> str:
    """A value in words; a mapping, such as labels or warnings, as its pairs."""
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return " ".join(f"{key}={one}" for key, one in pairs.items())
    return as_called_here(str(value))


def moment(text: str | None, option: str) -> datetime | None:
    """A time, or a time that long ago."""
    if text is None:
        return None
    if _AGO.match(text):
        return datetime.now().astimezone() - duration(text, option, _LONGEST_AGO_MS)
    return instant(text, option, otherwise=", nor how long ago, such as 2h")

"""Commands that change tasks: pause, resume, cancel, restart, delete, update. Each takes several ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from asynctask_core import limits
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import CommandRefused, Exit, end_unwritten, errors_told, exit_of, told
from asynctask_standalone.cli.given import labels
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json, Reason, TaskIds
from asynctask_standalone.cli.output import print_json, stdout, task_state_words
from asynctask_standalone.cli.streams import OutputFailed

if TYPE_CHECKING:
    from asynctask import TaskInfo
    from asynctask.blocking import Client
    from asynctask_core.errors import FieldViolation

_OF_ONE_TASK = (Exit.USAGE, Exit.NOT_FOUND, Exit.WRONG_STATE)
"""Errors of one task, after which the next one is tried. If the cluster does not answer, that would be no use."""


IfVersion = Annotated[
    int | None,
    typer.Option(
        "--if-version",
        min=1,
        metavar="VERSION",
        help="Only if the task still has this version, as `get --json` gives it; for one task.",
        show_default="any",
    ),
]


def pause(
    ids: TaskIds,
    reason: Reason = "",
    if_version: IfVersion = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Stop tasks at their next safe point; each keeps its checkpoint."""

    def change(connected: Client, task_id: str) -> TaskInfo:
        return connected.pause(task_id, reason, expected_version=if_version)

    _each(ids, address, as_json, change, if_version)


def resume(
    ids: TaskIds,
    reason: Reason = "",
    if_version: IfVersion = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Let paused tasks go on, or withdraw a pause that is not carried out yet."""

    def change(connected: Client, task_id: str) -> TaskInfo:
        return connected.resume(task_id, reason, expected_version=if_version)

    _each(ids, address, as_json, change, if_version)


def cancel(
    ids: TaskIds,
    reason: Reason = "",
    if_version: IfVersion = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Stop tasks for good."""

    def change(connected: Client, task_id: str) -> TaskInfo:
        return connected.cancel(task_id, reason, expected_version=if_version)

    _each(ids, address, as_json, change, if_version)


def restart(
    ids: TaskIds,
    *,
    from_checkpoint: Annotated[
        bool,
        typer.Option(
            "--from-checkpoint",
            help="Go on from the last checkpoint instead of the beginning.",
        ),
    ] = False,
    start_now: Annotated[
        bool, typer.Option("--now", help="Start at once, even before the task's start time.")
    ] = False,
    reason: Reason = "",
    if_version: IfVersion = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Begin a new run of tasks that have ended.

    A task that ended before its start time waits for that time again, unless --now is given.
    """

    def change(connected: Client, task_id: str) -> TaskInfo:
        return connected.restart(
            task_id,
            from_checkpoint=from_checkpoint,
            start_now=start_now,
            reason=reason,
            expected_version=if_version,
        )

    _each(ids, address, as_json, change, if_version)


def update(
    ids: TaskIds,
    *,
    priority: Annotated[
        int | None,
        typer.Option(
            "--priority",
            "-p",
            min=limits.PRIORITY_FIRST,
            max=limits.PRIORITY_LAST,
            metavar="1-5",
            help="1 goes first, 5 last.",
            show_default="as it is",
        ),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            "-l",
            metavar="KEY=VALUE",
            help="All labels from now on; repeatable.",
            show_default="as they are",
        ),
    ] = None,
    reason: Reason = "",
    if_version: IfVersion = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Change the priority or the labels of tasks."""
    with errors_told(as_json=as_json):
        if priority is None and label is None:
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", "name what to change: --priority or --label")
        changed = None if label is None else labels(label)

    def change(connected: Client, task_id: str) -> TaskInfo:
        return connected.update(
            task_id, priority=priority, labels=changed, reason=reason, expected_version=if_version
        )

    _each(ids, address, as_json, change, if_version)


def delete(
    ids: TaskIds,
    *,
    force: Annotated[
        bool,
        typer.Option("--force", help="Also tasks that have not ended: they are cancelled first."),
    ] = False,
    reason: Reason = "",
    if_version: IfVersion = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Hide tasks that have ended."""

    def change(connected: Client, task_id: str) -> bool:
        return connected.delete(task_id, force=force, reason=reason, expected_version=if_version)

    _each(ids, address, as_json, change, if_version)


def _each(
    ids: list[str],
    address: str,
    as_json: bool,
    change: Callable[[Client, str], TaskInfo | bool],
    if_version: int | None,
) -> None:
    """Try every id and print one line for each; then exit with the code of the first that was refused.

    If a word is not an id, it is a typing mistake: then no task is changed.
    """
    first, unwritten = Exit.OK, None
    with errors_told(as_json=as_json):
        if if_version is not None and len(ids) > 1:
            text = f"--if-version is for one task; got {len(ids)} ids: each has a version of its own"
            raise CommandRefused(Exit.USAGE, "INVALID_INPUT", text)
    with client(address, as_json=as_json) as connected:
        from asynctask_core.errors import AsyncTaskError

        _check_ids(ids)
        for task_id in ids:
            try:
                outcome = change(connected, task_id)
            except AsyncTaskError as error:
                if exit_of(error) not in _OF_ONE_TASK:
                    raise
                code = told(error, as_json=as_json, task_id=task_id)
                first = first or code
            else:
                try:
                    _show(connected, task_id, outcome, as_json=as_json)
                except OutputFailed as error:  # the other tasks must still be changed
                    unwritten = error
        if unwritten:
            what = "every task was changed as asked, except those with an error on stderr"
            raise typer.Exit(end_unwritten(unwritten, what, as_json=as_json))
        if first:
            raise typer.Exit(first)


def _check_ids(ids: list[str]) -> None:
    """Refuse all words that are not ids, in one error."""
    from asynctask_core.errors import InvalidInput
    from asynctask_core.ids import parse_id

    wrong: list[FieldViolation] = []
    for task_id in ids:
        try:
            parse_id(task_id)
        except InvalidInput as error:
            wrong += error.violations
    if wrong:
        raise InvalidInput(wrong)


def _show(connected: Client, task_id: str, outcome: TaskInfo | bool, *, as_json: bool) -> None:
    """Where the task stands now, or whether it is deleted already."""
    if isinstance(outcome, bool):
        if as_json:
            print_json({"task_id": task_id, "deleted": outcome})
        else:
            when = "deleted" if outcome else "is deleted as soon as its executor has stopped"
            stdout.print(f"{task_id}  {when}")
    elif as_json:
        from asynctask_standalone.cli.whole import WholeTasks

        print_json(WholeTasks(connected)(outcome))
    else:
        stdout.print(f"{task_id} ", task_state_words(outcome))

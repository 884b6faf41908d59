"""Commands that change tasks: pause, resume, cancel, restart, delete, update. Each takes several ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import Exit, Refused
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json, Reason, TaskIds
from asynctask_standalone.cli.output import print_json, stdout, task_state
from asynctask_standalone.cli.submit import labels

if TYPE_CHECKING:
    from asynctask import TaskInfo
    from asynctask.blocking import Client


def pause(
    ids: TaskIds, reason: Reason = "", address: Address = DEFAULT_ADDRESS, as_json: Json = False
) -> None:
    """Stop tasks at their next safe point, keeping their position."""
    _each(ids, address, as_json, lambda connected, task_id: connected.pause(task_id, reason))


def resume(
    ids: TaskIds, reason: Reason = "", address: Address = DEFAULT_ADDRESS, as_json: Json = False
) -> None:
    """Let paused tasks go on, or withdraw a pause that is not carried out yet."""
    _each(ids, address, as_json, lambda connected, task_id: connected.resume(task_id, reason))


def cancel(
    ids: TaskIds, reason: Reason = "", address: Address = DEFAULT_ADDRESS, as_json: Json = False
) -> None:
    """Stop tasks for good."""
    _each(ids, address, as_json, lambda connected, task_id: connected.cancel(task_id, reason))


def restart(
    ids: TaskIds,
    from_checkpoint: Annotated[
        bool,
        typer.Option("--from-checkpoint", help="Go on from the last checkpoint instead of the beginning."),
    ] = False,
    reason: Reason = "",
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Begin a new run of tasks that have ended."""
    _each(
        ids,
        address,
        as_json,
        lambda connected, task_id: connected.restart(task_id, from_checkpoint=from_checkpoint, reason=reason),
    )


def update(
    ids: TaskIds,
    priority: Annotated[
        int | None, typer.Option("--priority", "-p", metavar="1-5", help="1 goes first, 5 last.")
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", "-l", metavar="KEY=VALUE", help="All labels from now on; repeatable."),
    ] = None,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Change the priority or the labels of tasks."""

    def change(connected: Client, task_id: str) -> TaskInfo:
        if priority is None and label is None:
            raise Refused(Exit.USAGE, "INVALID_INPUT", "name what to change: --priority or --label")
        return connected.update(task_id, priority=priority, labels=None if label is None else labels(label))

    _each(ids, address, as_json, change)


def delete(
    ids: TaskIds,
    force: Annotated[
        bool, typer.Option("--force", help="Also tasks that have not ended: they are cancelled first.")
    ] = False,
    reason: Reason = "",
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Hide tasks that have ended."""
    with client(address, as_json=as_json) as connected:
        for task_id in ids:
            deleted = connected.delete(task_id, force=force, reason=reason)
            if as_json:
                print_json({"task_id": task_id, "deleted": deleted})
            else:
                stdout.print(
                    f"{task_id}  {'deleted' if deleted else 'is deleted as soon as its executor has stopped'}"
                )


def _each(ids: list[str], address: str, as_json: bool, change: Callable[[Client, str], TaskInfo]) -> None:
    """Change one after the other and show where each stands then; the first that is refused ends the command."""
    with client(address, as_json=as_json) as connected:
        for task_id in ids:
            task = change(connected, task_id)
            if as_json:
                print_json(task.to_json())
            else:
                stdout.print(f"{task_id} ", task_state(task))

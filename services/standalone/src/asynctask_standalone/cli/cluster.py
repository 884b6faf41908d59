"""Commands about the cluster: types, executors, drain, queues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from asynctask_core.listing import enumerated
from asynctask_core.printable import indented
from asynctask_standalone.cli.completion import executor_ids, queue_names, task_types
from asynctask_standalone.cli.connection import client
from asynctask_standalone.cli.exits import CommandRefused, Exit, errors_told, told_anyway
from asynctask_standalone.cli.lazy_typer import typer
from asynctask_standalone.cli.options import DEFAULT_ADDRESS, Address, Json
from asynctask_standalone.cli.output import print_json, state_words, stderr, stdout, table
from asynctask_standalone.cli.plain import StyledText
from asynctask_standalone.cli.starting import start_any
from asynctask_standalone.cli.unserved import print_unserved, serving_executors
from asynctask_standalone.cli.wording import age, amount, command_name, span

if TYPE_CHECKING:
    from asynctask import ExecutorInfo, QueueTypeInfo, TaskTypeInfo
    from asynctask.blocking import Client
    from asynctask.errors import TaskTypeNotFound

_NAMES_BYTES = 400
"""Names of types in an error."""


def types(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="Show one type: its stages, retry, limits and config.",
            autocompletion=task_types,
        ),
    ] = "",
    delete: Annotated[
        bool,
        typer.Option("--delete", help="Delete the type; refused while a task of it waits or runs."),
    ] = False,
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """List the task types that executors have declared, show one in full, or delete one.

    With --json each has the JSON Schema of its config. A type can be deleted only while no task of it waits or runs.
    Its tasks can still be read, but they cannot be restarted, and submits of the type are refused. An executor that
    declared it stays connected, but runs no task of it. The type exists again once an executor declares it: that
    executor at its next start or connection, or another one.
    """
    with errors_told(as_json=as_json):
        if delete and not name:
            raise CommandRefused(
                Exit.USAGE, "INVALID_INPUT", "--delete: name the type to delete: types NAME --delete"
            )
    with client(address, as_json=as_json) as connected:
        if delete:
            _delete_type(connected, name)
            with told_anyway(f"task type {name} is deleted", as_json=as_json):
                _tell_deleted(connected, name, as_json=as_json)
            return
        found = [_type_of(connected, name)] if name else connected.task_types()
        if as_json:
            for one in found:
                print_json(one.to_json())
            return
        if name:
            from asynctask_standalone.cli.kinds import type_view

            stdout.print(type_view(found[0]))
            return
        rows = [
            (
                one.name,
                " → ".join(one.stages),
                one.queue,
                str(one.priority),
                str(one.max_running or "no limit"),
                age(one.update_time),
                one.description,
            )
            for one in found
        ]
        columns = ("TYPE", "STAGES", "QUEUE", "PRIO", "AT ONCE", "CHANGED", "WHAT IT DOES")
        # All of it is in `types NAME`.
        optional = ("CHANGED", "PRIO", "AT ONCE", "QUEUE")
        empty = f"No task types: start an executor, such as `{start_any()}`, or restart one whose type was deleted."
        right = ("PRIO", "AT ONCE")
        stdout.print(table(*columns, rows=rows, right=right, optional=optional, empty=empty))


def drain(
    executor_id: Annotated[
        str,
        typer.Argument(
            metavar="EXECUTOR",
            help=f"Id of the executor; `{command_name()} executors` lists them.",
            autocompletion=executor_ids,
        ),
    ],
    reason: Annotated[
        str,
        typer.Option("--reason", "-r", metavar="TEXT", help="Why, for people; kept in the scheduler's log."),
    ] = "",
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Ask an executor to take no new tasks, give back each task at its next checkpoint, and end."""
    with client(address, as_json=as_json) as connected:
        connected.drain_executor(executor_id, reason)
        with told_anyway(f"executor {executor_id} drains", as_json=as_json):
            if as_json:
                print_json(_drained(executor_id))
            else:
                stdout.print(f"{executor_id} takes no new tasks, gives back those it has, and ends.")


def _drained(executor_id: str) -> dict[str, Any]:
    """The answer as REST has it, and which executor drains."""
    from asynctask_core.message_json.sentences import sentence_of
    from asynctask_protos.scheduler.v1 import executor_service_pb2 as executor_pb

    service = executor_pb.DESCRIPTOR.services_by_name["ExecutorService"]
    said = sentence_of(service.methods_by_name["DrainExecutor"], executor_pb.DrainExecutorResponse())
    return {"message": said, "executor_id": executor_id, "draining": True}


def executors(address: Address = DEFAULT_ADDRESS, as_json: Json = False) -> None:
    """List the executors that are connected, or were a minute ago; one that is stopped leaves the list at once.

    An executor runs no task of a deleted type until an executor declares the type again.
    """
    with client(address, as_json=as_json) as connected:
        found = connected.executors()
        if as_json:
            for one in found:
                print_json(one.to_json())
            return
        rows = [
            (
                one.executor_id,
                _presence(connected=one.connected, draining=one.draining),
                f"{one.running} of {one.slots}" if one.slots else f"{one.running}",
                ", ".join([*one.task_types, *(f"{name} (deleted)" for name in one.deleted_task_types)]),
                ", ".join(one.queues) or "of its types",
                f"{span(one.last_seen_ms / 1000)} ago",
            )
            for one in found
        ]
        columns = ("EXECUTOR", "STATUS", "TASKS", "TYPES", "QUEUES", "SEEN")
        if any(map(_is_named, found)):
            rows = [(row[0], one.display_name, *row[1:]) for row, one in zip(rows, found, strict=True)]
            columns = ("EXECUTOR", "NAME", *columns[1:])
        empty = f"No executors: start one, such as `{start_any()}`."
        stdout.print(table(*columns, rows=rows, right=("TASKS",), whole=("STATUS", "SEEN"), empty=empty))
        if not all(one.connected for one in found):
            away = "Executors that are away were killed or cannot be reached; they leave this list after a minute."
            stdout.print(away, style="bright_black")


def queues(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Only this queue.", autocompletion=queue_names)
    ] = "",
    address: Address = DEFAULT_ADDRESS,
    as_json: Json = False,
) -> None:
    """Show what waits and what runs in each queue, type by type, and how many connected executors serve it.

    READY are the tasks that wait for a free slot. OLDEST WAITS is how long the first of them has been ready: a delayed
    task counts from its start time, a retry from the end of its delay, and a task that was lost, given back or resumed
    from when it was first ready, since it keeps its place in the queue.
    """
    with client(address, as_json=as_json) as connected:
        found = [connected.queue(name)] if name else connected.queues()
        if as_json:
            for one in found:
                print_json(one.to_json())
            return
        lines = [(one.name, part) for one in found for part in one.types]
        served, tell = _service(connected, lines)
        rows = [
            (
                queue,
                part.task_type,
                f"{part.depth:,}",
                f"{part.running:,}" + (f" of {part.max_running:,}" if part.max_running else ""),
                span(part.oldest_ready_ms / 1000) if part.depth else "",
                by,
            )
            for (queue, part), by in zip(lines, served, strict=True)
        ]
        columns = ("QUEUE", "TYPE", "READY", "RUNNING", "OLDEST WAITS", "SERVED BY")
        stdout.print(table(*columns, rows=rows, right=columns[2:5], empty="No task is queued or running."))
        tell()


def _service(
    connected: Client, lines: Sequence[tuple[str, QueueTypeInfo]]
) -> tuple[list[StyledText], Callable[[], object]]:
    """How many executors serve each lane, and a function that prints which lanes have none.

    The list is shown even if the cluster does not answer which executors it has.
    """
    from asynctask.errors import AsyncTaskError

    if not lines:
        return [], lambda: None
    try:
        serving = serving_executors(connected)
        counts = [serving.count(part.task_type, queue) for queue, part in lines]
        missing = [serving.missing(part.task_type, queue) for queue, part in lines if part.depth]
    except AsyncTaskError as error:
        said = StyledText(("! ", "bold yellow"), f"their executors are not known: {indented(str(error))}")
        return [StyledText(("unknown", "bright_black"))] * len(lines), partial(stderr.print, said)
    words = [
        _serving_words(count, waits=part.depth > 0) for count, (_, part) in zip(counts, lines, strict=True)
    ]
    return words, partial(print_unserved, list(filter(None, missing)))


def _delete_type(connected: Client, name: str) -> None:
    from asynctask.errors import TaskTypeNotFound

    try:
        connected.delete_task_type(name)
    except TaskTypeNotFound as error:
        raise _unknown_type(connected, error) from None


def _tell_deleted(connected: Client, name: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"task_type": name, "deleted": True})
        return
    stdout.print(f"Deleted {name}: submits and restarts of it are refused from now on.")
    from asynctask.errors import AsyncTaskError

    try:
        serving = sorted(
            one.executor_id
            for one in connected.executors()
            if one.connected and name in (*one.task_types, *one.deleted_task_types)
        )
    except AsyncTaskError:  # the type is deleted anyway
        return
    if serving:
        others = f" and {len(serving) - 1} more" if len(serving) > 1 else ""
        stdout.print(
            f"{serving[0]}{others} declared it, stays connected, and runs no task of it until it declares it again, at "
            "its next start or connection: start it without the type to remove the type, or restart it to restore it."
        )


def _type_of(connected: Client, name: str) -> TaskTypeInfo:
    """The type of that name; if there is none, the error lists the types that exist, as the error of a submit does."""
    from asynctask.errors import TaskTypeNotFound

    try:
        return connected.task_type(name)
    except TaskTypeNotFound as error:
        raise _unknown_type(connected, error) from None


def _unknown_type(connected: Client, error: TaskTypeNotFound) -> TaskTypeNotFound:
    """The error with the types that exist."""
    names = sorted(one.name for one in connected.task_types())
    existing = f"those that exist: {enumerated(names, _NAMES_BYTES)}" if names else "none exists yet"
    return type(error)(f"{error.message}; {existing}")


def _serving_words(count: int, *, waits: bool) -> StyledText:
    if count:
        return StyledText(amount(count, "executors"))
    return StyledText(("! no executor", "yellow") if waits else ("no executor", "bright_black"))


def _is_named(executor: ExecutorInfo) -> bool:
    """Whether its name was set: the default is the host's name, with which the executor's id begins too."""
    return executor.display_name[:64] not in ("", executor.executor_id.rsplit("-", 2)[0])


def _presence(*, connected: bool, draining: bool) -> StyledText:
    if draining:
        return state_words("draining")
    return StyledText(("● connected", "green") if connected else ("○ away", "red"))

"""People's commands for one task: decided by the pure life cycle under the row's lock, noted in `task_events`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_core.errors import RefusedByStore, RequestIdReused, TaskNotFound, VersionChanged
from asynctask_core.ids import id_text, id_time_ms
from asynctask_core.lifecycle.by_people import COMMANDS, Delete, PersonCommand, Restart, Resume, Update
from asynctask_core.wire import escape_nul
from asynctask_protos.registry.v1.ledger_service_pb2 import ApplyCommandRequest
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger import task_warnings
from asynctask_registry.ledger.command_wire import command_of
from asynctask_registry.ledger.deleted_types import deleted_types, no_restart
from asynctask_registry.ledger.facts import TaskRow
from asynctask_registry.ledger.transition.open_task import OpenTask
from asynctask_registry.ledger.transition.transition import Transition, transact
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool, StoreConnection

UNCHANGED: Final = "unchanged"
"""Event of a command that changed nothing: it makes a repeat known for ten minutes, and stories do not show it."""
UNCHANGED_KEPT_MS: Final = 600_000
"""A client repeats a command for 15 s."""
_CONTENT: Final = frozenset({"priority", "labels", "from"})
_CLOCKS_MS: Final = 600_000
"""An id is at most so much ahead of Postgres' clock: twice what a new task may be."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """Standings of the task and of other tasks that changed with it, and whether the task is hidden."""

    standing: Standing
    others: Sequence[Standing]
    is_deleted: bool


class CommandWriter:
    """Applies people's commands."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def apply(self, request: ApplyCommandRequest) -> CommandResult:
        """Apply one command; one that changes nothing answers the present standing.

        So does one that the task was given before under its request id, unless it was refused then.

        Raises:
            TaskNotFound: no such task, or it is deleted.
            WrongState: its state does not allow the command.
            VersionChanged: it has another version than the command expects.
            RequestIdReused: the request id was used for another command, or other content, to this task.
            TaskTypeDeleted: it would be restarted, and its type was deleted.
            InvalidInput: no such command; RefusedByStore: labels or a priority that cannot be kept.
            StoreUnavailable, OutcomeUnknown: repeat it.
        """
        command, types = command_of(request), await self._types.current()
        try:
            task, transition = await transact(
                self._pool,
                [request.task_id],
                types,
                lambda transition: _apply(transition, request, command),
                keep_types=isinstance(command, Restart),
            )
        except ContentRefused as refused:
            raise RefusedByStore(f"the command cannot be stored: {refused}") from refused
        others = transition.standings_of_others(request.task_id)
        return CommandResult(task.standing, others, task.facts.deleted)


async def _apply(transition: Transition, request: ApplyCommandRequest, command: PersonCommand) -> OpenTask:
    task = transition.tasks.get(request.task_id)
    if task is None:
        raise TaskNotFound(f"no task has the id {id_text(request.task_id)}, or it is deleted")
    if request.request_id and await _was_given(transition.connection, request, command):
        if task.facts.deleted and not isinstance(command, Delete):
            raise TaskNotFound(f"task {id_text(request.task_id)} is deleted")
        return task
    _check_version(task, request)
    decision = task.decide(command)
    task_type = task.facts.task_type
    if isinstance(command, Restart) and await deleted_types(transition.connection, [task_type]):
        raise no_restart(request.task_id, task_type)
    if not task.has_changed and request.request_id:
        detail = json.dumps({"command": command.word} | _content(command), ensure_ascii=False)
        task.note(UNCHANGED, detail, request_id=request.request_id, actor=request.actor)
        await transition.connection.fetch(
            "event_forget_unchanged",
            task_id=request.task_id,
            since_ms=_first_ms(request.task_id),
            kept_ms=UNCHANGED_KEPT_MS,
        )
    if task.has_changed:
        reason = escape_nul(request.reason)
        # Read before they are deleted with the stages. A restart from a checkpoint keeps them: the end of the new run
        # reports them.
        warned = await _warnings(transition.connection, task.known) if decision.forget else None
        task.reason = _shown_reason(command, reason)
        task.labels = _labels(command)
        if decision.event is not None:
            detail = _detail(command, reason, warned)
            task.note(decision.event, detail, request_id=request.request_id, actor=request.actor)
    return task


async def _was_given(
    connection: StoreConnection, request: ApplyCommandRequest, command: PersonCommand
) -> bool:
    """True if this command was given under its request id before, and not refused.

    Raises:
        RequestIdReused: another command, or one with another content, was given under it.
    """
    rows = await connection.fetch(
        "event_of_request",
        task_id=request.task_id,
        request_id=request.request_id,
        since_ms=_first_ms(request.task_id),
    )
    if not rows:
        return False
    kind, detail = rows[0]["kind"], json.loads(rows[0]["detail"])
    word = detail.get("command") if kind == UNCHANGED else _word_of(kind)
    content = {key: value for key, value in detail.items() if key in _CONTENT}
    if (word, content) != (command.word, _content(command)):
        text = f"request id {request.request_id!r} was used for another command to task {id_text(request.task_id)}"
        raise RequestIdReused(f"{text}: {word}{f' with {json.dumps(content)}' if content else ''}")
    return True


def _first_ms(task_id: bytes) -> int:
    """Milliseconds since 1970: no event of a task is older, by Postgres' clock."""
    return id_time_ms(task_id) - _CLOCKS_MS


def _word_of(kind: str) -> str:
    """The command that leaves an event of this kind."""
    return next((word for word, command in COMMANDS.items() if kind in command.events), kind)


def _check_version(task: OpenTask, request: ApplyCommandRequest) -> None:
    facts = task.facts
    # For a deleted task the life cycle raises TaskNotFound.
    if facts.deleted or not request.HasField("expected_version") or request.expected_version == facts.version:
        return
    text = f"task {id_text(facts.task_id)} is {facts.state} and has version {facts.version}"
    raise VersionChanged(
        f"{text}, but version {request.expected_version} is expected",
        metadata={"version": str(facts.version), "state": facts.state},
    )


def _shown_reason(command: PersonCommand, reason: str) -> str | None:
    """The reason kept with a task is that of its latest pause, cancel, restart or delete, until it is resumed."""
    if isinstance(command, Update):
        return None
    return "" if isinstance(command, Resume) else reason


def _labels(command: PersonCommand) -> str | None:
    if not isinstance(command, Update) or command.labels is None:
        return None
    return json.dumps(dict(command.labels), ensure_ascii=False)


async def _warnings(connection: StoreConnection, task: TaskRow) -> Mapping[str, int]:
    """Counts by code until now, for the task's story: after the restart the row has only later ones."""
    if not task.may_have_warnings:
        return {}
    folds = await task_warnings.load(connection, [task.facts.task_id])
    return folds[task.facts.task_id].tally.by_code()


def _content(command: PersonCommand) -> dict[str, object]:
    """What the command says besides its word, as its event keeps it."""
    facts: dict[str, object] = {}
    if isinstance(command, Update):
        if command.priority is not None:
            facts["priority"] = command.priority
        if command.labels is not None:
            facts["labels"] = dict(command.labels)
    if isinstance(command, Restart) and command.from_checkpoint:
        facts["from"] = "checkpoint"
    return facts


def _detail(command: PersonCommand, reason: str, warned: Mapping[str, int] | None) -> str:
    facts: dict[str, object] = {"reason": reason} if reason else {}
    if warned:
        facts["warnings"] = warned
    return json.dumps(facts | _content(command), ensure_ascii=False)

"""What people do to one task: decided by the pure life cycle under the row's lock, noted in `task_events`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from asynctask_core.commands import Cancel, Command, Delete, Pause, Restart, Resume, Update
from asynctask_core.errors import FieldViolation, InvalidInput, RefusedByStore, TaskNotFound
from asynctask_core.ids import id_text
from asynctask_core.wire import escape_nul
from asynctask_protos.registry.v1.ledger_service_pb2 import (
    COMMAND_KIND_CANCEL,
    COMMAND_KIND_DELETE,
    COMMAND_KIND_FORCE_DELETE,
    COMMAND_KIND_PAUSE,
    COMMAND_KIND_RESTART,
    COMMAND_KIND_RESTART_FROM_CHECKPOINT,
    COMMAND_KIND_RESUME,
    COMMAND_KIND_UPDATE,
    ApplyCommandRequest,
    CommandKind,
)
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_registry.catalogue.types import TypeCatalogue
from asynctask_registry.ledger import task_warnings
from asynctask_registry.ledger.deleted_types import deleted_types, no_restart
from asynctask_registry.ledger.facts import TaskRow
from asynctask_registry.ledger.transition.open_task import OpenTask
from asynctask_registry.ledger.transition.transition import Transition, transact
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Pool, StoreConnection

_COMMANDS: Final[Mapping[CommandKind.ValueType, Callable[[ApplyCommandRequest], Command]]] = {
    COMMAND_KIND_PAUSE: lambda _: Pause(),
    COMMAND_KIND_RESUME: lambda _: Resume(),
    COMMAND_KIND_CANCEL: lambda _: Cancel(),
    COMMAND_KIND_RESTART: lambda request: Restart(start_now=request.start_now),
    COMMAND_KIND_RESTART_FROM_CHECKPOINT: lambda request: Restart(True, request.start_now),
    COMMAND_KIND_DELETE: lambda _: Delete(),
    COMMAND_KIND_FORCE_DELETE: lambda _: Delete(force=True),
    COMMAND_KIND_UPDATE: lambda request: Update(request.priority if request.HasField("priority") else None),
}


@dataclass(frozen=True, slots=True)
class CommandResult:
    """Where the task stands now, and other tasks that changed with it; and whether it is hidden."""

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

        Raises:
            TaskNotFound: no such task, or it is deleted.
            WrongState: its state does not allow the command.
            TaskTypeDeleted: it would be restarted, and its type was deleted.
            InvalidInput: no such command; RefusedByStore: labels or a priority that cannot be kept.
            StoreUnavailable, OutcomeUnknown: repeat it.
        """
        make = _COMMANDS.get(request.kind)
        if make is None:
            raise InvalidInput([FieldViolation("kind", "is required")])
        command, types = make(request), await self._types.current()
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


async def _apply(transition: Transition, request: ApplyCommandRequest, command: Command) -> OpenTask:
    task = transition.tasks.get(request.task_id)
    if task is None:
        raise TaskNotFound(f"no task has the id {id_text(request.task_id)}, or it is deleted")
    decision = task.decide(command)
    task_type = task.facts.task_type
    if isinstance(command, Restart) and await deleted_types(transition.connection, [task_type]):
        raise no_restart(request.task_id, task_type)
    if task.has_changed:
        reason = escape_nul(request.reason)
        # Read before they are forgotten with the stages. A restart from a checkpoint forgets none of them: the end
        # of the run that goes on tells them.
        warned = await _warnings(transition.connection, task.known) if decision.forget else None
        task.reason = _shown_reason(request, reason)
        task.labels = _labels(request)
        if decision.event is not None:
            task.note(decision.event, _detail(request, reason, warned))
    return task


def _shown_reason(request: ApplyCommandRequest, reason: str) -> str | None:
    """The reason kept with a task is that of its latest pause, cancel, restart or delete, until it is resumed."""
    if request.kind == COMMAND_KIND_UPDATE:
        return None
    return "" if request.kind == COMMAND_KIND_RESUME else reason


def _labels(request: ApplyCommandRequest) -> str | None:
    if request.kind != COMMAND_KIND_UPDATE or not request.replace_labels:
        return None
    return json.dumps(dict(request.labels), ensure_ascii=False)


async def _warnings(connection: StoreConnection, task: TaskRow) -> Mapping[str, int]:
    """Counts by code until now: a story tells them too, and the row has only those since the task began anew."""
    if not task.may_have_warnings:
        return {}
    folds = await task_warnings.load(connection, [task.facts.task_id])
    return folds[task.facts.task_id].tally.by_code()


def _detail(request: ApplyCommandRequest, reason: str, warned: Mapping[str, int] | None) -> str:
    facts: dict[str, object] = {}
    if reason:
        facts["reason"] = reason
    if warned:
        facts["warnings"] = warned
    if request.kind == COMMAND_KIND_UPDATE:
        if request.HasField("priority"):
            facts["priority"] = request.priority
        if request.replace_labels:
            facts["labels"] = dict(request.labels)
    if request.kind == COMMAND_KIND_RESTART_FROM_CHECKPOINT:
        facts["from"] = "checkpoint"
    return json.dumps(facts, ensure_ascii=False)

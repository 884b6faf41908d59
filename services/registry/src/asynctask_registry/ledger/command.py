"""What people do to one task: decided by the pure life cycle under the row's lock, noted in `task_events`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from asynctask_core.commands import Cancel, Command, Delete, Pause, Restart, Resume, Update
from asynctask_core.errors import FieldViolation, InvalidInput, RefusedByStore, TaskNotFound
from asynctask_core.ids import id_text
from asynctask_core.lifecycle import decide, standing_of
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
from asynctask_registry.catalogue.types import KnownType, TypeCatalogue, rules_of
from asynctask_registry.ledger import task_warnings
from asynctask_registry.ledger.deleted_types import deleted_types, type_is_deleted
from asynctask_registry.ledger.facts import Known, lock
from asynctask_registry.ledger.writing import TaskWrite, write_tasks
from asynctask_registry.store.faults import Refused
from asynctask_registry.store.pool import Pool, Session

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
class Commanded:
    """Where the task stands now, and whether it is hidden."""

    standing: Standing
    is_deleted: bool


class Commander:
    """Applies people's commands."""

    def __init__(self, pool: Pool, types: TypeCatalogue) -> None:
        self._pool = pool
        self._types = types

    async def apply(self, request: ApplyCommandRequest) -> Commanded:
        """Apply one command; one that changes nothing answers the present standing.

        Raises:
            TaskNotFound: no such task, or it is deleted.
            WrongState: its state does not allow the command.
            UnknownTaskType: it would be restarted, and its type was deleted.
            InvalidInput: no such command; RefusedByStore: labels or a priority that cannot be kept.
            StoreUnavailable, OutcomeUnknown: repeat it.
        """
        make = _COMMANDS.get(request.kind)
        if make is None:
            raise InvalidInput([FieldViolation("kind", "is required")])
        command, types = make(request), await self._types.current()
        try:
            return await self._pool.run(lambda session: _apply(session, request, command, types))
        except Refused as refused:
            raise RefusedByStore(f"the command cannot be stored: {refused}") from refused


async def _apply(
    session: Session, request: ApplyCommandRequest, command: Command, types: Mapping[str, KnownType]
) -> Commanded:
    async with session.transaction():
        if isinstance(command, Restart):
            # Before its type is looked at below: from here on no type is deleted; see catalogue/registrar.py.
            await session.fetch("type_keep")
        task = (await lock(session, [request.task_id])).get(request.task_id)
        if task is None:
            raise TaskNotFound(f"no task has the id {id_text(request.task_id)}, or it is deleted")
        before = task.facts
        decision = decide(before, command, rules_of(types, before.task_type), task.now_us)
        after = decision.facts
        if isinstance(command, Restart) and await deleted_types(session, [before.task_type]):
            raise type_is_deleted(before.task_type)
        if after is not before:
            reason = escape_nul(request.reason)
            # Read before they are forgotten with the stages. A restart from a checkpoint forgets none of them: the end
            # of the run that goes on tells them.
            warned = await _warnings(session, task) if decision.forget else None
            write = TaskWrite(
                after,
                reason=_shown_reason(request, reason),
                labels=_labels(request),
                forget=decision.forget,
            )
            await write_tasks(session, [write])
            if decision.event is not None:
                await session.fetch(
                    "event_insert",
                    task_id=request.task_id,
                    version=after.version,
                    kind=decision.event,
                    detail=_detail(request, reason, warned),
                )
    return Commanded(standing_of(after, task.now_us), after.deleted)


def _shown_reason(request: ApplyCommandRequest, reason: str) -> str | None:
    """The reason kept with a task is that of its latest pause, cancel, restart or delete, until it is resumed."""
    if request.kind == COMMAND_KIND_UPDATE:
        return None
    return "" if request.kind == COMMAND_KIND_RESUME else reason


def _labels(request: ApplyCommandRequest) -> str | None:
    if request.kind != COMMAND_KIND_UPDATE or not request.replace_labels:
        return None
    return json.dumps(dict(request.labels), ensure_ascii=False)


async def _warnings(session: Session, task: Known) -> Mapping[str, int]:
    """Counts by code until now: a story tells them too, and the row has only those since the task began anew."""
    if not task.may_have_warnings:
        return {}
    folds = await task_warnings.load(session, [task.facts.task_id])
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

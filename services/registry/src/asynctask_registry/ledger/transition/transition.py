"""Commands for any number of tasks in one transaction: lock, decide, follow the effects, write."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import Final, TypeVar

from asynctask_core.errors import AttemptSuperseded, TaskNotFound, WrongState
from asynctask_core.lifecycle.decision import EffectCommand
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_registry.catalogue.types import KnownType, rules_of
from asynctask_registry.ledger import stages, task_warnings
from asynctask_registry.ledger.facts import lock
from asynctask_registry.ledger.transition.open_task import OpenTask
from asynctask_registry.ledger.transition.writing import (
    begin_attempts,
    end_attempts,
    note_events,
    note_history,
    write_tasks,
)
from asynctask_registry.store.pool import Pool, StoreConnection

T = TypeVar("T")

DEEPEST_EFFECT: Final = 100
"""How many tasks one decision reaches one after another. A longer chain is a fault in the life cycle: it has no end."""


async def transact(
    pool: Pool,
    task_ids: Iterable[bytes],
    types: Mapping[str, KnownType],
    change: Callable[[Transition], Awaitable[T]],
    *,
    keep_types: bool = False,
) -> tuple[T, Transition]:
    """Open the tasks, let `change` decide on them, and write everything, or nothing.

    Answers what `change` does, and the transition as it was committed. `change` may be called again, with the tasks as
    they are then: after a conflict with another transaction, or when a decision has effects on tasks that are not
    locked yet. With `keep_types` no task type is deleted meanwhile.

    Raises:
        ContentRefused: Postgres refuses some content.
        StoreUnavailable, OutcomeUnknown: repeat it.
        Exception: what `change` raises. In each case nothing was written.
    """
    locked = set(task_ids)
    give_up = time.monotonic() + pool.deadline.total_seconds()

    async def once(connection: StoreConnection) -> tuple[T, Transition]:
        async with connection.transaction():
            if keep_types:
                # Before the type of a task is looked at; see catalogue/registrar.py.
                await connection.fetch("type_keep")
            transition = await Transition.begin(connection, locked, types)
            answer = await change(transition)
            transition.follow_effects()
            await transition.write()
        return answer, transition

    while True:
        try:
            return await pool.run(once, deadline=timedelta(seconds=give_up - time.monotonic()))
        except _NotLocked as found:
            # Rows are locked in the order of their ids, so all of them are locked anew, the further ones among them.
            locked |= found.task_ids


class _NotLocked(Exception):
    """Decisions have effects on tasks that the transaction has not locked."""

    def __init__(self, task_ids: set[bytes]) -> None:
        self.task_ids = task_ids


class Transition:
    """The tasks that one transaction has locked, and what it decides on them."""

    def __init__(
        self,
        connection: StoreConnection,
        task_ids: Iterable[bytes],
        tasks: Mapping[bytes, OpenTask],
        types: Mapping[str, KnownType],
    ) -> None:
        self.connection = connection
        self.tasks = tasks
        """By id; ids of tasks that do not exist are left out."""
        self.types = types
        self._locked = frozenset(task_ids)
        self._reached: dict[bytes, dict[bytes, OpenTask]] = {}

    @classmethod
    async def begin(
        cls, connection: StoreConnection, task_ids: Iterable[bytes], types: Mapping[str, KnownType]
    ) -> Transition:
        """Lock the tasks in the order of their ids."""
        task_ids = list(task_ids)
        known = await lock(connection, task_ids)
        tasks = {
            task_id: OpenTask.of(one, rules_of(types, one.facts.task_type)) for task_id, one in known.items()
        }
        return cls(connection, task_ids, tasks, types)

    def follow_effects(self) -> None:
        """Carry out what the decisions mean for other tasks, and what that means for others again.

        An effect that the state of its task does not allow, or whose task does not exist, changes nothing.
        """
        effects = [
            (task_id, effect, 1) for task_id, task in self.tasks.items() for effect in task.take_effects()
        ]
        missing: set[bytes] = set()
        for cause, effect, depth in effects:  # grows meanwhile
            if depth > DEEPEST_EFFECT:
                raise RuntimeError(f"a decision has effects on more than {DEEPEST_EFFECT} tasks in a row")
            if effect.task_id not in self._locked:
                missing.add(effect.task_id)
            elif (task := self.tasks.get(effect.task_id)) is not None and _follow(task, effect.command):
                self._reached.setdefault(cause, {})[effect.task_id] = task
                effects += [(cause, further, depth + 1) for further in task.take_effects()]
        if missing:
            raise _NotLocked(missing)

    def standings_of_others(self, task_id: bytes) -> list[Standing]:
        """Where the tasks stand now that changed by the effects of what was decided on this one."""
        return [task.standing for task in self._reached.get(task_id, {}).values() if task.has_news]

    def is_reached(self, task_id: bytes) -> bool:
        """Whether an effect of another task's decision changed this one."""
        return any(task_id in reached for reached in self._reached.values())

    async def write(self) -> None:
        """Write every changed task with its stages, warnings, attempts and history, each at most once."""
        changed = [task for task in self.tasks.values() if task.has_changed]
        if not changed:
            return
        await note_events(self.connection, [task.facts for task in changed if not task.has_news])
        await write_tasks(self.connection, [task.write for task in changed if task.has_news])
        await task_warnings.write(
            self.connection,
            {task.facts.task_id: task.warnings for task in changed if task.warnings is not None},
        )
        await stages.write(self.connection, [write for task in changed for write in task.stages.values()])
        await begin_attempts(self.connection, [task.facts for task in changed if task.has_started])
        await end_attempts(self.connection, [ending for task in changed for ending in task.endings])
        await note_history(self.connection, [event for task in changed for event in task.history])


def _follow(task: OpenTask, command: EffectCommand) -> bool:
    """Whether the command changed the task."""
    before = task.facts
    try:
        decision = task.decide(command)
    except (WrongState, AttemptSuperseded, TaskNotFound):
        return False
    if task.facts is before:
        return False
    task.reason = ""  # a person's reason for an earlier command says nothing of this one
    if decision.event is not None:
        task.note(decision.event)
    return True

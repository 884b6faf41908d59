"""Commands for any number of tasks in one transaction: lock, decide, apply the effects, write."""

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
"""The longest chain of effects of one decision. A longer one is a fault in the life cycle: the chain has no end."""


async def transact(
    pool: Pool,
    task_ids: Iterable[bytes],
    types: Mapping[str, KnownType],
    change: Callable[[Transition], Awaitable[T]],
    *,
    keep_types: bool = False,
) -> tuple[T, Transition]:
    """Open the tasks, let `change` decide on them, and write everything, or nothing.

    Returns the answer of `change`, and the transition as it was committed. `change` may be called again, with the tasks
    read again: after a conflict with another transaction, or when a decision has effects on tasks that are not locked
    yet. With `keep_types` no task type can be deleted during the transaction.

    Raises:
        ContentRefused: Postgres refuses some content.
        StoreUnavailable: repeat it.
        OutcomeUnknown: repeat it; the changes may have been written. In every other case nothing was written.
        Exception: what `change` raises.
    """
    locked = set(task_ids)
    give_up = time.monotonic() + pool.deadline.total_seconds()

    async def once(connection: StoreConnection) -> tuple[T, Transition]:
        async with connection.transaction():
            if keep_types:
                # Before the types of the tasks are read; see catalogue/registrar.py.
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
            # Rows must be locked in the order of their ids, so the next try locks all of them again, with the new ones.
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
        """Apply the effects of the decisions on other tasks, and the effects of those in turn.

        An effect that the state of its task does not allow, or whose task does not exist, changes nothing.
        """
        effects = [
            (task_id, effect, 1) for task_id, task in self.tasks.items() for effect in task.take_effects()
        ]
        missing: set[bytes] = set()
        for cause, effect, depth in effects:  # the loop appends to it
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
        """Standings of the other tasks that the effects of this task's decisions changed."""
        return [task.standing for task in self._reached.get(task_id, {}).values() if task.has_news]

    def is_reached(self, task_id: bytes) -> bool:
        """Whether an effect of another task's decision changed this task."""
        return any(task_id in reached for reached in self._reached.values())

    async def write(self) -> None:
        """Write every changed task with its stages, warnings, attempts and history, each at most once."""
        changed = [task for task in self.tasks.values() if task.has_changed]
        await note_history(self.connection, [event for task in self.tasks.values() for event in task.history])
        if not changed:
            return
        await note_events(self.connection, [task.facts for task in changed if not task.has_news])
        await write_tasks(self.connection, [task.write for task in changed if task.has_news])
        await task_warnings.write(
            self.connection,
            {task.facts.task_id: task.warnings for task in changed if task.warnings is not None},
        )
        await stages.write(self.connection, [write for task in changed for write in task.stages.values()])
        waiting = [task.facts.task_id for task in changed if task.endings and not task.facts.state.is_final]
        await stages.begin_again(self.connection, waiting)
        await begin_attempts(self.connection, [task.facts for task in changed if task.has_started])
        await end_attempts(self.connection, [ending for task in changed for ending in task.endings])


def _follow(task: OpenTask, command: EffectCommand) -> bool:
    """Whether the command changed the task."""
    before = task.facts
    try:
        decision = task.decide(command)
    except (WrongState, AttemptSuperseded, TaskNotFound):
        return False
    if task.facts is before:
        return False
    task.reason = ""  # a person gave the stored reason for an earlier command
    if decision.event is not None:
        task.note(decision.event)
    return True

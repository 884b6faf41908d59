"""How many stages one task may have: the executor sends their names.

A type has a bounded number of stages. But the registry may know a newer version of the type than the executor runs, so
a stage that the type does not have is no fault. A task keeps a bounded number of such stages, because every view of a
task shows all of its stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asynctask_core import limits
from asynctask_core.json_text import show
from asynctask_core.task import TaskFacts
from asynctask_protos.task.v1.work_pb2 import Event
from asynctask_registry.catalogue.types import KnownType, first_stage
from asynctask_registry.store.pool import StoreConnection


def stage_of(event: Event, facts: TaskFacts, types: Mapping[str, KnownType]) -> str:
    """The stage that an event belongs to; empty when it is unknown."""
    kind = event.WhichOneof("event")
    return getattr(event, kind or "").stage or facts.stage or first_stage(types, facts.task_type)


def is_only_stage(stage: str, known: KnownType | None) -> bool:
    """Whether this is the one stage that the type has now: then a task that ends in it need not store the name."""
    return known is not None and known.stages == (stage,)


def has_strange(events: Iterable[Event], facts: TaskFacts, types: Mapping[str, KnownType]) -> bool:
    """Whether events name a stage that the task's type, as it is now, does not have."""
    known = types.get(facts.task_type)
    if known is None:
        return True
    positions = known.positions
    if facts.stage and facts.stage not in positions:
        return True
    for event in events:
        kind = event.WhichOneof("event")
        part = getattr(event, kind or "")
        if (stage := part.stage) and stage not in positions:
            return True
        if kind == "stage_finished" and (stage := part.next_stage) and stage not in positions:
            return True
    return False


async def kept_stages(connection: StoreConnection, task_ids: Iterable[bytes]) -> dict[bytes, set[str]]:
    """Names of the stages that have rows, of tasks that this transaction has locked."""
    ids = sorted(set(task_ids))
    kept: dict[bytes, set[str]] = {task_id: set() for task_id in ids}
    if ids:
        for row in await connection.fetch("stage_names", task_ids=ids, low=ids[0], high=ids[-1]):
            kept[row["task_id"]].add(row["stage"])
    return kept


def stage_fault(name: str, kept: set[str], known: KnownType | None) -> str | None:
    """Why a stage cannot be stored; None when it can, and then its name is added to `kept`."""
    if name and name not in kept:
        is_of_type = known is not None and name in known.positions
        if not is_of_type and len(kept) >= limits.TASK_STAGES:
            return f"stage: a task may have at most {limits.TASK_STAGES} stages, and {show(name)} would be another one"
        kept.add(name)
    return None

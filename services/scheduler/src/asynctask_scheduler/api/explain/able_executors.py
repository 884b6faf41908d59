"""The executors that take tasks of one lane: how many there are, and which is likeliest to pop next."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from asynctask_protos.task.v1.explanation_pb2 import ExecutorFacts
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.dispatch.handshake import queues_served
from asynctask_scheduler.queue.answers import ExecutorState, Lane
from asynctask_scheduler.queue.calls import pages
from asynctask_scheduler.queue.port import ExecutorSessions

READ_AT_ONCE: Final = 50
"""How many executors are read at a time: each may name thousands of queues."""
MOST_CANDIDATES: Final = 4
"""How many pops an explanation looks at, at most: those of the executors with most free slots."""
MOST_NAMES: Final = 20


@dataclass(slots=True)
class AbleExecutors:
    """What the executors of a cell mean for one lane."""

    lane: Lane
    facts: ExecutorFacts = field(default_factory=ExecutorFacts)
    candidates: list[ExecutorState] = field(default_factory=list[ExecutorState])
    """Able executors, those with most free slots first."""
    _types: set[str] = field(default_factory=set[str])
    _queues: set[str] = field(default_factory=set[str])

    @classmethod
    async def read(cls, queue: ExecutorSessions, lane: Lane, types: Mapping[str, TaskType]) -> AbleExecutors:
        """Read every executor, a page at a time."""
        found = cls(lane)
        for few in pages(sorted(await queue.seen_executors()), READ_AT_ONCE):
            for executor in await queue.describe_executors(few):
                if executor.connected:
                    found._add(executor, types)
        if not found.facts.able:
            found.facts.connected_types.extend(sorted(found._types)[:MOST_NAMES])
            found.facts.connected_queues.extend(sorted(found._queues)[:MOST_NAMES])
        return found

    def _add(self, executor: ExecutorState, types: Mapping[str, TaskType]) -> None:
        facts, info = self.facts, executor.info
        facts.connected += 1
        queue, task_type = self.lane
        queues = queues_served(info, task_type, types)
        is_leaving = executor.draining or not info.slots
        if queue not in queues:
            _keep_few(self._types, info.task_types)
            _keep_few(self._queues, queues)
        elif is_leaving:
            facts.draining += 1
        else:
            facts.able += 1
            facts.slots += info.slots
            facts.running += min(executor.running, info.slots)
            self.candidates = heapq.nlargest(MOST_CANDIDATES, [*self.candidates, executor], key=free_slots)


def free_slots(executor: ExecutorState) -> int:
    """Slots that hold no task."""
    return executor.info.slots - executor.running


def _keep_few(names: set[str], more: Sequence[str]) -> None:
    """Add names up to twice as many as are told: executors may name thousands."""
    for name in more:
        if len(names) >= 2 * MOST_NAMES:
            return
        names.add(name)

"""What a task that does not run waits for: its turn in the queue, or a time."""

from asynctask_core.states import TaskState, WaitingFor
from asynctask_core.task import TaskFacts, replace


def is_due(facts: TaskFacts, now_us: int) -> bool:
    """True for a pending task whose start or retry time has passed."""
    return facts.state is TaskState.PENDING and facts.due_at_us is not None and facts.due_at_us <= now_us


def queued(facts: TaskFacts, now_us: int) -> TaskFacts:
    """Queued now. A task that was ready before keeps its place in the queue: the time when it first was ready."""
    ready_at_us = facts.ready_at_us if facts.ready_at_us is not None else (facts.due_at_us or now_us)
    return replace(facts, state=TaskState.QUEUED, waiting_for=None, ready_at_us=ready_at_us, due_at_us=None)


def waits_until(facts: TaskFacts, due_at_us: int, why: WaitingFor) -> TaskFacts:
    """Pending until a time."""
    return replace(facts, state=TaskState.PENDING, waiting_for=why, due_at_us=due_at_us)

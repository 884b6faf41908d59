"""Where a task belongs in Redis, by its facts."""

from asynctask_core.states import TaskState
from asynctask_core.task import TaskFacts
from asynctask_protos.registry.v1.standing_pb2 import (
    PLACE_LEASED,
    PLACE_NOWHERE,
    PLACE_READY,
    PLACE_TIMED,
    Standing,
)

S = TaskState


def standing_of(facts: TaskFacts, now_us: int) -> Standing:
    """Where a task belongs in Redis, by these facts."""
    if facts.state is S.QUEUED:
        return Standing(
            task_id=facts.task_id,
            version=facts.version,
            place=PLACE_READY,
            state=facts.state.number,  # pyright: ignore[reportArgumentType]
            queue=facts.queue,
            task_type=facts.task_type,
            priority=facts.priority,
            ready_at_us=facts.ready_at_us or 0,
        )
    if facts.state is S.PENDING and facts.due_at_us is not None:
        return Standing(
            task_id=facts.task_id,
            version=facts.version,
            place=PLACE_TIMED,
            state=facts.state.number,  # pyright: ignore[reportArgumentType]
            queue=facts.queue,
            task_type=facts.task_type,
            priority=facts.priority,
            ready_at_us=facts.ready_at_us if facts.ready_at_us is not None else facts.due_at_us,
            # Rounded up: to a timer that fires early the registry would only answer "not due".
            due_in_ms=max(0, -((now_us - facts.due_at_us) // 1000)),
        )
    if facts.state is S.RUNNING:
        return Standing(
            task_id=facts.task_id,
            version=facts.version,
            place=PLACE_LEASED,
            state=facts.state.number,  # pyright: ignore[reportArgumentType]
            queue=facts.queue,
            task_type=facts.task_type,
            priority=facts.priority,
            ready_at_us=facts.ready_at_us or 0,
            attempt_id=facts.attempt_id or b"",
            executor_id=facts.executor_id,
            requested=facts.requested.number if facts.requested else 0,  # pyright: ignore[reportArgumentType]
        )
    return Standing(
        task_id=facts.task_id,
        version=facts.version,
        place=PLACE_NOWHERE,
        state=facts.state.number,  # pyright: ignore[reportArgumentType]
    )

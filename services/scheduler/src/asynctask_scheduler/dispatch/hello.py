"""What an executor says of itself, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from asynctask_core import limits
from asynctask_core.validate import Violations, check_task_type
from asynctask_protos.scheduler.v1.executor_service_pb2 import HeldAttempt, Hello
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.queue.port import Kind, Lease, SessionInfo

ID_BYTES = 16
DISPLAY_NAME_CHARS = 256
MOST_TYPES = 1_000


def check_hello(hello: Hello) -> None:
    """Raise InvalidInput with everything that is wrong with `hello`."""
    violations = Violations()
    check_executor_id(hello.executor_id, violations)
    violations.between("slots", hello.slots, 1, limits.SLOTS)
    if len(hello.display_name) > DISPLAY_NAME_CHARS:
        allowed = f"must be at most {DISPLAY_NAME_CHARS} characters"
        violations.add("display_name", f"{allowed}; got {len(hello.display_name)}")
    if not 1 <= len(hello.task_types) <= MOST_TYPES:
        violations.add("task_types", f"must be 1 to {MOST_TYPES}; got {len(hello.task_types)}")
    seen: set[str] = set()
    for position, task_type in enumerate(hello.task_types):
        check_task_type(task_type, violations, f"task_types[{position}]")
        if task_type.name in seen:
            violations.add(f"task_types[{position}].name", f"must be unique; {task_type.name!r} came twice")
        seen.add(task_type.name)
    for position, queue in enumerate(hello.queues):
        violations.name(f"queues[{position}]", queue, limits.QUEUE_CHARS)
    check_held(hello.held, violations)
    violations.raise_any()


def check_executor_id(executor_id: str, violations: Violations) -> None:
    """An id of 1 to 128 printable characters."""
    if not 1 <= len(executor_id) <= limits.EXECUTOR_ID_CHARS or not executor_id.isprintable():
        allowed = f"must be 1 to {limits.EXECUTOR_ID_CHARS} printable characters"
        violations.add("executor_id", f"{allowed}; got {executor_id[: limits.EXECUTOR_ID_CHARS]!r}")


def check_held(held: Sequence[HeldAttempt], violations: Violations, field: str = "held") -> None:
    """Ids of 16 bytes, no more attempts than slots can hold."""
    if len(held) > limits.SLOTS:
        violations.add(field, f"must be at most {limits.SLOTS}; got {len(held)}")
    if any(len(one.task_id) != ID_BYTES or len(one.attempt_id) != ID_BYTES for one in held):
        violations.add(field, f"every id must be {ID_BYTES} bytes")


def session_info(hello: Hello) -> SessionInfo:
    """Give what is kept of a checked `hello`."""
    return SessionInfo(
        executor_id=hello.executor_id,
        display_name=hello.display_name or hello.executor_id,
        slots=hello.slots,
        task_types=tuple(task_type.name for task_type in hello.task_types),
        queues=tuple(dict.fromkeys(hello.queues)),
        sdk_version=hello.sdk_version,
    )


def leases_of(held: Iterable[HeldAttempt]) -> list[Lease]:
    """Give (task, attempt) pairs."""
    return [(one.task_id, one.attempt_id) for one in held]


def kinds_of(info: SessionInfo, types: Mapping[str, TaskType]) -> list[Kind]:
    """What an executor serves: its types in its queues, or without any in every queue that each type ever had.

    A task stays in the queue that it was submitted to, so a type that moves to another one leaves none behind.
    """
    if info.queues:
        return [(queue, name) for queue in info.queues for name in info.task_types]
    known = [types[name] for name in info.task_types if name in types]
    return list(
        dict.fromkeys((queue or "default", one.name) for one in known for queue in (one.queue, *one.queues))
    )

"""What an executor says of itself, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from asynctask_core import limits
from asynctask_core.bounds.checker import check_fields
from asynctask_core.bounds.definition import check_stage_names
from asynctask_core.bounds.kinds import ID_BYTES
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.validate import Violations, show
from asynctask_protos.scheduler.v1.executor_service_pb2 import HeldAttempt, Hello, RenewRequest
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.queue.answers import Lane, Lease, SessionInfo


def check_hello(hello: Hello) -> None:
    """Raise InvalidInput with everything that is wrong with `hello`; drops what only the registry says."""
    hello.DiscardUnknownFields()
    violations = Violations()
    check_fields(hello, violations)
    violations.raise_any()
    seen: set[str] = set()
    for position, task_type in enumerate(hello.task_types):
        check_stage_names(task_type, violations, f"task_types[{position}]")
        if task_type.name in seen:
            violations.add(f"task_types[{position}].name", f"must be unique; {task_type.name!r} came twice")
        seen.add(task_type.name)
    if (kinds := len(set(hello.queues)) * len(seen)) > limits.EXECUTOR_KINDS:
        allowed = f"queues times task types must be at most {limits.EXECUTOR_KINDS}"
        violations.add("queues", f"{allowed}; got {kinds}: share them among several executors")
    violations.raise_any()


def check_renewal(request: RenewRequest) -> None:
    """Raise InvalidInput when a renewal is over a bound. It may name ten thousand attempts, several times a lease."""
    violations = Violations()
    executor_id = request.executor_id
    if not 1 <= len(executor_id) <= limits.EXECUTOR_ID_CHARS or not executor_id.isprintable():
        allowed = f"must be 1 to {limits.EXECUTOR_ID_CHARS} printable characters"
        violations.add("executor_id", f"{allowed}; got {show(executor_id)}")
    if not 0 <= request.session <= limits.LARGEST_NUMBER:
        violations.add("session", f"must be from 0 to {limits.LARGEST_NUMBER}; got {request.session}")
    attempts = request.attempts
    if len(attempts) > limits.SLOTS:
        violations.add("attempts", f"must be at most {limits.SLOTS}; got {len(attempts)}")
    elif any(len(one.task_id) != ID_BYTES or len(one.attempt_id) != ID_BYTES for one in attempts):
        violations.add("attempts", f"every id must be {ID_BYTES} bytes")
    violations.raise_any()


def check_kinds(kinds: Sequence[Lane]) -> None:
    """Raise InvalidInput when an executor that names no queues would serve too many."""
    if len(kinds) > limits.EXECUTOR_KINDS:
        allowed = (
            f"its types have or had {len(kinds)} queues, an executor serves at most {limits.EXECUTOR_KINDS}"
        )
        raise InvalidInput([FieldViolation("queues", f"{allowed}: name some of them")])


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


def kinds_of(info: SessionInfo, types: Mapping[str, TaskType]) -> list[Lane]:
    """What an executor serves: its types in its queues, or without any in every queue that each type ever had.

    A task stays in the queue that it was submitted to, so a type that moves to another one leaves none behind.
    """
    if info.queues:
        return [(queue, name) for queue in info.queues for name in info.task_types]
    known = [types[name] for name in info.task_types if name in types]
    return list(
        dict.fromkeys((queue or "default", one.name) for one in known for queue in (one.queue, *one.queues))
    )

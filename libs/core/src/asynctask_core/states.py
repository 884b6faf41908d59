"""The words for states. Each word is spelled the same in Postgres, REST, metrics and the console."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from asynctask_protos.task.v1 import manifest_pb2, state_pb2


class _Word(StrEnum):
    """A word with the number it has in protobuf, where the zero of the enum is no word."""

    number: int
    contract_name: str
    """Its name in protobuf, such as `TASK_STATE_PENDING`."""

    @classmethod
    def of(cls, number: int) -> Self | None:
        """The member with this protobuf number; None for the unspecified zero and for unknown numbers."""
        return next((member for member in cls if member.number == number), None)


def _numbered(words: type[_Word], wrapper: object, prefix: str) -> None:
    for member in words:
        member.contract_name = f"{prefix}_{member.name}"
        number = wrapper.Value(member.contract_name)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        member.number = int(number)  # pyright: ignore[reportUnknownArgumentType]


class TaskState(_Word):
    """Where a task is in its life. `AWAITING_APPROVAL` is reserved: nothing produces it yet."""

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    AWAITING_APPROVAL = "awaiting_approval"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """True for states that only a restart leaves."""
        return self in FINAL


class WaitingFor(_Word):
    """What a pending task waits for. All but `START_TIME` and `RETRY` are reserved: nothing produces them yet."""

    DEPENDENCIES = "dependencies"
    START_TIME = "start_time"
    WINDOW = "window"
    RETRY = "retry"
    CHILDREN = "children"


class Requested(_Word):
    """What a person asked of a running task."""

    PAUSE = "pause"
    CANCEL = "cancel"


class StageState(_Word):
    """How far a stage is."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class AttemptResult(_Word):
    """How an attempt ended."""

    SUCCESS = "success"
    FAILED = "failed"
    LOST = "lost"
    RELEASED = "released"
    UNDELIVERED = "undelivered"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class ItemState(_Word):
    """What has become of a manifest item."""

    TODO = "todo"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXCLUDED = "excluded"


_numbered(TaskState, state_pb2.TaskState, "TASK_STATE")
_numbered(WaitingFor, state_pb2.WaitingFor, "WAITING_FOR")
_numbered(Requested, state_pb2.Requested, "REQUESTED")
_numbered(StageState, state_pb2.StageState, "STAGE_STATE")
_numbered(AttemptResult, state_pb2.AttemptResult, "ATTEMPT_RESULT")
_numbered(ItemState, manifest_pb2.ItemState, "ITEM_STATE")

_S = TaskState

FINAL: frozenset[TaskState] = frozenset({_S.COMPLETED, _S.FAILED, _S.CANCELLED})

RESERVED: frozenset[TaskState | WaitingFor] = frozenset(
    {_S.AWAITING_APPROVAL, WaitingFor.DEPENDENCIES, WaitingFor.WINDOW, WaitingFor.CHILDREN}
)
"""Words of the contract that nothing produces yet; every list of words for people marks them."""

_RESERVED_NAMES: frozenset[str] = frozenset(word.contract_name for word in RESERVED)


def marked(written: str, contract_name: str) -> str:
    """A word for lists that people read: `written`, marked if its name in the contract is reserved."""
    return f"{written} (reserved)" if contract_name in _RESERVED_NAMES else written


ALLOWED: Mapping[TaskState, frozenset[TaskState]] = {
    _S.PENDING: frozenset({_S.QUEUED, _S.RUNNING, _S.PAUSED, _S.CANCELLED, _S.FAILED}),
    _S.QUEUED: frozenset({_S.RUNNING, _S.PAUSED, _S.CANCELLED, _S.FAILED}),
    _S.RUNNING: frozenset(
        {_S.COMPLETED, _S.FAILED, _S.PENDING, _S.QUEUED, _S.PAUSED, _S.AWAITING_APPROVAL, _S.CANCELLED}
    ),
    _S.AWAITING_APPROVAL: frozenset({_S.QUEUED, _S.PENDING, _S.CANCELLED, _S.FAILED, _S.PAUSED}),
    _S.PAUSED: frozenset({_S.PENDING, _S.QUEUED, _S.CANCELLED}),
    _S.COMPLETED: frozenset({_S.PENDING, _S.QUEUED}),
    _S.FAILED: frozenset({_S.PENDING, _S.QUEUED}),
    _S.CANCELLED: frozenset({_S.PENDING, _S.QUEUED}),
}
"""Every transition there is; `lifecycle` makes no other."""

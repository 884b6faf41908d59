"""Messages that the scripts publish. They are only hints: a scheduler that misses one polls a little later anyway."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from asynctask_scheduler.queue.answers import Lane

_FEED = struct.Struct(">16sQB")
_CONTROL_TAIL = struct.Struct(">16s16sBB")
_LOST_UNREAD = 2


class FeedRecord(NamedTuple):
    """A change of a task's standing."""

    task_id: bytes
    version: int
    state: int
    """Number of `TaskState`."""


class ControlHint(NamedTuple):
    """A request to an attempt, its withdrawal (`requested` 0), or the loss of the attempt's lease."""

    executor_id: str
    task_id: bytes
    attempt_id: bytes
    requested: int
    lost: bool
    unread: bool = False
    """With `lost`: the lease was never renewed, so most likely its executor has not read the assignment."""


def parse_feed(data: bytes) -> list[FeedRecord]:
    """Read a message of `feed`."""
    return [FeedRecord(*record) for record in _FEED.iter_unpack(data)]


def parse_wake(data: bytes) -> Sequence[Lane]:
    """Read a message of `wake`."""
    return [parse_lane(packed) for packed in data.split(b"\n")]


def parse_control(data: bytes) -> ControlHint:
    """Read a message of `control`."""
    end = 2 + int.from_bytes(data[:2], "big")
    task_id, attempt_id, requested, lost = _CONTROL_TAIL.unpack_from(data, end)
    return ControlHint(data[2:end].decode(), task_id, attempt_id, requested, bool(lost), lost == _LOST_UNREAD)


def parse_lane(packed: bytes) -> Lane:
    """Parse the name of a lane: queue and type, separated by a unit separator."""
    queue, _, task_type = packed.decode().partition("\x1f")
    return queue, task_type

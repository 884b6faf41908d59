"""Standings as the scripts read them: one string each, of which Lua compares and keeps the very bytes (records.lua)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from asynctask_protos.registry.v1.standing_pb2 import Place, Standing

# task id, version, state, place, requested, priority: the first 25 bytes are also the record of the feed.
_HEAD = struct.Struct(">16sQBBBB")
_READY = struct.Struct(">16sQBBBBd")
_TIMED = struct.Struct(">16sQBBBBdd")
_LEASED = struct.Struct(">16sQBBBB16sH")
_SCORE = struct.Struct(">d")
_VERSION = struct.Struct(">Q")

_READY_PLACE = Place.PLACE_READY
_LEASED_PLACE = Place.PLACE_LEASED
_TIMED_PLACE = Place.PLACE_TIMED


@lru_cache(maxsize=4096)
def pack_kind(queue: str, task_type: str) -> bytes:
    """The bytes that name a line of tasks."""
    return f"{queue}\x1f{task_type}".encode()


def fold(standings: Sequence[Standing]) -> Sequence[Standing]:
    """Keep the newest of each task: a script meets a task once."""
    if len(standings) < 2 or len({standing.task_id for standing in standings}) == len(standings):
        return standings
    newest: dict[bytes, Standing] = {}
    for standing in standings:
        known = newest.get(standing.task_id)
        if known is None or known.version <= standing.version:
            newest[standing.task_id] = standing
    return list(newest.values())


def pack_standing(standing: Standing, ageing_step_us: int) -> bytes:
    """One standing for a script.

    Its score is when it became ready, later by a step for each priority after the first.
    """
    place = standing.place
    if place == _READY_PLACE:
        priority = standing.priority
        return _READY.pack(
            standing.task_id,
            standing.version,
            standing.state,
            place,
            0,
            priority,
            standing.ready_at_us + (priority - 1) * ageing_step_us,
        ) + pack_kind(standing.queue, standing.task_type)
    if place == _LEASED_PLACE:
        executor = standing.executor_id.encode()
        return (
            _LEASED.pack(
                standing.task_id,
                standing.version,
                standing.state,
                place,
                standing.requested,
                standing.priority,
                standing.attempt_id,
                len(executor),
            )
            + executor
            + pack_kind(standing.queue, standing.task_type)
        )
    if place == _TIMED_PLACE:
        priority = standing.priority
        return _TIMED.pack(
            standing.task_id,
            standing.version,
            standing.state,
            place,
            0,
            priority,
            standing.ready_at_us + (priority - 1) * ageing_step_us,
            standing.due_in_ms,
        ) + pack_kind(standing.queue, standing.task_type)
    return _HEAD.pack(standing.task_id, standing.version, standing.state, place, 0, 0)


def ready_at_us(kept: bytes, ageing_step_us: int) -> float:
    """When a kept READY or TIMED standing became ready."""
    return _SCORE.unpack_from(kept, 12)[0] - (kept[11] - 1) * ageing_step_us


def kept_version(kept: bytes) -> int:
    """Version of a kept standing."""
    return _VERSION.unpack_from(kept)[0]


def kept_place(kept: bytes) -> Place.ValueType:
    """Place of a kept standing."""
    return cast(Place.ValueType, kept[9])

"""Packs standings into strings for the scripts, which compare and keep these bytes (layout: records.lua)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import cast

from asynctask_protos.registry.v1.standing_pb2 import Place, Standing

_FEED = struct.Struct(">16sQB")
_HEAD = struct.Struct(">QBBBB")
_TIMED = struct.Struct(">QBBBB16sd")
_DUE = struct.Struct(">d")
_LEASED = struct.Struct(">QBBBB16sH")

_NOWHERE_PLACE = Place.PLACE_NOWHERE
_READY_PLACE = Place.PLACE_READY
_TIMED_PLACE = Place.PLACE_TIMED
_LEASED_PLACE = Place.PLACE_LEASED


@lru_cache(maxsize=4096)
def pack_lane(queue: str, task_type: str) -> bytes:
    """The bytes that name a lane."""
    return f"{queue}\x1f{task_type}".encode()


def fold(standings: Sequence[Standing]) -> Sequence[Standing]:
    """Keep the newest standing of each task: in one call of a script each task may occur once."""
    if len(standings) < 2 or len({standing.task_id for standing in standings}) == len(standings):
        return standings
    newest: dict[bytes, Standing] = {}
    for standing in standings:
        known = newest.get(standing.task_id)
        if known is None or known.version <= standing.version:
            newest[standing.task_id] = standing
    return list(newest.values())


def rounds(standings: Sequence[Standing]) -> Iterator[Sequence[Standing]]:
    """Split standings into calls in which each task occurs once; outdated standings that have no effect are left out.

    The newest of each task come first. An outdated LEASED standing is still needed: it proves that its attempt started.
    Without it the lease of that attempt would stay unconfirmed until it ran out.
    """
    newest = fold(standings)
    yield newest
    if newest is standings:
        return
    first = {id(standing) for standing in newest}
    proofs = [s for s in standings if s.place == _LEASED_PLACE and id(s) not in first]
    if proofs:
        yield from rounds(proofs)


def pack_standing(standing: Standing, ageing_step_us: int) -> bytes:
    """Pack one standing for a script.

    Its score is the time when it became ready, plus one ageing step for each priority below the first.
    """
    return _packed(standing, standing.version, standing.state, ageing_step_us)


def pack_standings(standings: Sequence[Standing], ageing_step_us: int) -> tuple[bytes, list[bytes]]:
    """Pack standings: one message of `feed`, and for the script task id and standing of each.

    Each field is read only once, since reading a field costs more than packing it.
    """
    feed: list[bytes] = []
    packed: list[bytes] = []
    for standing in standings:
        task_id, version, state = standing.task_id, standing.version, standing.state
        feed.append(_FEED.pack(task_id, version, state))
        packed.append(task_id)
        packed.append(_packed(standing, version, state, ageing_step_us))
    return b"".join(feed), packed


def _packed(standing: Standing, version: int, state: int, ageing_step_us: int) -> bytes:
    place = standing.place
    if place == _NOWHERE_PLACE:
        return _HEAD.pack(version, state, place, 0, 0)
    priority = standing.priority
    lane = pack_lane(standing.queue, standing.task_type)
    if place == _LEASED_PLACE:
        executor = standing.executor_id.encode()
        requested, attempt_id = standing.requested, standing.attempt_id
        head = _LEASED.pack(version, state, place, requested, priority, attempt_id, len(executor))
        return head + executor + lane
    score = b"%016d" % (standing.ready_at_us + (priority - 1) * ageing_step_us)
    if place == _READY_PLACE:
        return _HEAD.pack(version, state, place, 0, priority) + score + lane
    return _TIMED.pack(version, state, place, 0, priority, score, standing.due_in_ms) + lane


def ready_at_us(kept: bytes, ageing_step_us: int) -> int:
    """When a kept READY or TIMED standing became ready."""
    return int(kept[12:28]) - (kept[11] - 1) * ageing_step_us


def startable_at_us(kept: bytes, ageing_step_us: int) -> int:
    """When a ready task could have been started: not before its delayed start or retry was due."""
    ready_us = ready_at_us(kept, ageing_step_us)
    if kept[9] != _TIMED_PLACE:
        return ready_us
    (due_ms,) = _DUE.unpack_from(kept, 28)
    return max(ready_us, round(due_ms * 1000))


def kept_version(kept: bytes) -> int:
    """Version of a kept standing."""
    return int.from_bytes(kept[:8], "big")


def kept_place(kept: bytes) -> Place.ValueType:
    """Place of a kept standing."""
    return cast(Place.ValueType, kept[9])


def lease_executor(lease: bytes) -> str:
    """Id of the executor that holds a packed lease."""
    return lease[19 : 19 + int.from_bytes(lease[17:19], "big")].decode()

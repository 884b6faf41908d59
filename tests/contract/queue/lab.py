"""One queue under test, the model or a real one: builders of standings, and a hand on its clock."""

from __future__ import annotations

import itertools
import struct
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from asynctask_protos.registry.v1.standing_pb2 import Place, Standing
from asynctask_protos.task.v1.state_pb2 import TaskState
from asynctask_scheduler.queue.answers import Lane, Lease, SessionInfo, SessionVerdict, TypeLimit
from tests.support.queue_model import ModelStore, QueueModel
from tests.support.whole_queue import WholeQueue, WholeRedisQueue

LANE: Lane = ("default", "noop")
READY_AT_US = 1_800_000_000_000_000
HOUR_US = 3_600_000_000
PATIENCE_S = 60.0
"""Longest wait for Redis: its answers are tested here, not how soon a busy machine gives them."""


class Lab(Protocol):
    """A store, and queues on it."""

    @property
    def queue(self) -> WholeQueue:
        """The first replica's queue."""
        ...

    async def replica(self) -> WholeQueue:
        """Another scheduler's queue on the same store."""
        ...

    async def advance(self, ms: int) -> None:
        """Let time pass, for the store and for everybody."""
        ...

    async def jump(self, ms: int) -> None:
        """Move the store's clock only."""
        ...

    async def flush(self) -> None:
        """Lose all data."""
        ...

    async def unmark(self) -> None:
        """Keep all data, but as another store has written it."""
        ...

    async def close(self) -> None: ...


class ModelLab:
    """The reference model."""

    def __init__(self) -> None:
        self.store = ModelStore()
        self.queue = QueueModel(self.store)
        self._replicas = [self.queue]

    async def replica(self) -> WholeQueue:
        self._replicas.append(QueueModel(self.store))
        return self._replicas[-1]

    async def advance(self, ms: int) -> None:
        self.store.advance(ms)
        for replica in self._replicas:
            replica.clock_ms += ms

    async def jump(self, ms: int) -> None:
        self.store.advance(ms)

    async def flush(self) -> None:
        self.store.flush()

    async def unmark(self) -> None:
        self.store.restart()

    async def close(self) -> None:
        return


class RedisLab:
    """Real Redis. Its clock cannot be moved, so everything that it has written down is moved the other way."""

    def __init__(self, url: str, flush: Callable[[], Awaitable[None]]) -> None:
        self.url = url
        self.clock_s = 0.0
        self._at_s = time.monotonic()
        self.queue = self._connect()
        self._replicas = [self.queue]
        self._flush = flush

    def _connect(self) -> WholeRedisQueue:
        queue = WholeRedisQueue.connect(self.url, timeout_s=PATIENCE_S)
        start = queue._clock()
        queue._clock = lambda clock=queue._clock: clock() + self.clock_s
        assert queue._clock() >= start
        return queue

    async def replica(self) -> WholeQueue:
        self._replicas.append(self._connect())
        return self._replicas[-1]

    async def advance(self, ms: int) -> None:
        await self.jump(ms)
        self.clock_s += ms / 1000

    async def stand_still(self) -> None:
        """Take back the time that has passed by itself since the last call, once it amounts to something.

        A long test on a busy machine then grows no older than on an idle one.
        """
        passed_s = time.monotonic() - self._at_s
        if passed_s > 0.2:
            self._at_s += passed_s
            await self.advance(-int(passed_s * 1000))

    async def jump(self, ms: int) -> None:
        for replica in self._replicas:
            if replica._last_tick is not None:
                last_ms, at = replica._last_tick
                replica._last_tick = (last_ms - ms, at)
        await shift(self.queue, -ms)

    async def flush(self) -> None:
        await self._flush()

    async def unmark(self) -> None:
        for key in ("marker", "reaper"):
            await self.queue._connection.command("HSET", self.queue._keys[key], "identity", "another store")

    async def close(self) -> None:
        for replica in self._replicas:
            await replica.close()


async def shift(queue: WholeRedisQueue, by_ms: int) -> None:
    """Move every time that is written in Redis."""

    async def run(*command: Any) -> Any:
        return await queue._connection.command(*command)

    keys = queue._keys
    for name in ("timers", "deadlines", "expiring", "intents", "executors", "tombstones", "rebuilds"):
        entries = await run("ZRANGE", keys[name], 0, -1, "WITHSCORES")
        for member, score in (
            entries
            if entries and isinstance(entries[0], (list, tuple))
            else zip(entries[::2], entries[1::2], strict=True)
        ):
            if name == "intents":
                await run("ZREM", keys[name], member)
                member = (int.from_bytes(member[:6], "big") + by_ms).to_bytes(6, "big") + member[6:]  # noqa: PLW2901
            await run("ZADD", keys[name], float(score) + by_ms, member)
    for field in ("tick_ms", "grace_ms"):
        at = await run("HGET", keys["reaper"], field)
        if at is not None:
            await run("HSET", keys["reaper"], field, int(float(at)) + by_ms)
    for key in (keys["duties"], keys["replicas"], keys["health"]):
        for name, entry in (await run("HGETALL", key)).items():
            at, rest = entry.split(b" ", 1)
            await run("HSET", key, name, b"%d %s" % (int(at) + by_ms, rest))
    for task_id, kept in (await run("HGETALL", keys["standings"])).items():
        if kept[9] == Place.PLACE_TIMED:
            (due,) = struct.unpack_from(">d", kept, 28)
            await run(
                "HSET", keys["standings"], task_id, kept[:28] + struct.pack(">d", due + by_ms) + kept[36:]
            )


class Bench:
    """Short words for what the tests do again and again."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.queue = lab.queue
        self._versions = itertools.count(1)

    async def open(self, executor_id: str = "e1", slots: int = 100) -> int:
        """Open a session; its number."""
        info = SessionInfo(executor_id, f"{executor_id} of host", slots, ("noop",), ("default",), "1.0")
        return (await self.queue.open_session(info)).number

    async def mark(self) -> None:
        """Set the marker, as a rebuild does, and get over the guard of a store that was never looked at."""
        rebuild = await self.queue.begin_rebuild()
        if rebuild:
            assert await self.queue.finish_rebuild(rebuild)
        await self.queue.expire_due(0)
        await self.pass_time(LEASE_MS + 1000)

    async def pass_time(self, ms: int) -> None:
        """Let time pass while the reaper looks on often enough to trust its clock, and takes nothing."""
        while ms > 0:
            step = min(ms, LEASE_MS // 5)
            await self.lab.advance(step)
            await self.queue.expire_due(0)
            ms -= step

    async def limit(self, *, version: int = 1, **limits: int) -> None:
        """Say how many tasks of a type may run, as that version of its definition does."""
        await self.queue.set_type_limits([TypeLimit(name, most, version) for name, most in limits.items()])

    async def ready(self, *, count: int = 1, first_us: int = 0, **fields: Any) -> list[bytes]:
        """Apply READY standings of new tasks, a microsecond apart; their ids in that order."""
        ids = [new_id() for _ in range(count)]
        await self.queue.apply(
            [
                a_ready(task_id, ready_at_us=READY_AT_US + first_us + n, **fields)
                for n, task_id in enumerate(ids)
            ]
        )
        return ids

    async def take(
        self,
        session: int,
        *,
        executor_id: str = "e1",
        slots: int = 100,
        want: int = 1,
        lanes: tuple[Lane, ...] = (LANE,),
        queue: WholeQueue | None = None,
    ) -> list[Lease]:
        """Lease tasks."""
        leased = await (queue or self.queue).lease(
            executor_id, session, slots, lanes, [new_id() for _ in range(want)]
        )
        assert leased.verdict is SessionVerdict.OK
        return list(leased.leases)

    async def started(
        self, *, executor_id: str = "e1", session: int | None = None, version: int = 2
    ) -> Lease:
        """A task that runs under a confirmed lease."""
        number = session or await self.open(executor_id)
        (task_id,) = await self.ready()
        leases = await self.take(number, executor_id=executor_id)
        assert [one for one, _ in leases] == [task_id]
        await self.queue.apply([a_leased(*leases[0], executor_id=executor_id, version=version)])
        return leases[0]

    async def leases(self) -> int:
        """Live leases."""
        return (await self.queue.stats()).leases

    async def line(self, lane: Lane = LANE) -> int:
        """Tasks in line."""
        found = [one.ready for one in (await self.queue.stats()).lanes if (one.queue, one.task_type) == lane]
        return found[0] if found else 0


def a_standing(
    task_id: bytes, place: Place.ValueType, state: TaskState.ValueType, version: int, lane: Lane
) -> Standing:
    return Standing(
        task_id=task_id, version=version, place=place, state=state, queue=lane[0], task_type=lane[1]
    )


def a_ready(
    task_id: bytes, *, version: int = 1, priority: int = 3, ready_at_us: int = READY_AT_US, lane: Lane = LANE
) -> Standing:
    standing = a_standing(task_id, Place.PLACE_READY, TaskState.TASK_STATE_QUEUED, version, lane)
    standing.priority, standing.ready_at_us = priority, ready_at_us
    return standing


def a_timed(
    task_id: bytes,
    due_in_ms: int,
    *,
    version: int = 1,
    priority: int = 3,
    ready_at_us: int = READY_AT_US,
    lane: Lane = LANE,
) -> Standing:
    standing = a_standing(task_id, Place.PLACE_TIMED, TaskState.TASK_STATE_PENDING, version, lane)
    standing.priority, standing.ready_at_us, standing.due_in_ms = priority, ready_at_us, due_in_ms
    return standing


def a_leased(
    task_id: bytes,
    attempt_id: bytes,
    *,
    executor_id: str = "e1",
    version: int = 2,
    requested: int = 0,
    lane: Lane = LANE,
) -> Standing:
    standing = a_standing(task_id, Place.PLACE_LEASED, TaskState.TASK_STATE_RUNNING, version, lane)
    standing.attempt_id, standing.executor_id, standing.priority = attempt_id, executor_id, 3
    standing.requested = requested  # pyright: ignore[reportAttributeAccessIssue]
    return standing


def a_nowhere(
    task_id: bytes, *, version: int = 3, state: TaskState.ValueType = TaskState.TASK_STATE_COMPLETED
) -> Standing:
    return Standing(task_id=task_id, version=version, place=Place.PLACE_NOWHERE, state=state)

"""What was used once costs nothing afterwards: neither memory of Redis nor time of a pop.

`ASYNCTASK_TEST_PAST=100000` uses a hundred thousand of everything, which takes some minutes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

import pytest

from asynctask_core.ids import new_id
from asynctask_core.limits import TOMBSTONE_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import Lane, Lease, ProgressNote, SessionInfo, TypeLimit
from asynctask_scheduler.queue.redis_executors import FORGOTTEN_MS
from asynctask_scheduler.queue.redis_repair import REBUILD_KEPT_MS
from tests.contract.queue.conftest import BACKENDS
from tests.contract.queue.lab import LANE, Bench, a_leased, a_nowhere, a_ready, a_timed
from tests.support.whole_queue import WholeRedisQueue

USED = int(os.environ.get("ASYNCTASK_TEST_PAST", "1000"))
BATCH = 500
LIMITED: Lane = ("default", "limited")
AGED_MS = max(TOMBSTONE_MS + 600_000, FORGOTTEN_MS, REBUILD_KEPT_MS) + 1_000

only_redis = pytest.mark.parametrize("lab", BACKENDS[1:2], indirect=True)


class Costs:
    """What Redis holds, and what calls make it do."""

    def __init__(self, bench: Bench) -> None:
        assert isinstance(bench.queue, WholeRedisQueue)
        self._queue = bench.queue
        self._run = bench.queue._connection.command

    async def elements(self) -> Counter[str]:
        """Members and fields of every key, by its name; of families together."""
        found: Counter[str] = Counter()
        cursor = 0
        while True:
            cursor, keys = await self._run("SCAN", cursor, "COUNT", 1000)
            for key in keys:
                count = {b"hash": "HLEN", b"set": "SCARD", b"zset": "ZCARD"}[await self._run("TYPE", key)]
                found[key.decode().split(":")[2]] += await self._run(count, key)
            if not int(cursor):
                return found

    async def commands(self) -> int:
        """Commands that Redis has run, those in scripts included."""
        info = await self._run("INFO", "commandstats")
        if isinstance(info, bytes):
            return sum(
                int(line.split("calls=")[1].split(",")[0])
                for line in info.decode().splitlines()
                if "calls=" in line
            )
        return sum(int(fields["calls"]) for fields in info.values())

    async def of_a_pop(self, session: int, lane: Lane) -> int:
        """Commands of one pop that finds nothing."""
        before = await self.commands()
        leased = await self._queue.lease("e1", session, 5, [lane, LANE], [new_id()])
        assert not leased.leases
        return await self.commands() - before


async def use_each_once(bench: Bench, first: int, count: int) -> None:
    """Queues, types, executors, sessions, leases, progress, timers and intents, each under names of its own."""
    queue = bench.queue
    numbers = range(first, first + count)
    lanes = [(f"queue-{n}", "limited" if n % 2 else f"type-{n}") for n in numbers]
    leases: list[Lease] = [(new_id(), new_id()) for _ in numbers]

    def standings(version: int) -> Sequence[Standing]:
        return [
            a_ready(task_id, version=version, lane=lane)
            for (task_id, _), lane in zip(leases, lanes, strict=True)
        ]

    intent = await queue.note_intents([task_id for task_id, _ in leases])
    # Cancelled while in line, while due later, and while running; the last under an executor of its own.
    await queue.apply(standings(1))
    await queue.apply(
        [
            a_timed(task_id, 60_000, version=2, lane=lane)
            for (task_id, _), lane in zip(leases, lanes, strict=True)
        ]
    )
    await queue.apply(standings(3))
    await queue.apply(
        [
            a_leased(task_id, attempt_id, executor_id=f"executor-{n}", version=4, lane=lane)
            for n, (task_id, attempt_id), lane in zip(numbers, leases, lanes, strict=True)
        ]
    )
    await queue.put_progress([ProgressNote(task_id, attempt_id, b"half") for task_id, attempt_id in leases])
    await queue.apply([a_nowhere(task_id, version=5) for task_id, _ in leases])
    await queue.abandon(leases)
    await queue.clear_intents(intent)
    await queue.set_type_limits([TypeLimit(f"type-{n}", 5, 1) for n in numbers])
    await queue.forget_types({f"type-{n}": 2 for n in numbers})
    for n in numbers[: max(1, count // 10)]:  # one call each: a part of them is enough
        info = SessionInfo(f"executor-{n}", "", 1, ("limited",), (f"queue-{n}",), "1.0")
        opened = await queue.open_session(info)
        await queue.renew(info.executor_id, opened.number, ())
        await queue.renew(f"never-welcomed-{n}", 0, ())
        await queue.close_session(info.executor_id, opened.number)


@only_redis
async def test_what_was_used_once_is_forgotten(bench: Bench) -> None:
    """Fails when: `lanes` keeps every name, `rebuilds` every failed rebuild, `executors` all that ever renewed."""
    costs, session = Costs(bench), await bench.open()
    await bench.queue.set_type_limits([TypeLimit("limited", 3, 1)])
    await bench.started(session=session)
    pop = await costs.of_a_pop(session, LIMITED)
    before = await costs.elements()
    for first in range(0, USED, BATCH):
        await use_each_once(bench, first, min(BATCH, USED - first))
    assert await costs.of_a_pop(session, LIMITED) == pop
    after = await costs.elements()
    # Only these are remembered for a while.
    assert {name for name in after if after[name] > before[name]} <= {"tombstones", "executors", "session"}
    await bench.lab.advance(AGED_MS)
    for n in range(max(1, USED // 200) + 1):
        await bench.queue.promote(100)
        await bench.queue.seen_executors()
        await bench.open(f"new-{n}")
    left = await costs.elements()
    new = USED // 200 + 2
    assert {name: left[name] - before[name] for name in left if left[name] - before[name] > new} == {
        "session": left["session"] - before["session"]
    }
    assert left["executors"] <= before["executors"] + new


@only_redis
async def test_replica_that_touches_its_executors_forgets_old_ones(bench: Bench) -> None:
    """Fails when: only lists and new sessions forget, and nobody lists while the same executors stay connected."""
    costs = Costs(bench)
    await bench.open("old")
    await bench.lab.advance(AGED_MS)
    await bench.queue.touch(["e1"])
    left = await costs.elements()
    assert (left["executors"], left["session"]) == (1, 0)


@only_redis
async def test_many_live_lines_of_a_limited_type_cost_a_pop_nothing(bench: Bench) -> None:
    """Anybody may name a queue. Fails when: `room_of` in lines.lua walks the lines of a type."""
    costs, session = Costs(bench), await bench.open()
    await bench.queue.set_type_limits([TypeLimit("limited", 3, 1)])
    pop = await costs.of_a_pop(session, LIMITED)
    for first in range(0, USED, BATCH):
        await bench.queue.apply(
            [a_ready(new_id(), lane=(f"queue-{first + n}", "limited")) for n in range(BATCH)]
        )
    assert await costs.of_a_pop(session, LIMITED) == pop
    assert len((await bench.queue.stats()).lanes) >= USED


@only_redis
async def test_rebuilds_that_failed_are_forgotten(bench: Bench) -> None:
    """A registry that is away fails one each second."""
    await bench.lab.unmark()
    for _ in range(10):
        assert await bench.queue.begin_rebuild()
    costs = Costs(bench)
    assert (await costs.elements())["rebuilds"] == 10
    await bench.lab.advance(REBUILD_KEPT_MS + 1_000)
    last = await bench.queue.begin_rebuild()
    assert last
    assert (await costs.elements())["rebuilds"] == 1
    assert await bench.queue.finish_rebuild(last)


async def test_line_that_was_forgotten_comes_back(bench: Bench) -> None:
    """Law 1, and 6. Fails when: what is put in line again is not listed, or not counted."""
    session = await bench.open()
    await bench.limit(noop=2)
    other: Lane = ("other", "noop")
    for _ in range(3):
        (task_id,) = await bench.ready(lane=other)
        await bench.queue.apply([a_nowhere(task_id)])
        assert not (await bench.queue.stats()).lanes
        (first, *ids) = await bench.ready(count=4, lane=other)
        await bench.queue.apply([a_nowhere(first)])
        assert len((await bench.queue.stats()).lanes) == 1, "it has others"
        leases = await bench.take(session, want=3, lanes=(other,))
        assert len(leases) == 2
        (line,) = (await bench.queue.stats()).lanes
        assert (line.queue, line.ready, line.running) == ("other", 1, 2)
        await bench.queue.abandon(leases)
        rest = await bench.take(session, want=3, lanes=(other,))
        await bench.queue.apply([a_nowhere(one) for one in ids])
        await bench.queue.abandon(rest)
        assert not (await bench.queue.stats()).lanes

"""Replicas of one cell, which must have been told the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from asynctask_core.limits import AGEING_STEP_US, LEASE_MS
from asynctask_scheduler.queue.answers import REPLICA_LIVE_MS, REPLICA_NAMED_MS, CellOptions
from tests.contract.queue.lab import Bench
from tests.support.queue_model import QueueModel
from tests.support.whole_queue import WholeQueue, WholeRedisQueue


def tell(queue: WholeQueue, lease_ms: int) -> None:
    """Start a replica with another lease than all others."""
    if isinstance(queue, QueueModel):
        queue.lease_ms = lease_ms
    elif isinstance(queue, WholeRedisQueue):
        queue._options = replace(queue._options, lease_ms=lease_ms)


async def test_replica_that_was_told_otherwise_does_not_join_a_live_one(bench: Bench) -> None:
    """Fails when: announce.lua notes every replica that joins: then each sees the other as the wrong one."""
    other = await bench.lab.replica()
    tell(other, 20_000)
    assert await bench.queue.announce("a", joining=True) is None
    assert await other.announce("b", joining=True) == CellOptions(LEASE_MS, AGEING_STEP_US)
    assert await bench.queue.announce("a", joining=False) is None
    assert await bench.queue.announce("c", joining=True) is None, "who was told the same joins"
    await bench.queue.leave("c")
    await bench.queue.leave("a")
    assert await other.announce("b", joining=True) is None


async def test_replica_that_died_is_in_nobodys_way_for_long(bench: Bench) -> None:
    other = await bench.lab.replica()
    tell(other, 20_000)
    await bench.queue.announce("a", joining=True)
    assert await other.announce("b", joining=True) is not None
    await bench.lab.advance(10_001)
    assert await other.announce("b", joining=True) is None
    await bench.lab.jump(-3_600_000)
    assert await bench.queue.announce("a", joining=True) is None, "nor is one from before the clock went back"


async def test_replica_that_runs_learns_of_one_that_was_told_otherwise_and_stays(bench: Bench) -> None:
    """Both started while the store forgot."""
    other = await bench.lab.replica()
    tell(other, 20_000)
    await bench.queue.announce("a", joining=False)
    assert await other.announce("b", joining=False) == CellOptions(LEASE_MS, AGEING_STEP_US)
    assert await bench.queue.announce("a", joining=False) == CellOptions(20_000, AGEING_STEP_US)


class Former:
    """A scheduler of the layout before this one, as what it leaves in the store shows."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._queue = bench.queue

    async def announce(self, name: str, *, ago_ms: int = 0) -> None:
        """It lives, or did."""
        if isinstance(self._queue, QueueModel):
            self._queue.store.data.former[name] = (self._queue.store.now_ms - ago_ms, False)
        else:
            told = f"{await self._now_ms() - ago_ms} {LEASE_MS} {AGEING_STEP_US}"
            await self._command("HSET", b"at1:{main}:replicas", name, told)

    async def leave(self, name: str) -> None:
        """It ended well."""
        if isinstance(self._queue, QueueModel):
            del self._queue.store.data.former[name]
        else:
            await self._command("HDEL", b"at1:{main}:replicas", name)

    async def reap(self, ago_ms: int) -> None:
        """It looked for leases that ran out, as it does each second."""
        if isinstance(self._queue, QueueModel):
            self._queue.store.data.former_tick_ms = self._queue.store.now_ms - ago_ms
        else:
            await self._command("HSET", b"at1:{main}:reaper", "tick_ms", await self._now_ms() - ago_ms)

    async def sees(self) -> list[str]:
        """Who is noted where it looks for others, and was told something else than it."""
        if isinstance(self._queue, QueueModel):
            return [name for name, (_, is_ours) in self._queue.store.data.former.items() if is_ours]
        fields = await self._command("HGETALL", b"at1:{main}:replicas")
        return [name.decode() for name, told in fields.items() if told.endswith(b" 0 0")]

    async def _now_ms(self) -> int:
        seconds, micros = await self._command("TIME")
        return int(seconds) * 1000 + int(micros) // 1000

    async def _command(self, *command: Any) -> Any:
        assert isinstance(self._queue, WholeRedisQueue)
        return await self._queue._connection.command(*command)


async def test_live_scheduler_of_the_layout_before_is_named_and_none_of_them_joins_beside_us(
    bench: Bench,
) -> None:
    """Fails when: both work in one cell, and each ends the attempts that the other has leased."""
    former, queue = Former(bench), bench.queue
    await former.announce("old")
    assert await queue.shut_out_former("new") == "old"
    assert await former.sees() == []
    await former.leave("old")
    assert await queue.shut_out_former("new") == ""
    assert await queue.shut_out_former("newer") == "", "those of this layout are not in one another's way"
    assert sorted(await former.sees()) == ["new", "newer"]
    await queue.leave("new")
    assert await former.sees() == ["newer"]


async def test_scheduler_of_the_layout_before_that_died_is_in_nobodys_way_for_long(bench: Bench) -> None:
    """Fails when: a release cannot be put in the place of one that was killed."""
    former, queue = Former(bench), bench.queue
    await former.announce("old", ago_ms=10_001)
    assert await queue.shut_out_former("new") == ""


async def test_store_that_schedulers_of_the_layout_before_used_after_ours_is_rebuilt(bench: Bench) -> None:
    """Fails when: after going back to the older release and forth again, lines and leases of before are believed."""
    former, queue = Former(bench), bench.queue
    await former.reap(ago_ms=60_000)
    await queue.expire_due(1)
    await queue.shut_out_former("new")
    assert (await queue.store_state()).marked
    await former.reap(ago_ms=-60_000)
    await queue.shut_out_former("new")
    assert not (await queue.store_state()).marked


async def test_replicas_read_one_anothers_notes(bench: Bench) -> None:
    """Fails when the note of a replica that has left is read, or that of a silent one is lost at once or kept."""
    queue = bench.queue
    await queue.announce("older", joining=True)
    await queue.note_health("a", b"\x00 well\n")
    notes = {note.replica: note for note in await queue.note_health("b", b"busy")}
    assert {name: note.note for name, note in notes.items()} == {
        "a": b"\x00 well\n",
        "b": b"busy",
        "older": b"",
    }
    assert 0 <= notes["a"].age_ms <= 5_000
    await queue.leave("a")
    assert {note.replica for note in await queue.note_health("b", b"busy")} == {"b", "older"}
    await queue.note_health("a", b"well")
    await bench.lab.advance(10_001)
    notes = {note.replica: note for note in await queue.note_health("b", b"busy")}
    assert notes.keys() == {"a", "b"}
    assert notes["a"].age_ms > REPLICA_LIVE_MS
    await bench.lab.advance(REPLICA_NAMED_MS)
    assert {note.replica for note in await queue.note_health("b", b"busy")} == {"b"}
    await bench.lab.jump(-3_600_000)
    assert {note.replica for note in await queue.note_health("c", b"new")} == {"c"}

"""Streams of executors as the store knows them."""

from __future__ import annotations

import pytest

from asynctask_core import limits
from asynctask_core.errors import Overloaded
from asynctask_core.ids import new_id
from asynctask_scheduler.queue.answers import SessionInfo, SessionVerdict
from tests.contract.queue.lab import LANE, Bench, a_leased, a_nowhere
from tests.support.seen_executors import seen_executors


async def test_session_numbers_only_grow(bench: Bench) -> None:
    """Fails when: open_session.lua takes the time alone and the clock goes back."""
    before_the_clock_went_back = await bench.open() + 3_600_000_000
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    assert await bench.queue.restore_session(info, before_the_clock_went_back)
    assert await bench.open() > before_the_clock_went_back


async def test_older_session_gets_nothing(bench: Bench) -> None:
    old = await bench.open()
    new = await bench.open()
    await bench.ready()
    answer = await bench.queue.lease("e1", old, 5, [LANE], [new_id()])
    assert (answer.verdict, list(answer.leases)) == (SessionVerdict.SUPERSEDED, [])
    assert len(await bench.take(new)) == 1


async def test_new_session_learns_what_older_ones_hold(bench: Bench) -> None:
    started = await bench.started()
    session = await bench.open()
    await bench.ready()
    (popped,) = await bench.take(session)
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    opened = await bench.queue.open_session(info)
    assert {(one.task_id, one.attempt_id, one.started) for one in opened.held} == {
        (*started, True),
        (*popped, False),
    }


async def test_unknown_session_is_told_apart_and_can_be_restored(bench: Bench) -> None:
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    await bench.ready()
    answer = await bench.queue.lease("e1", 77, 5, [LANE], [new_id()])
    assert answer.verdict is SessionVerdict.NO_SESSION
    assert await bench.queue.restore_session(info, 77)
    assert len(await bench.take(77)) == 1


async def test_restoring_an_older_session_is_refused(bench: Bench) -> None:
    session = await bench.open()
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    assert not await bench.queue.restore_session(info, session - 1)
    assert await bench.queue.restore_session(info, session)


async def test_drain_outlives_the_sessions_of_its_executor(bench: Bench) -> None:
    """Fails when: a new session, or one that is restored by who has not heard of it, is written as not draining."""
    info = SessionInfo("e1", "host", 4, ("noop",), ("default",), "1.0")
    opened = await bench.queue.open_session(info)
    assert not opened.draining
    await bench.queue.close_session("e1", opened.number)
    assert await bench.queue.set_draining("e1")
    opened = await bench.queue.open_session(info)
    assert opened.draining
    assert await bench.queue.restore_session(info, opened.number, draining=False)
    assert [state.draining for state in await seen_executors(bench.queue)] == [True]
    await bench.lab.flush()
    assert await bench.queue.restore_session(info, opened.number, draining=True)
    assert [state.draining for state in await seen_executors(bench.queue)] == [True]


async def test_executors_are_listed_with_what_they_hold(bench: Bench) -> None:
    session = await bench.open("e1", slots=7)
    await bench.ready(count=2)
    await bench.take(session, want=2)
    await bench.open("e0")
    assert await bench.queue.set_draining("e0")
    assert not await bench.queue.set_draining("nobody")
    await bench.queue.set_slots("e1", session, 3)
    await bench.queue.set_slots("e1", session - 1, 99)
    first, second = await seen_executors(bench.queue)
    assert (first.info.executor_id, first.draining, first.running) == ("e0", True, 0)
    assert second.info == SessionInfo("e1", "e1 of host", 3, ("noop",), ("default",), "1.0")
    assert (second.running, second.connected, second.session) == (2, True, session)
    await bench.queue.close_session("e1", session)
    assert not (await seen_executors(bench.queue))[1].connected


async def test_executor_that_stopped_is_not_listed_once_it_holds_nothing(bench: Bench) -> None:
    """Fails when: who was stopped in order looks like who was killed, for a minute."""
    session = await bench.open("e1")
    task_id, _ = await bench.started(session=session)
    await bench.queue.close_session("e1", session - 1, stopped=True)
    assert (await seen_executors(bench.queue))[0].connected
    await bench.queue.close_session("e1", session, stopped=True)
    (left,) = await seen_executors(bench.queue)
    assert (left.connected, left.running) == (False, 1)
    await bench.queue.apply([a_nowhere(task_id, version=9)])
    assert not await seen_executors(bench.queue)
    await bench.open("e1")
    assert (await seen_executors(bench.queue))[0].connected


async def test_silent_executors_are_not_listed_and_touched_ones_are(bench: Bench) -> None:
    await bench.open("e1")
    await bench.open("e2")
    await bench.lab.advance(50_000)
    await bench.queue.touch(["e2"])
    await bench.lab.advance(20_000)
    assert [state.info.executor_id for state in await seen_executors(bench.queue)] == ["e2"]


async def test_new_executor_is_refused_while_as_many_are_known_as_may_be(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: made-up ids fill Redis, each with the names of a thousand queues, or who is known is refused."""
    monkeypatch.setattr(limits, "EXECUTORS", 2)
    first = await bench.open("e1")
    await bench.open("e2")
    with pytest.raises(Overloaded, match="knows 2 executors already"):
        await bench.open("e3")
    assert await bench.open("e1") > first
    assert [state.info.executor_id for state in await seen_executors(bench.queue)] == ["e1", "e2"]
    info = SessionInfo("e3", "host", 4, ("noop",), ("default",), "1.0")
    assert await bench.queue.restore_session(info, 77)  # its stream was open before


async def test_who_was_not_seen_for_a_minute_makes_room_for_a_new_executor(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: executors that were killed count until they are forgotten."""
    monkeypatch.setattr(limits, "EXECUTORS", 2)
    killed = await bench.open("e1")
    await bench.queue.close_session("e1", killed)
    await bench.open("e2")
    await bench.lab.advance(40_000)
    with pytest.raises(Overloaded):
        await bench.open("e3")
    await bench.queue.touch(["e2"])
    await bench.lab.advance(21_000)
    await bench.open("e3")
    with pytest.raises(Overloaded):
        await bench.open("e1")
    assert [state.info.executor_id for state in await seen_executors(bench.queue)] == ["e2", "e3"]


async def test_executor_that_stops_makes_room_for_a_new_one_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: executors that stopped in order, as each container of a short life does, count for a minute."""
    monkeypatch.setattr(limits, "EXECUTORS", 1)
    for number in range(3):
        session = await bench.open(f"e{number}")
        await bench.queue.close_session(f"e{number}", session - 1, stopped=True)
        with pytest.raises(Overloaded):
            await bench.open("other")
        await bench.queue.close_session(f"e{number}", session, stopped=True)
    session = await bench.open("holder")
    await bench.started(session=session, executor_id="holder")
    await bench.queue.close_session("holder", session, stopped=True)
    with pytest.raises(Overloaded):
        await bench.open("other")
    assert await bench.open("holder") > session


async def test_executor_that_holds_leases_always_comes_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when: who holds tasks is forgotten to make room, or is new after a loss of its session."""
    monkeypatch.setattr(limits, "EXECUTORS", 1)
    await bench.started(executor_id="e1")
    await bench.lab.advance(61_000)
    with pytest.raises(Overloaded):
        await bench.open("e2")
    await bench.lab.flush()
    await bench.mark()
    await bench.queue.apply([a_leased(new_id(), new_id(), executor_id="e1")])
    await bench.open("e2")
    await bench.open("e1")


async def test_executors_that_drain_are_told_apart_without_what_they_serve(bench: Bench) -> None:
    numbers = {name: await bench.open(name) for name in ("e1", "e2", "e3")}
    assert await bench.queue.set_draining("e2")
    assert await bench.queue.set_draining("e3")
    assert await bench.queue.draining(["e1", "e2", "nobody"]) == {"e2": numbers["e2"]}
    assert await bench.queue.draining([]) == {}


async def test_only_those_who_are_asked_for_are_described(bench: Bench) -> None:
    for name in ("e1", "e2", "e3"):
        await bench.open(name)
    assert set(await bench.queue.seen_executors()) == {"e1", "e2", "e3"}
    found = await bench.queue.describe_executors(["e3", "e1", "nobody"])
    assert [state.info.executor_id for state in found] == ["e1", "e3"]
    assert await bench.queue.describe_executors([]) == []

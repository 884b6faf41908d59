"""An operator who asked an executor to end is not forgotten, and a replica that ends asks nobody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from asynctask_core.errors import NotReady
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_scheduler.api.executor_service import ExecutorService
from asynctask_scheduler.dispatch.handshake import HandshakeWaits
from asynctask_scheduler.queue.answers import Opened, SessionInfo
from tests.support.conditions import eventually
from tests.unit.scheduler.house import House, Stream


async def test_a_replica_that_ends_drains_no_executor_and_passes_an_operators_drain_on():
    """Fails when: giving nothing more is noted as a drain; Redis would be told so, and the executor would not."""
    house = House()
    stream = Stream(house)
    await eventually(lambda: stream.messages("welcome"))
    house.sessions.stop_giving()
    assert [drains for _, _, drains in house.sessions.snapshot()] == [False]
    house.sessions.drain_executor("x")
    await eventually(lambda: stream.messages("drain"))
    assert [drains for _, _, drains in house.sessions.snapshot()] == [True]
    await stream.close()


async def test_a_replica_that_ends_waits_for_no_executor_that_has_not_said_hello():
    """Fails when Ctrl-C of `up` takes the ten seconds that an executor has for its Hello."""
    house = House()
    nothing: Any = None
    service = ExecutorService(
        queue=house.queue,
        registry=nothing,
        catalogue=nothing,
        sessions=house.sessions,
        renewals=nothing,
        lease_ms=15_000,
    )

    class Silent:
        """An executor's stream on which nothing comes."""

        asked = asyncio.Event()

        def __aiter__(self) -> Silent:
            return self

        async def __anext__(self) -> pb.WorkRequest:
            self.asked.set()
            await asyncio.Event().wait()
            raise AssertionError

    waiting = asyncio.create_task(service.Work(Silent(), nothing))
    await Silent.asked.wait()
    house.sessions.stop_giving()
    for stream in (waiting, service.Work(Silent(), nothing)):
        with pytest.raises(NotReady, match="draining; connect again"):
            await stream


async def test_a_drain_ends_every_wait_also_beside_one_whose_time_is_just_over():
    """Fails when a drain breaks off in the middle: the streams that are open are given further tasks."""
    waits, ended = HandshakeWaits(), list[str]()

    def end() -> None:
        waits.end_all()
        ended.append("all")

    async def wait() -> None:
        async with waits.within(0):
            # Behind the end of the time, and before it is seen here.
            asyncio.get_running_loop().call_soon(end)
            await asyncio.Event().wait()

    with pytest.raises(NotReady, match="draining"):
        await wait()
    assert ended == ["all"]


async def test_a_drain_that_was_asked_for_between_two_streams_is_told_by_the_next_one():
    """Fails when: whoever opens the next session does not look; the operator was told that it is done."""
    house = House()
    await house.mark()
    stream = Stream(house)
    await eventually(lambda: stream.messages("welcome"))
    await stream.close()
    assert await house.queue.set_draining("x")
    stream = Stream(house)
    await eventually(lambda: stream.messages("drain"))
    assert [message.WhichOneof("message") for message in stream.got] == ["welcome", "drain"]
    await stream.close()


async def test_the_reason_of_a_drain_is_kept_in_the_log():
    """Fails when who ended an executor, and why, is written nowhere although it was asked for."""
    house = House()
    await house.mark()
    stream = Stream(house)
    await eventually(lambda: stream.messages("welcome"))
    nothing: Any = None
    service = ExecutorService(
        queue=house.queue,
        registry=nothing,
        catalogue=nothing,
        sessions=house.sessions,
        renewals=nothing,
        lease_ms=15_000,
    )
    with capture_logs() as logged:
        await service.DrainExecutor(pb.DrainExecutorRequest(executor_id="x", reason="new disk"), nothing)
    [line] = [one for one in logged if one["event"] == "executor.drain_asked"]
    assert (line["executor_id"], line["reason"]) == ("x", "new disk")
    await stream.close()


async def test_the_end_of_a_session_is_noted_also_when_its_stream_is_cancelled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fails when an executor that was killed looks connected for ever."""
    house = House()
    stream = Stream(house)
    await eventually(lambda: stream.messages("welcome"))
    close, noted, may_go_on = house.queue.close_session, list[str](), asyncio.Event()
    begun = asyncio.Event()

    async def slowly(executor_id: str, session: int, *, stopped: bool = False) -> None:
        begun.set()
        await may_go_on.wait()
        await close(executor_id, session, stopped=stopped)
        noted.append(executor_id)

    monkeypatch.setattr(house.queue, "close_session", slowly)
    stream.serving.cancel()
    await begun.wait()
    stream.serving.cancel()
    await asyncio.wait([stream.serving])
    assert not noted
    may_go_on.set()
    await eventually(lambda: noted == ["x"])


async def test_a_session_whose_stream_is_cancelled_twice_while_it_is_opened_is_closed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Fails when an executor that was killed looks connected for ever."""
    house = House()
    await house.mark()
    opening, may_go_on, closed = house.queue.open_session, asyncio.Event(), list[str]()
    begun = asyncio.Event()

    async def slowly(info: SessionInfo) -> Opened:
        opened = await opening(info)
        begun.set()
        await may_go_on.wait()
        return opened

    async def close(executor_id: str, session: int, *, stopped: bool = False) -> None:
        closed.append(executor_id)

    monkeypatch.setattr(house.queue, "open_session", slowly)
    monkeypatch.setattr(house.queue, "close_session", close)
    stream = Stream(house)
    await begun.wait()
    stream.serving.cancel()
    await asyncio.sleep(0)
    stream.serving.cancel()
    await asyncio.wait([stream.serving])
    may_go_on.set()
    await eventually(lambda: closed == ["x"])

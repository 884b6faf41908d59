"""How an event stream begins and ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Any

import pytest
from prometheus_client import Gauge

from asynctask_core.errors import TaskNotFound
from asynctask_gateway.live import event_stream
from asynctask_gateway.live.event_stream import EventStream, SlowReader, begun
from asynctask_gateway.live.stopping import Stopping


class Streams:
    """The metric that a stream needs."""

    streams = Gauge("streams", "Open streams.", registry=None)


async def sent(events: AsyncGenerator[bytes]) -> list[str]:
    """The events of a whole answer, without heartbeats."""
    parts: list[str] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        parts.append(message.get("body", b"").decode())

    metrics: Any = Streams()
    async with asyncio.timeout(30):
        await EventStream(events, AsyncExitStack(), Stopping(), metrics)({}, receive, send)
    return [part for part in parts if part and not part.startswith(":")]


async def test_reader_that_is_too_slow_is_told_to_come_again_and_not_that_nothing_more_comes():
    async def events() -> AsyncGenerator[bytes]:
        yield b"id: 1\ndata: {}\n\n"
        raise SlowReader

    assert await sent(events()) == ["id: 1\ndata: {}\n\n", "event: resume\ndata: {}\n\n"]


async def test_reader_that_is_too_slow_from_the_beginning_is_told_to_come_again():
    """Fails when it gets an internal error instead, at each try."""

    async def events() -> AsyncGenerator[bytes]:
        raise SlowReader
        yield b""

    async with AsyncExitStack() as held:
        assert await sent(await begun(events(), held)) == ["event: resume\ndata: {}\n\n"]


async def test_stream_that_is_over_says_so():
    async def events() -> AsyncGenerator[bytes]:
        yield b"data: {}\n\n"

    assert await sent(events()) == ["data: {}\n\n", "event: end\ndata: {}\n\n"]


async def test_refusal_comes_before_the_answer_begins():
    async def events() -> AsyncGenerator[bytes]:
        raise TaskNotFound("there is no such task")
        yield b""

    async with AsyncExitStack() as held:
        with pytest.raises(TaskNotFound):
            await begun(events(), held)


async def test_scheduler_that_says_nothing_does_not_keep_the_answer_from_its_begin(
    monkeypatch: pytest.MonkeyPatch,
):
    """Fails when a browser, which hears no heartbeat before the answer begins, gives the connection up."""
    monkeypatch.setattr(event_stream, "FIRST_S", 0.01)
    is_answered = asyncio.Event()

    async def events() -> AsyncGenerator[bytes]:
        await is_answered.wait()
        yield b"data: 1\n\n"
        yield b"data: 2\n\n"

    async with asyncio.timeout(30), AsyncExitStack() as held:
        joined = await begun(await held.enter_async_context(aclosing(events())), held)
        is_answered.set()
        assert [event async for event in joined] == [b"data: 1\n\n", b"data: 2\n\n"]


async def test_stream_that_is_left_before_its_first_event_is_closed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(event_stream, "FIRST_S", 0.01)
    is_closed = False

    async def events() -> AsyncGenerator[bytes]:
        nonlocal is_closed
        try:
            await asyncio.Event().wait()
            yield b""
        finally:
            is_closed = True

    async with asyncio.timeout(30), AsyncExitStack() as held:
        await begun(await held.enter_async_context(aclosing(events())), held)
    assert is_closed

"""What a scheduler runs in the background until its end."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from asynctask_chassis.supervision import EndedUnasked
from asynctask_scheduler.app import _until_end
from asynctask_scheduler.registry import command_stream
from asynctask_scheduler.registry.command_stream import RegistryCommandStream


async def test_background_that_ends_by_itself_ends_the_service():
    """Fails when: a replica goes on without its feed."""

    async def serve() -> None:
        before = asyncio.all_tasks()
        async with AsyncExitStack() as stack:
            group = await stack.enter_async_context(asyncio.TaskGroup())
            _until_end(stack, group, lambda: asyncio.sleep(0), "the feed")
            await asyncio.wait(asyncio.all_tasks() - before)

    with pytest.raises(ExceptionGroup) as raised:
        await serve()
    assert [type(one) for one in raised.value.exceptions] == [EndedUnasked]


async def test_end_of_the_service_stops_what_runs_in_the_background():
    async with AsyncExitStack() as stack:
        group = await stack.enter_async_context(asyncio.TaskGroup())
        _until_end(stack, group, lambda: asyncio.sleep(3600), "the feed")


async def test_line_of_which_a_callee_was_cancelled_is_opened_again(monkeypatch: pytest.MonkeyPatch):
    """Fails when: each start costs a call of its own from then on, as nobody opens the line again."""
    monkeypatch.setattr(command_stream, "FIRST_BACK_OFF_S", 0)
    opened = asyncio.Event()

    class Call:
        def __init__(self, number: int) -> None:
            self.number = number

        async def initial_metadata(self) -> None:
            if self.number == 1:
                raise asyncio.CancelledError
            opened.set()
            await asyncio.Event().wait()

        def cancelled(self) -> bool:
            return False

        def cancel(self) -> None:
            pass

    class Stub:
        calls = 0

        def Converse(self, *, wait_for_ready: bool) -> Call:  # noqa: N802 - as in gRPC
            self.calls += 1
            return Call(self.calls)

    stub: Any = Stub()
    running = asyncio.create_task(RegistryCommandStream(stub, deadline_s=5).run())
    opening = asyncio.create_task(opened.wait())
    await asyncio.wait([running, opening], return_when=asyncio.FIRST_COMPLETED)
    assert opening.done()
    running.cancel()
    await asyncio.wait([running])

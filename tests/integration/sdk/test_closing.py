"""What becomes of calls that are on their way when their client is closed: every one ends, and says why."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
import grpc.aio
import pytest

from asynctask import Client, blocking, errors
from asynctask_core.ids import id_text, new_id

TASK_ID = id_text(new_id())


class Silence(grpc.GenericRpcHandler):
    """A scheduler that takes every call and answers none."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        method = handler_call_details.method.rpartition("/")[2]
        self.calls.append(method)

        async def unary(request: bytes, context: object) -> None:
            await asyncio.Event().wait()

        async def stream(request: bytes, context: object) -> AsyncIterator[bytes]:
            await asyncio.Event().wait()
            yield b""

        if method in {"WatchTasks", "TailTaskLogs"}:
            return grpc.unary_stream_rpc_method_handler(stream)
        return grpc.unary_unary_rpc_method_handler(unary)


@asynccontextmanager
async def a_silent_scheduler() -> AsyncIterator[tuple[Silence, str]]:
    silence, server = Silence(), grpc.aio.server()
    server.add_generic_rpc_handlers((silence,))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield silence, f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


async def all_of(changes: AsyncIterator[object]) -> None:
    async for _ in changes:
        pass


ASYNC_CALLS: dict[str, Callable[[Client], Any]] = {
    "GetTask": lambda client: client.get(TASK_ID),
    "BatchSubmitTasks": lambda client: client.submit("backup"),
    "WatchTasks": lambda client: client.wait(TASK_ID),
    "TailTaskLogs": lambda client: all_of(client.tail(TASK_ID)),
    "PauseTask": lambda client: client.pause(TASK_ID),
}
BLOCKING_CALLS: dict[str, Callable[[blocking.Client], Any]] = {
    "GetTask": lambda client: client.get(TASK_ID),
    "BatchSubmitTasks": lambda client: client.submit("backup"),
    "WatchTasks": lambda client: client.wait(TASK_ID),
    "TailTaskLogs": lambda client: list(client.tail(TASK_ID)),
    "PauseTask": lambda client: client.pause(TASK_ID),
}


@pytest.mark.parametrize("method", ASYNC_CALLS)
async def test_call_that_is_on_its_way_ends_with_an_error_that_says_why(method: str):
    """Fails when gRPC's own end of a call shows: a CancelledError that nobody asked for."""
    async with a_silent_scheduler() as (silence, address), asyncio.timeout(60):
        client = Client(address)
        call = asyncio.ensure_future(ASYNC_CALLS[method](client))
        while method not in silence.calls:
            await asyncio.sleep(0.01)
        await client.close()
        with pytest.raises(errors.TryAgain, match="the client was closed"):
            await call


@pytest.mark.parametrize("method", BLOCKING_CALLS)
async def test_blocking_call_that_is_on_its_way_ends_with_an_error_that_says_why(method: str):
    async with a_silent_scheduler() as (silence, address), asyncio.timeout(60):
        client = blocking.Client(address)
        call = asyncio.ensure_future(asyncio.to_thread(BLOCKING_CALLS[method], client))
        while method not in silence.calls:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(client.close)
        with pytest.raises(errors.TryAgain, match="the client was closed"):
            await call


async def test_cancelled_call_is_cancelled_all_the_same():
    async with a_silent_scheduler() as (silence, address), asyncio.timeout(60), Client(address) as client:
        call = asyncio.ensure_future(client.get(TASK_ID))
        while not silence.calls:
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_closed_client_takes_no_call():
    client = Client("127.0.0.1:1")
    await client.close()
    for call in ASYNC_CALLS.values():
        with pytest.raises(RuntimeError, match="the client is closed"):
            await call(client)


def test_closed_blocking_client_takes_no_call():
    client = blocking.Client("127.0.0.1:1")
    client.close()
    for call in BLOCKING_CALLS.values():
        with pytest.raises(RuntimeError, match="the client is closed"):
            call(client)


def test_blocking_submit_that_is_between_two_calls_ends_with_an_error_that_says_why():
    """Fails when the connections are closed first: the next call finds none, and that is its error."""
    client = blocking.Client("127.0.0.1:1")
    ends: list[BaseException] = []

    def submit() -> None:
        try:
            client.submit("backup", timeout=3600)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test looks at it
            ends.append(error)

    thread = threading.Thread(target=submit, daemon=True)
    failed, close = threading.Event(), client._connections.close

    def noted(*_: object) -> None:
        failed.set()

    def close_slowly() -> list[grpc.Channel]:
        channels = close()
        thread.join(60)
        return channels

    client._submitter._on_repeat = noted
    client._connections.close = close_slowly
    thread.start()
    assert failed.wait(60)
    client.close()
    thread.join(60)
    assert [type(end) for end in ends] == [errors.OutcomeUnknown]
    assert "the client was closed" in str(ends[0])

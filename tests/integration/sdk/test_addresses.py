"""A client with several addresses finds the one that answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import grpc.aio
import pytest

from asynctask import Client, Context, TaskType, blocking, errors

NOWHERE = "127.0.0.1:1"


async def copy(ctx: Context[None], config: None) -> None:
    """A stage; it is never run."""


class Empty(grpc.GenericRpcHandler):
    """A scheduler that has nothing of anything, or breaks every call off."""

    def __init__(self, code: grpc.StatusCode | None = None) -> None:
        self._code = code

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[bytes, bytes]":
        async def unary(request: bytes, context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
            if self._code is not None:
                await context.abort(self._code)
            return b""

        return grpc.unary_unary_rpc_method_handler(unary)


@asynccontextmanager
async def an_empty_scheduler(breaks_off: grpc.StatusCode | None = None) -> AsyncIterator[str]:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Empty(breaks_off),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


@pytest.mark.parametrize("calls", [1, 2, 3, 4])
async def test_calls_that_fail_together_move_on_by_one_address(calls: int) -> None:
    """Fails when each of them moves on: every second one lands on the address that is dead again."""
    async with an_empty_scheduler() as address, Client(f"{NOWHERE},{address}") as client:
        pages = await asyncio.gather(*(client.list_page() for _ in range(calls)))
    assert pages == [([], "")] * calls


@pytest.mark.parametrize(
    "code", [grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL]
)
async def test_a_call_that_a_stopping_scheduler_broke_off_is_made_at_the_next_address(
    code: grpc.StatusCode,
) -> None:
    """What comes while a server stops is dropped by gRPC as CANCELLED. Fails when that is an error of the call."""
    async with (
        an_empty_scheduler(breaks_off=code) as stopping,
        an_empty_scheduler() as address,
        Client(f"{stopping},{address}") as client,
    ):
        assert await client.list_page() == ([], "")


@pytest.mark.parametrize("code", [grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED])
async def test_a_type_whose_registration_was_not_answered_is_registered_at_the_next_address(
    code: grpc.StatusCode,
) -> None:
    """To register a type twice does no harm. Fails when a slow or overloaded scheduler ends such a call."""
    kind = TaskType("t")
    kind.stage(copy)
    async with an_empty_scheduler(breaks_off=code) as slow, an_empty_scheduler() as address:
        async with Client(f"{slow},{address}") as client:
            await client.register_task_type(kind)
        with blocking.Client(f"{slow},{address}") as client:
            await asyncio.to_thread(client.register_task_type, kind)


async def test_a_call_that_may_not_be_repeated_is_made_once() -> None:
    """A type that is deleted twice is not found the second time."""
    code = grpc.StatusCode.DEADLINE_EXCEEDED
    async with (
        an_empty_scheduler(breaks_off=code) as slow,
        an_empty_scheduler() as address,
        Client(f"{slow},{address}") as client,
    ):
        with pytest.raises(errors.OutcomeUnknown):
            await client.delete_task_type("t")

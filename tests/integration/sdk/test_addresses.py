"""A client with several addresses finds the one that answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import grpc.aio
import pytest

from asynctask import Client

NOWHERE = "127.0.0.1:1"


class Empty(grpc.GenericRpcHandler):
    """A scheduler that has nothing of anything."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[bytes, bytes]":
        async def unary(request: bytes, context: object) -> bytes:
            return b""

        return grpc.unary_unary_rpc_method_handler(unary)


@asynccontextmanager
async def an_empty_scheduler() -> AsyncIterator[str]:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Empty(),))
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

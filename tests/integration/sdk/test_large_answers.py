"""Answers that are larger than a message may be: an error that says so, no repetition for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
import grpc.aio
import pytest

from asynctask import errors
from asynctask_core import limits
from asynctask_core.ids import id_text, new_id
from tests.integration.sdk.asking import ask

TASK_ID = id_text(new_id())
TOO_MUCH = bytes(limits.MESSAGE_BYTES + 1)


class Verbose(grpc.GenericRpcHandler):
    """A scheduler whose answers are all too long."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        async def unary(request: bytes, context: object) -> bytes:
            return TOO_MUCH

        async def stream(request: bytes, context: object) -> AsyncIterator[bytes]:
            yield TOO_MUCH

        if handler_call_details.method.endswith("/WatchTasks"):
            return grpc.unary_stream_rpc_method_handler(stream)
        return grpc.unary_unary_rpc_method_handler(unary)


@asynccontextmanager
async def a_verbose_scheduler() -> AsyncIterator[str]:
    server = grpc.aio.server(options=[("grpc.max_send_message_length", -1)])
    server.add_generic_rpc_handlers((Verbose(),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


@pytest.mark.parametrize("call", ["get", "wait"])
@pytest.mark.parametrize("style", ["async", "blocking"])
async def test_answer_over_the_limit_of_a_message_is_an_error_that_says_so(style: str, call: str):
    """Fails when it counts as an overload, which passes: `wait` then opens its stream for ever."""
    async with a_verbose_scheduler() as address, asyncio.timeout(60):
        with pytest.raises(errors.TooLarge, match="larger than max") as caught:
            await ask(style, address, call, TASK_ID)
    assert not caught.value.retryable
    assert str(limits.MESSAGE_BYTES) in str(caught.value)

"""What a failed call to the registry says of what it did: over real connections, that break or were never there."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import grpc
import pytest

from asynctask_chassis.channel import open_channel
from asynctask_core.errors import AsyncTaskError, OutcomeUnknown, StoreUnavailable
from asynctask_core.ids import new_id
from asynctask_core.status import STATUS_KEY, to_status
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_scheduler.registry.call_errors import AnswerLost, RegistryUnreached
from asynctask_scheduler.registry.client import RegistryClient
from tests.support.conditions import eventually


class Breaking:
    """A registry that ends each call with `code`, or holds it; with `said` in the words of the catalogue."""

    def __init__(self) -> None:
        self.code: grpc.StatusCode | None = None
        self.said: AsyncTaskError | None = None
        self.calls = 0
        self.server = grpc.aio.server()
        serialized = {"request_deserializer": None, "response_serializer": None}
        name = pb.DESCRIPTOR.services_by_name["LedgerService"].full_name
        handlers = {
            method: grpc.unary_unary_rpc_method_handler(self._answer, **serialized)
            for method in ("CreateTasks", "ApplyCommand", "EndAttempts", "Reconcile")
        }
        self.server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, handlers),))
        self.port = self.server.add_insecure_port("127.0.0.1:0")

    async def _answer(self, request: bytes, context: Any) -> bytes:
        self.calls += 1
        if self.said is not None:
            trailers = ((STATUS_KEY, to_status(self.said).SerializeToString()),)
            await context.abort(grpc.StatusCode.UNAVAILABLE, self.said.message, trailers)
        if self.code is not None:
            await context.abort(self.code, "Socket closed")
        await asyncio.Event().wait()
        return b""


@pytest.fixture
async def breaking() -> AsyncIterator[Breaking]:
    registry = Breaking()
    await registry.server.start()
    yield registry
    await registry.server.stop(None)


@pytest.fixture
async def registry(breaking: Breaking) -> AsyncIterator[RegistryClient]:
    async with open_channel(f"127.0.0.1:{breaking.port}") as channel:
        yield RegistryClient(channel)


async def failure_of(call: Any) -> AsyncTaskError:
    with pytest.raises(AsyncTaskError) as raised:
        await call
    assert raised.value.retry_after_ms
    return raised.value


def commands(registry: RegistryClient) -> list[Any]:
    return [
        registry.create([pb.NewTask(task_id=new_id())]),
        registry.command(pb.ApplyCommandRequest(task_id=new_id())),
        registry.end([pb.AttemptEnd(task_id=new_id())]),
    ]


@pytest.mark.parametrize("code", ["UNAVAILABLE", "UNKNOWN", "CANCELLED", "INTERNAL"])
async def test_a_command_that_broke_off_may_have_been_carried_out_and_a_read_did_nothing(
    registry: RegistryClient, breaking: Breaking, code: str
):
    """What gRPC makes up when a connection dies, or a server stops, says nothing of the commit before it."""
    breaking.code = grpc.StatusCode[code]
    for command in commands(registry):
        assert isinstance(await failure_of(command), AnswerLost)
    assert isinstance(await failure_of(registry.reconcile([new_id()])), StoreUnavailable)


async def test_a_command_under_which_the_registry_ends_may_have_been_carried_out(
    registry: RegistryClient, breaking: Breaking
):
    begun = [asyncio.ensure_future(failure_of(command)) for command in commands(registry)]
    await eventually(lambda: breaking.calls == len(begun))
    await breaking.server.stop(None)
    assert [type(error) for error in await asyncio.gather(*begun)] == [AnswerLost] * len(begun)


async def test_what_the_registry_itself_says_is_believed(registry: RegistryClient, breaking: Breaking):
    breaking.said = StoreUnavailable("Postgres is away, nothing was committed")
    for command in commands(registry):
        assert type(await failure_of(command)) is StoreUnavailable
    breaking.said = OutcomeUnknown("no answer from Postgres")
    for command in commands(registry):
        assert type(await failure_of(command)) is OutcomeUnknown


@pytest.mark.parametrize("count", [1, 2])
async def test_a_command_that_found_no_connection_surely_did_nothing(count: int):
    with ExitStack() as stack:
        # Bound without listening: nobody else gets the port.
        bound = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in bound:
            one.bind(("127.0.0.1", 0))
        addresses = ",".join(f"127.0.0.1:{one.getsockname()[1]}" for one in bound)
        async with open_channel(addresses) as channel:
            for command in commands(RegistryClient(channel)):
                assert type(await failure_of(command)) is RegistryUnreached

"""Small commands over one stream: the registry's end and the scheduler's, over a real connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import grpc
import pytest

from asynctask_aio.command_stream import CommandStream
from asynctask_chassis.channel import open_channel
from asynctask_chassis.command_streams import LARGEST_BYTES, CommandStreams, StreamedCommand
from asynctask_chassis.metrics import RpcMetrics, new_metrics_registry
from asynctask_chassis.server import MAX_MESSAGE_BYTES, server_options
from asynctask_core import limits
from asynctask_core.errors import (
    AsyncTaskError,
    InternalError,
    OutcomeUnknown,
    StoreUnavailable,
    TooLarge,
    WrongState,
)
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_scheduler.registry import command_stream
from asynctask_scheduler.registry.client import FEW, RegistryClient
from tests.support.conditions import eventually


class Registry:
    """Counts how it is asked; answers every start by its attempt id."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.failure: Exception | None = None
        self.text = ""
        self.gate = asyncio.Event()
        self.gate.set()
        self.in_flight = 0
        self.lines = 0
        self.address = ""
        self.server: grpc.aio.Server | None = None
        self.metrics = RpcMetrics("registry", new_metrics_registry())
        self.conversations: CommandStreams[pb.ConverseRequest, pb.ConverseResponse] = CommandStreams(
            pb.ConverseResponse,
            {"start": StreamedCommand("started", "/StartAttempts", self._start)},
            self.metrics,
            deadline=timedelta(seconds=120),
        )

    async def _start(self, request: pb.StartAttemptsRequest) -> pb.StartAttemptsResponse:
        self.said.append("line")
        self.in_flight += 1
        await self.gate.wait()
        self.in_flight -= 1
        if self.failure is not None:
            raise self.failure
        return self._answer(request)

    def _answer(self, request: pb.StartAttemptsRequest) -> pb.StartAttemptsResponse:
        response = pb.StartAttemptsResponse()
        for start in request.starts:
            response.results.add(attempt_id=start.attempt_id).assignment.task_config = self.text
        return response

    async def _call(self, request: pb.StartAttemptsRequest, context: Any) -> pb.StartAttemptsResponse:
        self.said.append("call")
        return self._answer(request)

    async def _converse(self, requests: Any, context: Any) -> AsyncIterator[pb.ConverseResponse]:
        await context.send_initial_metadata(())
        self.lines += 1
        async for answer in self.conversations.hold(requests):
            yield answer

    @asynccontextmanager
    async def served(self, *, converses: bool = True) -> AsyncIterator[grpc.aio.Channel]:
        """Give a channel to it; without `converses` it is one of an earlier release."""
        handlers: dict[str, Any] = {
            "StartAttempts": grpc.unary_unary_rpc_method_handler(
                self._call, pb.StartAttemptsRequest.FromString, pb.StartAttemptsResponse.SerializeToString
            )
        }
        if converses:
            handlers["Converse"] = grpc.stream_stream_rpc_method_handler(
                self._converse, pb.ConverseRequest.FromString, pb.ConverseResponse.SerializeToString
            )
        server = grpc.aio.server(options=server_options(MAX_MESSAGE_BYTES, limits.CONNECTIONS))
        name = pb.DESCRIPTOR.services_by_name["LedgerService"].full_name
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        self.server = server
        self.address = f"127.0.0.1:{port}"
        async with open_channel(self.address) as channel:
            yield channel
        self.gate.set()
        await server.stop(None)


@pytest.fixture
async def registry() -> Registry:
    return Registry()


@pytest.fixture
async def client(registry: Registry) -> AsyncIterator[RegistryClient]:
    async with registry.served() as channel:
        client = RegistryClient(channel, deadline=timedelta(seconds=60))
        running = asyncio.create_task(client.command_stream.run())
        await eventually(lambda: client.command_stream.is_open)
        yield client
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()


def starts(count: int = 1, executor_id: str = "x") -> list[pb.AttemptStart]:
    return [
        pb.AttemptStart(task_id=new_id(), attempt_id=new_id(), executor_id=executor_id) for _ in range(count)
    ]


def stream_of(client: RegistryClient) -> CommandStream[pb.ConverseRequest, pb.ConverseResponse]:
    assert client.command_stream._stream is not None
    return client.command_stream._stream


async def test_small_commands_share_the_line_and_each_gets_its_own_answer(
    client: RegistryClient, registry: Registry
):
    asked = [starts(count) for count in (1, 2, FEW)]
    answers = await asyncio.gather(*(client.start(one) for one in asked))
    assert [[result.attempt_id for result in answer.results] for answer in answers] == [
        [start.attempt_id for start in one] for one in asked
    ]
    assert registry.said == ["line"] * 3
    assert registry.metrics.handled.labels("/StartAttempts", "OK")._value.get() == 3


@pytest.mark.parametrize("large", [starts(FEW + 1), starts(1, "x" * 70_000)], ids=["many", "long"])
async def test_a_large_command_is_a_call_of_its_own(client: RegistryClient, registry: Registry, large: Any):
    await client.start(large)
    assert registry.said == ["call"]


async def test_an_answer_as_large_as_a_message_may_be_comes_over_the_line(
    client: RegistryClient, registry: Registry
):
    """Fails when it is left to a call of its own, as it once was: the command is then carried out twice."""
    registry.text = "x" * (LARGEST_BYTES - 64)
    answer = await client.start(starts())
    assert len(answer.results[0].assignment.task_config) == LARGEST_BYTES - 64
    assert registry.said == ["line"]


async def test_a_larger_answer_breaks_no_line_and_a_call_says_that_it_is_too_large(
    client: RegistryClient, registry: Registry
):
    spoken = stream_of(client)
    registry.text = "x" * LARGEST_BYTES
    with pytest.raises(TooLarge):
        await client.start(starts())
    registry.text = ""
    await client.start(starts())
    assert registry.said == ["line", "call", "line"]
    assert stream_of(client) is spoken


@pytest.mark.parametrize("failure", [WrongState("no"), StoreUnavailable("away"), KeyError("a bug")])
async def test_a_command_fails_with_the_error_that_its_call_would_have_had(
    client: RegistryClient, registry: Registry, failure: Exception
):
    registry.failure = failure
    with pytest.raises(type(failure) if isinstance(failure, AsyncTaskError) else InternalError) as raised:
        await client.start(starts())
    assert "a bug" not in str(raised.value)
    assert raised.value.retry_after_ms == (1_000 if raised.value.retryable else None)
    registry.failure = None
    await client.start(starts())
    assert registry.said == ["line"] * 2


async def test_a_registry_that_drains_answers_what_it_began_and_the_rest_are_calls(
    client: RegistryClient, registry: Registry
):
    """Fails when the conversation ends at once: the scheduler then asks again for what was committed."""
    registry.gate.clear()
    begun = asyncio.create_task(client.start(starts()))
    await eventually(lambda: registry.in_flight)
    registry.conversations.end()
    await asyncio.sleep(0.05)
    assert not begun.done()
    registry.gate.set()
    await begun
    await eventually(lambda: not client.command_stream.is_open)
    await client.start(starts())
    assert registry.said == ["line", "call"]


async def test_a_conversation_that_begins_while_the_registry_drains_ends_at_once(registry: Registry):
    """Fails when the reading task itself says that it is over: it is cancelled before its first step."""

    async def nothing() -> AsyncIterator[pb.ConverseRequest]:
        await asyncio.Event().wait()
        yield pb.ConverseRequest()

    answers = asyncio.create_task(anext(registry.conversations.hold(nothing()), None))
    await asyncio.sleep(0)
    registry.conversations.end()
    assert await asyncio.wait_for(answers, 30) is None


async def test_a_command_has_a_deadline_on_the_registrys_side_too(client: RegistryClient, registry: Registry):
    registry.conversations._deadline_s = 0.05
    registry.gate.clear()
    with pytest.raises(OutcomeUnknown, match=r"not finished within 0\.05 s"):
        await client.start(starts())


async def test_one_slow_command_breaks_no_line_that_answers_others(
    client: RegistryClient, registry: Registry
):
    spoken = stream_of(client)
    registry.gate.clear()
    client.command_stream._deadline_s = 3
    slow = asyncio.create_task(client.start(starts()))
    await eventually(lambda: registry.in_flight)
    stream_of(client)._heard_at = asyncio.get_running_loop().time()  # another answer came meanwhile
    with pytest.raises(OutcomeUnknown):
        await slow
    registry.gate.set()
    await client.start(starts())
    assert registry.said == ["line"] * 2
    assert stream_of(client) is spoken


async def test_a_line_that_breaks_lets_its_commands_be_calls_and_is_opened_again(
    client: RegistryClient, registry: Registry
):
    registry.gate.clear()
    begun = asyncio.create_task(client.start(starts()))
    await eventually(lambda: registry.in_flight)
    stream_of(client)._call.cancel()
    await begun
    assert registry.said == ["line", "call"]
    registry.gate.set()
    await eventually(lambda: client.command_stream.is_open)
    await client.start(starts())
    assert registry.said[-1] == "line"


async def test_a_command_whose_line_broke_and_whose_call_reaches_nobody_may_have_been_carried_out(
    client: RegistryClient, registry: Registry
):
    """Fails when only the call counts: it surely did nothing, and what was said over the line may be committed."""
    registry.gate.clear()
    begun = asyncio.create_task(client.start(starts()))
    await eventually(lambda: registry.in_flight)
    assert registry.server is not None
    await registry.server.stop(None)
    with pytest.raises(OutcomeUnknown, match="may have been carried out"):
        await begun
    assert registry.said == ["line"]


async def test_no_answer_within_the_deadline_is_an_unknown_outcome_and_another_line(
    client: RegistryClient, registry: Registry
):
    client.command_stream._deadline_s = 0.05
    registry.gate.clear()
    silent = stream_of(client)
    with pytest.raises(OutcomeUnknown):
        await client.start(starts())
    await eventually(lambda: client.command_stream.is_open and stream_of(client) is not silent)
    registry.gate.set()
    client.command_stream._deadline_s = 60
    await client.start(starts())
    assert registry.said == ["line"] * 2


async def test_a_line_that_is_given_up_still_answers_what_it_was_asked(
    client: RegistryClient, registry: Registry
):
    registry.gate.clear()
    begun = asyncio.create_task(client.start(starts()))
    await eventually(lambda: registry.in_flight)
    old = stream_of(client)
    leaving = asyncio.create_task(old._leave(0))
    await eventually(lambda: not client.command_stream.is_open)
    await client.start(starts())
    assert not begun.done()
    registry.gate.set()
    await begun
    await eventually(lambda: client.command_stream.is_open)
    await client.start(starts())
    assert registry.said == ["line", "call", "line"]
    assert not old._call.cancelled()
    leaving.cancel()


async def test_lines_move_on_to_every_registry(monkeypatch: pytest.MonkeyPatch):
    """Without it all schedulers stay on the registry that was the first to be back after a rolling restart."""
    monkeypatch.setattr(command_stream, "KEPT_S", 0.1)
    registries = Registry(), Registry()
    async with registries[0].served(), registries[1].served():
        channel = open_channel(",".join(registry.address for registry in registries))
        client = RegistryClient(channel, deadline=timedelta(seconds=60))
        running = asyncio.create_task(client.command_stream.run())
        await eventually(lambda: all(registry.lines > 1 for registry in registries))
        running.cancel()
        await asyncio.wait([running])
        await channel.close()


async def test_a_caller_that_goes_away_disturbs_nobody(client: RegistryClient, registry: Registry):
    registry.gate.clear()
    leaving, staying = (asyncio.create_task(client.start(starts())) for _ in range(2))
    await eventually(lambda: registry.in_flight == 2)
    leaving.cancel()
    registry.gate.set()
    assert len((await staying).results) == 1
    await client.start(starts())
    assert registry.said == ["line"] * 3


async def test_with_a_registry_that_knows_no_conversation_every_command_is_a_call(registry: Registry):
    async with registry.served(converses=False) as channel:
        client = RegistryClient(channel)
        running = asyncio.create_task(client.command_stream.run())
        await client.start(starts())
        await asyncio.sleep(0.3)  # it has tried
        assert not running.done()
        await client.start(starts())
        running.cancel()
        await asyncio.wait([running])
    assert registry.said == ["call"] * 2

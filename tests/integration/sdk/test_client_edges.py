"""What a client says at its edges: in another loop or process, before a server of others, after uncertain tries."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from multiprocessing import process
from typing import Any, cast

import grpc
import grpc.aio
import pytest

import asynctask
import asynctask.blocking
from asynctask import Submission
from asynctask._client import api, submit
from asynctask.errors import InvalidInput, OutcomeUnknown, StoreUnavailable, UnknownTaskType, Unreachable
from asynctask.testing import run
from asynctask_core.errors import AsyncTaskError
from asynctask_core.status import to_status
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_service_pb2_grpc import (
    TaskServiceServicer,
    add_TaskServiceServicer_to_server,
)

NOBODY = "127.0.0.1:1"


class Answering(TaskServiceServicer):
    """Answers each submit with the next of these errors, the last one again and again."""

    def __init__(self, *errors: AsyncTaskError) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def BatchSubmitTasks(  # noqa: N802 - as in the contract
        self, request: pb.BatchSubmitTasksRequest, context: object
    ) -> pb.BatchSubmitTasksResponse:
        error = self.errors[min(self.calls, len(self.errors) - 1)]
        self.calls += 1
        return pb.BatchSubmitTasksResponse(
            results=[pb.SubmitResult(error=to_status(error)) for _ in request.tasks]
        )


def answering(*errors: AsyncTaskError) -> Answering:
    kind: Any = Answering  # of the service's methods it has the one that is called
    return kind(*errors)


@pytest.fixture
async def serve() -> AsyncIterator[object]:
    servers: list[grpc.aio.Server] = []

    async def start(servicer: Answering) -> str:
        server = grpc.aio.server()
        add_TaskServiceServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        servers.append(server)
        return f"127.0.0.1:{port}"

    yield start
    for server in servers:
        await server.stop(None)


PATIENCE_S = 60
FULL = StoreUnavailable("Redis cannot take it", retry_after_ms=10)
FULL_FOR_LONG = StoreUnavailable("Redis cannot take it", retry_after_ms=4 * PATIENCE_S * 1000)
"""A client gives up at once: it would try again after its deadline."""
MAYBE = OutcomeUnknown("created, but the queue did not record it", retry_after_ms=10)


@pytest.mark.parametrize("errors", [(MAYBE, FULL_FOR_LONG), (FULL, MAYBE, FULL_FOR_LONG)])
async def test_giving_up_after_an_uncertain_try_says_that_the_task_may_exist(serve, errors):
    servicer = answering(*errors)
    async with asynctask.Client(await serve(servicer)) as client:
        with pytest.raises(OutcomeUnknown, match="an earlier try may have made the task"):
            await client.submit("t", timeout=PATIENCE_S)
    assert servicer.calls == len(errors)


async def test_giving_up_where_no_try_arrived_is_no_unknown_outcome(serve, monkeypatch: pytest.MonkeyPatch):
    async with asynctask.Client(await serve(answering(FULL, FULL_FOR_LONG))) as client:
        with pytest.raises(StoreUnavailable) as caught:
            await client.submit("t", timeout=PATIENCE_S)
    assert not isinstance(caught.value, Unreachable)
    monkeypatch.setattr(submit, "AGAIN_S", (4 * PATIENCE_S, 4 * PATIENCE_S))
    async with asynctask.Client(NOBODY) as client:
        with pytest.raises(Unreachable):
            await client.submit("t", timeout=PATIENCE_S)


async def test_refusal_after_an_uncertain_try_is_the_refusal(serve):
    async with asynctask.Client(await serve(answering(MAYBE, UnknownTaskType("no such type")))) as client:
        with pytest.raises(UnknownTaskType):
            await client.submit("t", timeout=PATIENCE_S)


async def test_blocking_client_gives_up_in_the_same_words(serve):
    address = await serve(answering(MAYBE, FULL_FOR_LONG))

    def submit_one() -> None:
        with asynctask.blocking.Client(address) as client:
            client.submit("t", timeout=PATIENCE_S)

    with pytest.raises(OutcomeUnknown, match="an earlier try may have made the task"):
        await asyncio.to_thread(submit_one)


def test_client_in_a_second_event_loop_says_so():
    client = asynctask.Client(NOBODY)

    async def use() -> None:
        with pytest.raises(Unreachable):
            await client.get("0190f5fe-0000-7000-8000-000000000000")

    async def use_again() -> None:
        for call in (
            client.get("0190f5fe-0000-7000-8000-000000000000"),
            client.submit("t"),
            client.submit_many([Submission("t")]),
            anext(client.watch("0190f5fe-0000-7000-8000-000000000000")),
        ):
            with pytest.raises(RuntimeError, match="used from a second event loop"):
                await call

    asyncio.run(use())
    asyncio.run(use_again())


def test_client_that_was_made_before_a_fork_says_so(monkeypatch: pytest.MonkeyPatch):
    """A real fork beside gRPC's threads may hang, which is what the client must not do; so its process id is moved."""
    client = asynctask.blocking.Client(NOBODY)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    for call in (
        lambda: client.get("0190f5fe-0000-7000-8000-000000000000"),
        lambda: client.submit("t"),
        lambda: client.submit_many([Submission("t")]),
        lambda: next(iter(client.watch("0190f5fe-0000-7000-8000-000000000000"))),
    ):
        with pytest.raises(RuntimeError, match="made before a fork"):
            call()


class OnlyHttp(asyncio.Protocol):
    """Speaks HTTP/2 as far as to answer a request with a status and a page."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.lost = asyncio.Event()
        self.transport.write(bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))  # SETTINGS

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()

    def data_received(self, data: bytes) -> None:
        while data:
            if data.startswith(b"PRI"):
                data = data[24:]
                continue
            length, kind, flags = int.from_bytes(data[:3]), data[3], data[4]
            stream = data[5:9]
            data = data[9 + length :]
            if kind == 4 and not flags & 1:
                self.transport.write(bytes([0, 0, 0, 4, 1, 0, 0, 0, 0]))
            if kind == 1:
                # :status 404 is entry 13 of HPACK's table; END_HEADERS and END_STREAM.
                self.transport.write(bytes([0, 0, 1, 1, 5]) + stream + bytes([0x80 | 13]))


async def test_server_that_speaks_http_only_is_not_reached_and_no_fault_of_ours():
    spoken: list[OnlyHttp] = []

    def speak() -> OnlyHttp:
        spoken.append(OnlyHttp())
        return spoken[-1]

    server = await asyncio.get_running_loop().create_server(speak, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with asynctask.Client(f"{host}:{port}") as client:
        with pytest.raises(Unreachable, match=f"what answers at {host}:{port} is no scheduler"):
            await client.get("0190f5fe-0000-7000-8000-000000000000")
    server.close()
    for one in spoken:
        one.transport.abort()
        await one.lost.wait()


async def test_grpc_server_without_our_services_is_not_reached():
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with asynctask.Client(f"127.0.0.1:{port}") as client:
        with pytest.raises(Unreachable, match="is no scheduler of AsyncTask, or one of another version"):
            await client.get("0190f5fe-0000-7000-8000-000000000000")
    await server.stop(None)


@pytest.mark.parametrize("ago", [timedelta(minutes=2), timedelta(days=400)])
def test_start_time_in_the_past_is_refused_by_name(ago: timedelta):
    moment = datetime.now(UTC) - ago
    with pytest.raises(InvalidInput, match="start_time: must not be in the past"):
        Submission("t", start_time=moment).to_request()
    # What repeats an earlier submit may come after the start.
    Submission("t", start_time=moment, request_id="mine").to_request()


def test_start_time_of_just_now_is_now():
    Submission("t", start_time=datetime.now(UTC) - timedelta(seconds=5)).to_request()


def test_wait_many_takes_what_submit_many_gave():
    ids = [f"0190f5fe-0000-7000-8000-{number:012d}" for number in range(1001)]
    pages = list(api.waited([UnknownTaskType("no such type"), *ids, UnknownTaskType("no such type")]))
    assert [len(page) for page in pages] == [1000, 1]
    assert [one for page in pages for one in page] == ids
    assert list(api.waited([UnknownTaskType("no such type")])) == []


async def test_item_that_is_skipped_where_there_is_none_says_where_it_can_be():
    kind = asynctask.TaskType("skips", retry=asynctask.Retry(max_attempts=1))

    @kind.stage()
    async def work(ctx: asynctask.Context[object], config: object) -> None:
        raise asynctask.SkipItem("a.txt is locked")

    outcome = await run(kind, {})
    assert outcome.failure
    assert "SkipItem was raised where there is no item to skip" in outcome.failure.message
    assert "item.skipped(reason)" in outcome.failure.message
    assert "a.txt is locked" in outcome.failure.message


async def test_executor_does_not_start_where_a_handlers_process_reads_the_main_module(
    monkeypatch: pytest.MonkeyPatch,
):
    """A script without `if __name__ == "__main__"` started another executor in each process of its handlers."""
    kind = asynctask.TaskType("kind")

    @kind.stage()
    async def work(ctx: asynctask.Context[object], config: object) -> None: ...

    executor = asynctask.Executor([kind], address=NOBODY)
    monkeypatch.setattr(process.current_process(), "_inheriting", True, raising=False)
    with pytest.raises(RuntimeError, match='under `if __name__ == "__main__":`'):
        await executor.serve()


async def test_timeout_that_is_no_number_is_refused_by_name_before_anybody_is_asked():
    refused = pytest.raises(InvalidInput, match="timeout: must be a finite number; got 'soon'")
    soon: Any = "soon"
    async with asynctask.Client("127.0.0.1:1") as client:
        for call in (
            client.wait("x", timeout=soon),
            client.submit("x", timeout=soon),
            client.submit_many([Submission("x")], timeout=soon),
        ):
            with refused:
                await call
    with asynctask.blocking.Client("127.0.0.1:1") as waiting:
        with refused:
            waiting.wait("x", timeout=soon)
        with refused:
            waiting.submit("x", timeout=soon)
        with refused:
            waiting.submit_many([Submission("x")], timeout=soon)

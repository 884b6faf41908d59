"""Submits over a stream: a client's end of it, over a real connection to a scheduler's end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import grpc
import grpc.aio
import pytest

from asynctask import Client, Submission, errors
from asynctask._channel import may_have_arrived
from asynctask_chassis.command_streams import CommandStreams, StreamedCommand
from asynctask_chassis.metrics import RpcMetrics, new_metrics_registry
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from tests.support.conditions import eventually


class Scheduler:
    """Accepts every task under its request id, and notes how it was asked: by which way, for which ids."""

    def __init__(self) -> None:
        self.said: list[tuple[str, list[str]]] = []
        self.failures: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.in_flight = 0
        self.opened = 0
        self.closed = 0
        self.address = ""
        self.server: grpc.aio.Server | None = None
        self.conversations: CommandStreams[pb.StreamSubmitsRequest, pb.StreamSubmitsResponse] = (
            CommandStreams(
                pb.StreamSubmitsResponse,
                {
                    "submit": StreamedCommand(
                        "submitted", "/BatchSubmitTasks", lambda request: self._submit(request, "stream")
                    )
                },
                RpcMetrics("scheduler", new_metrics_registry()),
                deadline=timedelta(seconds=120),
            )
        )

    @property
    def ways(self) -> list[str]:
        return [way for way, _ in self.said]

    async def _submit(self, request: pb.BatchSubmitTasksRequest, way: str) -> pb.BatchSubmitTasksResponse:
        self.said.append((way, [task.request_id for task in request.tasks]))
        self.in_flight += 1
        if way == "stream":
            await self.gate.wait()
        self.in_flight -= 1
        if self.failures:
            raise self.failures.pop(0)
        results = [pb.SubmitResult(task_id=task.request_id) for task in request.tasks]
        return pb.BatchSubmitTasksResponse(results=results)

    async def _call(self, request: pb.BatchSubmitTasksRequest, context: Any) -> pb.BatchSubmitTasksResponse:
        return await self._submit(request, "call")

    async def _stream(self, requests: Any, context: Any) -> AsyncIterator[pb.StreamSubmitsResponse]:
        self.opened += 1
        await context.send_initial_metadata(())
        async for answer in self.conversations.hold(self._heard(requests)):
            yield answer

    async def _heard(self, requests: Any) -> AsyncIterator[pb.StreamSubmitsRequest]:
        async for request in requests:
            yield request
        self.closed += 1

    @asynccontextmanager
    async def served(self, *, streams: bool = True) -> AsyncIterator["Client"]:
        """Give a client of it; without `streams` it is one of an earlier release."""
        handlers: dict[str, Any] = {
            "BatchSubmitTasks": grpc.unary_unary_rpc_method_handler(
                self._call,
                pb.BatchSubmitTasksRequest.FromString,
                pb.BatchSubmitTasksResponse.SerializeToString,
            )
        }
        if streams:
            handlers["StreamSubmits"] = grpc.stream_stream_rpc_method_handler(
                self._stream, pb.StreamSubmitsRequest.FromString, pb.StreamSubmitsResponse.SerializeToString
            )
        server = grpc.aio.server()
        name = pb.DESCRIPTOR.services_by_name["TaskService"].full_name
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        self.server = server
        self.address = f"127.0.0.1:{port}"
        async with Client(self.address) as client:
            yield client
        self.gate.set()
        await server.stop(None)


@pytest.fixture
async def scheduler() -> Scheduler:
    return Scheduler()


@pytest.fixture
async def client(scheduler: Scheduler) -> AsyncIterator[Client]:
    """One that has submitted twice, and so has a stream."""
    async with scheduler.served() as client:
        for _ in range(2):
            await client.submit("backup")
        assert scheduler.ways == ["call"] * 2
        await eventually(lambda: streams_of(client) and streams_of(client)[0].is_open)
        scheduler.said.clear()
        yield client


def streams_of(client: Client) -> list[Any]:
    return [opened.stream for opened in client._streams._opened if not opened.stream.is_left]


async def test_a_client_that_submits_once_opens_no_stream(scheduler: Scheduler):
    async with scheduler.served() as client:
        await client.submit("backup")
        assert not streams_of(client)


async def test_who_submits_again_has_a_stream_and_everybody_gets_the_own_answer(
    client: Client, scheduler: Scheduler
):
    ids = await asyncio.gather(*(client.submit("backup") for _ in range(3)), client.submit("backup"))
    ids.append(await client.submit("backup"))
    assert set(scheduler.ways) == {"stream"}
    assert [name for _, names in scheduler.said for name in names] == ids
    assert scheduler.opened == 1


@pytest.mark.parametrize(
    "submissions",
    [[Submission("backup")] * 17, [Submission("backup", {"text": "x" * 70_000})]],
    ids=["many", "large"],
)
async def test_a_large_batch_is_a_call_of_its_own(
    client: Client, scheduler: Scheduler, submissions: list[Submission]
):
    await client.submit_many(submissions)
    assert scheduler.ways == ["call"]


async def test_a_refusal_is_the_one_that_a_call_has(client: Client, scheduler: Scheduler):
    scheduler.failures.append(errors.InvalidInput([]))
    with pytest.raises(errors.InvalidInput):
        await client.submit("backup")
    scheduler.failures.append(errors.StoreUnavailable("away"))
    await client.submit("backup")
    assert scheduler.ways == ["stream"] * 3
    assert scheduler.said[1] == scheduler.said[2]


async def test_what_a_broken_stream_leaves_unanswered_is_called_for_with_the_same_ids(
    client: Client, scheduler: Scheduler
):
    """Law 3. Fails when a task that may exist is submitted under another id."""
    await client.submit("backup")
    scheduler.said.clear()
    scheduler.gate.clear()
    submitting = asyncio.create_task(client.submit("backup"))
    await eventually(lambda: scheduler.in_flight)
    streams_of(client)[0]._call.cancel()
    await submitting
    assert scheduler.ways == ["stream", "call"]
    assert scheduler.said[0][1] == scheduler.said[1][1]
    scheduler.gate.set()
    await client.submit("backup")
    await eventually(lambda: streams_of(client) and streams_of(client)[0].is_open)
    await client.submit("backup")
    assert scheduler.ways[-1] == "stream"


async def test_what_a_broken_stream_leaves_unanswered_may_exist_although_nobody_is_reached_any_more(
    client: Client, scheduler: Scheduler
):
    """Fails when a call of its own follows and alone counts: that did nothing, but the first may have made the task."""
    scheduler.gate.clear()
    request = pb.BatchSubmitTasksRequest(tasks=[pb.SubmitTaskRequest(task_type="backup", request_id="one")])
    submitting = asyncio.create_task(client._send_batch(request, 60))
    await eventually(lambda: scheduler.in_flight)
    assert scheduler.server is not None
    await scheduler.server.stop(None)
    with pytest.raises(errors.Unreachable) as caught:
        await submitting
    assert may_have_arrived(caught.value)

    async def reaches_nobody() -> bool:
        with pytest.raises(errors.Unreachable) as caught:
            await client._send_batch(request, 60)
        return not may_have_arrived(caught.value)

    await eventually(reaches_nobody)  # once the client has noticed
    assert scheduler.ways == ["stream"]


async def test_no_answer_in_time_is_an_unknown_outcome_and_the_end_of_the_stream(
    client: Client, scheduler: Scheduler
):
    scheduler.gate.clear()
    (silent,) = client._streams._opened
    with pytest.raises(errors.OutcomeUnknown):
        await client.submit("backup", timeout=0.05)
    await eventually(silent.receiving.done)
    await client.submit("backup")
    assert scheduler.ways == ["stream", "call"]


async def test_a_stream_that_is_given_up_still_answers_what_it_was_asked(
    client: Client, scheduler: Scheduler
):
    scheduler.gate.clear()
    submitting = asyncio.create_task(client.submit("backup"))
    await eventually(lambda: scheduler.in_flight)
    (old,) = client._streams._opened
    leaving = asyncio.create_task(old.stream._leave(0))
    await eventually(lambda: not streams_of(client))
    await client.submit("backup")
    assert not submitting.done()
    scheduler.gate.set()
    await submitting
    await eventually(old.receiving.done)
    assert scheduler.ways == ["stream", "call"]
    leaving.cancel()


async def test_a_scheduler_that_drains_answers_what_it_began_and_the_rest_are_calls(
    client: Client, scheduler: Scheduler
):
    scheduler.gate.clear()
    begun = asyncio.create_task(client.submit("backup"))
    await eventually(lambda: scheduler.in_flight)
    scheduler.conversations.end()
    scheduler.gate.set()
    await begun
    await eventually(lambda: not streams_of(client))
    await client.submit("backup")
    assert scheduler.ways == ["stream", "call"]


async def test_a_scheduler_that_drains_answers_also_over_a_stream_that_is_given_up(
    client: Client, scheduler: Scheduler
):
    """Fails when what was begun is dropped because nothing more is read: it would be said a second time."""
    scheduler.gate.clear()
    begun = asyncio.create_task(client.submit("backup"))
    await eventually(lambda: scheduler.in_flight)
    (old,) = client._streams._opened
    leaving = asyncio.create_task(old.stream._leave(0))
    await eventually(lambda: scheduler.closed)
    scheduler.conversations.end()
    await client.submit("backup")  # by now the scheduler knows
    scheduler.gate.set()
    await begun
    await eventually(old.receiving.done)
    assert scheduler.ways == ["stream", "call"]
    leaving.cancel()


async def test_with_a_scheduler_that_knows_no_stream_every_submit_is_a_call(scheduler: Scheduler):
    async with scheduler.served(streams=False) as client:
        for _ in range(2):
            await client.submit("backup")
        await eventually(lambda: client._streams._not_before and not client._streams._opened)
        await client.submit("backup")
        assert not client._streams._opened  # not asked each time
    assert scheduler.ways == ["call"] * 3


async def test_a_submit_that_is_on_its_way_ends_when_its_client_is_closed(
    client: Client, scheduler: Scheduler
):
    scheduler.gate.clear()
    submitting = asyncio.create_task(client.submit("backup"))
    await eventually(lambda: scheduler.in_flight)
    await client.close()
    with pytest.raises(errors.OutcomeUnknown, match="the client was closed"):
        await submitting

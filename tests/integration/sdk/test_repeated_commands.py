"""A command whose answer is lost is repeated under its request id, and one that surely did not arrive is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc.aio
import pytest

from asynctask.errors import OutcomeUnknown, StoreUnavailable, Unreachable, WrongState
from asynctask_core.errors import AsyncTaskError
from asynctask_core.ids import id_text, new_id
from asynctask_core.status import STATUS_KEY, to_status
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_service_pb2_grpc import (
    TaskServiceServicer,
    add_TaskServiceServicer_to_server,
)
from asynctask_protos.task.v1.task_pb2 import Task
from tests.integration.sdk.asking import ask

TASK = id_text(new_id())
MAYBE = OutcomeUnknown("the registry may have committed")
AWAY = StoreUnavailable("Postgres is away")
"""Nothing came of this try. After an uncertain one that says nothing of the command."""
Serve = Callable[[TaskServiceServicer], Awaitable[str]]


class Losing(TaskServiceServicer):
    """Ends the first pauses with errors, then answers; keeps what it was sent."""

    def __init__(self, *errors: AsyncTaskError | None) -> None:
        self.errors = list(errors)
        self.requests: list[pb.PauseTaskRequest] = []
        self.actors: list[bytes | str] = []

    async def PauseTask(self, request: pb.PauseTaskRequest, context: Any) -> pb.PauseTaskResponse:  # noqa: N802 - as in the contract
        self.requests.append(request)
        self.actors += [value for key, value in context.invocation_metadata() if key == "asynctask-actor-bin"]
        if self.errors:
            error = self.errors.pop(0)
            if error is None:
                await context.abort(grpc.StatusCode.CANCELLED, "the server stops")
                raise AssertionError
            status = to_status(error)
            context.set_trailing_metadata(((STATUS_KEY, status.SerializeToString()),))
            await context.abort(error.code, error.message)
        return pb.PauseTaskResponse(task=Task(task_id=request.task_id))


def losing(*errors: AsyncTaskError | None) -> Losing:
    kind: Any = Losing  # of the service's methods it has the one that is called
    return kind(*errors)


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    servers: list[grpc.aio.Server] = []

    async def start(servicer: TaskServiceServicer) -> str:
        server = grpc.aio.server()
        add_TaskServiceServicer_to_server(servicer, server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        servers.append(server)
        return f"127.0.0.1:{port}"

    yield start
    for server in servers:
        await server.stop(None)


@pytest.mark.parametrize("style", ["async", "blocking"])
@pytest.mark.parametrize("errors", [(MAYBE,), (None,), (MAYBE, None, MAYBE), (MAYBE, AWAY, AWAY)])
async def test_command_is_repeated_until_its_outcome_is_known(
    serve: Serve, style: str, errors: tuple[AsyncTaskError | None, ...]
) -> None:
    """Fails when a person is told that a pause may or may not have happened, which nobody but us can find out."""
    servicer = losing(*errors)
    task = await ask(style, await serve(servicer), "pause", TASK, expected_version=7)
    assert task.task_id == TASK
    assert len(servicer.requests) == len(errors) + 1
    (request_id,) = {request.request_id for request in servicer.requests}
    assert request_id
    assert {request.expected_version for request in servicer.requests} == {7}
    assert len(set(servicer.actors)) == 1


@pytest.mark.parametrize("style", ["async", "blocking"])
@pytest.mark.parametrize("error", [WrongState("it has ended"), StoreUnavailable("Postgres is away")])
async def test_command_that_surely_changed_nothing_is_answered_at_once(
    serve: Serve, style: str, error: AsyncTaskError
) -> None:
    servicer = losing(error, error)
    with pytest.raises(type(error)):
        await ask(style, await serve(servicer), "pause", TASK)
    assert len(servicer.requests) == 1
    assert not servicer.requests[0].HasField("expected_version")


@pytest.mark.parametrize("style", ["async", "blocking"])
async def test_command_goes_to_the_next_scheduler_where_the_first_is_away(serve: Serve, style: str) -> None:
    servicer = losing()
    await ask(style, f"127.0.0.1:1,{await serve(servicer)}", "pause", TASK, "tea", request_id="mine")
    assert [(request.request_id, request.reason) for request in servicer.requests] == [("mine", "tea")]


@pytest.mark.parametrize("style", ["async", "blocking"])
async def test_command_that_nobody_hears_ends_at_once(style: str) -> None:
    with pytest.raises(Unreachable):
        await ask(style, "127.0.0.1:1", "pause", TASK)

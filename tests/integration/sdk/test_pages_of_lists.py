"""Lists of queues and executors are read to their end, page by page."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from asynctask_protos.scheduler.v1 import (
    executor_service_pb2,
    executor_service_pb2_grpc,
    queue_service_pb2,
    queue_service_pb2_grpc,
)
from tests.integration.sdk.asking import ask

NAMES = ("a", "b", "c")


def next_of(token: str) -> tuple[str, str]:
    """The one name of the page that `token` leads to, and the token of the next page."""
    number = int(token or "0")
    return NAMES[number], str(number + 1) if number + 1 < len(NAMES) else ""


class PagedQueues(queue_service_pb2_grpc.QueueServiceServicer):
    async def ListQueues(self, request: Any, context: Any) -> Any:  # noqa: N802
        name, token = next_of(request.page_token)
        queues = [queue_service_pb2.Queue(name=name)]
        return queue_service_pb2.ListQueuesResponse(queues=queues, next_page_token=token)


class PagedExecutors(executor_service_pb2_grpc.ExecutorServiceServicer):
    async def ListExecutors(self, request: Any, context: Any) -> Any:  # noqa: N802
        name, token = next_of(request.page_token)
        executors = [executor_service_pb2.Executor(executor_id=name)]
        return executor_service_pb2.ListExecutorsResponse(executors=executors, next_page_token=token)


@pytest.mark.parametrize("style", ["async", "blocking"])
async def test_lists_are_read_to_their_last_page(style: str):
    """Fails when only the first page is asked for: what is missing looks as if it were not there."""
    server = grpc.aio.server()
    queues: Any = PagedQueues
    executors: Any = PagedExecutors
    queue_service_pb2_grpc.add_QueueServiceServicer_to_server(queues(), server)
    executor_service_pb2_grpc.add_ExecutorServiceServicer_to_server(executors(), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    try:
        assert [one.name for one in await ask(style, address, "queues")] == list(NAMES)
        assert [one.executor_id for one in await ask(style, address, "executors")] == list(NAMES)
    finally:
        await server.stop(0)

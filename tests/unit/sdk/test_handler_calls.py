"""Unary calls of handlers, as a scheduler comes and goes."""

from types import SimpleNamespace
from typing import Any

import grpc
import grpc.aio
import pytest

from asynctask._executor.calls import HandlerCalls
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb


@pytest.mark.parametrize("code", [grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE])
async def test_a_call_that_a_stopping_scheduler_broke_off_is_repeated(code: grpc.StatusCode):
    """Fails when it raises in the handler: a restart of the scheduler would fail its attempt."""
    answers = [grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(), "broken off"), None]

    async def append(request: pb.AppendManifestRequest, *, timeout: float) -> pb.AppendManifestResponse:
        answer = answers.pop(0)
        if answer is not None:
            raise answer
        return pb.AppendManifestResponse()

    session: Any = SimpleNamespace(stub=SimpleNamespace(AppendManifest=append), address="there:1")
    await HandlerCalls(session).append_manifest(pb.AppendManifestRequest())
    assert not answers

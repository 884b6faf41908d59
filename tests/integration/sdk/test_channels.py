"""Connections of the SDK over a slow network."""

from asynctask._channel import open_aio
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.scheduler.v1.executor_service_pb2_grpc import ExecutorServiceStub
from tests.integration.sdk.loopback import running_loopback
from tests.support.faults import FaultProxy


async def test_scheduler_that_is_far_away_is_reached_by_the_first_call():
    """Fails when gRPC gives an attempt to connect no longer than the pause before the next one."""
    async with running_loopback() as (_, address), FaultProxy(address) as proxy:
        proxy.delay(0.7)
        async with open_aio(proxy.address) as channel:
            answer = await ExecutorServiceStub(channel).Renew(pb.RenewRequest())
    assert answer.lease_ms == 15_000

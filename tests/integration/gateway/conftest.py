"""A real cluster with a gateway: both stores, registry, scheduler, gateway."""

from collections.abc import AsyncIterator

import pytest

from asynctask import Client
from tests.support.processes import Processes, ServiceProcess


@pytest.fixture
async def scheduler_process(
    processes: Processes, postgres_url: str, redis_url: str
) -> AsyncIterator[ServiceProcess]:
    """A running scheduler over a running registry."""
    registry = processes.service("registry", POSTGRES_URL=postgres_url)
    await registry.start()
    scheduler = processes.service(
        "scheduler",
        REDIS_URL=redis_url,
        REGISTRY_ADDRESS=registry.address,
        LEASE="60s",
        ACTOR_ON_LOOPBACK="true",
    )
    await scheduler.start()
    yield scheduler
    await scheduler.stop()
    await registry.stop()


@pytest.fixture
async def gateway_process(
    processes: Processes, scheduler_process: ServiceProcess
) -> AsyncIterator[ServiceProcess]:
    """A running gateway before it."""
    gateway = processes.service("gateway", SCHEDULER_ADDRESS=scheduler_process.address)
    await gateway.start()
    yield gateway
    await gateway.stop()


@pytest.fixture
def gateway(gateway_process: ServiceProcess) -> str:
    """Where the gateway is."""
    return gateway_process.address


@pytest.fixture
async def client(scheduler_process: ServiceProcess) -> AsyncIterator[Client]:
    """A client of the same cluster."""
    async with Client(scheduler_process.address) as client:
        yield client

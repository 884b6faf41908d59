"""A real cluster for the SDK's tests: both stores, registry, scheduler."""

from collections.abc import AsyncIterator

import pytest

from tests.support.processes import Processes, ServiceProcess


@pytest.fixture
def lease() -> str:
    """So long that no process of a busy machine loses one; tests that wait for a loss set a shorter one."""
    return "60s"


@pytest.fixture
async def scheduler_process(
    processes: Processes, postgres_url: str, redis_url: str, lease: str
) -> AsyncIterator[ServiceProcess]:
    """A running scheduler over a running registry."""
    registry = processes.service("registry", POSTGRES_URL=postgres_url)
    await registry.start()
    scheduler = processes.service(
        "scheduler", REDIS_URL=redis_url, REGISTRY_ADDRESS=registry.address, LEASE=lease
    )
    await scheduler.start()
    yield scheduler
    await scheduler.stop()
    await registry.stop()


@pytest.fixture
def address(scheduler_process: ServiceProcess) -> str:
    """Where the scheduler is."""
    return scheduler_process.address

"""A cell of real processes on a Redis that tests may flush and kill."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from asynctask_chassis.channel import open_channel
from asynctask_scheduler.registry.client import RegistryClient
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.integration.scheduler.cell import Cell
from tests.support.mounts import mounted
from tests.support.processes import Processes
from tests.support.whole_queue import WholeRedisQueue

__all__ = ["mounted"]

LEASE_S = 8
"""Longer than a process of a busy machine stands still; each test that waits for its end pays for it."""


class Patient:
    """A cell, and a look into its stores past its schedulers."""

    def __init__(self, cell: Cell, redis: EmbeddedRedis, name: str) -> None:
        self.cell = cell
        self.redis = redis
        self.queue = WholeRedisQueue.connect(redis.url, cell=name, lease_ms=LEASE_S * 1000)
        self._channel = open_channel(cell.registry.address)
        self.registry = RegistryClient(self._channel)

    async def flush(self) -> None:
        """Lose Redis' data."""
        await self.queue._connection.command("FLUSHALL")

    async def is_loaded(self) -> bool:
        return (await self.queue.store_state()).loaded

    async def close(self) -> None:
        await self.cell.close()
        await self.queue.close()
        await self._channel.close()


StartPatient = Callable[..., Awaitable[Patient]]


@pytest.fixture
async def start_patient(
    postgres_url: str, own_redis: EmbeddedRedis, processes: Processes
) -> AsyncIterator[StartPatient]:
    """Start a cell with a lease of `LEASE_S`."""
    patients: list[Patient] = []

    async def start(schedulers: int = 1, **settings: Any) -> Patient:
        name = f"test-{os.urandom(4).hex()}"
        cell = Cell(
            postgres_url, own_redis.url, processes, name=name, settings={"LEASE": f"{LEASE_S}s"} | settings
        )
        patients.append(Patient(cell, own_redis, name))
        await cell.start(schedulers)
        return patients[-1]

    yield start
    for patient in patients:
        await patient.close()

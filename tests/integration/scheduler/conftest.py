"""One cell of real processes for the scheduler's tests: a registry, schedulers, and callers without an SDK."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.integration.scheduler.cell import Cell
from tests.support.processes import Processes

StartCell = Callable[..., Awaitable[Cell]]


@pytest.fixture
async def start_cell(postgres_url: str, redis_url: str, processes: Processes) -> AsyncIterator[StartCell]:
    """Start a cell; every call of one test shares the stores."""
    cells: list[Cell] = []

    async def start(schedulers: int = 1, **settings: Any) -> Cell:
        cell = Cell(postgres_url, redis_url, processes, name=f"test-{os.urandom(4).hex()}", settings=settings)
        cells.append(cell)
        await cell.start(schedulers)
        return cell

    yield start
    for cell in cells:
        await cell.close()


@pytest.fixture
async def cell(start_cell: StartCell) -> Cell:
    """A registry and one scheduler."""
    return await start_cell()

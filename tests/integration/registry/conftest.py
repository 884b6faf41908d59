"""A ledger over a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import open_ledger
from tests.support.mounts import mounted

__all__ = ["mounted"]


@pytest.fixture
def postgres_url(module_postgres_url: str) -> str:
    """One database for the tests of a module: each looks at tasks of its own only."""
    return module_postgres_url


@pytest_asyncio.fixture
async def ledger(postgres_url: str) -> AsyncIterator[Ledger]:
    """The ledger, with the type `copy`; other tests' tasks are in its database."""
    async with open_ledger(postgres_url) as opened:
        yield opened

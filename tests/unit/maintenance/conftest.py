"""A queue in plain Python and a registry in memory."""

from __future__ import annotations

import pytest

from tests.contract.queue.lab import Bench, ModelLab
from tests.support.ledger_double import LedgerDouble


@pytest.fixture
def registry() -> LedgerDouble:
    return LedgerDouble()


@pytest.fixture
def lab() -> ModelLab:
    return ModelLab()


@pytest.fixture
async def bench(lab: ModelLab) -> Bench:
    """A rebuilt, empty store."""
    made = Bench(lab)
    await made.mark()
    return made

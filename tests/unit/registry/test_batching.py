"""Commands of concurrent calls: which of them wait for one another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.ledger_service_pb2 import AttemptStart, NewTask, StartResult
from asynctask_registry.api import batching
from asynctask_registry.api.batching import Batchers
from asynctask_registry.ledger.create import Created
from asynctask_registry.ledger.start import Started
from asynctask_registry.metrics import RegistryMetrics


class SlowCreation:
    """A ledger that creates while `gate` is set, and notes what it did in which order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.gate = asyncio.Event()
        self.failure: Exception | None = None
        self.creator = SimpleNamespace(create=self._create)
        self.starter = SimpleNamespace(start=self._start)
        self.recorder = SimpleNamespace(record=None)

    async def _create(self, tasks: Sequence[NewTask]) -> list[Created]:
        await self.gate.wait()
        if self.failure:
            raise self.failure
        self.done.append("create")
        return [Created() for _ in tasks]

    async def _start(self, starts: Sequence[AttemptStart]) -> list[Started]:
        self.done.append("start")
        return [Started(StartResult(), None) for _ in starts]


def batchers_of(ledger: Any) -> Batchers:
    return Batchers(ledger, RegistryMetrics(CollectorRegistry()), flights=2)


async def test_a_start_waits_for_the_creation_of_its_own_task_and_for_no_other():
    """Broken once on purpose: a start that does not wait finds no task, is refused, and this fails."""
    ledger = SlowCreation()
    async with batchers_of(ledger) as batchers:
        task_id = new_id()
        creating = asyncio.create_task(batchers.created([NewTask(task_id=task_id)], nbytes=1))
        await asyncio.sleep(0)
        behind = asyncio.create_task(batchers.started([AttemptStart(task_id=task_id)], nbytes=1))
        await batchers.started([AttemptStart(task_id=new_id())], nbytes=1)
        assert (ledger.done, behind.done()) == (["start"], False)
        ledger.gate.set()
        await asyncio.gather(creating, behind)
        assert ledger.done == ["start", "create", "start"]
        assert not batchers._creating


async def test_a_start_whose_task_could_not_be_created_is_asked_all_the_same():
    ledger = SlowCreation()
    ledger.failure = RuntimeError("the insert failed")
    async with batchers_of(ledger) as batchers:
        task_id = new_id()
        creating = asyncio.create_task(batchers.created([NewTask(task_id=task_id)], nbytes=1))
        await asyncio.sleep(0)
        behind = asyncio.create_task(batchers.started([AttemptStart(task_id=task_id)], nbytes=1))
        ledger.gate.set()
        await behind
        assert isinstance((await asyncio.gather(creating, return_exceptions=True))[0], RuntimeError)
        assert ledger.done == ["start"]
        assert not batchers._creating


async def test_a_start_waits_for_a_creation_that_hangs_no_longer_than_a_moment(
    monkeypatch: pytest.MonkeyPatch,
):
    """Starts of others may be in the same call."""
    monkeypatch.setattr(batching, "LONGEST_WAIT_S", 0.01)
    ledger = SlowCreation()
    async with batchers_of(ledger) as batchers:
        task_id = new_id()
        creating = asyncio.create_task(batchers.created([NewTask(task_id=task_id)], nbytes=1))
        await asyncio.sleep(0)
        await batchers.started([AttemptStart(task_id=task_id)], nbytes=1)
        assert ledger.done == ["start"]
        ledger.gate.set()
        await creating
        assert not batchers._waited_for

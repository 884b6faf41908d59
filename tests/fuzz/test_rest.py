"""The gateway does what its OpenAPI document says: no 5xx, every answer of a documented form, wrong input refused.

A slice with every test run; `./dev fuzz --rest --requests N` sends more.
"""

from __future__ import annotations

import asyncio
import os

import pytest

from tests.integration.scheduler.cell import Cell
from tests.integration.scheduler.raw_executor import a_type
from tests.support.processes import Processes

REQUESTS = int(os.environ.get("ASYNCTASK_TEST_FUZZ_REQUESTS", "400"))
SEED = int(os.environ.get("ASYNCTASK_TEST_FUZZ_SEED", "20261128"))
TYPE = "honest-type"


@pytest.mark.slow
@pytest.mark.timeout(300 + REQUESTS)
@pytest.mark.filterwarnings("default")  # schemathesis and its libraries have their own
async def test_answers_are_as_the_openapi_document_says(cell: Cell, processes: Processes) -> None:
    from tests.fuzz.rest_requests import RestAttack

    print(f"\nseed {SEED}: ./dev fuzz --rest --requests {REQUESTS} --seed {SEED} repeats it")
    gateway = processes.service("gateway", SCHEDULER_ADDRESS=cell.replicas[0].address)
    await gateway.start()
    await cell.register(a_type(TYPE))
    task_ids = await cell.submit_many(20, TYPE)
    attack = RestAttack(f"http://{gateway.address}", SEED, task_ids=task_ids, task_type=TYPE)
    await asyncio.to_thread(attack.run, REQUESTS)
    print(f"{attack.statuses.total()} requests; {dict(sorted(attack.statuses.items()))}")
    assert not attack.faults, "\n\n".join(attack.faults.values())
    assert attack.statuses[200] > attack.statuses.total() / 20
    assert gateway.is_running

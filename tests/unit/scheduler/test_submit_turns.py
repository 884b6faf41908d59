"""A batch of submits whose configs are dear to check does not keep the event loop to itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.task_service_pb2 import BatchSubmitTasksRequest, SubmitTaskRequest
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.api.submit_calls import TURN_S, SubmitCalls
from asynctask_scheduler.api.submit_validation import SubmitValidation
from asynctask_scheduler.checks.config_checks import ConfigChecks
from asynctask_scheduler.metrics import SchedulerMetrics
from tests.unit.scheduler.doubles import a_type, config_checks

ITEMS = 40


class DearChecks(ConfigChecks):
    """Checks configs as the scheduler does; its clock moves on by what each check costs."""

    def __init__(self, inner: ConfigChecks, cost_s: float) -> None:
        self._inner = inner
        self._cost_s = cost_s
        self.now_s = 0.0
        self.checked = 0

    def quick(self, task_type: TaskType, text: str, config: Any) -> Any:
        self.now_s += self._cost_s
        self.checked += 1
        return self._inner.quick(task_type, text, config)


class KnownTypes:
    """Knows one type."""

    async def learn(self, names: Any) -> dict[str, TaskType]:
        return {"noop": a_type(config_schema_json=json.dumps({"type": "object"}))}


class AcceptsAll:
    """Accepts every task at once."""

    async def submit(self, tasks: Sequence[Any]) -> Sequence[bytes]:
        return [new_id() for _ in tasks]


async def turns_of_another(cost_s: float) -> list[int]:
    """How many configs of a batch were checked whenever another coroutine had its turn."""
    inner = config_checks()
    checks = DearChecks(inner, cost_s)
    known: Any = KnownTypes()
    accepts: Any = AcceptsAll()
    submits = SubmitCalls(
        SubmitValidation(known, checks), accepts, SchedulerMetrics(), clock=lambda: checks.now_s
    )
    request = BatchSubmitTasksRequest(
        tasks=[SubmitTaskRequest(task_type="noop", task_config="{}") for _ in range(ITEMS)]
    )
    submitting = asyncio.create_task(submits.submit(request))
    seen: list[int] = []
    while not submitting.done():
        await asyncio.sleep(0)
        seen.append(checks.checked)
    await inner.close()
    assert all(result.task_id for result in submitting.result().results)
    return sorted({count for count in seen if 0 < count < ITEMS})


@pytest.mark.parametrize("between", [1, 2, 8])
async def test_others_have_their_turn_between_configs_that_are_dear_to_check(between: int) -> None:
    """Fails when: turns are counted in characters; a thousand configs `{}` of a dear schema froze the scheduler."""
    cost_s = 1.01 * TURN_S / between
    assert await turns_of_another(cost_s) == list(range(between, ITEMS, between))


async def test_batch_of_cheap_configs_is_checked_in_one_turn() -> None:
    assert await turns_of_another(TURN_S / (2 * ITEMS)) == []

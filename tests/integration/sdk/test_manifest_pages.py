"""Manifests are read page by page, and a short page need not be the last: it closes before it is too large to send."""

import json

import pytest

from asynctask import Executor, TaskType
from asynctask_core import limits
from asynctask_core.states import ItemState
from tests.integration.sdk import process_handlers as handlers
from tests.integration.sdk.loopback import running_executor, running_loopback

TYPES = [handlers.reads_on_loop, handlers.reads_in_thread, handlers.reads_in_process]


@pytest.mark.parametrize(
    ("count", "data_chars"),
    [(1_000, 8_192), (2_000, 1), (2_001, 1), (0, 1)],
    ids=["short pages", "full pages", "full pages and one item", "no item"],
)
@pytest.mark.parametrize("task_type", TYPES, ids=lambda task_type: task_type.name)
async def test_handler_is_given_every_item_whatever_the_pages(
    task_type: TaskType, count: int, data_chars: int
) -> None:
    """Fails when a page that is shorter than asked for counts as the last: the items behind it are never worked on, and
    the task is completed all the same."""
    async with (
        running_loopback(lease_ms=60_000) as (scheduler, address),
        running_executor(Executor([task_type], address=address)),
    ):
        await scheduler.connected()
        given = {"count": count, "data_chars": data_chars}
        assignment = scheduler.assign(task_type, json.dumps(given))
        outcome = await scheduler.has_ended(assignment, "SUCCESS")
        items = scheduler.tasks[assignment.task_id].manifests
    if data_chars > 1:
        assert sum(item.ByteSize() for item in items["items"].items.values()) > limits.PAGE_BYTES
    everything = list(range(count))
    assert json.loads(outcome.result_json) == {"listed": everything, "worked_on": everything}
    if count:
        assert {item.state for item in items["items"].items.values()} == {ItemState.DONE.number}

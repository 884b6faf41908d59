"""Intents whose clearing fails: the next ones are cleared, and the failure is told at once."""

import pytest
from structlog.testing import capture_logs

from asynctask_core.errors import InternalError
from asynctask_core.ids import new_id
from asynctask_scheduler.pipeline import intents as module
from asynctask_scheduler.pipeline.intents import Intents
from asynctask_scheduler.queue.answers import Intent
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel


class FailingModel(QueueModel):
    """Redis that fails once to clear intents; meanwhile others are settled."""

    def __init__(self, error: Exception) -> None:
        super().__init__(ModelStore())
        self.intents = Intents(self)
        self.error: Exception | None = error

    async def clear_intents(self, intent: Intent) -> None:
        error, self.error = self.error, None
        if error is not None:
            self.intents.clear(await self.note_intents([new_id()]))
            raise error
        await super().clear_intents(intent)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLEAR_AFTER_S", 0)


async def test_what_is_settled_while_a_clearing_is_refused_is_cleared_all_the_same():
    """Fails when: an error of Redis that is no outage ends the clearing, and settled tasks are looked at again."""
    queue = FailingModel(InternalError("the script failed"))
    with capture_logs() as logged:
        queue.intents.clear(await queue.note_intents([new_id()]))
        await queue.intents.drain()
    assert (await queue.stats()).intents == 1, "only that one, which a replica looks at once more"
    assert [(one["event"], one["count"]) for one in logged] == [("intents.kept", 1)]


async def test_fault_of_ours_while_clearing_is_told_at_once_and_ends_no_drain():
    """Fails when: it is told at the end of the scheduler, days later, or cuts short what else is drained."""
    queue = FailingModel(ValueError("a fault"))
    with capture_logs() as logged:
        queue.intents.clear(await queue.note_intents([new_id()]))
        await eventually(lambda: any(one["event"] == "background.failed" for one in logged), timeout=10)
        await queue.intents.drain()
    queue.intents.clear(await queue.note_intents([new_id()]))
    await queue.intents.drain()
    assert (await queue.stats()).intents == 1

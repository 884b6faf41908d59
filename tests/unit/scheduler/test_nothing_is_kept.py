"""What executors and watchers leave behind in a service's memory: nothing, however many came and went."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sized
from typing import Any, cast

from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import (
    Hello,
    ProgressBatch,
    ProgressReport,
    WorkRequest,
)
from asynctask_protos.task.v1.task_pb2 import Progress
from asynctask_scheduler.dispatch.progress import METER_KEPT_S, ProgressDesk
from asynctask_scheduler.feed.hub import Hub
from asynctask_scheduler.metrics import SchedulerMetrics
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import a_type
from tests.unit.scheduler.house import House, Stream

MANY = 40


class NamedStream(Stream):
    """A stream of an executor with a name and a queue of its own."""

    def __init__(self, house: House, number: int) -> None:
        super().__init__(house)
        self.serving.cancel()
        hello = Hello(
            executor_id=f"e{number}",
            display_name="x",
            slots=1,
            task_types=[a_type()],
            queues=[f"queue-{number}"],
        )
        self.serving = asyncio.create_task(house.sessions.serve(hello, self._say(), self._take))


def sizes(root: object) -> dict[str, int]:
    """The lengths of all containers that belong to an object of ours, or to one that it holds."""
    return dict(_sizes(root, type(root).__name__, set()))


def _sizes(value: object, path: str, seen: set[int]) -> Iterator[tuple[str, int]]:
    if id(value) in seen or isinstance(value, QueueModel):
        return
    seen.add(id(value))
    if isinstance(value, (dict, set, list, deque)):
        yield path, len(cast(Sized, value))
    elif type(value).__module__.startswith(("asynctask_scheduler", "asynctask_chassis")):
        for name, part in getattr(value, "__dict__", {}).items():
            yield from _sizes(part, f"{path}.{name}", seen)


async def test_executors_that_came_once_leave_nothing_in_a_scheduler() -> None:
    now_s = 0.0
    queue, metrics, nothing = QueueModel(ModelStore()), SchedulerMetrics(), cast(Any, None)
    desk = ProgressDesk(queue, nothing, nothing, metrics, interval_s=1, clock=lambda: now_s)
    house = House(queue, desk)
    await house.mark()

    async def come_and_go(first: int, count: int) -> None:
        for number in range(first, first + count):
            stream = NamedStream(house, number)
            await eventually(lambda stream=stream: bool(stream.messages("welcome")))
            report = ProgressReport(
                task_id=new_id(), attempt_id=new_id(), stage="run", progress=Progress(done=1)
            )
            stream.says.put_nowait(WorkRequest(progress=ProgressBatch(reports=[report])))
            await eventually(stream.says.empty)
            await stream.close()

    await come_and_go(0, 1)
    desk._live.clear()
    desk._unstored.clear()
    before = sizes(house.sessions) | sizes(desk)
    await come_and_go(1, MANY)
    # What is sent and stored in the background goes with that; meters are kept for a minute.
    desk._live.clear()
    desk._unstored.clear()
    now_s += METER_KEPT_S + 1
    desk._forget_old_meters()
    after = sizes(house.sessions) | sizes(desk)
    assert {name: count for name, count in after.items() if count > before.get(name, 0)} == {}


async def test_watchers_that_came_once_leave_nothing_in_the_hub() -> None:
    nothing: Any = None
    hub = Hub(nothing)
    before = sizes(hub)
    for number in range(MANY):
        ids = frozenset(new_id() for _ in range(10)) if number % 2 else None
        with hub.subscribe(ids):
            pass
    assert sizes(hub) == before
    assert not hub._watched.is_set()

"""What waits where: lines of some queues, read in pages by name."""

from __future__ import annotations

import pytest

from asynctask_core.ids import new_id
from asynctask_scheduler.queue import redis_upkeep
from tests.contract.queue.lab import Bench, a_timed

NAMES = ["a", "b", "c", "d", "e", "f", "g"]


@pytest.fixture(params=[0, redis_upkeep.FEW_LANES], ids=["in pages", "at once"], autouse=True)
def few_lines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many lines are scanned, few are read in one call."""
    monkeypatch.setattr(redis_upkeep, "FEW_LANES", request.param)


async def test_lines_of_the_first_queues_above_a_name_are_read_with_all_of_their_types(bench: Bench) -> None:
    """Broken once on purpose: with a cut that keeps other names than the first ones, this fails."""
    for name in reversed(NAMES):
        await bench.ready(count=2, lane=(name, "noop"))
        await bench.ready(lane=(name, "other"))
    seen: list[str] = []
    after = ""
    while (found := await bench.queue.lanes(after=after, most=2)).queues:
        after = max(found.queues)
        seen += sorted(found.queues)
        assert [(line.queue, line.task_type, line.ready) for line in found.lanes] == [
            (name, task_type, ready)
            for name in sorted(found.queues)
            for task_type, ready in (("noop", 2), ("other", 1))
        ]
    assert seen == NAMES


async def test_depths_of_named_lines_are_read_without_a_look_at_the_others(bench: Bench) -> None:
    for name in NAMES:
        await bench.ready(lane=(name, "noop"))
    found = await bench.queue.depths([("c", "noop"), ("c", "other"), ("nothing", "noop")])
    assert [(line.queue, line.task_type, line.ready) for line in found] == [("c", "noop", 1)]
    assert not await bench.queue.depths([])


async def test_timers_are_counted_with_the_lines_and_what_left_a_line_is_in_none(bench: Bench) -> None:
    await bench.queue.apply([a_timed(new_id(), 60_000), a_timed(new_id(), 60_000)])
    assert (await bench.queue.lanes(most=5)).timed == 2
    await bench.ready(lane=("a", "noop"))
    found = await bench.queue.lanes(most=5)
    assert (found.queues, len(found.lanes), found.timed) == ({"a"}, 1, 2)


async def test_counts_are_read_without_the_lines(bench: Bench) -> None:
    await bench.ready()
    assert not (await bench.queue.stats(with_lanes=False)).lanes
    assert (await bench.queue.stats()).lanes

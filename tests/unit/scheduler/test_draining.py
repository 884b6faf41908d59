"""An operator who asked an executor to end is not forgotten, and a replica that ends asks nobody."""

from __future__ import annotations

from tests.support.conditions import eventually
from tests.unit.scheduler.house import House, Stream


async def test_a_replica_that_ends_drains_no_executor_and_passes_an_operators_drain_on():
    """Fails when: giving nothing more is noted as a drain; Redis would be told so, and the executor would not."""
    house = House()
    stream = Stream(house)
    await eventually(lambda: stream.messages("welcome"))
    house.sessions.stop_giving()
    assert [drains for _, _, drains in house.sessions.snapshot()] == [False]
    house.sessions.drain_executor("x")
    await eventually(lambda: stream.messages("drain"))
    assert [drains for _, _, drains in house.sessions.snapshot()] == [True]
    await stream.close()


async def test_a_drain_that_was_asked_for_between_two_streams_is_told_by_the_next_one():
    """Fails when: whoever opens the next session does not look; the operator was told that it is done."""
    house = House()
    await house.mark()
    stream = Stream(house)
    await eventually(lambda: stream.messages("welcome"))
    await stream.close()
    assert await house.queue.set_draining("x")
    stream = Stream(house)
    await eventually(lambda: stream.messages("drain"))
    assert [message.WhichOneof("message") for message in stream.got] == ["welcome", "drain"]
    await stream.close()

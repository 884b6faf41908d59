"""What an executor says of itself has bounds, one by one and multiplied with one another."""

from __future__ import annotations

import pytest

from asynctask_core import limits
from asynctask_core.bounds.checker import plan_of
from asynctask_core.errors import InvalidInput
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1.executor_service_pb2 import HeldAttempt, Hello, RenewRequest
from asynctask_scheduler.dispatch.handshake import check_hello, check_lanes
from asynctask_scheduler.dispatch.renewals import check_renewal
from tests.support import requests
from tests.unit.scheduler.doubles import a_type


def a_hello(types: int = 1, queues: int = 0) -> Hello:
    return Hello(
        executor_id="x",
        slots=1,
        task_types=[a_type(f"t{n}") for n in range(types)],
        queues=[f"q{n}" for n in range(queues)],
    )


def test_hello_with_too_many_queues_for_its_types_is_refused_and_says_how_many() -> None:
    """Fails when each list is only bounded by itself: Redis looks at every pair whenever the executor asks for work."""
    check_hello(a_hello(20, 100))
    for hello in (a_hello(21, 100), a_hello(3, 1000)):
        with pytest.raises(InvalidInput, match=r"queues times task types must be at most 2000; got [23]\d00"):
            check_hello(hello)
    with pytest.raises(InvalidInput, match="queues: must have at most 1000 entries; got 400000"):
        check_hello(a_hello(1, 400_000))
    with pytest.raises(InvalidInput, match="name some of them"):
        check_lanes([("q", f"t{n}") for n in range(limits.EXECUTOR_LANES + 1)])


def test_renewals_are_refused_for_every_bound_of_the_table() -> None:
    good = RenewRequest(executor_id="x", session=1)
    good.attempts.add(task_id=new_id(), attempt_id=new_id())
    check_renewal(good)
    for number, (name, bound) in plan_of(RenewRequest.DESCRIPTOR).fields.items():
        field = RenewRequest.DESCRIPTOR.fields_by_number[number]
        for value in requests.over(bound, field):
            request = RenewRequest(executor_id="x", session=1)
            request.ClearField(name)  # pyright: ignore[reportArgumentType] - any field
            requests.put(request, field, value)
            with pytest.raises(InvalidInput, match=name):
                check_renewal(request)
    for wrong in (HeldAttempt(task_id=new_id()), HeldAttempt(task_id=b"x", attempt_id=new_id())):
        with pytest.raises(InvalidInput, match="16 bytes"):
            check_renewal(RenewRequest(executor_id="x", attempts=[wrong]))

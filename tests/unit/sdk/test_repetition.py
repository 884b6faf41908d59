"""How often a call is made again, and what is said in the end."""

from __future__ import annotations

import pytest

from asynctask._client import api
from asynctask._client.api import CALL_S, ClientCall, CommandOptions, Service
from asynctask._client.repetition import Repetition
from asynctask.errors import OutcomeUnknown, StoreUnavailable, Unreachable
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

MAYBE = OutcomeUnknown("who knows")
REFUSED = Unreachable("cannot reach the scheduler", metadata={"sent": "no"})


def a_command() -> ClientCall[object]:
    request = pb.PauseTaskRequest(task_id="id")
    return api.command("PauseTask", request, CommandOptions(request_id="mine"), lambda answer: answer)


def a_read() -> ClientCall[object]:
    return ClientCall(Service.TASKS, "GetTask", pb.GetTaskRequest(), lambda answer: answer, repeatable=True)


def test_command_that_may_be_done_is_repeated_whatever_the_next_error_is_until_its_time_is_over():
    """Fails when a scheduler that restarts makes us say that the command was surely not sent."""
    repetition = Repetition(a_command(), 1, 100.0)
    now, tries = 100.0, 0
    while (pause := repetition.pause_s(REFUSED if tries else MAYBE, now)) is not None:
        assert 0 < pause <= 1
        now, tries = now + pause, tries + 1
    assert 10 < tries < 60
    assert 100 + CALL_S - 1 <= now <= 100 + CALL_S
    error = repetition.last_error(REFUSED)
    assert type(error) is OutcomeUnknown
    assert error.message.endswith("may have been carried out: repeat it with request_id mine to know")


@pytest.mark.parametrize("error", [REFUSED, StoreUnavailable("away")])
def test_command_that_surely_did_nothing_goes_to_each_other_address_once(error: StoreUnavailable):
    repetition = Repetition(a_command(), 3, 0.0)
    assert [repetition.pause_s(error, 0.1) for _ in range(3)] == [0.0, 0.0, None]
    assert repetition.last_error(error) is error


def test_all_tries_of_a_command_share_the_time_of_one_call():
    """Fails when three schedulers that hang take three times as long as one."""
    repetition, now = Repetition(a_command(), 3, 0.0), 0.0
    while True:
        now += repetition.timeout_s(now)
        if repetition.pause_s(MAYBE, now) is None:
            break
    assert now == pytest.approx(CALL_S)


def test_read_has_all_its_time_at_each_address_and_is_not_repeated_there():
    repetition = Repetition(a_read(), 2, 0.0)
    assert repetition.timeout_s(14.0) == CALL_S
    assert [repetition.pause_s(MAYBE, 20.0), repetition.pause_s(MAYBE, 40.0)] == [0.0, None]
    assert repetition.last_error(MAYBE) is MAYBE

"""What `asynctask doctor` says about what it found."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from asynctask_protos.scheduler.v1 import doctor_service_pb2 as pb
from asynctask_standalone.cli import doctor


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Console:
    console = Console(width=100, record=True, force_terminal=False)
    monkeypatch.setattr(doctor, "stdout", console)
    return console


def said(console: Console, answer: pb.DiagnoseResponse, *advice: doctor.Advice, fix: bool = False) -> str:
    with console.capture() as capture:
        doctor._print(answer, list(advice), fix=fix)
    return capture.get()


def test_what_was_counted_is_said(printed: Console):
    text = said(printed, pb.DiagnoseResponse(tasks_checked=1, leases_checked=12))
    assert "Registry and Redis agree. Compared: 1 task that has not ended, 12 leases." in text


def test_differences_are_told_in_words_and_by_kind(printed: Console):
    answer = pb.DiagnoseResponse(
        tasks_checked=5, counts=[pb.FindingCount(kind="missing_ready", count=2)], findings=[]
    )
    text = said(printed, answer)
    assert "Found 2 differences. Compared: 5 tasks that have not ended, 0 leases." in text
    assert "2 × ready tasks that no queue holds missing_ready" in text
    assert "doctor --fix" in text


def test_every_kind_of_the_contract_has_words():
    contract = Path(__file__).parents[3] / "protos/asynctask/scheduler/v1/doctor_service.proto"
    kinds = [word.strip("`,. ") for word in contract.read_text("utf-8").split("`")[1::2]]
    assert kinds
    assert set(kinds) == set(doctor._MEANING)


def test_type_that_nobody_runs_is_told_with_what_to_do():
    connected: Any = SimpleNamespace(
        executors=list[Any],
        queues=lambda: [SimpleNamespace(types=[SimpleNamespace(depth=1, task_type="count")])],
    )
    [advice] = doctor._advice(connected)
    assert advice.message.startswith("1 ready task of type count, but no connected executor runs it")
    assert "executor MODULE:NAME" in advice.message

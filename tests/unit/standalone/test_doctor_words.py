"""What `asynctask doctor` says about what it found."""

import json
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from asynctask_protos.scheduler.v1 import doctor_service_pb2 as pb
from asynctask_standalone.cli import doctor
from asynctask_standalone.cli.app import app


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


def cluster(*executors: Any, waiting: dict[str, dict[str, int]], running: int = 0) -> Any:
    """A cluster with these executors and, by queue, so many ready tasks of each type, and running ones."""
    queues = [
        SimpleNamespace(
            name=name,
            types=[
                SimpleNamespace(task_type=kind, depth=depth, running=running) for kind, depth in types.items()
            ],
        )
        for name, types in waiting.items()
    ]
    own = SimpleNamespace(queue="default", queues=("default", "nightly"))
    return SimpleNamespace(executors=lambda: list(executors), queues=lambda: queues, task_type=lambda _: own)


def one_that_runs(*types: str, queues: tuple[str, ...] = (), **facts: Any) -> Any:
    always = {"executor_id": "one", "connected": True, "draining": False, "running": 0}
    return SimpleNamespace(task_types=types, queues=queues, **always | facts)


def test_type_that_nobody_runs_is_told_with_what_to_do():
    [advice] = doctor._advice(cluster(waiting={"default": {"count": 1, "wait": 0}}))
    assert advice.message.startswith("1 ready task of type count, but no connected executor runs it")
    assert "start one with the module that declares the type; `" in advice.message


@pytest.mark.parametrize(
    "away",
    [one_that_runs("wait"), one_that_runs("count", connected=False), one_that_runs("count", draining=True)],
)
def test_ready_tasks_of_a_type_are_told_together_when_nobody_runs_it(away: Any):
    [advice] = doctor._advice(cluster(away, waiting={"default": {"count": 1}, "nightly": {"count": 2}}))
    assert advice.message.startswith("3 ready tasks of type count, but no connected executor runs it")


def test_queue_that_nobody_serves_is_told_where_the_type_runs_in_others():
    waiting = {"default": {"count": 1}, "nightly": {"count": 2}}
    [advice] = doctor._advice(cluster(one_that_runs("count", queues=("default",)), waiting=waiting))
    assert advice.message.startswith(
        "2 ready tasks of type count in queue nightly, but no connected executor"
    )
    assert "and `--queue nightly`;" in advice.message


def test_executor_that_names_no_queues_is_taken_to_serve_those_of_its_types():
    assert doctor._advice(cluster(one_that_runs("count"), waiting={"nightly": {"count": 2}})) == []


def test_queue_that_no_type_names_is_told_beside_an_executor_that_names_no_queues():
    waiting = {"nightly": {"count": 2}, "other": {"count": 3}}
    [advice] = doctor._advice(cluster(one_that_runs("count"), waiting=waiting))
    assert advice.message.startswith("3 ready tasks of type count in queue other, but no connected executor")


def test_store_that_refuses_writes_is_told_and_monitoring_must_look(monkeypatch: pytest.MonkeyPatch):
    message = "Postgres refuses writes: its disk is full; the disk is full, 0 B of 9 GiB are free in /data"
    answer = pb.DiagnoseResponse(
        stores=[
            pb.StoreState(store="Postgres", message=message, folder="/data", is_low=True),
            pb.StoreState(store="Redis", takes_writes=True, message="Redis takes writes"),
        ]
    )
    monkeypatch.setattr(doctor, "client", lambda *_, **__: nullcontext(cluster(waiting={})))
    monkeypatch.setattr(doctor, "_diagnose", lambda *_, **__: answer)
    shown = CliRunner().invoke(app, ["doctor"])
    assert shown.exit_code == 1
    assert f"✘ {message}." in " ".join(shown.stdout.split())
    assert "✔ Redis takes writes." in shown.stdout
    said = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)["stores"]
    assert [one["takes_writes"] for one in said] == [False, True]
    assert (said[0]["folder"], said[0]["free_bytes"]) == ("/data", 0)
    assert (said[1]["folder"], said[1]["free_bytes"]) == ("", 0)


@pytest.mark.parametrize(
    ("waiting", "counts", "option", "exit_code"),
    [
        ({}, [], "--json", 0),
        ({"default": {"count": 1}}, [], "--json", 1),
        ({"default": {"count": 1}}, [], "--fix", 1),
        ({}, [pb.FindingCount(kind="missing_ready", count=2)], "--json", 1),
        ({}, [pb.FindingCount(kind="missing_ready", count=2)], "--fix", 0),
    ],
    ids=[
        "nothing",
        "nobody-runs-it",
        "nobody-runs-it-is-not-repaired",
        "differs",
        "differed-and-is-repaired",
    ],
)
def test_exit_code_tells_monitoring_whether_somebody_must_look(
    waiting: dict[str, dict[str, int]],
    counts: list[pb.FindingCount],
    option: str,
    exit_code: int,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(doctor, "client", lambda *_, **__: nullcontext(cluster(waiting=waiting)))
    monkeypatch.setattr(doctor, "_diagnose", lambda *_, **__: pb.DiagnoseResponse(counts=counts))
    assert CliRunner().invoke(app, ["doctor", option]).exit_code == exit_code


def test_tasks_of_an_executor_that_is_gone_are_told_before_their_leases_end():
    """Fails when only ready tasks are looked at: for a lease after a kill there is none, and nothing is said."""
    gone = one_that_runs("count", connected=False, running=2)
    only, lost = doctor._advice(cluster(gone, waiting={"default": {"count": 1}}, running=2))
    assert only.message.startswith("1 ready task and 2 leased tasks of type count, but no connected executor")
    assert lost.message.startswith(
        "executor one is not connected: unless it comes back, its tasks are queued"
    )
    only, lost = doctor._advice(cluster(gone, waiting={"default": {"count": 0}}, running=2))
    assert only.message.startswith("2 leased tasks of type count, but no connected executor")
    other = one_that_runs("count", executor_id="two")
    [lost] = doctor._advice(cluster(gone, other, waiting={"default": {"count": 1}}, running=2))
    assert lost.kind == "executor_gone"
    assert doctor._advice(cluster(other, waiting={"default": {"count": 1}}, running=2)) == []

"""What `asynctask health` prints, and with which code it ends; the JSON of commands is that of REST."""

from __future__ import annotations

import json
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from asynctask_core.message_json.encode import to_json
from asynctask_core.wire import now_us, to_timestamp
from asynctask_protos.scheduler.v1 import doctor_service_pb2, health_service_pb2
from asynctask_protos.scheduler.v1.health_service_pb2 import Health, HealthCheck, HealthLevel
from asynctask_protos.task.v1.health_pb2 import LoopState, ReplicaState
from asynctask_standalone.cli import cluster, doctor, health, submit
from asynctask_standalone.cli.app import app

WELL = HealthCheck(
    name="redis", fact="well", level=HealthLevel.HEALTH_LEVEL_OK, message="Redis answers within 1 ms."
)
GONE = HealthCheck(
    name="postgres",
    fact="unreachable",
    level=HealthLevel.HEALTH_LEVEL_BROKEN,
    message="Postgres does not answer: connection refused.",
    effect="Submits and commands fail.",
    repair="Start Postgres.",
)


def shown(monkeypatch: pytest.MonkeyPatch, found: Health, *options: str) -> Any:
    monkeypatch.setattr(health, "client", lambda *_, **__: nullcontext())
    answer = health_service_pb2.GetHealthResponse(health=found)
    monkeypatch.setattr(health, "asked", lambda *_, **__: answer)
    return CliRunner().invoke(app, ["health", *options])


def test_all_is_well_in_a_line_a_check_and_ends_with_0(monkeypatch: pytest.MonkeyPatch):
    replica = ReplicaState(
        service="scheduler",
        name="nas-1-ab",
        host="nas",
        address="10.0.0.1:7600",
        version="0.3.0",
        loops=[LoopState(name="sweep")],
    )
    silent = ReplicaState(service="registry", name="r", version="0.3.0", hindrance="it does not answer")
    done = shown(monkeypatch, Health(level=WELL.level, checks=[WELL], replicas=[replica, silent]))
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "✔ redis Redis answers within 1 ms."
    assert any(line.startswith("scheduler 10.0.0.1:7600") and line.endswith("1 loop") for line in lines)
    assert any(line.startswith("registry r") and line.endswith("it does not answer") for line in lines)


def test_what_is_wrong_says_what_it_means_and_what_to_do_and_ends_with_1(monkeypatch: pytest.MonkeyPatch):
    GONE.since_time.CopyFrom(to_timestamp(now_us() - 180_000_000))
    loop = LoopState(name="timers", failures=4, error="no store")
    replica = ReplicaState(service="scheduler", name="nas-1-ab", version="", loops=[loop])
    done = shown(monkeypatch, Health(level=GONE.level, checks=[GONE, WELL], replicas=[replica]))
    assert done.exit_code == 1
    text = " ".join(done.stdout.split())
    assert text.startswith(
        "✘ postgres Postgres does not answer: connection refused. Submits and commands fail. Start Postgres. "
        "first seen 3 min ago"
    )
    assert "scheduler nas-1-ab" in text
    assert "before 0.3" in text
    assert "timers fail" in text


def test_json_is_that_of_rest_and_ends_with_the_same_code(monkeypatch: pytest.MonkeyPatch):
    found = Health(level=GONE.level, checks=[GONE])
    done = shown(monkeypatch, found, "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (1, to_json(found))
    assert json.loads(done.stdout)["checks"][0]["level"] == "broken"


def test_doctor_drain_and_submit_print_the_json_of_rest(monkeypatch: pytest.MonkeyPatch):
    """Fails when one of them has a JSON of its own again."""
    answer = doctor_service_pb2.DiagnoseResponse(
        tasks_checked=5, counts=[doctor_service_pb2.FindingCount(kind="stale_timer", count=2)]
    )
    quiet = SimpleNamespace(executors=list, queues=list)
    monkeypatch.setattr(doctor, "client", lambda *_, **__: nullcontext(quiet))
    monkeypatch.setattr(doctor, "asked", lambda *_, **__: answer)
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert json.loads(done.stdout) == {**to_json(answer), "advice": []}

    leaving = SimpleNamespace(drain_executor=lambda *_: None)
    monkeypatch.setattr(cluster, "client", lambda *_, **__: nullcontext(leaving))
    drained = json.loads(CliRunner().invoke(app, ["drain", "one", "--json"]).stdout)
    assert drained == {
        "message": "The executor takes no new task, gives back those that it holds, and ends.",
        "executor_id": "one",
        "draining": True,
    }

    accepting = SimpleNamespace(submit=lambda *_, **__: "0198c0de-0000-7000-8000-000000000001")
    monkeypatch.setattr(submit, "client", lambda *_, **__: nullcontext(accepting))
    submitted = CliRunner().invoke(app, ["submit", "count", "--json"])
    assert json.loads(submitted.stdout) == {"task_id": "0198c0de-0000-7000-8000-000000000001"}

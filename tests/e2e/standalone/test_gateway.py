"""The gateway as a part of `asynctask up`."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from asynctask.blocking import Client
from tests.e2e.standalone.running import FREE, Up, executor, up
from tests.support.certificates import make_certificate, needs_openssl
from tests.support.conditions import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def asked(url: str, method: str = "GET", **headers: str) -> Any:
    """The JSON that the gateway answers."""
    request = urllib.request.Request(url, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_json_of_every_command_is_what_rest_answers(cluster: Up, tmp_path: Path):
    """Fails when a program that changes from the command line to REST meets other names or values."""
    base = f"{cluster.ready['gateway']}/api/v1"
    waiting = cluster.submit("wait", {"until": str(tmp_path / "never")})
    cluster.until(waiting, "running")  # a queue is listed while it has something
    shelved = cluster.submit("shelf", None, "--label", "test=rest")
    warned = cluster.submit("count", {"to": 2, "skips": 2}, "--label", "test=rest")
    failed = cluster.submit("count", {"fails": True}, "--label", "test=rest")
    for task_id in (shelved, warned, failed):
        task = cluster.until(task_id, "completed", "failed")
        path = f"{base}/tasks/{task_id}"
        assert task == asked(path)
        assert cluster.lines("attempts", task_id) == asked(f"{path}/attempts")["attempts"]
        assert cluster.lines("events", task_id) == asked(f"{path}/events")["events"]
        assert json.loads(cluster.cli("watch", task_id, "--json", exit_code=None).stdout) == task
        cluster.lines("logs", task_id, "--follow")  # until the last ones are stored
        assert cluster.lines("logs", task_id) == asked(f"{path}/logs")["lines"]
        assert cluster.lines("items", task_id) == asked(f"{path}/items")["items"]
    assert [item.get("key_base64") for item in cluster.lines("items", shelved)] == [None, "b2zp"]
    listed = asked(f"{base}/tasks?label=test=rest&view=full")["tasks"]
    assert cluster.lines("list", "--label", "test=rest") == listed
    assert len(listed) == 3
    types = asked(f"{base}/task_types")["task_types"]
    assert cluster.lines("types") == types
    assert cluster.json("types", "count") in types
    assert _without_ages(cluster.lines("queues")) == _without_ages(asked(f"{base}/queues")["queues"])
    assert _without_ages([cluster.json("queues", "default")]) == _without_ages(
        [asked(f"{base}/queues/default")]
    )
    assert _without_ages(cluster.lines("executors")) == _without_ages(asked(f"{base}/executors")["executors"])
    delayed = cluster.submit("count", None, "--delay", "1h")
    [paused] = cluster.lines("pause", delayed)
    assert paused | {"manifests": []} == asked(f"{base}/tasks/{delayed}")
    for task_id in (delayed, waiting):
        cluster.cli("cancel", task_id)
        cluster.until(task_id, "cancelled")


def _without_ages(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was so a moment ago too."""
    return [{name: value for name, value in row.items() if not name.endswith("_ms")} for row in rows]


async def test_gateway_that_is_killed_is_started_again_and_executors_do_not_notice(tmp_path: Path):
    appears = tmp_path / "appears"
    with up(tmp_path / "data") as running, executor(running) as worker, Client(running.address) as client:
        url = f"{running.ready['gateway']}/api/v1/executors"
        task_id = running.submit("wait", {"until": str(appears)})
        running.until(task_id, "running")
        session = client.executors()[0].session_time
        os.kill(running.ready["pids"]["gateway"], signal.SIGKILL)
        assert running.parts["gateway"].ended_within(60)

        def is_back() -> bool:
            try:
                return bool(asked(url))
            except OSError:
                return False

        await eventually(is_back)
        appears.touch()
        assert running.until(task_id, "completed")["attempt_count"] == 1
        assert client.executors()[0].session_time == session
        assert worker.poll() is None


def test_console_can_be_left_out(tmp_path: Path):
    with up(tmp_path / "data", "--no-console") as running:
        assert "gateway" not in running.ready
        assert set(running.ready["pids"]) == {"postgres", "redis", "registry", "scheduler"}
        assert set(running.ready["metrics"]) == {"registry", "scheduler"}


def test_gateway_on_every_address_has_a_token_a_base_path_and_is_believed(tmp_path: Path):
    """Fails when the events of a task do not say who paused it in a browser."""
    token = 32 * "t"
    env = {
        "ASYNCTASK_GATEWAY_TOKEN": token,
        "ASYNCTASK_GATEWAY_BASE_PATH": "/task/",
        "ASYNCTASK_SCHEDULER_ACTOR_ON_LOOPBACK": "false",
    }
    addresses = (*FREE[:2], "--gateway-address", "0.0.0.0:0")
    with up(tmp_path / "data", env=env, addresses=addresses) as running, executor(running):
        gateway = running.ready["gateway"]
        assert gateway.startswith("http://127.0.0.1:")
        assert gateway.endswith("/task")
        task_id = running.submit("count", None, "--delay", "1h")
        with pytest.raises(HTTPError, match="401"):
            asked(f"{gateway}/api/v1/tasks/{task_id}")
        headers = {"Authorization": f"Bearer {token}", "X-AsyncTask-Actor": "ada"}
        asked(f"{gateway}/api/v1/tasks/{task_id}/pause", "PUT", **headers)
        [paused] = [event for event in running.lines("events", task_id) if event["kind"] == "paused"]
        assert paused["actor"] == "ada"


@needs_openssl
def test_gateway_reaches_a_scheduler_with_a_certificate(tmp_path: Path):
    certificate, key = make_certificate(tmp_path, "localhost")
    env = {
        "ASYNCTASK_SCHEDULER_TLS_CERTIFICATE": str(certificate),
        "ASYNCTASK_SCHEDULER_TLS_KEY": str(key),
        "ASYNCTASK_TLS_AUTHORITIES": str(certificate),
    }
    with up(tmp_path / "data", env=env) as running:
        assert asked(f"{running.ready['gateway']}/api/v1/tasks")["tasks"] == []


def test_console_of_up_knows_the_address_for_commands(cluster: Up):
    """Fails when a person copies a command from the console of a cluster on other ports, and it finds none."""
    page = urllib.request.Request(cluster.ready["gateway"], headers={"Accept": "text/html"})
    with urllib.request.urlopen(page, timeout=60) as answer:
        assert f'<meta name="cli-address" content="{cluster.address}" />' in answer.read().decode()

"""docs/rest.md: each example runs as it stands there, against a gateway on another port."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from asynctask_gateway.rest.openapi import FILE
from tests.e2e.standalone.running import COMMAND, WITHIN_S, Up
from tests.support.gateways import RunningGateway

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "rest.md").read_text("utf-8")
ADDRESS = "127.0.0.1:7680"


@pytest.fixture(scope="module", autouse=True)
def hello(cluster: Up) -> Iterator[None]:
    """The executor that the page tells to start."""
    before = cluster.connected()
    with subprocess.Popen(
        [*COMMAND, "executor", "examples.hello"],
        cwd=ROOT,
        env=cluster.env | {"ASYNCTASK_ADDRESS": cluster.address},
    ) as process:
        try:
            cluster.until(cluster.submit("count"), "completed")
            while cluster.connected() <= before:
                assert process.poll() is None
            yield
        finally:
            process.kill()


def example(language: str, gateway: RunningGateway) -> str:
    (code,) = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    assert ADDRESS in code
    return code.replace(ADDRESS, gateway.address)


def run(*command: str, stdin: str = "") -> list[str]:
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.returncode == 0, done
    return done.stdout.splitlines()


def test_curl(gateway: RunningGateway) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed here")
    # Each answer on a line of its own, and the command fails where the answer is a problem.
    code = re.sub(r"curl -sS", r"curl -sS --fail-with-body -w '\\n'", example("sh", gateway))
    lines = run("sh", "-e", stdin=code)
    submitted, task, paused, resumed, patched, cancelled, attempts, events, *rest, deleted = map(
        json.loads, lines
    )
    logs, newest, found, by_text, failures, by_error = rest
    assert submitted["task_id"] == task["task_id"]
    assert paused["message"]
    assert re.search("[一-龥]", resumed["message"])
    assert patched["task"]["priority"] == 1
    assert cancelled["message"]
    assert {*attempts, *events, *logs} >= {"attempts", "events", "lines"}
    assert newest["lines"] == logs["lines"][::-1]
    assert {one["task_id"] for one in found["tasks"]} <= {task["task_id"]}
    assert task["task_id"] in {one["task_id"] for one in by_text["tasks"]}
    assert not failures.get("failures")
    assert not by_error.get("tasks")
    assert deleted["message"]


def test_python(gateway: RunningGateway) -> None:
    lines = run(sys.executable, "-", stdin=example("python", gateway))
    assert lines[-1] == "completed 100 % 5"


def test_javascript(gateway: RunningGateway) -> None:
    if not shutil.which("node"):
        pytest.skip("node is not installed here")
    code = example("js", gateway)
    assert code.count("\n") <= 25
    lines = run("node", "--input-type=module", "-", stdin=code)
    assert lines[-1] == "completed 100 % 5"


def test_every_path_that_is_named_exists() -> None:
    named = {(verb, path) for verb, path in re.findall(r"`(GET|POST|PUT) (/api/[^`?]*)`", TEXT)}
    assert len(named) >= 3
    documented = json.loads((files("asynctask_gateway.rest") / FILE).read_text("utf-8"))["paths"]
    assert named <= {(verb.upper(), path) for path, calls in documented.items() for verb in calls}

"""What stays says when the cluster goes away, and when it is back."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.standalone.running import COMMAND, executor, up
from tests.support.conditions import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_watch_says_once_that_the_connection_is_lost_and_once_that_it_is_back(tmp_path: Path):
    appears, out, err = tmp_path / "appears", tmp_path / "out", tmp_path / "err"
    with up(tmp_path / "data") as first, executor(first), out.open("w") as stdout, err.open("w") as stderr:
        task_id = first.submit("wait", {"until": str(appears)})
        first.until(task_id, "running")
        command = [*COMMAND, "watch", task_id, "--json", "--address", first.address]
        with subprocess.Popen(command, stdout=stdout, stderr=stderr) as watch:
            asyncio.run(eventually(lambda: out.read_text().endswith("\n"), 120))
            assert first.interrupt() == 0
            asyncio.run(eventually(lambda: "lost" in err.read_text(), 120))
            with up(tmp_path / "data"):
                asyncio.run(eventually(lambda: "is back" in err.read_text(), 120))
                appears.touch()
                assert watch.wait(120) == 0
    lost, back = (json.loads(line)["notice"] for line in err.read_text().splitlines())
    assert f"connection to {first.address} lost, trying again" in lost
    assert f"connection to {first.address} is back" in back
    said = [json.loads(line) for line in out.read_text().splitlines()]
    assert said[-1]["task_status"] == "completed"

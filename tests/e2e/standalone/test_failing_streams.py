"""Commands that change something, and whose output cannot be written: what is done is told all the same."""

import json
import os
import pty
import re
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from asynctask_standalone.cli.exits import Exit
from tests.e2e.standalone.running import COMMAND, FREE, HERE, WITHIN_S, Up

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
BAD = [pytest.param("full", marks=needs_full), "without a reader"]


@contextmanager
def bad_stdout(kind: str) -> Iterator[IO[bytes]]:
    """A file that takes nothing."""
    if kind == "full":
        with Path("/dev/full").open("wb") as full:
            yield full
        return
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        yield pipe


def run(cluster: Up, kind: str, *arguments: str, exit_code: int = Exit.OUTPUT) -> str:
    """What a command says on stderr whose stdout takes nothing."""
    with bad_stdout(kind) as stdout:
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            timeout=WITHIN_S,
            check=False,
            cwd=HERE,
            env=cluster.env | {"ASYNCTASK_ADDRESS": cluster.address, "PYTHONUNBUFFERED": ""},
        )
    assert done.returncode == exit_code, done
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("option", ["--json", "--watch"])
def test_accepted_task_is_named_though_stdout_cannot_be_written(cluster: Up, kind: str, option: str):
    said = run(cluster, kind, "submit", "count", "--config", '{"to": 1}', option)
    task_id = re.search(r"stdout cannot be written: .*; the task is accepted: ([0-9a-f-]{36})", said)
    assert task_id
    if option == "--json":
        found = json.loads(said)
        assert found["task_id"] == task_id[1]
        assert found["error"]["reason"] == "OUTPUT_FAILED"
    cluster.until(task_id[1], "completed")


@pytest.mark.parametrize("kind", BAD)
def test_every_task_is_changed_though_stdout_cannot_be_written(cluster: Up, kind: str):
    """Fails when a command stops at the first line that it cannot write."""
    ids = [cluster.submit("count", {"to": 1}, "--delay", "1h") for _ in range(2)]
    said = run(cluster, kind, "cancel", *ids)
    assert "every task was changed as asked" in said
    assert [cluster.json("get", one)["task_status"] for one in ids] == ["cancelled"] * 2


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_watch_does_not_end_as_if_all_had_completed(cluster: Up, kind: str, options: list[str]):
    task_id = cluster.submit("count", {"to": 1, "fails": True})
    cluster.until(task_id, "failed")
    assert "every task that was watched has ended" in run(cluster, kind, "watch", task_id, *options)


@pytest.mark.parametrize("kind", BAD)
def test_doctor_does_not_end_as_if_all_were_well(cluster: Up, kind: str):
    assert "the findings are not printed" in run(cluster, kind, "doctor")


def test_terminal_that_goes_away_ends_a_watch_without_a_traceback(cluster: Up):
    """Fails when what redraws the terminal, which is a thread of its own, complains on stderr."""
    task_id = cluster.submit("count", {"to": 1}, "--delay", "1h")
    outer, inner = pty.openpty()
    termios.tcsetwinsize(inner, (24, 200))
    process = subprocess.Popen(
        [*COMMAND, "watch", task_id, "--address", cluster.address],
        stdout=inner,
        stderr=subprocess.PIPE,
        text=True,
        env=cluster.env | {"TERM": "xterm", "PYTHONUNBUFFERED": ""},
    )
    os.close(inner)
    shown = b""
    while task_id.encode() not in shown:
        shown += os.read(outer, 4096)
    os.close(outer)
    cluster.cli("cancel", task_id)
    said = process.communicate(timeout=WITHIN_S)[1]
    assert process.returncode == Exit.OUTPUT
    assert said.startswith("error OUTPUT_FAILED: stdout cannot be written: Input/output error; ")
    assert said.count("\n") == 1


@needs_full
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_cluster_whose_addresses_cannot_be_told_is_stopped(tmp_path: Path, options: list[str]):
    """Fails when the data folder is blamed."""
    line = [*COMMAND, "up", "--data", str(tmp_path / "data"), *FREE, *options]
    with bad_stdout("full") as stdout:
        done = subprocess.run(
            line,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=WITHIN_S,
            env=os.environ | {"PYTHONUNBUFFERED": ""},
        )
    assert done.returncode == Exit.OUTPUT
    assert "No space left on device; the cluster is stopped, and everything is kept in" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("kind", "exit_code"),
    [
        pytest.param("full", Exit.OUTPUT, marks=needs_full),
        ("without a reader", Exit.OK),
    ],
)
def test_reader_of_a_list_may_have_seen_enough(cluster: Up, kind: str, exit_code: int):
    cluster.submit("count")
    said = run(cluster, kind, "list", exit_code=exit_code)
    assert ("No space left on device" in said) is (exit_code == Exit.OUTPUT)
    assert said.count("\n") == (exit_code == Exit.OUTPUT)


def test_config_from_a_closed_stdin_is_empty(cluster: Up):
    line = f"{' '.join(COMMAND)} submit count --config @- --address {cluster.address} <&-"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False, timeout=WITHIN_S)
    assert done.returncode == Exit.USAGE
    assert done.stderr.startswith("error INVALID_INPUT: config: stdin is not JSON")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_submit_with_a_closed_stream_succeeds(cluster: Up, closed: str):
    line = f"{' '.join(COMMAND)} submit count --address {cluster.address} {closed}"
    assert (
        subprocess.run(line, shell=True, capture_output=True, check=False, timeout=WITHIN_S).returncode == 0
    )

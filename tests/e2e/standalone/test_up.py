"""`asynctask up`: starts, stops, and comes back with everything after kills and crashes."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from asynctask.blocking import Client
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.e2e.standalone.running import COMMAND, FREE, executor, up
from tests.support.leftovers import command_lines_with

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
NOBODY = 65534


def test_tasks_are_kept_across_a_clean_restart_and_run_then(tmp_path: Path):
    with up(tmp_path / "data") as first:
        with executor(first):
            done = first.submit("count", {"to": 1})
            first.until(done, "completed")
        waiting = first.submit("count", {"to": 2})
        assert first.interrupt() == 0
        assert not any(part.is_alive for part in first.parts.values())
    with up(tmp_path / "data") as second:
        assert second.json("get", done)["task_status"] == "completed"
        with executor(second):
            second.until(waiting, "completed")


def test_everything_killed_at_once_comes_back_with_every_task(tmp_path: Path):
    with up(tmp_path / "data") as first:
        with executor(first):
            done = first.submit("count", {"to": 1})
            first.until(done, "completed")
        waiting = [first.submit("count", {"to": number}) for number in range(1, 4)]
        first.kill_everything()
    with up(tmp_path / "data") as second, executor(second):
        assert second.json("get", done)["task_status"] == "completed"
        for task_id in waiting:
            second.until(task_id, "completed")


def test_children_of_a_killed_supervisor_are_stopped_by_the_next(tmp_path: Path):
    with up(tmp_path / "data") as first:
        first.process.kill()
        first.process.wait()
    assert first.parts["postgres"].is_alive
    with up(tmp_path / "data") as second:
        assert not any(part.is_alive for part in first.parts.values())
        # Whoever had noted the addresses finds everything where it was.
        for name in ("address", "gateway", "registry_address", "postgres_url", "redis_url"):
            assert second.ready[name] == first.ready[name]


def test_every_part_that_is_killed_is_started_again(tmp_path: Path):
    with up(tmp_path / "data") as running, executor(running), Client(running.address) as client:
        for part in ("scheduler", "registry", "redis", "postgres"):
            os.kill(running.ready["pids"][part], signal.SIGKILL)
            # A client is patient: it repeats the submit until it knows that the task is there.
            task_id = client.submit("count", {"to": 1}, timeout=120)
            assert client.wait(task_id, timeout=120).state == "completed", part


def test_executor_stays_through_a_restart_and_finishes_its_task(tmp_path: Path):
    appears = tmp_path / "appears"
    with up(tmp_path / "data") as first, executor(first) as worker:
        task_id = first.submit("wait", {"until": str(appears)})
        first.until(task_id, "running")
        assert first.interrupt() == 0
        with up(tmp_path / "data") as second:
            assert second.address == first.address
            appears.touch()
            task = second.until(task_id, "completed")
            assert worker.poll() is None
            assert task["attempt_count"] in {1, 2}


def _refused(*options: str) -> tuple[int, dict[str, str]]:
    done = subprocess.run(
        [*COMMAND, "up", "--json", *options], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == ""
    return done.returncode, json.loads(done.stderr)["error"]


def test_second_up_on_the_same_folder_is_refused(tmp_path: Path):
    with up(tmp_path / "data") as running:
        code, error = _refused("--data", str(tmp_path / "data"), "--address", "127.0.0.1:0")
        assert (code, error["reason"]) == (4, "DATA_FOLDER_IN_USE")
        assert str(running.process.pid) in error["message"]


def test_address_that_is_taken_is_refused_with_a_free_one(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        code, error = _refused("--data", str(tmp_path / "data"), "--address", taken)
    assert (code, error["reason"]) == (4, "ADDRESS_TAKEN")
    assert taken in error["message"]
    assert "--address 127.0.0.1:" in error["message"]


def test_what_is_no_address_is_refused(tmp_path: Path):
    assert _refused("--data", str(tmp_path / "data"), "--address", "7600")[0] == 2


def test_store_of_ones_own_that_is_away_is_told_at_once(tmp_path: Path):
    url = "postgresql://nobody:secret@127.0.0.1:1/nothing"
    code, error = _refused(
        "--data", str(tmp_path / "data"), "--address", "127.0.0.1:0", "--postgres-url", url
    )
    assert (code, error["reason"]) == (5, "START_FAILED")
    assert "127.0.0.1:1" in error["message"]
    assert "secret" not in error["message"]


def test_failed_start_says_why_and_leaves_nothing_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # An address of nobody's, which only the scheduler itself finds out.
    monkeypatch.setenv("ASYNCTASK_SCHEDULER_METRICS_ADDRESS", "192.0.2.1:1")
    code, error = _refused("--data", str(tmp_path / "data"), *FREE)
    assert (code, error["reason"]) == (5, "START_FAILED")
    assert "scheduler did not start" in error["message"]
    assert "192.0.2.1" in error["message"]
    assert command_lines_with(str(tmp_path)) == []


def test_second_ctrl_c_does_not_wait_for_a_part_that_hangs(tmp_path: Path):
    with up(tmp_path / "data") as running:
        os.kill(running.ready["pids"]["scheduler"], signal.SIGSTOP)
        running.process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            running.process.wait(1)
        begun = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(120) == 0
        assert time.monotonic() - begun < 20  # and not after the grace period of 25 s
        assert not any(part.is_alive for part in running.parts.values())


async def test_stores_of_ones_own_are_used_and_left_running(tmp_path: Path):
    postgres, redis = EmbeddedPostgres(tmp_path / "postgres"), EmbeddedRedis(tmp_path / "redis")
    try:
        urls = ["--postgres-url", await postgres.start(), "--redis-url", await redis.start()]
        with up(tmp_path / "data", *urls) as running:
            assert set(running.ready["pids"]) == {"registry", "scheduler", "gateway"}
            with executor(running):
                running.until(running.submit("count"), "completed")
        assert postgres.is_running
        assert redis.is_running
    finally:
        await redis.stop()
        await postgres.stop()


@pytest.fixture
def everybodys_folder() -> Iterator[Path]:
    """A folder of nobody's; pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory(prefix="asynctask-test-", ignore_cleanup_errors=True) as name:
        os.chown(name, NOBODY, NOBODY)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator can become somebody else")
def test_ordinary_user_can_run_it(everybodys_folder: Path):
    setpriv = shutil.which("setpriv")
    if not setpriv:
        pytest.skip("needs setpriv")
    become = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    # This checkout may lie in a folder of the administrator's; an ordinary user has one of their own.
    reach = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"]
    env = {"HOME": str(everybodys_folder), "PYTHONDONTWRITEBYTECODE": "1"}
    with up(everybodys_folder / "data", env=env, command=[*become, *reach, *COMMAND]) as running:
        for pid in running.ready["pids"].values():
            assert Path(f"/proc/{pid}").stat().st_uid == NOBODY
        assert running.lines("list") == []


def test_human_output_names_the_addresses_and_the_folder(tmp_path: Path):
    with subprocess.Popen(
        [*COMMAND, "up", "--data", str(tmp_path / "data"), *FREE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        shown = ""
        for line in process.stdout:
            shown += line
            if "Ctrl-C" in line:
                break
        process.send_signal(signal.SIGTERM)
        shown += process.stdout.read()
        assert process.wait(120) == 0
    assert "AsyncTask is up" in shown
    assert str(tmp_path / "data") in shown
    first = shown[shown.index("AsyncTask is up") :].splitlines()[2]
    assert re.search(r"console, REST +http://127\.0\.0\.1:\d+", first)
    assert "export ASYNCTASK_ADDRESS=127.0.0.1:" in shown
    assert "Stopped." in shown

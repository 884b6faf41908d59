"""A task that no executor runs looks just like one that waits its turn: people are told, programs are not bothered."""

import asyncio
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from asynctask.blocking import Client
from tests.e2e.standalone.running import COMMAND, WITHIN_S, Up, executor
from tests.support.conditions import eventually

SAID = (
    "! no connected executor runs tasks of type seldom: start one with the module that declares the type; "
    "`asynctask executor --help` says how"
)


def serving_seldom(client: Client) -> list[str]:
    return [one.executor_id for one in client.executors() if one.connected and "seldom" in one.task_types]


@pytest.fixture
def waiting(cluster: Up) -> Iterator[str]:
    """A task whose type was declared by an executor that is gone."""
    with executor(cluster, target="seldom_run"):
        pass
    with Client(cluster.address) as client:
        asyncio.run(eventually(lambda: not serving_seldom(client), WITHIN_S))
        task_id = cluster.submit("seldom")
        yield task_id
        client.delete(task_id, force=True)


def told_on_a_terminal(cluster: Up, *arguments: str) -> str:
    """What a command writes to stderr, which is a terminal, as one line; stdout goes to a program."""
    screen, terminal = pty.openpty()
    env = cluster.env | {
        "ASYNCTASK_ADDRESS": cluster.address,
        "ASYNCTASK_COMMAND": "asynctask",
        "TERM": "dumb",
    }
    command = [*COMMAND, *arguments]
    with os.fdopen(screen, "rb", buffering=0) as seen:
        with os.fdopen(terminal, "wb") as shown:
            subprocess.run(
                command, stdout=subprocess.PIPE, stderr=shown, env=env, timeout=WITHIN_S, check=True
            )
            shown.write(b".")  # so that there is something to read
        return " ".join(seen.read(10_000).decode().removesuffix(".").split())


START = "To run it, start one with the module that declares the type; `asynctask executor --help` says how."


def test_get_explain_and_doctor_say_that_nobody_runs_it(cluster: Up, waiting: str):
    shown = cluster.cli("get", waiting).stdout
    assert "◌ queued (no executor)" in shown
    assert shown.endswith(f" {START}\n")
    told = cluster.json("explain", waiting)
    assert [reason["kind"] for reason in told["reasons"]] == ["no_executor"]
    assert cluster.cli("explain", waiting).stdout == f"◌ queued\n→ {told['summary']}\n! {START}\n"
    assert cluster.json("get", waiting)["task_status"] == "queued"
    assert (
        "1 ready task of type seldom, but no connected executor runs it"
        in cluster.cli("doctor", exit_code=1).stdout
    )


def test_submit_says_on_a_terminal_that_nobody_runs_it(cluster: Up, waiting: str):
    again = ("submit", "seldom", "--request-id", waiting)  # the same task
    assert told_on_a_terminal(cluster, *again) == SAID
    assert told_on_a_terminal(cluster, *again, "--json") == ""
    done = cluster.cli(*again)
    assert (done.stdout, done.stderr) == (f"{waiting}\n", "")


def test_watch_says_that_nobody_runs_it_and_goes_on_when_somebody_does(
    cluster: Up, waiting: str, tmp_path: Path
):
    out = tmp_path / "out"
    command = [*COMMAND, "watch", waiting, "--address", cluster.address, "--timeout", str(3 * WITHIN_S)]
    env = os.environ | {"ASYNCTASK_COMMAND": "asynctask"}
    with out.open("w") as stdout, subprocess.Popen(command, stdout=stdout, env=env) as watch:
        asyncio.run(eventually(lambda: SAID in out.read_text(), WITHIN_S))
        with executor(cluster, target="seldom_run"):
            assert watch.wait(WITHIN_S) == 0
    assert out.read_text().count(SAID) == 1

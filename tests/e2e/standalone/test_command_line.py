"""The command line against a real cluster: what scripts rely on."""

import getpass
import json
import os
import pty
import select
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.standalone.running import COMMAND, HERE, Up, executor

UNKNOWN = "01930000-0000-7000-8000-000000000000"


def test_submit_prints_the_task_id_alone_and_get_the_task_with_its_status(cluster: Up):
    submit = ("submit", "count", "--config", '{"to": 5}', "--priority", "2", "--json")
    answer = json.loads(cluster.shell(*submit).stdout)
    assert list(answer) == ["task_id"]
    cluster.until(answer["task_id"], "completed")
    task = json.loads(cluster.shell("get", answer["task_id"], "--json").stdout)
    assert task["task_id"] == answer["task_id"]
    assert task["task_type"] == "count"
    assert task["task_config"] == {"to": 5}
    assert task["priority"] == 2
    assert task["result"] == {"counted": 5}
    assert [stage["name"] for stage in task["stages"]] == ["look", "run"]


def test_config_is_read_from_a_file_or_stdin(cluster: Up, tmp_path: Path):
    (tmp_path / "config.json").write_text('{"to": 7}')
    named = json.loads(cluster.cli("submit", "count", "-c", f"@{tmp_path}/config.json", "--json").stdout)
    piped = json.loads(cluster.cli("submit", "count", "-c", "@-", "--json", stdin='{"to": 8}').stdout)
    assert cluster.json("get", named["task_id"])["task_config"] == {"to": 7}
    assert cluster.json("get", piped["task_id"])["task_config"] == {"to": 8}


def test_same_request_id_gives_the_same_task(cluster: Up):
    first = cluster.submit("count", None, "--request-id", "order-1")
    assert cluster.submit("count", None, "--request-id", "order-1") == first
    error = cluster.refusal("submit", "count", "-c", '{"to": 1}', "--request-id", "order-1", exit_code=4)
    assert error["reason"] == "REQUEST_ID_REUSED"


def test_list_prints_one_task_a_line_newest_first_and_filters(cluster: Up):
    ids = [cluster.submit("count", {"to": 1}, "--label", "test=list") for _ in range(3)]
    for task_id in ids:
        cluster.until(task_id, "completed")
    listed = cluster.lines("list", "--label", "test=list", "--type", "count", "--status", "completed")
    assert [task["task_id"] for task in listed] == ids[::-1]
    assert len(cluster.lines("list", "--label", "test=list", "--limit", "2")) == 2
    assert cluster.lines("list", "--label", "test=list", "--status", "failed") == []
    assert cluster.lines("list", "--label", "test=list", "--until", "1h") == []


def test_watch_ends_with_the_task_and_its_exit_code_tells_how(cluster: Up):
    good = cluster.submit("count", {"to": 3})
    bad = cluster.submit("count", {"to": 3, "fails": True})
    watched = cluster.shell("watch", good, "--json").stdout.splitlines()
    assert json.loads(watched[-1])["task_status"] == "completed"
    assert cluster.cli("watch", good).stdout.splitlines()[-1] == f'✔ {good}: {{"counted": 3}}'
    last = cluster.lines("watch", bad, exit_code=1)[-1]
    assert last["task_status"] == "failed"
    assert last["failure"]["error_type"] == "ValueError"
    assert "cannot count any further" in cluster.cli("watch", bad, exit_code=1).stdout


def test_watch_gives_up_after_its_timeout(cluster: Up, tmp_path: Path):
    task_id = cluster.submit("wait", {"until": str(tmp_path / "never")})
    done = cluster.cli("watch", task_id, "--timeout", "0.5", "--json", exit_code=6)
    assert json.loads(done.stderr)["error"]["reason"] == "TIMEOUT"
    cluster.cli("cancel", task_id)
    cluster.until(task_id, "cancelled")


def test_submit_can_stay_until_the_task_has_ended(cluster: Up):
    done = cluster.cli("submit", "count", "--watch", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0] == {"task_id": lines[-1]["task_id"]}
    assert lines[-1]["task_status"] == "completed"
    cluster.cli("submit", "count", "-c", '{"fails": true}', "--watch", exit_code=1)


def test_task_that_completed_with_warnings_is_no_plain_success(cluster: Up):
    done = cluster.cli("submit", "count", "-c", '{"skips": 51}', "-l", "test=warned", "--watch", exit_code=7)
    task_id = (
        next(line for line in done.stdout.splitlines() if "completed, but" in line).split()[1].strip(":")
    )
    assert "! completed, 51 skipped" in done.stdout
    plain = cluster.submit("count", {}, "--label", "test=warned")
    cluster.until(plain, "completed")
    assert cluster.lines("watch", task_id, exit_code=7)[-1]["warning_counts"] == {"SKIPPED": 51}
    warned = cluster.lines("list", "--warnings", "--label", "test=warned")
    assert [(one["task_id"], one["warning_count"]) for one in warned] == [(task_id, 51)]
    without = cluster.lines("list", "--no-warnings", "--label", "test=warned")
    assert [one["task_id"] for one in without] == [plain]
    assert "51 skipped in run, latest: every other number" in cluster.cli("get", task_id).stdout
    assert "! completed, 51 skipped" in cluster.cli("list", "--label", "test=warned").stdout


def test_task_is_paused_resumed_cancelled_restarted_and_deleted(cluster: Up, tmp_path: Path):
    appears = tmp_path / "appears"
    task_id = cluster.submit("wait", {"until": str(appears)})
    cluster.until(task_id, "running")
    cluster.cli("pause", task_id, "--reason", "maintenance")
    assert cluster.until(task_id, "paused")["command_reason"] == "maintenance"
    cluster.cli("resume", task_id)
    cluster.until(task_id, "running")
    cluster.cli("cancel", task_id)
    cluster.until(task_id, "cancelled")
    appears.touch()
    cluster.cli("restart", task_id, "--from-checkpoint")
    assert cluster.until(task_id, "completed")["run"] == 2
    assert cluster.json("delete", task_id) == {"task_id": task_id, "deleted": True}
    assert cluster.refusal("get", task_id, exit_code=3)["reason"] == "TASK_NOT_FOUND"


def test_every_id_is_tried_and_the_first_refusal_is_the_exit_code(cluster: Up):
    ended = cluster.submit("count")
    cluster.until(ended, "completed")
    later = cluster.submit("count", None, "--delay", "1h")
    done = cluster.cli("cancel", UNKNOWN, ended, later, "--json", exit_code=3)
    assert [json.loads(line)["task_id"] for line in done.stdout.splitlines()] == [later]
    refused = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(one["task_id"], one["error"]["reason"]) for one in refused] == [
        (UNKNOWN, "TASK_NOT_FOUND"),
        (ended, "WRONG_STATE"),
    ]
    done = cluster.cli("delete", "not-an-id", ended, later, exit_code=2)
    # A word that is no id is a slip of the hand: nothing is done to any task.
    assert done.stdout == ""
    assert "not-an-id" in done.stderr
    cluster.cli("delete", ended, later)


def test_refused_delete_names_the_option(cluster: Up):
    task_id = cluster.submit("count", None, "--delay", "1h")
    assert "delete it with --force" in cluster.cli("delete", task_id, exit_code=4).stderr
    cluster.cli("delete", task_id, "--force")


def test_nothing_to_show_is_said(cluster: Up):
    task_id = cluster.submit("count", None, "--delay", "1h")
    assert cluster.cli("logs", task_id).stderr == "No log lines.\n"
    assert cluster.cli("logs", task_id, "--json").stderr == ""
    assert cluster.cli("list", "--type", "nope").stdout == "No tasks of type 'nope'.\n"
    cluster.cli("delete", task_id, "--force")


def test_priority_and_labels_are_changed(cluster: Up):
    task_id = cluster.submit("count", None, "--delay", "1h")
    task = cluster.json("update", task_id, "--priority", "1", "--label", "a=b")
    assert (task["priority"], task["labels"], task["task_status"]) == (1, {"a": "b"}, "pending")
    assert task["waiting_for"] == "start_time"
    cluster.cli("delete", task_id, "--force")


def test_unknown_task_type_is_refused_and_the_known_ones_are_named(cluster: Up):
    error = cluster.refusal("submit", "nonsense", exit_code=2)
    assert error["reason"] == "UNKNOWN_TASK_TYPE"
    assert "count" in error["message"]
    assert "wait" in error["message"]
    assert "UNKNOWN_TASK_TYPE" in cluster.shell("submit", "nonsense", exit_code=2).stderr


def test_config_that_breaks_the_schema_names_every_path(cluster: Up):
    error = cluster.refusal("submit", "count", "-c", '{"to": "x", "fails": 3}', exit_code=2)
    assert error["reason"] == "CONFIG_INVALID"
    fields = " ".join(violation["field"] for violation in error["violations"])
    assert "to" in fields
    assert "fails" in fields


@pytest.mark.parametrize(
    "arguments",
    [
        ("submit", "count", "--config", "{"),
        ("submit", "count", "--config", "@/does/not/exist"),
        ("submit", "count", "--priority", "0"),
        ("submit", "count", "--priority", "9"),
        ("submit", "count", "--delay", "soon"),
        ("submit", "count", "--start-time", "noon"),
        ("submit", "count", "--label", "nothing"),
        ("list", "--status", "sleeping"),
        ("get", "not-an-id"),
        ("logs", UNKNOWN, "--level", "loud"),
        ("update", UNKNOWN),
    ],
)
def test_invalid_input_is_exit_code_2(cluster: Up, arguments: tuple[str, ...]):
    error = cluster.refusal(*arguments, exit_code=2)
    assert error["reason"] == "INVALID_INPUT"
    assert error["message"]


@pytest.mark.parametrize(
    "command",
    ["get", "watch", "logs", "attempts", "items", "events", "pause", "resume", "cancel", "restart", "delete"],
)
def test_unknown_id_is_exit_code_3(cluster: Up, command: str):
    error = cluster.refusal(command, UNKNOWN, exit_code=3)
    assert error["reason"] == "TASK_NOT_FOUND"
    assert UNKNOWN in error["message"]


def test_unknown_type_queue_and_executor_are_exit_code_3(cluster: Up):
    error = cluster.refusal("types", "nonsense", exit_code=3)
    assert error["reason"] == "TASK_TYPE_NOT_FOUND"
    exist = error["message"].partition("those that exist: ")[2]
    assert {"count", "wait"} <= set(exist.split(", "))
    assert cluster.refusal("queues", "nonsense", exit_code=3)["reason"] == "QUEUE_NOT_FOUND"
    assert cluster.refusal("drain", "nonsense", exit_code=3)["reason"] == "EXECUTOR_NOT_FOUND"


def test_wrong_state_is_exit_code_4_and_says_the_state(cluster: Up):
    task_id = cluster.submit("count")
    cluster.until(task_id, "completed")
    error = cluster.refusal("pause", task_id, exit_code=4)
    assert error["reason"] == "WRONG_STATE"
    assert "completed" in error["message"]


def test_silent_cluster_is_exit_code_5(cluster: Up):
    error = cluster.refusal("list", "--address", "127.0.0.1:1", exit_code=5)
    assert error["reason"] == "UNREACHABLE"
    assert "127.0.0.1:1" in error["message"]


def test_logs_attempts_events_types_executors_and_queues_are_lines_of_json(cluster: Up, tmp_path: Path):
    waiting = cluster.submit("wait", {"until": str(tmp_path / "never")})
    cluster.until(waiting, "running")  # a queue is listed while it has something
    task_id = cluster.submit("count", {"to": 2})
    cluster.until(task_id, "completed")
    logs = cluster.lines("logs", task_id, "--follow")
    assert [line["message"] for line in logs if line["stage"] == "look"] == ["going to count to 2"]
    assert [attempt["result"] for attempt in cluster.lines("attempts", task_id)] == ["success"]
    events = cluster.lines("events", task_id)
    kinds = ["created", "started", "stage_finished", "stage_finished", "completed"]
    assert [event["kind"] for event in events] == kinds
    assert "stage finished" in cluster.cli("events", task_id).stdout
    error = cluster.refusal("pause", waiting, "--if-version", "1", exit_code=4)
    assert error["reason"] == "VERSION_CHANGED"
    version = cluster.lines("get", waiting)[0]["version"]
    assert cluster.lines("pause", waiting, "--if-version", str(version))[0]["requested"] == "pause"
    cluster.cli("resume", waiting)
    told = [event["actor"] for event in cluster.lines("events", waiting) if event["kind"] == "resumed"]
    assert told == [f"{getpass.getuser()}@{socket.gethostname()}"]
    assert {one["name"] for one in cluster.lines("types")} >= {"count", "wait"}
    assert cluster.lines("executors")[0]["slots"] == 16
    assert [queue["name"] for queue in cluster.lines("queues")] == ["default"]
    assert cluster.lines("items", task_id) == []
    cluster.cli("cancel", waiting)
    cluster.until(waiting, "cancelled")


def test_people_get_tables(cluster: Up, tmp_path: Path):
    waiting = cluster.submit("wait", {"until": str(tmp_path / "never")})
    cluster.until(waiting, "running")
    task_id = cluster.submit("count", {"to": 2})
    cluster.until(task_id, "completed")
    assert task_id in cluster.cli("list").stdout
    assert "counted" in cluster.cli("get", task_id).stdout
    assert "look → run" in cluster.cli("types").stdout
    assert "success" in cluster.cli("attempts", task_id).stdout
    assert "connected" in cluster.cli("executors").stdout
    assert "default" in cluster.cli("queues").stdout
    assert "No items" in cluster.cli("items", task_id).stdout
    cluster.cli("cancel", waiting)
    cluster.until(waiting, "cancelled")


def test_drained_executor_ends_and_its_task_waits_for_another(cluster: Up, tmp_path: Path):
    with executor(cluster, "--name", "leaving", "--queue", "other", "--slots", "1") as leaving:
        task_id = cluster.submit("wait", {"until": str(tmp_path / "never")}, "--queue", "other")
        executor_id = cluster.until(task_id, "running")["executor_id"]
        cluster.cli("drain", executor_id)
        assert leaving.wait(120) == 0
    task = cluster.until(task_id, "queued")
    assert task["release_count"] == 1
    assert task["error_count"] == 0
    cluster.cli("cancel", task_id)


def test_doctor_finds_nothing_wrong(cluster: Up):
    deadline = time.monotonic() + 60
    while (done := cluster.cli("doctor", "--json", exit_code=None)).exit_code:
        assert time.monotonic() < deadline, done  # what other tests left is still being put away
    assert json.loads(done.stdout)["counts"] == []


def test_reader_that_has_seen_enough_is_no_error(cluster: Up):
    cluster.submit("count")
    shell = f"{' '.join(COMMAND)} list --json | head -c 1"
    env = cluster.env | {"ASYNCTASK_ADDRESS": cluster.address}
    done = subprocess.run(shell, shell=True, capture_output=True, text=True, timeout=120, env=env, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("no_such_module", "no module 'no_such_module'"),
        ("kinds_of_task:nothing", "it has count, shelf, wait"),
        ("kinds_of_task:Path", "not a TaskType"),
        ("json", "has no TaskType"),
    ],
)
def test_executor_that_cannot_be_loaded_says_what_there_is(cluster: Up, target: str, says: str):
    assert says in cluster.shell("executor", target, exit_code=2).stderr


def test_help_answers_without_loading_grpc():
    load = "import sys; from asynctask_standalone.cli.app import app"
    heavy = "[name for name in ('grpc', 'google.protobuf', 'redis', 'asyncpg') if name in sys.modules]"
    subprocess.run(
        [COMMAND[0], "-c", f"{load}; sys.exit(str({heavy}) if {heavy} else 0)"], check=True, timeout=120
    )


def test_watch_draws_bars_on_a_terminal(cluster: Up, tmp_path: Path):
    appears = tmp_path / "appears"
    task_id = cluster.submit("wait", {"until": str(appears)})
    cluster.until(task_id, "running")
    screen, terminal = pty.openpty()
    env = cluster.env | {"ASYNCTASK_ADDRESS": cluster.address, "TERM": "xterm-256color", "COLUMNS": "120"}
    with subprocess.Popen(
        [*COMMAND, "watch", task_id], stdout=terminal, stderr=terminal, cwd=HERE, env=env
    ) as process:
        os.close(terminal)
        seen = b""
        deadline = time.monotonic() + 120
        while process.poll() is None or select.select([screen], [], [], 0)[0]:
            assert time.monotonic() < deadline
            if select.select([screen], [], [], 0.2)[0]:
                try:
                    seen += os.read(screen, 65536)
                except OSError:  # the other end is closed
                    break
            if "running" in seen.decode(errors="replace"):
                appears.touch()
        assert process.wait(120) == 0
    os.close(screen)
    text = seen.decode(errors="replace")
    assert "━" in text
    assert "completed" in text

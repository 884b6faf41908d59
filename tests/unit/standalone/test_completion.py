"""What the shell offers at TAB."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from typer.testing import CliRunner

from asynctask_protos.scheduler.v1 import (
    executor_service_pb2,
    executor_service_pb2_grpc,
    queue_service_pb2,
    queue_service_pb2_grpc,
    task_service_pb2,
    task_service_pb2_grpc,
    task_type_service_pb2,
    task_type_service_pb2_grpc,
)
from asynctask_protos.task.v1 import state_pb2, task_pb2, task_type_pb2
from asynctask_standalone.cli import completion
from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.completion import executor_ids, queue_names, task_ids, task_types, words


class Tasks(task_service_pb2_grpc.TaskServiceServicer):
    asked: task_service_pb2.ListTasksRequest

    def ListTasks(self, request, context):  # noqa: N802 - gRPC names it
        self.asked = request
        running = state_pb2.TASK_STATE_RUNNING
        tasks = [
            task_pb2.Task(task_id=f"019{number}", task_type="count", task_status=running)
            for number in range(3)
        ]
        return task_service_pb2.ListTasksResponse(tasks=tasks)


class Types(task_type_service_pb2_grpc.TaskTypeServiceServicer):
    def ListTaskTypes(self, request, context):  # noqa: N802
        types = [task_type_pb2.TaskType(name=name, description=f"{name}s.") for name in ("count", "wait")]
        return task_type_service_pb2.ListTaskTypesResponse(task_types=types)


class Queues(queue_service_pb2_grpc.QueueServiceServicer):
    def ListQueues(self, request, context):  # noqa: N802
        return queue_service_pb2.ListQueuesResponse(queues=[queue_service_pb2.Queue(name="default", depth=2)])


class Executors(executor_service_pb2_grpc.ExecutorServiceServicer):
    def ListExecutors(self, request, context):  # noqa: N802
        executors = [
            executor_service_pb2.Executor(executor_id="17953", display_name="host-1", connected=True),
            executor_service_pb2.Executor(executor_id="17954", display_name="host-2", connected=False),
        ]
        return executor_service_pb2.ListExecutorsResponse(executors=executors)


def stub(kind: type[Any]) -> Any:
    """A service of which only what is asked for is there; the rest is abstract."""
    return kind()


@pytest.fixture
def scheduler(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Tasks]]:
    """The address of a scheduler that knows a few things, and what it was asked."""
    for name in ("_CONNECT_S", "_GREETING_S", "_ANSWER_S"):
        monkeypatch.setattr(completion, name, 60.0)  # a busy machine is not what is tested here
    tasks = stub(Tasks)
    server = grpc.server(ThreadPoolExecutor(1))
    task_service_pb2_grpc.add_TaskServiceServicer_to_server(tasks, server)
    task_type_service_pb2_grpc.add_TaskTypeServiceServicer_to_server(stub(Types), server)
    queue_service_pb2_grpc.add_QueueServiceServicer_to_server(stub(Queues), server)
    executor_service_pb2_grpc.add_ExecutorServiceServicer_to_server(stub(Executors), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}", tasks
    finally:
        server.stop(None).wait()


def at(address: str, command: str = "get", **params: Any) -> Any:
    """Where the cursor is."""
    return SimpleNamespace(info_name=command, params={"address": address, **params})


def test_words_that_begin_alike_are_offered():
    assert words(("pending", "paused", "running"))("pa") == ["paused"]


def test_newest_tasks_are_offered_with_type_and_state(scheduler: tuple[str, Tasks]):
    address, _ = scheduler
    assert task_ids(at(address), "0191") == [("0191", "count running")]
    assert len(task_ids(at(address), "")) == 3


def test_id_that_is_given_already_is_not_offered_again(scheduler: tuple[str, Tasks]):
    address, _ = scheduler
    assert [word for word, _ in task_ids(at(address, "cancel", ids=["0191"]), "")] == ["0190", "0192"]


def test_only_tasks_in_states_that_the_command_is_for_are_asked_for(scheduler: tuple[str, Tasks]):
    address, tasks = scheduler
    task_ids(at(address, "restart"), "")
    assert set(tasks.asked.filter.task_states) == {
        state_pb2.TASK_STATE_COMPLETED,
        state_pb2.TASK_STATE_FAILED,
        state_pb2.TASK_STATE_CANCELLED,
    }
    task_ids(at(address, "get"), "")
    assert not tasks.asked.filter.task_states


def test_types_queues_and_executors_are_offered(scheduler: tuple[str, Tasks]):
    address, _ = scheduler
    assert task_types(at(address), "c") == [("count", "counts.")]
    assert queue_names(at(address), "") == [("default", "2 ready, 0 running")]
    assert executor_ids(at(address), "") == [("17953", "host-1")]


def test_nothing_is_offered_where_nobody_answers():
    for offer in (task_ids, task_types, queue_names, executor_ids):
        assert offer(at("127.0.0.1:1"), "") == []
        assert offer(at("no address"), "") == []


def test_shell_asks_the_scheduler_that_the_line_names(scheduler: tuple[str, Tasks]):
    address, _ = scheduler
    offered = completed(f"asynctask submit --address {address} ")
    assert offered in (["count", "wait"], [])  # none where the machine is too busy to answer in time


def loaded_by(*arguments: str) -> list[str]:
    """Which of the packages that take long to load a command has loaded when it ends."""
    heavy = (
        "typer",
        "rich.console",
        "grpc",
        "grpc.aio",
        "asyncio",
        "typing_extensions",
        "google.protobuf",
        "google.protobuf.internal.python_message",
        "pydantic",
        "structlog",
        "asynctask._task",
        "asynctask._codec",
        "asynctask._client.client",
        "asynctask._client.info_cluster",
        "asynctask._client.info_history",
        "asynctask._client.submit",
        "asynctask._executor.executor",
    )
    line = f"""
import atexit, sys
from asynctask_standalone.__main__ import main
atexit.register(lambda: print("loaded:", *(one for one in {heavy} if one in sys.modules)))
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", line, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout.rpartition("loaded:")[2].split()


def test_command_loads_only_what_it_needs(scheduler: tuple[str, Tasks]):
    assert loaded_by("--version") == []
    assert loaded_by("--help") == ["typer", "rich.console"]
    address, _ = scheduler
    assert loaded_by("list", "--address", address) == ["grpc", "google.protobuf"]
    assert loaded_by("list", "--limit", "3", "--address", address) == ["typer", "grpc", "google.protobuf"]


def completed(line: str) -> list[str]:
    """What bash is told at TAB at the end of the line."""
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split())), "_ASYNCTASK_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-m", "asynctask_standalone"],
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_shell_completes_states_without_a_cluster():
    """Also where the command was called by a path, as here."""
    assert completed("asynctask list --address 127.0.0.1:1 --status ")[0] == "pending"
    assert completed("asynctask get --address 127.0.0.1:1 ") == []


@pytest.mark.parametrize("option", ["--install-completion", "--show-completion"])
def test_checkout_is_told_how_its_command_gets_completion(
    option: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Shells complete a command by one word: what was installed for `./dev cli` was an error in every new shell."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ASYNCTASK_COMMAND", "./dev cli")
    done = CliRunner().invoke(app, [option], prog_name="./dev cli")
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"put {Path(sys.executable).parent} on your PATH" in done.stderr
    assert f"run `asynctask {option}`" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert option not in CliRunner().invoke(app, ["--help"], prog_name="./dev cli").output


def test_command_on_the_path_has_completion(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ASYNCTASK_COMMAND", raising=False)
    assert "--install-completion" in CliRunner().invoke(app, ["--help"], prog_name="asynctask").output

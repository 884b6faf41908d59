"""Clients that know nothing but the contracts: Node, and tools that read the server's reflection, as grpcurl does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_service_pb2_grpc import TaskServiceStub
from asynctask_protos.task.v1.state_pb2 import TASK_STATE_COMPLETED
from tests.e2e.standalone.running import WITHIN_S, Up

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SERVICES = (
    "TaskService",
    "ExecutorService",
    "QueueService",
    "TaskTypeService",
    "OverviewService",
    "DoctorService",
    "HealthService",
)


@pytest.fixture(scope="module")
def node_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its packages, as `npm ci` installs them, beside the contracts."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed here")
    root = tmp_path_factory.mktemp("node")
    example = root / "examples" / "node"
    shutil.copytree(ROOT / "examples" / "node", example, ignore=shutil.ignore_patterns("node_modules"))
    for folder in ("asynctask", "google"):
        shutil.copytree(ROOT / "protos" / folder, root / "protos" / folder)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--prefer-offline"],
        cwd=example,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode and "npm error network" in done.stderr:
        pytest.skip("npm cannot reach a registry here")
    assert done.returncode == 0, done.stderr
    return example


def run_node(example: Path, cluster: Up, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "submit_and_watch.js", *arguments],
        cwd=example,
        env=os.environ | {"ASYNCTASK_ADDRESS": cluster.address},
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )


def test_node_client_submits_and_watches_until_the_task_ends(node_example: Path, cluster: Up) -> None:
    done = run_node(node_example, cluster, "count", '{"to": 5}')
    assert done.returncode == 0, done
    submitted, *states = done.stdout.splitlines()
    task_id = submitted.removeprefix("submitted ")
    assert states[-1] == "completed 100 %"
    assert cluster.json("get", task_id)["result"] == {"counted": 5}


def test_node_client_tells_why_a_task_failed_and_what_was_refused(node_example: Path, cluster: Up) -> None:
    failed = run_node(node_example, cluster, "count", '{"fails": true}')
    assert failed.returncode == 1
    assert "cannot count any further" in failed.stdout
    refused = run_node(node_example, cluster, "count", '{"to": "many"}')
    assert refused.returncode == 1
    assert refused.stderr.startswith("INVALID_ARGUMENT: ")


def test_lock_file_of_node_names_no_registry() -> None:
    lock = json.loads((ROOT / "examples" / "node" / "package-lock.json").read_text("utf-8"))
    assert lock["packages"]["node_modules/@grpc/grpc-js"]["integrity"]
    assert not [name for name, about in lock["packages"].items() if "resolved" in about]


def test_watch_goes_on_after_a_task_has_ended_and_tells_its_restart(cluster: Up) -> None:
    task_id = cluster.submit("count")
    with grpc.insecure_channel(cluster.address) as channel:
        stub = TaskServiceStub(channel)
        watch = stub.WatchTasks(pb.WatchTasksRequest(task_ids=[task_id]), timeout=WITHIN_S)
        seen = (task for message in watch for task in message.tasks)
        ended = next(task for task in seen if task.task_status == TASK_STATE_COMPLETED)
        stub.RestartTask(pb.RestartTaskRequest(task_id=task_id))
        again = next(task for task in seen if task.run > ended.run)
        assert again.version > ended.version
        watch.cancel()


def test_reflection_describes_every_service_to_the_last_message(cluster: Up) -> None:
    """What grpcurl does: list the services, find what they are made of, build a request, read the answer."""
    with grpc.insecure_channel(cluster.address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        names = {name for name in database.get_services() if name.startswith("asynctask.")}
        assert names == {f"asynctask.scheduler.v1.{name}" for name in SERVICES}
        pool = DescriptorPool(database)
        for name in names:
            for method in pool.FindServiceByName(name).methods:
                assert GetMessageClass(method.input_type)
                assert GetMessageClass(method.output_type)
        # Details of errors travel as Any, which only a client that finds their types can show.
        for name in ("ErrorInfo", "BadRequest", "RetryInfo"):
            assert pool.FindMessageTypeByName(f"google.rpc.{name}")
        request = GetMessageClass(pool.FindMessageTypeByName("asynctask.scheduler.v1.ListTasksRequest"))
        response = GetMessageClass(pool.FindMessageTypeByName("asynctask.scheduler.v1.ListTasksResponse"))
        call: Any = channel.unary_unary(
            "/asynctask.scheduler.v1.TaskService/ListTasks",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )
        task_id = cluster.submit("count")
        answer: Any = call(request(page_size=1000), timeout=WITHIN_S)
        assert task_id in {task.task_id for task in answer.tasks}

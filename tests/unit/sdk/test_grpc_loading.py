"""When gRPC is loaded, and how: an executor turns its fork support off, everybody else's wishes are respected."""

import os
import subprocess
import sys

import pytest

HOW = """
import importlib.abc, os, sys

class Watch(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "grpc._cython.cygrpc":
            print("loaded with", os.environ.get("GRPC_ENABLE_FORK_SUPPORT"))

sys.meta_path.insert(0, Watch())
import asynctask
kind = asynctask.TaskType("kind")
@kind.stage
async def work(ctx): ...
"""


def run(program: str, **env: str) -> list[str]:
    """What a program prints, in a process of its own, since gRPC is loaded once in a process."""
    before = {name: value for name, value in os.environ.items() if not name.startswith("GRPC_")}
    done = subprocess.run(
        [sys.executable, "-c", HOW + program],
        env=before | env,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.splitlines()


def test_public_names_can_be_used_without_loading_grpc() -> None:
    """Fails when the import decides what the program has not said yet: whether it is an executor."""
    assert run("for name in asynctask.__all__: getattr(asynctask, name)\nprint('grpc' in sys.modules)") == [
        "False"
    ]


def test_executor_loads_grpc_without_fork_support_and_leaves_the_environment_alone() -> None:
    """Programs that a handler starts inherit the environment, and may wish otherwise."""
    program = "asynctask.Executor([kind])\nprint(os.environ.get('GRPC_ENABLE_FORK_SUPPORT'))"
    assert run(program) == ["loaded with 0", "None"]


@pytest.mark.parametrize("wish", ["0", "1"])
def test_executor_respects_what_the_environment_says(wish: str) -> None:
    assert run("asynctask.Executor([kind])", GRPC_ENABLE_FORK_SUPPORT=wish) == [f"loaded with {wish}"]


def test_client_leaves_grpc_as_it_is() -> None:
    """A program that forks and calls gRPC in its children needs the support: they hang without it."""
    program = "client = asynctask.blocking.Client('127.0.0.1:1')\nasynctask.blocking.grpc.StatusCode.OK"
    assert run(program) == ["loaded with None"]


def test_second_executor_of_a_process_finds_grpc_as_the_first_loaded_it() -> None:
    """The command line loads gRPC before the modules that it is told of, and the executor warned of that."""
    program = "from asynctask._grpc import load_for_executor\nprint(load_for_executor(), load_for_executor())"
    assert run(program) == ["loaded with 0", "True True"]


@pytest.mark.parametrize(("before", "warns"), [("import grpc", True), ("", False)])
def test_executor_says_when_grpc_was_loaded_before_it(before: str, warns: bool) -> None:
    program = f"""
import asyncio, logging
{before}
logging.basicConfig(stream=sys.stdout, format="%(message)s")
executor = asynctask.Executor([kind], address="127.0.0.1:1")
async def main():
    serving = asyncio.ensure_future(executor.serve())
    await asyncio.sleep(0)
    executor.stop()
    await serving
asyncio.run(main())
"""
    assert any(line.startswith("executor.forks_may_crash") for line in run(program)) is warns

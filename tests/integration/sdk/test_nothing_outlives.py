"""Nothing that a process handler started outlives it, however it ends: real processes, killed for real."""

import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from asynctask import Executor
from asynctask._handler import guard, handler_process
from asynctask_protos.task.v1 import state_pb2
from tests.integration.sdk import handlers_with_children as handlers
from tests.integration.sdk.loopback import LoopbackScheduler, running_executor, running_loopback
from tests.support.alive import is_running
from tests.support.conditions import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs a subreaper, which Linux alone has")

FAMILY = (*handlers.MEMBERS, "grandchild", "handler", "guard")


@pytest.fixture
async def scheduler() -> AsyncIterator[tuple[LoopbackScheduler, str]]:
    # A lease so long that a busy machine loses none.
    async with running_loopback(lease_ms=120_000) as running:
        yield running


@pytest.fixture
async def here(scheduler: tuple[LoopbackScheduler, str]) -> AsyncIterator[LoopbackScheduler]:
    """A scheduler with an executor in this process."""
    cluster, address = scheduler
    async with running_executor(Executor(handlers.TYPES, address=address, grace="5s")):
        await cluster.connected()
        yield cluster


def config(folder: Path, way: str = "") -> str:
    return json.dumps({"folder": str(folder), "way": way})


async def pids_of(folder: Path) -> dict[str, int]:
    """Everybody of the family, once all have said who they are."""

    files = {name: folder / f"{name}.pid" for name in FAMILY}
    await eventually(lambda: all(file.exists() and file.read_text() for file in files.values()))
    return {name: int(file.read_text()) for name, file in files.items()}


def running(pids: dict[str, int]) -> list[str]:
    """Who of the family still runs."""
    return [name for name, pid in pids.items() if is_running(pid)]


def no_signal_waits(pid: int) -> bool:
    """Whether a process has taken every signal that was sent to it, or has ended by one."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return True
    waiting = {line.split()[0]: int(line.split()[1], 16) for line in lines if "Pnd:" in line}
    return not any(waiting.values())


@pytest.mark.parametrize("way", ["sleeps", "holds the GIL"])
async def test_cancel_ends_everything_that_the_handler_started(here, tmp_path, way):
    """Fails when only the handler's process is ended, or its process group, or when the outcome comes before that."""
    assignment = here.assign(handlers.family, config(tmp_path, way))
    pids = await pids_of(tmp_path)
    here.request(assignment, state_pb2.REQUESTED_CANCEL)
    await here.has_ended(assignment, "CANCELLED")
    assert not running(pids)


async def test_timeout_ends_everything_that_the_handler_started(here, tmp_path):
    assignment = here.assign(handlers.brief, config(tmp_path))
    outcome = await here.has_ended(assignment, "FAILED")
    assert outcome.failure.reason == "STAGE_TIMEOUT"
    assert not running({file.stem: int(file.read_text()) for file in tmp_path.glob("*.pid")})


async def test_lost_lease_ends_everything_that_the_handler_started(here, tmp_path):
    assignment = here.assign(handlers.family, config(tmp_path))
    pids = await pids_of(tmp_path)
    here.lose(assignment)
    await eventually(lambda: not running(pids))


@pytest.mark.parametrize("way", ["returns", "dies"])
async def test_handler_that_ends_leaves_nothing_behind(here, tmp_path, way):
    assignment = here.assign(handlers.family, config(tmp_path, way))
    pids = await pids_of(tmp_path)
    await here.has_ended(assignment, "SUCCESS" if way == "returns" else "FAILED")
    assert not running(pids)


@pytest.mark.parametrize("whom", ["the executor", "its process group"])
async def test_nothing_outlives_an_executor_that_is_killed(scheduler, processes, tmp_path, whom):
    """Fails when a guard dies with its executor, or does not see that it is gone."""
    cluster, address = scheduler
    executor = processes.python(
        "executor", "-m", "tests.integration.sdk.handlers_with_children", ASYNCTASK_ADDRESS=address
    )
    executor.spawn()
    await cluster.connected()
    pids: dict[str, int] = {}
    for way in ("sleeps", "holds the GIL"):
        folder = tmp_path / way
        folder.mkdir()
        cluster.assign(handlers.family, config(folder, way))
        pids |= {f"{name} of one that {way}": pid for name, pid in (await pids_of(folder)).items()}
    if whom == "the executor":
        os.kill(executor.pid, signal.SIGKILL)
    else:
        os.killpg(executor.pid, signal.SIGKILL)
    await eventually(lambda: not running(pids))


async def test_guard_takes_no_notice_of_signals_for_its_executor(here, tmp_path):
    """Service managers send SIGTERM to every process. Fails when a guard ends by it and leaves the others running."""
    assignment = here.assign(handlers.family, config(tmp_path))
    pids = await pids_of(tmp_path)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        os.kill(pids["guard"], number)
    await eventually(lambda: no_signal_waits(pids["guard"]))
    assert len(running(pids)) == len(pids)
    here.request(assignment, state_pb2.REQUESTED_CANCEL)
    await here.has_ended(assignment, "CANCELLED")
    assert not running(pids)


async def test_guard_that_is_killed_fails_its_task_and_leaves_nothing_behind(here, tmp_path):
    """Fails when the executor waits for ever for what the guard would have said."""
    assignment = here.assign(handlers.family, config(tmp_path))
    pids = await pids_of(tmp_path)
    os.kill(pids["guard"], signal.SIGKILL)
    outcome = await here.has_ended(assignment, "FAILED")
    assert outcome.failure.message == (
        "the handler's process was lost: the process that guards it was ended from outside"
    )
    assert not running(pids)


ELSEWHERE = """
import sys
sys.path.append({folder!r})
import process_table
process_table.ON_LINUX = False
import guard
guard.main(sys.argv[1:])
"""


@pytest.mark.skipif(
    shutil.which("ps") is None, reason="needs ps, by which a guard looks where there is no /proc"
)
@pytest.mark.parametrize("way", ["returns", "is cancelled"])
async def test_guard_ends_where_there_is_no_subreaper(here, tmp_path, monkeypatch, way):
    """As on macOS. Fails when the guard takes its own `ps` for something that is left, and looks for ever."""
    script = tmp_path / "elsewhere.py"
    script.write_text(ELSEWHERE.format(folder=str(Path(guard.__file__).parent)))
    monkeypatch.setattr(handler_process, "GUARD_SCRIPT", str(script))
    assignment = here.assign(handlers.family, config(tmp_path, way))
    pids = await pids_of(tmp_path)
    if way == "is cancelled":
        here.request(assignment, state_pb2.REQUESTED_CANCEL)
    await here.has_ended(assignment, "SUCCESS" if way == "returns" else "CANCELLED")
    left = running(pids)
    for name in left:
        with suppress(ProcessLookupError):
            os.kill(pids[name], signal.SIGKILL)
    # Out of its reach there: what left the group and lost its parent.
    assert set(left) <= {"daemon", "session"}


@pytest.mark.parametrize("last", [b"", b"\0\0\0\x09half"])
def test_pipe_that_somebody_else_holds_ends_with_everything_below_the_guard(last):
    """Fails when the executor waits for what a process that it cannot end, such as one of `sudo`, holds open."""
    process = handler_process.GuardedProcess()
    held = process._theirs
    try:
        held.send("said before")
        os.write(held.fileno(), last)
        process._guards.send(b"started 1\nended 0 100 1\n")
        process._guards.close()
        assert list(process.messages()) == ["said before"]
    finally:
        for file in (held, process.connection, process._control):
            file.close()

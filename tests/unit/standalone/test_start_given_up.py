"""Ctrl-C while `up` starts: the prompt is back, and nothing of the start goes on behind it."""

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from asynctask_standalone.stores.abandoned import HelperPrograms, in_daemon_thread
from asynctask_standalone.stores.child import EmbeddedStore
from asynctask_standalone.stores.errors import StoreError
from tests.support.conditions import eventually


class SlowToPrepare(EmbeddedStore):
    """A store whose first start runs a program without an end, which has a child, as `initdb` has."""

    name = "slow"
    stop_signals = (signal.SIGKILL,)

    @property
    def url(self) -> str:
        return "slow://"

    def _prepare(self) -> None:
        script = f"cd {self.data_dir}; sleep 3600 & echo $! > child.new; mv child.new child; wait"
        self._helpers.run(["sh"], script=script, env=dict(os.environ), timeout_s=3600)

    def _command(self) -> list[str]:
        raise AssertionError("it is never prepared")

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        raise AssertionError

    def _stale_pid(self) -> int | None:
        return None

    def _is_ours(self, command_line: Sequence[str]) -> bool:
        raise AssertionError


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes as Linux shows them")
async def test_first_start_that_is_given_up_ends_the_program_that_it_runs(tmp_path: Path):
    """Fails when Ctrl-C waits until `initdb` is done, or leaves it running in a folder that is free again."""
    store = SlowToPrepare(tmp_path / "store")
    starting = asyncio.create_task(store.start())
    child = tmp_path / "store" / "child"
    await eventually(child.exists, timeout=60)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await eventually(lambda: not is_alive(int(child.read_text())), timeout=60)
    again = SlowToPrepare(tmp_path / "store")
    again.folder.take()  # it has no other owner
    again.folder.release()


def test_no_program_begins_after_the_start_was_given_up():
    programs = HelperPrograms()
    programs.end()
    with pytest.raises(StoreError, match="given up"):
        programs.run(["true"], script="", env={}, timeout_s=60)
    programs.begin()
    assert programs.run(["echo", "done"], script="", env=dict(os.environ), timeout_s=60) == (0, "done")


async def test_thread_that_blocks_holds_up_neither_a_cancelled_wait_nor_the_end_of_the_process():
    """Fails when Ctrl-C waits for what `asyncio.to_thread` runs: `asyncio.run` does."""
    go_on, runs = threading.Event(), threading.Event()

    def block() -> None:
        runs.set()
        go_on.wait()

    waiting = asyncio.create_task(in_daemon_thread("blocks", block))
    try:
        await eventually(runs.is_set)
        [thread] = [one for one in threading.enumerate() if one.name == "blocks"]
        assert thread.daemon
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    finally:
        go_on.set()
    assert await in_daemon_thread("adds", lambda: 1 + 1) == 2
    with pytest.raises(ZeroDivisionError):
        await in_daemon_thread("divides", lambda: 1 // 0)

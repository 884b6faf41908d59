"""The end of an executor that has no lease left and a handler that does not stop."""

import os
import subprocess
import sys
import textwrap

import pytest

from asynctask._executor.running import FENCED_EXIT
from tests.support.alive import is_running
from tests.support.conditions import eventually

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform cannot fork")


async def test_executor_that_ends_itself_ends_what_its_threads_started() -> None:
    """Fails when a program that a thread handler started goes on beside the task's next attempt."""
    program = textwrap.dedent("""
        import subprocess
        from asynctask._executor import running
        shell = subprocess.Popen(["sh", "-c", "sleep 3600 & echo $!; wait"], stdout=subprocess.PIPE, text=True)
        print(shell.pid, shell.stdout.readline(), flush=True)
        running._end_process()
    """)
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == FENCED_EXIT
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 2
    await eventually(lambda: not any(is_running(pid) for pid in pids))

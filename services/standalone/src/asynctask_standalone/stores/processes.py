"""Helpers for processes and ports that the standard library lacks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import subprocess
from pathlib import Path


async def exit_code(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of `process` without a thread, and on Linux without polling."""
    if process.poll() is not None:
        return process.returncode
    try:
        descriptor = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # macOS, old kernels
        while process.poll() is None:  # noqa: ASYNC110 - there is nothing to wait for
            await asyncio.sleep(0.1)
        return process.returncode
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    try:
        while process.poll() is None:
            ended.clear()
            await ended.wait()
        return process.returncode
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def command_line(pid: int) -> list[str]:
    """The arguments of a living process; empty when there is none, or it is a zombie."""
    path = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return [os.fsdecode(argument) for argument in path.read_bytes().split(b"\0") if argument]
        return []
    listed = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.split()


def free_port() -> int:
    """A free TCP port of this machine, below the range for outgoing connections.

    A port in that range could be taken by a connection while the server restarts, even by one of its own clients that
    tries to reach it from that very port.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        if port_is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port: int) -> bool:
    """Whether a server could listen on `port` of this machine now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

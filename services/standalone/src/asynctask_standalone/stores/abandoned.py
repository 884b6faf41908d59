"""Work of a start that can be cancelled: after Ctrl-C the prompt is back at once, and no work goes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from asynctask_standalone.stores.errors import StoreError

T = TypeVar("T")

_POLITELY_S = 1.0
"""Seconds that a program gets to clean up."""


async def in_daemon_thread(name: str, body: Callable[[], T]) -> T:
    """Run a blocking function in a thread. Neither a cancelled caller nor the end of the process waits for it."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if ended.done():
            return
        if error is not None:
            ended.set_exception(error)
        else:
            ended.set_result(result)  # type: ignore[arg-type] - it is the result where there is no error

    def run() -> None:
        result: T | None = None
        error: Exception | None = None
        try:
            result = body()
        except Exception as raised:  # noqa: BLE001 - raised again in the caller
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop is closed, so no caller waits any more
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await ended


class HelperPrograms:
    """Runs programs in a thread, such as `initdb`; `end` stops the present one, and later ones fail."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: subprocess.Popen[str] | None = None
        self._is_over = False

    def begin(self) -> None:
        """Allow programs, also after an `end`."""
        self._is_over = False

    def run(
        self, command: Sequence[str], *, script: str, env: Mapping[str, str], timeout_s: float
    ) -> tuple[int, str]:
        """Run a program with `script` as its input; gives its exit code and its output.

        Raises:
            StoreError: it took too long, or `end` was called.
        """
        with self._lock:
            if self._is_over:
                raise StoreError("the start was given up")
            process = self._running = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd="/",
                env=dict(env),
                start_new_session=True,  # a process group for it and all that it starts
            )
        try:
            said, complained = process.communicate(script, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.communicate()
            raise StoreError(f"{' '.join(command)} was not done after {timeout_s:.0f} s") from None
        return process.returncode, (complained or said).strip()

    def end(self) -> None:
        """Stop the running program and all that it started; `run` then returns in its thread."""
        with self._lock:
            self._is_over = True
            process = self._running
        if process is None or process.returncode is not None:
            return
        _signal_group(process, signal.SIGTERM)
        # By a timer, since waiting here would block the event loop.
        later = threading.Timer(_POLITELY_S, _signal_group, (process, signal.SIGKILL))
        later.daemon = True
        later.start()


def _signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    if process.returncode is None:  # until then no other process can have its id
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)

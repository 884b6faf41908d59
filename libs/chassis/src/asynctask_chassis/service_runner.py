"""The main function of a service: settings, logs, start, ready, drain, exit code.

A service is an async context manager: entering it starts everything, leaving it stops everything in the reverse order.

    @asynccontextmanager
    async def serve(settings: RegistrySettings) -> AsyncIterator[Endpoints]:
        async with AsyncExitStack() as stack:
            pool = await stack.enter_async_context(open_pool(settings))
            server = await stack.enter_async_context(build_server(settings, pool))
            exporter = await stack.enter_async_context(Exporter(settings.metrics_address, registry))
            yield Endpoints(address=server.address, metrics_port=exporter.port)

    def main() -> None:
        sys.exit(run_service(RegistrySettings, serve))

When the service is ready, it writes one line `{"ready": true, "address": "host:port", "metrics_port": …}` to stdout, so
that its parent learns the port if it was 0. SIGTERM, SIGINT and SIGHUP drain. A second signal, or the end of the grace
period, ends the process at once; SIGHUP never counts as the second.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import TypeVar

from asynctask_chassis.logs import configure_logs, get_logger
from asynctask_chassis.settings import ServiceSettings, SettingsError, load_settings, print_settings
from asynctask_chassis.streams import open_closed_streams, write_stdout

log = get_logger(__name__)

S = TypeVar("S", bound=ServiceSettings)


class ExitCode(IntEnum):
    """How a service ended."""

    DRAINED = 0
    FAILED = 1
    WRONG_SETTINGS = 2
    """Also argparse's code for a wrong command line."""
    NOT_DRAINED = 3
    """The grace period ended, or a second signal came, before everything had stopped."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a started service listens, with the real ports."""

    address: str
    metrics_port: int


Serve = Callable[[S], AbstractAsyncContextManager[Endpoints]]


def run_service(settings_class: type[S], serve: Serve[S], argv: Sequence[str] | None = None) -> int:
    """Run the service until it is stopped; returns the exit code for `sys.exit`.

    Understands `--print-settings`, and `--stop-with-parent`: stop when stdin ends, which also happens when the parent
    is killed, so that no service outlives its supervisor.
    """
    open_closed_streams()
    parser = argparse.ArgumentParser(prog=f"asynctask-{settings_class.service}", description=serve.__doc__)
    parser.add_argument("--print-settings", action="store_true", help="show every setting with its source")
    parser.add_argument("--stop-with-parent", action="store_true", help="stop when standard input ends")
    arguments = parser.parse_args(argv)
    if arguments.print_settings:
        table = io.StringIO()
        print_settings(settings_class, table)
        return say(table.getvalue())
    try:
        settings = load_settings(settings_class)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return ExitCode.WRONG_SETTINGS
    configure_logs(settings_class.service, level=settings.log_level, log_format=settings.log_format)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_run(settings, serve, watch_stdin=arguments.stop_with_parent))


def say(text: str) -> ExitCode:
    """Write `text` to stdout; if that fails, write the reason to stderr."""
    if (error := write_stdout(text)) is None:
        return ExitCode.DRAINED
    sys.stderr.write(f"stdout cannot be written: {error.strerror}\n")
    return ExitCode.FAILED


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows, and interpreters that have no wheel yet
        return None
    return uvloop.new_event_loop


async def _run(settings: S, serve: Serve[S], *, watch_stdin: bool) -> int:
    stop, ready = asyncio.Event(), asyncio.Event()
    with _signals_set(stop):
        if watch_stdin:
            _stop_at_end_of_stdin(stop)
        service = asyncio.create_task(
            _serve_until(stop, serve(settings), ready), name="service"
        )  # seen: by _outcome
        stopped = asyncio.create_task(stop.wait(), name="stop")  # seen: waiting for an event does not fail
        await asyncio.wait([service, stopped], return_when=asyncio.FIRST_COMPLETED)
        if stopped.done():
            if not ready.is_set():
                service.cancel()  # a start may be waiting for a store
            await asyncio.wait([service], timeout=settings.grace_period.total_seconds())
        else:
            stopped.cancel()
        return _outcome(service, settings)


async def _serve_until(
    stop: asyncio.Event, serving: AbstractAsyncContextManager[Endpoints], ready: asyncio.Event
) -> None:
    async with serving as endpoints:
        ready.set()
        unwritten = write_stdout(json.dumps({"ready": True, **asdict(endpoints)}) + "\n")
        log.info("service.started", **asdict(endpoints))
        if unwritten is not None:
            log.warning("service.stdout_failed", reason=str(unwritten))
        _collect_garbage_rarely()
        await stop.wait()
        log.info("service.drain_begun")


def _collect_garbage_rarely() -> None:
    """Collect less often: batches of messages are short-lived and have no cycles; collections took 10 % of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def _outcome(service: asyncio.Task[None], settings: ServiceSettings) -> int:
    if not service.done():
        log.error("service.drain_timed_out", reason=f"not stopped within {settings.grace_period}")
        return _exit_now(ExitCode.NOT_DRAINED)
    if not service.cancelled() and (error := service.exception()):
        if isinstance(error, SettingsError):  # such as an address that needs a token
            sys.stderr.write(f"{error}\n")
            return ExitCode.WRONG_SETTINGS
        log.error("service.failed", reason=f"{type(error).__name__}: {error}", exc_info=error)
        return ExitCode.FAILED
    log.info("service.stopped")
    return ExitCode.DRAINED


def _exit_now(code: ExitCode) -> int:
    # Without unwinding: tasks that did not stop in time would delay the exit as well.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextlib.contextmanager
def _signals_set(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def on_signal(name: str) -> None:
        if stop.is_set():
            if name == "SIGHUP":
                return  # closing a terminal often sends it in addition to another signal: not a second one
            log.warning("service.drain_abandoned", reason=f"second signal ({name})")
            _exit_now(ExitCode.NOT_DRAINED)
        log.info("service.signal_received", reason=name)
        stop.set()

    signals = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as `nohup` asks for
        signals.append(signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, on_signal, number.name)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def _stop_at_end_of_stdin(stop: asyncio.Event) -> None:
    """Set `stop` when stdin ends. In a thread, because stdin may be a file, which no event loop can watch."""
    loop = asyncio.get_running_loop()

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        with contextlib.suppress(RuntimeError):  # the loop may be gone
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, name="stdin", daemon=True).start()

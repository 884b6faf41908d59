"""An executor: a process that runs tasks of some types until it is stopped."""

import asyncio
import logging
import os
import re
import secrets
import socket
from collections.abc import Sequence
from multiprocessing import process
from typing import TYPE_CHECKING, Final

from asynctask import _argument_checks
from asynctask._attempt.clock import SystemClock
from asynctask._attempt.executor_tasks import executor_task, tasks_of_handlers_apart
from asynctask._executor.garbage import collected_rarely
from asynctask._executor.left_tasks import LeftTasks
from asynctask._executor.left_threads import threads_left_behind, wait_for_no_thread
from asynctask._executor.own_loop import run_on_own_loop
from asynctask._executor.signals import signals_as_before, stop_signals
from asynctask._executor.terminal import terminal_handler
from asynctask._forks import refuse_connections_in_child, undone_in_children
from asynctask._grpc import VARIABLE, load_for_executor
from asynctask._message_size import check_size
from asynctask._options import Duration, duration_ms, resolve_addresses
from asynctask._task import TaskType
from asynctask._tls import Tls, resolve_credentials
from asynctask._version import VERSION
from asynctask.errors import InvalidInput
from asynctask_core import limits
from asynctask_core.bounds.checker import check_fields
from asynctask_core.validate import Violations
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb

if TYPE_CHECKING:
    from asynctask._executor.executor_run import Running

_ODD: Final = re.compile(r"[^A-Za-z0-9_.\-]")
"""Characters of a host name that are replaced in an executor's id, which goes into logs, addresses and keys."""

_log = logging.getLogger("asynctask.executor")


class Executor:
    """Runs tasks of some types.

    Args:
        task_types: what it can run; registered with the scheduler when it connects.
        address: `host:port` of the scheduler, several separated by commas; default `ASYNCTASK_ADDRESS`, else
            127.0.0.1:7600.
        tls: PEM files for connections with TLS; default those that `ASYNCTASK_TLS_AUTHORITIES`,
            `ASYNCTASK_TLS_CERTIFICATE` and `ASYNCTASK_TLS_KEY` name, else connections are plain.
        slots: most tasks at once, 1 to 10,000.
        queues: queues to serve; empty means those that definitions of its types name or have named.
        name: name for people; the host's if not given.
        grace: how long handlers have to reach a safe point when the executor is stopped.

    Raises:
        InvalidInput: a type, queue or number is wrong; every violation is listed.
        TypeError: a handler's annotation cannot be written as JSON.
        RuntimeError: this process was forked from an executor's, where gRPC does not work.
    """

    def __init__(
        self,
        task_types: Sequence[TaskType],
        *,
        address: str | None = None,
        tls: Tls | None = None,
        slots: int = 16,
        queues: Sequence[str] = (),
        name: str | None = None,
        grace: Duration = 30.0,
    ) -> None:
        refuse_connections_in_child("an executor")
        task_types = _argument_checks.listed("task_types", task_types)
        violations = Violations()
        if not task_types:
            violations.add("task_types", "must have at least one task type; got none")
        by_name: dict[str, TaskType] = {}
        for at, task_type in enumerate(task_types):
            if not isinstance(task_type, TaskType):
                shown = _argument_checks.shown(task_type)
                violations.add(f"task_types[{at}]", f"must be an asynctask.TaskType; got {shown}")
            elif task_type.name in by_name:
                twice = f"must be unique by name; two task types are named {task_type.name!r}"
                violations.add(f"task_types[{at}]", twice)
            else:
                by_name[task_type.name] = task_type
        try:
            _argument_checks.whole("slots", slots, 1, limits.SLOTS)
        except InvalidInput as error:
            violations.found.extend(error.violations)
        for index, queue in enumerate(_argument_checks.listed("queues", queues)):
            found = len(violations.found)
            text = _argument_checks.text(f"queues[{index}]", queue, violations)
            if len(violations.found) == found:
                violations.name(f"queues[{index}]", text, limits.QUEUE_CHARS)
        _argument_checks.is_empty("name", name, violations)
        violations.raise_any()
        self._forks_are_safe = load_for_executor()
        # This import loads gRPC, so it must come after `load_for_executor`.
        from asynctask._executor.executor_run import Identity

        host = _argument_checks.sendable("host", socket.gethostname() or "host", 256)
        self.name: str = _argument_checks.sendable("name", host if name is None else name, 256)
        self.executor_id: str = f"{_ODD.sub('-', host[:64])}-{os.getpid()}-{secrets.token_hex(4)}"
        """Unique per start of the process."""
        hello = pb.Hello(
            executor_id=self.executor_id,
            display_name=self.name,
            slots=slots,
            task_types=[task_type.to_proto() for task_type in task_types],
            queues=queues,
            sdk_version=VERSION,
        )
        check_fields(hello, violations)
        violations.raise_any()
        check_size(hello, "task_types")
        grace_s = duration_ms(grace, "grace") / 1000
        self._identity = Identity(
            hello, by_name, resolve_addresses(address), grace_s, resolve_credentials(tls)
        )
        self._running: Running | None = None
        self._owns_loop = False

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or SIGHUP, then drain; a second SIGTERM or SIGINT ends the process at once.

        Draining takes no new task, lets every handler come to its next safe point within the grace period, and gives
        the tasks back with their checkpoints: that counts as no failure. The process ends even if threads
        or asyncio tasks of handlers do not.

        The event loop is asyncio's own, even if uvloop is installed: handlers cannot end an asyncio loop.
        """
        if not logging.getLogger().handlers:
            logging.basicConfig(level=logging.INFO, handlers=[terminal_handler()])
        self._owns_loop = True
        left = LeftTasks()
        with (
            undone_in_children(signals_as_before()),
            threads_left_behind(),
            left.not_waited_for(),
            collected_rarely(),
        ):
            run_on_own_loop(self._run_with_signals(left))

    async def serve(self) -> None:
        """Run on the current event loop until `stop` is called or the scheduler asks for it.

        On a loop that is not asyncio's own, such as uvloop's, `sys.exit` ends the program when a callback of a handler
        calls it, or an asyncio task that a handler made.

        Raises:
            InvalidInput: the scheduler refuses the executor's Hello.
        """
        refuse_connections_in_child("an executor")
        if self._running is not None:
            raise RuntimeError("the executor runs already")
        if getattr(process.current_process(), "_inheriting", False):
            raise RuntimeError(
                "a handler's process imports the main module again, which starts an executor there: put the start of"
                ' the executor under `if __name__ == "__main__":`'
            )
        if not self._forks_are_safe:
            _log.warning(
                "executor.forks_may_crash: gRPC was loaded before the executor was made, with its fork support on:"
                " children that handlers fork may crash or hang. Set %s=0 in the environment, or make the Executor"
                " before anything else imports grpc or uses a Client",
                VARIABLE,
            )
        from asynctask._executor.executor_run import Running
        from asynctask._executor.last_resort import LastResort
        from asynctask._handler.interrupts import interrupts_told_apart

        last_resort = LastResort(owns_loop=self._owns_loop)
        self._running = Running(self._identity, SystemClock(), last_resort)
        try:
            with interrupts_told_apart():
                await self._running.run()
        finally:
            self._running = None

    def stop(self) -> None:
        """Begin to drain; `serve` returns once that is done. Call it on the executor's loop."""
        if self._running is not None:
            self._running.drain("asked to stop")

    async def _run_with_signals(self, left: LeftTasks) -> None:
        from asynctask._handler.containment import contain

        loop = asyncio.get_running_loop()
        wait_for_no_thread(loop)
        contain(loop, is_shared=False)
        with tasks_of_handlers_apart(loop), stop_signals(self.stop):
            async with left:
                await executor_task(self.serve())

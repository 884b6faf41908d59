"""One backup task, its durable side in memory, that can be killed, paused and cancelled at any moment."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
from collections.abc import Callable
from typing import Any

from asynctask import ItemState, Requested
from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import SystemClock
from asynctask._attempt.stop import Stop
from asynctask._executor.runner import Runner
from asynctask._handler.handlers import Handlers
from asynctask._memory import MemoryTask
from asynctask_core.ids import new_id
from asynctask_nas import backup_file
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import state_pb2, work_pb2

Hook = Callable[["Host", str], None]


class HookedLink:
    """A handler's way to the stores. Calls the host before each durable call and after each report of progress."""

    def __init__(self, host: Host) -> None:
        self.reports: list[tuple[str, float, float, str, str]] = []
        self._host = host

    def put(
        self, attempt: Attempt, event: work_pb2.Event, waiter: asyncio.Future[None] | None = None
    ) -> None:
        self._host.before(attempt, event.WhichOneof("event") or "")
        if attempt.stop is not Stop.LOST:
            self._host.task.record(event)
        if waiter is not None:
            waiter.set_result(None)

    def report(self, attempt: Attempt) -> None:
        if attempt.progress is not None:
            self.reports.append((attempt.stage, *attempt.progress))
        self._host.moved(attempt)

    async def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        self._host.before(self._host.attempt, f"manifest {request.manifest}")
        return self._host.task.append_manifest(request)

    async def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        return self._host.task.read_manifest(request)


class Host:
    """Runs attempts at one task. `calls` are the durable calls of all attempts, in order."""

    def __init__(self, **config: Any) -> None:
        self.task_id = new_id()
        self.task = MemoryTask()
        self.link = HookedLink(self)
        self.attempt: Attempt
        self.calls: list[str] = []
        self.kill_at: int | None = None
        self.on_call: Hook | None = None
        self.on_progress: Hook | None = None
        self._config = json.dumps(
            {key: str(value) if key.endswith("path") else value for key, value in config.items()}
        )
        self._epoch = 0
        self._loop: asyncio.AbstractEventLoop

    async def run(self) -> work_pb2.OutcomeEvent | None:
        """Make one attempt; None when it was killed."""
        self._epoch += 1
        self._loop = asyncio.get_running_loop()
        assignment = work_pb2.Assignment(
            task_id=self.task_id,
            attempt_id=new_id(),
            task_type=backup_file.name,
            task_config=self._config,
            epoch=self._epoch,
            stage=self.task.stage,
            input_json=self.task.input_json,
            expires_in_ms=15_000,
            run=1,
        )
        if self.task.checkpoint is not None:
            assignment.checkpoint.CopyFrom(self.task.checkpoint)
        self.task.begin(assignment.attempt_id)
        self.attempt = Attempt(assignment, SystemClock().read())
        runner = Runner({backup_file.name: backup_file}, self.link, Handlers(self.link), lambda _: None)
        # A kill between two stages cancels the attempt's own task.
        await asyncio.wait([runner.start(self.attempt)])
        return self.task.outcome

    def before(self, attempt: Attempt, call: str) -> None:
        """A durable call is about to be made."""
        self.calls.append(f"{attempt.stage}: {call}")
        if self.on_call is not None:
            self.on_call(self, self.calls[-1])
        if self.kill_at == len(self.calls):
            self.kill()

    def moved(self, attempt: Attempt) -> None:
        """Progress was reported, from any thread."""
        if self.on_progress is not None:
            self.on_progress(self, attempt.stage)

    def kill(self) -> None:
        """From now on nothing of this attempt reaches the stores."""
        self.task.begin(b"")
        self.attempt.interrupt(Stop.LOST)

    def ask(self, requested: Requested | None) -> None:
        """A person asks for a pause or a cancel; None withdraws. On the attempt's loop, as in an executor."""
        number = 0 if requested is None else requested.number
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            told: concurrent.futures.Future[None] = concurrent.futures.Future()
            self._loop.call_soon_threadsafe(lambda: told.set_result(self.attempt.request(number)))
            told.result()
        else:
            self.attempt.request(number)

    def items(self, manifest: str = "items", state: ItemState | None = None) -> dict[bytes, str]:
        """Keys of stored items, with their errors."""
        found = self.task.manifests.get(manifest)
        if found is None:
            return {}
        wanted = None if state is None else state.number
        return {item.key: item.error for item in found.items.values() if wanted in {None, item.state}}

    def result(self) -> dict[str, Any]:
        """The task's result."""
        assert self.task.outcome is not None
        assert self.task.outcome.result == state_pb2.ATTEMPT_RESULT_SUCCESS, self.task.outcome
        return json.loads(self.task.outcome.result_json)

    def failure(self) -> tuple[str, str]:
        """Reason and message of the task's failure."""
        assert self.task.outcome is not None
        assert self.task.outcome.result == state_pb2.ATTEMPT_RESULT_FAILED, self.task.outcome
        return self.task.outcome.failure.reason, self.task.outcome.failure.message

"""Run a task type in memory: no scheduler, no waiting, deterministic.

    run = await asynctask.testing.run(backup, BackupConfig(...), fail_at_checkpoint=3)
    assert run.state is TaskState.COMPLETED
    assert run.result == Report(files=10)
    assert run.attempts == [AttemptResult.LOST, AttemptResult.SUCCESS]

The handlers run as in an executor, with the same contexts, codecs and rules; their reports are kept in memory. One
argument kills the executor in the middle; the next attempt resumes at the last checkpoint. The delays between retries
pass on a virtual clock.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from asynctask import _argument_checks
from asynctask._attempt.attempt import CANCEL_REQUESTED, PAUSE_REQUESTED, Attempt
from asynctask._attempt.clock import SystemClock
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._client.api import NO_CONFIG
from asynctask._client.info import FailureInfo, WarningInfo
from asynctask._client.info_wire import failure_of, warning_of
from asynctask._client.submission import config_invalid, config_text
from asynctask._codec.text import ANY
from asynctask._executor.logs import LogCapture
from asynctask._executor.runner import Runner
from asynctask._handler.checkpoint import read_checkpoint
from asynctask._handler.containment import contain
from asynctask._handler.context import Progress
from asynctask._handler.handlers import Handlers
from asynctask._handler.interrupts import interrupts_told_apart
from asynctask._handler.items import ItemInfo, read_item
from asynctask._memory import MemoryTask
from asynctask._task import TaskType
from asynctask.errors import DecodeError, FieldViolation, InvalidInput
from asynctask_core import limits
from asynctask_core.ids import id_text, new_id
from asynctask_core.retry import delay_ms
from asynctask_core.states import AttemptResult, ItemState, TaskState
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import task_pb2, work_pb2

__all__ = ["TestRun", "run"]


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """A log line of a handler."""

    level: int
    logger: str
    message: str
    stage: str


@dataclass(slots=True)
class TestRun:
    """The outcome of a task, and what its handlers reported."""

    __test__ = False  # pytest must not collect it as a test class

    task_id: str
    state: TaskState = TaskState.RUNNING
    result: Any = None
    """The last stage's return value, decoded by its annotation."""
    failure: FailureInfo | None = None
    attempts: list[AttemptResult] = field(default_factory=list[AttemptResult])
    """How each attempt ended."""
    failures: list[FailureInfo] = field(default_factory=list[FailureInfo])
    """Why each attempt failed or was postponed by its handler."""
    delays_s: list[float] = field(default_factory=list[float])
    """Virtual seconds before each retry."""
    checkpoints: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    """Every durable checkpoint: the stage and the value."""
    results: dict[str, Any] = field(default_factory=dict[str, Any])
    """JSON of each finished stage's return value."""
    progress: list[tuple[str, Progress]] = field(default_factory=list[tuple[str, Progress]])
    """Every report of progress: the stage and the value; nothing is coalesced."""
    logs: list[LoggedLine] = field(default_factory=list[LoggedLine])
    manifests: dict[str, list[ItemInfo]] = field(default_factory=dict[str, list[ItemInfo]])
    """Items by the manifest's name, in order."""

    warnings: list[WarningInfo] = field(default_factory=list[WarningInfo])
    """The handlers' warnings, and counts of failed or skipped items without a warning, as a task shows them."""

    @property
    def warning_counts(self) -> dict[str, int]:
        """How often each code was given, over all stages."""
        totals = Counter[str]()
        for warning in self.warnings:
            totals[warning.code] += warning.count
        return dict(totals)

    @property
    def manifest(self) -> list[ItemInfo]:
        """Items of `ctx.manifest`."""
        return self.manifests.get("items", [])

    def items(self, state: ItemState) -> list[ItemInfo]:
        """Items of `ctx.manifest` in one state."""
        return [item for item in self.manifest if item.state is state]


async def run(
    task_type: TaskType,
    config: Any = NO_CONFIG,
    *,
    fail_at_checkpoint: int | Iterable[int] = (),
    pause_at_checkpoint: int | None = None,
    cancel_at_checkpoint: int | None = None,
    drain_at_checkpoint: int | None = None,
    resume: bool = True,
    draw: float = 0.5,
) -> TestRun:
    """Run a task of this type until it has ended.

    Checkpoints are counted from 1 over the whole task. A checkpoint named in an argument must be reached, so that a
    test of a crash cannot pass without the crash.

    Args:
        task_type: the type.
        config: its config: of the type's class, or plain JSON values.
        fail_at_checkpoint: the executor is killed right after these checkpoints were stored; the next attempt resumes.
        pause_at_checkpoint: a pause is requested before this checkpoint returns.
        cancel_at_checkpoint: a cancel is requested before this checkpoint returns.
        drain_at_checkpoint: the executor's end is requested before this checkpoint returns.
        resume: go on after a pause; else the run ends paused.
        draw: the retry jitter, 0 to 1, instead of a random number.

    Raises:
        ConfigInvalid: the config does not fit the type. In a cluster, a submit raises it only for a config that breaks
            the schema; a config that only the class refuses reaches the executor, and its task fails with DECODE_ERROR.
        InvalidInput: `task_type` is no TaskType or has no stage; an argument is not as said above; a checkpoint is
            named for a kill and for something else; or the task ended before a checkpoint that is named.
    """
    if not isinstance(task_type, TaskType):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise _refused("task_type", f"must be an asynctask.TaskType; got {_argument_checks.shown(task_type)}")
    task_type.check_stages()
    named = _checkpoints(
        fail_at_checkpoint=fail_at_checkpoint,
        pause_at_checkpoint=pause_at_checkpoint,
        cancel_at_checkpoint=cancel_at_checkpoint,
        drain_at_checkpoint=drain_at_checkpoint,
    )
    resume = bool(_argument_checks.flag("resume", resume))
    if not 0 <= _argument_checks.finite("draw", draw) <= 1:
        raise _refused("draw", f"must be from 0 to 1; got {_argument_checks.shown(draw)}")
    contain(asyncio.get_running_loop())
    bench = _Bench(task_type, named)
    text = config_text(task_type, config)
    try:
        for codec in (task_type.config, task_type.input_of(0)):
            codec.decode(text, "task_config")
    except DecodeError as error:
        raise config_invalid(error.message) from error
    capture = LogCapture(cast("Any", bench))
    tasks = logging.getLogger("asynctask.task")
    level = tasks.level
    capture.attach()
    tasks.setLevel(logging.DEBUG)
    try:
        with interrupts_told_apart():
            await bench.run_to_end(text, resume, draw)
    finally:
        capture.detach()
        tasks.setLevel(level)
    return bench.finish()


def _checkpoints(**given: Any) -> Mapping[str, set[int]]:
    """The checkpoints that each argument names; only a kill may name several. Raises InvalidInput."""
    named: dict[str, set[int]] = {}
    for argument, value in given.items():
        is_list = (
            argument == "fail_at_checkpoint" and isinstance(value, Iterable) and not isinstance(value, str)
        )
        values: list[Any] = list(cast("Any", value)) if is_list else [] if value is None else [value]
        named[argument] = {_argument_checks.whole(argument, one, 1, limits.LARGEST_NUMBER) for one in values}
        # A request at the checkpoint of a kill would have no effect: the killed attempt cannot see it.
        for number in named[argument] & named["fail_at_checkpoint"]:
            if argument != "fail_at_checkpoint":
                raise _refused(argument, f"must be another one than fail_at_checkpoint; got {number}")
    return named


def _refused(argument: str, text: str) -> InvalidInput:
    return InvalidInput([FieldViolation(argument, text)])


class _Bench:
    """One run: the handlers' link, the keeper of log lines, and the task's life cycle."""

    def __init__(self, task_type: TaskType, named: Mapping[str, set[int]]) -> None:
        self._type = task_type
        self._named = named
        self._task = MemoryTask()
        self._task_id = new_id()
        self._run = TestRun(id_text(self._task_id))
        self._ended = asyncio.Event()
        self._runner = Runner({task_type.name: task_type}, self, Handlers(self), lambda _: self._ended.set())

    async def run_to_end(self, config: str, resume: bool, draw: float) -> None:
        """Run attempts until the task has ended, by the rules of the registry."""
        policy = self._type.retry.to_policy()
        errors = losses = releases = 0
        while self._run.state is TaskState.RUNNING:
            outcome = await self._attempt(config, len(self._run.attempts) + 1, errors)
            result = AttemptResult.LOST if outcome is None else AttemptResult.of(outcome.result)
            assert result is not None
            self._run.attempts.append(result)
            if result is AttemptResult.SUCCESS:
                self._run.state = TaskState.COMPLETED
                self._task.complete(self._run.task_id)
            elif result is AttemptResult.CANCELLED:
                self._run.state = TaskState.CANCELLED
            elif result is AttemptResult.PAUSED and not resume:
                self._run.state = TaskState.PAUSED
            elif result is AttemptResult.LOST:
                losses += 1
            elif result is AttemptResult.RELEASED and outcome is not None and outcome.retry_after_ms:
                releases += 1
                self._run.failures.append(failure_of(outcome.failure))
                self._run.delays_s.append(outcome.retry_after_ms / 1000)
                if releases >= limits.POSTPONES:
                    self._run.failure, self._run.state = self._run.failures[-1], TaskState.FAILED
            elif result is AttemptResult.FAILED and outcome is not None:
                errors += 1
                failure = failure_of(outcome.failure)
                self._run.failures.append(failure)
                if not outcome.retryable or errors >= policy.max_attempts:
                    self._run.failure, self._run.state = failure, TaskState.FAILED
                else:
                    self._run.delays_s.append(
                        max(delay_ms(policy, errors, draw), outcome.retry_after_ms) / 1000
                    )

    async def _attempt(self, config: str, number: int, errors: int) -> work_pb2.OutcomeEvent | None:
        """One attempt; None when it was killed."""
        task = self._task
        assignment = work_pb2.Assignment(
            task_id=self._task_id,
            attempt_id=new_id(),
            task_type=self._type.name,
            task_config=config,
            epoch=number,
            stage=task.stage,
            checkpoint=task.checkpoint,
            input_json=task.input_json,
            expires_in_ms=60_000,
            error_count=errors,
            max_attempts=self._type.retry.max_attempts,
            progress=task.progress,
            run=1,
            priority=self._type.priority,
        )
        task.begin(assignment.attempt_id)
        self._ended.clear()
        attempt = Attempt(assignment, SystemClock().read())
        running = self._runner.start(attempt)
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            # The test was cancelled, as by its time limit: the handler must not take this for its own failure.
            attempt.interrupt(Stop.LOST)
            await asyncio.wait([running])
            raise
        await self._ended.wait()
        return task.outcome

    def finish(self) -> TestRun:
        """The run with everything that was recorded.

        Raises:
            InvalidInput: the task ended before a checkpoint that an argument names.
        """
        found, task = self._run, self._task
        self._check_reached(len(task.checkpoints))
        found.results = {stage: ANY.decode(text) for stage, text in task.results.items()}
        found.checkpoints = [(stage, read_checkpoint(checkpoint)) for stage, checkpoint in task.checkpoints]
        found.manifests = {
            name: [read_item(manifest.items[position]) for position in sorted(manifest.items)]
            for name, manifest in task.manifests.items()
        }
        found.warnings = [
            warning_of(task_pb2.TaskWarning(stage=stage, code=code, count=count.total, text=count.text))
            for (stage, code), count in task.warnings
        ]
        if found.state is TaskState.COMPLETED:
            last = self._type.stages[-1]
            found.result = last.result.decode(task.results[last.name], "result")
        return found

    def _check_reached(self, count: int) -> None:
        failure = self._run.failure
        ended = self._run.state.name + (f", {failure.reason}: {failure.message}" if failure else "")
        missed = [
            FieldViolation(
                argument, f"checkpoint {number} was never reached: the task ended after {count} ({ended})"
            )
            for argument, numbers in self._named.items()
            for number in sorted(numbers)
            if number > count
        ]
        if missed:
            raise InvalidInput(missed)

    # --- the handlers' link ------------------------------------------------------------------------------------------

    def put(
        self, attempt: Attempt, event: work_pb2.Event, waiter: "asyncio.Future[None] | None" = None
    ) -> None:
        """Record the event, then do what the arguments name for this checkpoint."""
        if attempt.stop is Stop.LOST:
            return
        self._task.record(event)
        count = len(self._task.checkpoints)
        if event.WhichOneof("event") == "checkpoint":
            if count in self._named["fail_at_checkpoint"]:
                attempt.interrupt(Stop.LOST)
                if waiter is not None:
                    waiter.set_exception(AttemptStopped(Stop.LOST))
                    waiter.exception()
                return
            if count in self._named["pause_at_checkpoint"]:
                attempt.request(PAUSE_REQUESTED)
            if count in self._named["cancel_at_checkpoint"]:
                attempt.request(CANCEL_REQUESTED)
            if count in self._named["drain_at_checkpoint"]:
                attempt.drain()
        if waiter is not None:
            waiter.set_result(None)

    def report(self, attempt: Attempt) -> None:
        """Keep a report of progress."""
        if attempt.progress is not None:
            self._run.progress.append((attempt.stage, Progress(*attempt.progress)))

    async def append_manifest(self, request: pb.AppendManifestRequest) -> pb.AppendManifestResponse:
        """Store a chunk."""
        return self._task.append_manifest(request)

    async def read_manifest(self, request: pb.ReadManifestRequest) -> pb.ReadManifestResponse:
        """Read a page."""
        return self._task.read_manifest(request)

    def add(self, attempt: Attempt, level: int, logger: str, message: str, created_s: float) -> None:
        """Keep a log line."""
        del created_s
        self._run.logs.append(LoggedLine(level, logger, message, attempt.stage))

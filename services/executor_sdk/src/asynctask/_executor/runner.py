"""Running an attempt: its stages one after another, then its outcome. One lean asyncio task per attempt."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, cast

from asynctask._attempt.attempt import CANCEL_REQUESTED, Attempt, SentChunks
from asynctask._attempt.executor_tasks import executor_task
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._executor.reaction import watch_reaction
from asynctask._executor.stage_timeout import StageAlarm
from asynctask._executor.work_log import WorkLog
from asynctask._handler.description import class_name, is_plain, unread
from asynctask._handler.failures import failed, failed_by_us, not_started, result_too_large
from asynctask._handler.handler_link import Link
from asynctask._handler.handlers import Handlers
from asynctask._handler.interrupts import is_signal, pass_on_signal
from asynctask._handler.process import RemoteFailure
from asynctask._handler.threads import HandlerNotStarted, run_in_thread
from asynctask._supervision import supervised
from asynctask._task import HandlerKind, Stage, TaskType
from asynctask.errors import AsyncTaskError, DecodeError, HandlerError, InternalError, StageTimeout
from asynctask_core import limits
from asynctask_core.ids import id_text
from asynctask_protos.task.v1 import state_pb2, work_pb2

_log = logging.getLogger("asynctask.executor")

_SUCCESS: Final = state_pb2.ATTEMPT_RESULT_SUCCESS
_BY_STOP: Final = {
    Stop.PAUSE: state_pb2.ATTEMPT_RESULT_PAUSED,
    Stop.DRAIN: state_pb2.ATTEMPT_RESULT_RELEASED,
    Stop.CANCEL: state_pb2.ATTEMPT_RESULT_CANCELLED,
    # The handler ended before the lease: unless another executor has the task already, it is free at once.
    Stop.FENCED: state_pb2.ATTEMPT_RESULT_RELEASED,
}


class Runner:
    """Runs attempts. `ended` is called after the handler of an attempt has ended, with any outcome."""

    def __init__(
        self,
        types: Mapping[str, TaskType],
        link: Link,
        handlers: Handlers,
        ended: Callable[[Attempt], object],
    ) -> None:
        self._types = types
        self._link = link
        self._handlers = handlers
        self._ended = ended
        self._running: dict[Attempt, asyncio.Task[None]] = {}
        self.work: WorkLog = WorkLog()
        """Logs what runs."""

    def __len__(self) -> int:
        return len(self._running)

    @property
    def running(self) -> list[Attempt]:
        """Attempts that have not ended; a snapshot, from any thread."""
        return list(self._running)

    @property
    def handling(self) -> list[Attempt]:
        """Attempts whose handler may be alive: the fence watches them. An attempt that only waits for the scheduler to
        store its last items does no work that another executor could be doing too.
        """
        return [attempt for attempt in self.running if not attempt.unwound]

    @property
    def on_loop(self) -> list[str]:
        """Tasks whose handler runs on the event loop, for people; from any thread."""
        return [
            f"{id_text(attempt.task_id)} of type {attempt.assignment.task_type} in stage {attempt.stage}"
            for attempt in self.handling
            if (task_type := self._types.get(attempt.assignment.task_type)) is not None
            and any(
                stage.name == attempt.stage and stage.kind is HandlerKind.ASYNC for stage in task_type.stages
            )
        ]

    def start(self, attempt: Attempt) -> asyncio.Task[None]:
        """Run an attempt until its outcome is sent."""
        attempt.alive = True
        attempt.asked = self._asked
        task = executor_task(self._run(attempt), attempt)  # seen: by _run itself
        self.work.started(attempt)
        attempt.cancel_handler = task.cancel
        self._running[attempt] = task
        return task

    def _asked(self, attempt: Attempt) -> None:
        """After a request for a pause or a cancel: watch that the handler reacts."""
        watch_reaction(
            attempt, lambda: attempt in self._running and not attempt.unwound, self._kind_of(attempt)
        )

    def _kind_of(self, attempt: Attempt) -> HandlerKind:
        """Where its current stage's handler runs."""
        task_type = self._types.get(attempt.assignment.task_type)
        stages = task_type.stages if task_type is not None else []
        return next((stage.kind for stage in stages if stage.name == attempt.stage), HandlerKind.ASYNC)

    async def _run(self, attempt: Attempt) -> None:
        outcome: work_pb2.OutcomeEvent | None = None
        raised: BaseException | None = None
        try:
            try:
                outcome = await self._stages(attempt)
            except BaseException as error:  # noqa: BLE001 - any error of a handler fails its task, SystemExit too
                raised = error
                pass_on_signal(error)
            # The outcome is fixed from here on: a cancel that comes now must not keep it from being sent.
            idle = outcome is not None and attempt.chunks is None and not attempt.children
            attempt.cancel_handler = None if idle else partial(_give_up_if_lost, attempt)
            if self._running[attempt].cancelling():
                await _absorb_late_cancel()
            try:
                if attempt.children:
                    await _end_children(attempt)
                # An error of code that the handler left running fails the task until here, and is only logged after.
                attempt.unwound = True
                if raised is not None or attempt.raised is not None:
                    outcome = await self._outcome(attempt, raised, outcome)
                if outcome is not None and attempt.chunks is not None and attempt.stop is not Stop.LOST:
                    outcome = await _flushed(attempt, attempt.chunks, outcome)
                if attempt.stop is Stop.LOST:
                    outcome = None
                if outcome is not None:
                    self._link.put(attempt, attempt.new_event(outcome=outcome))
            except (asyncio.CancelledError, AttemptStopped):
                outcome = None  # lost while its last items were stored: nothing more to send
            except Exception as error:  # noqa: BLE001 - an attempt without an outcome would be renewed for ever
                _log.exception("attempt.broken: task %s: a fault of the SDK", id_text(attempt.task_id))
                text = f"the executor failed at the end of the task: {type(error).__name__}"
                outcome = failed_by_us(InternalError(text), attempt.stage)
                self._link.put(attempt, attempt.new_event(outcome=outcome))
            finally:
                self._over(attempt, outcome)
        except Exception:
            # No code awaits this task. It is supervised only now: a callback costs time, and nearly all tasks end well.
            if (task := asyncio.current_task()) is not None:
                supervised(task, "an attempt")
            raise

    def _over(self, attempt: Attempt, outcome: work_pb2.OutcomeEvent | None) -> None:
        """Clean up after an attempt; without an outcome it is lost."""
        self.work.ended(attempt, outcome)
        attempt.alive = False
        attempt.cancel_handler = None
        if attempt.halted is not None:
            attempt.halted.cancel()
        if attempt.chunks is not None:
            attempt.chunks.close()
        del self._running[attempt]
        self._ended(attempt)

    async def _stages(self, attempt: Attempt) -> work_pb2.OutcomeEvent | None:
        assignment = attempt.assignment
        task_type = self._types.get(assignment.task_type)
        if task_type is None:
            return released(attempt)
        try:
            position = task_type.position_of(assignment.stage)
        except KeyError:
            known = ", ".join(stage.name for stage in task_type.stages)
            text = f"task type {task_type.name!r} has no stage {assignment.stage!r} in this executor; it has {known}"
            return failed_by_us(DecodeError(text), assignment.stage)
        # Empty means the first stage. It gets its name here, which the checkpoint is matched with.
        assignment.stage = task_type.stages[position].name
        if attempt.requested == CANCEL_REQUESTED:
            attempt.stop = Stop.CANCEL
        text = assignment.input_json if position else assignment.task_config or "{}"
        last = len(task_type.stages) - 1
        config: Any = None
        written_here = False
        while True:
            stage = task_type.stages[position]
            attempt.stage = stage.name
            if attempt.soft_stop is not None:
                return self._end(attempt, attempt.soft_stop)
            if position == 0 and config is None:
                config = value = task_type.input_of(0).decode(text, "task_config")
            else:
                if config is None:
                    config = task_type.config.decode(assignment.task_config or "{}", "task_config")
                try:
                    value = task_type.input_of(position).decode(text, f"stage {stage.name}: input")
                except DecodeError as error:
                    # An executor with another version of the type may be able to read it. If this executor wrote it,
                    # the types of the program itself do not fit each other.
                    return failed_by_us(error, stage.name, retryable=False if written_here else None)
            call = self._handle if stage.timeout_ms else self._handlers.call
            text = await call(attempt, task_type, stage, config, value)
            if attempt.raised is not None:
                return None  # the attempt fails with that
            if len(text) > limits.RESULT_BYTES // 4 and len(text.encode()) > limits.RESULT_BYTES:
                return result_too_large(text, stage.name)
            if position == last:
                return work_pb2.OutcomeEvent(result=_SUCCESS, result_json=text, stage=stage.name)
            position += 1
            written_here = True
            await self._stage_finished(attempt, stage.name, text, task_type.stages[position].name)

    async def _handle(
        self, attempt: Attempt, task_type: TaskType, stage: Stage, config: Any, value: Any
    ) -> str:
        """Call the handler of a stage that has a timeout, and enforce it; returns the result as JSON."""
        alarm = StageAlarm(attempt, stage)
        try:
            result = await self._handlers.call(attempt, task_type, stage, config, value)
        finally:
            alarm.close()
        if attempt.stop is Stop.TIMEOUT:
            # It returned after its timeout. The result counts, since a retry would repeat work that is done. The
            # timeout was this stage's only: the next stage begins.
            attempt.stop = None
            task = asyncio.current_task()
            while task is not None and task.cancelling():
                task.uncancel()
        return result

    async def _stage_finished(self, attempt: Attempt, stage: str, text: str, next_stage: str) -> None:
        """Store the result; the next stage starts only once that is acknowledged."""
        if attempt.chunks is not None:
            await attempt.chunks.flush()
        event = attempt.new_event(
            stage_finished=work_pb2.StageFinishedEvent(stage=stage, result_json=text, next_stage=next_stage)
        )
        waiter = asyncio.get_running_loop().create_future()
        self._link.put(attempt, event, waiter)
        await waiter
        attempt.progress = None

    async def _outcome(
        self, attempt: Attempt, error: BaseException | None, outcome: work_pb2.OutcomeEvent | None
    ) -> work_pb2.OutcomeEvent | None:
        """The outcome after an error of the handler, or of code that it left on the event loop."""
        if attempt.raised is not None and attempt.stop is None:
            return await _failed(attempt.raised, attempt.stage)
        if error is None:
            return outcome
        # By its real class: `isinstance` also asks the exception itself, which may lie or raise.
        kind = type(error)
        if issubclass(kind, AttemptStopped) and not _is_of_another(attempt, cast("AttemptStopped", error)):
            return self._end(attempt, attempt.stop or cast("AttemptStopped", error).stop)
        stop = attempt.stop
        if stop is None and attempt.fenced and not issubclass(kind, asyncio.CancelledError):
            stop = Stop.FENCED
        if stop is not None:
            # Being stopped often shows as another error: a closed connection, a group of cancelled tasks.
            if not issubclass(kind, asyncio.CancelledError):
                _log.info(
                    "attempt.stopped: task %s raised %s while it was stopped (%s): this counts as no failure",
                    id_text(attempt.task_id),
                    class_name(kind),
                    stop.name.lower(),
                )
            return self._end(attempt, stop)
        if issubclass(kind, AttemptStopped):
            text = "the handler used an object of another task, which has ended"
            return failed_by_us(HandlerError(text), attempt.stage)
        if is_signal(error):
            return released(attempt)  # the signal ends the program: another executor continues the task
        if issubclass(kind, RemoteFailure):
            return cast("RemoteFailure", error).outcome
        if kind is HandlerNotStarted:
            _log.error("handler.not_started: task %s is given back: %s", id_text(attempt.task_id), error)
            return not_started(str(error), attempt.stage)
        if kind is DecodeError:
            return failed_by_us(cast("DecodeError", error), attempt.stage)
        # Also for a CancelledError that the handler raised itself: it is a failure like any other.
        return await _failed(error, attempt.stage)

    def _end(self, attempt: Attempt, stop: Stop) -> work_pb2.OutcomeEvent | None:
        attempt.stop = stop
        if stop is Stop.LOST:
            return None
        if stop is Stop.TIMEOUT:
            return failed_by_us(StageTimeout(attempt.overran), attempt.stage)
        return work_pb2.OutcomeEvent(result=_BY_STOP[stop], stage=attempt.stage)


def _is_of_another(attempt: Attempt, stopped: AttemptStopped) -> bool:
    """Whether another attempt was lost whose manifest the handler used: a loss of its own is in `attempt.stop`."""
    return stopped.stop is Stop.LOST and attempt.stop is None


async def _end_children(attempt: Attempt) -> None:
    """End the tasks that a handler started through the SDK: none may outlive the handler."""
    while attempt.children:
        for child in attempt.children:
            child.cancel()
        await asyncio.wait(attempt.children)


async def _flushed(
    attempt: Attempt, chunks: SentChunks, outcome: work_pb2.OutcomeEvent
) -> work_pb2.OutcomeEvent:
    """Store what must be stored before the outcome; returns the outcome to send after that."""
    try:
        await chunks.flush()
    except AsyncTaskError as error:
        return failed_by_us(error, attempt.stage)
    return outcome


async def _failed(error: BaseException, stage: str) -> work_pb2.OutcomeEvent:
    """As `failed`, without holding up the event loop."""
    if is_plain(error):
        return failed(error, stage)
    try:
        outcome: work_pb2.OutcomeEvent = await run_in_thread("describe", lambda: failed(error, stage))
    except HandlerNotStarted:
        return failed_by_us(HandlerError(unread(error).message), stage)
    return outcome


def _give_up_if_lost(attempt: Attempt) -> None:
    """Stop sending the last items of an attempt that is lost: no scheduler takes them any more."""
    if attempt.stop is Stop.LOST and attempt.chunks is not None:
        attempt.chunks.close()


async def _absorb_late_cancel() -> None:
    """Swallow a cancellation that was requested after the handler had ended."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(0)


def released(attempt: Attempt) -> work_pb2.OutcomeEvent:
    """The outcome that gives a task back."""
    return work_pb2.OutcomeEvent(result=state_pb2.ATTEMPT_RESULT_RELEASED, stage=attempt.stage)

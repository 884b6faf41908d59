"""The first argument of a handler: the base of both classes, and `Context` for async handlers."""

import asyncio
import logging
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final, Generic, TypeVar, cast, get_args

from asynctask import _argument_checks
from asynctask._argument_checks import count, sendable, warning
from asynctask._attempt.attempt import CANCEL_REQUESTED, PAUSE_REQUESTED, Attempt, ProgressFacts
from asynctask._attempt.lines import current_attempt
from asynctask._attempt.pending_warnings import THE_STAGE, About
from asynctask._attempt.stop import AttemptStopped, Stop
from asynctask._codec.text import codec_of, dump_json
from asynctask._handler.checkpoint import read_checkpoint, store_checkpoint, write_checkpoint
from asynctask._handler.chunks import Chunks, refuse_off_loop
from asynctask._handler.guarded_log import guarded
from asynctask._handler.handler_link import Link
from asynctask._handler.item_scope import about_here
from asynctask._handler.manifest import Manifest
from asynctask_core import limits
from asynctask_core.errors import DecodeError
from asynctask_core.ids import id_text
from asynctask_core.task import DEFAULT_MANIFEST
from asynctask_core.warning_tally import OTHER
from asynctask_protos.task.v1 import work_pb2

C = TypeVar("C")
T = TypeVar("T")

_OF_BYTES: Final = (bytes, Any, object)
LOGGED_WARNINGS: Final = 10
"""Warnings of one code that an attempt at a stage writes into the task's log; a loop may give millions."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is; `total` 0 when not known."""

    done: float
    total: float = 0.0
    unit: str = ""
    message: str = ""


class BaseContext(ABC, Generic[C]):
    """What both kinds of context share: facts, progress, logging."""

    def __init__(self, attempt: Attempt, stage: str, config: C, timeout_ms: int) -> None:
        self._attempt = attempt
        self._has_ended = False
        self._logged: dict[str, int] = {}
        """Number of warnings by code that concern no item."""
        self._unit = ("", "")
        """The unit of the latest progress, as it was given and as it is sent: most calls give the same one again."""
        self.stage: str = stage
        """Name of this handler's stage."""
        self.config: C = config
        """The task's config."""
        self.deadline: datetime | None = None
        """When the stage's timeout ends this attempt; None without a timeout."""
        if timeout_ms:
            self.deadline = datetime.now(UTC) + timedelta(milliseconds=timeout_ms)

    @property
    def task_id(self) -> str:
        """The task's id as text."""
        return id_text(self._attempt.task_id)

    @property
    def task_type(self) -> str:
        """Name of the task's type."""
        return self._attempt.assignment.task_type

    @property
    def attempt(self) -> int:
        """Number of this attempt at the task, from 1."""
        return self._attempt.assignment.epoch

    @property
    def fencing_token(self) -> int:
        """Grows with every attempt at the task: storage that remembers the highest token can refuse writes of a process
        that was frozen and lost its lease.
        """
        return self._attempt.assignment.epoch

    @property
    def run(self) -> int:
        """Which run of the task this is, from 1; a restart begins the next."""
        return self._attempt.assignment.run

    @property
    def priority(self) -> int:
        """1 (first) to 5 (last)."""
        return self._attempt.assignment.priority

    @property
    def error_count(self) -> int:
        """Attempts of this run that ended with an error before this one."""
        return self._attempt.assignment.error_count

    @cached_property
    def last_checkpoint(self) -> Any:
        """The stage's last durable checkpoint, of this or an earlier attempt; None without one.

        Bytes are bytes; anything else is as JSON has it: keys are texts, a tuple is a list, and a dataclass a dict.
        `checkpoint_as` decodes it by an annotation.
        """
        assignment = self._attempt.assignment
        if assignment.stage != self.stage or not assignment.HasField("checkpoint"):
            return None
        return read_checkpoint(assignment.checkpoint)

    def checkpoint_as(self, annotation: type[T]) -> T | None:
        """The last checkpoint decoded by an annotation such as a dataclass; None without one.

        Raises:
            DecodeError: it does not fit; bytes fit `bytes` only.
        """
        value = self.last_checkpoint
        if value is None:
            return None
        if isinstance(value, bytes):
            if annotation not in _OF_BYTES and bytes not in get_args(annotation):
                name = getattr(annotation, "__name__", annotation)
                raise DecodeError(f"checkpoint: must be JSON, to be read as {name}; got {len(value)} bytes")
            return cast("T", value)
        return codec_of(annotation).decode(dump_json(value), "checkpoint")

    @property
    def last_progress(self) -> Progress | None:
        """Latest known progress of the stage; after a resume, go on counting from it."""
        facts = self._attempt.progress
        if facts is not None:
            return Progress(*facts)
        assignment = self._attempt.assignment
        if assignment.stage != self.stage or not assignment.HasField("progress"):
            return None
        known = assignment.progress
        return Progress(known.done, known.total, known.unit, known.message)

    @property
    def cancelled(self) -> bool:
        """True once a cancel was requested."""
        return self._attempt.requested == CANCEL_REQUESTED

    @property
    def pause_requested(self) -> bool:
        """True once a pause was requested: the next checkpoint or safe point does not return."""
        return self._attempt.requested == PAUSE_REQUESTED

    @property
    def should_stop(self) -> bool:
        """True once the handler should end: on a pause, a cancel, the executor's end or a lost lease."""
        return self._attempt.soft_stop is not None

    def progress(self, done: float, total: float = 0.0, *, unit: str = "", message: str = "") -> None:
        """Report the stage's progress. Returns at once, from any thread; only the latest of many calls is sent.

        Args:
            done: units done so far. It may be above `total`: the stage counts as 99 % until it has ended.
            total: units in all; 0 when not known.
            unit: what is counted, such as `bytes`, `files`, `rows`; 32 characters of it are kept.
            message: a short text for people; 1 KiB of it is kept. In both, characters that UTF-8 or the stores refuse,
                such as those of file names that are not UTF-8, become visible escapes.

        Raises:
            InvalidInput: `done` or `total` is no number from 0 to 2**53 - 1, `unit` or `message` no text.
        """
        self._check()
        self._report(count("progress.done", done), count("progress.total", total), unit=unit, message=message)

    def warn(self, code: str, text: str = "", count: int = 1) -> None:
        """Warn of a problem that does not stop the task: items skipped, data left out.

        Warnings are counted by stage and code, and shown with the task: one that completes with warnings is
        "completed, 51 skipped" for people, and its command line ends with an exit code of its own. Returns at once,
        from any thread.

        A warning given while the handler works on an item, in a loop over `Manifest.todo` or in work of `item.start`,
        is stored together with the item's new state. Any other warning is stored with the next checkpoint, change of a
        manifest, or end of the stage, so a handler that calls `Manifest.record` itself warns right before. Work that is
        repeated after a crash or a failure therefore counts once.

        When the task completes, failed and skipped items that no warning covers are counted as `ITEMS_FAILED` and
        `ITEMS_SKIPPED`. A warning covers an item if it was given while a handler worked on it, or under the code
        `FAILED` or `SKIPPED`.

        Args:
            code: the kind of warning, for programs and lists: `SKIPPED`, `SOURCE_CHANGED`; capital letters, digits and
                `_`, at most 64. Use few: a task has at most 32 codes, further ones count as `OTHER_WARNINGS`.
            text: for people, such as an example or where to see more. One text is kept for each stage and code: the
                latest, at most 1 KiB of it. Warnings that concern no item are also written to the task's log: the first
                ten of each stage and code in an attempt. Put the details of an item into the item's own error, such as
                the reason given to `item.skipped`.
            count: how often, at least 1.

        Raises:
            InvalidInput: an argument is not as said above.
        """
        self._check()
        code, text, count = warning(code, text, count)
        about = about_here()
        self._send_warning(code, text, count, about)
        if about == THE_STAGE:
            self._log_warning(code, text, count)

    @cached_property
    def log(self) -> logging.Logger:
        """A logger whose lines are kept with the task; so are those of every other `logging` logger used inside.

        At most 5,000 lines or 8 MiB of one attempt, and 64 MiB of all attempts of an executor, wait to be stored.
        Further lines are dropped: their numbers are left out, and a line of the task's log and the executor's log say
        how many were dropped.
        """
        return guarded(f"asynctask.task.{self.task_type}")

    def end(self) -> None:
        """Note that the handler has ended: code that it left running can no longer use this context."""
        self._has_ended = True

    def _check(self) -> None:
        """Raise when the handler must not go on, or when this is not its context."""
        by = current_attempt.get()
        if self._has_ended or (by is not self._attempt and by is not None):
            raise self._misused(by)
        self._attempt.check_lease()

    def _misused(self, by: Attempt | None) -> RuntimeError:
        whose = f"the context of stage {self.stage!r} of task {self.task_id}"
        if by is not self._attempt and by is not None:
            return RuntimeError(
                f"{whose} was used by the handler of another task: a context belongs to one handler"
            )
        return RuntimeError(f"{whose} was used after its handler had ended")

    def _log_warning(self, code: str, text: str, count: int) -> None:
        """Write a warning into the task's log, since the task keeps only the latest text of each code."""
        known = code if code in self._logged or len(self._logged) < limits.WARNINGS else OTHER
        number = self._logged[known] = self._logged.get(known, 0) + 1
        if number > LOGGED_WARNINGS:
            return
        said = f"{code} ({count:,} times)" if count > 1 else code
        said += f": {text}" if text else ""
        if number == LOGGED_WARNINGS:
            said += f" (further warnings {known} of this stage are counted, and not logged)"
        # In a thread that the handler started itself, no attempt is set.
        before = current_attempt.set(self._attempt)
        try:
            self.log.warning("%s", said)
        finally:
            current_attempt.reset(before)

    def _report(self, done: float, total: float = 0.0, *, unit: str = "", message: str = "") -> None:
        given, sent = self._unit
        if unit is not given:
            sent = sendable("progress.unit", unit, limits.PROGRESS_MESSAGE_BYTES)[
                : limits.PROGRESS_UNIT_CHARS
            ]
            self._unit = (unit, sent)
        if type(message) is not str or message:
            message = sendable("progress.message", message, limits.PROGRESS_MESSAGE_BYTES)
        self._send_progress((done, total, sent, message))

    @abstractmethod
    def _send_progress(self, facts: ProgressFacts) -> None:
        """Send the stage's progress; does not wait."""

    @abstractmethod
    def _send_warning(self, code: str, text: str, count: int, about: About) -> None:
        """Send a warning of this stage; does not wait."""

    def _remember(self, checkpoint: work_pb2.Checkpoint) -> None:
        """Set `last_checkpoint` to a checkpoint that is durable now, as a later attempt would find it."""
        self.last_checkpoint = read_checkpoint(checkpoint)


class Context(BaseContext[C]):
    """The context of an async handler."""

    def __init__(self, link: Link, attempt: Attempt, stage: str, config: C, timeout_ms: int) -> None:
        super().__init__(attempt, stage, config, timeout_ms)
        self._link = link
        self._manifests: dict[str, Manifest] = {}
        self._thread = threading.get_ident()

    def _send_progress(self, facts: ProgressFacts) -> None:
        self._attempt.progress = facts
        self._link.report(self._attempt)

    def _send_warning(self, code: str, text: str, count: int, about: About) -> None:
        self._attempt.warn(self.stage, code, text, count, about)

    async def checkpoint(self, value: Any) -> None:
        """Store the stage's resumable position; durable when this returns.

        A call without `await` stores nothing, like every other awaitable call of this context: the task then gets the
        warning `NOT_AWAITED`.

        A later attempt at the stage finds it in `last_checkpoint`. When a pause, a cancel or the executor's end was
        requested, this does not return: the handler is cancelled (CancelledError) after the checkpoint was stored.

        Args:
            value: a JSON value, anything that can be written as one (such as a dataclass), or bytes; at most 1 MiB.

        Raises:
            TooLarge: it is over the limit.
            UnwritableValue: it cannot be written as JSON.
            RefusedByStore: the stores do not take it; nothing was changed.
        """
        self._check()
        if threading.get_ident() != self._thread:
            # Nothing would wake another event loop once the checkpoint is stored.
            raise RuntimeError(
                "await the context of an async handler only on the event loop that runs the handler"
            )
        checkpoint = write_checkpoint(value)
        try:
            await store_checkpoint(self._link, self._attempt, self.stage, checkpoint, about_here())
        except AttemptStopped:
            await halt(self._attempt)
        self._remember(checkpoint)
        await self.safe_point()

    async def safe_point(self) -> None:
        """Stop here if a pause or the executor's end was requested; else go on."""
        self._check()
        if self._attempt.soft_stop is not None:
            await halt(self._attempt)

    @cached_property
    def manifest(self) -> Manifest:
        """The task's list of items, shared by its stages."""
        return self.named_manifest(DEFAULT_MANIFEST)

    def named_manifest(self, name: str) -> Manifest:
        """Another list of items, by name: up to 64 letters, digits, `_`, `-` and `.`. Raises InvalidInput."""
        self._check()
        name = _argument_checks.name("manifest", name, limits.MANIFEST_NAME_CHARS)
        found = self._manifests.get(name)
        if found is None:
            attempt = self._attempt
            if attempt.chunks is None:
                refuse_off_loop()
                attempt.chunks = Chunks(attempt, self._link)
            chunks = cast("Chunks", attempt.chunks)
            found = Manifest(name, attempt, chunks, self._report, self.safe_point)
            self._manifests[name] = found
        return found


async def halt(attempt: Attempt) -> None:
    """End the handler at a safe point, from its own task or one of its child tasks.

    Never returns. Cancels the handler's own task, so that groups of child tasks unwind as usual.
    """
    stop = attempt.soft_stop
    if stop is not None and attempt.stop is None:
        attempt.stop = stop
    if attempt.cancel_handler is not None:
        attempt.cancel_handler()
    if attempt.halted is None:
        attempt.halted = asyncio.get_running_loop().create_future()
    await asyncio.shield(attempt.halted)
    raise AttemptStopped(attempt.stop or Stop.CANCEL)

"""One task to submit, as its message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from asynctask import _argument_checks
from asynctask._client.api import microseconds
from asynctask._client.submit import Answer
from asynctask._codec.text import ANY
from asynctask._message_size import check_size
from asynctask._options import Duration, duration_ms
from asynctask._task import TaskType
from asynctask.errors import (
    AsyncTaskError,
    ConfigInvalid,
    FieldViolation,
    InvalidInput,
    TooLarge,
    UnwritableValue,
)
from asynctask_core import limits
from asynctask_core.ids import id_text, new_id
from asynctask_core.validate import Violations
from asynctask_core.wire import to_timestamp
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

PAST: Final = timedelta(minutes=1)
"""A start time at most this long ago counts as now: clocks differ, and calls take time."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One task to submit; see `Client.submit`."""

    task_type: TaskType | str
    config: Any = field(default_factory=dict)
    priority: int | None = None
    queue: str | None = None
    delay: Duration | None = None
    start_time: datetime | None = None
    labels: Mapping[str, str] | None = None
    request_id: str | None = None

    def to_request(self) -> pb.SubmitTaskRequest:
        """The message. It gets a request id if none is given, so that it can be repeated.

        Raises:
            ConfigInvalid: the config does not fit the task type.
            TooLarge: the config is over its limit, or the request is too long for one message.
            InvalidInput: a value has the wrong type, the delay is no duration or longer than ten
                years, or the start time has no time zone or is past; every violation is listed.
        """
        violations = Violations()
        task_type = self.task_type
        if not isinstance(task_type, TaskType):
            name = _argument_checks.text("task_type", task_type, violations)
            if task_type is None:  # pyright: ignore[reportUnnecessaryComparison]
                violations.add("task_type", "must be a TaskType or the name of one; got None")
        else:
            name = task_type.name
        request = pb.SubmitTaskRequest(
            task_type=name,
            request_id=_argument_checks.named("request_id", self.request_id, violations) or id_text(new_id()),
        )
        # Only fields with a value are set: to set an empty field takes as long as a full one, labels longest.
        if self.queue is not None:
            request.queue = _argument_checks.named("queue", self.queue, violations)
        if self.labels is not None and (labels := _argument_checks.labels(self.labels, violations)):
            request.labels.update(labels)
        if self.priority is not None:
            request.priority = _argument_checks.priority(self.priority, violations)
        try:
            if self.delay is not None:
                request.delay_ms = duration_ms(self.delay, "delay")
            if self.start_time is not None:
                if request.delay_ms:
                    violations.add("start_time", "cannot be given together with delay")
                start_us = microseconds(self.start_time, "start_time")
                if self.request_id is None:  # a repetition may well come after the start
                    _check_not_past(self.start_time)
                request.start_time.CopyFrom(to_timestamp(start_us))
        except InvalidInput as error:
            violations.found.extend(error.violations)
        violations.raise_any()
        config = request.task_config = config_text(task_type, self.config)
        violations.size("task_config", config, limits.CONFIG_BYTES)
        if violations.found:
            raise TooLarge(violations.found)
        check_size(request, most=limits.BATCH_BYTES)  # it is sent within a batch
        return request


class Submissions:
    """Several tasks to submit: those that cannot be written as a message are refused here, the others are sent."""

    def __init__(self, submissions: Sequence[Submission]) -> None:
        self.requests: list[pb.SubmitTaskRequest] = []
        self._refusals: list[AsyncTaskError | None] = []
        for submission in _several(submissions):
            try:
                self.requests.append(submission.to_request())
                self._refusals.append(None)
            except AsyncTaskError as error:
                self._refusals.append(error)

    def merged(self, answers: Iterable[Answer]) -> list[Answer]:
        """The answers to the requests and the refusals, in the order of the submissions."""
        left = iter(answers)
        return [next(left) if refusal is None else refusal for refusal in self._refusals]


def _several(given: Sequence[Submission]) -> list[Submission]:
    """Raise for an entry that is no Submission: its error would be overlooked among the other answers."""
    listed, violations = _argument_checks.listed("submissions", given), Violations()
    for at, one in enumerate(listed):
        if not isinstance(one, Submission):
            violations.add(
                f"submissions[{at}]", f"must be an asynctask.Submission; got {_argument_checks.shown(one)}"
            )
    violations.raise_any()
    return listed


def _check_not_past(start_time: datetime) -> None:
    now = datetime.now(start_time.tzinfo)
    if start_time < now - PAST:
        allowed = "must not be in the past; leave it out to start as soon as possible"
        raise InvalidInput([FieldViolation("start_time", f"{allowed}; got {start_time.isoformat()}")])


def config_text(task_type: TaskType | str, config: Any) -> str:
    """A config as JSON text. Raises ConfigInvalid."""
    # The scheduler checks plain JSON, since it has the schema; objects are written by their type's codec.
    codec = ANY if isinstance(task_type, str) or isinstance(config, dict) else task_type.config
    try:
        return codec.encode(config, "task_config")
    except UnwritableValue as error:
        raise ConfigInvalid(error.violations) from error


def config_invalid(misfit: str) -> ConfigInvalid:
    """The error for a config, from its codec's message: the path of the value, and what is wrong with it."""
    path, _, rest = misfit.partition(": ")
    return ConfigInvalid([FieldViolation(path, rest or misfit)])

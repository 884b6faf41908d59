"""Checks a whole submit: reports every wrong field at once, or returns the task for the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from asynctask_core import limits
from asynctask_core.errors import ConfigInvalid, FieldViolation, InvalidInput, TooLarge, UnknownTaskType
from asynctask_core.ids import EDGE_MS, RECENT_MS, id_text, id_time_ms, new_id, parse_uuid7
from asynctask_core.listing import enumerated
from asynctask_core.task_title import TITLE_LABEL
from asynctask_core.validate import Violations
from asynctask_core.wire import from_timestamp, now_us, to_datetime
from asynctask_protos.registry.v1.ledger_service_pb2 import NewTask
from asynctask_protos.scheduler.v1.task_service_pb2 import SubmitTaskRequest
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.checks.config_checks import ConfigChecks
from asynctask_scheduler.checks.title_templates import TitleTemplates
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue

DEFAULT_QUEUE = "default"
NAMES_BYTES = 400


class TakesLong(Exception):
    """The config of a submit is to be checked by `SubmitValidation.check_slowly`."""


class SubmitValidation:
    """Checks submits, and turns them into the tasks that the registry inserts."""

    def __init__(self, catalogue: CachedCatalogue, checks: ConfigChecks) -> None:
        self._catalogue = catalogue
        self._checks = checks
        self._titles = TitleTemplates()

    async def learn(self, names: Iterable[str]) -> Mapping[str, TaskType]:
        """Return the task types; reads them again if one of `names` is not known here. Raises StoreUnavailable."""
        return await self._catalogue.learn(names)

    async def check_slowly(self, request: SubmitTaskRequest, types: Mapping[str, TaskType]) -> NewTask:
        """Check a submit for which `check` raised TakesLong. Raises what `check` and `ConfigChecks.slow` raise."""
        config = request.task_config or "{}"
        return self.check(request, types, await self._checks.slow(types[request.task_type], config))

    def check(
        self,
        request: SubmitTaskRequest,
        types: Mapping[str, TaskType],
        found: Sequence[FieldViolation] | None = None,
    ) -> NewTask:
        """Check one submit; `found` are the violations of its config if that was checked already.

        Raises:
            TakesLong: the config cannot be checked quickly.
            UnknownTaskType: the type is not registered; the error names those that exist.
            ConfigInvalid: the config violates the type's schema, and all else is right.
            TooLarge: the config is over its limit, and all else is right.
            InvalidInput: anything else, or several kinds of violations.
        """
        now = now_us()
        violations = Violations()
        name = request.task_type
        task_type = types.get(name)
        if task_type is None or len(name) > limits.TASK_TYPE_CHARS:
            raise _unknown(name, types)
        config = request.task_config or "{}"
        # Count characters first: the config must be encoded only if they are many.
        if len(config) > limits.CONFIG_BYTES // 4 and len(config.encode()) > limits.CONFIG_BYTES:
            length = len(config.encode())
            description = f"must be at most {limits.CONFIG_BYTES} bytes; got {length}"
            violations.add("task_config", description)
            self._check_rest(request, violations, now)
            raise _error(violations, TooLarge)
        template = self._titles.of(name, task_type)
        # What `check_slowly` has checked is read again only for its title.
        value = violations.json("task_config", config) if found is None or template is not None else None
        if found is None and not violations.found:
            found = self._checks.quick(task_type, config, value)
            if found is None:
                raise TakesLong
        request_id = request.request_id
        is_bare = _is_bare(request, request_id)
        start_at_us = 0 if is_bare else self._check_rest(request, violations, now)
        if found:
            violations.found.extend(found)
            raise _error(violations, ConfigInvalid, len(found))
        violations.raise_any()

        task_id, key = _identity(request_id, now // 1000)
        task = NewTask(
            task_id=task_id,
            task_type=name,
            queue=task_type.queue or DEFAULT_QUEUE,
            priority=task_type.priority or limits.PRIORITY_DEFAULT,
            task_config=config,
        )
        # Passing an empty field costs as much as filling it, so fields that most tasks lack are set only if needed.
        if key:
            task.request_id = key
        if not is_bare:
            _add_rest(task, request, start_at_us)
        if template is not None and TITLE_LABEL not in task.labels and len(task.labels) < limits.LABELS:
            title = template.fill(value)
            if title:
                task.labels[TITLE_LABEL] = title
        return task

    def _check_rest(self, request: SubmitTaskRequest, violations: Violations, now: int) -> int:
        """Check everything but type and config; returns the earliest start in microseconds, 0 for none."""
        if request.HasField("priority"):
            violations.priority(request.priority)
        if request.queue:
            violations.name("queue", request.queue, limits.QUEUE_CHARS)
        violations.text("request_id", request.request_id, limits.REQUEST_ID_CHARS)
        if request.labels:
            violations.labels(request.labels)
        if not 0 <= request.delay_ms <= limits.DELAY_MS:
            allowed = f"must be from 0 to {limits.DELAY_MS} (3660 days)"
            violations.add("delay_ms", f"{allowed}; got {request.delay_ms}")
        if not request.HasField("start_time"):
            return 0
        if request.delay_ms:
            violations.add("start_time", "excludes delay_ms; give one of the two")
        start_at_us = from_timestamp(request.start_time)
        if (
            not limits.INSTANT_FIRST_S <= request.start_time.seconds <= limits.INSTANT_LAST_S
            or not 0 <= request.start_time.nanos < 1_000_000_000
        ):
            violations.add(
                "start_time", "must be an instant of the years 1 to 9999, with nanoseconds below a second"
            )
        elif start_at_us > now + limits.DELAY_MS * 1000:
            came = to_datetime(request.start_time).isoformat()
            violations.add("start_time", f"must be at most 3660 days from now; got {came}")
        return max(start_at_us, 0)


def _is_bare(request: SubmitTaskRequest, request_id: str) -> bool:
    """Whether a submit has only a type, a config and a valid request id, as nearly all have."""
    return (
        len(request_id) <= limits.REQUEST_ID_CHARS
        and "\x00" not in request_id
        and not (
            request.queue
            or request.labels
            or request.delay_ms
            or request.HasField("priority")
            or request.HasField("start_time")
        )
    )


def _add_rest(task: NewTask, request: SubmitTaskRequest, start_at_us: int) -> None:
    if request.queue:
        task.queue = request.queue
    if request.HasField("priority"):
        task.priority = request.priority
    task.delay_ms = request.delay_ms
    task.start_at_us = start_at_us
    task.labels.update(request.labels)


def _identity(request_id: str, now_ms: int) -> tuple[bytes, str]:
    """Return the task's id, and the request id that the registry must remember for it (empty if none).

    A recent UUIDv7 becomes the task's id and need not be remembered. Near the edge of "recent" it is remembered as
    well: a repeat may come when it is no longer recent. That repeat then waits for the first call if it is still being
    committed, and finds its task.
    """
    given = parse_uuid7(request_id)
    if given is None:
        return new_id(), request_id
    distance_ms = abs(id_time_ms(given) - now_ms)
    if distance_ms <= RECENT_MS - EDGE_MS:
        return given, ""
    return given if distance_ms <= RECENT_MS else new_id(), id_text(given)


def _unknown(name: str, types: Mapping[str, TaskType]) -> UnknownTaskType:
    existing = (
        f"those that exist: {enumerated(sorted(types), NAMES_BYTES)}"
        if types
        else "none exists: an executor registers its types when it starts"
    )
    shown = name[: limits.TASK_TYPE_CHARS]
    said = f"no task type is called {shown!r}" if name else "must be given"
    violation = FieldViolation("task_type", f"{said}; {existing}")
    return UnknownTaskType([violation], metadata={"task_type": shown})


def _error(violations: Violations, kind: type[InvalidInput], count: int = 1) -> InvalidInput:
    """Build an error of `kind` if its `count` violations are all, otherwise InvalidInput."""
    return (kind if len(violations.found) == count else InvalidInput)(violations.found)

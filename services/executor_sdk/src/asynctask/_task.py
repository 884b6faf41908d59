"""A task type and its stages, as an author declares them."""

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar, get_type_hints, overload

from asynctask import _given
from asynctask._codec import ANY, Codec, codec_of
from asynctask._options import Duration, Retry, duration_ms
from asynctask.errors import InvalidInput
from asynctask_core import limits
from asynctask_core.bounds.definition import check_task_type
from asynctask_core.validate import Violations
from asynctask_protos.task.v1 import task_type_pb2

Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)


class HandlerKind(Enum):
    """Where a handler runs."""

    ASYNC = "async"
    THREAD = "thread"
    PROCESS = "process"


@dataclass(frozen=True)
class Stage:
    """One declared step of a task type."""

    name: str
    handler: Handler
    kind: HandlerKind
    weight: float
    timeout_ms: int
    """0 means none."""
    takes_input: bool

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The handler's annotations. Resolved late: they may name classes that are defined after the handler."""
        try:
            return get_type_hints(self.handler, include_extras=True)
        except NameError as error:
            place = f"{self.handler.__module__}.{self.handler.__qualname__}"
            raise TypeError(
                f"{place}: an annotation names something that its module does not have: {error}"
            ) from error

    @cached_property
    def input_annotation(self) -> Any:
        """What it wants to be given; Any when it does not say."""
        if not self.takes_input:
            return Any
        parameters = list(inspect.signature(self.handler).parameters)
        return self.hints.get(parameters[1], Any)

    @cached_property
    def input(self) -> Codec[Any] | None:
        """How it says that its input is read; None when it does not say."""
        annotation = self.input_annotation
        return None if annotation is Any else codec_of(annotation)

    @cached_property
    def result(self) -> Codec[Any]:
        """How its return value is written."""
        return codec_of(self.hints.get("return", Any))

    def written(self, result: Any) -> str:
        """Its return value as JSON text. Raises TypeError, or what the value's own code raises."""
        return self.result.encode(result, f"result of {self.name}")


class TaskType:
    """A kind of task: a name, its config's type, and stages in the order of their declaration.

    `config` is a dataclass, a pydantic model or any other JSON-able annotation; without it the first stage's second
    parameter says it. Its JSON Schema is checked at submit; a dataclass adds to it field by field:
    `field(metadata={"json_schema": {"pattern": "^/", "description": "An absolute path."}})`, and rules between fields
    in a class attribute `__json_schema__`, such as an `if` and its `then`. `max_running` bounds the tasks of this type
    that run at once in the cell (0: no limit), `crash_budget` the losses of executors without a new checkpoint before a
    task fails.

    Raises:
        InvalidInput: a name or number is out of its range; every violation is listed.
    """

    def __init__(
        self,
        name: str,
        *,
        config: Any = None,
        retry: Retry | None = None,
        queue: str = "default",
        priority: int = limits.PRIORITY_DEFAULT,
        max_running: int = 0,
        crash_budget: int = limits.CRASH_BUDGET,
        description: str = "",
    ) -> None:
        violations = Violations()
        self.name: str = _given.text("task_type.name", name, violations)
        self.retry: Retry = Retry() if retry is None else retry
        self.queue: str = _given.text("task_type.queue", queue, violations)
        self.priority: int = priority
        self.max_running: int = max_running
        self.crash_budget: int = crash_budget
        self.description: str = _given.text("task_type.description", description, violations)
        self.stages: list[Stage] = []
        self._config_annotation: Any = config
        violations.raise_any()
        violations.name("task_type.name", self.name, limits.TASK_TYPE_CHARS)
        if self.queue:
            violations.name("task_type.queue", self.queue, limits.QUEUE_CHARS)
        for field, value, low, high in (
            ("priority", priority, limits.PRIORITY_FIRST, limits.PRIORITY_LAST),
            ("max_running", max_running, 0, limits.MAX_RUNNING),
            ("crash_budget", crash_budget, 0, 1000),
        ):
            try:
                _given.whole(f"task_type.{field}", value, low, high)
            except InvalidInput as error:
                violations.found.extend(error.violations)
        if not isinstance(self.retry, Retry):  # pyright: ignore[reportUnnecessaryIsInstance]
            violations.add("task_type.retry", f"must be asynctask.Retry(…); got {_given.shown(retry)}")
        violations.raise_any()

    def __repr__(self) -> str:
        return f"TaskType({self.name!r}, stages={[stage.name for stage in self.stages]})"

    @overload
    def stage(self, handler: H) -> H: ...
    @overload
    def stage(
        self,
        *,
        weight: float = 1.0,
        timeout: Duration | None = None,
        name: str | None = None,
        process: bool = False,
    ) -> Callable[[H], H]: ...
    def stage(
        self,
        handler: Handler | None = None,
        *,
        weight: float = 1.0,
        timeout: Duration | None = None,
        name: str | None = None,
        process: bool = False,
    ) -> Any:
        """Declare the next stage: a decorator that gives the function back unchanged.

        An `async def` handler runs on the executor's event loop, a plain one in a thread of its own, and with
        `process=True` a plain one in a process of its own, which can be killed, with everything that it started. The
        first stage is given the config, each later one the result of the stage before; a handler with one parameter
        gets only the context.

        Args:
            handler: the function, when used without parentheses.
            weight: share of the task's percentage relative to the other stages.
            timeout: longest time of one attempt at this stage; then it is stopped, fails with STAGE_TIMEOUT and is
                retried. An async handler is stopped at its next await, a process within seconds, a
                thread at its next progress, checkpoint, safe point or call of a manifest: one that makes none runs to
                its end, and the executor's log says so. A handler that returns in spite of its timeout has done its
                work: its result counts, however late.
            name: the function's name if not given.
            process: run it in a process of its own; best for what starts programs or uses `multiprocessing`.
        """

        def declare(function: H) -> H:
            self._add(function, weight, timeout, name or function.__name__, process)
            return function

        return declare if handler is None else declare(handler)

    def _add(
        self, handler: Handler, weight: float, timeout: Duration | None, name: str, process: bool
    ) -> None:
        is_async = inspect.iscoroutinefunction(handler)
        if is_async and process:
            raise TypeError(f"{self.name}.{name}: a process handler is a plain function, not async def")
        parameters = inspect.signature(handler).parameters
        if not 1 <= len(parameters) <= 2:
            raise TypeError(
                f"{self.name}.{name}: a handler takes (ctx) or (ctx, input); got {len(parameters)} parameters"
            )
        if any(stage.name == name for stage in self.stages):
            raise TypeError(f"{self.name}: two stages are named {name!r}")
        kind = HandlerKind.ASYNC if is_async else HandlerKind.PROCESS if process else HandlerKind.THREAD
        violations = Violations()
        _given.text(f"{self.name}.stage.name", name, violations)
        violations.raise_any()
        weight = _given.finite(f"{self.name}.{name}.weight", weight)
        timeout_ms = 0 if timeout is None else duration_ms(timeout, f"{name}.timeout")
        self.stages.append(Stage(name, handler, kind, weight, timeout_ms, len(parameters) == 2))

    @cached_property
    def config(self) -> Codec[Any]:
        """How its config is written."""
        if self._config_annotation is not None:
            return codec_of(self._config_annotation)
        return codec_of(self.stages[0].input_annotation) if self.stages else ANY

    def input_of(self, position: int) -> Codec[Any]:
        """How a stage's input is read: as it says itself, else as the stage before says."""
        own = self.stages[position].input
        if own is not None:
            return own
        return self.stages[position - 1].result if position else self.config

    def position_of(self, stage: str) -> int:
        """Position of a stage by name; the empty name is the first. Raises KeyError."""
        if not stage:
            return 0
        for position, candidate in enumerate(self.stages):
            if candidate.name == stage:
                return position
        raise KeyError(stage)

    def to_proto(self) -> task_type_pb2.TaskType:
        """The definition that an executor says hello with.

        Raises:
            InvalidInput: something is out of its range.
            TypeError: an annotation cannot be written as JSON.
        """
        schema = self.config.schema()
        for position, stage in enumerate(self.stages):
            # Built now, so that a wrong annotation shows at start and not with the first task.
            _ = (self.input_of(position), stage.result)
        proto = task_type_pb2.TaskType(
            name=self.name,
            stages=[
                task_type_pb2.StageSpec(name=stage.name, weight=stage.weight, timeout_ms=stage.timeout_ms)
                for stage in self.stages
            ],
            config_schema_json=json.dumps(schema, separators=(",", ":")) if schema else "",
            retry=self.retry.to_policy().to_proto(),
            queue=self.queue,
            max_running=self.max_running,
            crash_budget=self.crash_budget,
            description=self.description,
            priority=self.priority,
        )
        violations = Violations()
        check_task_type(proto, violations, self.name)
        violations.raise_any()
        return proto


def by_name(types: Sequence[TaskType]) -> dict[str, TaskType]:
    """Types by their names. Raises TypeError when a name comes twice."""
    found: dict[str, TaskType] = {}
    for task_type in types:
        if task_type.name in found:
            raise TypeError(f"two task types are named {task_type.name!r}")
        found[task_type.name] = task_type
    return found

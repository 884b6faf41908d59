"""A task type and its stages, as an author declares them."""

import inspect
import json
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar, get_type_hints, overload

from asynctask import _argument_checks
from asynctask._codec.shape import Schema
from asynctask._codec.text import ANY, Codec, codec_of
from asynctask._options import Duration, Retry, duration_ms
from asynctask.errors import FieldViolation, InvalidInput, ResultRefused, UnwritableValue
from asynctask_core import limits
from asynctask_core.bounds.definition import check_task_type
from asynctask_core.bounds.task import TASK
from asynctask_core.task_title import TITLE_KEYWORD, title_template
from asynctask_core.validate import Violations
from asynctask_protos.task.v1 import task_type_pb2

Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)

_STAGE = TASK["asynctask.task.v1.StageSpec"]
_CONTEXT = re.compile("ctx|context", re.IGNORECASE)
"""Matches the name or the annotation of a context parameter."""


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
    """0: no timeout."""
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
        """The annotation of its input; Any without one."""
        parameters = _taken(self.handler)
        if not self.takes_input or len(parameters) < 2:  # a wrapper's *args do not describe the input
            return Any
        return self.hints.get(parameters[1].name, Any)

    @cached_property
    def input(self) -> Codec[Any] | None:
        """The codec of its input; None without an annotation."""
        annotation = self.input_annotation
        return None if annotation is Any else _codec(f"the input of stage {self.name}", annotation)

    @cached_property
    def result(self) -> Codec[Any]:
        """The codec of its return value."""
        return _codec(f"the result of stage {self.name}", self.hints.get("return", Any))

    def written(self, result: Any) -> str:
        """Its return value as JSON text.

        Raises:
            ResultRefused: it does not fit the stage's annotation, or cannot be written as JSON.
            BaseException: any error that the value's own code raises.
        """
        try:
            return self.result.encode(result, self.result_name)
        except UnwritableValue as error:
            raise ResultRefused(error.message, violations=error.violations) from None

    def check_annotations(self) -> None:
        """Check that its input and result can be written as JSON.

        An annotation that names a class defined later is checked by the executor when it starts.

        Raises:
            TypeError: an annotation cannot be written as JSON; the message names it.
        """
        try:
            hints = self.hints
        except Exception:  # noqa: BLE001 - a class that they name may be defined later
            return
        if hints:
            _ = self.input, self.result

    @property
    def result_name(self) -> str:
        """Name of its result in error messages."""
        return f"stage {self.name}: result"


class TaskType:
    """A kind of task: a name, its config's type, and stages in the order of their declaration.

    `config` is a dataclass, a pydantic model or any other JSON-able annotation; without it, the annotation of the first
    stage's second parameter is used. Its JSON Schema is checked at submit. A dataclass adds to the schema of a field by
    `field(metadata={"json_schema": {"pattern": "^/", "description": "An absolute path."}})`, and rules between fields,
    such as an `if` and its `then`, by a class attribute `__json_schema__`. The console's form shows a field's `title`
    and `description`, and for readers of another language those under `"x-asynctask-i18n": {"zh": {"title": "…",
    "description": "…"}}`; in `__json_schema__` the `description` there stands for that of the type.

    `max_running` bounds the tasks of this type that run at once in the cell (0: no limit). A task fails once it has
    lost its executor `crash_budget` times (1 to 1,000) without a new checkpoint: with 1 the first loss is final. A loss
    while the scheduler or Redis is unreachable does not count, since the executor could not report that it is alive.

    `title` tells tasks of the type apart: `"{source_path} → {destination_path}"` becomes the label `title` of a task
    whose submit gives none, each `{field}` replaced by that field of the config, or by its default. `{{` and `}}` are
    braces.

    Raises:
        InvalidInput: a name or number is out of its range, or the title is no template; every violation is listed.
    """

    def __init__(  # noqa: PLR0913 - everything that a type may say of its tasks
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
        title: str = "",
    ) -> None:
        violations = Violations()
        self.name: str = _argument_checks.text("task_type.name", name, violations)
        self.retry: Retry = Retry() if retry is None else retry
        self.queue: str = _argument_checks.text("task_type.queue", queue, violations)
        self.priority: int = priority
        self.max_running: int = max_running
        self.crash_budget: int = crash_budget
        self.description: str = _argument_checks.text("task_type.description", description, violations)
        self.title: str = _argument_checks.text("task_type.title", title, violations)
        self.stages: list[Stage] = []
        self._config_annotation: Any = config
        violations.raise_any()
        violations.name("task_type.name", self.name, limits.TASK_TYPE_CHARS)
        violations.name("task_type.queue", self.queue, limits.QUEUE_CHARS)
        for field, value, low, high in (
            ("priority", priority, limits.PRIORITY_FIRST, limits.PRIORITY_LAST),
            ("max_running", max_running, 0, limits.MAX_RUNNING),
            ("crash_budget", crash_budget, 1, limits.CRASH_LIMIT),
        ):
            try:
                _argument_checks.whole(f"task_type.{field}", value, low, high)
            except InvalidInput as error:
                violations.found.extend(error.violations)
        if not isinstance(self.retry, Retry):  # pyright: ignore[reportUnnecessaryIsInstance]
            violations.add(
                "task_type.retry", f"must be asynctask.Retry(…); got {_argument_checks.shown(retry)}"
            )
        violations.text("task_type.description", self.description, limits.DESCRIPTION_CHARS)
        self._check_config(violations)
        violations.raise_any()

    def _check_config(self, violations: Violations) -> None:
        """Note a config that cannot be written, and a title that does not fit it.

        The executor checks a config that names classes defined later.
        """
        schema: Schema = {}
        if self._config_annotation is not None:
            try:
                schema = codec_of(self._config_annotation).schema()
            except TypeError as error:
                violations.add("task_type.config", str(error))
            except Exception:  # noqa: BLE001, S110 - a class whose field types are defined later
                pass
        self._check_title(schema, violations)

    def _check_title(self, schema: Schema, violations: Violations) -> None:
        try:
            title_template({**schema, TITLE_KEYWORD: self.title})
        except ValueError as error:
            violations.add("task_type.title", str(error))

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
        """Declare the next stage: a decorator that returns the function unchanged.

        An `async def` handler runs on the executor's event loop, a plain one in a thread of its own, and with
        `process=True` a plain one in a process of its own, which can be killed, with everything that it started.

        The first parameter of every handler is its context, for progress, checkpoints and stops: call it `ctx`, or
        annotate it with `Context` or `ThreadContext`. The second one is its input: the first stage gets the config,
        each later stage the result of the stage before. A handler with one parameter gets only the context.

        Args:
            handler: the function, when used without parentheses.
            weight: share of the task's percentage relative to the other stages: above 0 and at most 1,000,000.
            timeout: longest time of one attempt at this stage, at most 3660 days. Then the attempt is stopped, fails
                with STAGE_TIMEOUT and is retried. An async handler is stopped at its next await, a process within
                seconds, a thread at its next progress, checkpoint, safe point or call of a manifest. A thread that
                makes no such call runs to its end, and the executor logs this. The result of a handler that returns
                after its timeout counts, however late.
            name: up to 64 letters, digits, `_` or `-`; the function's name if not given.
            process: run it in a process of its own; best for what starts programs or uses `multiprocessing`.

        Raises:
            TypeError: the function cannot be a handler, such as one without a context, a generator, a builtin, or an
                `async def` annotated with `ThreadContext`; or an annotation cannot be written as JSON.
            InvalidInput: the name, weight or timeout is not as said above; every violation is listed.
        """

        def declare(function: H) -> H:
            in_process = bool(_argument_checks.flag(f"{self.name}.stage.process", process))
            own = self._name_of(function) if name is None else name
            self._add(function, weight, timeout, own, in_process)
            return function

        return declare if handler is None else declare(handler)

    def _add(
        self, handler: Handler, weight: float, timeout: Duration | None, name: str, process: bool
    ) -> None:
        is_async = inspect.iscoroutinefunction(handler)
        if is_async and process:
            raise TypeError(f"{self.name}.{name}: a process handler is a plain function, not async def")
        if inspect.isgeneratorfunction(handler) or inspect.isasyncgenfunction(handler):
            raise TypeError(
                f"{self.name}.{name}: a handler returns its result; got a generator, a function with `yield`"
            )
        if inspect.isbuiltin(handler):
            shown = _argument_checks.shown(handler)
            raise TypeError(f"{self.name}.{name}: a handler is a function of your own; got {shown}")
        _check_parameters(f"{self.name}.{name}", handler)
        words = re.findall(r"\w+", _annotation_text(_taken(handler)[0]))
        if is_async and "ThreadContext" in words and "Context" not in words:
            raise TypeError(
                f"{self.name}.{name}: an async def handler is given a Context, not a ThreadContext"
            )
        if any(stage.name == name for stage in self.stages):
            raise TypeError(f"{self.name}: two stages are named {name!r}")
        kind = HandlerKind.ASYNC if is_async else HandlerKind.PROCESS if process else HandlerKind.THREAD
        weight, timeout_ms = self._checked(weight, timeout, name)
        parameters = _taken(handler)
        takes_input = len(parameters) == 2 or parameters[0].kind is inspect.Parameter.VAR_POSITIONAL
        stage = Stage(name, handler, kind, weight, timeout_ms, takes_input)
        stage.check_annotations()
        self.stages.append(stage)

    def _checked(self, weight: float, timeout: Duration | None, name: str) -> tuple[float, int]:
        """The weight, and the timeout in milliseconds. Raises InvalidInput: one of them or the name is wrong."""
        violations, place, timeout_ms = Violations(), f"{self.name}.{name}", 0
        if _argument_checks.text(f"{self.name}.stage.name", name, violations):
            _STAGE["name"].check(f"{self.name}.stage.name", name, violations)
        elif not violations.found:
            violations.add(f"{self.name}.stage.name", "is required")
        if len(self.stages) == limits.STAGES:
            violations.add(
                f"{self.name}.stages", f"must have at most {limits.STAGES} entries; {name!r} is another one"
            )
        try:
            weight = _argument_checks.finite(f"{place}.weight", weight)
            _STAGE["weight"].check(f"{place}.weight", weight, violations)
            if timeout is not None:
                timeout_ms = duration_ms(timeout, f"{place}.timeout", limits.STAGE_TIMEOUT_MS, least_ms=1)
        except InvalidInput as error:
            violations.found.extend(error.violations)
        violations.raise_any()
        return weight, timeout_ms

    def _name_of(self, handler: Handler) -> str:
        """The default name of a stage: the name of its function."""
        if not callable(handler):
            raise TypeError(
                f"{self.name}: `stage` decorates a function; got {_argument_checks.shown(handler)}; a stage gets "
                "another name by @….stage(name=…)"
            )
        name = getattr(handler, "__name__", None)
        if name is None:
            raise TypeError(
                f"{self.name}: {_argument_checks.shown(handler)} has no name of its own: give the stage one, "
                "by stage(name=…)"
            )
        return name

    def check_stages(self) -> None:
        """Check that tasks of this type can run.

        Raises:
            InvalidInput: it has no stage, a process handler cannot be imported by its name, or a stage's input
                annotation cannot read the value that the stage gets.
            TypeError: an annotation cannot be written as JSON.
        """
        if not self.stages:
            none = "has none: declare at least one, with @….stage above the function that does the work"
            raise InvalidInput([FieldViolation(f"{self.name}.stages", none)])
        for stage in self.stages:
            if stage.kind is HandlerKind.PROCESS:
                try:
                    pickle.dumps(stage.handler)
                except (pickle.PicklingError, AttributeError, TypeError) as error:
                    allowed = (
                        "must be found by its name in its module, since another process imports it from there"
                    )
                    field = f"{self.name}.{stage.name}"
                    raise InvalidInput([FieldViolation(field, f"{allowed}: {error}")]) from None
        violations = Violations()
        for position, stage in enumerate(self.stages):
            given, whose = self.config, "the config of the type"
            if position:
                given, whose = (
                    self.stages[position - 1].result,
                    f"what stage {self.stages[position - 1].name} returns",
                )
            # Both are built now, so that a wrong annotation fails the start and not the first task.
            read = self.input_of(position)
            if why := given.misfit(read):
                said = f"is annotated {_named(read)}, which cannot be {whose}, {_named(given)}: {why}"
                violations.add(f"{self.name}.{stage.name}.input", said)
        _ = self.stages[-1].result
        violations.raise_any()

    @cached_property
    def config(self) -> Codec[Any]:
        """The codec of its config."""
        if self._config_annotation is not None:
            return _codec(f"the config of task type {self.name}", self._config_annotation)
        return self.stages[0].input or ANY if self.stages else ANY

    def input_of(self, position: int) -> Codec[Any]:
        """The codec of a stage's input: of its own annotation, else of the result of the stage before."""
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
        """The definition that an executor sends in its hello.

        Raises:
            InvalidInput: a value is out of its range, or tasks of the type cannot run.
            TypeError: an annotation cannot be written as JSON.
        """
        self.check_stages()
        violations = Violations()
        schema = self.config.schema()
        if self.title:
            self._check_title(schema, violations)
            schema = {**schema, TITLE_KEYWORD: self.title}
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
        check_task_type(proto, violations, self.name)
        violations.raise_any()
        return proto


def _codec(what: str, annotation: Any) -> Codec[Any]:
    """The codec of an annotation. Raises TypeError, with `what` first in its message."""
    try:
        return codec_of(annotation)
    except TypeError as error:
        raise TypeError(f"{what}: {error}") from None


def _named(codec: Codec[Any]) -> str:
    """An annotation as source text."""
    return inspect.formatannotation(codec.annotation)


def _taken(handler: Handler) -> list[inspect.Parameter]:
    """A handler's positional parameters: it is called with its context, and its input."""
    by_name = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)
    return [one for one in inspect.signature(handler).parameters.values() if one.kind not in by_name]


def _check_parameters(place: str, handler: Handler) -> None:
    """Refuse a function that cannot be called as a handler, or whose first parameter is not its context.

    Raises:
        TypeError: the number of parameters is wrong, or the first one is not the context.
    """
    signature = inspect.signature(handler)
    every = signature.parameters.values()
    names = signature.replace(
        parameters=[one.replace(annotation=one.empty) for one in every], return_annotation=signature.empty
    )
    lacking = any(one.kind is one.KEYWORD_ONLY and one.default is one.empty for one in every)
    taken = _taken(handler)
    if lacking or not 1 <= len(taken) <= 2:
        raise TypeError(f"{place}: a handler takes (ctx) or (ctx, input); got {names}")
    first = taken[0]
    is_wrapper = first.kind is first.VAR_POSITIONAL  # it passes its arguments on
    is_unused = not first.name.strip("_")
    if is_wrapper or is_unused or _says_context(first):
        return
    inputs = [one.name for one in taken if not _says_context(one)]
    raise TypeError(
        f"{place}: the first parameter of a handler is its context, for progress, checkpoints and stops;"
        f" got {names}: write ({', '.join(['ctx', *inputs[:1]])})"
    )


def _says_context(parameter: inspect.Parameter) -> bool:
    """Whether a parameter is meant to be the context, by its name or its annotation."""
    return any(map(_CONTEXT.search, (parameter.name, _annotation_text(parameter))))


def _annotation_text(parameter: inspect.Parameter) -> str:
    annotation = parameter.annotation
    if annotation is parameter.empty:
        return ""
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)

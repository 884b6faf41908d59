"""Declaring task types."""

import json
import math
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast

import pytest

import asynctask
from asynctask import Context, Executor, Retry, TaskType, ThreadContext
from asynctask._options import duration_ms, resolve_addresses
from asynctask.errors import InvalidInput
from asynctask.testing import run
from asynctask_core import limits


def test_definition_says_everything_that_was_declared():
    kind = TaskType(
        "a.type", retry=Retry(5, "2s", "1m", 3.0), queue="q", priority=1, max_running=7, description="d"
    )

    @kind.stage(weight=2, timeout="1h30m")
    async def first(ctx, config: dict[str, int]) -> int:
        return 1

    @kind.stage
    def second(ctx) -> None: ...

    proto = kind.to_proto()
    assert [(stage.name, stage.weight) for stage in proto.stages] == [("first", 2), ("second", 1)]
    assert kind.stages[0].timeout_ms == 5_400_000
    assert (proto.retry.max_attempts, proto.retry.initial_delay_ms, proto.retry.max_delay_ms) == (
        5,
        2000,
        60_000,
    )
    assert (proto.queue, proto.priority, proto.max_running, proto.description) == ("q", 1, 7, "d")
    assert json.loads(proto.config_schema_json)["additionalProperties"] == {"type": "integer"}


def test_wrong_declarations_are_refused_where_they_are_made():
    with pytest.raises(InvalidInput, match=r"task_type\.name"):
        TaskType("no spaces")
    kind = TaskType("t")
    kind.stage(name="one")(lambda ctx: None)
    with pytest.raises(TypeError, match="two stages are named"):
        kind.stage(name="one")(lambda ctx: None)
    with pytest.raises(TypeError, match=r"\(ctx\) or \(ctx, input\)"):
        kind.stage(name="three")(lambda a, b, c: None)
    with pytest.raises(TypeError, match="a process handler is a plain function"):

        @kind.stage(process=True)
        async def work(ctx) -> None: ...


@dataclass
class Album: ...


def without_ctx(album: Album) -> None: ...
def in_another_order(album: "Album", ctx) -> None: ...
def yields(ctx):
    yield 1


async def in_a_thread_too(ctx: ThreadContext[Any]) -> None: ...


async def yields_too(ctx):
    yield 1


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (without_ctx, r"got \(album\): write \(ctx, album\)$"),
        (in_another_order, r"got \(album, ctx\): write \(ctx, album\)$"),
        (lambda n: None, r"got \(n\): write \(ctx, n\)$"),
        (lambda: None, r"a handler takes \(ctx\) or \(ctx, input\); got \(\)$"),
        (lambda ctx, *, n: None, r"a handler takes \(ctx\) or \(ctx, input\); got \(ctx, \*, n\)$"),
        (print, r"a handler is a function of your own; got <built-in function print>$"),
        (in_a_thread_too, r"an async def handler is given a Context, not a ThreadContext$"),
        (yields, "got a generator"),
        (yields_too, "got a generator"),
    ],
)
def test_function_that_could_neither_be_stopped_nor_report_is_refused_by_name(handler, said):
    """Fails when a stage without a context is taken, and finds one in place of its input."""
    with pytest.raises(TypeError, match=rf"^t\.work: .*{said}"):
        TaskType("t").stage(name="work")(handler)


def test_context_is_known_by_its_name_or_its_annotation():
    def annotated(c: "asynctask.Context[Album]", album: Album) -> None: ...
    def in_a_thread(c: ThreadContext[Any], album) -> None: ...
    def unused(_, album) -> None: ...
    def wrapped(*args, **options) -> None: ...
    def with_a_default(ctx, *, retries=3) -> None: ...

    kind = TaskType("t")
    for handler in (annotated, in_a_thread, unused, wrapped, with_a_default):
        kind.stage(handler)
    assert [stage.takes_input for stage in kind.stages] == [True, True, True, True, False]
    assert kind.stages[3].input_annotation is Any


def test_what_is_no_function_with_a_name_is_refused_with_what_to_write():
    for wrong in cast("list[Any]", ["scan", partial(lambda ctx: None)]):
        with pytest.raises(TypeError, match=r"^t: .*stage\(name=…\)"):
            TaskType("t").stage(wrong)


async def test_type_without_stages_is_refused_in_plain_words():
    """Fails when it says that a field is required, or ends in an IndexError."""
    said = r"^empty\.stages: has none: declare at least one, with @….stage above the function that does the work$"
    with pytest.raises(InvalidInput, match=said):
        Executor([TaskType("empty")])
    with pytest.raises(InvalidInput, match=said):
        await run(TaskType("empty"))


@dataclass
class Unwritable:
    number: complex


def work(ctx: Context[Any]) -> None: ...


RANGE = "must be from 1ms to 3660d"
WRITABLE = "cannot be written as JSON: use dataclasses, "
WHERE_WRITTEN: list[tuple[Any, list[str]]] = [
    (lambda kind: kind.stage(weight=-1), ["t.work.weight: must be above 0 and at most 1000000; got -1"]),
    (lambda kind: kind.stage(weight=0), ["t.work.weight: must be above 0 and at most 1000000; got 0"]),
    (lambda kind: kind.stage(weight=math.nan), ["t.work.weight: must be a finite number; got nan"]),
    (lambda kind: kind.stage(weight=True), ["t.work.weight: must be a finite number; got True"]),
    (lambda kind: kind.stage(timeout=0), [f"t.work.timeout: {RANGE}; got 0"]),
    (lambda kind: kind.stage(timeout="9999d"), [f"t.work.timeout: {RANGE}; got '9999d'"]),
    (lambda kind: kind.stage(name=""), ["t.stage.name: is required"]),
    (
        lambda kind: kind.stage(name="a b", weight=0),
        [
            "t.stage.name: must be up to 64 letters, digits, '_' or '-'; got 'a b'",
            "t.a b.weight: must be above 0 and at most 1000000; got 0",
        ],
    ),
    (
        lambda _: lambda _: TaskType("t", config=object(), description="x" * 2000),
        [
            "task_type.description: must have at most 1000 characters; got 2000",
            f"task_type.config: <object object at 0x[0-9a-f]+> {WRITABLE}",
        ],
    ),
    (
        lambda _: lambda _: TaskType("t", config=Unwritable),
        [f"task_type.config: <class 'complex'> {WRITABLE}"],
    ),
    (
        lambda _: lambda _: Retry(multiplier=0.5),
        ["retry.multiplier: must be from 1 to 100; got 0.5"],
    ),
    (
        lambda _: lambda _: Retry(initial_delay=-1),
        ["retry.initial_delay: must be from 1ms to 3660d; got -1"],
    ),
    (
        lambda _: lambda _: Retry(initial_delay=0),
        ["retry.initial_delay: must be from 1ms to 3660d; got 0"],
    ),
    (
        lambda _: lambda _: Retry(max_delay=0.0001),
        ["retry.max_delay: must be from 1ms to 3660d; got 0.0001"],
    ),
    (
        lambda _: lambda _: Retry(max_attempts=0),
        ["retry.max_attempts: must be a whole number from 1 to 1000; got 0"],
    ),
]


@pytest.mark.parametrize(("decorator", "said"), WHERE_WRITTEN)
def test_wrong_argument_is_refused_where_it_is_written(decorator: Any, said: list[str]) -> None:
    """Fails when it shows only once an executor is made, far from the line with the mistake."""
    with pytest.raises(InvalidInput) as caught:
        decorator(TaskType("t"))(work)
    for line, expected in zip(str(caught.value).splitlines(), said, strict=True):
        assert re.match(expected if "<object" in expected else re.escape(expected), line), line


def test_type_takes_no_more_stages_than_a_scheduler_does() -> None:
    kind = TaskType("t")
    for number in range(limits.STAGES):
        kind.stage(name=f"stage{number}")(work)
    with pytest.raises(
        InvalidInput, match=r"^t\.stages: must have at most 100 entries; 'work' is another one$"
    ):
        kind.stage(work)


@dataclass
class Early:
    inner: "Later"


def test_config_that_names_a_later_class_is_taken() -> None:
    """Fails when a declaration resolves names that its module has only once it is read to its end."""
    kind = TaskType("t", config=Early)
    global Later  # noqa: PLW0603

    @dataclass
    class Later:
        number: int

    kind.stage(work)
    assert "Later" in kind.to_proto().config_schema_json
    del Later


@pytest.mark.parametrize(
    ("types", "said"),
    [
        ([], ["task_types: must have at least one task type; got none"]),
        ([5], ["task_types[0]: must be an asynctask.TaskType; got 5", "slots: "]),
        (
            [TaskType("t"), TaskType("t")],
            ["task_types[1]: must be unique by name; two task types are named 't'", "slots: "],
        ),
    ],
)
def test_executor_refuses_wrong_types_beside_its_other_wrong_arguments(types: Any, said: list[str]) -> None:
    """Fails when a wrong type is a TypeError, or hides what else is wrong."""
    with pytest.raises(InvalidInput) as caught:
        Executor(types, slots=0)
    lines = str(caught.value).splitlines()
    assert all(map(str.startswith, lines, said)), lines


def test_executor_names_the_field_that_is_wrong():
    with pytest.raises(InvalidInput, match="slots"):
        Executor([TaskType("x")], slots=0)
    kind = TaskType("t")
    kind.stage(work)
    with pytest.raises(InvalidInput, match=r"^queues: must have at most 1000 entries; got 1001"):
        Executor([kind], queues=[f"q{number}" for number in range(1001)])
    with pytest.raises(
        InvalidInput, match=r"^retry.max_attempts: must be a whole number from 1 to 1000; got -1"
    ):
        Retry(max_attempts=-1)


def test_annotation_of_an_unknown_name_is_found_at_the_start():
    kind = TaskType("t")

    def work(ctx, value: "Missing") -> None: ...  # noqa: F821 # pyright: ignore[reportUndefinedVariable]

    kind.stage(work)
    with pytest.raises(TypeError, match="Missing"):
        Executor([kind])


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("500ms", 500),
        ("15s", 15_000),
        ("1h30m", 5_400_000),
        (2, 2000),
        (0.25, 250),
        ("1.5 s", 1500),
        ("1.001s", 1001),
    ],
)
def test_durations_are_read(text, ms):
    assert duration_ms(text, "x") == ms


@pytest.mark.parametrize("text", ["", "15", "-15", "1x", "11y", "s", float("nan"), None, b"1", [1], True])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(InvalidInput, match="x: must be seconds or a text such as"):
        duration_ms(text, "x")


@pytest.mark.parametrize("text", [float("inf"), 1e30, 10**400, "9999999999999d", "9" * 400 + "s"])
def test_durations_that_no_message_can_hold_are_refused(text):
    """Fails when they end in protobuf's or Python's own errors, which name no field."""
    with pytest.raises(InvalidInput, match="x: must be at most 3660d; got "):
        duration_ms(text, "x")


def test_address_comes_from_the_argument_then_the_environment_then_the_default(monkeypatch):
    monkeypatch.setenv("ASYNCTASK_ADDRESS", "a:1, b:2")
    assert resolve_addresses("c:3") == ("c:3",)
    assert resolve_addresses(None) == ("a:1", "b:2")
    monkeypatch.delenv("ASYNCTASK_ADDRESS")
    assert resolve_addresses(None) == ("127.0.0.1:7600",)


@pytest.mark.parametrize("address", ["http://127.0.0.1:7600", "a:1, HTTPS://b:2", "grpc://c:3"])
def test_address_with_a_scheme_is_refused_by_name(address: str):
    """Fails when gRPC is left to look for a host called http."""
    with pytest.raises(InvalidInput, match=r"address: must be host:port, such as .*, without a scheme; got"):
        resolve_addresses(address)


@pytest.mark.parametrize(
    "address",
    ["x", "127.0.0.1", "h:99999", "h:0", "h:-1", "a b:1", "[::1]:x", "::1:7600", "h:1/foo", ":1", "a:1,b"],
)
def test_address_that_is_none_is_refused_where_it_is_given(address: str):
    """Fails when an executor tries for ever to reach what no host can be."""
    wrong = address.rpartition(",")[2]
    with pytest.raises(
        InvalidInput,
        match=re.escape(
            f"address: must be host:port, such as 127.0.0.1:7600, without a scheme; got {wrong!r}"
        ),
    ):
        resolve_addresses(address)


@pytest.mark.parametrize(
    "address", ["h:1", "[::1]:7600", "[fe80::1%eth0]:1", "dns:///h:1", "unix:/run/a.sock", "dns:1"]
)
def test_address_may_be_what_grpc_resolves(address: str):
    assert resolve_addresses(address) == (address,)


@dataclass
class Gallery:
    folder: str
    pictures: int = 100


@dataclass
class Parts:
    folder: str
    size: int


class Level(Enum):
    LOW = 1
    HIGH = 2


NEVER_FIT: list[tuple[Any, Any]] = [
    (int, str),
    (str, int),
    (list[int], dict[str, int]),
    (None, int),
    (Gallery, str),
    (Gallery, list[str]),
    (Gallery, Parts),
    (Parts, Gallery),
    (int | None, str),
    (Level, str),
    (Path, float),
    (bool, int),
]
MAY_FIT: list[tuple[Any, Any]] = [
    (int, float),
    (float, int),
    (str, Path),
    (Any, int),
    (int, Any),
    (int | str, str),
    (list[int], tuple[str, ...]),
    (Gallery, dict[str, Any]),
    (dict[str, int], Parts),
    (Level, int),
    (Literal["a"], Literal["b", "a"]),
    (Gallery, Gallery | None),
    (timedelta, int),
]


def two_stages(written: Any, read: Any) -> TaskType:
    kind = TaskType("two")

    async def first(ctx: Context[Any]) -> Any: ...

    async def second(ctx: Context[Any], value: Any) -> None: ...

    first.__annotations__["return"] = written
    second.__annotations__["value"] = read
    kind.stage(first)
    kind.stage(second)
    return kind


@pytest.mark.parametrize(("written", "read"), NEVER_FIT)
def test_stage_that_can_never_read_what_the_one_before_returns_is_refused_at_the_start(
    written: Any, read: Any
):
    """Fails when a wrong annotation shows only once the first stage has done its work, for every task."""
    with pytest.raises(
        InvalidInput, match=r"^two\.second\.input: is annotated .*, which cannot be what stage first"
    ):
        two_stages(written, read).to_proto()


@pytest.mark.parametrize(("written", "read"), MAY_FIT)
def test_annotations_of_which_some_value_fits_are_taken(written: Any, read: Any):
    """Fails when something that works is refused."""
    two_stages(written, read).to_proto()


def test_handler_that_can_never_read_the_config_of_its_type_is_refused_at_the_start():
    kind = TaskType("photos", config=Gallery)

    @kind.stage
    async def shrink(ctx: Context[Any], config: Parts) -> None: ...

    with pytest.raises(InvalidInput) as caught:
        kind.to_proto()
    assert str(caught.value) == (
        "photos.shrink.input: is annotated tests.unit.sdk.test_task_type.Parts, which cannot be the config of the type,"
        " tests.unit.sdk.test_task_type.Gallery: the one that is read needs a field 'size'"
    )


class Foo:
    """Nothing that can be written."""


def test_annotation_that_cannot_be_written_says_whose_it_is():
    """Fails when an executor of many types says only that some class cannot be written."""
    with pytest.raises(TypeError, match=r"^the result of stage first: .*Foo'> cannot be written as JSON"):
        two_stages(Foo, Any)
    with pytest.raises(TypeError, match=r"^the input of stage second: .*Foo'> cannot be written as JSON"):
        two_stages(Any, Foo)
    with pytest.raises(TypeError, match=r"^the input of stage second: .*Foo'> cannot be written as JSON"):
        two_stages(Any, Foo).to_proto()


@dataclass
class Copy:
    source: Path
    target: Path = Path("/backup")


def test_a_title_is_an_annotation_of_the_config_schema():
    kind = TaskType("copy", config=Copy, title="{source} → {target}")
    kind.stage(name="go")(lambda ctx: None)
    schema = json.loads(kind.to_proto().config_schema_json)
    assert schema["x-asynctask-title"] == "{source} → {target}"
    assert schema["$defs"]["Copy"]["properties"]["target"]["default"] == "/backup"
    any_config = TaskType("any", title="{what}")
    any_config.stage(name="go")(lambda ctx: None)
    assert json.loads(any_config.to_proto().config_schema_json) == {"x-asynctask-title": "{what}"}
    without = TaskType("without")
    without.stage(name="go")(lambda ctx: None)
    assert without.to_proto().config_schema_json == ""


def test_a_title_that_does_not_fit_is_refused_where_it_is_declared():
    wrong: Any = 5
    for title, said in (
        ("{origin}", r"^task_type\.title: must name fields of the config: source, target; got \{origin\}$"),
        ("{source", r"task_type\.title: must have fields such as \{name\}.*got a single \{ at character 1"),
        (wrong, r"task_type\.title: must be a text"),
    ):
        with pytest.raises(InvalidInput, match=said):
            TaskType("copy", config=Copy, title=title)
    later = TaskType("copy", title="{origin}")  # its config is known by its first stage

    @later.stage
    def go(ctx: ThreadContext[Copy], config: Copy) -> None: ...

    with pytest.raises(InvalidInput, match=r"task_type\.title: must name fields of the config"):
        later.to_proto()

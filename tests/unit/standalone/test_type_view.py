"""A task type as `asynctask types NAME` shows it."""

import time
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from rich.console import Console

from asynctask import Context, Retry, TaskType
from asynctask._client.info_wire import task_type_of
from asynctask_protos.task.v1.task_type_pb2 import TaskType as TaskTypeMessage
from asynctask_standalone.cli.kinds import config_rows, retry_words, type_view


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@dataclass
class Inner:
    width: int = 100
    again: "Inner | None" = None


@dataclass
class Config:
    folder: str = field(metadata={"json_schema": {"description": "Where the pictures are."}})
    names: list[str]
    size: Size
    mode: Literal["fast", "good"] = "fast"
    limit: int | None = None
    inner: Inner = field(default_factory=Inner)
    sizes: list[int] = field(default_factory=list[int])
    at: float = field(default_factory=time.time)


kind = TaskType(
    "shrink", config=Config, retry=Retry(max_attempts=5), max_running=3, description="Shrinks pictures."
)


@kind.stage(weight=1)
async def scan(ctx: Context[Config], config: Config) -> None: ...


@kind.stage(weight=3, timeout="2h")
async def work(ctx: Context[Config]) -> None: ...


def shown(width: int) -> str:
    console = Console(width=width, record=True, force_terminal=False)
    with console.capture() as capture:
        console.print(type_view(task_type_of(kind.to_proto())))
    return capture.get()


def test_type_is_shown_with_stages_weights_timeouts_retry_and_limits():
    text = shown(120)
    lines = {line.split()[0]: line.split() for line in text.splitlines() if line.split()}
    assert lines["scan"] == ["scan", "25%", "1", "no", "limit"]
    assert lines["work"] == ["work", "75%", "3", "2", "h"]
    assert "at most 3 tasks" in text
    assert "5 attempts; the first retry comes after 500 ms to 1.0 s" in text
    assert "Shrinks pictures." in text


def test_no_line_is_wider_than_the_terminal():
    assert max(map(len, shown(80).splitlines())) <= 80


def test_every_field_of_the_config_is_told_in_words():
    schema: Any = task_type_of(kind.to_proto()).config_schema
    rows = {path: (of, default, said) for path, of, default, said in config_rows(schema)}
    assert rows["folder"] == ("text", "(required)", "Where the pictures are.")
    assert rows["names"] == ("list of texts", "(required)", "")
    assert rows["size"][0] == '"small" | "large"'
    assert rows["mode"][:2] == ('"fast" | "good"', '"fast"')
    assert rows["limit"][:2] == ("whole number or null", "null")
    assert rows["sizes"][:2] == ("list of whole numbers", "[]")
    assert rows["at"][:2] == ("number", "(optional)")
    assert rows["inner"][1] == "(optional)"
    assert rows["inner"][0] == "Inner"
    assert rows["inner.width"][:2] == ("whole number", "100")


def test_record_that_contains_itself_is_shown_to_a_limited_depth():
    schema: Any = {
        "$ref": "#/$defs/Node",
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
    }
    assert len(config_rows(schema)) == 4


def test_type_without_retry_says_so():
    assert retry_words(Retry(max_attempts=1)) == "none: the first error is final"


def test_delays_of_retries_are_said_as_they_will_be():
    """Fails when the longest delay of the policy is told of a type whose few retries never reach it."""
    assert retry_words(Retry(max_attempts=2)) == "2 attempts; the retry comes after 500 ms to 1.0 s"
    grows = "the first retry comes after 500 ms to 1.0 s, then 2 times as long each time"
    assert retry_words(Retry()) == f"3 attempts; {grows}, the last after 1.0 s to 2.0 s"
    long = Retry(max_attempts=1000, max_delay=4)
    assert retry_words(long) == f"1,000 attempts; {grows}, from retry 3 on after 2.0 s to 4.0 s"
    even = Retry(max_attempts=5, multiplier=1)
    assert retry_words(even) == "5 attempts; each retry comes after 500 ms to 1.0 s"


def test_template_of_titles_is_shown_as_it_is():
    titled = task_type_of(TaskTypeMessage(name="t", config_schema_json='{"x-asynctask-title": "{a} → {b}"}'))
    console = Console(width=80, force_terminal=False)
    with console.capture() as capture:
        console.print(type_view(titled))
    assert ["title", "{a}", "→", "{b}"] in [line.split() for line in capture.get().splitlines()]

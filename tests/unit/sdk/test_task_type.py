"""Declaring task types."""

import json

import pytest

from asynctask import Executor, Retry, TaskType
from asynctask._options import duration_ms, resolve_addresses
from asynctask.errors import InvalidInput


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
    kind.stage(lambda ctx: None)
    with pytest.raises(TypeError, match="two stages are named"):
        kind.stage(lambda ctx: None)
    with pytest.raises(TypeError, match=r"\(ctx\) or \(ctx, input\)"):
        kind.stage(name="three")(lambda a, b, c: None)
    with pytest.raises(TypeError, match="a process handler is a plain function"):

        @kind.stage(process=True)
        async def work(ctx) -> None: ...


def test_executor_shows_every_mistake_at_its_start():
    kind = TaskType("t", retry=Retry(multiplier=0.5), description="x" * 2000)
    kind.stage(weight=0, name="s")(lambda ctx: None)
    with pytest.raises(InvalidInput) as caught:
        Executor([kind])
    assert {violation.field for violation in caught.value.violations} == {
        "t.description",
        "t.retry.multiplier",
        "t.stages[0].weight",
    }
    with pytest.raises(InvalidInput, match="slots"):
        Executor([TaskType("x")], slots=0)
    with pytest.raises(
        InvalidInput, match=r"^retry.max_attempts: must be a whole number from 0 to 1000; got -1"
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


@pytest.mark.parametrize("text", ["", "15", "-1s", "1x", "s", -1, float("nan"), None, b"1", [1]])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(InvalidInput, match="x: must be seconds or a text such as"):
        duration_ms(text, "x")


@pytest.mark.parametrize("text", [float("inf"), 1e30, 10**400, "9999999999999d", "9" * 400 + "s"])
def test_durations_that_no_message_can_hold_are_refused(text):
    """Fails when they end in protobuf's or Python's own errors, which name no field."""
    with pytest.raises(InvalidInput, match=r"x: must be at most 1e\+18 ms; got "):
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
    with pytest.raises(InvalidInput, match="address: must be host:port, without a scheme; got"):
        resolve_addresses(address)

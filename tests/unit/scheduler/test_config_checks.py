"""Where configs are checked, and what happens to a check that takes too long."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

import asynctask
from asynctask_core import errors
from asynctask_core.limits import CONFIG_BYTES
from asynctask_protos.scheduler.v1.task_service_pb2 import SubmitTaskRequest
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.api.submit_validation import SubmitValidation, TakesLong
from asynctask_scheduler.checks import config_checks as config_checks_module
from asynctask_scheduler.checks import schema_processes
from asynctask_scheduler.checks.config_checks import MOST_WAITING, ConfigChecks
from asynctask_scheduler.checks.schema_process import HAS_TIMER
from asynctask_scheduler.checks.schema_processes import SchemaProcesses, TookTooLong
from asynctask_scheduler.metrics import SchedulerMetrics
from tests.unit.scheduler.doubles import a_type, config_checks


def with_schema(schema: Any, name: str = "t", version: int = 1) -> TaskType:
    return a_type(name, version=version, config_schema_json=json.dumps(schema))


def fan(count: int) -> Any:
    defs: dict[str, Any] = {
        f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]}
        for n in range(count)
    }
    return {"$ref": "#/$defs/d0", "$defs": defs | {f"d{count}": {"type": "object"}}}


RECURSIVE = {"$dynamicAnchor": "n", "type": "object", "additionalProperties": {"$dynamicRef": "#n"}}
"""Harmless, and without a bound that can be told beforehand."""


@pytest.fixture
async def checks() -> AsyncIterator[ConfigChecks]:
    checks = config_checks()
    yield checks
    await checks.close()


async def test_ordinary_schemas_take_no_process(checks: ConfigChecks):
    kind = with_schema({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]})
    await checks.accept(kind, "somebody")
    assert checks.quick(kind, '{"n": 1}', {"n": 1}) == []
    (wrong,) = list(checks.quick(kind, '{"n": "x"}', {"n": "x"}) or ())
    assert wrong.field == "task_config.n"
    assert checks.quick(a_type("free", version=1), "5", 5) == []


@pytest.mark.parametrize("count", [14, 60])
async def test_a_type_whose_schema_fans_out_is_refused_with_the_reason(checks: ConfigChecks, count: int):
    with pytest.raises(errors.SchemaTooCostly, match="schemas for one value of a config, and at most 10,000"):
        await checks.accept(with_schema(fan(count)), "somebody")


async def test_what_is_no_schema_is_refused_also_where_its_cost_is_unknown(checks: ConfigChecks):
    for schema in ({"type": "nothing"}, {"unevaluatedProperties": 7}, [1], "x"):
        with pytest.raises(errors.InvalidInput, match="must be a JSON schema"):
            await checks.accept(with_schema(schema), "somebody")


async def test_schema_that_is_no_json_names_the_place_in_words_of_ours(checks: ConfigChecks):
    """Fails when an executor's author is advised to change a limit of the scheduler's interpreter."""
    kind = with_schema({})
    kind.config_schema_json = '{"properties": {"a": {"maximum": ' + "9" * 5000 + "}}}"
    said = ".properties.a.maximum must be a number of at most 4,300 digits; got one of 5,000"
    with pytest.raises(errors.InvalidInput, match=f"must be a JSON schema, but {re.escape(said)}$"):
        await checks.accept(kind, "somebody")


async def test_a_template_of_titles_that_is_none_is_refused_with_its_field(checks: ConfigChecks):
    properties = {"properties": {"source": {}}}
    await checks.accept(with_schema({"x-asynctask-title": "{source}", **properties}), "somebody")
    for template, said in (("{origin}", "must name fields of the config: source"), ("{source", "a single {")):
        wrong = with_schema({"x-asynctask-title": template, **properties})
        with pytest.raises(errors.InvalidInput, match=said) as caught:
            await checks.accept(wrong, "somebody")
        (violation,) = caught.value.violations
        assert violation.field == "task_types[t].config_schema_json.x-asynctask-title"


async def test_what_has_no_bound_is_accepted_and_checked_in_a_process(checks: ConfigChecks):
    kind = with_schema(RECURSIVE)
    await checks.accept(kind, "somebody")
    assert checks.quick(kind, "{}", {}) is None
    assert await checks.slow(kind, '{"a": {"b": {}}}') == []
    (wrong,) = await checks.slow(kind, '{"a": {"b": 5}}')
    assert wrong.field == "task_config.a.b"
    for pattern, text in (("^(?=(a+)+$)(a+)+b$", "a" * 40), (r"^(.)\1$", "ab")):
        looks_around = with_schema({"pattern": pattern}, name=pattern)
        assert checks.quick(looks_around, json.dumps(text), text) is None
        assert await checks.slow(looks_around, json.dumps(text))


async def test_a_large_config_is_listed_in_a_process_and_a_right_one_is_not(checks: ConfigChecks):
    kind = with_schema({"items": {"type": "integer"}})
    right = [1] * 10_000
    wrong = ["x"] * 10_000
    assert checks.quick(kind, json.dumps(right), right) == []
    assert checks.quick(kind, json.dumps(wrong), wrong) is None
    assert len(await checks.slow(kind, json.dumps(wrong))) == 50


async def test_a_config_whose_check_could_take_long_is_left_to_a_process(checks: ConfigChecks):
    """Fails when: one submit of many values makes all others wait."""
    defs = {"n": {"allOf": [{"$ref": "#/$defs/m"}] * 60}, "m": {"allOf": [{"type": "integer"}] * 50}}
    kind = with_schema({"items": {"$ref": "#/$defs/n"}, "$defs": defs})
    few, many = [1] * 10, [1] * 2_000
    assert checks.quick(kind, json.dumps(few), few) == []
    assert checks.quick(kind, json.dumps(many), many) is None


async def test_a_check_that_takes_too_long_is_ended_and_only_its_type_is_refused_for_a_while(
    checks: ConfigChecks, monkeypatch: pytest.MonkeyPatch
):
    """The type was declared before there was a bound: nobody looked at its schema."""
    ended: list[TookTooLong] = []
    ask = checks._checks.ask

    async def noted(request: dict[str, Any]) -> dict[str, Any]:
        try:
            return await ask(request)
        except TookTooLong as error:
            ended.append(error)
            raise

    monkeypatch.setattr(checks._checks, "ask", noted)
    evil, good = with_schema(fan(60), name="evil"), with_schema(RECURSIVE, name="good")
    assert checks.quick(evil, "{}", {}) is None
    checking = asyncio.create_task(checks.slow(evil, "{}"))
    assert await checks.slow(good, "{}") == []
    with pytest.raises(errors.ConfigCheckTimedOut, match="task_config: could not be checked"):
        await checking
    assert [error.is_measured for error in ended] == [HAS_TIMER]
    with pytest.raises(errors.ConfigCheckTimedOut, match="a moment ago"):
        await checks.slow(evil, "{}")
    assert await checks.slow(good, "{}") == []
    mended = with_schema({"type": "object"}, name="evil", version=2)
    assert checks.quick(mended, "{}", {}) == []


@pytest.mark.skipif(not HAS_TIMER, reason="the kernel measures no processor time")
async def test_what_the_clock_alone_ended_is_refused_as_overloaded_and_not_remembered(
    checks: ConfigChecks, monkeypatch: pytest.MonkeyPatch
):
    """Fails when: a machine that is busy has a schema refused as too costly, which ends executors for good."""
    kind = with_schema(RECURSIVE)
    monkeypatch.setattr(schema_processes, "PATIENCE_S", 0.0)
    for trying in (checks.accept(kind, "somebody"), checks.slow(kind, "{}")):
        with pytest.raises(errors.Overloaded, match="too busy"):
            await trying
    monkeypatch.undo()
    await checks.accept(kind, "somebody")
    monkeypatch.setattr(schema_processes, "PATIENCE_S", 0.0)
    with pytest.raises(errors.Overloaded, match="too busy"):
        await checks.slow(kind, "{}")
    monkeypatch.undo()
    assert await checks.slow(kind, "{}") == []


async def test_checks_of_one_type_wait_for_one_another_and_not_without_bound():
    class Slow(SchemaProcesses):
        asked = 0
        gate = asyncio.Event()

        async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
            if "version" not in request:
                return {"units": None, "schemas": 0, "reason": "", "refused": False}
            Slow.asked += 1
            await self.gate.wait()
            return {"violations": []}

    checks = ConfigChecks(Slow(), Slow(), SchedulerMetrics())
    kind, other = with_schema(RECURSIVE), with_schema(RECURSIVE, name="other")
    waiting = [asyncio.create_task(checks.slow(kind, "{}")) for _ in range(MOST_WAITING)]
    elsewhere = asyncio.create_task(checks.slow(other, "{}"))
    await asyncio.sleep(0.01)
    assert Slow.asked == 2
    with pytest.raises(errors.Overloaded):
        checks.slow(kind, "{}").send(None)  # never waits: were it not refused, the test would fail
    Slow.gate.set()
    assert await asyncio.gather(elsewhere, *waiting) == [[]] * (MOST_WAITING + 1)


async def test_types_whose_checks_took_too_long_once_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    """Fails when the name of each costly type is kept until its next submit: a deleted one has none."""

    class TooSlow(SchemaProcesses):
        async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
            raise TookTooLong("took too long")

    checks = ConfigChecks(TooSlow(), TooSlow(), SchedulerMetrics())

    async def refused(name: str, why: str) -> None:
        with pytest.raises(errors.ConfigCheckTimedOut, match=why):
            await checks.slow(with_schema(RECURSIVE, name=name), "{}")

    monkeypatch.setattr(config_checks_module, "BACK_OFF_S", 0.0)
    for number in range(50):
        await refused(f"past{number}", "took too long")
    assert len(checks._refused_until) == 1
    monkeypatch.undo()
    for name in ("one", "other"):
        await refused(name, "took too long")
    for name in ("one", "other"):
        await refused(name, "a moment ago")
    assert set(checks._refused_until) == {"one", "other"}


async def test_a_process_that_was_killed_between_two_checks_is_started_again(checks: ConfigChecks):
    kind = with_schema(RECURSIVE)
    assert await checks.slow(kind, "{}") == []
    (process,) = checks._checks._idle
    process._process.kill()
    process._process.wait()
    assert await checks.slow(kind, "{}") == []


async def test_a_submit_whose_config_takes_a_process_is_refused_with_every_wrong_field(checks: ConfigChecks):
    nothing: Any = None
    intake = SubmitValidation(nothing, checks)
    types = {"t": with_schema(RECURSIVE)}
    request = SubmitTaskRequest(task_type="t", task_config='{"a": 5}', priority=9)
    with pytest.raises(TakesLong):
        intake.check(request, types)
    with pytest.raises(errors.InvalidInput) as caught:
        await intake.check_slowly(request, types)
    assert {one.field for one in caught.value.violations} == {"task_config.a", "priority"}
    task = await intake.check_slowly(SubmitTaskRequest(task_type="t", task_config='{"a": {}}'), types)
    assert task.task_config == '{"a": {}}'


async def test_a_config_as_large_as_allowed_of_many_small_values_is_checked(checks: ConfigChecks):
    kind = with_schema({"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}})
    text = "[" + "0," * (CONFIG_BYTES // 2 - 1) + "0]"
    found = checks.quick(kind, text, json.loads(text))
    assert (await checks.slow(kind, text) if found is None else found) == []


@dataclass
class Folder:
    inside: list[Folder | Document]
    name: str = ""


@dataclass
class Document:
    inside: Folder | Document | None = None
    size: int = 0


async def test_a_recursive_union_of_the_sdk_is_accepted_and_its_configs_are_checked(checks: ConfigChecks):
    """Two choices that contain one another again: such a schema has no bound."""
    kind = with_schema(asynctask.TaskType("t", config=Folder).config.schema())
    await checks.accept(kind, "somebody")
    right = json.dumps({"inside": [{"inside": [], "name": "a"}, {"inside": {"size": 3}}]})
    wrong = json.dumps({"inside": [{"inside": {"size": "x"}}]})
    found = [await checks.slow(kind, text) for text in (right, wrong)]
    assert found[0] == []
    assert found[1]

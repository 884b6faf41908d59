"""A submit, checked: what the registry gets, and what is said about what it must not get."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from asynctask_core import errors, limits
from asynctask_core.bounds.checker import plan_of
from asynctask_core.ids import id_text, new_id
from asynctask_core.wire import to_datetime, to_timestamp
from asynctask_protos.scheduler.v1.task_service_pb2 import SubmitTaskRequest
from asynctask_scheduler.api.submit_validation import SubmitValidation
from asynctask_scheduler.checks.schemas import compile_schema
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue
from tests.support import requests
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import RegistryDouble, a_type, config_checks

NOTHING: Any = None
TYPES = {
    "noop": a_type(version=1),
    "backup": a_type("backup", queue="nightly", priority=4, version=1),
    "typed": a_type(
        "typed",
        version=1,
        config_schema_json=json.dumps(
            {"properties": {"a": {"items": {"type": "integer"}}}, "required": ["b"]}
        ),
    ),
}


def check(**fields: Any) -> Any:
    nothing: Any = None
    all_fields: dict[str, Any] = {"task_type": "noop"} | fields
    return SubmitValidation(nothing, config_checks()).check(SubmitTaskRequest(**all_fields), TYPES)


def test_what_is_left_out_comes_from_the_type_or_is_the_default():
    task = check()
    assert (task.queue, task.priority, task.task_config) == ("default", 3, "{}")
    task = check(task_type="backup")
    assert (task.queue, task.priority) == ("nightly", 4)
    task = check(task_type="backup", queue="q", priority=1)
    assert (task.queue, task.priority) == ("q", 1)


def test_a_recent_uuid7_is_the_id_and_any_other_text_is_remembered():
    request_id = id_text(new_id())
    task = check(request_id=request_id)
    assert (id_text(task.task_id), task.request_id) == (request_id, "")
    task = check(request_id="order 17")
    assert task.request_id == "order 17"
    assert len(task.task_id) == 16
    old = "01900000-0000-7000-8000-000000000000"
    assert check(request_id=old).request_id == old


def test_a_uuid7_near_the_edge_of_what_is_recent_is_remembered_as_well():
    """A repeat across the edge then waits for the first call's claim, even while that is still being committed."""
    now_ms = time.time_ns() // 1_000_000
    for age_ms, is_id, is_key in (
        (60_000, True, False),
        (270_000, True, True),
        (-270_000, True, True),
        (330_000, False, True),
    ):
        request_id = id_text((now_ms - age_ms).to_bytes(6, "big") + new_id()[6:])
        task = check(request_id=request_id.upper())
        assert (id_text(task.task_id) == request_id) == is_id
        assert task.request_id == (request_id if is_key else "")


def test_a_start_time_is_an_instant():
    soon_us = (time.time_ns() // 1000) + 5_000_000
    assert check(start_time=to_timestamp(soon_us)).start_at_us == soon_us
    late = to_timestamp(soon_us + 11 * 366 * 86400 * 1_000_000)
    came = re.escape(to_datetime(late).isoformat())
    with pytest.raises(errors.InvalidInput, match=f"must be at most 3660 days from now; got {came}"):
        check(start_time=late)


def test_schema_violations_have_paths_and_are_all_told():
    with pytest.raises(errors.ConfigInvalid) as caught:
        check(task_type="typed", task_config='{"a": [1, "x", "y"]}')
    assert sorted(violation.field for violation in caught.value.violations) == [
        "task_config.a[1]",
        "task_config.a[2]",
        "task_config.b",
    ]


def test_a_config_is_measured_in_bytes():
    check(task_config='"' + "x" * 262_142 + '"')
    with pytest.raises(errors.TooLarge, match="got 262145"):
        check(task_config='"' + "x" * 262_143 + '"')
    with pytest.raises(errors.TooLarge):
        check(task_config='"' + "字" * 100_000 + '"')


def test_config_is_kept_as_it_came_with_signs_that_only_its_escapes_can_carry():
    r"""Fails when a file name that is no UTF-8 reaches its handler changed, or is refused: JSON has it as `\udce9`."""
    config = r'{"path": "/name\udce9", "nul": "\u0000", "k\ud800": 1}'
    for name in ("noop", "backup"):
        assert check(task_type=name, task_config=config).task_config == config


def test_text_that_names_something_is_refused_rather_than_changed():
    with pytest.raises(errors.InvalidInput, match=r"^request_id: must be text without NUL; got 'a\\x00b'$"):
        check(request_id="a\0b")
    with pytest.raises(errors.InvalidInput, match=r"^request_id: must have at most 128 characters; got 129$"):
        check(request_id="a" * 129)


def test_config_with_one_name_twice_is_refused():
    """Fails when a handler gets one of two values without a word to the one who wrote both."""
    with pytest.raises(errors.InvalidInput, match=r"^task_config: must have each name once; got 'folder'"):
        check(task_config='{"folder": "/a", "folder": "/b"}')


def test_json_that_nests_too_deep_is_refused():
    """Fails when what another client submits is more than every executor can read."""
    levels = limits.JSON_LEVELS
    check(task_config="[" * levels + "]" * levels)
    check(task_config="[" + "[[{}]]," * 200 + '"[["]')
    for deep in ("[" * (levels + 1) + "]" * (levels + 1), '{"a":' * 900 + "1" + "}" * 900, "[" * 100_000):
        with pytest.raises(
            errors.InvalidInput,
            match=r"^task_config[^ ]*: is nested too deeply: at most 100 lists .*; got \d+",
        ):
            check(task_config=deep)


def test_schemas_are_never_fetched():
    with pytest.raises(errors.InvalidInput, match="defs"):
        compile_schema('{"$ref": "http://127.0.0.1:1/schema.json"}')


async def test_a_type_registered_elsewhere_is_found_and_unknown_names_do_not_flood_the_registry():
    registry = RegistryDouble()
    as_ledger: Any = registry
    catalogue = CachedCatalogue(as_ledger, QueueModel(ModelStore()), config_checks())
    intake = SubmitValidation(catalogue, config_checks())
    assert not await intake.learn(["new"])
    registry.types["new"] = a_type("new", version=1)
    assert "new" in await intake.learn(["new"])
    asked = registry.count("task_types_since")
    await intake.learn(["new"])
    assert registry.count("task_types_since") == asked


def test_submits_are_refused_for_every_bound_of_the_table():
    descriptor = SubmitTaskRequest.DESCRIPTOR
    for number, (name, bound) in plan_of(descriptor).fields.items():
        field = descriptor.fields_by_number[number]
        for value in requests.over(bound, field):
            request = SubmitTaskRequest(task_type="noop")
            request.ClearField(name)  # pyright: ignore[reportArgumentType] - any field
            requests.put(request, field, value)
            with pytest.raises(errors.InvalidInput):
                SubmitValidation(NOTHING, config_checks()).check(request, TYPES)
    for fields in ({"nanos": 1_000_000_000}, {"nanos": -1}, {"seconds": 2**62}, {"seconds": -(2**62)}):
        with pytest.raises(errors.InvalidInput, match="start_time"):
            check(start_time=Timestamp(**fields))


TITLED = a_type(
    "titled",
    version=1,
    config_schema_json=json.dumps(
        {"x-asynctask-title": "{a} → {b}", "properties": {"a": {}, "b": {"default": 2}}}
    ),
)


def titled(task_type: Any = TITLED, **fields: Any) -> dict[str, str]:
    every: dict[str, Any] = {"task_type": "titled"} | fields
    validation = SubmitValidation(NOTHING, config_checks())
    return dict(validation.check(SubmitTaskRequest(**every), {"titled": task_type}).labels)


def test_a_title_is_filled_in_from_the_config_unless_the_submit_has_one():
    assert titled(task_config='{"a": "x"}') == {"title": "x → 2"}
    assert titled(task_config='{"a": "x"}', labels={"k": "v"}) == {"k": "v", "title": "x → 2"}
    assert titled(task_config='{"a": "x"}', labels={"title": "mine"}) == {"title": "mine"}
    assert titled(task_config='{"a": "x"}', labels={"title": ""}) == {"title": ""}
    assert titled(task_config='{"a": "x", "b": null}', queue="q") == {"title": "x → –"}
    assert titled(task_config='{"b": null}') == {}


def test_a_submit_with_the_most_labels_gets_no_title_and_no_error():
    most = {f"k{number}": "v" for number in range(limits.LABELS)}
    assert titled(task_config='{"a": "x"}', labels=most) == most


def test_a_template_that_is_none_is_ignored_at_submit():
    """Fails when a type that was declared without a check, by an older scheduler, refuses all of its submits."""
    for schema in ('{"x-asynctask-title": "{a"}', '{"x-asynctask-title": 5}', "x-asynctask-title", "{"):
        broken = a_type("titled", version=1, config_schema_json=schema)
        found = SubmitValidation(NOTHING, config_checks()).check(
            SubmitTaskRequest(task_type="titled", task_config='{"a": "x"}'), {"titled": broken}, ()
        )
        assert not found.labels


def test_a_new_definition_brings_its_template():
    validation = SubmitValidation(NOTHING, config_checks())
    request = SubmitTaskRequest(task_type="titled", task_config='{"a": "x"}')
    later = a_type("titled", version=2, config_schema_json='{"x-asynctask-title": "new {a}"}')
    said = [validation.check(request, {"titled": one}).labels["title"] for one in (TITLED, later)]
    assert said == ["x → 2", "new x"]


def test_a_config_that_was_checked_slowly_fills_its_title_too():
    found = SubmitValidation(NOTHING, config_checks()).check(
        SubmitTaskRequest(task_type="titled", task_config='{"a": "x"}'), {"titled": TITLED}, ()
    )
    assert dict(found.labels) == {"title": "x → 2"}

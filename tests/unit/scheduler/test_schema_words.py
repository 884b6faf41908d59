"""What a submit is told whose config breaks the schema of its type."""

import json
from typing import Any

import pytest

from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.ledger.schemas import Schemas

FOLDER = {"type": "string", "pattern": r"^/[^\u0000]*$", "description": "An absolute path."}
CODE = {"type": "string", "pattern": "^[A-Z]+$"}


def told(schema: dict[str, Any], value: object) -> list[tuple[str, str]]:
    """Field and text of every violation of a config with one field."""
    whole = {
        "$defs": {"Config": {"type": "object", "properties": {"field": schema}}},
        "$ref": "#/$defs/Config",
    }
    kind = TaskType(name="words", version=1, config_schema_json=json.dumps(whole))
    return [(found.field, found.description) for found in Schemas().violations(kind, {"field": value})]


@pytest.mark.parametrize(
    ("schema", "value", "text"),
    [
        ({"type": "integer"}, "many", 'must be a whole number; got "many"'),
        ({"type": "number"}, True, "must be a number; got true"),
        ({"type": "string"}, 3, "must be a text; got 3"),
        ({"type": "boolean"}, "yes", 'must be true or false; got "yes"'),
        ({"type": "object"}, [], "must be an object; got []"),
        ({"type": "array"}, {"a": 1}, 'must be a list; got {"a": 1}'),
        ({"type": ["null", "integer"]}, "x", 'must be a whole number or null; got "x"'),
        (
            {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]},
            [],
            "must be a text, a whole number or null; got []",
        ),
        (FOLDER, "relative", '"relative" does not match: An absolute path.'),
        (CODE, "x", '"x" does not match "^[A-Z]+$"'),
        ({"enum": ["a", "b"]}, "c", '"c" is not one of "a" or "b"'),
    ],
)
def test_violation_says_what_is_allowed_in_words(schema: dict[str, Any], value: object, text: str):
    assert told(schema, value) == [("task_config.field", text)]


@pytest.mark.parametrize(("schema", "end"), [(FOLDER, "An absolute path."), ({"type": "integer"}, "…")])
def test_value_that_is_long_hides_not_what_is_allowed(schema: dict[str, Any], end: str):
    [(_, text)] = told(schema, "x" * 10_000)
    assert len(text) < 150
    assert text.endswith(end)


def test_union_that_fails_inside_one_of_its_records_is_not_told_as_a_union_of_types():
    record = {"type": "object", "properties": {"size": {"type": "integer"}}}
    [(field, text)] = told({"anyOf": [record, {"type": "null"}]}, {"size": "x"})
    assert field == "task_config.field"
    assert "anyOf" in text

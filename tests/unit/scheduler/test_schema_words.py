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


RECORD = {
    "type": "object",
    "properties": {"folder": FOLDER, "size": {"type": "integer"}},
    "required": ["folder"],
}


@pytest.mark.parametrize("union", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("choices", "value", "said"),
    [
        (
            [RECORD, {"type": "null"}],
            {"folder": "/", "size": "x"},
            [(".size", 'must be a whole number; got "x"')],
        ),
        (
            [{"type": "null"}, RECORD],
            {"folder": "x", "size": "x"},
            [
                (".folder", '"x" does not match: An absolute path.'),
                (".size", 'must be a whole number; got "x"'),
            ],
        ),
        ([RECORD, {"type": "null"}], 3, [("", "must be an object or null; got 3")]),
        ([{"enum": ["a", "b"]}, {"type": "null"}], "c", [("", '"c" is not one of "a" or "b"')]),
        (
            [{"type": "array", "items": {"anyOf": [RECORD, {"type": "null"}]}}, {"type": "string"}],
            [{}],
            [("[0]", '"folder" is a required property')],
        ),
    ],
)
def test_union_is_told_as_its_only_choice_for_such_a_value(
    union: str, choices: list[Any], value: object, said: list[tuple[str, str]]
):
    """Fails when an optional field that is wrong inside is told in the words of JSON Schema, without the place."""
    assert told({union: choices}, value) == [(f"task_config.field{path}", text) for path, text in said]


@pytest.mark.parametrize("value", [{}, {"folder": "x"}])
def test_union_of_which_two_choices_take_such_a_value_is_told_as_a_union(value: object):
    [(field, text)] = told(
        {"anyOf": [RECORD, {"type": "object", "required": ["name"]}, {"type": "null"}]}, value
    )
    assert field == "task_config.field"
    assert "anyOf" in text


@pytest.mark.parametrize("first", ["size", "name"])
def test_violation_beside_a_name_that_is_no_utf_8_is_told_whichever_comes_first(first: str):
    """Fails when the validator, which has no lone surrogates, meets one only while it lists what is wrong."""
    record = {"properties": {"size": {"type": "integer"}, "name": {"type": "string", "pattern": "^/"}}}
    value = {"size": "many", "name": "\udce9"}
    fields = [field for field, _ in told(record, {first: value[first], **value})]
    assert sorted(fields) == ["task_config.field.name", "task_config.field.size"]


def test_pattern_of_a_schema_inside_another_is_told_without_its_description():
    """Its path leads through the `$id` of that schema, not through the whole."""
    inner = {"$id": "urn:inner", "$defs": {"folder": FOLDER}}
    kind = {"$defs": {"inner": inner}, "$ref": "urn:inner#/$defs/folder"}
    found = Schemas().violations(
        TaskType(name="words", version=1, config_schema_json=json.dumps(kind)), "relative"
    )
    assert [one.field for one in found] == ["task_config"]
    assert "does not match" in found[0].description


@pytest.mark.parametrize("text", ["plain", "\udce9"])
def test_wrong_config_that_is_too_deep_to_be_told_about_is_refused_all_the_same(text: str):
    value: object = text
    for _ in range(900):
        value = [value]
    assert told({"type": "array"}, value) == []
    assert told({"type": "string"}, value) == [
        ("task_config", "breaks the schema of its type, and is nested too deeply to say where")
    ]

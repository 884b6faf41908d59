"""What a submit is told whose config breaks the schema of its type."""

import json
from typing import Any

import jsonschema_rs
import pytest

from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.checks import schema_words
from asynctask_scheduler.checks.schemas import Schemas

FOLDER = {"type": "string", "pattern": r"^/[^\u0000]*$", "description": "An absolute path."}
LETTER = {"type": "string", "pattern": "^[A-Z]$", "description": "Letter of the disk."}
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
        (FOLDER, "relative", 'must be an absolute path; got "relative"'),
        (LETTER, "x", 'must be as described: Letter of the disk; got "x"'),
        (
            {"propertyNames": LETTER},
            {"x": 1},
            'has a field whose name must be as described: Letter of the disk; got "x"',
        ),
        (
            {"propertyNames": {"maxLength": 1}},
            {"xy": 1},
            'has a field whose name must have at most 1 character; got "xy"',
        ),
        (CODE, "x", 'must match ^[A-Z]+$; got "x"'),
        ({"enum": ["a", "b", 3]}, "c", 'must be "a", "b" or 3; got "c"'),
        ({"const": "a"}, "c", 'must be "a"; got "c"'),
        ({"minimum": 1}, 0, "must be at least 1; got 0"),
        ({"maximum": 1.5}, 2, "must be at most 1.5; got 2"),
        ({"exclusiveMinimum": 1}, 1, "must be greater than 1; got 1"),
        ({"exclusiveMaximum": 1}, 1, "must be less than 1; got 1"),
        ({"multipleOf": 5}, 3, "must be a multiple of 5; got 3"),
        ({"minLength": 1}, "", 'must have at least 1 character; got ""'),
        ({"maxLength": 2}, "abc", 'must have at most 2 characters; got "abc"'),
        ({"minItems": 2}, [1], "must have at least 2 items; got [1]"),
        ({"maxItems": 1}, [1, 2], "must have at most 1 item; got [1, 2]"),
        ({"uniqueItems": True}, [1, 1], "must have no item twice; got [1, 1]"),
        (
            {"contains": {"type": "string"}},
            [1],
            "must have an item of the kind that its schema wants; got [1]",
        ),
        ({"minProperties": 1}, {}, "must have at least 1 field; got {}"),
        ({"maxProperties": 1}, {"a": 1, "b": 2}, 'must have at most 1 field; got {"a": 1, "b": 2}'),
        (
            {"properties": {}, "additionalProperties": False, "patternProperties": {"^x": {}}},
            {"b": 1},
            "has no field 'b'",
        ),
        (
            {"properties": {"a": {}, "c": {}}, "additionalProperties": False},
            {"b": 1, "a": 2},
            "has no field 'b'; fields are 'a', 'c'",
        ),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            dict.fromkeys(["n" * 999, *(f"k{number}" for number in range(5_000))]),
            f"has no field {'n' * 80 + '…'!r} or 5,000 more; fields are 'a'",
        ),
        (
            {
                "properties": {f"field {number:2}": {} for number in range(12)},
                "additionalProperties": False,
            },
            {"b": 1},
            "has no field 'b'; fields are " + ", ".join(f"'field {number:2}'" for number in range(12)),
        ),
        (
            {
                "properties": {f"field {number:2}": {} for number in range(99)},
                "additionalProperties": False,
            },
            dict.fromkeys(f"k{number:3}" for number in range(99)),
            "has no field "
            + ", ".join(f"'k{number:3}'" for number in range(9))
            + " or 90 more; fields are "
            + ", ".join(f"'field {number:2}'" for number in range(12))
            + " and 87 more",
        ),
        ({"not": {"type": "string"}}, "a", 'must not be what {"type": "string"} takes; got "a"'),
        ({"anyOf": [{"minimum": 9}, {"maximum": 1}]}, 3, "must fit one of 2 choices, and fits none; got 3"),
        ({"oneOf": [{"minimum": 1}, {"maximum": 5}]}, 3, "must fit exactly one of 2 choices; got 3"),
    ],
)
def test_violation_says_what_is_allowed_in_words(schema: dict[str, Any], value: object, text: str):
    assert told(schema, value) == [("task_config.field", text)]


def test_field_that_is_missing_is_told_by_its_path_and_by_what_makes_it_necessary():
    assert told({"required": ["a", "b"]}, {"a": 1}) == [("task_config.field.b", "is required")]
    rule = {"dependentRequired": {"a": ["b"], "c": ["b"]}}
    assert told(rule, {"a": 1}) == [("task_config.field.b", 'is required where "a" is given')]


def test_every_kind_of_the_validator_is_told_in_our_words():
    """Fails when the validator learns a kind whose own words would come through."""
    own = {"type", "pattern", "propertyNames", "required", "additionalProperties", "unevaluatedProperties"}
    engine = {"backtrackLimitExceeded", "regexEngineFailure", "fromUtf8", "referencing", "custom"}
    encodings = {"contentEncoding", "contentMediaType"}
    kinds = {
        name[0].lower() + name[1:] for name in vars(jsonschema_rs.ValidationErrorKind) if name[0].isupper()
    }
    renamed = {"constant": "const", "oneOfNotValid": "oneOf", "oneOfMultipleValid": "oneOf"}
    assert {renamed.get(kind, kind) for kind in kinds} - own - engine - encodings <= set(schema_words._WORDS)


@pytest.mark.parametrize(
    ("schema", "rule"), [(FOLDER, "an absolute path"), ({"type": "integer"}, "a whole number")]
)
def test_value_that_is_long_hides_not_what_is_allowed(schema: dict[str, Any], rule: str):
    [(_, text)] = told(schema, "x" * 10_000)
    assert len(text) < 150
    assert text.startswith(f'must be {rule}; got "xxx')
    assert text.endswith("…")


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
                (".folder", 'must be an absolute path; got "x"'),
                (".size", 'must be a whole number; got "x"'),
            ],
        ),
        ([RECORD, {"type": "null"}], 3, [("", "must be an object or null; got 3")]),
        ([{"enum": ["a", "b"]}, {"type": "null"}], "c", [("", 'must be "a" or "b"; got "c"')]),
        (
            [{"type": "array", "items": {"anyOf": [RECORD, {"type": "null"}]}}, {"type": "string"}],
            [{}],
            [("[0].folder", "is required")],
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
    assert "must fit one of 3 choices, and fits none" in text


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
    assert found[0].description.startswith("must match ^/")


@pytest.mark.parametrize("text", ["plain", "\udce9"])
def test_wrong_config_that_is_too_deep_to_be_told_about_is_refused_all_the_same(text: str):
    value: object = text
    for _ in range(900):
        value = [value]
    assert told({"type": "array"}, value) == []
    assert told({"type": "string"}, value) == [
        ("task_config", "breaks the schema of its type, and is nested too deeply to say where")
    ]


def test_rule_that_holds_because_of_another_field_names_it():
    schema = {
        "type": "object",
        "if": {"properties": {"repair": {"const": True}}, "required": ["repair"]},
        "then": {"properties": {"verify": {"enum": ["size", "all"]}}, "required": ["folder"]},
    }
    assert sorted(told(schema, {"repair": True, "verify": "none"})) == [
        ("task_config.field.folder", "is required where repair is true"),
        ("task_config.field.verify", 'must be "size" or "all" where repair is true; got "none"'),
    ]
    assert told(schema, {"repair": False, "verify": "none"}) == []

"""The title of a task: what a template accepts, and what it makes of a config."""

import json
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.task_title import TITLE_KEYWORD, title_template

COPY = "{source} → {destination}"


def title(template: str, config: object, **properties: Any) -> str:
    found = title_template({TITLE_KEYWORD: template, "properties": properties})
    assert found is not None
    return found.fill(config)


def test_a_field_is_replaced_by_its_value_in_the_config():
    assert title(COPY, {"source": "/a", "destination": "/b"}) == "/a → /b"
    assert title("{a}{b}{a}", {"a": "x", "b": "y"}) == "xyx"
    assert title("nightly", {}) == "nightly"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (7, "7"),
        (1.5, "1.5"),
        (10**50, "1" + "0" * 50),
        (None, "–"),
        ("", "–"),
        ([1], "–"),
        ({"a": 1}, "–"),
        ("a\nb\tc\x1b", "a\\nb\\tc\\x1b"),
        ("a\0b", "a\\x00b"),
        ("name\udce9", "name\\xe9"),
        ("ltr\u202ertl", "ltr\\u202ertl"),
        ("<b>&", "<b>&"),
        ("字", "字"),
    ],
)
def test_every_value_becomes_one_line_of_text(value: object, shown: str):
    made = title("x {value} y", {"value": value, "n": 1} if shown != "–" else {"value": value})
    assert made == (f"x {shown} y" if shown != "–" else "")
    assert title("{n} {value}", {"value": value, "n": 1}) == f"1 {shown}"


def test_no_field_with_a_value_makes_no_title():
    for config in ({}, {"source": None, "destination": []}, [], "text", None, 5):
        assert title(COPY, config) == ""
    assert title(COPY, {"source": "/a"}) == "/a → –"


def test_the_default_of_the_schema_stands_for_a_field_that_the_config_leaves_out():
    folder = {"folder": {"type": "string", "default": "/home"}}
    assert title("{folder}", {}, **folder) == "/home"
    assert title("{folder}", {"folder": "/tmp"}, **folder) == "/tmp"
    assert title("{folder}", {"folder": None}, **folder) == ""
    assert title("{folder}", {}, folder={"default": [1]}) == ""
    assert title("{folder}", {}, folder=True) == ""
    record = {TITLE_KEYWORD: "{folder}", "$ref": "#/$defs/A", "$defs": {"A": {"properties": folder}}}
    found = title_template(record)
    assert found is not None
    assert found.fill({}) == "/home"


def test_a_title_fits_a_label_and_long_values_keep_both_ends():
    source, destination = f"/volume1/{'x' * 900}/photos", "/backup/photos"
    made = title(COPY, {"source": source, "destination": destination})
    assert len(made) == limits.LABEL_VALUE_CHARS
    assert made.startswith("/volume1/xx")
    assert made.endswith("xx/photos → /backup/photos")
    both = title(COPY, {"source": source, "destination": source})
    assert limits.LABEL_VALUE_CHARS - 1 <= len(both) <= limits.LABEL_VALUE_CHARS
    assert both.count("/volume1/x") == both.count("x/photos") == both.count("…") == 2
    assert len(title("{a}", {"a": "\x01" * 10_000})) <= limits.LABEL_VALUE_CHARS


def test_the_longest_template_with_the_most_fields_fits_too():
    most = "{a}" * (limits.TITLE_TEMPLATE_CHARS // 3)
    assert len(title(most, {"a": "x" * 1000})) <= limits.LABEL_VALUE_CHARS
    assert len(title("y" * 125 + "{a}", {"a": "x" * 1000})) == limits.LABEL_VALUE_CHARS


def test_two_braces_stand_for_one():
    assert title("{{{a}}} {{a}}", {"a": "x"}) == "{x} {a}"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("a {b", "got a single { at character 3 of 'a {b'"),
        ("a }b", "got a single } at character 3"),
        ("a {}", "got a single { at character 3"),
        ("{a{b}}", "got a single { at character 1"),
        ("x" * 129, "must have at most 128 characters; got 129"),
        ("a\nb", r"must be one line without hidden characters; got 'a\\nb'"),
        ("a\u202eb", "must be one line without hidden characters"),
        (5, "must be a text"),
        ("{origin}", r"must name fields of the config: destination, source; got \{origin\}"),
        ("{source.a}", r"must name fields of the config: destination, source; got \{source.a\}"),
    ],
)
def test_what_is_no_template_is_refused(template: Any, said: str):
    with pytest.raises(ValueError, match=said):
        title_template({TITLE_KEYWORD: template, "properties": {"source": {}, "destination": {}}})


def test_a_schema_may_have_none_and_may_be_odd():
    for schema in (True, [], {}, {TITLE_KEYWORD: ""}, {TITLE_KEYWORD: None}):
        assert title_template(schema) is None
    loop = {TITLE_KEYWORD: "{a}", "$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}
    odd = ({"$ref": 5, "$defs": 7}, {"properties": []}, {"$ref": "#/$defs/A", "$defs": {"A": False}})
    for schema in (loop, *({TITLE_KEYWORD: "{a}", **one} for one in odd)):
        found = title_template(json.loads(json.dumps(schema)))
        assert found is not None
        assert found.fill({"a": "x"}) == "x"

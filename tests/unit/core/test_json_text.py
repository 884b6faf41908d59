"""JSON that is refused: what is wrong, and where, in words of ours."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asynctask_core import limits
from asynctask_core.json_text import decode_json, digits_of, fault_of, is_too_deep
from asynctask_core.validate import Violations

RANGE = "must be a number from -1.7976931348623157e+308 to 1.7976931348623157e+308"
WORDS = "write a number, null, or a text in double quotes"


def refused(text: str) -> tuple[str, str]:
    violations = Violations()
    assert violations.json("config", text) is None
    (found,) = violations.found
    return found.field, found.description


FAULTS: list[tuple[str, str, str]] = [
    (
        '{"a": [1, {"b": ' + "9" * 5000 + "}]}",
        ".a[1].b",
        "must be a number of at most 4,300 digits; got one of 5,000",
    ),
    ("-" + "9" * 4301, "", "must be a number of at most 4,300 digits; got one of 4,301"),
    ('{"speed": 1e999}', ".speed", f"{RANGE}; got 1e999"),
    ("[1.5, -1e309]", "[1]", f"{RANGE}; got -1e309"),
    ("NaN", "", f"must be JSON, which has no NaN: {WORDS}"),
    ('{"a": {"b": Infinity}}', ".a.b", f"must be JSON, which has no Infinity: {WORDS}"),
    ('{"a": "x", "b": [null, -Infinity]}', ".b[1]", f"must be JSON, which has no -Infinity: {WORDS}"),
    ('{"a": {"b": 1, "b": 2}}', ".a", "must have each name once; got 'b' more than once"),
    ('{"folder": "/a", "folder": "/b"}', "", "must have each name once; got 'folder' more than once"),
    ('[{"a": {"b": 1, "": 2, "c": 3, "": 2}}]', "[0].a", "must have each name once; got '' more than once"),
    ('{"\\u0061": 1, "a": 1}', "", "must have each name once; got 'a' more than once"),
    ('{"{[,": ["\\"]}", NaN]}', ".{[,[1]", f"must be JSON, which has no NaN: {WORDS}"),
    ('{"\\udcff": NaN}', ".\\xff", f"must be JSON, which has no NaN: {WORDS}"),
    ("", "", "must be JSON; got '' (Expecting value, at line 1 column 1)"),
    (
        "{",
        "",
        "must be JSON; got '{' (Expecting property name enclosed in double quotes, at line 1 column 2)",
    ),
    ('["a', "", "must be JSON; got '[\"a' (Unterminated string, at line 1 column 2)"),
    (
        '["a\nb"]',
        "",
        "must be JSON; got '[\"a\\nb\"]' (Invalid control character '\\n' in a text: write it as \\n, "
        "at line 1 column 4)",
    ),
]


@pytest.mark.parametrize(("text", "path", "said"), FAULTS, ids=range(len(FAULTS)))
def test_what_no_reader_or_not_every_reader_takes_is_refused_with_its_place(
    text: str, path: str, said: str
) -> None:
    """Fails when the words are those of Python, which advise to change a limit of the interpreter, or name no field."""
    assert refused(text) == (f"config{path}", said)


def test_what_is_nested_too_deeply_says_how_deep_it_is_and_where() -> None:
    rule = "is nested too deeply: at most 100 lists and objects may be inside one another"
    field, said = refused('{"a":' * 101 + "1" + "}" * 101)
    assert said == f"{rule}; got 101"
    assert field == "config" + ".a" * 15 + "…" + ".a" * 15
    assert refused("[" * 150 + "]" * 150)[1] == f"{rule}; got 150"
    assert refused('[{"a": [], "b": [' + "[" * 200 + "]" * 200 + "]}]")[0].startswith("config[0].b[0][0]")
    assert refused("[" * 5000)[1] == f"{rule}; got 5,000"
    assert decode_json("[" * limits.JSON_LEVELS + "]" * limits.JSON_LEVELS)


def test_place_is_looked_for_in_a_part_of_what_is_long() -> None:
    """Fails when a service keeps everybody waiting, only to say where a text of megabytes is wrong."""
    long = "[" + "1," * 100_000 + "{}]"
    assert refused(long.replace("{}", "NaN")) == ("config", f"must be JSON, which has no NaN: {WORDS}")
    assert refused(long.replace("{}", "9" * 5000)) == (
        "config",
        "must have no number of more than 4,300 digits",
    )
    assert refused("[" * 100_000)[1].endswith("; got 20,000 or more")
    assert fault_of(long.replace("{}", "NaN"), ValueError()).path == "[100000]"


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(values, st.data())
def test_every_value_may_be_wrong_and_is_found(value: Any, data: st.DataObject) -> None:
    """Fails when the walk through the text takes another way than the reader."""
    places: list[tuple[str, Any, Any]] = []

    def collect(inner: Any, path: str) -> None:
        parts = (
            inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        )
        for key, item in parts:
            place = f"{path}.{key}" if isinstance(inner, dict) else f"{path}[{key}]"
            places.append((place, inner, key))
            collect(item, place)

    collect(value, "")
    if not places:
        return
    path, inner, key = data.draw(st.sampled_from(places))
    inner[key] = float("nan")
    fault = fault_of(json.dumps(value), ValueError())
    assert fault.said.startswith("must be JSON, which has no NaN")
    assert fault.path == path or "…" in fault.path or "\\" in fault.path


@settings(max_examples=100, deadline=None)
@given(values)
def test_nothing_is_wrong_with_what_is_read(value: Any) -> None:
    text = json.dumps(value)
    assert decode_json(text) == value
    assert not is_too_deep(text)
    assert fault_of(text, ValueError("must be otherwise")).said == "must be otherwise"


@pytest.mark.parametrize("digits", [1, 2, 15, 16, 17, 400, 5000])
def test_digits_are_counted_without_writing_the_number(digits: int) -> None:
    assert (
        digits_of(10**digits - 1) == digits_of(10 ** (digits - 1)) == digits_of(-(10**digits) + 1) == digits
    )
    assert digits_of(0) == 1


def test_one_name_in_several_objects_is_no_repetition() -> None:
    value = {"a": [{"a": 1}, {"a": {"a": "a: a"}}], "b": {}}
    assert decode_json(json.dumps(value)) == value

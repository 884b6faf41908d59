"""Describes what is wrong with a config in the words of the SDK: the rule, and the value. Without JSON Schema's terms.

task_config.count: must be at least 1; got 0
task_config.folder: is required
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

import jsonschema_rs

from asynctask_core.listing import enumerated, some_of

_SHOWN_CHARS: Final = 80
_UNKNOWN_BYTES: Final = 75
_KNOWN_BYTES: Final = 150
"""Bytes of field names in a message, so that it is not cut; twice as many are allowed if that shows all names."""
_UNIONS: Final = (jsonschema_rs.ValidationErrorKind.AnyOf, jsonschema_rs.ValidationErrorKind.OneOfNotValid)
_TYPES: Final = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
"""JSON Schema's types in words for people, in the order in which several are listed."""
_FORMATS: Final = {
    "date": "a date such as 2026-01-31",
    "date-time": "a date and time such as 2026-01-31T09:30:00Z",
    "time": "a time such as 09:30:00Z",
    "duration": "a duration such as PT1H30M",
    "email": "an e-mail address",
    "hostname": "a host name",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "regex": "a regular expression",
    "uri": "a URI",
    "uuid": "a UUID",
}


def message(schema_json: str, error: jsonschema_rs.ValidationError) -> str:
    """Word an error: the rule, the other fields that it depends on, and the value."""
    rule, got, came = _rule(schema_json, error).partition("; got ")
    return rule + _where(schema_json, error) + got + came


def _rule(schema_json: str, error: jsonschema_rs.ValidationError) -> str:
    """Word the rule and the value; a pattern is replaced by the field's description, if the schema has one."""
    types = _types(error)
    if types:
        return f"must be {_either([words for kind, words in _TYPES.items() if kind in types])}; {_got(error)}"
    kind, facts = error.kind.name, error.kind.as_dict()
    if kind == "pattern":
        described: str = _at(schema_json, error, 1).get("description", "")
        return f"must {_as_described(described) or 'match ' + facts['pattern']}; {_got(error)}"
    if kind == "propertyNames":
        return f"has a field whose name {_rule(schema_json, facts['error'])}"
    if kind == "required":
        return "is required" + _because(schema_json, error, facts["property"])
    if kind in ("additionalProperties", "unevaluatedProperties"):
        return _no_such_field(schema_json, error, facts["unexpected"])
    if kind in _WORDS:
        return f"must {_WORDS[kind](facts)}; {_got(error)}"
    return error.message


def path(field: str, error: jsonschema_rs.ValidationError) -> str:
    """The path of the wrong value in the config; for a missing field, the path where it should be."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path]
    if error.kind.name == "required":
        parts.append(f".{error.kind.as_dict()['property']}")
    return field + "".join(parts)


def meant(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """The errors inside the only choice of a union that accepts the value's type; otherwise the error itself."""
    kind = error.kind
    if isinstance(kind, _UNIONS):
        choices = [choice for choice in kind.context if not _types_of(choice, error)]
        if len(choices) == 1 and choices[0]:
            return [inner for one in choices[0] for inner in meant(one)]
    return [error]


def _count(limit: int, what: str) -> str:
    return f"{limit} {what}" if limit != 1 else f"{limit} {what.removesuffix('s')}"


_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "minimum": lambda facts: f"be at least {facts['limit']}",
    "maximum": lambda facts: f"be at most {facts['limit']}",
    "exclusiveMinimum": lambda facts: f"be greater than {facts['limit']}",
    "exclusiveMaximum": lambda facts: f"be less than {facts['limit']}",
    "multipleOf": lambda facts: f"be a multiple of {facts['multiple_of']}",
    "enum": lambda facts: f"be {_either([_shown(one) for one in facts['options']])}",
    "const": lambda facts: f"be {_shown(facts['expected_value'])}",
    "format": lambda facts: f"be {_FORMATS.get(facts['format'], 'a ' + facts['format'])}",
    "minLength": lambda facts: f"have at least {_count(facts['limit'], 'characters')}",
    "maxLength": lambda facts: f"have at most {_count(facts['limit'], 'characters')}",
    "minItems": lambda facts: f"have at least {_count(facts['limit'], 'items')}",
    "maxItems": lambda facts: f"have at most {_count(facts['limit'], 'items')}",
    "minProperties": lambda facts: f"have at least {_count(facts['limit'], 'fields')}",
    "maxProperties": lambda facts: f"have at most {_count(facts['limit'], 'fields')}",
    "uniqueItems": lambda _: "have no item twice",
    "contains": lambda _: "have an item of the kind that its schema wants",
    "not": lambda facts: f"not be what {_shown(facts['schema'])} takes",
    "falseSchema": lambda _: "be absent",
    "additionalItems": lambda _: "have no more items than its schema names",
    "unevaluatedItems": lambda _: "have no more items than its schema names",
    "anyOf": lambda facts: f"fit one of {len(facts['context'])} choices, and fits none",
    "oneOf": lambda facts: f"fit exactly one of {len(facts['context'])} choices",
}
"""By the kind of the error: the rule after "must"."""


def _as_described(description: str) -> str:
    """Turn a field's description into the rule after "must"."""
    said = description.strip().removesuffix(".")
    if said.startswith(("A ", "An ", "The ")):
        return f"be {said[0].lower()}{said[1:]}"
    return f"be as described: {said}" if said else ""


def _because(schema_json: str, error: jsonschema_rs.ValidationError, missing: str) -> str:
    """Name the given fields that make the missing one required."""
    if error.schema_path[-1:] != ["dependentRequired"] or not isinstance(error.instance, dict):
        return ""
    rules = _at(schema_json, error, 0)
    given = [name for name, needed in rules.items() if name in error.instance and missing in needed]
    return f" where {_either([_shown(name) for name in given])} is given" if given else ""


def _where(schema_json: str, error: jsonschema_rs.ValidationError) -> str:
    """Name the values of other fields that make the rule apply: those in the `if` that belongs to its `then`."""
    steps = error.schema_path
    if "then" not in steps:
        return ""
    last = len(steps) - 1 - steps[::-1].index("then")
    condition: Mapping[str, Any] = _object(_at(schema_json, error, len(steps) - last).get("if"))
    looked_for = {name: _object(one) for name, one in _object(condition.get("properties")).items()}
    values = [f"{name} is {_shown(one['const'])}" for name, one in looked_for.items() if "const" in one]
    return f" where {' and '.join(values)}" if values else ""


def _object(schema: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", schema) if isinstance(schema, dict) else {}


def _no_such_field(schema_json: str, error: jsonschema_rs.ValidationError, unexpected: Sequence[str]) -> str:
    known: Mapping[str, Any] = _at(schema_json, error, 1).get("properties", {})
    # Show only some of many names, and the beginning of long ones: the list of known fields comes after them.
    shown, left = some_of(unexpected, _UNKNOWN_BYTES, _name)
    told = f"has no field {_either([*shown, f'{left:,} more'] if left else shown)}"
    return f"{told}; fields are {enumerated(known, _KNOWN_BYTES, _name)}" if known else told


def _name(field: str) -> str:
    return repr(field if len(field) <= _SHOWN_CHARS else field[:_SHOWN_CHARS] + "…")


def _at(schema_json: str, error: jsonschema_rs.ValidationError, up: int) -> Mapping[str, Any]:
    """The part of the schema that the value violates, `up` steps above its keyword; empty if it is not found."""
    part: Any = json.loads(schema_json)
    try:
        for step in error.schema_path[: len(error.schema_path) - up]:
            part = part[step]
    except (LookupError, TypeError):  # inside a schema with its own `$id`, the path begins there
        return {}
    return cast("Mapping[str, Any]", part) if isinstance(part, dict) else {}


def _types(error: jsonschema_rs.ValidationError) -> frozenset[str]:
    """The types that the value may have; empty if the error is not about its type."""
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Type):
        return frozenset(kind.types)
    if not isinstance(kind, _UNIONS):
        return frozenset()
    found = [_types_of(choice, error) for choice in kind.context]
    return frozenset[str]().union(*found) if all(found) else frozenset()


def _types_of(
    choice: Sequence[jsonschema_rs.ValidationError], union: jsonschema_rs.ValidationError
) -> frozenset[str]:
    """The types that a choice of a union accepts, if the choice refuses the value because of its type."""
    is_here = len(choice) == 1 and choice[0].instance_path == union.instance_path
    return _types(choice[0]) if is_here else frozenset()


def _either(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _got(error: jsonschema_rs.ValidationError) -> str:
    return f"got {_shown(error.instance)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _shown(value: Any) -> str:
    try:
        text = _json(value)
    except RecursionError:  # nested so deeply that it can be read, but not written
        return "…"
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"

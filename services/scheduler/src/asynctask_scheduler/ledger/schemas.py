"""JSON schemas of task configs, compiled once per version of a type, and what is wrong with a config in words.

What this takes has no bound of its own: `config_checks` says when it happens in the event loop, and when in a process.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from itertools import islice
from typing import Any

import jsonschema_rs

from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.wire import cut_text
from asynctask_protos.task.v1.task_type_pb2 import TaskType

MOST_VIOLATIONS = 50
VIOLATION_BYTES = 300
MOST_BUILT = 1_000
MOST_BUILT_CHARS = 8 << 20
"""Schemas of which the built form is kept; it is several times as large."""
_BACKTRACKS = 100_000
_FAULTS = (ValueError, TypeError, RecursionError, jsonschema_rs.ReferencingError)
_SHOWN_CHARS = 80
_TOO_DEEP = "breaks the schema of its type, and is nested too deeply to say where"
_UNIONS = (jsonschema_rs.ValidationErrorKind.AnyOf, jsonschema_rs.ValidationErrorKind.OneOfNotValid)
_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
"""JSON Schema's types as people are told them, in the order in which several are."""


class Schemas:
    """Checks configs against their type's schema. Keeps what it built for the schemas that were used last."""

    def __init__(self, most: int = MOST_BUILT, most_chars: int = MOST_BUILT_CHARS) -> None:
        self._validators: OrderedDict[str, tuple[int, jsonschema_rs.Validator | None, int]] = OrderedDict()
        self._most = most
        self._left_chars = most_chars

    def is_valid(self, task_type: TaskType, config: Any) -> bool:
        """Whether `config` fits the schema of `task_type`; says False of what only `violations` can tell."""
        validator = self._validator(task_type)
        try:
            return validator is None or validator.is_valid(config)
        except UnicodeEncodeError:
            return False

    def violations(
        self, task_type: TaskType, config: Any, field: str = "task_config"
    ) -> list[FieldViolation]:
        """Everything in `config` that breaks the schema of `task_type`, each with its path."""
        validator = self._validator(task_type)
        if validator is None:
            return []
        try:
            return _violations(validator, task_type, config, field)
        except UnicodeEncodeError:
            # Lone surrogates, as in paths that are not UTF-8: JSON has them, the validator does not.
            config = json.loads(json.dumps(config, ensure_ascii=False).encode("utf-8", "replace"))
            return _violations(validator, task_type, config, field)

    def _validator(self, task_type: TaskType) -> jsonschema_rs.Validator | None:
        name = task_type.name
        known = self._validators.get(name)
        if known is not None and known[0] == task_type.version:
            return known[1]
        if known is not None:
            self._drop(name)
        text = task_type.config_schema_json
        validator = compile_schema(text) if text else None
        self._validators[name] = (task_type.version, validator, len(text))
        self._left_chars -= len(text)
        while len(self._validators) > self._most or (self._left_chars < 0 and len(self._validators) > 1):
            self._drop(next(iter(self._validators)))
        return validator

    def _drop(self, name: str) -> None:
        self._left_chars += self._validators.pop(name)[2]


def compile_schema(text: str, field: str = "config_schema_json") -> jsonschema_rs.Validator:
    """Compile a schema; one without `$schema` is draft 2020-12.

    Raises:
        InvalidInput: it is no JSON schema, or refers to one elsewhere; nothing is ever fetched.
    """
    return compile_with_patterns(text, field)[0]


def compile_with_patterns(text: str, field: str) -> tuple[jsonschema_rs.Validator, bool]:
    """Compile a schema; says also whether all its patterns take linear time: none looks around or back.

    Raises:
        InvalidInput: it is no JSON schema, or refers to one elsewhere; nothing is ever fetched.
    """
    try:
        return _compile(text, jsonschema_rs.RegexOptions()), True
    except _FAULTS:  # perhaps only of a pattern that the linear engine does not know
        pass
    try:
        return _compile(text, jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS)), False
    except _FAULTS as error:
        description = f"must be a JSON schema: {cut_text(str(error), VIOLATION_BYTES)}"
        raise InvalidInput([FieldViolation(field, description)]) from None


def _compile(text: str, patterns: Any) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(text), retriever=_refuse, pattern_options=patterns)


def _refuse(uri: str) -> Any:
    raise ValueError(f"{uri} would have to be fetched; put it into the schema's $defs")


def _violations(
    validator: jsonschema_rs.Validator, task_type: TaskType, config: Any, field: str
) -> list[FieldViolation]:
    if validator.is_valid(config):
        return []
    try:
        errors = (inner for error in validator.iter_errors(config) for inner in _meant(error))
        return [
            FieldViolation(_path(field, error), cut_text(_message(task_type, error), VIOLATION_BYTES))
            for error in islice(errors, MOST_VIOLATIONS)
        ]
    except UnicodeEncodeError:
        raise
    except ValueError:  # as the validator calls its limit, which only its errors have
        return [FieldViolation(field, _TOO_DEEP)]


def _meant(error: jsonschema_rs.ValidationError) -> list[jsonschema_rs.ValidationError]:
    """What is wrong inside the only choice of a union that takes values of this type; of anything else itself."""
    kind = error.kind
    if isinstance(kind, _UNIONS):
        choices = [choice for choice in kind.context if not _types_of(choice, error)]
        if len(choices) == 1 and choices[0]:
            return [inner for one in choices[0] for inner in _meant(one)]
    return [error]


def _message(task_type: TaskType, error: jsonschema_rs.ValidationError) -> str:
    """What is wrong: a type in words; a pattern, which is a riddle, as the schema describes the field."""
    types = _types(error)
    if types:
        *most, last = (words for kind, words in _WORDS.items() if kind in types)
        allowed = f"{', '.join(most)} or {last}" if most else last
        return f"must be {allowed}; got {_shown(error.instance)}"
    if error.kind.name == "pattern" and (description := _description(task_type, error)):
        return f"{_shown(error.instance)} does not match: {description}"
    return error.message


def _description(task_type: TaskType, error: jsonschema_rs.ValidationError) -> str:
    described: Any = json.loads(task_type.config_schema_json)
    try:
        for step in error.schema_path[:-1]:
            described = described[step]
    except LookupError:  # of a schema with an `$id` of its own, from where the path begins
        return ""
    return described.get("description", "")


def _types(error: jsonschema_rs.ValidationError) -> frozenset[str]:
    """The types of which the value should have had one; none when something else is wrong with it."""
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
    """The types that a choice of a union takes, where it is the type that it refuses."""
    is_here = len(choice) == 1 and choice[0].instance_path == union.instance_path
    return _types(choice[0]) if is_here else frozenset()


def _shown(value: Any) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:  # as deep as can just be read
        return "…"
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"


def _path(field: str, error: jsonschema_rs.ValidationError) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path]
    return field + "".join(parts)

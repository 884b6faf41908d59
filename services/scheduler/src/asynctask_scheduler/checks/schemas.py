"""JSON schemas of task configs, compiled once per version of a type, and lists what is wrong with a config.

The time for this is not bounded here: `config_checks` decides whether it is done in the event loop or in a process.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from itertools import islice
from typing import Any

import jsonschema_rs

from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.json_text import fault_of
from asynctask_core.wire import cut_text
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.checks import schema_words

MOST_VIOLATIONS = 50
VIOLATION_BYTES = 500
MOST_BUILT = 1_000
MOST_BUILT_CHARS = 8 << 20
"""Total size of the schemas whose compiled form is kept; that form is several times as large."""
_BACKTRACKS = 100_000
_FAULTS = (ValueError, TypeError, RecursionError, jsonschema_rs.ReferencingError)
_TOO_DEEP = "breaks the schema of its type, and is nested too deeply to say where"


class Schemas:
    """Checks configs against their type's schema. Keeps compiled schemas, and drops the oldest beyond the limits."""

    def __init__(self, most: int = MOST_BUILT, most_chars: int = MOST_BUILT_CHARS) -> None:
        self._validators: OrderedDict[str, tuple[int, jsonschema_rs.Validator | None, int]] = OrderedDict()
        self._most = most
        self._left_chars = most_chars

    def is_valid(self, task_type: TaskType, config: Any) -> bool:
        """Whether `config` fits the schema of `task_type`; also False for a config that only `violations` can check."""
        validator = self._validator(task_type)
        try:
            return validator is None or validator.is_valid(config)
        except UnicodeEncodeError:
            return False

    def violations(
        self, task_type: TaskType, config: Any, field: str = "task_config"
    ) -> list[FieldViolation]:
        """Everything in `config` that violates the schema of `task_type`, each with its path."""
        validator = self._validator(task_type)
        if validator is None:
            return []
        try:
            return _violations(validator, task_type, config, field)
        except UnicodeEncodeError:
            # Lone surrogates, as in paths that are not UTF-8: JSON allows them, the validator does not.
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
    """Compile a schema; also returns whether all its patterns take linear time (no look-around, no back-reference).

    Raises:
        InvalidInput: it is no JSON schema, or refers to one elsewhere; nothing is ever fetched.
    """
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        fault = fault_of(text, error)
        description = f"must be a JSON schema, but {fault.path or 'the text'} {fault.said}"
        raise InvalidInput([FieldViolation(field, cut_text(description, VIOLATION_BYTES))]) from None
    try:
        return _compile(text, jsonschema_rs.RegexOptions()), True
    except _FAULTS:  # perhaps only because of a pattern that the linear engine does not support
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
        errors = (inner for error in validator.iter_errors(config) for inner in schema_words.meant(error))
        return [
            FieldViolation(
                schema_words.path(field, error),
                cut_text(schema_words.message(task_type.config_schema_json, error), VIOLATION_BYTES),
            )
            for error in islice(errors, MOST_VIOLATIONS)
        ]
    except UnicodeEncodeError:
        raise
    except ValueError:  # the validator's limit of depth, which applies only when it describes errors
        return [FieldViolation(field, _TOO_DEEP)]

"""What schemas can cost at most, and which of them have no bound."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest

from asynctask import TaskType
from asynctask_nas import backup_file
from asynctask_scheduler.checks.config_checks import QUICK_SCHEMA_BYTES
from asynctask_scheduler.checks.schema_cost import FEW_STEPS, MOST_SCHEMAS, cost_of

REF = {"$ref": "#/$defs/n"}


def chain(count: int, step: Any) -> Mapping[str, Any]:
    """Definitions that lead from one to the next, each as `step` says for the reference to the next."""
    defs: dict[str, Any] = {f"d{n}": step({"$ref": f"#/$defs/d{n + 1}"}) for n in range(count)}
    return {"$ref": "#/$defs/d0", "$defs": defs | {f"d{count}": {"type": "object"}}}


@pytest.mark.parametrize(
    "step",
    [
        lambda ref: {"allOf": [ref, ref]},
        lambda ref: {"anyOf": [ref, ref]},
        lambda ref: {"oneOf": [ref, ref]},
        lambda ref: {"if": ref, "then": ref, "else": ref},
        lambda ref: {"not": ref, "allOf": [ref]},
        lambda ref: {"dependentSchemas": {"a": ref, "b": ref}},
        lambda ref: {"allOf": [{"properties": {"a": ref}}, {"properties": {"a": ref}}]},
        lambda ref: {"properties": {"a": ref}, "patternProperties": {"^a": ref, "a$": ref}},
        lambda ref: {"items": ref, "contains": ref},
        lambda ref: {"anyOf": [{"prefixItems": [ref]}, {"items": ref}]},
        lambda ref: {"allOf": [{"additionalProperties": ref}, {"additionalProperties": ref}]},
        lambda ref: {"allOf": [{"propertyNames": ref}, ref]},
    ],
)
def test_schemas_that_double_at_every_step_are_too_much(step: Any) -> None:
    cost = cost_of(chain(60, step))
    assert cost.is_too_much
    assert f"at most {MOST_SCHEMAS:,} are allowed" in cost.reason
    few = cost_of(chain(3, step))
    assert few.units is not None
    assert not few.is_too_much


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#"}, "refers to itself at the same value"),
        ({"unevaluatedProperties": False}, "unevaluatedProperties"),
        ({"allOf": [{"unevaluatedItems": False}]}, "unevaluatedItems"),
        ({"$dynamicRef": "#n"}, "dynamicRef"),
        ({"$ref": "https://json-schema.org/draft/2020-12/schema"}, "refers to"),
        ({"pattern": "((a{100}){100}){100}"}, "repeats too much"),
        ({"$schema": "http://json-schema.org/draft-07/schema#", "format": "regex"}, "format: regex"),
        (
            {"properties": {"a": {"$id": "x", "$defs": {"n": {}}}}, "$ref": "#/properties/a/$defs/n"},
            "of its own",
        ),
        (
            {"$defs": {"n": {"allOf": [{"properties": {"a": REF}}, {"properties": {"a": REF}}]}}, **REF},
            "several times",
        ),
        ({"$defs": {"n": {"anyOf": [{"items": REF}, {"contains": REF}]}}, **REF}, "several times"),
    ],
)
def test_what_has_no_bound_says_why(schema: Any, reason: str) -> None:
    cost = cost_of(schema)
    assert (cost.units, cost.is_too_much) == (None, False)
    assert reason in cost.reason


def test_a_tree_has_a_bound() -> None:
    node = {
        "type": "object",
        "properties": {
            "left": {"anyOf": [REF, {"type": "null"}]},
            "right": {"anyOf": [REF, {"type": "null"}]},
            "more": {"type": "array", "items": REF},
            "named": {"type": "object", "additionalProperties": REF},
        },
    }
    units = cost_of({"$defs": {"n": node}, **REF}).units
    assert units is not None
    assert units < 10


def test_a_large_flat_schema_has_a_bound_and_a_huge_one_costs_little_to_look_at() -> None:
    assert cost_of({"properties": {f"p{n}": {"type": "string"} for n in range(3_000)}}).units is not None
    wide = {"allOf": [{"properties": {f"p{n}": {"anyOf": [{}, {}]} for n in range(300)}} for _ in range(300)]}
    assert "too large" in cost_of(wide).reason


class Colour(Enum):
    RED = "red"
    GREEN = "green"


@dataclass
class Leaf:
    name: str
    size: int = 0
    seen: datetime | None = None
    kind: Literal["a", "b"] = "a"


@dataclass
class Branch:
    leaves: list[Leaf]
    by_name: dict[str, Leaf] = field(default_factory=dict)
    inner: list[Branch] = field(default_factory=list)
    parent: Branch | None = None


@dataclass
class Everything:
    where: Path
    pause: timedelta
    colours: list[Colour]
    either: int | str | None
    pair: tuple[int, str]
    tree: Branch
    free: dict[str, Any]
    ratio: float = field(
        default=0.5, metadata={"json_schema": {"minimum": 0, "pattern": r"^\w+/[^/]{1,64}$"}}
    )
    record: Leaf | Branch | None = None


@pytest.mark.parametrize("config", [Leaf, Branch, Everything, dict[str, Leaf], list[Branch], Any, int])
def test_what_the_sdk_makes_of_ordinary_classes_is_checked_in_the_event_loop(config: Any) -> None:
    text = schema_of(config)
    assert len(json.dumps(text)) < QUICK_SCHEMA_BYTES
    cost = cost_of(text, FEW_STEPS)
    assert cost.units is not None
    assert cost.units < 500
    assert cost.schemas < 20


def schema_of(config: Any) -> Any:
    return TaskType("t", config=config).config.schema()


def test_the_backup_is_checked_in_the_event_loop() -> None:
    cost = cost_of(backup_file.config.schema(), FEW_STEPS)
    assert cost.units is not None
    assert cost.units < 500
    assert cost.schemas < 20

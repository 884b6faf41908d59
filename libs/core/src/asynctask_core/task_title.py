"""A task's title: its label `title`, which tells it from other tasks of its type.

A task type may have a template such as `{source_path} → {destination_path}`, as the annotation `x-asynctask-title` of
its config's JSON Schema. Where a submit has no label `title`, the scheduler adds it: `{name}` stands for that field at
the top of the config, or for the field's default in the schema; `{{` and `}}` stand for braces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from asynctask_core import limits
from asynctask_core.listing import enumerated
from asynctask_core.printable import one_line

TITLE_LABEL: Final = "title"
TITLE_KEYWORD: Final = "x-asynctask-title"
"""The annotation of a config schema that is the template of titles; other readers of the schema ignore it."""

_PART: Final = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|[{}]")
_ABSENT: Final = "–"
"""Stands for a field that has no value, or a list or an object."""
_REFERENCES: Final = 8
"""How many `$ref`, one after the other, lead to the properties of a config."""
_NAMES_BYTES: Final = 400


@dataclass(frozen=True, slots=True)
class TitleTemplate:
    """A template: the texts around its fields, one more than there are fields."""

    texts: Sequence[str]
    fields: Sequence[str]
    defaults: Mapping[str, object] = field(default_factory=dict[str, object])

    def fill(self, config: object) -> str:
        """The title of a task with this config, at most `LABEL_VALUE_CHARS` characters and without control characters.

        The longest values lose their middle if the whole is too long. Empty if no field of the template has a value.
        """
        given: Mapping[str, object] = {}
        if isinstance(config, dict):
            given = cast("Mapping[str, object]", config)
        values = [_words(given.get(name, self.defaults.get(name))) for name in self.fields]
        if self.fields and not any(values):
            return ""
        room = limits.LABEL_VALUE_CHARS - sum(map(len, self.texts))
        shown = _fitted([value or _ABSENT for value in values], room)
        return "".join(f"{text}{value}" for text, value in zip(self.texts, [*shown, ""], strict=True)).strip()


def title_template(schema: object) -> TitleTemplate | None:
    """The template that a config schema has; None if it has none.

    Raises:
        ValueError: it is no template, or names a field that the schema's properties lack; the message has no subject.
    """
    if not isinstance(schema, dict):
        return None
    whole = cast("Mapping[str, Any]", schema)
    text: object = whole.get(TITLE_KEYWORD)
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise ValueError("must be a text such as '{name}'")
    texts, fields = _parsed(text)
    properties = _properties(whole)
    if unknown := [name for name in fields if properties and name not in properties]:
        known = enumerated(sorted(properties), _NAMES_BYTES)
        raise ValueError(f"must name fields of the config: {known}; got {{{unknown[0]}}}")
    defaults = {name: _default(properties.get(name)) for name in fields}
    return TitleTemplate(texts, fields, defaults)


def _parsed(text: str) -> tuple[list[str], list[str]]:
    """The texts around the fields of a template, and the names of the fields. Raises ValueError."""
    if len(text) > limits.TITLE_TEMPLATE_CHARS:
        raise ValueError(f"must have at most {limits.TITLE_TEMPLATE_CHARS} characters; got {len(text)}")
    if one_line(text) != text:
        raise ValueError(f"must be one line without hidden characters; got '{one_line(text)}'")
    texts, fields, end = [""], list[str](), 0
    for part in _PART.finditer(text):
        texts[-1] += text[end : part.start()]
        end = part.end()
        if part[1]:
            fields.append(part[1])
            texts.append("")
        elif part[0] in ("{{", "}}"):
            texts[-1] += part[0][0]
        else:
            rule = "must have fields such as {name}, and {{ or }} for a brace"
            raise ValueError(f"{rule}; got a single {part[0]} at character {part.start() + 1} of '{text}'")
    texts[-1] += text[end:]
    return texts, fields


def _properties(schema: Mapping[str, Any]) -> Mapping[str, object]:
    """The properties of a schema, and of those in its own `$defs` that it refers to."""
    found: dict[str, object] = {}
    definitions: Any = schema.get("$defs")
    place: Any = schema
    for _ in range(_REFERENCES):
        if not isinstance(place, dict):
            break
        here = cast("Mapping[str, Any]", place)
        own: Any = here.get("properties")
        found = {**(cast("Mapping[str, object]", own) if isinstance(own, dict) else {}), **found}
        named = str(here.get("$ref", "")).removeprefix("#/$defs/")
        place = cast("Mapping[str, Any]", definitions).get(named) if isinstance(definitions, dict) else None
    return found


def _default(schema: object) -> object:
    return cast("Mapping[str, object]", schema).get("default") if isinstance(schema, dict) else None


def _words(value: object) -> str:
    """A value of the config on one line; empty for null, a list or an object."""
    if isinstance(value, str):
        most = limits.LABEL_VALUE_CHARS
        return one_line(_cut(value, most))
    return json.dumps(value) if isinstance(value, bool | int | float) else ""


def _fitted(values: Sequence[str], room: int) -> list[str]:
    """The values in at most `room` characters together: only those longer than an equal share are cut."""
    most = left = room
    for waiting, length in zip(range(len(values), 0, -1), sorted(map(len, values)), strict=True):
        most = left // waiting
        if length > most:
            break
        left -= length
    else:
        return list(values)
    return [_cut(value, most) for value in values]


def _cut(text: str, most: int) -> str:
    """The text in at most `most` characters, without its middle: paths differ at their ends."""
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"

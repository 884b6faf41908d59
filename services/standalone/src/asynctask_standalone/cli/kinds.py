"""One task type for people: its rules, its stages, and what its config may say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from asynctask_core.printable import one_line
from asynctask_core.retry import delay_ms
from asynctask_core.task_title import TITLE_KEYWORD
from asynctask_standalone.cli.output import table
from asynctask_standalone.cli.wording import age, amount, span

if TYPE_CHECKING:
    from asynctask import Retry, TaskTypeInfo

Schema = Mapping[str, Any]

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
    "object": "object",
}
_DEEP = 4
"""How many levels of nested records are shown; a record may contain itself."""


def type_view(kind: TaskTypeInfo) -> RenderableType:
    """Everything about a task type, on one screen."""
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bright_black", no_wrap=True)
    facts.add_column(overflow="fold")
    facts.add_row("queue", f"{kind.queue}, priority {kind.priority}, unless a submit says otherwise")
    facts.add_row(
        "at once", f"at most {amount(kind.max_running, 'tasks')}" if kind.max_running else "no limit"
    )
    facts.add_row("retry", retry_words(kind.retry))
    given: Any = kind.config_schema
    schema: Schema = cast("Schema", given) if isinstance(given, dict) else {}
    if template := schema.get(TITLE_KEYWORD):
        facts.add_row("title", one_line(str(template)))
    lost = f"fails after {amount(kind.crash_budget, 'lost executors')} without a new checkpoint"
    facts.add_row("losses", lost)
    facts.add_row("changed", f"{age(kind.update_time)}, version {kind.version}")
    title = Text(kind.name, style="bold")
    if kind.description:
        title.append(f"\n{one_line(kind.description)}", "default")
    whole = sum(stage.weight for stage in kind.stage_specs) or 1.0
    stages = [
        (
            stage.name,
            f"{100 * stage.weight / whole:.0f}%",
            f"{stage.weight:g}",
            span(stage.timeout_s) if stage.timeout_s else "no limit",
        )
        for stage in kind.stage_specs
    ]
    return Group(
        title,
        Text(),
        facts,
        Text(),
        table(
            "STAGE", "SHARE", "WEIGHT", "LONGEST", rows=stages, right=("SHARE", "WEIGHT"), empty="No stages."
        ),
        Text(),
        _config(schema),
    )


def retry_words(retry: Retry) -> str:
    """A retry policy as a sentence."""
    if retry.max_attempts <= 1:
        return "none: the first error is final"
    policy = retry.to_policy()
    # The longest random value of each delay; once the maximum is reached, delays stay the same.
    delays = [delay_ms(policy, number, 1.0) for number in range(1, policy.max_attempts)]
    first, last = _drawn(delays[0]), _drawn(delays[-1])
    if len(delays) == 1:
        return f"2 attempts; the retry comes after {first}"
    if delays[0] == delays[-1]:
        return f"{policy.max_attempts:,} attempts; each retry comes after {first}"
    grows = f"the first retry comes after {first}, then {policy.multiplier:g} times as long each time"
    if delays[-2] < delays[-1]:
        return f"{policy.max_attempts:,} attempts; {grows}, the last after {last}"
    return f"{policy.max_attempts:,} attempts; {grows}, from retry {delays.index(delays[-1]) + 1} on after {last}"


def _drawn(longest_ms: int) -> str:
    """The range of a random delay: from half of the longest value to all of it."""
    return f"{span(longest_ms / 2000)} to {span(longest_ms / 1000)}"


def config_rows(schema: Schema) -> list[tuple[str, str, str, str]]:
    """Path, type, default and meaning of every field that a config may have."""
    definitions: Schema = schema.get("$defs") or {}
    return list(_rows(_resolved(schema, definitions), definitions, "", _DEEP))


def _config(schema: Schema) -> RenderableType:
    rows = config_rows(schema)
    if not rows:
        return Text("config: any JSON", style="bright_black")
    return table("CONFIG", "TYPE", "DEFAULT", "WHAT IT SAYS", rows=rows, empty="")


def _rows(
    record: Schema, definitions: Schema, prefix: str, depth: int
) -> Sequence[tuple[str, str, str, str]]:
    required: Sequence[str] = record.get("required") or ()
    fields: Mapping[str, Schema] = record.get("properties") or {}
    rows: list[tuple[str, str, str, str]] = []
    for name, field in fields.items():
        if "default" in field:
            default = json.dumps(field["default"], ensure_ascii=False)
        else:
            default = "(required)" if name in required else "(optional)"
        path = f"{prefix}{name}"
        inside = _resolved(field, definitions)
        rows.append((path, _type(field, definitions), default, str(field.get("description", ""))))
        if depth > 1 and inside.get("properties"):
            rows.extend(_rows(inside, definitions, f"{path}.", depth - 1))
    return rows


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    """The schema that a `$ref` points to, or the schema itself."""
    reference = str(schema.get("$ref", ""))
    return definitions.get(reference.rpartition("/")[2], {}) if reference else schema


def _several(words: str) -> str:
    """The plural of a type in words: `whole numbers` for `whole number`."""
    if " or " in words or " | " in words:
        return f"({words})" if words != _TYPES["boolean"] else words
    if words.startswith("list"):
        return f"lists{words.removeprefix('list')}"
    return f"{words}s" if words in _TYPES.values() and words != "null" else words


def _type(schema: Schema, definitions: Schema) -> str:
    """What a value must be, in words."""
    if "enum" in schema:
        return " | ".join(json.dumps(choice, ensure_ascii=False) for choice in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(_type(one, definitions) for one in schema[several])
    if "$ref" in schema:
        record = _resolved(schema, definitions)
        return _type(record, definitions) if "enum" in record else str(record.get("title", "object"))
    kinds: Any = schema.get("type", "any")
    if kinds == "array":
        items: Any = schema.get("items")
        return f"list of {_several(_type(items, definitions))}" if items else "list"
    return " or ".join(_TYPES.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds))

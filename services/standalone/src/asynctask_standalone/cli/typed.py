"""Fields of the contracts as people type them: `--queue` and `config.folder`, not `queue` and `task_config.folder`.

Only texts are translated: `--json` keeps the fields of the contracts, which programs know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_OPTIONS: Mapping[str, str] = {
    "address": "--address",
    "delay": "--delay",
    "delay_ms": "--delay",
    "error_fingerprint": "--error",
    "executor_id": "EXECUTOR",
    "expected_version": "--if-version",
    "fix": "--fix",
    "force": "--force",
    "from": "--from-checkpoint",
    "from_checkpoint": "--from-checkpoint",
    "grace": "--grace",
    "has_warnings": "--warnings",
    "labels": "--label",
    "limit": "--limit",
    "manifest": "--manifest",
    "max_findings": "--limit",
    "min_level": "--level",
    "name": "NAME",
    "page_size": "--limit",
    "priority": "--priority",
    "queue": "--queue",
    "queues": "--queue",
    "reason": "--reason",
    "request_id": "--request-id",
    "slots": "--slots",
    "stage": "--stage",
    "start_now": "--now",
    "start_time": "--start-time",
    "states": "--status",
    "submit_time_end": "--until",
    "submit_time_start": "--since",
    "submitted_after": "--since",
    "submitted_before": "--until",
    "task_config": "config",
    "task_id": "ID",
    "task_ids": "ID",
    "task_states": "--status",
    "task_type": "TYPE",
    "task_types": "--type",
    "text": "--text",
    "timeout": "--timeout",
}
_REPEATED = frozenset({"queues", "states", "task_ids", "task_states", "task_types"})
"""Fields with one element for each option, or for each word between commas."""
_FIELD = re.compile(r"(?:filter\.)?([a-z_]+)(.*)", re.DOTALL)
_NAMES = re.compile(r"\b(?:delay|delay_ms|start_time|request_id|task_config|task_type)\b")
_REQUEST_ID = re.compile(r"^request_id(?= .* was used before )|(?<=repeat with )((?:the same )?)request_id\b")
"""Where a message without fields says `request_id`."""


def typed_field(field: str) -> str:
    """The option for a field; `config` and the place in it for the config; other fields stay as they are."""
    found = _FIELD.fullmatch(field)
    if found is None:
        return field
    name, rest = found.groups()
    if name in _REPEATED:  # drop the index: the description has the value, and a single option has no number
        rest = ""
    return _OPTIONS[name] + rest if name in _OPTIONS else field


def typed_violations(violations: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Violations with fields as people type them."""
    return [
        {"field": typed_field(one["field"]), "description": _typed_words(one["description"])}
        for one in violations
    ]


def typed_message(message: str, violations: Sequence[Mapping[str, str]]) -> str:
    """The message of an error, with its fields replaced by options."""
    for one, typed in zip(violations, typed_violations(violations), strict=True):
        message = message.replace(
            f"{one['field']}: {one['description']}", f"{typed['field']}: {typed['description']}"
        )
    # The cluster's message names the API's field; here it is an option.
    message = _REQUEST_ID.sub(r"\1--request-id", message)
    return message.replace("delete it with force", "delete it with --force")


def _typed_words(description: str) -> str:
    # Only the rule: what follows "; got " is the user's own text.
    rule, got, came = description.partition("; got ")
    return _NAMES.sub(lambda found: _OPTIONS[found[0]], rule) + got + came

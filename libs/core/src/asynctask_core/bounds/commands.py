"""Bounds of people's commands, as clients send them to the scheduler and the scheduler to the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asynctask_core import limits
from asynctask_core.bounds.kinds import Bound, Choice, Flag, Form, Id, MessageBound, Number, Text
from asynctask_core.bounds.scheduler import ID_TEXT, LABELS, REASON, REQUEST_ID
from asynctask_core.bounds.task import PRIORITY

Rows = Mapping[str, Bound]

_EXPECTED_VERSION: Final = Number(low=1, high=limits.LARGEST_NUMBER)
_SHARED: Final[Rows] = {
    "task_id": ID_TEXT,
    "reason": REASON,
    "request_id": REQUEST_ID,
    "expected_version": _EXPECTED_VERSION,
}
_OWN: Final[Mapping[str, tuple[Rows, Rows]]] = {
    "pause": ({}, {}),
    "resume": ({}, {}),
    "cancel": ({}, {}),
    "restart": ({"from": Choice(), "start_now": Flag()}, {"from_checkpoint": Flag(), "start_now": Flag()}),
    "delete": ({"force": Flag()}, {"force": Flag()}),
    "update": (
        {"priority": PRIORITY, "labels": LABELS, "update_mask": MessageBound()},
        {"priority": PRIORITY, "labels": MessageBound()},
    ),
}
"""The fields of one command only: in the scheduler's request, and in the registry's message."""

COMMANDS: Final[Mapping[str, Rows]] = {
    **{
        f"asynctask.scheduler.v1.{word.title()}TaskRequest": {**_SHARED, **request}
        for word, (request, _) in _OWN.items()
    },
    **{f"asynctask.registry.v1.{word.title()}Command": message for word, (_, message) in _OWN.items()},
    "asynctask.registry.v1.Labels": {"values": LABELS},
    "asynctask.registry.v1.ApplyCommandRequest": {
        **_SHARED,
        **{word: MessageBound() for word in _OWN},
        "task_id": Id(required=True),
        "actor": Text(chars=limits.ACTOR_CHARS, form=Form.ESCAPED),
        # As schedulers of version 0.1 send it.
        "kind": Choice(),
        "priority": PRIORITY,
        "replace_labels": Flag(),
        "labels": LABELS,
        "start_now": Flag(),
    },
}

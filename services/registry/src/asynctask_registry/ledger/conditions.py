"""What a list looks for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from asynctask_core.errors import InvalidInput
from asynctask_core.ids import parse_id
from asynctask_core.letter_case import without_case
from asynctask_core.states import TaskState
from asynctask_registry.ledger.terms import (
    PLAIN_QUEUE,
    UNNAMED,
    AnyTerm,
    TermKind,
    label_term,
    terms_of_label,
)


@dataclass(frozen=True, slots=True)
class TaskConditions:
    """Conditions on tasks; empty fields are no condition. Times are milliseconds since the epoch, the end exclusive."""

    task_types: Sequence[str] = ()
    states: Sequence[TaskState] = ()
    submit_start_ms: int = 0
    submit_end_ms: int = 0
    queue: str = ""
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    has_warnings: bool | None = None
    error_fingerprint: str = ""
    text: str = ""

    @property
    def are_any(self) -> bool:
        """Whether there are conditions besides the times."""
        return (
            bool(self.task_types or self.states or self.terms or self.queue or self.text)
            or self.has_warnings is not None
        )

    @property
    def can_be_met(self) -> bool:
        """False for an error's fingerprint in states without an error: only failed tasks have one."""
        return not (self.error_fingerprint and self.states and TaskState.FAILED not in self.states)

    @property
    def state_words(self) -> list[str]:
        """The states that are looked for; empty means all."""
        if self.error_fingerprint:
            return [TaskState.FAILED.value]
        return sorted({state.value for state in self.states})

    @property
    def named_id(self) -> bytes | None:
        """The text, if it is an id: of the task, or the value of a label."""
        try:
            return parse_id(self.text) if self.text else None
        except InvalidInput:
            return None

    @property
    def named_label(self) -> str:
        """The text, if it is a whole label: `key=value`. The case of letters is ignored."""
        return without_case(self.text) if "=" in self.text and self.named_id is None else ""

    @property
    def sought_text(self) -> str:
        """The text, if it may be a part of a type's name or of a label's value. The case of letters is ignored."""
        return "" if self.named_label or self.named_id else without_case(self.text)

    @property
    def terms(self) -> list[AnyTerm]:
        """What each of the tasks has: one of the terms of each of these."""
        terms = [AnyTerm(TermKind.LABEL, [label_term(key, value).text]) for key, value in self.labels.items()]
        if self.error_fingerprint:
            terms.insert(0, AnyTerm(TermKind.ERROR, [self.error_fingerprint, UNNAMED]))
        if self.named_label:
            terms.append(terms_of_label(self.named_label))
        if self.queue and self.queue != PLAIN_QUEUE:
            terms.append(AnyTerm(TermKind.QUEUE, [self.queue]))
        return terms

    @property
    def parameters(self) -> dict[str, object]:
        """The parameters of `fragments/matches.sql`."""
        return {
            "task_types": list(self.task_types) or None,
            "states": self.state_words or None,
            "queue": self.queue or None,
            "has_warnings": self.has_warnings,
            "labels": json.dumps(dict(self.labels)) if self.labels else None,
            "label": self.named_label or None,
            "text": self.sought_text or None,
            "named_id": self.named_id,
            "named_value": without_case(self.text) if self.named_id else None,
        }

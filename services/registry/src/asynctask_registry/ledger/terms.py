"""Terms: what lists find tasks by besides their state and type. Only tasks that have such a thing have terms.

Triggers write those of labels and queues, and for each task that fails a term without text: registries of an older
release, which run beside newer ones for a while, know nothing of terms. The fingerprint of an error takes the place of
that term in the same transaction, or, where an older release recorded the error, soon after it (`ledger/term_filling`).
Terms only say where to look: what is listed is decided by the rows of `tasks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from asynctask_core import limits
from asynctask_core.letter_case import without_case
from asynctask_registry.store.pool import StoreConnection

PLAIN_QUEUE: Final = "default"
"""The queue that has no term, since most tasks are in it."""


UNNAMED: Final = ""
"""The term of an error whose fingerprint is not written yet."""


class TermKind(StrEnum):
    """What a term is."""

    LABEL = "label"
    QUEUE = "queue"
    ERROR = "error"


class Term(NamedTuple):
    """One thing that lists find tasks by."""

    kind: TermKind
    text: str


class AnyTerm(NamedTuple):
    """Several terms of one kind, any of which will do."""

    kind: TermKind
    texts: Sequence[str]


def label_term(key: str, value: str) -> Term:
    """The term of a label; the function `label_term` of the database writes the same."""
    return Term(TermKind.LABEL, without_case(f"{value}={key}"))


def terms_of_label(text: str) -> AnyTerm:
    """The terms of the labels that are `text` when they are written `key=value`; a key may have `=` in it too."""
    splits = [at for at, character in enumerate(text) if character == "="]
    return AnyTerm(TermKind.LABEL, [label_term(text[:at], text[at + 1 :]).text for at in splits])


async def terms_of_value(connection: StoreConnection, value: str) -> AnyTerm | None:
    """The terms of the labels with this value, under any key, and of some with longer values; None if there are more of
    them than a walk can go along.
    """
    most = limits.FILTER_NAMES
    rows = await connection.fetch("terms_of_value", from_term=f"{value}=", to_term=f"{value}>", most=most + 1)
    return AnyTerm(TermKind.LABEL, [row["term"] for row in rows]) if len(rows) <= most else None


async def name_errors(connection: StoreConnection, fingerprints: Mapping[bytes, str | None]) -> None:
    """Write the fingerprints of errors; None for a task without an error. This transaction has locked the tasks, or the
    terms without text that the fingerprints replace.
    """
    if not fingerprints:
        return
    task_ids = sorted(fingerprints)
    named = [(task_id, text) for task_id in task_ids if (text := fingerprints[task_id])]
    await connection.fetch(
        "term_name_errors",
        task_ids=task_ids,
        named_tasks=[task_id for task_id, _ in named],
        fingerprints=[text for _, text in named],
        low=task_ids[0],
        high=task_ids[-1],
    )

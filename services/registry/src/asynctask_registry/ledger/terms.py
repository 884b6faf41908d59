"""Terms: what lists find tasks by besides their state and type. Only tasks that have such a thing have terms.

New tasks get those of their labels and queue from a trigger, in their insert; what changes later is written here, in
the transaction of the change. Terms only say where to look: what is listed is decided by the rows of `tasks`.
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


async def replace_terms(
    connection: StoreConnection, kind: TermKind, terms: Mapping[bytes, Sequence[Term]]
) -> None:
    """Replace the terms of one kind of tasks that this transaction has locked."""
    if not terms:
        return
    task_ids = sorted(terms)
    given = [
        (task_id, text) for task_id in task_ids for text in sorted({term.text for term in terms[task_id]})
    ]
    await connection.fetch(
        "term_replace",
        kind=kind,
        task_ids=task_ids,
        given_tasks=[task_id for task_id, _ in given],
        given_terms=[text for _, text in given],
        low=task_ids[0],
        high=task_ids[-1],
    )

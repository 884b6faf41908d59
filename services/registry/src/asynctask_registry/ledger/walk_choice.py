"""Chooses the walk that finds the tasks of a list by reading the fewest rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

from asynctask_core import limits
from asynctask_core.letter_case import without_case
from asynctask_core.states import TaskState
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.terms import terms_of_value
from asynctask_registry.ledger.walking import ColumnWalk, IdWalk, ListWalk, TaskWalk, TermWalk, TextWalk
from asynctask_registry.store.pool import StoreConnection

_MOST_TYPES: Final = 20
"""Types along whose index one walk goes: it reads all of them side by side."""


class WalkLeg(NamedTuple):
    """A walk down to an id."""

    walk: ListWalk
    low: bytes


async def choose_walk(
    connection: StoreConnection, conditions: TaskConditions, low: bytes, high: bytes
) -> list[WalkLeg]:
    """The legs that lead from `high` down to `low`.

    There are two while tasks of an older release have no terms yet: those are walked over as if there were none.
    """
    plain = TaskWalk(conditions.parameters)
    by_columns = _walks_by_columns(conditions)
    terms = conditions.terms
    if not terms and not conditions.text:
        return [WalkLeg(await _shortest(connection, by_columns, low, high) or plain, low)]
    by_terms = [TermWalk(term, conditions.parameters) for term in terms]
    by_text = None if terms else await _text_walk(connection, conditions, plain)
    walks = [] if isinstance(by_text, IdWalk) else [*by_terms, *by_columns]
    walk = await _shortest(connection, walks, low, high, otherwise=by_text) or plain
    if isinstance(walk, TaskWalk | ColumnWalk):
        return [WalkLeg(walk, low)]
    (filling,) = await connection.fetch("term_filling")
    before_terms = WalkLeg(by_columns[0] if by_columns else plain, low)
    return [WalkLeg(walk, max(low, filling["filled_from"])), before_terms]


def _walks_by_columns(conditions: TaskConditions) -> list[ColumnWalk]:
    walks: list[ColumnWalk] = []
    states, types = conditions.state_words, list(dict.fromkeys(conditions.task_types))
    if states and TaskState.COMPLETED.value not in states:
        walks.append(ColumnWalk("task_walk_states", {"walked_states": states}, conditions.parameters))
    if 0 < len(types) <= _MOST_TYPES:
        walks.append(_type_walk(conditions, types))
    return walks


def _type_walk(conditions: TaskConditions, types: Sequence[str]) -> ColumnWalk:
    return ColumnWalk("task_walk_types", {"walked_types": types}, conditions.parameters)


async def _text_walk(
    connection: StoreConnection, conditions: TaskConditions, plain: TaskWalk
) -> IdWalk | TextWalk | None:
    """The walk for a text; None if it is in the names of too many types."""
    if conditions.named_id is not None:
        term = await terms_of_value(connection, without_case(conditions.text))
        labelled = plain if term is None else TermWalk(term, conditions.parameters)
        return IdWalk(conditions.named_id, labelled, conditions.parameters)
    rows = await connection.fetch("type_named", text=conditions.sought_text, limit=_MOST_TYPES + 1)
    types = [row["name"] for row in rows]
    if len(types) > _MOST_TYPES:
        return None
    return TextWalk(
        conditions.sought_text,
        _type_walk(conditions, types) if types else None,
        conditions.parameters,
    )


async def _shortest(
    connection: StoreConnection,
    walks: Sequence[TermWalk | ColumnWalk],
    low: bytes,
    high: bytes,
    *,
    otherwise: IdWalk | TextWalk | None = None,
) -> ListWalk | None:
    """The walk with the fewest rows, or `otherwise` if one page cannot read those."""
    if not walks or (len(walks) == 1 and otherwise is None):
        return walks[0] if walks else otherwise
    terms = [
        (walk.term.kind, text) for walk in walks if isinstance(walk, TermWalk) for text in walk.term.texts
    ]
    values = {
        key: value for walk in walks if isinstance(walk, ColumnWalk) for key, value in walk.values.items()
    }
    (sizes,) = await connection.fetch(
        "walk_sizes",
        kinds=[kind for kind, _ in terms],
        terms=[text for _, text in terms],
        walked_states=values.get("walked_states", []),
        walked_types=values.get("walked_types", []),
        low=low,
        high=high,
        most=limits.WALKED_ROWS,
    )
    by_terms = iter(sizes["terms"])
    rows = [
        sum(islice(by_terms, len(walk.term.texts)))
        if isinstance(walk, TermWalk)
        else sizes["states" if "walked_states" in walk.values else "types"]
        for walk in walks
    ]
    fewest = min(rows)
    if otherwise is not None and fewest >= limits.WALKED_ROWS:
        return otherwise
    return walks[rows.index(fewest)]

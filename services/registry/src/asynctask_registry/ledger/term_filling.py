"""Gives the tasks of an older release their terms, in the background: newest first, a bounded number at a time.

`task_terms_filling` says how far this has come. Lists use terms for newer tasks only until it is over. A task that was
inserted meanwhile has its terms already. What a registry of an older release changes while it runs beside newer ones,
that is labels and failures, gets no terms.
"""

from __future__ import annotations

import json
from typing import Final

from asynctask_chassis.loop import LoopReport
from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_registry.ledger.failures import read_failure
from asynctask_registry.ledger.terms import PLAIN_QUEUE, Term, TermKind, label_term
from asynctask_registry.store.pool import Row, StoreConnection
from asynctask_registry.store.pool_share import WorkRunner

STEP: Final = 1000
"""Tasks of one transaction: their errors together fit into memory, also if each is as large as an error may be."""
FIRST_ID: Final = bytes(16)


class TermFiller:
    """Fills the terms of older tasks; of several registries one at a time."""

    def __init__(self, runner: WorkRunner, *, step: int = STEP) -> None:
        self._runner = runner
        self._step = step

    async def run_once(self) -> LoopReport:
        """Fill the next tasks, if there are any left."""
        found = await self._runner.run(self._fill)
        return LoopReport() if found is None else LoopReport(changed=found, more=True)

    async def _fill(self, connection: StoreConnection) -> int | None:
        """How many terms it wrote; None when the filling is over, or another registry is at it."""
        async with connection.transaction():
            chosen = await connection.fetch("term_fill_choose")
            if not chosen:
                return None
            high = chosen[0]["filled_from"]
            found = await connection.fetch("term_fill_low", high=high, most=self._step)
            low = found[0]["task_id"] if found else FIRST_ID
            rows = await connection.fetch("term_fill_tasks", low=low, high=high)
            terms = [(row["task_id"], term) for row in rows for term in _terms_of(row)]
            await connection.fetch(
                "term_add",
                task_ids=[task_id for task_id, _ in terms],
                kinds=[term.kind for _, term in terms],
                terms=[term.text for _, term in terms],
            )
            await connection.fetch("term_fill_note", filled_from=low)
        return len(terms)


def _terms_of(row: Row) -> list[Term]:
    terms: list[Term] = []
    if row["labels"]:
        terms += [label_term(key, value) for key, value in json.loads(row["labels"]).items()]
    if row["queue"] != PLAIN_QUEUE:
        terms.append(Term(TermKind.QUEUE, row["queue"]))
    if (failure := read_failure(row["failure"])) is not None:
        terms.append(Term(TermKind.ERROR, error_fingerprint(row["task_type"], failure)))
    return terms

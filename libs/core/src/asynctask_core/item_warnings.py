"""Warnings that the registry adds to a completed task: for items that ended failed or skipped.

Without them, an incomplete task whose handler does not warn of such items would look like a plain success. A handler
that warns of its items counts each of them itself, so only the items without a warning are added.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from asynctask_core.states import ItemState
from asynctask_core.task import DEFAULT_MANIFEST
from asynctask_core.warning_tally import WarningTally

ITEMS_FAILED: Final = "ITEMS_FAILED"
"""The code of items that ended failed."""
ITEMS_SKIPPED: Final = "ITEMS_SKIPPED"
"""The code of items that ended skipped."""

_OWN_CODES: Final[Mapping[str, frozenset[str]]] = {
    ITEMS_FAILED: frozenset({"FAILED", ITEMS_FAILED}),
    ITEMS_SKIPPED: frozenset({"SKIPPED", ITEMS_SKIPPED}),
}
"""Codes under which handlers count such items themselves."""
_STATES: Final = {ITEMS_FAILED: ItemState.FAILED, ITEMS_SKIPPED: ItemState.SKIPPED}


@dataclass(slots=True)
class EndedItems:
    """How many items of one manifest ended failed or skipped."""

    manifest: str
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True)
class ItemWarning:
    """A warning to add."""

    code: str
    text: str
    count: int


def untold(task_id: str, manifests: list[EndedItems], told: WarningTally) -> list[ItemWarning]:
    """What to add to the warnings of a task that completes: at most one for each of the two codes."""
    own = dict.fromkeys(_OWN_CODES, 0)
    others = 0
    for (_, code), found in told:
        kind = next((kind for kind, codes in _OWN_CODES.items() if code in codes), None)
        if kind is None:
            others += min(found.of_items, found.total)
        else:
            own[kind] += found.total
    added: list[ItemWarning] = []
    for kind, state in _STATES.items():
        ended = [(one.manifest, one.failed if kind == ITEMS_FAILED else one.skipped) for one in manifests]
        left = max(sum(count for _, count in ended) - own[kind], 0)
        by_others = min(left, others)
        others -= by_others
        if left > by_others:
            first = next(name for name, count in ended if count)
            where = "" if first == DEFAULT_MANIFEST else f" --manifest {first}"
            text = f"see asynctask items {task_id} --status {state.value}{where}"
            added.append(ItemWarning(kind, text, left - by_others))
    return added

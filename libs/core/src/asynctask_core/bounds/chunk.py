"""Chunks of manifests, checked by straight-line code first: they hold thousands of items.

A chunk that passes is within every bound of the table; any other is checked by the table, which has the messages. A
test compares this code with the fields and bounds of the table.
"""

from __future__ import annotations

from typing import Any, Final

from asynctask_core import limits
from asynctask_core.bounds.kinds import ID_BYTES
from asynctask_core.states import ItemState
from asynctask_core.validate import NAME

_LARGEST: Final = limits.LARGEST_NUMBER
_KEY: Final = limits.ITEM_KEY_BYTES
_DATA: Final = limits.ITEM_DATA_BYTES
_STATES: Final = frozenset(state.number for state in ItemState)


def is_plain_chunk(request: Any) -> bool:
    """Whether an AppendManifestRequest of scheduler or registry needs no other check; one with warnings does."""
    return (
        len(request.task_id) == ID_BYTES
        and len(request.attempt_id) == ID_BYTES
        and 1 <= request.chunk <= _LARGEST
        and len(request.manifest) <= limits.MANIFEST_NAME_CHARS
        and NAME.fullmatch(request.manifest) is not None
        and not request.warnings
        and _are_plain_items(request.items)
        and _are_plain_results(request.results)
    )


def _are_plain_items(items: Any) -> bool:
    if len(items) > limits.MANIFEST_CHANGES:
        return False
    for item in items:
        data = item.data_json
        if not (
            0 <= item.position <= _LARGEST
            and 0 <= item.size <= _LARGEST
            and item.state in _STATES
            and len(item.key) <= _KEY
            and (len(data) <= _DATA // 4 or len(data.encode()) <= _DATA)
            and "\x00" not in data
        ):
            return False
    return True


def _are_plain_results(results: Any) -> bool:
    if len(results) > limits.MANIFEST_CHANGES:
        return False
    positions = len(results)
    for result in results:
        first = result.position
        if not (0 <= first <= _LARGEST and result.state in _STATES):
            return False
        if last := result.last_position:
            if not first <= last <= _LARGEST or result.error:
                return False
            positions += last - first
    return positions <= limits.MANIFEST_CHANGES

"""Applies a chunk: stores its items, then their states, then changes the counts by the difference.

Statements return sums, never a row per item. Items that cannot replace others are inserted without reading old ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import lt
from typing import Any, Final

from asynctask_core import limits
from asynctask_core.states import ItemState
from asynctask_core.wire import cut_text, escape_nul
from asynctask_protos.registry.v1.ledger_service_pb2 import AppendManifestRequest
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_registry.ledger.item_results import ItemRange, dense, ranges_of
from asynctask_registry.store.faults import ContentRefused
from asynctask_registry.store.pool import Row, StoreConnection

WORDS: Final[Mapping[int, str]] = {state.number: state.value for state in ItemState}
"""States by their numbers."""

_TODO: Final = ItemState.TODO.value


class _Delta:
    """What a chunk adds to the counts, by state."""

    def __init__(self) -> None:
        self.items: Counter[str] = Counter()
        self.sizes: Counter[str] = Counter()

    def add(self, word: str, items: int, size: int) -> None:
        self.items[word] += items
        self.sizes[word] += size

    def remove(self, rows: Iterable[Row]) -> tuple[int, int]:
        """Subtract replaced rows; returns the number of their items, and the sum of their sizes."""
        items = size = 0
        for row in rows:
            self.add(row["item_status"], -row["items"], -int(row["size"]))
            items += row["items"]
            size += int(row["size"])
        return items, size


async def change_items(connection: StoreConnection, request: AppendManifestRequest) -> bool:
    """Apply a chunk under the lock of its task; returns whether more items are failed or skipped now.

    Raises:
        ContentRefused: the task has too many manifests, or its sizes add up to too much.
    """
    names: dict[str, Any] = {"task_id": request.task_id, "manifest": request.manifest}
    opened = await connection.fetch("manifest_open", reset=request.reset, most=limits.MANIFESTS, **names)
    if not opened:
        raise ContentRefused(f"a task may have at most {limits.MANIFESTS} manifests", "54000")
    names["generation"] = opened[0]["generation"]
    delta = _Delta()
    if request.items:
        await _store_items(connection, names, list(request.items), delta, is_new=request.reset)
    if request.results:
        await _change_states(connection, names, ranges_of(request.results), delta)
    _check_sum(max(delta.sizes.values(), default=0))
    (counted,) = await connection.fetch(
        "manifest_count",
        task_id=request.task_id,
        manifest=request.manifest,
        seal=request.seal,
        items=[delta.items[state.value] for state in ItemState],
        sizes=[delta.sizes[state.value] for state in ItemState],
    )
    if sum(delta.sizes.values()) > 0:  # a list that is over the bound already can still be finished
        _check_sum(counted["total_size"])
    return max(delta.items[ItemState.FAILED.value], delta.items[ItemState.SKIPPED.value]) > 0


async def _store_items(
    connection: StoreConnection,
    names: Mapping[str, Any],
    items: Sequence[ManifestItem],
    delta: _Delta,
    *,
    is_new: bool,
) -> None:
    positions = [item.position for item in items]
    if not all(map(lt, positions, positions[1:])):
        # Of several items at one position the last one counts.
        by_position = dict(zip(positions, items, strict=True))
        positions = sorted(by_position)
        items = [by_position[position] for position in positions]
    sizes = [item.size for item in items]
    values: dict[str, Any] = {
        "keys": [item.key for item in items],
        "sizes": sizes,
        "datas": [item.data_json for item in items],
    }
    words = [WORDS[item.state] for item in items]
    errors = [item.error for item in items]
    if any(errors) or words.count(_TODO) < len(words):
        for word, size in zip(words, sizes, strict=True):
            delta.add(word, 1, size)
    else:
        delta.add(_TODO, len(sizes), sum(sizes))
        first, last = positions[0], positions[-1]
        if last - first + 1 == len(positions):
            ends = [] if is_new else await connection.fetch("manifest_end", **names)
            if not ends or ends[0]["position"] < first:
                await connection.fetch("manifest_append", first=first, **values, **names)
                return
    replaced = await connection.fetch(
        "manifest_items",
        positions=positions,
        statuses=words,
        errors=[_error(text) for text in errors],
        **values,
        **names,
    )
    delta.remove(replaced)


async def _change_states(
    connection: StoreConnection, names: Mapping[str, Any], ranges: Sequence[ItemRange], delta: _Delta
) -> None:
    """Change states: neighbours by their range, single items by their positions."""
    single: list[ItemRange] = []
    plain: dict[int, list[ItemRange]] = {}
    for one in ranges:
        if one.error:
            single.append(one)
        else:
            plain.setdefault(one.state, []).append(one)
    for state, found in plain.items():
        if not dense(found):
            single += found
            continue
        before = await connection.fetch(
            "manifest_ranges",
            lowest=found[0].first,
            highest=found[-1].last,
            firsts=[one.first for one in found],
            lasts=[one.last for one in found],
            status=WORDS[state],
            **names,
        )
        delta.add(WORDS[state], *delta.remove(before))
    if single:
        single.sort()
        changed = await connection.fetch(
            "manifest_results",
            positions=[position for one in single for position in one.positions],
            statuses=[WORDS[one.state] for one in single for _ in one.positions],
            errors=[_error(one.error) for one in single for _ in one.positions],
            **names,
        )
        delta.remove(changed)
        for row in changed:
            delta.add(row["new_status"], row["items"], int(row["size"]))


def _check_sum(size: int) -> None:
    if size > limits.LARGEST_NUMBER:
        raise ContentRefused(f"the sizes of its items add up to more than {limits.LARGEST_NUMBER}", "22003")


def _error(text: str) -> str:
    return cut_text(escape_nul(text), limits.ITEM_ERROR_BYTES) if text else ""

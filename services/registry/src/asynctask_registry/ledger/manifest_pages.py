"""Pages of one manifest: the next items by position for executors, or those among the next ones that match."""

from __future__ import annotations

from typing import Any, Final

from asynctask_core import limits
from asynctask_core.states import ItemState
from asynctask_protos.registry.v1.ledger_service_pb2 import ReadManifestRequest, ReadManifestResponse
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_registry.ledger.fitting import fitting
from asynctask_registry.store.pool import Row, StoreConnection

_NUMBERS: Final = {state.value: state.number for state in ItemState}


async def page(
    connection: StoreConnection, request: ReadManifestRequest, manifest: Row
) -> ReadManifestResponse:
    """A page of a manifest, which is given as its row; a page that looks through `most` items says how far it came."""
    states = [state.value for state in map(ItemState.of, request.states) if state is not None]
    place = {
        "task_id": request.task_id,
        "manifest": manifest["manifest"],
        "generation": manifest["generation"],
        "after": request.after_position,
        "states": states or None,
        "page_bytes": limits.PAGE_BYTES,
    }
    page_size = min(request.page_size or limits.PAGE_ITEMS, limits.ITEM_PAGE)
    if request.most:
        return await _walked(connection, request, page_size, place)
    rows = await connection.fetch("manifest_read", page_size=page_size, **place)
    items = fitting([_item(row) for row in rows])
    return ReadManifestResponse(items=items, more=len(rows) == page_size or len(items) < len(rows))


async def _walked(
    connection: StoreConnection, request: ReadManifestRequest, page_size: int, place: dict[str, Any]
) -> ReadManifestResponse:
    # One more than asked for shows that there are more.
    rows = await connection.fetch(
        "manifest_walk",
        text=request.text.encode() or None,
        most=request.most,
        wanted=page_size + 1,
        **place,
    )
    matching = [row for row in rows if row["matches"]]
    items = fitting([_item(row) for row in matching[:page_size]])
    is_full = len(items) < len(matching)
    last = matching[len(items) - 1] if is_full else rows[-1] if rows else None
    return ReadManifestResponse(
        items=items,
        more=is_full or (last is not None and last["is_followed"]),
        last_position=last["position"] if last else request.after_position,
        looked_through=last["number"] if last else 0,
    )


def _item(row: Row) -> ManifestItem:
    return ManifestItem(
        position=row["position"],
        key=row["key"],
        size=row["size"],
        state=_NUMBERS[row["item_status"]],  # pyright: ignore[reportArgumentType]
        error=row["error"],
        data_json=row["data"],
    )

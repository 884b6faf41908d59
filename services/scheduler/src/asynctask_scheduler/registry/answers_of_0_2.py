"""Answers of registries of 0.2, which run beside newer schedulers during an upgrade.

They do not know the conditions that 0.3 added, and answer as if these had not been sent: a page of all lines or items
from its beginning on, without how many were looked through. Taken for an answer of 0.3, such a page would be wrong, and
would be read again and again, since it does not say where it ended.
"""

from __future__ import annotations

from asynctask_core.errors import NotReady
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb

RETRY_AFTER_MS = 1_000


def older_registry(what: str) -> NotReady:
    """The error for what a registry of an earlier release cannot do; another one may answer the next try."""
    return NotReady(
        f"the registry that answered is of an earlier release and cannot {what}; finish its upgrade",
        retry_after_ms=RETRY_AFTER_MS,
    )


def check_lines(request: pb.ListTaskLogsRequest, page: pb.ListTaskLogsResponse) -> None:
    """Raise NotReady for lines that were not chosen by the text, or not read in the direction, that was asked for."""
    if not page.lines or page.looked_through:
        return
    if request.text:
        raise older_registry("search logs")
    if request.newest_first:
        raise older_registry("read a log from its end")


def complete_items(request: pb.ReadManifestRequest, page: pb.ReadManifestResponse) -> None:
    """Say where a page of items ended. Raises NotReady for items that were not chosen by the text of the request."""
    if not page.items or not request.most or page.looked_through:
        return
    if request.text:
        raise older_registry("search items")
    page.last_position = page.items[-1].position
    page.looked_through = len(page.items)

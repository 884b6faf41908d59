"""Searches in a task's log and manifest: hits as they are found.

A search is a row of pages, each of which looks through a bounded number of rows and ends its transaction. So searches
wait like all other reads, and one whose caller goes away ends with the page that it is at.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from asynctask_core import limits
from asynctask_protos.registry.v1.ledger_service_pb2 import ListTaskLogsRequest, ReadManifestRequest
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_scheduler.api.pages import read_cursor, read_position
from asynctask_scheduler.api.tokens import RESUME_TOKEN, fingerprint, make_token, registry_reads
from asynctask_scheduler.registry.client import RegistryClient

LOG_SEARCH, ITEM_SEARCH = "s", "i"


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """How far a search has come."""

    cursor: str = ""
    """Of the page that it goes on with; empty for the first one."""
    hits: int = 0
    looked_through: int = 0

    @classmethod
    def of_token(
        cls, token: str, kind: str, bound_to: bytes, check_cursor: Callable[[str], object]
    ) -> SearchPlace:
        """Where a search with this token goes on. Raises TokenExpired, also where `check_cursor` raises ValueError."""

        def parse(text: str) -> SearchPlace:
            cursor, hits, looked_through = text.split("/")
            if cursor:
                check_cursor(cursor)
            return cls(cursor, read_position(hits), read_position(looked_through))

        return read_cursor(token, kind, bound_to, parse, field=RESUME_TOKEN) if token else cls()

    def token(self, kind: str, bound_to: bytes) -> str:
        """The token that leads back to here."""
        return make_token(kind, bound_to, f"{self.cursor}/{self.hits}/{self.looked_through}")

    def after(self, cursor: str, hits: int, looked_through: int) -> SearchPlace:
        """The place behind one more page."""
        return SearchPlace(cursor, self.hits + hits, self.looked_through + looked_through)


def items_of(request: pb.ListManifestItemsRequest | pb.SearchManifestItemsRequest) -> bytes:
    """Which items a request asks for: what its tokens are bound to."""
    text = ("text", request.text) if request.text else ()
    return fingerprint(request.task_id, request.manifest, *request.states, *text)


async def search_logs(
    registry: RegistryClient, task_id: bytes, request: pb.SearchTaskLogsRequest
) -> AsyncIterator[pb.SearchTaskLogsResponse]:
    """Yield a message for each page of the log, also for one without hits, to show how far the search has come.

    Raises:
        TokenExpired: the token was made for another search.
    """
    bound_to = fingerprint(request.task_id, request.stage, request.min_level, request.text)
    place = SearchPlace.of_token(request.resume_token, LOG_SEARCH, bound_to, str)
    most = place.hits + limits.SEARCH_HITS
    more = True
    while more and place.hits < most:
        with registry_reads(request.resume_token, RESUME_TOKEN):
            page = await registry.list_logs(
                ListTaskLogsRequest(
                    task_id=task_id,
                    stage=request.stage,
                    min_level=request.min_level,
                    text=request.text,
                    page_size=min(limits.PAGE_ITEMS, most - place.hits),
                    cursor=place.cursor,
                )
            )
        hits = [pb.LogHit(number=number, line=line) for number, line in enumerate(page.lines, place.hits + 1)]
        place, more = place.after(page.cursor, len(hits), page.looked_through), page.more
        yield pb.SearchTaskLogsResponse(
            hits=hits,
            looked_through=place.looked_through,
            has_more=more and place.hits == most,
            resume_token=place.token(LOG_SEARCH, bound_to),
        )


async def search_items(
    registry: RegistryClient, task_id: bytes, request: pb.SearchManifestItemsRequest
) -> AsyncIterator[pb.SearchManifestItemsResponse]:
    """The same for the items of a manifest.

    Raises:
        TokenExpired: the token was made for another search.
    """
    bound_to = items_of(request)
    place = SearchPlace.of_token(request.resume_token, ITEM_SEARCH, bound_to, read_position)
    most = place.hits + limits.SEARCH_HITS
    more = True
    while more and place.hits < most:
        page = await registry.read_manifest(
            ReadManifestRequest(
                task_id=task_id,
                manifest=request.manifest,
                states=request.states,
                text=request.text,
                page_size=min(limits.PAGE_ITEMS, most - place.hits),
                after_position=read_position(place.cursor) if place.cursor else -1,
                most=limits.WALKED_ROWS,
            )
        )
        hits = [
            pb.ItemHit(number=number, item=item) for number, item in enumerate(page.items, place.hits + 1)
        ]
        cursor = str(page.last_position) if page.looked_through else place.cursor
        place, more = place.after(cursor, len(hits), page.looked_through), page.more
        yield pb.SearchManifestItemsResponse(
            hits=hits,
            looked_through=place.looked_through,
            has_more=more and place.hits == most,
            resume_token=place.token(ITEM_SEARCH, bound_to),
        )

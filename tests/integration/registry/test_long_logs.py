"""A log or manifest of any length: pages from either end cost the same, and no call looks through all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from asynctask_core import limits
from asynctask_core.ids import id_text
from asynctask_core.states import ItemState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_protos.task.v1.task_pb2 import LogLine
from asynctask_registry.ledger import logs, manifest
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store.pool import READS, StoreConnection
from asynctask_registry.store.statements import QUERIES
from tests.integration.registry.kit import connected, end, number, restarted, started
from tests.integration.registry.plans import nodes

LONG = 60_000
DONE, FAILED = number(ItemState.DONE), number(ItemState.FAILED)


async def write(ledger: Ledger, task_id: bytes, attempt_id: bytes, *messages: str, level: int = 20) -> None:
    lines = [
        LogLine(sequence=at, message=text, level=level, stage="compare")  # pyright: ignore[reportArgumentType]
        for at, text in enumerate(messages, 1)
    ]
    await logs.append(ledger.hot, task_id, attempt_id, lines)


async def page(ledger: Ledger, task_id: bytes, **fields: Any) -> pb.ListTaskLogsResponse:
    return await logs.page(ledger.reads, pb.ListTaskLogsRequest(task_id=task_id, **fields))


def messages(found: pb.ListTaskLogsResponse) -> list[str]:
    return [line.message for line in found.lines]


async def test_log_is_read_backwards_over_attempts(ledger: Ledger) -> None:
    task_id, first = await started(ledger)
    await write(ledger, task_id, first, *(f"a{at}" for at in range(1, 6)))
    await end(ledger, task_id, first)
    await write(ledger, task_id, await restarted(ledger, task_id), "b1", "b2")
    seen: list[str] = []
    cursor, more = "", True
    while more:
        found = await page(ledger, task_id, newest_first=True, page_size=3, cursor=cursor)
        cursor, more = found.cursor, found.more
        seen += messages(found)
    assert seen == ["b2", "b1", "a5", "a4", "a3", "a2", "a1"]
    newest = (await page(ledger, task_id, newest_first=True, page_size=1)).first_cursor
    assert messages(await page(ledger, task_id, cursor=newest)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DISK", ["Disk full", "disk_1 is 100% full"]),
        ("100%", ["disk_1 is 100% full"]),
        ("k_1", ["disk_1 is 100% full"]),
    ],
)
async def test_lines_are_found_by_a_text_letter_for_letter(
    ledger: Ledger, text: str, expected: list[str]
) -> None:
    """Fails when signs of a pattern stand for other letters, or when the case of letters matters."""
    task_id, attempt_id = await started(ledger)
    await write(
        ledger, task_id, attempt_id, "Disk full", "diks1 are 1000 full", "disk_1 is 100% full", "other"
    )
    assert messages(await page(ledger, task_id, text=text)) == expected


async def test_one_call_looks_through_a_bounded_part_and_says_where_to_go_on(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a search for a text that is nowhere reads the whole log in one call, or misses the last line."""
    monkeypatch.setattr(limits, "WALKED_ROWS", 10)
    task_id, attempt_id = await started(ledger)
    await write(ledger, task_id, attempt_id, *(f"line {at}" for at in range(1, 25)), "needle")
    for newest_first, pages in ((False, [0, 0, 1]), (True, [1, 0, 0])):
        found = await page(ledger, task_id, text="needle", newest_first=newest_first)
        hits, looked_through = [len(found.lines)], found.looked_through
        while found.more:
            found = await page(ledger, task_id, text="needle", newest_first=newest_first, cursor=found.cursor)
            hits.append(len(found.lines))
            looked_through += found.looked_through
        assert (hits, looked_through) == (pages, 25)


async def test_pages_that_are_full_and_pages_that_looked_far_enough_do_not_overlap(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WALKED_ROWS", 7)
    task_id, attempt_id = await started(ledger)
    wanted = [f"line {at}{' x' * (at % 3 != 1)}" for at in range(1, 41)]
    await write(ledger, task_id, attempt_id, *wanted)
    for page_size in (1, 2, 3, 4, 5, 6, 7, 8):
        for newest_first in (False, True):
            seen: list[str] = []
            cursor, more = "", True
            while more:
                found = await page(
                    ledger, task_id, text="x", page_size=page_size, newest_first=newest_first, cursor=cursor
                )
                cursor, more = found.cursor, found.more
                seen += messages(found)
            expected = [one for one in wanted if "x" in one]
            assert seen == (expected[::-1] if newest_first else expected), (page_size, newest_first)


async def test_page_at_the_end_of_a_long_log_costs_what_one_at_its_beginning_costs(
    postgres_url: str, ledger: Ledger
) -> None:
    task_id, attempt_id = await started(ledger)
    async with connected(postgres_url) as connection:
        await connection.execute(
            "INSERT INTO task_logs SELECT $1, $2, n, now(), 20, 'compare', 'l', 'line ' || n "
            f"FROM generate_series(1, {LONG}) AS n",
            task_id,
            attempt_id,
        )
        await connection.execute("ANALYZE task_logs")
        for setting, value in READS.items():
            await connection.execute(f"SET {setting} = {value}")
        given = {
            "task_id": f"'{id_text(task_id)}'",
            "stage": "NULL",
            "min_level": "0",
            "text": "NULL",
            "most": f"{limits.WALKED_ROWS}",
            "page_bytes": f"{limits.PAGE_BYTES}",
            "wanted": "502",
        }
        begin = {"after_attempt": f"'{id_text(bytes(16))}'", "after_sequence": "0"}
        middle = {"after_attempt": f"'{id_text(attempt_id)}'", "after_sequence": f"{LONG // 2}"}
        end_ = {
            "before_attempt": f"'{id_text(bytes([255] * 16))}'",
            "before_sequence": f"{limits.LARGEST_NUMBER}",
        }
        costs = [
            await _blocks(connection, "log_list", given | begin),
            await _blocks(connection, "log_list", given | middle),
            await _blocks(connection, "log_list_back", given | end_),
        ]
    assert max(costs) <= 2 * min(costs) + 20, costs


async def _blocks(connection: asyncpg.Connection[asyncpg.Record], name: str, given: Mapping[str, str]) -> int:
    """Blocks that a statement reads, which must go along the key."""
    statement = QUERIES[name]
    values = ", ".join(given[param] for param in statement.params)
    handle = f"{name}_{abs(hash(values))}"
    await connection.execute(f"PREPARE {handle} AS {statement.text}")
    (found,) = json.loads(
        await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE {handle} ({values})")
    )
    scans = [node for node in nodes(found["Plan"]) if node.get("Relation Name", "").startswith("task_logs")]
    assert scans
    assert all(node["Index Name"].endswith("_pkey") for node in scans), scans
    assert not any(node["Node Type"] == "Sort" for node in nodes(found["Plan"]))
    return found["Plan"]["Shared Hit Blocks"] + found["Plan"]["Shared Read Blocks"]


@pytest.fixture
def fetched_bytes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pages end at 10,000 bytes; gives how large the texts are that each statement with a page brought."""
    monkeypatch.setattr(limits, "PAGE_BYTES", 10_000)
    sizes: list[int] = []
    fetch = StoreConnection.fetch

    async def measured(session: StoreConnection, name: str, /, **values: Any) -> list[Any]:
        rows = await fetch(session, name, **values)
        if "page_bytes" in values and name != "type_list":
            texts = (value for row in rows for value in row.values() if isinstance(value, str | bytes))
            sizes.append(sum(map(len, texts)))
        return rows

    monkeypatch.setattr(StoreConnection, "fetch", measured)
    return sizes


@pytest.mark.parametrize("fields", [{}, {"newest_first": True}, {"text": "x"}, {"text": "nowhere"}], ids=str)
async def test_page_of_long_lines_brings_no_more_from_postgres_than_it_holds(
    ledger: Ledger, fetched_bytes: list[int], fields: dict[str, Any]
) -> None:
    """Fails when the registry reads thousands of the longest lines to send the few that fit into a message."""
    task_id, attempt_id = await started(ledger)
    wanted = [f"{at:03} {'x' * 1_000}" for at in range(100)]
    await write(ledger, task_id, attempt_id, *wanted)
    seen: list[str] = []
    cursor, more, looked_through = "", True, 0
    while more:
        found = await page(ledger, task_id, page_size=1000, cursor=cursor, **fields)
        cursor, more = found.cursor, found.more
        seen += messages(found)
        looked_through += found.looked_through
    assert looked_through == 100
    expected = [] if fields.get("text") == "nowhere" else wanted
    assert seen == (expected[::-1] if fields.get("newest_first") else expected)
    assert len(fetched_bytes) >= 10
    assert max(fetched_bytes) <= 12_000


async def keep(ledger: Ledger, task_id: bytes, attempt_id: bytes, items: list[ManifestItem]) -> None:
    chunk = pb.AppendManifestRequest(
        task_id=task_id, attempt_id=attempt_id, chunk=1, manifest="files", items=items
    )
    await manifest.append(ledger.hot, chunk)


async def walk(ledger: Ledger, task_id: bytes, **fields: Any) -> tuple[list[list[int]], int]:
    """Positions by page, and how many items were looked through."""
    pages: list[list[int]] = []
    after, looked_through, more = -1, 0, True
    while more:
        request = pb.ReadManifestRequest(task_id=task_id, after_position=after, **fields)
        found = await manifest.read(ledger.reads, request)
        pages.append([item.position for item in found.items])
        after, more = found.last_position, found.more
        looked_through += found.looked_through
    return pages, looked_through


async def test_page_of_large_items_brings_no_more_from_postgres_than_it_holds(
    ledger: Ledger, fetched_bytes: list[int]
) -> None:
    """Fails when the registry reads thousands of the largest items, for people or for executors."""
    task_id, attempt_id = await started(ledger)
    items = [
        ManifestItem(position=at, key=b"k" * 400, error="e" * 300, data_json=f'"{"d" * 298}"', state=FAILED)
        for at in range(100)
    ]
    await keep(ledger, task_id, attempt_id, items)
    pages, looked_through = await walk(ledger, task_id, most=1000, page_size=1000)
    assert [one for page in pages for one in page] == [*range(100)]
    assert looked_through == 100
    read: list[int] = []
    more = True
    while more:
        request = pb.ReadManifestRequest(
            task_id=task_id, after_position=read[-1] if read else -1, page_size=1000
        )
        found = await manifest.read(ledger.reads, request)
        read += [item.position for item in found.items]
        more = found.more
    assert read == [*range(100)]
    assert len(fetched_bytes) >= 20
    assert max(fetched_bytes) <= 12_000


async def test_items_are_found_by_a_part_of_their_key(ledger: Ledger) -> None:
    """Fails when a key that is no UTF-8, or has a NUL or signs of patterns, breaks the search or matches wrongly."""
    keys = [
        b"photos/Summer 100%.jpg",
        b"\xff\xe9t\xe9.txt",
        "été/SUMMER.txt".encode(),
        b"a\x00summer",
        b"303\\251",
        b"x",
    ]
    task_id, attempt_id = await started(ledger)
    items = [
        ManifestItem(position=at, key=key, state=FAILED if at % 2 else DONE) for at, key in enumerate(keys)
    ]
    await keep(ledger, task_id, attempt_id, items)

    async def found(text: str, **fields: Any) -> list[int]:
        pages, _ = await walk(ledger, task_id, most=100, text=text, **fields)
        return [position for one in pages for position in one]

    assert await found("summer") == [0, 2, 3]
    assert await found("summer", states=[FAILED]) == [3]
    assert await found("0%") == [0]
    assert await found("été") == [2]
    assert await found("303") == [4]
    assert await found("_") == []


async def test_walk_through_a_manifest_is_bounded_and_complete(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    items = [
        ManifestItem(position=at * 2, key=f"f{at}".encode(), state=FAILED if at in (3, 24) else DONE)
        for at in range(25)
    ]
    await keep(ledger, task_id, attempt_id, items)
    assert await walk(ledger, task_id, most=10, states=[FAILED]) == ([[6], [], [48]], 25)
    for page_size in (1, 2, 5, 9, 10, 11):
        pages, looked_through = await walk(ledger, task_id, most=10, page_size=page_size)
        assert [one for page in pages for one in page] == [at * 2 for at in range(25)]
        assert looked_through == 25

"""Manifests: chunks in order, counts right at every commit, pages by position."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.errors import AttemptSuperseded, InvalidInput, RefusedByStore, TaskNotFound
from asynctask_core.ids import new_id
from asynctask_core.states import ItemState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1 import work_pb2 as work
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem, ManifestSummary
from asynctask_protos.task.v1.work_pb2 import ItemResult
from asynctask_registry.ledger import housekeeping, manifest
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import (
    checkpoint,
    connected,
    end,
    number,
    record,
    restarted,
    started,
    success,
)

T, D, F, S = (
    number(state) for state in (ItemState.TODO, ItemState.DONE, ItemState.FAILED, ItemState.SKIPPED)
)


def items(*positions: int, size: int = 10, state: Any = T) -> list[ManifestItem]:
    return [
        ManifestItem(position=position, key=f"f{position}".encode() + b"\xff", size=size, state=state)
        for position in positions
    ]


async def append(ledger: Ledger, pair: tuple[bytes, bytes], chunk: int, **fields: Any) -> tuple[int, int]:
    values: dict[str, Any] = {"manifest": "files"} | fields
    return await manifest.append(
        ledger.hot, pb.AppendManifestRequest(task_id=pair[0], attempt_id=pair[1], chunk=chunk, **values)
    )


async def read(
    ledger: Ledger, task_id: bytes, **fields: Any
) -> tuple[Sequence[ManifestItem], Sequence[ManifestSummary]]:
    values: dict[str, Any] = {"manifest": "files", "after_position": -1, "with_summary": True} | fields
    page = await manifest.read(ledger.reads, pb.ReadManifestRequest(task_id=task_id, **values))
    return page.items, page.summaries


async def counts(ledger: Ledger, task_id: bytes) -> dict[str, tuple[int, int]]:
    _, (summary,) = await read(ledger, task_id)
    return {str(ItemState.of(count.state)): (count.items, count.size) for count in summary.counts}


async def positions(ledger: Ledger, task_id: bytes, *states: Any) -> Sequence[int]:
    found, _ = await read(ledger, task_id, states=states)
    return [item.position for item in found]


async def test_items_are_read_back_by_position_with_their_states(ledger: Ledger) -> None:
    pair = await started(ledger)
    assert await append(ledger, pair, 1, items=items(2, 0, 1)) == (1, work.EVENT_VERDICT_APPLIED)
    results = [
        ItemResult(position=0, state=D),
        ItemResult(position=2, state=F, error="locked\x00"),
        ItemResult(position=99, state=D),
    ]
    await append(ledger, pair, 2, results=results, seal=True)
    found, (summary,) = await read(ledger, pair[0])
    assert [(item.position, item.state, item.error) for item in found] == [
        (0, D, ""),
        (1, T, ""),
        (2, F, "locked\\0"),
    ]
    assert found[0].key == b"f0\xff"
    assert summary.sealed
    assert await counts(ledger, pair[0]) == {"todo": (1, 10), "done": (1, 10), "failed": (1, 10)}
    assert await positions(ledger, pair[0], T, F) == [1, 2]


async def test_pages_go_on_after_the_last_position(ledger: Ledger) -> None:
    pair = await started(ledger)
    await append(ledger, pair, 1, items=items(*range(25)))
    seen: list[int] = []
    while True:
        page, _ = await read(ledger, pair[0], after_position=seen[-1] if seen else -1, page_size=10)
        seen += [item.position for item in page]
        if len(page) < 10:
            break
    assert seen == list(range(25))


async def test_chunks_are_taken_in_order_and_once(ledger: Ledger) -> None:
    """Law 3. Broken once on purpose: without the answer GAP in manifest.py a later chunk hides that an earlier one was
    never stored, and this fails."""
    pair = await started(ledger)
    assert await append(ledger, pair, 2, items=items(5)) == (0, work.EVENT_VERDICT_GAP)
    await append(ledger, pair, 1, items=items(0, 1))
    assert await append(ledger, pair, 1, items=items(7, 8)) == (1, work.EVENT_VERDICT_DUPLICATE)
    assert await positions(ledger, pair[0]) == [0, 1]
    await append(ledger, pair, 2, items=items(5))
    (answer,) = await record(ledger, checkpoint(*pair, 1, after_chunk=2))
    assert answer.acks[0].verdict == work.EVENT_VERDICT_APPLIED
    (answer,) = await record(ledger, success(*pair, 2, after_chunk=2))
    assert answer.acks[0].verdict == work.EVENT_VERDICT_APPLIED
    assert await append(ledger, pair, 2, items=items(5)) == (2, work.EVENT_VERDICT_DUPLICATE)


async def test_chunk_of_an_older_attempt_changes_nothing(ledger: Ledger) -> None:
    """Law 2 and 3. Broken once on purpose: without the attempt's check in manifest.py this fails."""
    old = await started(ledger)
    await append(ledger, old, 1, items=items(0, 1))
    await end(ledger, *old)
    new = (old[0], await restarted(ledger, old[0]))
    assert (await append(ledger, old, 2, results=[ItemResult(position=0, state=D)]))[
        1
    ] == work.EVENT_VERDICT_SUPERSEDED
    assert await positions(ledger, old[0], T) == [0, 1]
    assert await append(ledger, new, 1, results=[ItemResult(position=0, state=D)]) == (
        1,
        work.EVENT_VERDICT_APPLIED,
    )
    with pytest.raises(AttemptSuperseded):
        await read(ledger, old[0], attempt_id=old[1])
    found, _ = await read(ledger, old[0], attempt_id=new[1], states=[T])
    assert [item.position for item in found] == [1]


async def test_counts_follow_replacements_and_repeated_results(ledger: Ledger) -> None:
    pair = await started(ledger)
    await append(ledger, pair, 1, items=items(0, 1, 2, size=10))
    await append(ledger, pair, 2, items=items(1, size=50), results=[ItemResult(position=1, state=S)])
    await append(ledger, pair, 3, results=[ItemResult(position=1, state=D), ItemResult(position=1, state=F)])
    await append(ledger, pair, 4, results=[ItemResult(position=1, state=F)])
    assert await counts(ledger, pair[0]) == {"todo": (2, 20), "failed": (1, 50)}


async def test_ranges_change_what_their_single_results_would(ledger: Ledger) -> None:
    """Law 3. Fails when a range marks an item between two ranges, or one that a later result speaks of."""
    pair = await started(ledger)
    draw = random.Random(11)
    listed = [position for position in range(120) if position % 17]
    for chunk, name in enumerate(("ranges", "single"), 1):
        sizes = [item for position in listed for item in items(position, size=position + 1)]
        await append(ledger, pair, chunk, manifest=name, items=sizes)
    chunk = 3
    for spread in (1, 1, 1, 30, 30, 30):
        told = [
            ItemResult(position=0, last_position=3, state=D),
            ItemResult(position=8, last_position=12, state=D),
        ]
        for _ in range(draw.randrange(6) if chunk > 3 else 0):
            first = draw.randrange(0, 125, spread)
            last = draw.choice((0, first, first + draw.randrange(25)))
            state = draw.choice((D, D, F, S, T))
            error = "" if last else draw.choice(("", "broken"))
            told.append(ItemResult(position=first, last_position=last, state=state, error=error))
        if draw.random() < 0.5:
            told.sort(key=lambda result: result.position)
        single = [
            ItemResult(position=position, state=one.state, error=one.error)
            for one in told
            for position in range(one.position, (one.last_position or one.position) + 1)
        ]
        await append(ledger, pair, chunk, manifest="ranges", results=told)
        await append(ledger, pair, chunk + 1, manifest="single", results=single)
        chunk += 2
        assert await read(ledger, pair[0], manifest="ranges", with_summary=False) == await read(
            ledger, pair[0], manifest="single", with_summary=False
        )
        found, (summary,) = await read(ledger, pair[0], manifest="ranges")
        counted = {one.state: (one.items, one.size) for one in summary.counts}
        for state in {item.state for item in found} | set(counted):
            sizes = [item.size for item in found if item.state == state]
            assert counted.get(state, (0, 0)) == (len(sizes), sum(sizes))


async def test_item_that_takes_the_place_of_the_last_one_is_counted_once(ledger: Ledger) -> None:
    pair = await started(ledger)
    await append(ledger, pair, 1, items=items(0, 1, 2, size=10))
    await append(ledger, pair, 2, items=items(2, 3, size=50))
    await append(ledger, pair, 3, items=items(7, 5, 5, size=1))
    await append(ledger, pair, 4, items=items(4, 6, size=1))
    assert await counts(ledger, pair[0]) == {"todo": (8, 124)}
    assert await positions(ledger, pair[0]) == list(range(8))


async def test_reset_begins_the_list_anew_at_once_and_old_items_go_in_the_background(
    postgres_url: str, ledger: Ledger
) -> None:
    pair = await started(ledger)
    await append(ledger, pair, 1, items=items(*range(50)), seal=True)
    await append(ledger, pair, 2, items=items(0), reset=True)
    found, (summary,) = await read(ledger, pair[0])
    assert [item.position for item in found] == [0]
    assert not summary.sealed
    assert await counts(ledger, pair[0]) == {"todo": (1, 10)}
    await append(ledger, pair, 3, reset=True, seal=True)
    assert await counts(ledger, pair[0]) == {}
    keeper = housekeeping.Housekeeper(ledger.hot)
    while (await keeper.run_once()).more:
        pass
    async with connected(postgres_url) as connection:
        left = "SELECT count(*) FROM task_manifest_items WHERE task_id = $1"
        assert await connection.fetchval(left, pair[0]) == 0
    await append(ledger, pair, 4, items=items(3))
    assert await positions(ledger, pair[0]) == [3]
    await append(ledger, pair, 5, items=items(7), reset=True)
    while (await keeper.run_once()).more:
        pass
    assert await positions(ledger, pair[0]) == [7]


async def test_item_that_cannot_be_kept_refuses_its_chunk_and_changes_nothing(ledger: Ledger) -> None:
    pair = await started(ledger)
    bad = items(0, 1)
    bad[1].data_json = '"\x00"'
    with pytest.raises(RefusedByStore):
        await append(ledger, pair, 1, items=bad)
    assert await append(ledger, pair, 1, items=items(0)) == (1, work.EVENT_VERDICT_APPLIED)
    assert await counts(ledger, pair[0]) == {"todo": (1, 10)}


async def test_item_without_a_state_is_refused(ledger: Ledger) -> None:
    pair = await started(ledger)
    with pytest.raises(InvalidInput, match=r"items\[1\]\.state"):
        await append(ledger, pair, 1, items=[*items(0), ManifestItem(position=1)])


async def test_manifest_need_not_be_named_when_there_is_one(ledger: Ledger) -> None:
    pair = await started(ledger)
    assert await read(ledger, pair[0], manifest="") == ([], [])
    await append(ledger, pair, 1, items=items(0))
    found, _ = await read(ledger, pair[0], manifest="")
    assert len(found) == 1
    await append(ledger, pair, 2, items=items(0), manifest="folders")
    found, summaries = await read(ledger, pair[0], manifest="")
    assert (found, [summary.manifest for summary in summaries]) == ([], ["files", "folders"])
    with pytest.raises(InvalidInput, match="files, folders"):
        await read(ledger, pair[0], manifest="", with_summary=False)


async def test_of_several_manifests_the_one_called_items_is_read_by_default(ledger: Ledger) -> None:
    pair = await started(ledger)
    await append(ledger, pair, 1, items=items(0), manifest="changes")
    await append(ledger, pair, 2, items=items(0, 1), manifest="items")
    found, summaries = await read(ledger, pair[0], manifest="")
    assert (len(found), len(summaries)) == (2, 2)


async def test_unknown_task_is_not_found(ledger: Ledger) -> None:
    with pytest.raises(TaskNotFound):
        await read(ledger, new_id())
    assert (await append(ledger, (new_id(), new_id()), 1))[1] == work.EVENT_VERDICT_SUPERSEDED


async def test_chunks_sent_twice_at_once_are_stored_once(ledger: Ledger) -> None:
    pair = await started(ledger)
    for chunk in range(1, 6):
        answers = await asyncio.gather(*(append(ledger, pair, chunk, items=items(chunk)) for _ in range(4)))
        assert [verdict for _, verdict in answers].count(work.EVENT_VERDICT_APPLIED) == 1
    assert await counts(ledger, pair[0]) == {"todo": (5, 50)}


async def test_sizes_never_add_up_to_more_than_every_reader_can_hold(ledger: Ledger) -> None:
    """Fails when the sum is kept: no message can carry it, so nobody could read the task any more."""
    task_id, attempt_id = await started(ledger)

    def chunk(chunk: int, first: int, count: int, size: int) -> pb.AppendManifestRequest:
        return pb.AppendManifestRequest(
            task_id=task_id,
            attempt_id=attempt_id,
            chunk=chunk,
            manifest="items",
            items=items(*range(first, first + count), size=size),
        )

    await manifest.append(ledger.bulk, chunk(1, 0, 2, limits.LARGEST_NUMBER // 2))
    with pytest.raises(RefusedByStore, match="add up to more than"):
        await manifest.append(ledger.bulk, chunk(2, 2, 2000, limits.LARGEST_NUMBER))
    with pytest.raises(RefusedByStore, match="add up to more than"):
        await manifest.append(ledger.bulk, chunk(2, 2, 1, 2))
    last, verdict = await manifest.append(ledger.bulk, chunk(2, 2, 1, 1))
    assert (last, verdict) == (2, work.EVENT_VERDICT_APPLIED)


async def test_sizes_of_all_states_together_stay_what_every_reader_can_hold(ledger: Ledger) -> None:
    """Fails when each state has the bound for itself: a handler's progress, their total, is over every reader's."""
    pair = await started(ledger)
    half = limits.LARGEST_NUMBER // 2
    for chunk, state in enumerate((T, D), 1):
        await append(ledger, pair, chunk, items=items(chunk, size=half, state=state))
    with pytest.raises(RefusedByStore, match="add up to more than"):
        await append(ledger, pair, 3, items=items(3, size=2, state=F))
    # What only changes its state adds nothing.
    await append(ledger, pair, 3, items=items(3, size=1, state=F), results=[ItemResult(position=1, state=S)])
    assert await counts(ledger, pair[0]) == {"done": (1, half), "failed": (1, 1), "skipped": (1, half)}


async def test_manifests_of_a_task_have_a_bound(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a handler may give each file a manifest of its own: every view of the task shows all of them."""
    monkeypatch.setattr(limits, "MANIFESTS", 2)
    pair = await started(ledger)
    await append(ledger, pair, 1, manifest="one", items=items(0))
    await append(ledger, pair, 2, manifest="two", items=items(0))
    with pytest.raises(RefusedByStore, match="at most 2 manifests"):
        await append(ledger, pair, 3, manifest="three", items=items(0))
    assert await append(ledger, pair, 3, manifest="two", items=items(1)) == (3, work.EVENT_VERDICT_APPLIED)

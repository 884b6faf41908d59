"""The feed of changes misses nothing, in any order of commits."""

from __future__ import annotations

import asyncio

import pytest

from asynctask_core.errors import TokenExpired
from asynctask_core.ids import id_text
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.ledger import manifest
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import checkpoint, command, connected, created, record, restarted, started

CHANGE = "UPDATE tasks SET version = version + 1, change_xid = pg_current_xact_id() WHERE task_id = $1"


async def changes(ledger: Ledger, token: str, page_size: int = 1000) -> tuple[dict[str, int], str]:
    """Every change up to now: the latest version of each task, and the token to go on from."""
    seen: dict[str, int] = {}
    more = True
    while more:
        tasks, token, more = await ledger.changes.page(token, page_size=page_size)
        for task in tasks:
            seen[task.task_id] = max(task.version, seen.get(task.task_id, 0))
    return seen, token


async def present(ledger: Ledger) -> str:
    _, token, more = await ledger.changes.page("")
    assert not more
    return token


async def test_changes_after_a_token_are_answered(ledger: Ledger) -> None:
    (before,) = await created(ledger)
    token = await present(ledger)
    (after,) = await created(ledger)
    await command(ledger, before, pb.COMMAND_KIND_PAUSE)
    seen, token = await changes(ledger, token)
    assert {key: seen[key] for key in (id_text(before), id_text(after))} == {
        id_text(before): 2,
        id_text(after): 1,
    }
    await restarted(ledger, after)
    seen, _ = await changes(ledger, token)
    assert seen[id_text(after)] == 2


async def test_quiet_feed_answers_nothing_for_ever(ledger: Ledger) -> None:
    _, token = await changes(ledger, await present(ledger))
    for _ in range(3):
        seen, token = await changes(ledger, token)
        assert seen == {}


async def test_checkpoints_and_chunks_do_not_disturb_watchers(ledger: Ledger) -> None:
    pair = await started(ledger)
    _, token = await changes(ledger, await present(ledger))
    await record(ledger, checkpoint(*pair, 1))
    chunk = pb.AppendManifestRequest(task_id=pair[0], attempt_id=pair[1], chunk=1, manifest="files")
    await manifest.append(ledger.hot, chunk)
    seen, _ = await changes(ledger, token)
    assert seen == {}


async def test_change_that_commits_after_later_ones_is_not_missed(postgres_url: str, ledger: Ledger) -> None:
    """Law 4. Broken once on purpose: with the highest seen transaction as the token, the early one is missed."""
    early, late = await created(ledger, 2)
    token = await present(ledger)
    async with connected(postgres_url) as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute(CHANGE, early)  # takes the lower transaction id, and commits last
        async with connected(postgres_url) as quick:
            await quick.execute(CHANGE, late)
        seen, token = await changes(ledger, token)
        assert (id_text(late) in seen, id_text(early) in seen) == (True, False)
        await transaction.commit()
    seen, token = await changes(ledger, token)
    assert seen[id_text(early)] == 2
    seen, _ = await changes(ledger, token)
    assert seen == {}


async def test_reader_beside_many_writers_sees_every_last_version(postgres_url: str, ledger: Ledger) -> None:
    ids = await created(ledger, 40)
    token = await present(ledger)
    is_over = asyncio.Event()

    async def write(number: int) -> None:
        async with connected(postgres_url) as connection:
            for turn in range(8):
                async with connection.transaction():
                    for task_id in ids[number::4]:
                        await connection.execute(CHANGE, task_id)
                        await asyncio.sleep(0.001 * (turn % 3))

    async def follow(token: str) -> tuple[dict[str, int], str]:
        seen: dict[str, int] = {}
        while not is_over.is_set():
            news, token = await changes(ledger, token, page_size=7)
            seen |= news
        return seen, token

    follower = asyncio.create_task(follow(token))
    await asyncio.gather(*(write(number) for number in range(4)))
    is_over.set()
    seen, token = await follower
    news, _ = await changes(ledger, token)
    seen |= news
    assert {seen[id_text(task_id)] for task_id in ids} == {9}


async def test_pages_cut_one_transaction_without_loss(ledger: Ledger) -> None:
    """Law 4. Broken once on purpose: with a page's position that leaves out the id, the rest of a transaction is missed
    and this fails."""
    token = await present(ledger)
    ids = await created(ledger, 50)
    seen, _ = await changes(ledger, token, page_size=7)
    assert {id_text(task_id) for task_id in ids} <= seen.keys()


@pytest.mark.parametrize("token", ["x", "1:2", "1:2:3:4:5", "::", "1:2:3"])
async def test_token_of_something_else_is_refused(ledger: Ledger, token: str) -> None:
    with pytest.raises(TokenExpired):
        await ledger.changes.page(token)


async def test_token_of_the_future_is_refused(ledger: Ledger) -> None:
    system, base = (await present(ledger)).split(":")
    with pytest.raises(TokenExpired):
        await ledger.changes.page(f"{system}:{int(base) + 1_000_000_000}")

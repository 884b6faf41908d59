"""A store that lost everything, until it is rebuilt."""

from __future__ import annotations

from asynctask_core.ids import new_id
from asynctask_scheduler.queue.answers import SessionVerdict
from tests.contract.queue.lab import LANE, Bench


async def test_flushed_store_hands_out_nothing_until_it_is_rebuilt(bench: Bench) -> None:
    """Laws 2 and 6. Broken once on purpose: with lease.lua not looking for the marker this fails."""
    session = await bench.open()
    await bench.lab.flush()
    session = await bench.open()
    await bench.ready()
    assert (await bench.queue.lease("e1", session, 5, [LANE], [new_id()])).verdict is SessionVerdict.NO_MARKER
    rebuild = await bench.queue.begin_rebuild()
    assert rebuild
    assert await bench.queue.finish_rebuild(rebuild)
    assert len(await bench.take(session)) == 1


async def test_rebuilt_store_needs_no_rebuild(bench: Bench) -> None:
    assert await bench.queue.begin_rebuild() is None
    state = await bench.queue.store_state()
    assert (state.marked, state.loaded, state.cursor) == (True, False, "")


async def test_store_that_is_emptied_under_a_rebuild_is_not_marked_by_it(bench: Bench) -> None:
    """Fails when: finish_rebuild.lua only compares the ids of the server."""
    await bench.lab.flush()
    rebuild = await bench.queue.begin_rebuild()
    assert rebuild
    await bench.lab.flush()
    assert not await bench.queue.finish_rebuild(rebuild)
    assert not (await bench.queue.store_state()).marked


async def test_two_rebuilds_at_once_are_both_fine(bench: Bench) -> None:
    await bench.lab.flush()
    other = await bench.lab.replica()
    first, second = await bench.queue.begin_rebuild(), await other.begin_rebuild()
    assert first
    assert second
    assert await bench.queue.finish_rebuild(first)
    assert await bench.queue.save_cursor(first.token, "at 5", loaded=False)
    assert await other.finish_rebuild(second)
    assert (await bench.queue.store_state()).cursor == "at 5"


async def test_pop_says_of_which_rebuild_its_store_is_and_a_loss_makes_another(bench: Bench) -> None:
    """Law 6. Broken once on purpose: with a rebuild leaving the token as it was, so that what was popped before a
    loss is believed, this fails."""
    session = await bench.open()
    await bench.ready(count=2)
    assert (
        await bench.queue.lease("e1", session, 5, [LANE], [new_id()])
    ).rebuild_token == ""  # nothing is limited
    await bench.limit(noop=3)
    popped = await bench.queue.lease("e1", session, 5, [LANE], [new_id()])
    assert popped.rebuild_token
    assert await bench.queue.rebuild_token() == popped.rebuild_token
    assert await bench.queue.begin_rebuild() is None
    assert await bench.queue.rebuild_token() == popped.rebuild_token
    for lose in (bench.lab.flush, bench.lab.unmark):
        before = await bench.queue.rebuild_token()
        await lose()
        rebuild = await bench.queue.begin_rebuild()
        assert rebuild
        assert await bench.queue.rebuild_token() == ""
        assert await bench.queue.finish_rebuild(rebuild)
        assert await bench.queue.rebuild_token() not in {"", before}


async def test_loading_is_continued_by_its_cursor(bench: Bench) -> None:
    state = await bench.queue.store_state()
    assert state.token == await bench.queue.rebuild_token()
    assert await bench.queue.save_cursor(state.token, "at 5", loaded=False)
    other = await bench.lab.replica()
    assert (await other.store_state()).cursor == "at 5"
    assert await other.save_cursor(state.token, "end", loaded=True)
    assert (await bench.queue.store_state()).loaded


async def test_who_still_loads_after_a_loss_says_nothing_of_the_rebuild_that_follows(bench: Bench) -> None:
    """Law 1. Fails when: save_cursor.lua compares the ids of the server, which a FLUSHALL does not change."""
    old = await bench.queue.store_state()
    for lose in (bench.lab.flush, bench.lab.unmark):
        await lose()
        assert (await bench.queue.store_state()).token == ""
        assert not await bench.queue.save_cursor(old.token, "at 5", loaded=False)
        await bench.mark()
        assert not await bench.queue.save_cursor(old.token, "at 5", loaded=False)
        state = await bench.queue.store_state()
        assert (state.marked, state.cursor, state.token == old.token) == (True, "", False)


async def test_store_can_be_used(bench: Bench) -> None:
    await bench.queue.check()

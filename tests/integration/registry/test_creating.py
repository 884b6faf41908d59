"""Inserting tasks: durable, idempotent, each item on its own."""

from __future__ import annotations

import asyncio
import time

from prometheus_client import CollectorRegistry

from asynctask_core.errors import InvalidInput, RefusedByStore, RequestIdReused
from asynctask_core.ids import id_text, new_id
from asynctask_protos.registry.v1.standing_pb2 import PLACE_NOWHERE, PLACE_READY, PLACE_TIMED
from asynctask_protos.task.v1.state_pb2 import TASK_STATE_PENDING, TASK_STATE_QUEUED
from asynctask_registry.api.batching import Batchers
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.standings import reconcile
from asynctask_registry.metrics import RegistryMetrics
from tests.integration.registry.kit import a_task, connected, create, created, get, restarted, row, started


async def test_new_task_is_ready_by_postgres_clock(postgres_url: str, ledger: Ledger) -> None:
    before_us = time.time_ns() // 1000
    task = a_task(priority=2, labels={"team": "α"})
    (answer,) = await create(ledger, task)
    standing = answer.standing
    assert standing is not None
    assert answer.existing_task_id is None
    assert (standing.place, standing.state, standing.version) == (PLACE_READY, TASK_STATE_QUEUED, 1)
    assert (standing.queue, standing.task_type, standing.priority) == ("default", "copy", 2)
    assert before_us - 1_000_000 <= standing.ready_at_us <= time.time_ns() // 1000 + 1_000_000
    stored = await row(postgres_url, task.task_id)
    assert stored["submit_time"] == int.from_bytes(task.task_id[:6], "big") * 1000
    assert dict((await get(ledger, task.task_id)).labels) == {"team": "α"}


async def test_delayed_task_is_timed_and_ready_at_its_due_time(ledger: Ledger) -> None:
    start_at_us = time.time_ns() // 1000 + 60_000_000
    by_delay, by_time, past = await create(
        ledger, a_task(delay_ms=60_000), a_task(start_at_us=start_at_us), a_task(start_at_us=1)
    )
    for answer in (by_delay, by_time):
        assert answer.standing is not None
        assert (answer.standing.place, answer.standing.state) == (PLACE_TIMED, TASK_STATE_PENDING)
        assert 55_000 < answer.standing.due_in_ms <= 60_000
    assert by_time.standing is not None
    assert by_time.standing.ready_at_us == start_at_us
    assert past.standing is not None
    assert past.standing.place == PLACE_READY


async def test_repeated_create_answers_the_task_as_it_stands_now(ledger: Ledger) -> None:
    task = a_task()
    await create(ledger, task)
    await restarted(ledger, task.task_id)
    (answer,) = await create(ledger, task)
    assert answer.existing_task_id == task.task_id
    assert answer.standing is not None
    assert answer.standing.version == 2


async def test_same_id_with_other_content_is_refused_and_changes_nothing(ledger: Ledger) -> None:
    task = a_task()
    await create(ledger, task)
    for other in (
        a_task(task_id=task.task_id, task_config="{}"),
        a_task(task_id=task.task_id, task_type="else"),
    ):
        (answer,) = await create(ledger, other)
        assert isinstance(answer.error, RequestIdReused)
    assert (await get(ledger, task.task_id)).task_config == task.task_config


async def test_task_named_twice_in_one_batch_is_made_once(ledger: Ledger) -> None:
    task, other = a_task(), a_task()
    twin = a_task(task_id=task.task_id, task_config="{}")
    first, second, third, last = await create(ledger, task, task, twin, other)
    assert first.standing == second.standing
    assert second.existing_task_id == task.task_id
    assert isinstance(third.error, RequestIdReused)
    assert last.existing_task_id is None
    assert last.error is None


async def test_id_out_of_time_is_refused_unless_the_task_exists(ledger: Ledger) -> None:
    old = (time.time_ns() // 1_000_000 - 400_000).to_bytes(6, "big") + new_id()[6:]
    young = (time.time_ns() // 1_000_000 + 400_000).to_bytes(6, "big") + new_id()[6:]
    recent = (time.time_ns() // 1_000_000 - 290_000).to_bytes(6, "big") + new_id()[6:]
    answers = await create(
        ledger, a_task(task_id=old), a_task(), a_task(task_id=young), a_task(task_id=recent)
    )
    assert [type(answer.error) for answer in answers] == [InvalidInput, type(None), InvalidInput, type(None)]


async def test_request_id_makes_one_task_however_often_it_is_repeated(ledger: Ledger) -> None:
    """Laws 1 and 10. Broken once on purpose: with a claim that takes over a key in its time this fails."""
    first = a_task(request_id="order-1")
    (made,) = await create(ledger, first)
    assert made.error is None
    assert made.existing_task_id is None
    (again,) = await create(ledger, a_task(request_id="order-1"))
    assert again.existing_task_id == first.task_id
    (same_ids,) = await create(ledger, first)
    assert same_ids.existing_task_id == first.task_id
    (other,) = await create(ledger, a_task(request_id="order-1", task_config="{}"))
    assert isinstance(other.error, RequestIdReused)


async def test_request_ids_within_one_batch_make_one_task_each(ledger: Ledger) -> None:
    tasks = [a_task(request_id="k1"), a_task(), a_task(request_id="k1"), a_task(request_id="k2")]
    answers = await create(ledger, *tasks)
    assert [answer.existing_task_id for answer in answers] == [None, None, tasks[0].task_id, None]
    assert len(await ledger.reader.get([task.task_id for task in tasks])) == 3


async def test_request_id_is_forgotten_after_its_time(postgres_url: str, ledger: Ledger) -> None:
    await create(ledger, a_task(request_id="k"))
    async with connected(postgres_url) as connection:
        await connection.execute("UPDATE task_keys SET expires_at = now() WHERE key = 'k'")
    later = a_task(request_id="k", task_config="{}")
    (answer,) = await create(ledger, later)
    assert answer.error is None
    assert answer.existing_task_id is None


async def test_request_id_that_was_a_task_id_is_recognised_when_it_is_recent_no_more(ledger: Ledger) -> None:
    """Laws 1 and 10. Broken once on purpose: without the look into `tasks` the repeat makes a second task."""
    first = a_task()
    await create(ledger, first)
    request_id = id_text(first.task_id)
    again, other, twin = await create(
        ledger,
        a_task(request_id=request_id),
        a_task(request_id=request_id, task_config="{}"),
        a_task(request_id=request_id),
    )
    assert [again.existing_task_id, twin.existing_task_id] == [first.task_id] * 2
    assert again.standing == (await reconcile(ledger.hot, [first.task_id]))[0]
    assert isinstance(other.error, RequestIdReused)


async def test_request_id_near_the_edge_is_found_by_id_and_by_key(ledger: Ledger) -> None:
    by_id = a_task()
    by_id.request_id = id_text(by_id.task_id)
    (made,) = await create(ledger, by_id)
    assert made.standing is not None
    assert made.existing_task_id is None
    for repeat in (a_task(task_id=by_id.task_id), a_task(request_id=by_id.request_id), by_id):
        (answer,) = await create(ledger, repeat)
        assert answer.existing_task_id == by_id.task_id


async def test_request_id_that_is_an_old_uuid7_of_no_task_is_remembered(ledger: Ledger) -> None:
    request_id = id_text((time.time_ns() // 1_000_000 - 3_600_000).to_bytes(6, "big") + new_id()[6:])
    first = a_task(request_id=request_id)
    (made,) = await create(ledger, first)
    assert made.existing_task_id is None
    (again,) = await create(ledger, a_task(request_id=request_id))
    assert again.existing_task_id == first.task_id


async def test_request_id_of_a_refused_task_is_free_again(ledger: Ledger) -> None:
    bad, good = a_task(request_id="r", task_config='{"a": "\x00"}'), a_task(request_id="j")
    answers = await create(ledger, good, bad)
    assert isinstance(answers[1].error, RefusedByStore)
    assert answers[0].error is None
    old = (time.time_ns() // 1_000_000 - 400_000).to_bytes(6, "big") + new_id()[6:]
    (late,) = await create(ledger, a_task(request_id="r", task_id=old))
    assert isinstance(late.error, InvalidInput)
    (answer,) = await create(ledger, a_task(request_id="r"))
    assert answer.error is None
    assert answer.existing_task_id is None


async def test_poison_in_the_middle_of_a_batch_is_refused_alone(ledger: Ledger) -> None:
    """Law 10. Broken once on purpose: without the bisect the whole batch is refused and this fails."""
    tasks = [a_task() for _ in range(9)]
    tasks[4].task_config = '{"a": "\x00"}'
    tasks[6].priority = 9
    answers = await create(ledger, *tasks)
    assert [n for n, answer in enumerate(answers) if answer.error is not None] == [4, 6]
    assert all(isinstance(answers[n].error, RefusedByStore) for n in (4, 6))
    assert len(await ledger.reader.get([task.task_id for task in tasks])) == 7


async def test_concurrent_batches_in_opposite_orders_make_every_task_once(ledger: Ledger) -> None:
    tasks = [a_task(request_id=f"key-{number}" if number % 3 == 0 else "") for number in range(60)]
    batches = [tasks if number % 2 else tasks[::-1] for number in range(8)]
    answers = await asyncio.gather(*(create(ledger, *batch) for batch in batches))
    assert all(answer.error is None for batch in answers for answer in batch)
    made = [answer for batch in answers for answer in batch if answer.existing_task_id is None]
    assert len(made) == len(tasks)


async def test_repeated_create_cannot_bring_a_deleted_task_back(postgres_url: str, ledger: Ledger) -> None:
    """Law 9. Broken once on purpose: with an insert that updates what is there already this fails."""
    task = a_task()
    await create(ledger, task)
    async with connected(postgres_url) as connection:
        await connection.execute(
            "UPDATE tasks SET task_status = 'cancelled', deleted_at = now(), version = 9 WHERE task_id = $1",
            task.task_id,
        )
    (answer,) = await create(ledger, task)
    assert answer.standing is not None
    assert answer.standing.place == PLACE_NOWHERE
    assert await ledger.reader.get([task.task_id]) == []


async def test_many_tasks_of_many_batches_are_all_there(ledger: Ledger) -> None:
    ids = await asyncio.gather(*(created(ledger, 50) for _ in range(10)))
    assert len(await ledger.reader.get([task_id for batch in ids for task_id in batch], full=False)) == 500
    assert (await started(ledger))[0]


async def test_concurrent_submits_share_a_group_insert(ledger: Ledger) -> None:
    registry = CollectorRegistry()
    async with Batchers(ledger, RegistryMetrics(registry), flights=1) as batchers:
        tasks = [a_task() for _ in range(200)]
        tasks[100].priority = 9
        answers = await asyncio.gather(*(batchers.create.add([task]) for task in tasks))
    assert [type(answer.error) for (answer,) in answers if answer.error is not None] == [RefusedByStore]
    assert registry.get_sample_value("asynctask_registry_batch_items_count", {"kind": "create"}) == 1

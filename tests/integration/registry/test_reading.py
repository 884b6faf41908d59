"""Tasks as people see them: views, pages, filters."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from asynctask_core.ids import id_text, id_time_ms, new_id
from asynctask_core.states import AttemptResult, ItemState, TaskState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_protos.task.v1.state_pb2 import STAGE_STATE_COMPLETED, STAGE_STATE_FAILED, STAGE_STATE_WAITING
from asynctask_protos.task.v1.task_type_pb2 import StageSpec, TaskType
from asynctask_registry.ledger import manifest, standings
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.store.faults import ContentRefused
from tests.integration.registry.kit import (
    TYPE,
    a_registrar,
    checkpoint,
    command,
    created,
    failure,
    finished,
    get,
    number,
    outcome,
    progress,
    record,
    restarted,
    started,
    success,
)


async def ids_of(ledger: Ledger, conditions: TaskConditions, **options: Any) -> list[str]:
    page = await ledger.lister.page(conditions, page_size=1000, **options)
    assert page.before == b""
    return [task.task_id for task in page.tasks]


def texts(*ids: bytes) -> list[str]:
    """Newest first, as lists are."""
    return [id_text(task_id) for task_id in sorted(ids, reverse=True)]


async def test_basic_view_leaves_payloads_out(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await record(
        ledger,
        checkpoint(task_id, attempt_id, 1),
        finished(task_id, attempt_id, 2),
        success(task_id, attempt_id, 3),
    )
    basic, full = await get(ledger, task_id, full=False), await get(ledger, task_id)
    assert (full.task_config, full.result_json) == ('{"n": 1}', '"done"')
    assert (basic.task_config, basic.result_json) == ("", "")
    assert not any(stage.result_json or stage.checkpoint_json for stage in basic.stages)
    assert [(stage.name, stage.state) for stage in basic.stages] == [
        (stage.name, stage.state) for stage in full.stages
    ]
    assert (basic.percent, basic.version) == (100, full.version)


async def test_new_task_shows_its_stages_before_anything_ran(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    task = await get(ledger, task_id)
    assert [(stage.name, stage.weight, stage.state) for stage in task.stages] == [
        ("compare", 1.0, STAGE_STATE_WAITING),
        ("transfer", 3.0, STAGE_STATE_WAITING),
    ]
    assert (task.stage, task.percent) == ("", 0.0)
    assert not task.HasField("start_time")


async def test_stage_begins_when_the_one_before_it_ended(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    assert (await get(ledger, task_id)).stage == "compare"
    await record(ledger, finished(task_id, attempt_id, 1))
    first, second = (await get(ledger, task_id)).stages
    assert first.end_time == second.start_time
    assert first.start_time == (await get(ledger, task_id)).start_time


async def test_ended_task_shows_the_stages_that_it_had_although_its_type_has_others_now(
    ledger: Ledger,
) -> None:
    """Fails when a new version of a type rewrites the past: stages that never ran, ticked off."""
    kind = TaskType(name="reshaped", stages=TYPE.stages)
    await ledger.registrar.register([kind])
    whole, broken, waiting = [await started(ledger, task_type=kind.name) for _ in range(3)]
    await record(ledger, *(finished(*one, 1) for one in (whole, broken, waiting)))
    await record(ledger, success(*whole, 2), failure(*broken, 2, retryable=False))
    stages = [StageSpec(name=name, weight=1) for name in ("one", "two", "three")]
    await ledger.registrar.register([TaskType(name=kind.name, stages=stages)])
    seen = {
        one: [(stage.name, stage.state) for stage in (await get(ledger, one[0])).stages]
        for one in (whole, broken, waiting)
    }
    assert seen[whole] == [("compare", STAGE_STATE_COMPLETED), ("transfer", STAGE_STATE_COMPLETED)]
    assert seen[broken] == [("compare", STAGE_STATE_COMPLETED), ("transfer", STAGE_STATE_FAILED)]
    assert [name for name, _ in seen[waiting]] == ["one", "two", "three", "compare"]
    assert (await get(ledger, whole[0])).percent == 100


async def reshape(ledger: Ledger, name: str, *stages: str) -> None:
    specs = [StageSpec(name=stage, weight=1) for stage in stages]
    await ledger.registrar.register([TaskType(name=name, stages=specs)])


async def stages_of(ledger: Ledger, task: tuple[bytes, bytes]) -> list[tuple[str, Any]]:
    return [(stage.name, stage.state) for stage in (await get(ledger, task[0])).stages]


async def test_ended_task_of_which_nothing_was_kept_shows_the_stages_of_its_time(ledger: Ledger) -> None:
    """Fails when the stage of a task that had only one is shown under the name that its type has now."""
    await reshape(ledger, "renamed", "old")
    whole, broken, stopped = [await started(ledger, task_type="renamed") for _ in range(3)]
    await command(ledger, stopped[0], pb.COMMAND_KIND_CANCEL)
    await record(
        ledger,
        success(*whole, stage="old"),
        failure(*broken, retryable=False, stage="old"),
        outcome(*stopped, AttemptResult.CANCELLED, stage="old"),
    )
    for stages in (("new",), ("newer", "last"), ("old", "more")):
        await reshape(ledger, "renamed", *stages)
        assert await stages_of(ledger, whole) == [("old", STAGE_STATE_COMPLETED)]
        assert await stages_of(ledger, broken) == [("old", STAGE_STATE_FAILED)]
        assert [name for name, _ in await stages_of(ledger, stopped)] == ["old"]
    assert (await get(ledger, whole[0])).stages[0].result_json == '"done"'


async def test_task_that_an_executor_of_an_older_type_ended_shows_the_stage_that_it_had(
    ledger: Ledger,
) -> None:
    await reshape(ledger, "rolling", "old")
    await reshape(ledger, "rolling", "new", "last")
    whole, warned, broken = [await started(ledger, task_type="rolling") for _ in range(3)]
    ended = success(*warned, stage="old")
    ended.warnings.add(code="SKIPPED", count=1)
    await record(ledger, success(*whole, stage="old"), ended, failure(*broken, retryable=False, stage="old"))
    assert await stages_of(ledger, whole) == [("old", STAGE_STATE_COMPLETED)]
    assert await stages_of(ledger, warned) == [("old", STAGE_STATE_COMPLETED)]
    assert await stages_of(ledger, broken) == [("old", STAGE_STATE_FAILED)]


async def test_stages_that_nobody_knows_any_more_are_not_made_up(ledger: Ledger) -> None:
    """Fails when the list of what a type had before grows for ever, or its end is taken for the beginning."""
    await reshape(ledger, "restless", "first")
    oldest = await started(ledger, task_type="restless")
    await record(ledger, success(*oldest, stage="first"))
    for count in range(9):
        await reshape(ledger, "restless", f"stage_{count}")
    await reshape(ledger, "restless", "another")
    assert await stages_of(ledger, oldest) == []
    known = (await ledger.types.latest())["restless"]
    assert [former.names for former in known.formers] == [
        *((f"stage_{count}",) for count in range(8, 0, -1)),
        (),
    ]


async def test_completed_task_shows_nothing_as_if_it_were_current(ledger: Ledger) -> None:
    """What was said on the way stays in its history: reasons in the events, failures in the attempts."""
    (task_id,) = await created(ledger)
    await command(ledger, task_id, pb.COMMAND_KIND_PAUSE, reason="maintenance")
    await command(ledger, task_id, pb.COMMAND_KIND_RESUME)
    attempt_id = await restarted(ledger, task_id)
    scanned, copying = progress(7, message="7 changes"), progress(5, message="copying a.txt")
    await record(
        ledger,
        checkpoint(task_id, attempt_id, 1, progress=scanned),
        finished(task_id, attempt_id, 2),
        checkpoint(task_id, attempt_id, 3, stage="transfer", progress=copying),
    )
    running = await get(ledger, task_id)
    assert [stage.progress.message for stage in running.stages] == ["7 changes", "copying a.txt"]
    await record(ledger, success(task_id, attempt_id, 4))
    task = await get(ledger, task_id)
    assert (task.command_reason, task.HasField("failure")) == ("", False)
    assert [stage.progress.message for stage in task.stages] == ["7 changes", ""]
    assert task.stages[1].progress.done == 5
    events, _ = await ledger.reader.events(task_id)
    assert [event.kind for event in events] == [
        "created",
        "paused",
        "resumed",
        "started",
        "stage_finished",
        "stage_finished",
        "completed",
    ]
    assert json.loads(events[1].detail_json) == {"reason": "maintenance"}


async def test_full_view_counts_the_items_of_each_manifest(ledger: Ledger) -> None:
    pair = await started(ledger)
    items = [
        ManifestItem(position=at, key=b"k", size=10, state=number(state))
        for at, state in enumerate((ItemState.DONE, ItemState.FAILED, ItemState.FAILED))
    ]
    request = pb.AppendManifestRequest(
        task_id=pair[0], attempt_id=pair[1], chunk=1, manifest="files", items=items, seal=True
    )
    await manifest.append(ledger.hot, request)
    (other,) = await created(ledger)
    tasks = {task.task_id: task for task in await ledger.reader.get([pair[0], other])}
    (summary,) = tasks[id_text(pair[0])].manifests
    assert (summary.manifest, summary.sealed) == ("files", True)
    assert [(count.state, count.items, count.size) for count in summary.counts] == [
        (number(ItemState.DONE), 1, 10),
        (number(ItemState.FAILED), 2, 20),
    ]
    assert not tasks[id_text(other)].manifests
    assert not (await get(ledger, pair[0], full=False)).manifests


async def test_ids_that_do_not_exist_are_left_out(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    assert len(await ledger.reader.get([new_id(), task_id, task_id])) == 1
    assert await ledger.reader.get([]) == []
    assert len(await standings.reconcile(ledger.hot, [new_id(), task_id])) == 1
    assert await standings.reconcile(ledger.hot, []) == []


async def test_pages_go_on_below_the_last_id_while_tasks_are_submitted(ledger: Ledger) -> None:
    queue = "pages"
    ids = await created(ledger, 25, queue=queue)
    seen: list[str] = []
    before = b""
    while True:
        page = await ledger.lister.page(TaskConditions(queue=queue), before=before, page_size=10)
        seen += [task.task_id for task in page.tasks]
        before = page.before
        if not before:
            break
        assert len(page.tasks) == 10
        await created(ledger, 3, queue=queue)
    assert seen == texts(*ids)


async def test_lists_filter_by_state_type_queue_time_and_labels(ledger: Ledger) -> None:
    queue = "filters"
    await ledger.registrar.register([TaskType(name="other", stages=[StageSpec(name="a", weight=1)])])
    (first,) = await created(ledger, queue=queue, labels={"team": "a", "env": "prod"})
    await asyncio.sleep(0.005)
    (second,) = await created(ledger, queue=queue, task_type="other", labels={"team": "b"})
    (third,) = await created(ledger, queue=queue)
    await restarted(ledger, third)

    here = TaskConditions(queue=queue)
    assert await ids_of(ledger, here) == texts(first, second, third)

    async def found(**conditions: Any) -> list[str]:
        return await ids_of(ledger, TaskConditions(queue=queue, **conditions))

    assert await found(states=[TaskState.RUNNING]) == texts(third)
    assert await found(states=[TaskState.RUNNING, TaskState.COMPLETED]) == texts(third)
    assert await found(states=[TaskState.QUEUED]) == texts(first, second)
    assert await found(task_types=["other"]) == texts(second)
    assert await found(task_types=["other", "copy"]) == texts(first, second, third)
    assert await found(labels={"team": "a"}) == texts(first)
    assert await found(labels={"team": "a", "env": "test"}) == []
    assert await found(submit_start_ms=id_time_ms(second)) == texts(second, third)
    assert await found(submit_end_ms=id_time_ms(second)) == texts(first)
    await command(ledger, first, pb.COMMAND_KIND_FORCE_DELETE)
    assert await found() == texts(second, third)


async def test_type_is_stored_when_it_is_new_or_changed_only(ledger: Ledger) -> None:
    (same,) = await ledger.registrar.register([TYPE])
    assert same.version == 1
    changed = TaskType()
    changed.CopyFrom(TYPE)
    changed.name = "changing"
    (first,) = await ledger.registrar.register([changed])
    changed.max_running = 7
    (second,) = await ledger.registrar.register([changed])
    (again,) = await ledger.registrar.register([second])
    assert (first.version, second.version, again.version) == (1, 2, 2)
    assert second.update_time.ToMicroseconds() >= first.update_time.ToMicroseconds()
    assert (second.max_running, second.retry.max_attempts) == (7, 3)


async def test_type_remembers_every_queue_that_it_was_ever_given(ledger: Ledger) -> None:
    """Also what a replica with an old copy does not know, and what was stored before queues were remembered."""
    other = a_registrar(ledger)
    kind = TaskType(name="moving", queue="first", stages=[StageSpec(name="a", weight=1)])
    (stored,) = await other.register([kind])
    assert list(stored.queues) == ["first"]
    await ledger.hot.run(lambda session: session._connection.execute("UPDATE task_types SET queues = '{}'"))
    await ledger.types.latest()
    for queue in ("second", "third"):
        kind.queue = queue
        await ledger.registrar.register([kind])
    kind.queue = "first"
    kind.max_running = 1
    (stored,) = await other.register([kind])
    assert (stored.queue, stored.version) == ("first", 4)
    assert list(stored.queues) == ["first", "second", "third"]
    (again,) = await ledger.registrar.register([stored])
    assert again.version == 4


async def test_type_registered_at_another_replica_is_known_here(ledger: Ledger) -> None:
    other = a_registrar(ledger)
    await ledger.types.current()
    await other.register([TaskType(name="elsewhere", stages=[StageSpec(name="a", weight=1)])])
    assert "elsewhere" in await ledger.types.with_types(["elsewhere"])


async def test_many_replicas_that_register_at_once_store_one_version(ledger: Ledger) -> None:
    kind = TaskType(name="crowd", stages=[StageSpec(name="a", weight=1)])
    await asyncio.gather(*(a_registrar(ledger).register([kind]) for _ in range(5)))
    (stored,) = await ledger.registrar.register([kind])
    assert stored.version == 1


async def test_type_that_cannot_be_stored_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ContentRefused):
        await ledger.registrar.register([TaskType(name="n\x00", stages=[StageSpec(name="a", weight=1)])])

"""Lists find tasks by label, queue, error and text: each finds exactly what a watch with the same filter matches."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.ids import id_text, id_time_ms, new_id
from asynctask_core.states import TaskState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.scheduler.v1.task_service_pb2 import TaskFilter
from asynctask_protos.task.v1.task_pb2 import Task
from asynctask_protos.task.v1.task_type_pb2 import StageSpec, TaskType
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.listing import TaskLister
from asynctask_registry.ledger.terms import label_term
from asynctask_registry.store.pool import StoreConnection
from asynctask_scheduler.api.filters import Matcher
from tests.integration.registry.kit import (
    a_task,
    command,
    connected,
    create,
    created,
    failure,
    get,
    record,
    restarted,
    started,
)

PARENT = "0192f0c1-7abc-7def-8123-00aa11bb22cc"
HOSTILE = (
    "100%",
    "a_b",
    'it\'s "q"',
    r"back\slash",
    "Ünïcode 任务",
    "a=b=c",
    "x" * 256,
    "'; DROP TABLE tasks; --",
    "  ",
)
LABELS: tuple[Mapping[str, str], ...] = (
    {},
    {},
    {},
    {"team": "red"},
    {"team": "Blue", "site": "redmond"},
    {"Team": "RED", "order": "4711"},
    *({"note": text} for text in HOSTILE),
    {"odd=key": "value"},
    {"parent": PARENT.upper(), "note": "red"},
    {"note": f"child of {PARENT}"},
)
TYPES = ("copy", "archive_red", "other")
TEXTS = (
    PARENT,
    f"parent={PARENT}",
    "red",
    "RED",
    "copy",
    "order",
    "47",
    "team=red",
    "TEAM=blue",
    "team=re",
    "odd=key=value",
    "key=value",
    "zz",
    "任务",
)


async def population(ledger: Ledger) -> tuple[bytes, list[Task]]:
    """Tasks of all kinds; the first id, and the tasks, newest first."""
    await ledger.registrar.register(
        [TaskType(name=name, stages=[StageSpec(name="s", weight=1)]) for name in TYPES[1:]]
    )
    tasks = [
        a_task(labels=labels, queue=queue, task_type=task_type)
        for labels, queue, task_type in itertools.product(LABELS, ("default", "nas"), TYPES)
    ]
    assert all(answer.error is None for answer in await create(ledger, *tasks))
    ids = [task.task_id for task in tasks]
    for number, task_id in enumerate(ids):
        if number % 5 == 1:
            await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
        if number % 5 == 2:
            attempt_id = await restarted(ledger, task_id)
            text = f"disk {number} is {'full' if number % 2 else 'gone'}"
            await record(ledger, failure(task_id, attempt_id, retryable=False, text=text))
        if number % 15 in (1, 2):
            await command(ledger, task_id, pb.COMMAND_KIND_DELETE)
    found = await ledger.reader.get(ids)
    return ids[0], found[::-1]


def conditions_of(task_filter: TaskFilter, first: bytes) -> TaskConditions:
    states = [state for state in map(TaskState.of, task_filter.task_states) if state is not None]
    return TaskConditions(
        task_types=tuple(task_filter.task_types),
        states=states,
        queue=task_filter.queue,
        labels=dict(task_filter.labels),
        error_fingerprint=task_filter.error_fingerprint,
        text=task_filter.text,
        submit_start_ms=id_time_ms(first),
    )


async def listed(lister: TaskLister, conditions: TaskConditions, page_size: int = 7) -> list[str]:
    """Ids on all pages."""
    seen: list[str] = []
    before, more = b"", True
    while more:
        page = await lister.page(conditions, before=before, page_size=page_size)
        seen += [task.task_id for task in page.tasks]
        assert not before or page.before < before, "a page that does not come on"
        before, more = page.before, bool(page.before)
    return seen


async def test_every_filter_lists_what_a_watch_with_it_matches(ledger: Ledger) -> None:
    first, tasks = await population(ledger)
    (fingerprint, other) = sorted({task.failure.fingerprint for task in tasks if task.failure.fingerprint})[
        :2
    ]
    failed = TaskState.FAILED.number
    values: list[list[dict[str, Any]]] = [
        [{}, {"task_types": ["copy"]}, {"task_types": ["other", "archive_red"]}],
        [
            {},
            {"task_states": [failed]},
            {"task_states": [TaskState.QUEUED.number, TaskState.CANCELLED.number]},
        ],
        [{}, {"queue": "nas"}, {"queue": "default"}],
        [
            {},
            {"labels": {"team": "red"}},
            {"labels": {"team": "Blue", "site": "redmond"}},
            {"labels": {"team": "RED"}},
        ],
        [
            {},
            {"error_fingerprint": fingerprint},
            {"error_fingerprint": other},
            {"error_fingerprint": "0" * 16},
        ],
        [{}, {"text": "red"}, {"text": "team=red"}],
    ]
    filters = [
        TaskFilter(**{k: v for one in some for k, v in one.items()}) for some in itertools.product(*values)
    ]
    filters += [TaskFilter(text=text) for text in (*TEXTS, *(text[:128] for text in HOSTILE))]
    filters += [
        TaskFilter(text=form)
        for form in (tasks[3].task_id, tasks[4].task_id.upper(), tasks[5].task_id.replace("-", ""))
    ]
    found_any = 0
    for number, task_filter in enumerate(filters):
        matcher = Matcher(task_filter)
        expected = [task.task_id for task in tasks if matcher.matches(task)]
        lister = ledger.lister if number % 3 else TaskLister(ledger.reads, ledger.types, most_rows=9)
        assert await listed(lister, conditions_of(task_filter, first)) == expected, task_filter
        found_any += bool(expected)
    assert found_any > 200


async def test_pages_miss_nothing_and_repeat_nothing_while_tasks_are_deleted_and_submitted(
    ledger: Ledger,
) -> None:
    ids = await created(ledger, 30, labels={"batch": "moving"}, queue="moving")
    for conditions in (
        TaskConditions(labels={"batch": "moving"}),
        TaskConditions(text="ovin"),
        TaskConditions(queue="moving"),
    ):
        page = await ledger.lister.page(conditions, page_size=5)
        seen = [task.task_id for task in page.tasks]
        for gone in (page.tasks[-1].task_id, id_text(sorted(ids)[-8])):
            task_id = bytes.fromhex(gone.replace("-", ""))
            await command(ledger, task_id, pb.COMMAND_KIND_CANCEL)
            await command(ledger, task_id, pb.COMMAND_KIND_DELETE)
            ids.remove(task_id)
        ids += await created(ledger, 1, labels={"batch": "moving"}, queue="moving")
        before = page.before
        while before:
            page = await ledger.lister.page(conditions, before=before, page_size=5)
            seen += [task.task_id for task in page.tasks]
            before = page.before
        assert len(seen) == len(set(seen))
        assert set(map(id_text, ids[:-1])) <= set(seen)


@pytest.mark.parametrize(
    "rare",
    [
        {"labels": {"rare": "once"}},
        {"queue": "rare-once"},
        {"text": "RARE=once"},
        {"labels": {"rare": "once", "env": "prod"}},
        {"labels": {"env": "prod"}, "queue": "rare-once"},
        {"states": [TaskState.QUEUED], "labels": {"rare": "once"}},
    ],
    ids=str,
)
async def test_something_rare_is_on_the_first_page_among_many_tasks(
    ledger: Ledger, rare: dict[str, Any]
) -> None:
    """Fails when the list walks over tasks, or along the term that more tasks have."""
    (task_id,) = await created(ledger, 1, queue="rare-once", labels={"rare": "once", "env": "prod"})
    await created(ledger, 60, labels={"env": "prod"})
    start_ms = id_time_ms(task_id)
    page = await TaskLister(ledger.reads, ledger.types, most_rows=20).page(
        TaskConditions(submit_start_ms=start_ms, **rare), page_size=5
    )
    assert [task.task_id for task in page.tasks] == [id_text(task_id)]


async def test_id_is_found_by_its_text_at_any_age(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    await created(ledger, 60, labels={"env": "prod"})
    lister = TaskLister(ledger.reads, ledger.types, most_rows=20)
    page = await lister.page(TaskConditions(text=id_text(task_id)), page_size=5)
    assert [task.task_id for task in page.tasks] == [id_text(task_id)]


async def test_id_is_found_as_the_value_of_any_number_of_labels(ledger: Ledger) -> None:
    """Fails when tasks are left out whose key is not among the first hundred under which the id stands."""
    parent = id_text(new_id())
    tasks = [a_task(labels={f"parent-{number}": parent}) for number in range(limits.FILTER_NAMES + 5)]
    assert all(answer.error is None for answer in await create(ledger, *tasks))
    found = await listed(ledger.lister, TaskConditions(text=parent), page_size=50)
    assert found == [id_text(task.task_id) for task in reversed(tasks)]


async def test_plain_tasks_write_no_term(ledger: Ledger, postgres_url: str) -> None:
    plain, attempt_id = await started(ledger)
    (labelled,) = await created(ledger, labels={"Team": "Red", "team": "red", "n": "1"}, queue="nas")
    async with connected(postgres_url) as connection:
        rows = await connection.fetch("SELECT * FROM task_terms WHERE task_id = ANY ($1)", [plain, labelled])
    assert sorted((row["task_id"], row["kind"], row["term"]) for row in rows) == [
        (labelled, "label", "1=n"),
        (labelled, "label", "red=team"),
        (labelled, "queue", "nas"),
    ]
    await record(ledger, failure(plain, attempt_id, retryable=False))
    async with connected(postgres_url) as connection:
        (row,) = await connection.fetch("SELECT kind, term FROM task_terms WHERE task_id = $1", plain)
    assert (row["kind"], row["term"]) == ("error", (await get(ledger, plain)).failure.fingerprint)


async def test_database_writes_the_terms_of_labels_as_the_registry_does(
    ledger: Ledger, postgres_url: str
) -> None:
    labels = {f"Key {number}": text for number, text in enumerate((*HOSTILE, "ÄÖÜ İı", "ABC\n\tdef"))}
    (task_id,) = await created(ledger, labels=labels)
    async with connected(postgres_url) as connection:
        rows = await connection.fetch("SELECT term FROM task_terms WHERE task_id = $1", task_id)
    assert {row["term"] for row in rows} == {label_term(key, value).text for key, value in labels.items()}


async def test_task_is_found_by_the_labels_that_it_has_now(ledger: Ledger, postgres_url: str) -> None:
    (task_id,) = await created(ledger, labels={"stage": "before", "kept": "yes"}, queue="updated")
    await command(
        ledger, task_id, pb.COMMAND_KIND_UPDATE, replace_labels=True, labels={"stage": "After", "kept": "yes"}
    )
    assert await listed(ledger.lister, TaskConditions(labels={"stage": "After"})) == [id_text(task_id)]
    assert await listed(ledger.lister, TaskConditions(labels={"stage": "before"})) == []
    assert await listed(ledger.lister, TaskConditions(text="stage=after")) == [id_text(task_id)]
    async with connected(postgres_url) as connection:
        rows = await connection.fetch("SELECT term FROM task_terms WHERE task_id = $1 ORDER BY term", task_id)
        assert [row["term"] for row in rows] == ["after=stage", "updated", "yes=kept"]
        await command(ledger, task_id, pb.COMMAND_KIND_UPDATE, replace_labels=True)
        rows = await connection.fetch("SELECT term FROM task_terms WHERE task_id = $1", task_id)
        assert [row["term"] for row in rows] == ["updated"]


async def test_error_is_found_while_its_task_stands_at_failed(ledger: Ledger, postgres_url: str) -> None:
    task_id, attempt_id = await started(ledger)
    await record(ledger, failure(task_id, attempt_id, retryable=False, text="volume 17 is locked"))
    first = (await get(ledger, task_id)).failure.fingerprint
    assert len(first) == 16
    assert await listed(ledger.lister, TaskConditions(error_fingerprint=first)) == [id_text(task_id)]
    assert (
        await listed(ledger.lister, TaskConditions(error_fingerprint=first, states=[TaskState.QUEUED])) == []
    )

    await command(ledger, task_id, pb.COMMAND_KIND_RESTART)
    assert await listed(ledger.lister, TaskConditions(error_fingerprint=first)) == []
    async with connected(postgres_url) as connection:
        assert await connection.fetchval("SELECT count(*) FROM task_terms WHERE task_id = $1", task_id) == 0

    attempt_id = await restarted(ledger, task_id)
    await record(ledger, failure(task_id, attempt_id, retryable=False, text="no such volume"))
    second = (await get(ledger, task_id)).failure.fingerprint
    assert second != first
    assert await listed(ledger.lister, TaskConditions(error_fingerprint=second)) == [id_text(task_id)]
    assert await listed(ledger.lister, TaskConditions(error_fingerprint=first)) == []


async def test_error_of_a_task_that_will_be_tried_again_has_no_fingerprint(ledger: Ledger) -> None:
    task_id, attempt_id = await started(ledger)
    await record(ledger, failure(task_id, attempt_id, retryable=True))
    task = await get(ledger, task_id)
    assert task.failure.message
    assert not task.failure.fingerprint


async def test_one_statement_reads_a_bounded_number_of_labels(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when a text that is nowhere reads all labels at once, or when its list ends before it has read them."""
    steps: list[tuple[int, int]] = []
    fetch = StoreConnection.fetch

    async def noted(session: StoreConnection, name: str, /, **values: Any) -> list[Any]:
        rows = await fetch(session, name, **values)
        if name == "label_walk":
            steps.append((rows[0]["steps"], values["most"]))
        return rows

    monkeypatch.setattr(StoreConnection, "fetch", noted)
    (first, *_) = await created(ledger, 100, labels={f"k{n}": "v" for n in range(16)})
    lister = TaskLister(ledger.reads, ledger.types, most_rows=4)
    assert (
        await listed(lister, TaskConditions(text="nowhere at all", submit_start_ms=id_time_ms(first))) == []
    )
    assert len(steps) >= 20
    assert all(read <= most <= 8 * 4 + 2 * 16 for read, most in steps)


async def test_labels_of_a_task_that_a_statement_reads_only_in_part_are_looked_at(ledger: Ledger) -> None:
    """Fails when the next statement begins below the task whose last labels the one before did not read."""
    ids = await created(ledger, 20, labels={"k": "a partial needle"} | {f"k{n}": "z" for n in range(14)})
    conditions = TaskConditions(text="partial needle", submit_start_ms=id_time_ms(ids[0]))
    lister = TaskLister(ledger.reads, ledger.types, most_rows=4)
    assert await listed(lister, conditions) == [id_text(task_id) for task_id in sorted(ids, reverse=True)]


async def test_insert_of_a_plain_task_calls_no_trigger_and_writes_the_indexes_that_it_always_wrote(
    postgres_url: str,
) -> None:
    insert = (
        "EXPLAIN (ANALYZE, FORMAT JSON) INSERT INTO tasks (task_id, submit_time, task_type, queue, priority, "
        "task_status, task_config, labels) VALUES ($1, now(), 'copy', $2, 3, 'queued', '{}', $3)"
    )
    async with connected(postgres_url) as connection:
        called: list[int] = []
        for queue, labels in (("default", None), ("nas", None), ("default", '{"team": "red"}')):
            (explained,) = json.loads(await connection.fetchval(insert, new_id(), queue, labels))
            called.append(sum(trigger["Calls"] for trigger in explained["Triggers"]))
        assert called == [0, 1, 1]
        rows = await connection.fetch("SELECT indexname FROM pg_indexes WHERE tablename = 'tasks'")
    assert {row["indexname"] for row in rows} == {
        "tasks_pkey",
        "tasks_by_type",
        "tasks_by_status",
        "tasks_queued",
        "tasks_due",
        "tasks_changed",
    }

"""What `benchmarks.large` writes by COPY is what the registry itself would have left."""

from __future__ import annotations

import asyncpg
import pytest

from asynctask_core.ids import parse_id
from asynctask_core.states import TaskState
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.ledger import logs
from asynctask_registry.ledger.conditions import TaskConditions
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.ledger.terms import label_term
from benchmarks.large.ended import write_ended
from benchmarks.large.kinds import task_types
from benchmarks.large.longest import write_longest
from tests.integration.registry.counted import counts, fold, moves, really
from tests.integration.registry.kit import a_registrar, command, get

TASKS = 600


@pytest.fixture
async def database(postgres_url: str, ledger: Ledger) -> asyncpg.Connection:
    """A connection as the tool has it; the types are registered."""
    types = [*task_types(served=False), *task_types(served=True)]
    await a_registrar(ledger).register([kind.to_proto() for kind in types])
    return await asyncpg.connect(postgres_url)


async def test_written_tasks_are_counted_found_and_commanded(
    ledger: Ledger, database: asyncpg.Connection, postgres_url: str
) -> None:
    """Fails when a column or a count that the registry keeps is not written."""
    written = await write_ended(database, TASKS)
    longest = await write_longest(database, lines=30, items=2_000)
    await database.close()
    assert sum(written.states.values()) == TASKS
    assert await moves(postgres_url)
    assert await counts(ledger) == await really(postgres_url)
    await fold(ledger)
    assert await counts(ledger) == await really(postgres_url)

    groups = (await ledger.failure_group_reader.groups("", start_ms=0, page_size=100)).groups
    assert {group.fingerprint: group.count for group in groups} == written.fingerprints
    fingerprint, count = written.fingerprints.most_common(1)[0]
    page = await ledger.lister.page(TaskConditions(error_fingerprint=fingerprint), page_size=TASKS)
    assert [task.failure.fingerprint for task in page.tasks] == [fingerprint] * count
    page = await ledger.lister.page(TaskConditions(labels={"host": "nas-07"}), page_size=TASKS)
    assert page.tasks
    assert {label_term("host", task.labels["host"]) for task in page.tasks} == {label_term("host", "nas-07")}

    task_id = parse_id(longest)
    log = await logs.page(ledger.long_reads, pb.ListTaskLogsRequest(task_id=task_id, page_size=100))
    assert [line.sequence for line in log.lines] == [*range(1, 31)]
    (summary,) = (await get(ledger, task_id)).manifests
    assert summary.counts

    failed = parse_id(written.samples[TaskState.FAILED])
    await command(ledger, failed, pb.COMMAND_KIND_RESTART)
    assert (await get(ledger, failed)).attempt_count == 1
    assert await counts(ledger) == await really(postgres_url)

"""Every statement fits the schema, is used, and none of the hot ones scans."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg

import asynctask_registry
from asynctask_core.ids import id_text, new_id
from asynctask_registry.store import codecs
from asynctask_registry.store.pool import READS
from asynctask_registry.store.statements import QUERIES
from tests.integration.registry.plans import nodes, plan_of, planner

SOURCE = Path(asynctask_registry.__file__).parent

# Statements on the way of every task, or repeated while tasks wait: they must not depend on how much there is.
HOT_STATEMENTS = sorted(
    name
    for name in QUERIES
    if name
    not in {
        "task_walk",
        "task_walk_types",
        "task_walk_states",
        "task_changes",
        "change_horizon",
        "type_list",
        "type_changes",
        "type_write",
        "type_guard",
        "type_totals",
        "type_live_task",
        "type_live_task_since",
        "type_hold_tasks",
        "type_keep",
        "type_be_brief",
        "type_delete",
        "key_forget",
        "manifest_sweep",
        "store_mode",
        "store_try",
        # Read all moves, which are few, or are for all types at once.
        "count_list",
        "count_forget",
        "move_fold",
        "series_read",
        "series_ends",
        "series_settled_ends",
        "series_forget",
        "recount_choose",
        "recount_walk",
        "recount_write",
        "recount_left",
        "waiting_oldest",
        # Read along one index, or look at all task types.
        "term_walk",
        "label_walk",
        "terms_of_value",
        "walk_sizes",
        "type_named",
        "failure_groups",
        "term_filling",
        "term_fill_choose",
        "term_fill_low",
        "term_fill_tasks",
        "term_fill_note",
        "term_unnamed_errors",
    }
)

LOOKUPS = {("task_read", "task_events"), ("progress_write", "task_stages")}
"""Statements, and the tables in which they look something up for each of the named tasks, by that task's id."""
OF_THAT_TASK = re.compile(r"\((\w+\.)?task_id = (tasks|t)(_\w+)?\.task_id\)")


async def test_every_statement_is_valid_in_every_version(every_postgres_url: str) -> None:
    connection = await asyncpg.connect(every_postgres_url)
    try:
        await codecs.install(connection)
        for statement in QUERIES.values():
            prepared = await connection.prepare(statement.text)
            assert len(prepared.get_parameters()) == len(statement.params), statement.name
    finally:
        await connection.close()


def test_every_statement_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    unused = [name for name in QUERIES if f'"{name}"' not in code]
    assert not unused


async def test_hot_statements_never_scan_whatever_the_number_of_partitions(postgres_url: str) -> None:
    async with planner(postgres_url) as connection:
        scanning = [
            name
            for name in HOT_STATEMENTS
            if any(node["Node Type"] == "Seq Scan" for node in nodes(await plan_of(connection, name)))
        ]
    assert not scanning


async def test_hot_statements_never_compare_every_item_with_every_other(postgres_url: str) -> None:
    """Hash joins are off, so a join without an index on its inner side would be quadratic in the batch."""
    async with planner(postgres_url) as connection:
        quadratic: list[str] = []
        for name in HOT_STATEMENTS:
            for node in nodes(await plan_of(connection, name)):
                inner = node["Plans"][1]["Node Type"] if node["Node Type"] == "Nested Loop" else ""
                if inner in {"CTE Scan", "Function Scan", "Materialize"}:
                    quadratic.append(name)
    assert not quadratic


async def test_hot_updates_read_just_the_rows_named_in_the_order_of_their_ids(
    every_postgres_url: str,
) -> None:
    """An index scan of exactly these ids drives the join, so rows are locked in the order of the index."""
    async with planner(every_postgres_url) as connection:
        for name in ("task_start", "task_complete", "task_write", "task_note_events", "attempt_end"):
            plan = await plan_of(connection, name)
            update = next(node for node in nodes(plan) if node.get("Operation") == "Update")
            join = update["Plans"][0]
            assert join["Node Type"] == "Hash Join", name
            rows, array = join["Plans"]
            scans = [node for node in nodes(rows) if "Scan" in node["Node Type"]]
            assert scans, name
            assert all(node["Node Type"] == "Index Scan" for node in scans), name
            assert all(node["Index Name"].endswith("_pkey") for node in scans), name
            assert all("= ANY" in node["Index Cond"] for node in scans), name
            assert array["Plans"][0]["Node Type"] == "Function Scan", name


async def test_statements_about_named_tasks_go_by_their_ids_only(every_postgres_url: str) -> None:
    """Any other index would be read from end to end, as far as tasks of that kind go."""
    looked_up: set[tuple[str, str]] = set()
    async with planner(every_postgres_url) as connection:
        for name in (name for name in HOT_STATEMENTS if "task_ids" in QUERIES[name].params):
            for node in nodes(await plan_of(connection, name)):
                if node.get("Index Name") == "task_types_deleted":
                    assert "= ANY" in node["Index Cond"], (name, node)
                elif "Index Cond" in node:
                    assert node["Index Name"].endswith("_pkey"), (name, node)
                    for lookup in LOOKUPS:
                        if name == lookup[0] and node["Relation Name"].startswith(lookup[1]):
                            assert OF_THAT_TASK.search(node["Index Cond"]), (name, node)
                            looked_up.add(lookup)
                            break
                    else:
                        assert "= ANY" in node["Index Cond"], (name, node)
    assert looked_up == LOOKUPS


async def test_hot_statements_open_only_the_partitions_of_their_ids(every_postgres_url: str) -> None:
    async with planner(every_postgres_url) as connection:
        names = (
            *("task_lock", "task_facts", "task_start", "task_complete", "task_write", "task_note_events"),
            "attempt_end",
        )
        for name in names:
            plan = await plan_of(connection, name)
            removed = max(node.get("Subplans Removed", 0) for node in nodes(plan))
            assert removed >= 30, name


async def test_lists_look_at_as_many_tasks_as_they_are_told_along_their_index(
    every_postgres_url: str,
) -> None:
    """A limit right above the index that gives the order: no condition makes a page look further."""
    given = {
        "walked_states": "'{queued,failed}'",
        "walked_types": "'{copy,move}'",
        "kind": "'label'",
        "terms": "'{red=team,blue=team}'",
        "low": f"'{id_text(bytes(16))}'",
        "high": f"'{id_text(bytes([255] * 16))}'",
        "most": "10",
        "wanted": "10",
    }
    ways = {
        "task_walk": "_pkey",
        "task_walk_types": "_task_type_task_id_idx",
        "task_walk_states": "_task_status_task_id_idx",
        "term_walk": "_kind_term_task_id_idx",
        "label_walk": "_pkey",
    }
    async with planner(every_postgres_url) as connection:
        for setting, value in READS.items():
            await connection.execute(f"SET {setting} = {value}")
        for name, index in ways.items():
            plan = await plan_of(connection, name, given)
            scans = [node for node in nodes(plan) if node["Node Type"] in {"Index Scan", "Index Only Scan"}]
            assert scans, name
            for node in scans:
                assert node["Index Name"].endswith(index), (name, node)
                assert node["Scan Direction"] == "Backward", (name, node)
            above = [
                node["Node Type"]
                for node in nodes(plan)
                if any("Append" in below["Node Type"] for below in node.get("Plans", ()))
            ]
            assert above == ["Limit"], name


async def test_sizes_of_walks_are_counted_along_the_indexes_of_the_walks(every_postgres_url: str) -> None:
    """Fails when the planner may read all tasks between two ids to count those of a state or type."""
    given = {
        "kinds": "'{label,queue}'",
        "terms": "'{red=team,nas}'",
        "walked_states": "'{queued,failed}'",
        "walked_types": "'{copy,move}'",
        "low": f"'{id_text(bytes(16))}'",
        "high": f"'{id_text(bytes([255] * 16))}'",
        "most": "10",
    }
    async with planner(every_postgres_url) as connection:
        # Tempts the planner: all tasks are queued and of one type, so it could read them without these indexes.
        await connection.execute(
            "INSERT INTO tasks (task_id, submit_time, task_type, queue, priority, task_status, task_config) "
            "SELECT id, now(), 'copy', 'default', 3, 'queued', '{}' FROM unnest($1::text[]::uuid[]) AS id",
            [id_text(new_id()) for _ in range(2000)],
        )
        await connection.execute("ANALYZE tasks")
        for setting, value in READS.items():
            await connection.execute(f"SET {setting} = {value}")
        plan = await plan_of(connection, "walk_sizes", given)
    scans = [node for node in nodes(plan) if node.get("Relation Name", "").startswith("task")]
    assert scans
    ways = ("_task_status_task_id_idx", "_task_type_task_id_idx", "_kind_term_task_id_idx")
    assert all(node.get("Index Name", "").endswith(ways) for node in scans), scans


async def test_failures_are_grouped_by_one_look_for_each_task_that_is_looked_at(
    every_postgres_url: str,
) -> None:
    """Fails when all fingerprints that there are would be read to group the newest failed tasks."""
    given = {
        "low": f"'{id_text(bytes(16))}'",
        "high": f"'{id_text(bytes([255] * 16))}'",
        "most": "10",
        "page_size": "10",
    }
    async with planner(every_postgres_url) as connection:
        for setting, value in READS.items():
            await connection.execute(f"SET {setting} = {value}")
        plan = await plan_of(connection, "failure_groups", given)
    scans = [node for node in nodes(plan) if node["Node Type"] in {"Index Scan", "Index Only Scan"}]
    terms = [node for node in scans if node["Index Name"].startswith("task_terms_")]
    tasks = [node for node in scans if node not in terms]
    assert terms
    assert tasks
    assert all(OF_THAT_TASK.search(node["Index Cond"].replace("w.task_id", "t.task_id")) for node in terms), (
        terms
    )
    assert all(node["Index Name"].endswith("_task_status_task_id_idx") for node in tasks), tasks
    assert not any(node["Node Type"] == "Seq Scan" for node in nodes(plan))

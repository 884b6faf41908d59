"""Counts and curves cost the same at 10 and at 10,000,000 tasks: no statement of theirs reads all tasks."""

from __future__ import annotations

from typing import Any

from asynctask_core.ids import id_text
from asynctask_registry.store.pool import READS
from tests.integration.registry.plans import nodes, plan_of, planner


async def test_overview_and_series_read_no_tasks(every_postgres_url: str) -> None:
    async with planner(every_postgres_url) as connection:
        await connection.execute(
            "INSERT INTO task_series SELECT 'type-' || t, step_s, date_bin('1 minute', now(), 'epoch') "
            "- n * step_s * interval '1 second', event, -1, 1 FROM generate_series(1, 20) AS t, "
            "generate_series(1, 900) AS n, (VALUES (60), (3600)) AS steps (step_s), "
            "unnest(ARRAY['started', 'completed']) AS event"
        )
        await connection.execute("VACUUM ANALYZE task_series")
        for setting, value in READS.items():
            await connection.execute(f"SET {setting} = {value}")
        indexes: dict[str, set[str]] = {}
        for name in ("count_list", "recount_left", "series_read", "series_ends", "series_settled_ends"):
            since = "now() - interval '24 hours'" if name.endswith("_ends") else _SERIES["low"]
            plan = await plan_of(connection, name, _SERIES | {"low": since})
            read = {node["Relation Name"] for node in nodes(plan) if "Relation Name" in node}
            assert read <= {"task_counts", "task_moves", "task_series", "task_recounts"}, name
            indexes[name] = {node["Index Name"] for node in nodes(plan) if "Index Name" in node}
    assert indexes["series_read"] == {"task_series_pkey"}
    assert indexes["series_settled_ends"] == {"task_series_by_time"}
    # For few types Postgres 18 may skip along the first column of the primary key instead.
    assert indexes["series_ends"] in ({"task_series_by_time"}, {"task_series_pkey"})


async def test_oldest_waiting_task_is_at_the_head_of_an_index(every_postgres_url: str) -> None:
    """A limit right above the indexes of queued and of due tasks."""
    async with planner(every_postgres_url) as connection:
        for setting, value in READS.items():
            await connection.execute(f"SET {setting} = {value}")
        plan = await plan_of(connection, "waiting_oldest")
    scans = _task_scans(plan)
    assert {node["Index Name"].split("_", 2)[2] for node in scans} == {
        "priority_ready_at_task_id_idx",
        "due_at_task_id_idx",
    }
    assert set(_above_appends(plan)) == {"Limit"}


async def test_recount_reads_as_many_tasks_as_it_is_told_along_the_index_of_types(
    every_postgres_url: str,
) -> None:
    given = {"task_type": "'copy'", "after": f"'{id_text(bytes(16))}'", "most": "10"}
    async with planner(every_postgres_url) as connection:
        plan = await plan_of(connection, "recount_walk", given)
    scans = _task_scans(plan)
    assert all(node["Index Name"].endswith("_task_type_task_id_idx") for node in scans)
    assert _above_appends(plan) == ["Limit"]


async def test_old_steps_are_found_by_their_time(every_postgres_url: str) -> None:
    async with planner(every_postgres_url) as connection:
        plan = await plan_of(connection, "series_forget", {"step_s": "60", "kept_s": "3600", "limit": "10"})
    indexes = {node["Index Name"] for node in nodes(plan) if "Index Name" in node}
    assert indexes == {"task_series_by_time"}


_SERIES = {
    "task_type": "'type-1'",
    "step_s": "60",
    "point_s": "60",
    "low": "now() - interval '1 hour'",
    "high": "now()",
    "settled": "now() - interval '1 hour'",
}


def _task_scans(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Every node that reads tasks: each one by an index."""
    scans = [node for node in nodes(plan) if node.get("Relation Name", "").startswith("tasks_")]
    assert scans
    assert all(node["Node Type"] in {"Index Scan", "Index Only Scan"} for node in scans), scans
    return scans


def _above_appends(plan: dict[str, Any]) -> list[str]:
    """What is right above each node that merges partitions."""
    return [
        node["Node Type"]
        for node in nodes(plan)
        if any(below["Node Type"] == "Merge Append" for below in node.get("Plans", ()))
    ]

"""What tests of counts look at: the counts as people read them, and the tasks themselves."""

from __future__ import annotations

from prometheus_client import CollectorRegistry

from asynctask_core.states import TaskState
from asynctask_protos.task.v1.overview_pb2 import StateCounts
from asynctask_registry.counts.folding import MoveFolder
from asynctask_registry.counts.recount import TypeRecounter
from asynctask_registry.ledger.ledger import Ledger
from asynctask_registry.metrics import RegistryMetrics
from tests.integration.registry.kit import connected


async def counts(ledger: Ledger) -> dict[str, dict[str, int]]:
    """Tasks by type and state, as the overview has them."""
    overview = await ledger.overview_reader.overview()
    assert words(overview.states) == _sums([words(one.states) for one in overview.types])
    return {one.task_type: words(one.states) for one in overview.types}


async def really(url: str) -> dict[str, dict[str, int]]:
    """Tasks by type and state, counted one by one."""
    async with connected(url) as connection:
        rows = await connection.fetch(
            "SELECT task_type, task_status, count(*) AS tasks FROM tasks WHERE deleted_at IS NULL GROUP BY 1, 2"
        )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["task_type"], {})[row["task_status"]] = row["tasks"]
    return found


async def moves(url: str) -> int:
    """Moves that are not folded yet."""
    async with connected(url) as connection:
        return int(await connection.fetchval("SELECT count(*) FROM task_moves"))


async def fold(ledger: Ledger) -> int:
    """Fold all moves; how many."""
    folder, folded = MoveFolder(ledger.hot), 0
    while report := (await folder.run_once()).changed:
        folded += report
    return folded


async def recount(ledger: Ledger) -> int:
    """Recount every type that is due; by how many tasks counts were wrong."""
    recounter, wrong, more = a_recounter(ledger), 0, True
    while more:
        report = await recounter.run_once()
        wrong, more = wrong + report.changed, report.more
    return wrong


def a_recounter(ledger: Ledger) -> TypeRecounter:
    """What a registry recounts with."""
    return TypeRecounter(ledger.bulk, RegistryMetrics(CollectorRegistry()))


async def all_due(url: str) -> None:
    """Let the next recount of every type be due now."""
    async with connected(url) as connection:
        await connection.execute("UPDATE task_recounts SET due_at = now()")


def words(states: StateCounts) -> dict[str, int]:
    """The states that have tasks."""
    return {state.value: tasks for state in TaskState if (tasks := getattr(states, state.value))}


def _sums(parts: list[dict[str, int]]) -> dict[str, int]:
    return {word: total for word in TaskState if (total := sum(part.get(word, 0) for part in parts))}

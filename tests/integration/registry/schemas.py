"""The schema of an earlier release."""

from __future__ import annotations

import pytest

from asynctask_registry.store import migrate as migrations
from asynctask_registry.store import partitions
from asynctask_registry.store.migrate import Migration, load
from asynctask_registry.store.partitions import PARTITIONED


def schema_of(monkeypatch: pytest.MonkeyPatch, name: str) -> list[Migration]:
    """Let `migrate` make the schema as it was with a migration; returns the migrations up to that one."""
    steps = list(load())
    (last,) = (number for number, step in enumerate(steps) if step.name == name)
    sources = "".join(step.source for step in steps[: last + 1])
    there = tuple(one for one in PARTITIONED if f"CREATE TABLE {one.table} " in sources)
    monkeypatch.setattr(partitions, "PARTITIONED", there)
    monkeypatch.setattr(migrations, "load", lambda: steps[: last + 1])
    return steps[: last + 1]

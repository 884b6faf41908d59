"""What Postgres says, in words of ours."""

from __future__ import annotations

import asyncpg
import pytest

from asynctask_registry.store.faults import ContentRefused, StoreFault, translate


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.exceptions.ProgramLimitExceededError(
            "index row size 18032 exceeds btree version 4 maximum 2704"
        ),
        asyncpg.exceptions.StatementTooComplexError("stack depth limit exceeded"),
        asyncpg.exceptions.CharacterNotInRepertoireError("invalid byte sequence: 0x00"),
        asyncpg.exceptions.CheckViolationError("tasks_priority"),
    ],
    ids=["54000", "54001", "22021", "23514"],
)
def test_content_that_postgres_refuses_is_told_from_faults_of_ours(error: asyncpg.PostgresError) -> None:
    """Fails for class 54 when only data and constraints count: a batch with a key that is too long for its index was
    repeated for ever."""
    assert isinstance(translate(error, may_have_committed=False), ContentRefused)
    assert isinstance(
        translate(asyncpg.exceptions.UndefinedTableError("nothing"), may_have_committed=False), StoreFault
    )

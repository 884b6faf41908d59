"""An executor whose tasks fail: `python -m tests.browser.faulty_executor FILE`; once FILE exists, `fragile` works."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import asynctask
from asynctask import Context


def fragile(mended: Path) -> asynctask.TaskType:
    """Fails with the same error for each number, until the file exists."""
    kind = asynctask.TaskType(
        "fragile", retry=asynctask.Retry(max_attempts=1), description="Reads a record that is broken"
    )

    @kind.stage
    async def read(ctx: Context[Any], config: dict[str, int]) -> str:
        ctx.log.info("reading record %d", config["record"])
        if not mended.exists():
            raise ValueError(f"record {config['record']} is broken")
        return f"record {config['record']} is whole"

    return kind


def remote() -> asynctask.TaskType:
    """Fails, and is tried again an hour later."""
    kind = asynctask.TaskType(
        "remote",
        retry=asynctask.Retry(max_attempts=5, initial_delay="1h", max_delay="1h"),
        description="Calls a service that is down",
    )

    @kind.stage
    async def call(ctx: Context[Any], config: Any) -> None:
        raise ConnectionError("the service at storage.example does not answer")

    return kind


if __name__ == "__main__":
    asynctask.Executor([fragile(Path(sys.argv[1])), remote()], slots=4).run()

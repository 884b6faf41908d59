"""The rate at which running handlers can report."""

from __future__ import annotations

import asynctask
from benchmarks.bench import Bench
from benchmarks.window import Rate, window
from benchmarks.work import Counted, Lasting, checkpoints, progress

REPORTERS = 200
CHECKPOINTERS = 128


async def reports(bench: Bench) -> None:
    """Calls of `ctx.progress`, and checkpoints, each durable before the next one begins."""
    await bench.cluster.start_executors()
    for key, task_type, tasks in (
        ("progress_per_s", progress, REPORTERS),
        ("checkpoint_per_s", checkpoints, CHECKPOINTERS),
    ):
        bench.rate(key, await _calls(bench, task_type, tasks, bench.seconds(10, 4)))


async def _calls(bench: Bench, task_type: asynctask.TaskType, tasks: int, seconds: float) -> Rate:
    client = bench.cluster.client
    async with window(bench.cluster, task_type.name) as span:
        answers = await client.submit_many([asynctask.Submission(task_type, Lasting(seconds))] * tasks)
        done = [
            task async for task in client.wait_many([answer for answer in answers if isinstance(answer, str)])
        ]
    calls = sum(task.result_as(Counted).calls for task in done)
    # From the first start to the last end, so that the time for reports still queued at a handler's end counts.
    took = max(task.end_time for task in done if task.end_time) - min(
        task.start_time for task in done if task.start_time
    )
    return Rate(calls / took.total_seconds(), span.micros(calls))

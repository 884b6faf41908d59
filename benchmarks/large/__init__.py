"""Fills a cluster with a large installation's data: `python -m benchmarks.large DATA`.

    __main__   the command line: what to write, and into which cluster
    kinds      twenty task types: their queues, durations, and what they fail of
    ended      tasks that have ended, by COPY, with attempts, counts and curves
    waiting    queued, pending and paused tasks, submitted as users do
    running    executors whose tasks run until the tool ends; `executor` is the program of such an executor
    longest    one task with a long log and a long manifest
    moves      (SQL) what counts and curves must hear of tasks that were written by COPY

What lives is made by real calls and real executors. What has ended is written into Postgres directly, in the form in
which the registry leaves it; counts are right afterwards, since each chunk tells them in its own transaction.
"""

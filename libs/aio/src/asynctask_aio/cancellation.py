"""Whether a CancelledError is meant for the current task, or comes from a callee that was cancelled separately."""


def is_cancelled() -> bool:
    """Whether the current asyncio task is being cancelled."""
    import asyncio  # slow to load, and blocking clients do not need it

    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0

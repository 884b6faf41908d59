"""Log lines of one attempt, and the attempt whose code runs now."""

from contextvars import ContextVar

from asynctask._attempt.attempt import Attempt
from asynctask_protos.task.v1 import task_pb2

current_attempt: ContextVar[Attempt | None] = ContextVar("asynctask_attempt", default=None)
"""The attempt whose handler runs here; inherited by tasks and threads that handlers start through the SDK."""


class LogBuffer:
    """Lines of one attempt that are not stored yet. It outlives the attempt, so it keeps nothing else of it."""

    __slots__ = ("attempt_id", "dropped", "lines", "lost", "nbytes", "sequence", "stage", "task_id")

    def __init__(self, attempt: Attempt) -> None:
        self.task_id = attempt.task_id
        self.attempt_id = attempt.attempt_id
        self.lines: list[task_pb2.LogLine] = []
        self.nbytes = 0
        self.sequence = 0
        self.dropped = 0
        """Lines that were dropped, and that the log itself does not mention yet."""
        self.lost = 0
        """Lines that were dropped in all."""
        self.stage = attempt.stage
        """Stage in which the last line was dropped."""

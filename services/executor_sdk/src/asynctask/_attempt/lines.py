"""Log lines of one attempt, and whose code it is that logs."""

from contextvars import ContextVar

from asynctask._attempt.attempt import Attempt
from asynctask_protos.task.v1 import task_pb2

current_attempt: ContextVar[Attempt | None] = ContextVar("asynctask_attempt", default=None)
"""The attempt whose handler runs here; follows tasks and threads that handlers start through us."""


class LogBuffer:
    """Lines of one attempt that are not stored yet."""

    __slots__ = ("attempt", "dropped", "lines", "nbytes", "sequence")

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.lines: list[task_pb2.LogLine] = []
        self.nbytes = 0
        self.sequence = 0
        self.dropped = 0

"""Commands of executors and the scheduler for an attempt; people's commands are in `lifecycle.by_people`."""

from dataclasses import dataclass

from asynctask_core.states import AttemptResult


@dataclass(frozen=True, slots=True)
class Start:
    """The scheduler leased the task to an executor. Repeating it with the same attempt changes nothing."""

    attempt_id: bytes
    executor_id: str


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """The running stage stored its position; `sequence` numbers the attempt's events.

    `is_news` if something came with it that watchers see, such as warnings.
    """

    attempt_id: bytes
    sequence: int
    is_news: bool = False


@dataclass(frozen=True, slots=True)
class StageFinished:
    """A stage succeeded, and `next_stage` begins."""

    attempt_id: bytes
    sequence: int
    next_stage: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The attempt ended, reported by its executor (numbered) or by the scheduler (`sequence` 0).

    With FAILED: `retryable`, `retry_after_ms` (least delay) and `draw` in [0, 1) for the back-off's jitter.
    With RELEASED: `retry_after_ms` above 0 if the handler postponed the task by that time, which counts as no error.
    With LOST: `renewed` (it counts against the crash budget). With LOST and UNDELIVERED: `excused` (an outage of
    AsyncTask was the cause: it counts against no budget).
    """

    attempt_id: bytes
    result: AttemptResult
    sequence: int = 0
    retryable: bool = True
    retry_after_ms: int = 0
    draw: float = 0.0
    renewed: bool = True
    excused: bool = False


AttemptCommand = Start | Checkpointed | StageFinished | Ended

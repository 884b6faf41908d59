"""What can happen to a task: the commands that `lifecycle.decide` takes."""

from dataclasses import dataclass

from asynctask_core.states import AttemptResult


@dataclass(frozen=True, slots=True)
class Start:
    """An executor was leased the task. Repeating it with the same attempt changes nothing."""

    attempt_id: bytes
    executor_id: str


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """The running stage stored its position; `sequence` numbers the attempt's events.

    `is_news` when something came with it that watchers see, such as warnings.
    """

    attempt_id: bytes
    sequence: int
    is_news: bool = False


@dataclass(frozen=True, slots=True)
class StageFinished:
    """A stage ended well and `next_stage` comes."""

    attempt_id: bytes
    sequence: int
    next_stage: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The attempt ended, said by its executor (numbered) or by the scheduler (`sequence` 0).

    With FAILED: `retryable`, `retry_after_ms` (least delay) and `draw` in [0, 1) for the back-off's jitter.
    With RELEASED: `retry_after_ms` above 0 when the handler postponed the task by so much; no error counts.
    With LOST: `renewed` (it counts against the crash budget). With LOST and UNDELIVERED: `excused` (an outage of ours
    was the reason: it counts against none).
    """

    attempt_id: bytes
    result: AttemptResult
    sequence: int = 0
    retryable: bool = True
    retry_after_ms: int = 0
    draw: float = 0.0
    renewed: bool = True
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop at the next safe point and keep the position."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on, or withdraw a pause that is not carried out yet."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop for good."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Begin a new run of a final task, from the first stage or from its last checkpoint.

    A task that was ended before its start time still waits for that, unless `start_now` is set.
    """

    from_checkpoint: bool = False
    start_now: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """Hide a final task; with `force` also one that is not final, once it is cancelled."""

    force: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """Change the priority (None leaves it) or, outside the life cycle, the labels."""

    priority: int | None = None


Command = Start | Checkpointed | StageFinished | Ended | Pause | Resume | Cancel | Restart | Delete | Update

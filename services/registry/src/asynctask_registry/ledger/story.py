"""A task's whole story: what people did, its attempts and its stages, put in order when a caller reads it.

The story has no rows of its own. People's commands are in `task_events`, starts and ends of attempts in
`task_execution_history`, finished stages in `task_stages`, which a restart from the first stage deletes. What the end
of an attempt meant for the task follows from the request at that time and from the later attempts; for the last
attempt, from the task's present state.

Events are in the order of their times. Events of equal times are in this order: the creation, a command, a start, a
finished stage, an end. Two events of the same sort are in the order of their version or attempt number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from asynctask_core.lifecycle.by_people import COMMANDS
from asynctask_core.states import TaskState
from asynctask_core.wire import cut_text, from_timestamp, to_datetime, to_timestamp
from asynctask_protos.task.v1.task_pb2 import Failure, Task, TaskEvent
from asynctask_registry.ledger.failures import read_failure
from asynctask_registry.store.pool import Row

KINDS: Final[Mapping[str, str]] = {
    "created": "It was submitted. `task_type`, `queue`.",
    "started": "The first attempt of a run began. `attempt`, `executor`, `run`.",
    "retried": "An attempt began after one that failed or was postponed. As `started`; `after` says how that ended, "
    "`reason` and `message` why.",
    "continued": "An attempt began after one that was lost, given back, paused or stopped. As `started`; `after` says "
    "how that ended.",
    "stage_finished": "A stage ended well, also the last one. `stage`. "
    "A restart removes earlier ones, unless it goes on from the checkpoint.",
    "completed": "The task ended well, with its last stage. `attempt`, `executor`; "
    "`warnings` by code, since the task last began from its first stage.",
    "attempt_failed": "An attempt ended with an error, and the task goes on. `attempt`, `executor`, `stage`, `reason`, "
    "`error_type`, `message`; `retry_at` while it waits for the retry.",
    "postponed": "The handler gave the task back until later. As `attempt_failed`.",
    "lost": "The executor did not renew the lease in time. `attempt`, `executor`.",
    "released": "The executor gave the task back unfinished. `attempt`, `executor`.",
    "undelivered": "The attempt never reached its executor. `attempt`, `executor`.",
    "failed": "The task ended with an error. `attempt`, `executor`, `stage`, `reason`, `error_type`, `message`; "
    "`warnings` as of `completed`.",
    **{word: said for command in COMMANDS.values() for word, said in command.events.items()},
}
"""What `TaskEvent.kind` may be, with the keys of its detail."""

UNKNOWN_ACTOR: Final = "unknown"
"""The actor of a command for which no trusted peer named one."""
_MESSAGE_BYTES: Final = 1024
_ASKED: Final = {
    "pause_requested": "paused",
    "cancel_requested": "cancelled",
    "delete_requested": "cancelled",
}
"""The state that a request leads to once the executor has stopped."""


class Place(NamedTuple):
    """The position of an event in the story: its time, its rank among equal times, its number within the rank."""

    time_us: int
    rank: int
    number: int
    step: int = 0


_CREATED, _COMMAND, _START, _STAGE, _END = range(5)


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One event in its place."""

    place: Place
    event: TaskEvent

    @property
    def cursor(self) -> str:
        """Names this event, for a page that begins after it."""
        return ":".join(map(str, self.place))


@dataclass(slots=True)
class Teller:
    """Turns stored rows, oldest first, into events."""

    task: Task
    final: frozenset[int]
    """Numbers of the attempts that failed their task if they ended with an error."""
    last: int
    """Number of the last attempt."""
    asked: str = ""
    """The state that the task gets when its executor stops; empty without a request."""
    before: tuple[str, Failure | None] = ("", None)
    """How the previous attempt of this run ended."""
    run: int = 0
    told: list[StoryEvent] = field(default_factory=list[StoryEvent])

    def command(self, row: Row) -> None:
        """Add a command of a person."""
        kind = row["kind"]
        if kind in _ASKED:
            self.asked = _ASKED[kind]
        elif kind != "updated":
            self.asked = ""
        place = Place(row["time"], _COMMAND, row["version"])
        actor = row["actor"] or UNKNOWN_ACTOR
        self._tell(place, kind, row["detail"], version=row["version"], actor=actor)

    def start(self, row: Row) -> None:
        """Add the start of an attempt."""
        if row["run"] != self.run:
            self.run, self.before = row["run"], ("", None)
        facts = _attempt(row)
        after, failure = self.before
        kind = "started"
        if after:
            kind = "retried" if after in {"attempt_failed", "postponed"} else "continued"
            facts["after"] = after
            if failure is not None:
                facts |= {"reason": failure.reason, "message": _short(failure.message)}
        if row["run"] > 1:
            facts["run"] = row["run"]
        self._tell(Place(row["start_time"], _START, row["lease_epoch"]), kind, facts)

    def stage(self, row: Row) -> None:
        """Add a finished stage."""
        self._tell(Place(row["end_time"], _STAGE, row["position"]), "stage_finished", {"stage": row["stage"]})

    def end(self, row: Row) -> None:
        """Add the end of an attempt, and that of the task if it ended too."""
        word, failure = str(row["execution_result"]), read_failure(row["failure"])
        place = Place(row["end_time"], _END, row["lease_epoch"])
        facts = _attempt(row)
        asked, self.asked = self.asked, ""
        if word == "success":
            if row["run"] == self.task.run:
                self._last_stage(row)
            self._tell(place, "completed", facts | self._warnings(row))
            self.before = ("completed", None)
            return
        kind = {"failed": "attempt_failed", "paused": "released", "cancelled": "released"}.get(word, word)
        if word == "released" and failure is not None:
            kind = "postponed"
        self.before = (kind, failure)
        if failure is not None and row["lease_epoch"] in self.final:
            if kind in {"lost", "undelivered"}:
                self._tell(place, kind, facts)
            self._tell(place._replace(step=1), "failed", facts | _why(failure) | self._warnings(row))
            return
        if kind == "released" and asked:
            self._tell(place, asked, facts)
            self.before = (asked, None)
            return
        if failure is not None:
            facts |= _why(failure)
            if row["lease_epoch"] == self.last and self.task.HasField("due_time"):
                facts["retry_at"] = to_datetime(self.task.due_time).isoformat()
        self._tell(place, kind, facts)
        if asked:
            self._tell(place._replace(step=1), asked, _attempt(row))

    def _last_stage(self, row: Row) -> None:
        """Add the end of the last stage: its row has none, it ends with its task."""
        if self.task.stage and TaskState.of(self.task.task_status) is TaskState.COMPLETED:
            place = Place(row["end_time"], _STAGE, len(self.task.stages))  # after the earlier stages
            self._tell(place, "stage_finished", {"stage": self.task.stage})

    def _warnings(self, row: Row) -> dict[str, Any]:
        """Warnings since the task last began from its first stage; that restart's event has the earlier ones."""
        if row["run"] != self.task.run or not self.task.warning_counts:
            return {}
        return {"warnings": dict(self.task.warning_counts)}

    def _tell(
        self, place: Place, kind: str, detail: Mapping[str, Any] | str, *, version: int = 0, actor: str = ""
    ) -> None:
        text = detail if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)
        event = TaskEvent(
            time=to_timestamp(place.time_us), kind=kind, detail_json=text, version=version, actor=actor
        )
        self.told.append(StoryEvent(place, event))


def tell(
    task: Task, commands: Sequence[Row], attempts: Sequence[Row], stages: Iterable[Row]
) -> list[StoryEvent]:
    """Put a task's story together, oldest first; its creation is always the first."""
    last = max((row["lease_epoch"] for row in attempts), default=0)
    teller = Teller(task, _final_attempts(task, commands, attempts), last)
    happened: list[tuple[Place, Callable[[Row], None], Row]] = [
        *((Place(row["time"], _COMMAND, row["version"]), teller.command, row) for row in commands),
        *((Place(row["start_time"], _START, row["lease_epoch"]), teller.start, row) for row in attempts),
        *(
            (Place(row["end_time"], _END, row["lease_epoch"]), teller.end, row)
            for row in attempts
            if row["end_time"] is not None
        ),
        *(
            (Place(row["end_time"], _STAGE, row["position"]), teller.stage, row)
            for row in stages
            if row["end_time"] is not None
        ),
    ]
    for _, say, row in sorted(happened, key=lambda one: one[0]):
        say(row)
    created_us = from_timestamp(task.submit_time)
    facts = json.dumps({"task_type": task.task_type, "queue": task.queue}, ensure_ascii=False)
    event = TaskEvent(time=task.submit_time, kind="created", detail_json=facts, version=1)
    # `submit_time` is by the submitter's clock, which may be ahead: the creation still comes first.
    first_us = min([created_us, *(one.place.time_us for one in teller.told[:1])])
    return [StoryEvent(Place(first_us, _CREATED, 0), event), *teller.told]


def after(story: Sequence[StoryEvent], cursor: str) -> Sequence[StoryEvent]:
    """The events after the one that a cursor names, even if that one is no longer stored.

    Raises:
        ValueError: `cursor` is not a cursor.
    """
    if not cursor:
        return story
    place = Place(*map(int, cursor.split(":")))
    return [one for one in story if one.place > place]


def _final_attempts(task: Task, commands: Sequence[Row], attempts: Sequence[Row]) -> frozenset[int]:
    """Attempts followed only by a restart or a deletion, or by nothing: if one failed, the task failed with it."""
    last_of_run = {row["run"]: row for row in sorted(attempts, key=lambda row: row["lease_epoch"])}
    found: set[int] = set()
    for run, row in last_of_run.items():
        if row["end_time"] is None:
            continue
        later = [one for one in commands if one["time"] >= row["end_time"] and one["kind"] != "updated"]
        first = min(later, key=lambda one: one["version"], default=None)
        if run < task.run:
            is_final = first is not None and first["kind"] in {"restarted", "deleted"}
        else:
            is_final = TaskState.of(task.task_status) is TaskState.FAILED
        if is_final:
            found.add(row["lease_epoch"])
    return frozenset(found)


def _attempt(row: Row) -> dict[str, Any]:
    return {"attempt": row["lease_epoch"], "executor": row["executor_id"]}


def _why(failure: Failure) -> dict[str, Any]:
    facts = {
        "stage": failure.stage,
        "reason": failure.reason,
        "error_type": failure.error_type,
        "message": _short(failure.message),
    }
    return {name: value for name, value in facts.items() if value}


def _short(message: str) -> str:
    return cut_text(message, _MESSAGE_BYTES)

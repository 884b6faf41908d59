"""One task while a transition applies commands to it: its facts so far, and everything to write."""

from __future__ import annotations

from dataclasses import dataclass, field

from asynctask_core.error_fingerprint import error_fingerprint
from asynctask_core.lifecycle.decide import Command, decide
from asynctask_core.lifecycle.decision import Decision, TaskEffect
from asynctask_core.lifecycle.standing import standing_of
from asynctask_core.states import AttemptResult, TaskState
from asynctask_core.task import TaskFacts, TypeRules
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_registry.ledger.facts import TaskRow
from asynctask_registry.ledger.failures import read_failure
from asynctask_registry.ledger.stages import StageWrite
from asynctask_registry.ledger.task_warnings import WarningFold
from asynctask_registry.ledger.transition.moves import moves_of
from asynctask_registry.ledger.transition.writing import AttemptEnding, HistoryEvent, TaskWrite


@dataclass(slots=True)
class OpenTask:
    """A locked task. Where `result`, `failure`, `reason` or `labels` is None, the stored value stays."""

    known: TaskRow
    facts: TaskFacts
    rules: TypeRules
    result: str | None = None
    failure: str | None = None
    reason: str | None = None
    labels: str | None = None
    forget: bool = False
    has_started: bool = False
    stages: dict[str, StageWrite] = field(default_factory=dict[str, StageWrite])
    endings: list[AttemptEnding] = field(default_factory=list[AttemptEnding])
    history: list[HistoryEvent] = field(default_factory=list[HistoryEvent])
    effects: list[TaskEffect] = field(default_factory=list[TaskEffect])
    warnings: WarningFold | None = None
    """None while the task has no warnings."""
    kept_stages: set[str] | None = None
    """Names of the stages with stored rows; None while its events name only stages of its type."""

    @classmethod
    def of(cls, known: TaskRow, rules: TypeRules) -> OpenTask:
        """Open a task with its facts in Postgres."""
        return cls(known, known.facts, rules)

    def decide(self, command: Command) -> Decision:
        """Let the life cycle decide, and apply its decision to this object.

        Raises:
            WrongState, AttemptSuperseded, TaskNotFound: the command does not fit; nothing has changed.
        """
        decision = decide(self.facts, command, self.rules, self.known.now_us)
        self.facts = decision.facts
        self.forget = self.forget or decision.forget
        self.effects += decision.effects
        return decision

    def take_effects(self) -> list[TaskEffect]:
        """Return the effects on other tasks, each only once."""
        effects, self.effects = self.effects, []
        return effects

    def end_attempt(self, attempt_id: bytes, result: AttemptResult, failure: str | None = None) -> None:
        """Note in history how the attempt ended; `failure` is the JSON of a Failure."""
        self.endings.append(AttemptEnding(attempt_id, result.value, failure))

    def note(self, kind: str, detail: str = "{}", *, request_id: str = "", actor: str = "") -> None:
        """Note in `task_events` what was decided; `detail` is a JSON object, the rest belongs to the command."""
        facts = self.facts
        self.history.append(HistoryEvent(facts.task_id, facts.version, kind, detail, request_id, actor))

    @property
    def has_changed(self) -> bool:
        """True when there is something to write."""
        return self.facts is not self.known.facts

    @property
    def has_news(self) -> bool:
        """True when the version changed: recording an event alone does not change it."""
        return self.facts.version != self.known.facts.version

    @property
    def standing(self) -> Standing:
        """Where the task belongs in Redis now."""
        return standing_of(self.facts, self.known.now_us)

    @property
    def write(self) -> TaskWrite:
        """The new row."""
        counts = self.warnings.counts_json if self.warnings is not None else None
        return TaskWrite(
            self.facts,
            self.result,
            self.failure,
            self.reason,
            self.labels,
            counts,
            moves_of(
                self.known.facts,
                self.facts,
                {ending.result for ending in self.endings},
                has_started=self.has_started,
            ),
            forget=self.forget,
            fingerprint=self._fingerprint,
        )

    @property
    def _fingerprint(self) -> str:
        """See `TaskWrite.fingerprint`."""
        failure = read_failure(self.failure) if self.facts.state is TaskState.FAILED else None
        return "" if failure is None else error_fingerprint(self.facts.task_type, failure)

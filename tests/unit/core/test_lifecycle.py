"""The life cycle, command by command and as a model: the table holds for every command in every order."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from asynctask_core import limits, state_words, task
from asynctask_core.commands import Checkpointed, Ended, StageFinished, Start
from asynctask_core.errors import AsyncTaskError, AttemptSuperseded, TaskNotFound, WrongState
from asynctask_core.lifecycle import by_people
from asynctask_core.lifecycle.by_people import Cancel, Delete, Pause, Restart, Resume, Update
from asynctask_core.lifecycle.decide import Command, decide
from asynctask_core.lifecycle.decision import Decision
from asynctask_core.lifecycle.standing import standing_of
from asynctask_core.retry import RetryPolicy
from asynctask_core.states import (
    ALLOWED,
    RESERVED,
    AttemptResult,
    ItemState,
    Requested,
    TaskState,
    WaitingFor,
)
from asynctask_core.task import TaskFacts, TypeRules
from asynctask_protos.registry.v1.standing_pb2 import PLACE_LEASED, PLACE_NOWHERE, PLACE_READY, PLACE_TIMED

NOW = 1_800_000_000_000_000
TASK, ATTEMPT, OTHER = b"t" * 16, b"a" * 16, b"b" * 16
RULES = TypeRules(retry=RetryPolicy(max_attempts=3, initial_delay_ms=1000))
S = TaskState


def a_task(state: TaskState = S.QUEUED, **changes: object) -> TaskFacts:
    facts = TaskFacts(
        TASK, state, version=7, queue="default", task_type="copy", priority=3, ready_at_us=NOW - 5_000_000
    )
    if state is S.RUNNING:
        facts = replace(facts, attempt_id=ATTEMPT, executor_id="host-1", epoch=1, attempt_count=1)
    if state is S.PENDING:
        facts = replace(facts, waiting_for=WaitingFor.RETRY, due_at_us=NOW + 10_000_000)
    return replace(facts, **changes)


def after(facts: TaskFacts, *commands: Command, now_us: int = NOW) -> TaskFacts:
    for command in commands:
        facts = decide(facts, command, RULES, now_us).facts
    return facts


def ended(result: AttemptResult, **facts: object) -> Ended:
    return Ended(ATTEMPT, result, **facts)  # pyright: ignore[reportArgumentType]


def test_words_of_states_are_those_of_the_enums() -> None:
    assert [word for word in TaskState if word not in RESERVED] == list(state_words.TASK_STATES)
    assert [word for word in TaskState if word in RESERVED] == list(state_words.RESERVED_TASK_STATES)
    assert {word for word in TaskState if word.is_final} == set(state_words.FINAL_TASK_STATES)
    assert list(ItemState) == list(state_words.ITEM_STATES)


@pytest.mark.parametrize("name", by_people.COMMANDS)
def test_command_fits_the_states_in_which_it_changes_something(name: str) -> None:
    """Fails when the shell offers tasks that a command refuses, or leaves out some that it is for."""
    forms: dict[str, list[Command]] = {
        "pause": [Pause()],
        "resume": [Resume()],
        "cancel": [Cancel()],
        "restart": [Restart()],
        "update": [Update(1), Update()],
        "delete": [Delete(), Delete(force=True)],
    }
    fitting: list[str] = []
    for word in state_words.TASK_STATES:
        for requested in (None, Requested.PAUSE) if word == "running" else (None,):
            facts = a_task(TaskState(word), requested=requested)
            for command in forms[name]:
                with suppress(WrongState):
                    if decide(facts, command, RULES, NOW).facts is not facts:
                        fitting.append(word)
    assert set(fitting) == set(by_people.COMMANDS[name].fits)


def test_reserved_words_are_those_that_no_command_produces() -> None:
    """Fails when something begins to produce a word that people are told is reserved."""
    commands: list[Command] = [
        Start(OTHER, "host-2"), Checkpointed(ATTEMPT, 1), StageFinished(ATTEMPT, 1, "next"), Pause(), Resume(),
        Cancel(), Restart(), Restart(from_checkpoint=True), Delete(), Delete(force=True), Update(1),
        *(ended(result, retryable=retryable, retry_after_ms=ms)
          for result in AttemptResult for retryable in (True, False) for ms in (0, 5000)),
    ]  # fmt: skip
    produced: set[TaskState | WaitingFor | None] = {S.PENDING, WaitingFor.START_TIME}
    for state in S:
        for requested in (None, *Requested):
            for error_count in (0, 1):
                facts = a_task(state, requested=requested, error_count=error_count)
                for command in commands:
                    try:
                        decided = decide(facts, command, RULES, NOW).facts
                    except AsyncTaskError:
                        continue
                    if decided is not facts and decided.state is not state:
                        produced |= {decided.state, decided.waiting_for}
    words: set[TaskState | WaitingFor] = {*S, *WaitingFor}
    assert words - produced == RESERVED


def test_what_keeps_the_version_changes_only_how_far_events_are_recorded() -> None:
    """The registry writes no other column then. Fails when a command changes more of a task without a new version."""
    commands: list[Command] = [
        Start(ATTEMPT, "host-2"), Checkpointed(ATTEMPT, 4), Checkpointed(ATTEMPT, 4, is_news=True),
        StageFinished(ATTEMPT, 4, "next"), Pause(), Resume(), Cancel(), Restart(), Delete(), Delete(force=True),
        Update(1), *(ended(result, sequence=4, retryable=True, retry_after_ms=ms)
                     for result in AttemptResult for ms in (0, 5000)),
    ]  # fmt: skip
    kept: set[type] = set()
    for state in S:
        for requested in (None, *Requested):
            facts = a_task(state, requested=requested, lost_count=1, undelivered_count=1, last_event=3)
            for command in commands:
                try:
                    decided = decide(facts, command, RULES, NOW).facts
                except AsyncTaskError:
                    continue
                if decided is not facts and decided.version == facts.version:
                    kept.add(type(command))
                    recorded = {
                        name: getattr(decided, name)
                        for name in ("last_event", "lost_count", "undelivered_count")
                    }
                    assert decided == replace(facts, **recorded), command
    assert kept == {Checkpointed}


def test_facts_are_replaced_as_dataclasses_do_it() -> None:
    facts = a_task(S.RUNNING)
    changes = {"stage": "copy", "due_at_us": NOW, "requested": Requested.PAUSE, "postpone_count": 2}
    assert task.replace(facts, **changes) == replace(facts, **changes)
    with pytest.raises(KeyError):
        task.replace(facts, no_such_fact=1)


def test_queued_task_starts_under_the_attempt_and_its_epoch_grows() -> None:
    started = after(a_task(), Start(ATTEMPT, "host-1"))
    assert (started.state, started.attempt_id, started.epoch, started.attempt_count) == (
        S.RUNNING,
        ATTEMPT,
        1,
        1,
    )


def test_starting_twice_under_one_attempt_changes_nothing() -> None:
    started = after(a_task(), Start(ATTEMPT, "host-1"))
    assert decide(started, Start(ATTEMPT, "host-1"), RULES, NOW).facts is started


def test_a_second_attempt_is_refused_while_the_first_runs() -> None:
    with pytest.raises(AttemptSuperseded):
        decide(a_task(S.RUNNING), Start(OTHER, "host-2"), RULES, NOW)


def test_pending_task_starts_once_its_due_time_has_passed_and_not_before() -> None:
    pending = a_task(S.PENDING)
    with pytest.raises(WrongState):
        decide(pending, Start(ATTEMPT, "host-1"), RULES, NOW)
    assert after(pending, Start(ATTEMPT, "host-1"), now_us=NOW + 10_000_000).state is S.RUNNING


@pytest.mark.parametrize("state", [S.PAUSED, S.COMPLETED, S.FAILED, S.CANCELLED, S.AWAITING_APPROVAL])
def test_task_that_is_not_ready_cannot_start(state: TaskState) -> None:
    with pytest.raises(WrongState):
        decide(a_task(state), Start(ATTEMPT, "host-1"), RULES, NOW)


@pytest.mark.parametrize(
    "command",
    [Checkpointed(OTHER, 1), StageFinished(OTHER, 1, "next"), Ended(OTHER, AttemptResult.SUCCESS)],
    ids=lambda command: type(command).__name__,
)
def test_another_attempt_changes_nothing(command: Command) -> None:
    with pytest.raises(AttemptSuperseded):
        decide(a_task(S.RUNNING), command, RULES, NOW)


def test_error_is_retried_after_its_delay_and_keeps_its_place_in_the_queue() -> None:
    running = a_task(S.RUNNING)
    failed = after(running, ended(AttemptResult.FAILED, draw=0.0))
    assert (failed.state, failed.waiting_for, failed.due_at_us) == (
        S.PENDING,
        WaitingFor.RETRY,
        NOW + 500_000,
    )
    assert failed.ready_at_us == running.ready_at_us


def test_peer_that_asks_for_time_gets_it() -> None:
    failed = after(a_task(S.RUNNING), ended(AttemptResult.FAILED, retry_after_ms=60_000))
    assert failed.due_at_us == NOW + 60_000_000


def test_handler_that_postpones_its_task_uses_up_no_retry_and_is_waited_for() -> None:
    facts = a_task(S.RUNNING, error_count=2)
    later = after(facts, ended(AttemptResult.RELEASED, retry_after_ms=30_000))
    assert (later.state, later.waiting_for, later.due_at_us) == (
        S.PENDING,
        WaitingFor.RETRY,
        NOW + 30_000_000,
    )
    assert (later.error_count, later.release_count) == (2, 1)
    assert later.ready_at_us == facts.ready_at_us
    paused = after(later, Pause(), Resume())
    assert (paused.state, paused.waiting_for) == (S.PENDING, WaitingFor.RETRY)


@pytest.mark.parametrize(("asked", "state"), [(Pause(), S.PAUSED), (Cancel(), S.CANCELLED)])
def test_postponed_task_obeys_what_was_asked_meanwhile(asked: Command, state: TaskState) -> None:
    running = a_task(S.RUNNING, postpone_count=limits.POSTPONES)
    assert after(running, asked, ended(AttemptResult.RELEASED, retry_after_ms=1)).state is state


def test_task_is_not_postponed_for_ever_nor_in_a_busy_loop_nor_for_years() -> None:
    """Fails when a task whose disk never comes back starts and stops without an end."""
    last = a_task(S.RUNNING, postpone_count=limits.POSTPONES - 1)
    assert after(last, ended(AttemptResult.RELEASED, retry_after_ms=1)).state is S.FAILED
    given_back = after(last, ended(AttemptResult.RELEASED))
    assert (given_back.state, given_back.postpone_count) == (S.QUEUED, limits.POSTPONES - 1)
    often_given_back = a_task(S.RUNNING, release_count=limits.POSTPONES)
    assert after(often_given_back, ended(AttemptResult.RELEASED, retry_after_ms=1)).state is S.PENDING
    hasty = after(a_task(S.RUNNING), ended(AttemptResult.RELEASED, retry_after_ms=1))
    assert hasty.due_at_us == NOW + limits.POSTPONE_LEAST_MS * 1000
    late = after(a_task(S.RUNNING), ended(AttemptResult.RELEASED, retry_after_ms=2**53))
    assert late.due_at_us == NOW + limits.POSTPONE_MOST_MS * 1000


def test_errors_end_the_task_when_the_policy_is_used_up() -> None:
    assert after(a_task(S.RUNNING, error_count=2), ended(AttemptResult.FAILED)).state is S.FAILED
    assert after(a_task(S.RUNNING), ended(AttemptResult.FAILED, retryable=False)).state is S.FAILED


def test_losses_use_up_only_the_crash_budget_and_a_checkpoint_refills_it() -> None:
    lost = after(a_task(S.RUNNING, lost_count=1), ended(AttemptResult.LOST))
    assert (lost.state, lost.lost_count, lost.error_count) == (S.QUEUED, 2, 0)
    dead = decide(a_task(S.RUNNING, lost_count=2), ended(AttemptResult.LOST), RULES, NOW)
    assert (dead.facts.state, dead.failure_reason) == (S.FAILED, "EXECUTOR_LOST")
    assert after(a_task(S.RUNNING, lost_count=2), Checkpointed(ATTEMPT, 1)).lost_count == 0


def test_excused_losses_and_releases_use_up_nothing() -> None:
    for command in (
        ended(AttemptResult.LOST, excused=True),
        ended(AttemptResult.UNDELIVERED, excused=True),
        ended(AttemptResult.RELEASED),
    ):
        back = after(a_task(S.RUNNING, lost_count=2, undelivered_count=9), command)
        assert (back.state, back.lost_count, back.undelivered_count, back.error_count) == (S.QUEUED, 2, 9, 0)
        assert back.ready_at_us == a_task().ready_at_us  # its place in the line, law 5


def test_attempts_that_were_never_renewed_have_a_budget_of_their_own() -> None:
    back = after(a_task(S.RUNNING, lost_count=2), ended(AttemptResult.LOST, renewed=False))
    assert (back.state, back.lost_count, back.undelivered_count) == (S.QUEUED, 2, 1)
    dead = decide(a_task(S.RUNNING, undelivered_count=9), ended(AttemptResult.UNDELIVERED), RULES, NOW)
    assert (dead.facts.state, dead.failure_reason) == (S.FAILED, "UNDELIVERED")


@pytest.mark.parametrize(
    ("requested", "state"),
    [(Requested.PAUSE, S.PAUSED), (Requested.CANCEL, S.CANCELLED)],
    ids=["pause", "cancel"],
)
@pytest.mark.parametrize(
    "result", [AttemptResult.LOST, AttemptResult.RELEASED, AttemptResult.UNDELIVERED, AttemptResult.FAILED]
)
def test_request_takes_the_place_of_going_on(
    requested: Requested, state: TaskState, result: AttemptResult
) -> None:
    """Law 9. Fails when `_stopped` is left out of any end."""
    stopped = after(a_task(S.RUNNING, requested=requested), ended(result))
    assert (stopped.state, stopped.requested, stopped.attempt_id) == (state, None, None)


@pytest.mark.parametrize("requested", list(Requested))
def test_completion_and_final_failure_win_over_a_request(requested: Requested) -> None:
    running = a_task(S.RUNNING, requested=requested)
    assert after(running, ended(AttemptResult.SUCCESS)).state is S.COMPLETED
    assert after(running, ended(AttemptResult.FAILED, retryable=False)).state is S.FAILED


def test_stop_for_a_withdrawn_request_gives_the_task_back() -> None:
    back = after(a_task(S.RUNNING), Pause(), Resume(), ended(AttemptResult.PAUSED))
    assert back.state is S.QUEUED


def test_cancel_replaces_a_pause_and_nothing_withdraws_it() -> None:
    cancelling = after(a_task(S.RUNNING), Pause(), Cancel())
    assert cancelling.requested is Requested.CANCEL
    for command in (Pause(), Resume()):
        with pytest.raises(WrongState, match="cannot be withdrawn; restart it once it is cancelled"):
            decide(cancelling, command, RULES, NOW)


def test_pause_and_cancel_may_be_repeated() -> None:
    paused, cancelled = a_task(S.PAUSED), a_task(S.CANCELLED)
    assert decide(paused, Pause(), RULES, NOW).facts is paused
    assert decide(cancelled, Cancel(), RULES, NOW).facts is cancelled


@pytest.mark.parametrize("state", [S.PENDING, S.QUEUED, S.RUNNING])
def test_resume_may_be_repeated(state: TaskState) -> None:
    """Fails when a script that repeats a resume after a timeout is told that the first one made it wrong."""
    resumed = a_task(state)
    assert decide(resumed, Resume(), RULES, NOW) == Decision(resumed)


def test_paused_retry_waits_for_its_time_again_when_resumed_early() -> None:
    failed = after(a_task(S.RUNNING), ended(AttemptResult.FAILED), Pause())
    assert failed.state is S.PAUSED
    assert after(failed, Resume()).waiting_for is WaitingFor.RETRY
    assert after(failed, Resume(), now_us=NOW + 3_600_000_000).state is S.QUEUED


def test_restart_begins_a_new_run_from_the_start_or_the_checkpoint() -> None:
    failed = a_task(S.FAILED, stage="transfer", error_count=3, lost_count=1, postpone_count=9)
    fresh = decide(failed, Restart(), RULES, NOW)
    assert (fresh.facts.state, fresh.facts.run, fresh.facts.stage, fresh.forget) == (S.QUEUED, 2, "", True)
    assert (fresh.facts.error_count, fresh.facts.lost_count, fresh.facts.postpone_count) == (0, 0, 0)
    assert fresh.facts.ready_at_us == NOW
    kept = decide(failed, Restart(from_checkpoint=True), RULES, NOW)
    assert (kept.facts.stage, kept.forget) == ("transfer", False)


def test_restart_before_the_start_time_waits_for_it_unless_told() -> None:
    delayed = a_task(
        S.PENDING,
        waiting_for=WaitingFor.START_TIME,
        due_at_us=NOW + 3_600_000_000,
        ready_at_us=NOW + 3_600_000_000,
    )
    cancelled = after(delayed, Cancel())
    again = after(cancelled, Restart())
    assert (again.state, again.waiting_for) == (S.PENDING, WaitingFor.START_TIME)
    assert (again.due_at_us, again.ready_at_us) == (delayed.due_at_us, delayed.ready_at_us)
    assert standing_of(again, NOW).place == PLACE_TIMED
    now = after(cancelled, Restart(start_now=True))
    assert (now.state, now.waiting_for, now.due_at_us, now.ready_at_us) == (S.QUEUED, None, None, NOW)
    late = after(cancelled, Restart(), now_us=NOW + 3_600_000_001)
    assert (late.state, late.ready_at_us) == (S.QUEUED, NOW + 3_600_000_001)


def test_delete_hides_final_tasks_and_with_force_others_once_cancelled() -> None:
    assert after(a_task(S.COMPLETED), Delete()).deleted
    with pytest.raises(WrongState):
        decide(a_task(S.QUEUED), Delete(), RULES, NOW)
    assert after(a_task(S.QUEUED), Delete(force=True)).deleted
    running = after(a_task(S.RUNNING), Delete(force=True))
    assert (running.deleted, running.requested) == (False, Requested.CANCEL)
    assert after(running, ended(AttemptResult.CANCELLED)).deleted


def test_deleted_task_knows_no_command() -> None:
    for command in (Pause(), Resume(), Cancel(), Restart(), Delete(), Update(2)):
        with pytest.raises(TaskNotFound):
            decide(a_task(S.COMPLETED, deleted=True), command, RULES, NOW)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("command", [Pause(), Resume(), Cancel(), Restart(), Delete(), Update(2)])
def test_refused_command_says_where_the_task_stands_what_is_allowed_and_what_to_do(
    state: TaskState, command: Command
) -> None:
    """Fails when a command is refused with the state alone: nobody knows then what to do instead."""
    refused = ""
    try:
        decide(a_task(state), command, RULES, NOW)
    except WrongState as error:
        refused = error.message
    stands = "it has failed" if state is S.FAILED else f"it is {state}"
    assert not refused or f"{stands}; only " in refused
    assert not refused or state.is_final or "cancel it first" in refused


def test_priority_of_a_final_task_cannot_change() -> None:
    assert after(a_task(), Update(1)).priority == 1
    with pytest.raises(WrongState):
        decide(a_task(S.FAILED), Update(1), RULES, NOW)


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        (a_task(S.QUEUED), PLACE_READY),
        (a_task(S.PENDING), PLACE_TIMED),
        (a_task(S.PENDING, due_at_us=None, waiting_for=WaitingFor.DEPENDENCIES), PLACE_NOWHERE),
        (a_task(S.RUNNING), PLACE_LEASED),
        (a_task(S.PAUSED), PLACE_NOWHERE),
        (a_task(S.AWAITING_APPROVAL), PLACE_NOWHERE),
        (a_task(S.COMPLETED), PLACE_NOWHERE),
    ],
)
def test_every_state_has_its_place(facts: TaskFacts, place: int) -> None:
    standing = standing_of(facts, NOW)
    assert (standing.place, standing.version) == (place, facts.version)


def test_due_in_is_rounded_up_so_that_no_timer_fires_early() -> None:
    standing = standing_of(a_task(S.PENDING, due_at_us=NOW + 1), NOW)
    assert standing.due_in_ms == 1


ENDINGS = st.builds(
    Ended,
    st.sampled_from([ATTEMPT, OTHER]),
    st.sampled_from(list(AttemptResult)),
    retryable=st.booleans(),
    retry_after_ms=st.integers(0, 10_000),
    draw=st.floats(0, 1, exclude_max=True),
    renewed=st.booleans(),
    excused=st.booleans(),
)
COMMANDS = st.one_of(
    st.builds(Start, st.sampled_from([ATTEMPT, OTHER]), st.just("host-1")),
    st.builds(Checkpointed, st.sampled_from([ATTEMPT, OTHER]), st.just(1)),
    st.builds(StageFinished, st.sampled_from([ATTEMPT, OTHER]), st.just(1), st.just("next")),
    ENDINGS,
    st.sampled_from([Pause(), Resume(), Cancel(), Restart(), Restart(from_checkpoint=True)]),
    st.sampled_from([Delete(), Delete(force=True), Update(1), Update(5), Update()]),
)


class TaskMachine(RuleBasedStateMachine):
    """A task that anything happens to."""

    facts: TaskFacts
    now_us: int

    @initialize(delayed=st.booleans())
    def created(self, delayed: bool) -> None:
        self.now_us = NOW
        self.facts = a_task(S.PENDING, waiting_for=WaitingFor.START_TIME) if delayed else a_task()

    @rule(command=COMMANDS)
    def happens(self, command: Command) -> None:
        before = self.facts
        try:
            decision = decide(before, command, RULES, self.now_us)
        except AsyncTaskError:
            return
        self.check(before, command, decision)
        self.facts = decision.facts

    @rule(seconds=st.integers(0, 600))
    def time_passes(self, seconds: int) -> None:
        self.now_us += seconds * 1_000_000

    def check(self, before: TaskFacts, command: Command, decision: Decision) -> None:
        after = decision.facts
        if after.state is not before.state:
            assert after.state in ALLOWED[before.state], f"{before.state} → {after.state} by {command}"
        # A checkpoint changes nothing that Redis or a watcher knows; everything else visible has a new version.
        if after is not before and not isinstance(command, Checkpointed):
            assert after.version == before.version + 1
        if before.requested is Requested.CANCEL and after.state is not S.RUNNING:
            assert after.state.is_final
        if before.state is S.RUNNING and after.state is S.RUNNING:
            assert after.attempt_id == before.attempt_id

    @invariant()
    def hangs_together(self) -> None:
        if not hasattr(self, "facts"):
            return
        facts = self.facts
        assert (facts.attempt_id is not None) == (facts.state is S.RUNNING)
        assert (facts.waiting_for is not None) == (facts.state is S.PENDING)
        assert facts.requested is None or facts.state is S.RUNNING
        assert not facts.deleted or facts.state.is_final
        if facts.state is S.QUEUED:
            assert facts.ready_at_us is not None
            assert facts.due_at_us is None
        if facts.state.is_final:
            assert facts.due_at_us is None
        assert standing_of(facts, self.now_us).task_id == TASK


TaskMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
test_task_machine = TaskMachine.TestCase


@given(COMMANDS)
def test_final_states_are_left_only_by_a_restart(command: Command) -> None:
    for state in (S.COMPLETED, S.FAILED, S.CANCELLED):
        facts = a_task(state)
        try:
            changed = decide(facts, command, RULES, NOW).facts
        except AsyncTaskError:
            continue
        assert changed.state is state or isinstance(command, Restart)

"""Random lives: the model and real Redis go the same way, and the laws hold at every step.

The registry's part is played by a small ledger that guards starts as the real one does: an attempt starts only if the
task may start, and every change makes a new version. Answers are delivered late, twice, or never.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from asynctask_core.ids import new_id
from asynctask_core.limits import LEASE_MS
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_scheduler.queue.answers import Lane, Lease, LeaseState, SessionVerdict
from asynctask_scheduler.queue.apply import pack_lane
from tests.contract.queue.conftest import make_lab
from tests.contract.queue.lab import Bench, Lab, ModelLab, RedisLab, a_leased, a_nowhere, a_ready, a_timed
from tests.support.queue_model import QueueModel
from tests.support.whole_queue import WholeQueue

T = TypeVar("T")

EXECUTORS = ("e0", "e1")
KINDS: tuple[Lane, ...] = (("default", "noop"), ("default", "limited"), ("other", "limited"))
SLOTS = 4
LIMITS = {"limited": 3}
TASKS = 12
# Even seconds pass, and leases and timers last odd ones: nothing is due in the very moment that is reached. There the
# real time would decide that a slow machine takes for a step, which Redis counts and the model does not.
PASSED_MS = (2_000, 4_000, LEASE_MS + 1_000)
SOON_MS, LATER_MS, FAR_MS = 5_000, 21_000, 2_000_000
assert LEASE_MS % 2_000 == SOON_MS % 2_000 == LATER_MS % 2_000 == 1_000


class Registry:
    """What is true: for every task its version, where it stands, and which attempts have ended."""

    def __init__(self) -> None:
        self.standings: dict[bytes, Standing] = {}
        self.ended: set[bytes] = set()

    def put(self, standing: Standing) -> Standing:
        before = self.standings.get(standing.task_id)
        standing.version = before.version + 1 if before else 1
        self.standings[standing.task_id] = standing
        return standing

    def start(self, task_id: bytes, attempt_id: bytes, executor_id: str) -> tuple[bool, Standing | None]:
        now = self.standings.get(task_id)
        if now is None:
            return False, None
        startable = now.place in (2, 3) and attempt_id not in self.ended
        if startable:
            lane = (now.queue, now.task_type)
            now = self.put(a_leased(task_id, attempt_id, executor_id=executor_id, lane=lane))
        return now.attempt_id == attempt_id, now

    def end(self, task_id: bytes, attempt_id: bytes, lane: Lane, *, final: bool) -> Standing | None:
        self.ended.add(attempt_id)
        now = self.standings.get(task_id)
        if now and now.attempt_id == attempt_id:
            now = self.put(a_nowhere(task_id) if final else a_ready(task_id, lane=lane))
        return now


class QueueLives(RuleBasedStateMachine):
    """One story, told to the model and to Redis at once."""

    redis_lab: RedisLab
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.labs: list[Lab] = [ModelLab(), self.redis_lab]
        self.registry = Registry()
        self.lanes: dict[bytes, Lane] = {}
        self.undelivered: list[Standing] = []
        self.unanswered: list[tuple[str, Lease]] = []
        self.running: list[tuple[str, Lease]] = []
        self.sessions: dict[str, list[int]] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def both(self, call: str, *arguments: Any, **keywords: Any) -> Any:
        """Call both queues; their answers must be the same."""
        model, real = (self.run(getattr(lab.queue, call)(*arguments, **keywords)) for lab in self.labs)
        assert model == real, call
        return model

    @initialize()
    def begin(self) -> None:
        self.run(self.redis_lab.flush())
        for lab in self.labs:
            bench = Bench(lab)
            self.run(bench.limit(**LIMITS))
            self.run(bench.mark())
        for executor in EXECUTORS:
            self.sessions[executor] = [self.run(Bench(lab).open(executor, SLOTS)) for lab in self.labs]

    # The registry

    @precondition(lambda self: len(self.lanes) < TASKS)
    @rule(
        lane=st.sampled_from(KINDS),
        priority=st.integers(1, 5),
        due_in_ms=st.sampled_from([0, LATER_MS, FAR_MS]),
    )
    def submit(self, lane: Lane, priority: int, due_in_ms: int) -> None:
        task_id = new_id()
        self.lanes[task_id] = lane
        standing = a_ready(task_id, priority=priority, lane=lane)
        if due_in_ms:
            standing = a_timed(task_id, due_in_ms, priority=priority, lane=lane)
        self.undelivered.append(self.registry.put(standing))

    @precondition(lambda self: bool(self.lanes))
    @rule(data=st.data(), what=st.sampled_from(["ready", "timed", "nowhere"]))
    def command(self, data: st.DataObject, what: str) -> None:
        """A person pauses, resumes, restarts or changes a task; running ones are ended at once, as a loss would."""
        task_id = data.draw(st.sampled_from(sorted(self.lanes)))
        now = self.registry.standings[task_id]
        if now.place == 4:
            self.registry.ended.add(now.attempt_id)
        lane = self.lanes[task_id]
        standing = {
            "ready": a_ready(task_id, lane=lane),
            "timed": a_timed(task_id, SOON_MS, lane=lane),
            "nowhere": a_nowhere(task_id),
        }[what]
        self.undelivered.append(self.registry.put(standing))

    @precondition(lambda self: bool(self.running))
    @rule(data=st.data(), final=st.booleans())
    def finish(self, data: st.DataObject, final: bool) -> None:
        executor, (task_id, attempt_id) = data.draw(st.sampled_from(self.running))
        self.running.remove((executor, (task_id, attempt_id)))
        ended = self.registry.end(task_id, attempt_id, self.lanes[task_id], final=final)
        assert ended
        self.undelivered.append(ended)

    # Deliveries

    @precondition(lambda self: bool(self.undelivered))
    @rule(data=st.data(), again=st.booleans())
    def deliver(self, data: st.DataObject, again: bool) -> None:
        """Some standings arrive, in any order; perhaps they come again."""
        some = data.draw(st.lists(st.sampled_from(self.undelivered), min_size=1, max_size=6))
        self.both("apply", some)
        if not again:
            self.undelivered = [one for one in self.undelivered if not any(one is other for other in some)]

    @precondition(lambda self: bool(self.lanes))
    @rule(data=st.data())
    def reconcile(self, data: st.DataObject) -> None:
        ids = data.draw(
            st.lists(st.sampled_from(sorted(self.lanes)), min_size=1, max_size=TASKS, unique=True)
        )
        self.both("apply", [self.registry.standings[task_id] for task_id in ids])

    # Schedulers

    @rule(
        executor=st.sampled_from(EXECUTORS),
        want=st.integers(1, 5),
        lanes=st.sets(st.sampled_from(KINDS), min_size=1),
    )
    def pop(self, executor: str, want: int, lanes: set[Lane]) -> None:
        expected = self.next_of(executor, sorted(lanes))
        attempts = [new_id() for _ in range(want)]
        answers = [
            self.run(lab.queue.lease(executor, session, SLOTS, sorted(lanes), attempts))
            for lab, session in zip(self.labs, self.sessions[executor], strict=True)
        ]
        assert list(answers[0].leases) == list(answers[1].leases)
        assert answers[0].blocked == answers[1].blocked
        assert answers[0].verdict is SessionVerdict.OK
        taken = {task_id for task_id, _ in answers[0].leases}
        assert taken <= expected
        assert taken == expected or len(taken) == want
        self.unanswered += [(executor, lease) for lease in answers[0].leases]

    def next_of(self, executor: str, lanes: list[Lane]) -> set[bytes]:
        """The tasks that the next pop takes, as `explain` says of each task."""
        found: set[bytes] = set()
        for task_id, lane in self.lanes.items():
            model, real = (
                self.run(
                    lab.queue.explain(
                        task_id, lane, executor_id=executor, session=session, slots=SLOTS, lanes=lanes
                    )
                )
                for lab, session in zip(self.labs, self.sessions[executor], strict=True)
            )
            assert replace(model, lease=None) == replace(real, lease=None)
            assert _untimed(model.lease) == _untimed(real.lease)
            if model.is_next:
                found.add(task_id)
        return found

    @precondition(lambda self: len(self.lanes) < TASKS)
    @rule(
        executor=st.sampled_from(EXECUTORS),
        lane=st.sampled_from(KINDS),
        count=st.integers(1, 3),
        created=st.booleans(),
    )
    def pop_ahead(self, executor: str, lane: Lane, count: int, created: bool) -> None:
        """Tasks are leased while they are created; or they are refused, and never exist."""
        leases = [(new_id(), new_id()) for _ in range(count)]
        answers = [
            self.run(lab.queue.lease_eagerly(executor, session, SLOTS, KINDS, leases, lane=lane))
            for lab, session in zip(self.labs, self.sessions[executor], strict=True)
        ]
        assert list(answers[0].leases) == list(answers[1].leases)
        assert answers[0].verdict is SessionVerdict.OK
        self.unanswered += [(executor, lease) for lease in answers[0].leases]
        for task_id, _ in leases:
            if created:
                self.lanes[task_id] = lane
                self.undelivered.append(self.registry.put(a_ready(task_id, lane=lane)))

    @precondition(lambda self: bool(self.unanswered))
    @rule(data=st.data(), late=st.booleans(), lost=st.booleans())
    def answer(self, data: st.DataObject, late: bool, lost: bool) -> None:
        """StartAttempts: its standing is applied now, or arrives later; or nobody ever hears of it."""
        executor, lease = data.draw(st.sampled_from(self.unanswered))
        self.unanswered.remove((executor, lease))
        started, standing = self.registry.start(*lease, executor)
        if lost:
            return
        if started:
            self.running.append((executor, lease))
        if standing and late:
            self.undelivered.append(standing)
        elif standing:
            self.both("apply", [standing])
        if not started:
            self.both("abandon", [lease])

    @precondition(lambda self: bool(self.running))
    @rule(data=st.data())
    def renew(self, data: st.DataObject) -> None:
        executor, lease = data.draw(st.sampled_from(self.running))
        # What is left of a lease goes by each queue's own clock.
        answers = [
            replace(self.run(lab.queue.renew(executor, session, [lease])), least_left_ms=None)
            for lab, session in zip(self.labs, self.sessions[executor], strict=True)
        ]
        assert answers[0] == answers[1]

    @rule(ms=st.sampled_from(PASSED_MS))
    def pass_time(self, ms: int) -> None:
        for lab in self.labs:
            self.run(Bench(lab).pass_time(ms))

    @rule()
    def reap(self) -> None:
        model, real = (self.run(lab.queue.expire_due(100)) for lab in self.labs)
        assert model.guarded == real.guarded
        assert {(one.attempt_id, one.renewed, one.excused, one.started) for one in model.leases} == {
            (one.attempt_id, one.renewed, one.excused, one.started) for one in real.leases
        }
        for one in sorted(model.leases, key=lambda one: one.attempt_id):
            lease = (one.task_id, one.attempt_id)
            standing = self.registry.end(*lease, self.lanes.get(one.task_id, KINDS[0]), final=False)
            self.running = [(executor, held) for executor, held in self.running if held != lease]
            if standing:
                self.both("apply", [standing])
            self.both("abandon", [lease])

    @rule()
    def promote(self) -> None:
        model, real = (self.run(lab.queue.promote(100)) for lab in self.labs)
        assert (model.count, model.ready) == (real.count, real.ready)

    # Laws

    @invariant()
    def both_stand_the_same(self) -> None:
        if not self.sessions:
            return
        self.run(self.redis_lab.stand_still())
        model, real = (self.run(lab.queue.stats()) for lab in self.labs)
        assert [(one.queue, one.task_type, one.ready, one.running) for one in model.lanes] == [
            (one.queue, one.task_type, one.ready, one.running) for one in real.lanes
        ]
        assert (model.timed, model.leases, model.expiring) == (real.timed, real.leases, real.expiring)
        queue = self.labs[0].queue
        assert isinstance(queue, QueueModel)
        assert all(len(queue.held(executor)) <= SLOTS for executor in EXECUTORS)
        assert all(queue.running(task_type) <= limit for task_type, limit in LIMITS.items())
        listed = self.run(
            self.redis_lab.queue._connection.command("SMEMBERS", self.redis_lab.queue._keys["kinds"])
        )
        assert set(listed) == {pack_lane(*lane) for lane in queue._kinds()}
        audit = self.run(self.redis_lab.queue.audit_leases(fix=False))
        assert (audit.stray_members, audit.uncounted_leases) == (0, 0)

    def teardown(self) -> None:
        """Law 1: once everything is delivered and answered, every task stands where the registry says."""
        if not self.sessions:
            return
        for lab in self.labs:
            self.run(self.settle(lab))
            drifts = self.run(lab.queue.compare(list(self.registry.standings.values())))
            assert not drifts

    async def settle(self, lab: Lab) -> None:
        queue: WholeQueue = lab.queue
        await queue.apply(list(self.registry.standings.values()))
        for _ in range(3):
            await Bench(lab).pass_time(LEASE_MS + 6_000)
            expired = await queue.expire_due(100)
            for one in expired.leases:
                lane = self.lanes.get(one.task_id, KINDS[0])
                if ended := self.registry.end(one.task_id, one.attempt_id, lane, final=False):
                    await queue.apply([ended])
            await queue.abandon([(one.task_id, one.attempt_id) for one in expired.leases])
        await queue.apply(list(self.registry.standings.values()))


def _untimed(lease: LeaseState | None) -> LeaseState | None:
    return lease and replace(lease, silent_ms=0)


@pytest.mark.parametrize("backend", ["valkey", pytest.param("redis7", marks=pytest.mark.oldstores)])
def test_model_and_redis_live_the_same_life(backend: str, request: pytest.FixtureRequest) -> None:
    """Laws 1, 2 and 6. Fails when: any verb differs from the model; it found every mistake that was planted."""
    lab = make_lab(backend, request)
    assert isinstance(lab, RedisLab)
    loop = asyncio.new_event_loop()

    class Lives(QueueLives):
        pass

    Lives.redis_lab, Lives.loop = lab, loop
    try:
        run_state_machine_as_test(
            Lives,
            settings=settings(
                max_examples=25,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
    finally:
        loop.run_until_complete(lab.close())
        loop.close()

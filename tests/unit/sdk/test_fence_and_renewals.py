"""Leases on injected clocks: when handlers stop, when the process ends, what renewals say and do."""

import ctypes
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import grpc_testing
import pytest

from asynctask._attempt.attempt import Attempt, Holdings
from asynctask._attempt.clock import ClockReading, elapsed_ms
from asynctask._executor.fence import Fence
from asynctask._executor.renewer import Renewer
from asynctask_core.ids import new_id
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.scheduler.v1 import executor_service_pb2_grpc
from asynctask_protos.task.v1 import work_pb2
from tests.unit.sdk.clock import ManualClock

LEASE_MS = 15_000


def an_attempt(clock: ManualClock, expires_in_ms: int = LEASE_MS) -> Attempt:
    assignment = work_pb2.Assignment(task_id=new_id(), attempt_id=new_id(), expires_in_ms=expires_in_ms)
    return Attempt(assignment, clock.read())


class Bench:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.attempts: list[Attempt] = []
        self.stopped: list[Attempt] = []
        self.ended = 0
        self.fence = Fence(lambda: self.attempts, self.clock, stop=self.stopped.append, end_process=self._end)

    def _end(self) -> None:
        self.ended += 1

    def hold(self, expires_in_ms: int = LEASE_MS) -> Attempt:
        attempt = an_attempt(self.clock, expires_in_ms)
        self.attempts.append(attempt)
        return attempt


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_handlers_stop_before_the_lease_ends(bench):
    attempt = bench.hold()
    bench.clock.advance(LEASE_MS * 0.84)
    bench.fence.check()
    assert bench.stopped == []
    bench.clock.advance(LEASE_MS * 0.02)
    bench.fence.check()
    assert bench.stopped == [attempt]
    bench.fence.check()
    assert bench.stopped == [attempt]


def test_deadline_counts_from_when_the_acknowledged_renewal_was_sent(bench):
    attempt = bench.hold()
    bench.clock.advance(5_000)
    sent = bench.clock.read()
    bench.clock.advance(4_000)  # the answer took its time
    bench.fence.renewed([attempt], sent, LEASE_MS)
    bench.clock.advance(LEASE_MS * 0.85 - 4_000 - 10)
    bench.fence.check()
    assert bench.stopped == []
    bench.clock.advance(20)
    bench.fence.check()
    assert bench.stopped == [attempt]


@pytest.mark.parametrize("clock", ["boot", "wall"])
def test_clock_that_advanced_more_decides(bench, clock):
    attempt = bench.hold()
    bench.clock.advance(LEASE_MS, boot=clock == "boot", wall=clock == "wall")
    bench.fence.check()
    assert bench.stopped == [attempt]


def test_wall_clock_that_is_set_back_makes_no_lease_younger(bench):
    attempt = bench.hold()
    bench.clock.advance(-3_600_000, boot=False)
    bench.clock.advance(LEASE_MS)
    bench.fence.check()
    assert bench.stopped == [attempt]


def test_process_ends_when_a_handler_lives_on_and_no_renewal_succeeded_since(bench):
    bench.hold()
    bench.clock.advance(LEASE_MS * 0.86)
    bench.fence.check()
    bench.clock.advance(LEASE_MS * 0.08)
    bench.fence.check()
    assert bench.ended == 0
    bench.clock.advance(LEASE_MS * 0.03)
    bench.fence.check()
    assert bench.ended == 1


def test_process_lives_when_renewals_succeed_again(bench):
    bench.hold()
    bench.clock.advance(LEASE_MS * 2)  # frozen for longer than the lease, then woken
    bench.fence.check()
    assert len(bench.stopped) == 1
    bench.clock.advance(100)
    bench.fence.renewed([], bench.clock.read(), LEASE_MS)
    bench.clock.advance(LEASE_MS)
    bench.fence.check()
    assert bench.ended == 0


def test_handler_that_ended_holds_nobody_up(bench):
    bench.hold()
    bench.clock.advance(LEASE_MS * 0.86)
    bench.fence.check()
    bench.attempts.clear()
    bench.clock.advance(LEASE_MS)
    assert bench.fence.check() is None
    assert bench.ended == 0


def test_tasks_start_only_with_a_renewal_in_the_last_third_of_the_lease(bench):
    assert not bench.fence.is_fresh()
    bench.fence.renewed([], bench.clock.read(), LEASE_MS)
    bench.clock.advance(LEASE_MS / 3 - 1)
    assert bench.fence.is_fresh()
    bench.clock.advance(2)
    assert not bench.fence.is_fresh()


def test_next_look_is_never_later_than_the_first_deadline(bench):
    bench.hold()
    assert bench.fence.check() == 1.0
    bench.clock.advance(LEASE_MS * 0.85 - 300)
    wait_s = bench.fence.check()
    assert wait_s is not None
    assert wait_s == pytest.approx(0.3)


def test_elapsed_time_is_the_larger_of_both_clocks():
    assert elapsed_ms(ClockReading(0, 0), ClockReading(2_000_000, 5_000_000)) == 5.0


# --- renewals over grpcio-testing's channel --------------------------------------------------------------------------


class RenewalBench(Bench):
    def __init__(self) -> None:
        super().__init__()
        service = pb.DESCRIPTOR.services_by_name["ExecutorService"]
        self.method = service.methods_by_name["Renew"]
        self.channel = grpc_testing.channel([service], grpc_testing.strict_real_time())
        self.holdings = Holdings()
        self.answers: list[pb.RenewResponse] = []
        self.tries: list[int] = []
        self.renewer = Renewer(
            "me", self.holdings, self.fence, self.clock, connect=self._connect, answer=self.answers.append
        )

    def _connect(self, number: int):
        self.tries.append(number)
        return executor_service_pb2_grpc.ExecutorServiceStub(self.channel).Renew

    def hold(self, expires_in_ms: int = LEASE_MS) -> Attempt:
        attempt = super().hold(expires_in_ms)
        self.holdings.add(attempt)
        return attempt

    def take(self):
        return self.channel.take_unary_unary(self.method)

    @staticmethod
    def answer(rpc, response: pb.RenewResponse) -> None:
        rpc.send_initial_metadata(())
        rpc.terminate(response, (), grpc.StatusCode.OK, "")


@pytest.fixture
def renewals() -> RenewalBench:
    return RenewalBench()


def test_renewal_names_every_held_attempt_and_moves_the_deadlines_of_those_kept(renewals):
    kept, lost = renewals.hold(), renewals.hold()
    before = lost.lease_from
    renewals.clock.advance(100)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(renewals.renewer.renew)
        _, request, rpc = renewals.take()
        sent = renewals.clock.read()
        renewals.clock.advance(700)
        renewals.answer(rpc, pb.RenewResponse(lost_attempt_ids=[lost.attempt_id], lease_ms=LEASE_MS))
        assert done.result(60)
    assert {item.attempt_id for item in request.attempts} == {kept.attempt_id, lost.attempt_id}
    assert request.executor_id == "me"
    assert kept.lease_from == sent
    assert lost.lease_from == before != sent
    assert renewals.answers[0].lost_attempt_ids == [lost.attempt_id]
    renewals.clock.advance(LEASE_MS * 0.86 - 700)
    renewals.fence.check()
    assert renewals.stopped == [kept, lost]


def test_failed_renewal_moves_no_deadline_and_tries_the_next_address(renewals):
    attempt = renewals.hold()
    before = attempt.lease_from
    renewals.clock.advance(1_000)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(renewals.renewer.renew)
        _, _, rpc = renewals.take()
        rpc.send_initial_metadata(())
        rpc.terminate(None, (), grpc.StatusCode.UNAVAILABLE, "away")
        assert not done.result(60)
        done = pool.submit(renewals.renewer.renew)
        _, _, rpc = renewals.take()
        renewals.answer(rpc, pb.RenewResponse(lease_ms=LEASE_MS))
        assert done.result(60)
    assert renewals.tries == [0, 1]
    assert attempt.lease_from != before
    assert len(renewals.answers) == 1


def test_log_says_what_became_of_the_tasks_when_renewals_succeed_again(renewals, caplog):
    """Fails when it says "held attempts: 3" right after it said that their handlers were stopped."""
    lost, stopped, kept = renewals.hold(), renewals.hold(), renewals.hold(LEASE_MS * 10)

    def renew(status: grpc.StatusCode, answer: pb.RenewResponse | None) -> None:
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(renewals.renewer.renew)
            _, _, rpc = renewals.take()
            rpc.send_initial_metadata(())
            rpc.terminate(answer, (), status, "")
            done.result(60)

    renew(grpc.StatusCode.UNAVAILABLE, None)
    renewals.clock.advance(LEASE_MS * 0.86)
    renewals.fence.check()
    assert renewals.stopped == [lost, stopped]
    renew(grpc.StatusCode.OK, pb.RenewResponse(lost_attempt_ids=[lost.attempt_id], lease_ms=LEASE_MS))
    failed, renewed = caplog.messages
    assert "(UNAVAILABLE; tasks held: 3)" in failed
    assert renewed == (
        "lease.renewed: a scheduler answers again: tasks going on: 1, stopped, since their leases were not renewed in"
        " time: 1, lost to other executors: 1"
    )
    for attempt in (lost, stopped, kept):
        renewals.holdings.remove(attempt)
    renew(grpc.StatusCode.UNAVAILABLE, None)
    renew(grpc.StatusCode.OK, pb.RenewResponse(lease_ms=LEASE_MS))
    assert caplog.messages[-1] == "lease.renewed: a scheduler answers again: this executor holds no task"


def test_thread_renews_under_the_newest_session_by_itself_and_on_demand(renewals):
    renewals.renewer.open(7, LEASE_MS, 60_000)
    _, request, rpc = renewals.take()
    assert request.session == 7
    renewals.answer(rpc, pb.RenewResponse(lease_ms=LEASE_MS))
    renewals.renewer.open(8, LEASE_MS, 60_000)
    _, request, rpc = renewals.take()
    assert request.session == 8
    renewals.answer(rpc, pb.RenewResponse(lease_ms=LEASE_MS))
    attempt = renewals.hold()
    renewals.renewer.confirm()  # while fresh: within half a second
    _, request, rpc = renewals.take()
    assert [item.attempt_id for item in request.attempts] == [attempt.attempt_id]
    renewals.answer(rpc, pb.RenewResponse(lease_ms=LEASE_MS))
    renewals.renewer.close()
    assert not any(thread.name == "asynctask-renewals" for thread in threading.enumerate())


def throw_into(name: str) -> None:
    """What code that ends threads does: it throws SystemExit into every one that it finds."""
    (thread,) = (one for one in threading.enumerate() if one.name == name)
    assert thread.ident is not None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))


def test_fence_goes_on_when_somebody_throws_an_exception_into_its_thread():
    """Fails when a handler that ends all threads lets other handlers go on beside the next executor's."""
    clock, attempts, looked = ManualClock(), [], threading.Semaphore(0)

    def look() -> list[Attempt]:
        looked.release()
        return attempts

    stopped: list[Attempt] = []
    fence = Fence(look, clock, stop=stopped.append, end_process=lambda: None)
    fence.start()
    assert looked.acquire(timeout=60)
    throw_into("asynctask-fence")
    fence.wake()
    attempts.append(an_attempt(clock))
    clock.advance(LEASE_MS)
    while not stopped:
        fence.wake()
        assert looked.acquire(timeout=60)
    fence.close()


def test_renewals_go_on_when_somebody_throws_an_exception_into_their_thread(renewals):
    renewals.renewer.open(7, LEASE_MS, 60_000)
    _, _, rpc = renewals.take()
    renewals.answer(rpc, pb.RenewResponse(lease_ms=LEASE_MS))
    throw_into("asynctask-renewals")
    renewals.renewer.open(8, LEASE_MS, 60_000)
    _, request, rpc = renewals.take()
    assert request.session == 8
    renewals.answer(rpc, pb.RenewResponse(lease_ms=LEASE_MS))
    renewals.renewer.close()


def test_handler_in_a_process_is_told_of_each_renewal(bench):
    """Fails when its guard goes on counting from an older one, and ends it under a lease."""
    attempt = bench.hold()
    told: list[float] = []
    attempt.on_renewed = lambda: told.append(attempt.lease_ms)
    bench.fence.renewed([attempt], bench.clock.read(), 9_000)
    assert told == [9_000.0]

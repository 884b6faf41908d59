"""Shipping of log lines: order, repetition, dropping with a hole and a word about it."""

import asyncio
import logging
import threading
from collections.abc import Callable

import pytest

from asynctask._attempt.attempt import Attempt
from asynctask._attempt.clock import ClockReading
from asynctask._executor import logs as _logs
from asynctask._executor.logs import BUFFER_LINES, LogShipper
from asynctask.errors import AttemptSuperseded, StoreUnavailable
from asynctask_core import limits
from asynctask_core.ids import id_text, new_id
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1 import work_pb2
from tests.support.conditions import eventually


class Store:
    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.calls = 0
        self.away = False
        self.refuse = False

    async def send(self, request: pb.AppendLogsRequest) -> None:
        self.calls += 1
        if self.away:
            raise StoreUnavailable("away")
        if self.refuse:
            raise AttemptSuperseded("unknown")
        assert request.ByteSize() <= limits.BATCH_BYTES
        self.lines += [(line.sequence, line.message) for line in request.lines]


@pytest.fixture
async def store():
    return Store()


@pytest.fixture
async def shipper(store):
    shipper = LogShipper(asyncio.get_running_loop(), store.send)
    yield shipper
    await shipper.close(1)


def an_attempt() -> Attempt:
    return Attempt(work_pb2.Assignment(task_id=new_id(), attempt_id=new_id()), ClockReading(0, 0))


async def test_lines_of_threads_arrive_in_order_and_in_few_calls(shipper, store):
    attempt = an_attempt()
    await asyncio.to_thread(
        lambda: [shipper.add(attempt, logging.INFO, "x", f"line {number}", 1.0) for number in range(3000)]
    )
    await asyncio.sleep(0)
    await shipper.flush()
    assert store.lines == [(number + 1, f"line {number}") for number in range(3000)]
    assert store.calls <= 4


async def test_lines_wait_while_the_store_is_away(shipper, store):
    attempt = an_attempt()
    store.away = True
    shipper.add(attempt, logging.INFO, "x", "one", 1.0)
    while not store.calls:
        await asyncio.sleep(0.01)
    store.away = False
    shipper.add(attempt, logging.INFO, "x", "two", 1.0)
    await shipper.flush()
    assert store.lines == [(1, "one"), (2, "two")]


async def test_too_many_lines_are_dropped_with_a_hole_and_a_word_about_it(shipper, store):
    attempt = an_attempt()
    for number in range(BUFFER_LINES + 7):
        shipper.add(attempt, logging.INFO, "x", str(number), 1.0)
    await asyncio.sleep(0)
    await shipper.flush()
    assert [sequence for sequence, _ in store.lines[:BUFFER_LINES]] == list(range(1, BUFFER_LINES + 1))
    assert store.lines[BUFFER_LINES:] == [
        (BUFFER_LINES + 8, "7 log lines were dropped: more came than could be stored in time")
    ]


async def test_executor_says_once_how_many_lines_of_a_task_were_dropped(shipper, store, caplog):
    """Fails when dropped lines are known to readers of the task's log only."""
    attempt = an_attempt()
    for dropped in (7, 2):
        for number in range(BUFFER_LINES + dropped):
            shipper.add(attempt, logging.INFO, "x", str(number), 1.0)
        await asyncio.sleep(0)
        await shipper.flush()
    shipper.ended(attempt)
    said = [record.args for record in caplog.records if record.getMessage().startswith("lines.dropped")]
    assert said == [(9, id_text(attempt.task_id))]


def missing_of(line: str) -> int:
    """How many lines a line says that were dropped."""
    return int(line.partition(" log lines were dropped")[0]) if "were dropped" in line else 0


async def test_all_attempts_together_have_a_bound_and_what_it_costs_is_said(
    shipper, store, caplog, monkeypatch
):
    """Fails when: an executor grows without end while calls of AppendLogs fail, or characters count as bytes."""
    monkeypatch.setattr(_logs, "TOTAL_BYTES", total := 200 * limits.KIB)
    store.away = True
    for _ in range(40):
        attempt = an_attempt()
        for _ in range(50):
            shipper.add(attempt, logging.INFO, "é" * 100, "é" * 500, 1.0)
        shipper.ended(attempt)
    waiting = [line for buffer in shipper._waiting.values() for line in buffer.lines]
    kept = sum(len(line.SerializeToString()) for line in waiting)
    assert total / 4 < kept < total
    assert len(shipper._waiting) * limits.KIB < total
    store.away = False
    await asyncio.sleep(0)
    await shipper.flush()
    assert (shipper._nbytes, shipper._waiting) == (0, {})
    lost = 2000 - len(waiting)
    said = [record.args[0] for record in caplog.records if record.getMessage().startswith("logs.dropped")]
    assert sum(said) == lost
    told = [count for _, line in store.lines if (count := missing_of(line))]
    assert len(store.lines) == len(waiting) + len(told)
    assert 0 < sum(told) <= lost


async def test_attempt_that_logs_without_end_leaves_room_for_the_lines_of_others(shipper, store, monkeypatch):
    monkeypatch.setattr(_logs, "TOTAL_BYTES", 100 * limits.KIB)
    store.away = True
    loud, quiet = an_attempt(), an_attempt()
    for _ in range(500):
        shipper.add(loud, logging.INFO, "x", "loud", 1.0)
    for number in range(5):
        shipper.add(quiet, logging.INFO, "x", f"quiet {number}", 1.0)
    store.away = False
    await asyncio.sleep(0)
    await shipper.flush()
    assert {f"quiet {number}" for number in range(5)} < {line for _, line in store.lines}


async def test_attempt_all_of_whose_lines_were_dropped_says_so_once_there_is_room(
    shipper, store, monkeypatch
):
    attempt = an_attempt()
    monkeypatch.setattr(_logs, "TOTAL_BYTES", 0)
    for _ in range(3):
        shipper.add(attempt, logging.INFO, "x", "lost", 1.0)
    assert not shipper._waiting
    monkeypatch.setattr(_logs, "TOTAL_BYTES", limits.MIB)
    shipper.ended(attempt)
    await shipper.flush()
    assert [(number, missing_of(line)) for number, line in store.lines] == [(4, 3)]


async def test_attempts_that_never_run_empty_keep_no_other_waiting(store):
    """Fails when: four handlers that log without end have all calls, and the lines of the others lie there."""
    loud, quiet = [an_attempt() for _ in range(_logs.FLIGHTS)], an_attempt()

    async def send(request: pb.AppendLogsRequest) -> None:
        for attempt in loud:
            if attempt.attempt_id == request.attempt_id and len(store.lines) < 100:
                shipper.add(attempt, logging.INFO, "x", "loud", 1.0)
        await store.send(request)

    shipper = LogShipper(asyncio.get_running_loop(), send)
    for attempt in [*loud, quiet]:
        shipper.add(attempt, logging.INFO, "x", "quiet" if attempt is quiet else "loud", 1.0)
    await asyncio.sleep(0)
    await shipper.flush()
    assert "quiet" in [line for _, line in store.lines[: 2 * _logs.FLIGHTS]]


async def test_names_of_loggers_count_in_a_call(shipper, store):
    attempt = an_attempt()
    for _ in range(limits.BATCH_ITEMS):
        shipper.add(attempt, logging.INFO, "é" * limits.LOGGER_BYTES, "é" * 400, 1.0)
    await asyncio.sleep(0)
    await shipper.flush()  # the store looks at the size of each call
    assert len(store.lines) == limits.BATCH_ITEMS


async def test_lines_that_nobody_wants_hold_up_no_others(shipper, store):
    store.refuse = True
    shipper.add(an_attempt(), logging.INFO, "x", "lost", 1.0)
    await asyncio.sleep(0)
    await shipper.flush()
    store.refuse = False
    shipper.add(an_attempt(), logging.INFO, "x", "kept", 1.0)
    await asyncio.sleep(0)
    await shipper.flush()
    assert [message for _, message in store.lines] == ["kept"]


async def test_long_lines_are_cut_and_nul_is_escaped(shipper, store):
    shipper.add(an_attempt(), logging.INFO, "x", "a\0" + "é" * limits.LOG_LINE_BYTES, 1.0)
    await asyncio.sleep(0)
    await shipper.flush()
    ((_, message),) = store.lines
    assert message.startswith("a\\0é")
    assert len(message.encode()) <= limits.LOG_LINE_BYTES


async def test_close_in_the_turn_in_which_shipping_is_hurried_ends(store, monkeypatch):
    """Fails with `asyncio.wait_for` of Python 3.11: it swallows the cancel when what it waits for has just come, and a
    store that stays away keeps the executor from ending."""
    monkeypatch.setattr(_logs, "LINGER_S", 3600)
    store.away = True
    shipper = LogShipper(asyncio.get_running_loop(), store.send)
    shipper.add(an_attempt(), logging.INFO, "x", "one", 1.0)
    for _ in range(5):
        await asyncio.sleep(0)  # now it waits for more lines
    async with asyncio.timeout(60):
        await shipper.close(0)


class BetweenTwoSteps:
    """The shipper's lock. Once, as it is left with no line waiting, a thread has its turn before the loop does."""

    def __init__(self, shipper: LogShipper, turn: Callable[[], None]) -> None:
        self._lock = threading.Lock()
        self._shipper = shipper
        self._turn: Callable[[], None] | None = turn
        self._looks = 0

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        empty = not self._shipper._waiting
        self._lock.release()
        self._looks += empty
        if self._looks == 2 and self._turn is not None:  # the lines were taken away; the last look found none
            turn, self._turn = self._turn, None
            thread = threading.Thread(target=turn)
            thread.start()
            thread.join()


async def test_line_that_comes_as_shipping_ends_is_sent(shipper, store):
    """Fails when the end of shipping does not look again: the line, and all that follow it, lie there for ever."""
    attempt = an_attempt()
    shipper._lock = BetweenTwoSteps(shipper, lambda: shipper.add(attempt, logging.INFO, "x", "second", 1.0))
    await asyncio.to_thread(shipper.add, attempt, logging.INFO, "x", "first", 1.0)
    await eventually(lambda: len(store.lines) == 2, timeout=60)
    assert store.lines == [(1, "first"), (2, "second")]

"""Gathering and repeating of submits."""

import asyncio
import threading
import time
from itertools import pairwise

import pytest

from asynctask._client.submit import SubmitBatcher, Waiting, again_s, given_up
from asynctask._client.submit_blocking import BlockingSubmitter
from asynctask.errors import InvalidInput, NotReady, OutcomeUnknown, StoreUnavailable
from asynctask_core.status import to_status
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb


def request(number: int) -> pb.SubmitTaskRequest:
    return pb.SubmitTaskRequest(task_type="t", request_id=str(number))


def accepted(batch: pb.BatchSubmitTasksRequest) -> pb.BatchSubmitTasksResponse:
    return pb.BatchSubmitTasksResponse(
        results=[pb.SubmitResult(task_id=f"id {task.request_id}") for task in batch.tasks]
    )


class Service:
    def __init__(self, errors: int = 0) -> None:
        self.batches: list[list[str]] = []
        self.errors = errors
        self.delay_s = 0.0

    async def send(self, batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        self.batches.append([task.request_id for task in batch.tasks])
        await asyncio.sleep(self.delay_s)
        if self.errors:
            self.errors -= 1
            raise OutcomeUnknown("who knows")
        return accepted(batch)


async def test_concurrent_submits_share_a_call_and_get_their_own_answers():
    service = Service()
    submitter = SubmitBatcher(service.send)
    answers = await asyncio.gather(*(submitter.submit(request(number), 60) for number in range(50)))
    assert answers == [f"id {number}" for number in range(50)]
    assert len(service.batches) == 1


async def test_submit_on_an_idle_line_leaves_at_once_and_others_gather_behind_it():
    service = Service()
    service.delay_s = 0.05
    submitter = SubmitBatcher(service.send)
    first = asyncio.create_task(submitter.submit(request(0), 60))
    while not service.batches:
        await asyncio.sleep(0)
    assert service.batches == [["0"]]
    rest = [asyncio.create_task(submitter.submit(request(number), 60)) for number in range(1, 20)]
    await asyncio.gather(first, *rest)
    assert len(service.batches) == 2


async def test_unknown_outcome_is_repeated_with_the_same_request_id():
    service = Service(errors=2)
    submitter = SubmitBatcher(service.send)
    assert await submitter.submit(request(7), 10) == "id 7"
    assert service.batches == [["7"]] * 3


@pytest.mark.parametrize("has_begun", [False, True])
async def test_call_that_somebody_else_cancelled_is_repeated(has_begun: bool):
    """Fails when a user of the client who cancels every task of the loop leaves the others to wait for ever."""
    service = Service()
    service.delay_s = 3_600
    submitter = SubmitBatcher(service.send)
    before = asyncio.all_tasks()
    mine = asyncio.create_task(submitter.submit(request(7), 3_600))
    while not (flights := asyncio.all_tasks() - before - {mine}) or (has_begun and not service.batches):
        await asyncio.sleep(0)
    service.delay_s = 0.0
    for flight in flights:
        flight.cancel()
    async with asyncio.timeout(60):
        assert await mine == "id 7"
    assert service.batches == [["7"]] * (2 if has_begun else 1)


async def test_deadline_ends_the_repetitions():
    service = Service(errors=1_000_000)
    submitter = SubmitBatcher(service.send)
    began = time.monotonic()
    with pytest.raises(OutcomeUnknown, match=r"^who knows; given up: its timeout is 0\.3 s$"):
        await submitter.submit(request(7), 0.3)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize("may_exist", [True, False])
def test_giving_up_after_a_try_that_may_have_made_the_task_says_so(may_exist: bool):
    """Fails when the last error hides that an earlier one left the outcome open."""
    waiting = Waiting(request(1), 0.0, 10.0, lambda answer: None)
    first = OutcomeUnknown("who knows") if may_exist else StoreUnavailable("full")
    assert again_s(waiting, first, 0.0, 1.0) is not None
    full = StoreUnavailable("full", retry_after_ms=3_600_000)
    assert again_s(waiting, full, 1.0, 1.0) is None
    answer = given_up(waiting, full, 1.0)
    assert type(answer) is (OutcomeUnknown if may_exist else StoreUnavailable)
    again = "an earlier try may have made the task: repeat with request_id 1 to know"
    assert (again in answer.message) == may_exist
    refused = InvalidInput("bad")
    assert given_up(waiting, refused, 1.0) is refused, "an id that exists is never refused"


async def test_one_refused_task_does_not_touch_the_others():
    async def send(batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        answer = accepted(batch)
        answer.results[1].CopyFrom(pb.SubmitResult(error=to_status(InvalidInput("bad"))))
        return answer

    submitter = SubmitBatcher(send)
    answers = await submitter.submit_all([request(number) for number in range(3)], 60)
    assert isinstance(answers[1], InvalidInput)
    assert answers[::2] == ["id 0", "id 2"]


async def test_large_lists_are_cut_into_calls_of_a_thousand():
    service = Service()
    submitter = SubmitBatcher(service.send)
    answers = await submitter.submit_all([request(number) for number in range(2_500)], 60)
    assert answers[-1] == "id 2499"
    assert [len(batch) for batch in service.batches] == [1000, 1000, 500]


async def test_closing_answers_those_who_wait():
    service = Service()
    service.delay_s = 3600
    submitter = SubmitBatcher(service.send)
    waiting = asyncio.create_task(submitter.submit(request(1), 60))
    while not service.batches:
        await asyncio.sleep(0)
    await submitter.close()
    with pytest.raises(OutcomeUnknown):
        await waiting


@pytest.mark.parametrize("turns", range(6))
async def test_closing_answers_everybody_whatever_has_become_of_their_submits(turns):
    """Fails when a submit that waits for its turn, for a repetition or for its call's first step is left without an
    answer."""
    service = Service(errors=1)
    submitter = SubmitBatcher(service.send)
    waiting = [asyncio.create_task(submitter.submit(request(0), 3600))]
    for _ in range(turns):
        await asyncio.sleep(0)
    service.delay_s = 3600
    waiting += [asyncio.create_task(submitter.submit(request(number), 3600)) for number in range(1, 3_000)]
    for _ in range(turns):
        await asyncio.sleep(0)
    await submitter.close()
    answers = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 60)
    sent = {name for batch in service.batches for name in batch}
    for number, answer in enumerate(answers):
        # What was never sent did not happen; of the rest nobody knows.
        kinds = OutcomeUnknown if str(number) in sent else (NotReady, RuntimeError)
        assert isinstance(answer, kinds), f"{number}: {answer!r}"


async def test_closing_answers_what_waits_for_its_repetition():
    async def send(batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        raise StoreUnavailable("away", retry_after_ms=3_000_000)

    submitter = SubmitBatcher(send)
    waiting = asyncio.create_task(submitter.submit(request(1), 3600))
    for _ in range(10):
        await asyncio.sleep(0)
    await submitter.close()
    with pytest.raises(OutcomeUnknown):
        await asyncio.wait_for(waiting, 60)


def test_closing_answers_threads_that_wait():
    entered, go_on = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def send(batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        entered.set()
        go_on.wait(60)
        raise StoreUnavailable("away", retry_after_ms=3_000_000)

    def submit(number: int) -> None:
        try:
            submitter.submit(request(number), 3600)
        except (OutcomeUnknown, NotReady) as error:
            errors.append(error)

    submitter = BlockingSubmitter(send)
    threads = [threading.Thread(target=submit, args=(number,), daemon=True) for number in range(20)]
    threads[0].start()
    assert entered.wait(60)
    for thread in threads[1:]:
        thread.start()
    while len(submitter._queue) < 19:
        time.sleep(0.01)
    submitter.close()
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert sorted(type(error).__name__ for error in errors) == ["NotReady"] * 19 + ["OutcomeUnknown"]


def test_threads_that_submit_together_share_calls():
    batches: list[int] = []
    entered, go_on = threading.Event(), threading.Event()

    def send(batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        batches.append(len(batch.tasks))
        if len(batches) == 1:
            entered.set()
            go_on.wait(60)
            raise StoreUnavailable("away")
        return accepted(batch)

    submitter = BlockingSubmitter(send)
    answers: dict[int, str] = {}
    threads = [
        threading.Thread(
            target=lambda number=number: answers.update({number: submitter.submit(request(number), 60)}),
            daemon=True,
        )
        for number in range(40)
    ]
    threads[0].start()
    assert entered.wait(60)
    for thread in threads[1:]:
        thread.start()
    while len(submitter._queue) < 39:  # everybody else comes during the first call
        time.sleep(0.01)
    go_on.set()
    for thread in threads:
        thread.join(100)
    assert answers == {number: f"id {number}" for number in range(40)}
    # The first one's repetition goes alone, or with the others if they were slow.
    assert batches in ([1, 39, 1], [1, 40])


@pytest.mark.parametrize("broken", [RuntimeError("closed"), ValueError("bad"), None])
async def test_error_of_no_catalogue_answers_everybody_of_the_call(broken: Exception | None):
    """Fails when they wait for ever. Without an error, the answer itself is too short."""
    service = Service()

    async def send(batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        if service.batches:
            return await service.send(batch, timeout)
        service.batches.append([task.request_id for task in batch.tasks])
        if broken is None:
            return pb.BatchSubmitTasksResponse()
        raise broken

    submitter = SubmitBatcher(send)
    submits = (submitter.submit(request(number), 3600) for number in range(5))
    answers = await asyncio.wait_for(asyncio.gather(*submits, return_exceptions=True), 60)
    for answer in answers:
        assert isinstance(answer, OutcomeUnknown)
        assert isinstance(answer.__cause__, type(broken or ValueError()))
    assert await asyncio.wait_for(submitter.submit(request(7), 3600), 60) == "id 7"


class Threads:
    """Submits of many threads: the first is in its call, the others wait for theirs."""

    def __init__(self, broken: BaseException | None = None) -> None:
        self.broken = broken
        self.sizes: list[int] = []
        self.ends: list[object] = []
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.submitter = BlockingSubmitter(self.send)

    def send(self, batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        self.sizes.append(len(batch.tasks))
        if len(self.sizes) == 1:
            self.entered.set()
            assert self.go_on.wait(60)
        elif len(self.sizes) == 2 and self.broken is not None:
            raise self.broken
        return accepted(batch)

    def submit(self, numbers: range) -> None:
        try:
            self.ends += self.submitter.submit_all([request(number) for number in numbers], 3600)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test looks at it
            self.ends.append(error)

    def start(self, *, waiting: int) -> "list[threading.Thread]":
        threads = [
            threading.Thread(target=self.submit, args=(range(number, number + 1),), daemon=True)
            for number in range(1 + waiting)
        ]
        threads[0].start()
        assert self.entered.wait(60)
        for thread in threads[1:]:
            thread.start()
        while len(self.submitter._queue) < waiting:
            time.sleep(0.01)
        return threads


def all_ended(threads: "list[threading.Thread]") -> bool:
    deadline = time.monotonic() + 60
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("broken", [RuntimeError("closed"), ValueError("bad"), KeyboardInterrupt()])
def test_thread_whose_call_breaks_off_leaves_nobody_without_an_answer(broken: BaseException):
    """Fails when those whose submits it had taken wait for a call that nobody makes any more, at full speed."""
    group = Threads(broken)
    threads = group.start(waiting=5)
    group.go_on.set()
    assert all_ended(threads)
    assert group.sizes == [1, 5]
    assert group.ends.count(broken) == 1
    unknown = [end for end in group.ends if isinstance(end, OutcomeUnknown)]
    assert len(unknown) == 4
    assert all(end.__cause__ is broken for end in unknown)
    group.submit(range(7, 8))
    assert group.ends[-1] == "id 7"


def test_submits_of_a_thread_that_has_given_up_are_not_made_by_others():
    """Fails when what a thread still had in the line stays there after its error."""
    group = Threads(KeyboardInterrupt())
    group.go_on.set()
    group.submit(range(2_500))
    assert isinstance(group.ends.pop(), KeyboardInterrupt)
    group.submit(range(7, 8))
    assert group.ends == ["id 7"]
    assert group.sizes == [1000, 1000, 1]


def test_closing_answers_threads_also_when_the_connection_goes_before_the_call():
    """Fails when the one that makes the call gets an error of the connection, and the others of its call none."""
    group = Threads(RuntimeError("the client is closed"))
    threads = group.start(waiting=5)
    make_call = group.send

    def send(batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        if len(group.sizes) == 1:
            group.submitter.close()
        return make_call(batch, timeout)

    group.submitter._send = send
    group.go_on.set()
    assert all_ended(threads)
    assert sorted(str(end)[:21] for end in group.ends) == ["id 0"] + ["the client was closed"] * 5


def test_submit_of_a_thread_that_pauses_is_not_repeated_early_by_the_others():
    """Fails when each thread pauses on its own: one whose pause begins leaves its submits to the next, which asks a
    scheduler that is too busy once per thread instead of once per pause.
    """
    sent_s: dict[str, list[float]] = {}
    group = Threads()

    def send(batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        answer = group.send(batch, timeout)
        for task in batch.tasks:
            sent_s.setdefault(task.request_id, []).append(time.monotonic())
        if len(group.sizes) <= 6:
            raise StoreUnavailable("busy", retry_after_ms=1_000)
        return answer

    group.submitter._send = send
    threads = group.start(waiting=5)
    group.go_on.set()
    assert all_ended(threads)
    assert sorted(map(str, group.ends)) == [f"id {number}" for number in range(6)]
    pauses_s = [later - sooner for times in sent_s.values() for sooner, later in pairwise(times)]
    assert pauses_s
    assert min(pauses_s) >= 0.5
    assert (
        len(group.sizes) <= 8
    )  # the first one's and the others', each repeated as they were made, or all together


def test_submit_that_comes_during_anothers_pause_is_made_at_once():
    """Fails when one submit's refusal for now holds up what has nothing to do with it."""
    refused = threading.Event()

    def send(batch: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        if batch.tasks[0].request_id == "0":
            refused.set()
            raise StoreUnavailable("busy", retry_after_ms=3_600_000)
        return accepted(batch)

    submitter = BlockingSubmitter(send)
    waits = threading.Thread(target=lambda: submitter.submit_all([request(0)], 36_000), daemon=True)
    waits.start()
    assert refused.wait(60)
    assert submitter.submit(request(1), 3600) == "id 1"
    submitter.close()
    waits.join(60)
    assert not waits.is_alive()

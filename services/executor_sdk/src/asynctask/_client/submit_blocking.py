"""Submitting from threads: one of the threads that submit at the same time makes the call for all."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from asynctask._client.submit import (
    Answer,
    OnRepeat,
    Waiting,
    again_s,
    answers_of,
    broken_answer,
    closed_answer,
    draw_jitter,
    given_up,
    how_long,
    next_batch,
)
from asynctask.errors import AsyncTaskError
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

SendBatch = Callable[[pb.BatchSubmitTasksRequest, float], pb.BatchSubmitTasksResponse]
"""One call with its timeout in seconds. Raises AsyncTaskError."""


class BlockingSubmitter:
    """Gathers concurrent submits of all threads; submits made during a call go together in the next one."""

    def __init__(self, send: SendBatch, on_repeat: OnRepeat | None = None) -> None:
        self._send = send
        self._on_repeat = on_repeat
        self._changed = threading.Condition()
        self._queue: deque[Waiting] = deque()
        self._later: list[tuple[float, Waiting]] = []
        """Submits to repeat, each with its time."""
        self._calling = False
        self._closed = False

    def submit(self, request: pb.SubmitTaskRequest, timeout: float) -> str:
        """Submit one task. Raises AsyncTaskError."""
        (answer,) = self.submit_all([request], timeout)
        if isinstance(answer, AsyncTaskError):
            raise answer.with_traceback(None)  # the shared call's frames help no caller
        return answer

    def submit_all(self, requests: Sequence[pb.SubmitTaskRequest], timeout: float) -> list[Answer]:
        """Submit several tasks; one answer each, in their order."""
        began = time.monotonic()
        answers: dict[int, Answer] = {}
        mine = [
            Waiting(request, began, timeout, lambda answer, index=index: _settle(answers, index, answer))
            for index, request in enumerate(requests)
        ]
        with self._changed:
            if self._closed:
                raise RuntimeError("the client is closed")
            self._queue.extend(mine)
        try:
            while len(answers) < len(mine):
                self._take_turn(lambda: len(answers) == len(mine))
        except BaseException:
            # No caller waits for their answers any more, so other threads must not submit them.
            given_up_on = set(mine)
            with self._changed:
                self._queue = deque(waiting for waiting in self._queue if waiting not in given_up_on)
                self._later = [(due, waiting) for due, waiting in self._later if waiting not in given_up_on]
            raise
        return [answers[index] for index in range(len(requests))]

    def close(self) -> None:
        """Answer every waiting submit with an error; calls in flight end by themselves."""
        with self._changed:
            self._closed = True
            for waiting in (*self._queue, *(waiting for _, waiting in self._later)):
                waiting.settle(closed_answer(waiting))
            self._queue.clear()
            self._later.clear()
            self._changed.notify_all()

    def _take_turn(self, is_answered: Callable[[], bool]) -> None:
        """Wait for another thread's call or the next repetition, or make a call for all that wait."""
        is_calling = False
        batch: deque[Waiting] = deque()
        try:
            with self._changed:
                self._queue_what_is_due()
                if is_answered():
                    return
                if self._calling or not self._queue:
                    self._changed.wait(None if self._calling else self._until_due_s())
                    return
                is_calling = self._calling = True
                batch.extend(next_batch(self._queue))
            self._call(batch)
        except BaseException as error:
            # The error is this thread's, but other threads wait for the same call.
            with self._changed:
                for waiting in batch:
                    waiting.settle(broken_answer(waiting, error))
            raise
        finally:
            if is_calling:
                with self._changed:
                    self._calling = False
                    self._changed.notify_all()

    def _until_due_s(self) -> float | None:
        """Seconds until the next repetition; None when there is none."""
        due = min((due for due, _ in self._later), default=None)
        return None if due is None else max(0.0, due - time.monotonic())

    def _queue_what_is_due(self) -> None:
        now = time.monotonic()
        self._queue.extend(waiting for due, waiting in self._later if due <= now)
        self._later = [(due, waiting) for due, waiting in self._later if due > now]

    def _call(self, batch: deque[Waiting]) -> None:
        """Make one call; remove from the batch each submit that has an answer or is to be repeated."""
        request = pb.BatchSubmitTasksRequest(tasks=[waiting.request for waiting in batch])
        timeout = max(0.001, min(10.0, max(waiting.deadline for waiting in batch) - time.monotonic()))
        for waiting in batch:
            waiting.sent = True
        answers: list[Answer]
        try:
            answers = answers_of(self._send(request, timeout))
        except AsyncTaskError as error:
            answers = [error] * len(batch)
        except RuntimeError:
            if not self._closed:
                raise
            # `close` closed the connections meanwhile.
            answers = [closed_answer(waiting) for waiting in batch]
        now, jitter = time.monotonic(), draw_jitter()
        for waiting, answer in zip(list(batch), answers, strict=True):
            pause = again_s(waiting, answer, now, jitter) if isinstance(answer, AsyncTaskError) else None
            if pause is not None and isinstance(answer, AsyncTaskError) and self._on_repeat is not None:
                self._on_repeat(answer, now - waiting.began, how_long(waiting, now))
            with self._changed:
                if pause is None:
                    waiting.settle(answer if isinstance(answer, str) else given_up(waiting, answer, now))
                elif self._closed:
                    waiting.settle(closed_answer(waiting))
                else:
                    self._later.append((now + pause, waiting))
                batch.popleft()


def _settle(answers: dict[int, Answer], index: int, answer: Answer) -> None:
    answers[index] = answer

"""Submitting from threads: one of the threads that submit at the same time makes the call for all."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from asynctask._submit import Answer, Waiting, again_s, answers_of, next_batch
from asynctask.errors import AsyncTaskError
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

SendBatch = Callable[[pb.BatchSubmitTasksRequest, float], pb.BatchSubmitTasksResponse]
"""One call with its timeout in seconds. Raises AsyncTaskError."""


class BlockingSubmitter:
    """Gathers concurrent submits of all threads; what comes during a call goes together with the next one."""

    def __init__(self, send: SendBatch) -> None:
        self._send = send
        self._changed = threading.Condition()
        self._queue: deque[Waiting] = deque()
        self._calling = False

    def submit(self, request: pb.SubmitTaskRequest, timeout: float) -> str:
        """Submit one task. Raises AsyncTaskError."""
        (answer,) = self.submit_all([request], timeout)
        if isinstance(answer, AsyncTaskError):
            raise answer
        return answer

    def submit_all(self, requests: Sequence[pb.SubmitTaskRequest], timeout: float) -> list[Answer]:
        """Submit several tasks; one answer each, in their order."""
        deadline = time.monotonic() + timeout
        answers: dict[int, Answer] = {}
        with self._changed:
            for index, request in enumerate(requests):
                self._queue.append(
                    Waiting(request, deadline, lambda answer, index=index: _settle(answers, index, answer))
                )
        while len(answers) < len(requests):
            with self._changed:
                while self._calling and len(answers) < len(requests):
                    self._changed.wait()
                if len(answers) >= len(requests):
                    break
                self._calling = True
                batch = next_batch(self._queue)
            try:
                pause_s = self._call(batch)
            finally:
                with self._changed:
                    self._calling = False
                    self._changed.notify_all()
            if pause_s:
                time.sleep(pause_s)
        return [answers[index] for index in range(len(requests))]

    def _call(self, batch: list[Waiting]) -> float:
        """Make one call; gives the seconds to pause before what must be repeated."""
        if not batch:
            return 0.0
        request = pb.BatchSubmitTasksRequest(tasks=[waiting.request for waiting in batch])
        timeout = max(0.001, min(10.0, max(waiting.deadline for waiting in batch) - time.monotonic()))
        answers: list[Answer]
        try:
            answers = answers_of(self._send(request, timeout))
        except AsyncTaskError as error:
            answers = [error] * len(batch)
        longest = 0.0
        for waiting, answer in zip(batch, answers, strict=True):
            pause = again_s(waiting, answer, time.monotonic()) if isinstance(answer, AsyncTaskError) else None
            if pause is None:
                waiting.settle(answer)
            else:
                longest = max(longest, pause)
                with self._changed:
                    self._queue.append(waiting)
        return longest


def _settle(answers: dict[int, Answer], index: int, answer: Answer) -> None:
    answers[index] = answer

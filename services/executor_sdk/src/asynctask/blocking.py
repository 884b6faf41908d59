"""The same client for code without an event loop: `with asynctask.blocking.Client() as client`.

It uses gRPC's own threads, no event loop, so it also works inside thread handlers of an executor.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from asynctask import _api
from asynctask._api import Call, Service, Submission
from asynctask._blocking_steering import BlockingSteering
from asynctask._channel import open_sync
from asynctask._client import CALL_S, SUBMIT_S
from asynctask._connections import Connections
from asynctask._info import LogLineInfo, TaskInfo
from asynctask._info_wire import log_line_of
from asynctask._items import ItemInfo
from asynctask._options import Duration, resolve_addresses
from asynctask._submit_blocking import BlockingSubmitter
from asynctask._task import TaskType
from asynctask._tls import Tls, resolve_credentials
from asynctask._watching import ENDED, OnOutage, Watch
from asynctask.errors import AsyncTaskError, StoreUnavailable, TryAgain
from asynctask_core.states import ItemState, TaskState
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

__all__ = ["Client", "Submission"]

R = TypeVar("R")


class Client(BlockingSteering):
    """Submits, watches and steers tasks. One client serves any number of threads.

    Errors are those of `asynctask.errors`: `TaskNotFound`, `WrongState`, `InvalidInput` with every bad field, and
    `StoreUnavailable` or another `TryAgain` when nothing is wrong with the call itself.

    Args:
        address: `host:port` of the scheduler, several separated by commas; default `ASYNCTASK_ADDRESS`, else
            127.0.0.1:7600.
        tls: PEM files for connections with TLS; default those that `ASYNCTASK_TLS_AUTHORITIES`,
            `ASYNCTASK_TLS_CERTIFICATE` and `ASYNCTASK_TLS_KEY` name, else connections are plain.
    """

    def __init__(self, address: str | None = None, *, tls: Tls | None = None) -> None:
        credentials = resolve_credentials(tls)
        self._connections: Connections[grpc.Channel] = Connections(
            resolve_addresses(address), lambda place: open_sync(place, credentials)
        )
        self._submitter = BlockingSubmitter(self._send_batch, self._connections.failed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; whoever waits for a call gets an error."""
        # First, so that no submit finds its connections gone and does not know why.
        self._submitter.close()
        channels = self._connections.close()
        for channel in channels:
            channel.close()

    # --- submit -------------------------------------------------------------------------------------------------------

    def submit(  # noqa: PLR0913 - one keyword each for what a submit may say
        self,
        task_type: TaskType | str,
        config: Any = None,
        *,
        priority: int | None = None,
        queue: str = "",
        delay: Duration | None = None,
        start_time: datetime | None = None,
        labels: Mapping[str, str] | None = None,
        request_id: str | None = None,
        timeout: float = SUBMIT_S,
    ) -> str:
        """Submit a task and give its id; it is durable then.

        Concurrent submits travel together. While the scheduler is away or the outcome of a call unknown, it is
        repeated with the same request id, so the task is made once.

        Args:
            task_type: the type, or its name.
            config: its config: of the type's class, or plain JSON values.
            priority: 1 (first) to 5 (last); the type's if not given.
            queue: another queue than the type's.
            delay: earliest start, from now; excludes `start_time`.
            start_time: earliest start as an aware datetime.
            labels: free key-value pairs, at most 16.
            request_id: makes the call repeatable across processes for 24 hours; one is made otherwise.
            timeout: seconds until it is given up, repetitions included.

        Raises:
            UnknownTaskType, ConfigInvalid, InvalidInput, TooLarge: it was refused; nothing happened.
            RequestIdReused: the request id was used for another task.
            TryAgain: it did not succeed within the timeout; with OutcomeUnknown the task may exist.
        """
        submission = Submission(task_type, config, priority, queue, delay, start_time, labels, request_id)
        return self._submitter.submit(submission.to_request(), timeout)

    def submit_many(
        self, submissions: Sequence[Submission], *, timeout: float = SUBMIT_S
    ) -> list[str | AsyncTaskError]:
        """Submit several tasks; each is accepted or refused on its own: its id, or the error, in their order."""
        answers: list[str | AsyncTaskError] = []
        requests: list[pb.SubmitTaskRequest] = []
        places: list[int] = []
        for place, submission in enumerate(submissions):
            try:
                requests.append(submission.to_request())
                places.append(place)
                answers.append("")
            except AsyncTaskError as error:
                answers.append(error)
        for place, answer in zip(places, self._submitter.submit_all(requests, timeout), strict=True):
            answers[place] = answer
        return answers

    # --- read ---------------------------------------------------------------------------------------------------------

    def list(
        self,
        *,
        task_types: Sequence[str | TaskType] = (),
        states: Sequence[TaskState | str] = (),
        submitted_after: datetime | None = None,
        submitted_before: datetime | None = None,
        queue: str = "",
        labels: Mapping[str, str] | None = None,
        limit: int | None = None,
        full: bool = False,
    ) -> Iterator[TaskInfo]:
        """Tasks that meet every condition, newest first, read in pages.

        Args:
            task_types: any of these types.
            states: any of these states.
            submitted_after: submitted at or after this aware datetime.
            submitted_before: submitted before it.
            queue: in this queue.
            labels: with all these labels.
            limit: at most so many.
            full: also configs, results and checkpoints.
        """
        condition = _api.task_filter(task_types, states, (submitted_after, submitted_before), queue, labels)
        token = ""
        left = limit
        while left is None or left > 0:
            size = _api.PAGE if left is None else min(left, _api.PAGE)
            tasks, token = self._call(_api.list_page(condition, size, token, full))
            yield from tasks
            left = None if left is None else left - len(tasks)
            if not token:
                return

    def list_page(  # noqa: PLR0913 - see list
        self,
        *,
        task_types: Sequence[str | TaskType] = (),
        states: Sequence[TaskState | str] = (),
        submitted_after: datetime | None = None,
        submitted_before: datetime | None = None,
        queue: str = "",
        labels: Mapping[str, str] | None = None,
        page_size: int = 100,
        page_token: str = "",
        full: bool = False,
    ) -> tuple[Sequence[TaskInfo], str]:
        """One page of `list`, and the token of the next; the token is empty on the last page."""
        condition = _api.task_filter(task_types, states, (submitted_after, submitted_before), queue, labels)
        return self._call(_api.list_page(condition, page_size, page_token, full))

    def watch(
        self,
        *task_ids: str,
        task_types: Sequence[str | TaskType] = (),
        states: Sequence[TaskState | str] = (),
        queue: str = "",
        labels: Mapping[str, str] | None = None,
        full: bool = False,
        on_outage: OnOutage | None = None,
    ) -> Iterator[TaskInfo]:
        """Follow tasks: where each stands now, then every change and live progress.

        Up to 1,000 tasks by id: ends once each was given as final or deleted. Or all that meet the conditions: only
        changes from now on, without end. One task's changes come in the order of its versions, and one version more
        than once: with progress, and around a broken connection, which is opened again and misses nothing. A final
        state comes only once it is durable. `on_outage` is told the error when an outage takes longer, and None when it
        is over.
        Closing the iterator ends it.

        Raises:
            InvalidInput: an id is none, or there are more than 1,000.
            TaskNotFound: an id does not exist.
            TokenExpired: the connection was away longer than changes are kept.
        """
        condition = None if task_ids else _api.task_filter(task_types, states, queue=queue, labels=labels)
        return self._watch(Watch(task_ids, condition, _api.view_of(full), on_outage), None)

    def wait(self, task_id: str, *, timeout: float | None = None) -> TaskInfo:
        """Wait until a task has ended, and give it in full; `raise_for_failure` turns a failure into its exception.

        Raises:
            TaskNotFound: it does not exist, or was deleted meanwhile.
            TimeoutError: it has not ended within `timeout` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            for task in self._watch(Watch((task_id,), None, _api.view_of(full=True)), deadline):
                if task.is_final:
                    return task
                if task.deleted:
                    break
        except TimeoutError:
            raise TimeoutError(f"task {task_id} has not ended within {timeout} s") from None
        return self.get(task_id)

    def wait_many(self, task_ids: Sequence[str]) -> Iterator[TaskInfo]:
        """Give tasks as they end, in full, in the order of their ends."""
        for start in range(0, len(task_ids), 1000):
            left = set(task_ids[start : start + 1000])
            for task in self.watch(*sorted(left), full=True):
                if (task.is_final or task.deleted) and task.task_id in left:
                    left.discard(task.task_id)
                    yield task
                if not left:
                    break

    def logs(self, task_id: str, *, stage: str = "", min_level: str = "DEBUG") -> Iterator[LogLineInfo]:
        """Stored log lines of a task, oldest first."""
        token = ""
        while True:
            lines, token = self._call(_api.logs_page(task_id, stage, min_level, token))
            yield from lines
            if not token:
                return

    def tail(
        self, task_id: str, *, stage: str = "", min_level: str = "DEBUG", on_outage: OnOutage | None = None
    ) -> Iterator[LogLineInfo]:
        """Stored log lines, then new ones as they come, until the task has ended.

        When the connection breaks it begins anew, and leaves out what it gave already; `on_outage` as in `watch`.
        """
        given: dict[str, int] = {}
        watch = Watch((), None, _api.view_of(full=False), on_outage)
        request = pb.TailTaskLogsRequest(task_id=task_id, stage=stage, min_level=_api.level_of(min_level))
        while True:
            try:
                with self._errors() as address:
                    stream = self._connections.stub(Service.TASKS, address).TailTaskLogs(request)
                    try:
                        for response in stream:
                            self._connections.answered()
                            watch.answered()
                            for line in response.lines:
                                info = log_line_of(line)
                                if info.sequence > given.get(info.attempt_id, 0):
                                    given[info.attempt_id] = info.sequence
                                    yield info
                    finally:
                        stream.cancel()
            except TryAgain as error:
                self._pause(watch, error, None)
            else:
                return

    def manifest_items(
        self, task_id: str, *, manifest: str = "", states: Sequence[ItemState | str] = ()
    ) -> Iterator[ItemInfo]:
        """Items of a task's manifest in order; without a name those of its only one."""
        token = ""
        while True:
            items, _, token = self._call(_api.manifest_page(task_id, manifest, states, token))
            yield from items
            if not token:
                return

    # --- calls --------------------------------------------------------------------------------------------------------

    def _watch(self, watch: Watch, deadline: float | None) -> Iterator[TaskInfo]:
        while True:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            try:
                with self._errors() as address:
                    stream = self._connections.stub(Service.TASKS, address).WatchTasks(
                        watch.request(), timeout=left
                    )
                    try:
                        for response in stream:
                            self._connections.answered()
                            yield from watch.take(response)
                            if watch.over:
                                return
                    finally:
                        stream.cancel()
                self._connections.next_address(ENDED, address)
                error: AsyncTaskError = ENDED
            except TryAgain as failed:
                error = failed
            self._pause(watch, error, left)

    def _pause(self, watch: Watch, error: AsyncTaskError, left: float | None) -> None:
        """Before a stream is opened again."""
        if self._connections.closed:
            raise error
        pause_s = watch.again_s(error)
        if not watch.tells:
            self._connections.failed(error, watch.out_s, "until it answers")
        time.sleep(pause_s if left is None else max(0.0, min(pause_s, left)))

    def _call(self, call: Call[R]) -> R:
        for turns_left in range(len(self._connections) if call.repeatable else 1, 0, -1):
            try:
                with self._errors() as address:
                    method = getattr(self._connections.stub(call.service, address), call.method)
                    answer = method(call.request, timeout=CALL_S)
            except StoreUnavailable:
                if turns_left == 1 or self._connections.closed:
                    raise
            else:
                self._connections.answered()
                return call.read(answer)
        raise AssertionError

    def _send_batch(self, request: pb.BatchSubmitTasksRequest, timeout: float) -> pb.BatchSubmitTasksResponse:
        with self._errors() as address:
            answer: pb.BatchSubmitTasksResponse = self._connections.stub(
                Service.TASKS, address
            ).BatchSubmitTasks(request, timeout=timeout)
        self._connections.answered()
        return answer

    @contextmanager
    def _errors(self) -> Iterator[str]:
        """Gives the address of a call; its errors become those of the catalogue, without gRPC's own telling of them."""
        address = self._connections.address
        try:
            yield address
        except grpc.RpcError as broken:
            raise self._connections.error_of(broken, address) from None
        except ValueError:
            # What gRPC says of a channel that was closed between two of our lines.
            if self._connections.closed:
                raise self._connections.closed_error() from None
            raise

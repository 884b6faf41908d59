"""The async client: submit tasks, watch them, steer them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import grpc
import grpc.aio

from asynctask import _api
from asynctask._api import Call, Service, Submission
from asynctask._calls import is_cancelled
from asynctask._channel import open_aio
from asynctask._connections import Connections
from asynctask._info import LogLineInfo, TaskInfo
from asynctask._info_wire import log_line_of
from asynctask._items import ItemInfo
from asynctask._options import Duration, resolve_addresses
from asynctask._steering import Steering
from asynctask._submit import Submitter
from asynctask._task import TaskType
from asynctask._tls import Tls, resolve_credentials
from asynctask._watching import ENDED, OnOutage, Watch
from asynctask.errors import AsyncTaskError, StoreUnavailable, TryAgain
from asynctask_core.states import ItemState, TaskState
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

R = TypeVar("R")

CALL_S: Final = 15.0
"""Default deadline of a call: three times the registry's."""
SUBMIT_S: Final = 30.0
"""Default deadline of a submit, its repetitions included."""


class Client(Steering):
    """Submits, watches and steers tasks. One client serves any number of concurrent callers of one event loop.

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
        self._connections: Connections[grpc.aio.Channel] = Connections(
            resolve_addresses(address), lambda place: open_aio(place, credentials)
        )
        self._submitter = Submitter(self._send_batch, self._connections.failed)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Give up what is on its way and close the connections; whoever waits for a call gets an error."""
        channels = self._connections.close()
        await self._submitter.close()
        for channel in channels:
            await channel.close()

    # --- submit -------------------------------------------------------------------------------------------------------

    async def submit(  # noqa: PLR0913 - one keyword each for what a submit may say
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
        return await self._submitter.submit(submission.to_request(), timeout)

    async def submit_many(
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
        for place, answer in zip(places, await self._submitter.submit_all(requests, timeout), strict=True):
            answers[place] = answer
        return answers

    # --- read ---------------------------------------------------------------------------------------------------------

    async def list(
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
    ) -> AsyncIterator[TaskInfo]:
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
            tasks, token = await self._call(_api.list_page(condition, size, token, full))
            for task in tasks:
                yield task
            left = None if left is None else left - len(tasks)
            if not token:
                return

    async def list_page(  # noqa: PLR0913 - see list
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
        return await self._call(_api.list_page(condition, page_size, page_token, full))

    async def watch(
        self,
        *task_ids: str,
        task_types: Sequence[str | TaskType] = (),
        states: Sequence[TaskState | str] = (),
        queue: str = "",
        labels: Mapping[str, str] | None = None,
        full: bool = False,
        on_outage: OnOutage | None = None,
    ) -> AsyncGenerator[TaskInfo, None]:
        """Follow tasks: where each stands now, then every change and live progress.

        Up to 1,000 tasks by id: ends once each was given as final or deleted. Or all that meet the conditions: only
        changes from now on, without end. One task's changes come in the order of its versions, and one version more
        than once: with progress, and around a broken connection, which is opened again and misses nothing. A final
        state comes only once it is durable. `on_outage` is told the error when an outage takes longer, and None when it
        is over.

        Raises:
            InvalidInput: an id is none, or there are more than 1,000.
            TaskNotFound: an id does not exist.
            TokenExpired: the connection was away longer than changes are kept.
        """
        condition = None if task_ids else _api.task_filter(task_types, states, queue=queue, labels=labels)
        watch = Watch(task_ids, condition, _api.view_of(full), on_outage)
        while True:
            try:
                with self._errors() as address:
                    stream = self._connections.stub(Service.TASKS, address).WatchTasks(watch.request())
                    try:
                        async for response in stream:
                            self._connections.answered()
                            for task in watch.take(response):
                                yield task
                            if watch.over:
                                return
                    finally:
                        stream.cancel()
                self._connections.next_address(ENDED, address)
                error: AsyncTaskError = ENDED
            except TryAgain as failed:
                error = failed
            await self._pause(watch, error)

    async def wait(self, task_id: str, *, timeout: float | None = None) -> TaskInfo:
        """Wait until a task has ended, and give it in full; `raise_for_failure` turns a failure into its exception.

        Raises:
            TaskNotFound: it does not exist, or was deleted meanwhile.
            TimeoutError: it has not ended within `timeout` seconds.
        """
        try:
            async with asyncio.timeout(timeout), aclosing(self.watch(task_id, full=True)) as changes:
                async for task in changes:
                    if task.is_final:
                        return task
                    if task.deleted:
                        break
        except TimeoutError:
            raise TimeoutError(f"task {task_id} has not ended within {timeout} s") from None
        return await self.get(task_id)

    async def wait_many(self, task_ids: Sequence[str]) -> AsyncIterator[TaskInfo]:
        """Give tasks as they end, in full, in the order of their ends."""
        for start in range(0, len(task_ids), 1000):
            left = set(task_ids[start : start + 1000])
            async with aclosing(self.watch(*sorted(left), full=True)) as changes:
                async for task in changes:
                    if (task.is_final or task.deleted) and task.task_id in left:
                        left.discard(task.task_id)
                        yield task
                    if not left:
                        break

    async def logs(
        self, task_id: str, *, stage: str = "", min_level: str = "DEBUG"
    ) -> AsyncIterator[LogLineInfo]:
        """Stored log lines of a task, oldest first."""
        token = ""
        while True:
            lines, token = await self._call(_api.logs_page(task_id, stage, min_level, token))
            for line in lines:
                yield line
            if not token:
                return

    async def tail(
        self, task_id: str, *, stage: str = "", min_level: str = "DEBUG", on_outage: OnOutage | None = None
    ) -> AsyncIterator[LogLineInfo]:
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
                        async for response in stream:
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
                await self._pause(watch, error)
            else:
                return

    async def manifest_items(
        self, task_id: str, *, manifest: str = "", states: Sequence[ItemState | str] = ()
    ) -> AsyncIterator[ItemInfo]:
        """Items of a task's manifest in order; without a name those of its only one."""
        token = ""
        while True:
            items, _, token = await self._call(_api.manifest_page(task_id, manifest, states, token))
            for item in items:
                yield item
            if not token:
                return

    # --- calls --------------------------------------------------------------------------------------------------------

    async def _call(self, call: Call[R]) -> R:
        for turns_left in range(len(self._connections) if call.repeatable else 1, 0, -1):
            try:
                with self._errors() as address:
                    method = getattr(self._connections.stub(call.service, address), call.method)
                    answer = await method(call.request, timeout=CALL_S)
            except StoreUnavailable:
                if turns_left == 1 or self._connections.closed:
                    raise
            else:
                self._connections.answered()
                return call.read(answer)
        raise AssertionError

    async def _send_batch(
        self, request: pb.BatchSubmitTasksRequest, timeout: float
    ) -> pb.BatchSubmitTasksResponse:
        with self._errors() as address:
            answer: pb.BatchSubmitTasksResponse = await self._connections.stub(
                Service.TASKS, address
            ).BatchSubmitTasks(request, timeout=timeout)
        self._connections.answered()
        return answer

    async def _pause(self, watch: Watch, error: AsyncTaskError) -> None:
        """Before a stream is opened again."""
        if self._connections.closed:
            raise error
        pause_s = watch.again_s(error)
        if not watch.tells:
            self._connections.failed(error, watch.out_s, "until it answers")
        await asyncio.sleep(pause_s)

    @contextmanager
    def _errors(self) -> Iterator[str]:
        """Gives the address of a call; its errors become those of the catalogue, without gRPC's own telling of them."""
        address = self._connections.address
        try:
            yield address
        except grpc.RpcError as broken:
            raise self._connections.error_of(broken, address) from None
        except asyncio.CancelledError:
            # A call over a channel that is closed looks as if its caller had been cancelled.
            if self._connections.closed and not is_cancelled():
                raise self._connections.closed_error() from None
            raise

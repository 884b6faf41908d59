"""The async client: submit tasks, watch them, steer them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from asynctask._argument_checks import seconds
from asynctask._channel import open_aio
from asynctask._client import api
from asynctask._client.api import NO_CONFIG, SUBMIT_S, ClientCall, Service
from asynctask._client.claim import claim
from asynctask._client.commanding import Commanding
from asynctask._client.connections import Connections
from asynctask._client.info import TaskInfo
from asynctask._client.info_history import LogLineInfo
from asynctask._client.overseeing import Overseeing
from asynctask._client.owner import Owner
from asynctask._client.reading import Reading
from asynctask._client.repetition import Repetition
from asynctask._client.submission import Submission, Submissions
from asynctask._client.submit import SubmitBatcher
from asynctask._client.submit_stream import SubmitStreams
from asynctask._client.watching import ENDED, LOOK_S, OnLooked, OnOutage, Stream, Tail, Watch
from asynctask._grpc import grpc
from asynctask._options import Duration, resolve_addresses
from asynctask._task import TaskType
from asynctask._tls import Tls, resolve_credentials
from asynctask.errors import AsyncTaskError, TryAgain
from asynctask_aio.cancellation import is_cancelled
from asynctask_core.states import TaskState
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

R = TypeVar("R")
T = TypeVar("T")


class Client(Reading, Commanding, Overseeing):
    """Submits, watches and steers tasks. One client serves any number of concurrent callers of one event loop.

    Errors are those of `asynctask.errors`: `TaskNotFound`, `WrongState`, `InvalidInput` with every bad field, and
    `Unreachable` or another `TryAgain` when nothing is wrong with the call itself.

    Args:
        address: `host:port` of the scheduler, several separated by commas; default `ASYNCTASK_ADDRESS`, else
            127.0.0.1:7600.
        tls: PEM files for connections with TLS; default those that `ASYNCTASK_TLS_AUTHORITIES`,
            `ASYNCTASK_TLS_CERTIFICATE` and `ASYNCTASK_TLS_KEY` name, else connections are plain.
        actor: the person or program that gives this client's commands, at most 128 characters; default
            `ASYNCTASK_ACTOR`, else user and host of this process. `events` shows it if the scheduler trusts the client.
    """

    def __init__(
        self, address: str | None = None, *, tls: Tls | None = None, actor: str | None = None
    ) -> None:
        credentials = resolve_credentials(tls)
        self._claim = claim(actor)
        self._connections: Connections[grpc.aio.Channel] = Connections(
            resolve_addresses(address), lambda place: open_aio(place, credentials)
        )
        self._owner = Owner()
        self._submitter = SubmitBatcher(self._send_batch, self._connections.failed)
        self._streams = SubmitStreams()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop pending submits and close the connections; calls that still wait raise an error."""
        channels = self._connections.close()
        await self._submitter.close()
        await self._streams.close()
        for channel in channels:
            await channel.close()

    # --- submit -------------------------------------------------------------------------------------------------------

    async def submit(  # noqa: PLR0913 - one keyword each for what a submit may say
        self,
        task_type: TaskType | str,
        config: Any = NO_CONFIG,
        *,
        priority: int | None = None,
        queue: str | None = None,
        delay: Duration | None = None,
        start_time: datetime | None = None,
        labels: Mapping[str, str] | None = None,
        request_id: str | None = None,
        timeout: float = SUBMIT_S,
    ) -> str:
        """Submit a task and return its id once the task is durable.

        Concurrent submits share calls. While the scheduler is unreachable or the outcome of a call is unknown, the
        submit is repeated with the same request id, so the task is made once.

        Args:
            task_type: the type, or its name.
            config: its config, of the type's class or as plain JSON values (None is `null`); default `{}`.
            priority: 1 (first) to 5 (last); the type's if not given.
            queue: another queue than the type's.
            delay: earliest start, from now: seconds, or a text such as `90s` or `2d`; at most 3660 days. Excludes
                `start_time`.
            start_time: earliest start as an aware datetime, at most 3660 days from now.
            labels: free key-value pairs, at most 16.
            request_id: makes the call repeatable across processes for 24 hours; generated if not given.
            timeout: seconds until the submit is given up, repetitions included.

        Raises:
            UnknownTaskType, ConfigInvalid, InvalidInput, TooLarge: it was refused; no task was made.
            RequestIdReused: the request id was used for another task.
            TryAgain: it did not succeed within the timeout; with OutcomeUnknown the task may exist.
        """
        self._owner.check_loop()
        submission = Submission(task_type, config, priority, queue, delay, start_time, labels, request_id)
        return await self._submitter.submit(submission.to_request(), seconds("timeout", timeout))

    async def submit_many(
        self, submissions: Sequence[Submission], *, timeout: float = SUBMIT_S
    ) -> list[str | AsyncTaskError]:
        """Submit several tasks; each is accepted or refused on its own. Returns an id or error for each, in order."""
        self._owner.check_loop()
        several = Submissions(submissions)
        return several.merged(await self._submitter.submit_all(several.requests, seconds("timeout", timeout)))

    # --- follow -------------------------------------------------------------------------------------------------------

    def watch(  # noqa: PLR0913 - every condition by its name
        self,
        *task_ids: str,
        task_types: Sequence[str | TaskType] = (),
        states: Sequence[TaskState | str] = (),
        queue: str | None = None,
        labels: Mapping[str, str] | None = None,
        has_warnings: bool | None = None,
        error_fingerprint: str | None = None,
        text: str | None = None,
        full: bool = False,
        on_outage: OnOutage | None = None,
    ) -> AsyncGenerator[TaskInfo, None]:
        """Follow tasks: the current state of each, then every change and live progress.

        By id, up to 1,000 tasks: ends once each was given as final or deleted. By conditions, every task that meets
        them: only changes from now on, without end. The changes of one task come in the order of its versions. One
        version may come more than once: with progress, and after a broken connection, which is opened again without
        losing a change. A final state comes only once it is durable. `on_outage` is called with the error after two
        failures in a row, and with None when the stream works again.

        Raises:
            InvalidInput: an id is not valid, there are more than 1,000 ids, or ids come with conditions.
            TaskNotFound: an id does not exist.
            TokenExpired: the connection was away longer than changes are kept.
        """
        condition = api.task_filter(
            task_types,
            states,
            queue=queue,
            labels=labels,
            has_warnings=has_warnings,
            error_fingerprint=error_fingerprint,
            text=text,
        )
        return self._follow(Watch(task_ids, condition, api.view_of(full), on_outage))

    async def wait(self, task_id: str, *, timeout: float | None = None) -> TaskInfo:
        """Wait until a task has ended, and return it in full; `raise_for_failure` turns a failure into its exception.

        Raises:
            TaskNotFound: it does not exist, or was deleted meanwhile.
            TimeoutError: it has not ended within `timeout` seconds. A task that has ended is returned even with 0,
                since the first read may take one second, also where `timeout` is shorter.
            InvalidInput: the id is not valid, or the timeout is negative or no number.
        """
        within = None if timeout is None else seconds("timeout", timeout)
        api.check_id(task_id)
        deadline = None if within is None else asyncio.get_running_loop().time() + within
        first_look = None if within is None else max(within, LOOK_S)
        try:
            async with (
                asyncio.timeout(first_look) as limit,
                aclosing(self.watch(task_id, full=True)) as changes,
            ):
                async for task in changes:
                    if task.is_final:
                        return task
                    if task.deleted:
                        break
                    limit.reschedule(deadline)
        except TimeoutError:
            raise TimeoutError(f"task {task_id} has not ended within {timeout} s") from None
        return await self.get(task_id)

    async def wait_many(self, task_ids: Iterable[str | AsyncTaskError]) -> AsyncIterator[TaskInfo]:
        """Yield tasks in full, in the order in which they end; of more than 1,000 tasks, 1,000 at a time.

        Takes the answers of `submit_many` too: refused tasks are left out.
        """
        for ids in api.waited(task_ids):
            left = set(ids)
            async with aclosing(self.watch(*sorted(left), full=True)) as changes:
                async for task in changes:
                    if (task.is_final or task.deleted) and task.task_id in left:
                        left.discard(task.task_id)
                        yield task
                    if not left:
                        break

    def tail(
        self,
        task_id: str,
        *,
        stage: str | None = None,
        min_level: str = "DEBUG",
        last_lines: int | None = None,
        on_outage: OnOutage | None = None,
        on_looked: OnLooked | None = None,
    ) -> AsyncIterator[LogLineInfo]:
        """Stored log lines, then new ones as they come, until the task has ended and no more come.

        Of the stored ones all, or the last `last_lines` (1 to 1,000) that are found among the last 100,000 lines.

        The last lines may be stored after the task's end. After that end, the tail ends once no matching line came for
        half a second, at most 30 s after the task.

        When the connection breaks, the tail starts again and leaves out the lines that it gave already; `on_outage` as
        in `watch`. If older lines than the last 100,000 may match, `on_looked` is called with how many were looked
        through.
        """
        return self._follow(
            Tail(api.tail_request(task_id, stage, min_level, last_lines), on_outage, on_looked)
        )

    # --- calls --------------------------------------------------------------------------------------------------------

    async def _follow(self, stream: Stream[T]) -> AsyncGenerator[T, None]:
        """Yield the new messages of a stream; open it again when it breaks."""
        self._owner.check_loop()
        while True:
            try:
                with self._errors() as address:
                    opened = getattr(self._connections.stub(Service.TASKS, address), stream.method)(
                        stream.request()
                    )
                    try:
                        async for response in opened:
                            self._connections.answered()
                            for news in stream.take(response):
                                yield news
                            if stream.over:
                                return
                    finally:
                        opened.cancel()
                if not stream.endless:
                    return
                self._connections.next_address(ENDED, address)
                error: AsyncTaskError = ENDED
            except TryAgain as failed:
                error = failed
            await self._pause(stream, error)

    async def _call(self, call: ClientCall[R]) -> R:
        self._owner.check_loop()
        clock = asyncio.get_running_loop().time
        repetition = Repetition(call, len(self._connections), clock())
        metadata = self._claim if call.is_command else None
        while True:
            try:
                with self._errors() as address:
                    method = getattr(self._connections.stub(call.service, address), call.method)
                    answer = await method(
                        call.request, timeout=repetition.timeout_s(clock()), metadata=metadata
                    )
            except TryAgain as error:
                pause_s = repetition.pause_s(error, clock())
                if pause_s is None or self._connections.closed:
                    raise repetition.last_error(error) from None
                failure = error
            else:
                self._connections.answered()
                return call.read(answer)
            await asyncio.sleep(pause_s)
            if self._connections.closed:
                raise repetition.last_error(failure) from None

    async def _send_batch(
        self, request: pb.BatchSubmitTasksRequest, timeout: float
    ) -> pb.BatchSubmitTasksResponse:
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + timeout
        with self._errors() as address:
            stub = self._connections.stub(Service.TASKS, address)
            try:
                answer = await self._streams.ask(stub, address, request, timeout)
            except AsyncTaskError as error:
                self._connections.next_address(error, address)
                raise
            if answer is None:
                answer = await stub.BatchSubmitTasks(request, timeout=max(0.001, give_up_at - loop.time()))
        self._connections.answered()
        return answer

    async def _pause(self, stream: Stream[Any], error: AsyncTaskError) -> None:
        """Wait before a stream is opened again."""
        if self._connections.closed:
            raise error
        pause_s = stream.again_s(error)
        if not stream.tells:
            self._connections.failed(error, stream.out_s, "until it answers")
        await asyncio.sleep(pause_s)

    @contextmanager
    def _errors(self) -> Iterator[str]:
        """Give the address of a call; turn gRPC's errors into those of the catalogue, without gRPC's tracebacks."""
        address = self._connections.address
        try:
            yield address
        except grpc.RpcError as broken:
            raise self._connections.error_of(broken, address) from None
        except asyncio.CancelledError:
            # gRPC cancels a call over a closed channel just as if its caller had been cancelled.
            if self._connections.closed and not is_cancelled():
                raise self._connections.closed_error() from None
            raise

"""An event stream as an answer: heartbeats while nothing comes, an end when the reader goes or the gateway stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager, suppress
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from asynctask_core.errors import AsyncTaskError
from asynctask_gateway.live.frames import HEARTBEAT_S, MEDIA_TYPE, frame, heartbeat
from asynctask_gateway.live.stopping import Stopping
from asynctask_gateway.metrics import GatewayMetrics
from asynctask_gateway.problems import HttpProblem, HttpReason, problem_of

FIRST_S: Final = 2.0
"""A stream begins without its first event after so long. Its heartbeats then say that the gateway lives, before a
browser says that the connection is silent."""
_END: Final[Any] = object()


class SlowReader(Exception):
    """A reader has too much to get. It is told to come again with its token."""


class EventStream(Response):
    """Sends the events of a generator; `held` is released at its end, however it ends."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        events: AsyncGenerator[bytes],
        held: AsyncExitStack,
        stopping: Stopping,
        metrics: GatewayMetrics,
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._events = events
        self._held = held
        self._stopping = stopping
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end."""
        async with self._held, aclosing(self._events):
            with self._metrics.streams.track_inprogress():
                start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                await send(start)
                gone = asyncio.create_task(_gone(receive))  # seen: it only ends, or is cancelled
                sending = asyncio.create_task(self._send(send))
                try:
                    await asyncio.wait((gone, sending), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for task in (gone, sending):
                        task.cancel()
                    await asyncio.wait((gone, sending))
                with suppress(asyncio.CancelledError):
                    sending.result()

    async def _send(self, send: Send) -> None:
        async def write(body: bytes, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": body, "more_body": more})

        await write(heartbeat())
        stopped = self._stopping.wait()
        following = asyncio.ensure_future(anext(self._events, _END))  # seen: its result is read below
        try:
            while True:
                done, _ = await asyncio.wait(
                    (following, stopped), timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED
                )
                if stopped in done:
                    await write(frame({}, event="stopping"), more=False)
                    return
                if not done:
                    await write(heartbeat())
                    continue
                events = following.result()
                if events is _END:
                    await write(frame({}, event="end"), more=False)
                    return
                await write(events)
                following = asyncio.ensure_future(anext(self._events, _END))  # seen: its result is read above
        except SlowReader:
            await write(frame({}, event="resume"), more=False)
        except AsyncTaskError as error:
            await write(frame(problem_of(error), event="problem"), more=False)
        finally:
            following.cancel()
            await asyncio.wait([following])


async def begun(events: AsyncGenerator[bytes], held: AsyncExitStack) -> AsyncGenerator[bytes]:
    """The same events, once the first one is there, so that a refusal has its status; or after `FIRST_S`.

    Raises:
        AsyncTaskError: the stream was refused.
    """
    first = asyncio.ensure_future(anext(events, b""))  # seen: its result is read here, or by `_joined`
    held.push_async_callback(_stop, first)
    await asyncio.wait((first,), timeout=FIRST_S)
    # One that was slow even by then is told to resume, as later on.
    if first.done() and not isinstance(first.exception(), SlowReader):
        first.result()
    return _joined(first, events)


async def _joined(first: asyncio.Future[bytes], events: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    if event := await first:
        yield event
    async for event in events:
        yield event


async def _stop(task: asyncio.Future[bytes]) -> None:
    task.cancel()
    await asyncio.wait((task,))


@contextmanager
def counted(stopping: Stopping, most_streams: int) -> Iterator[None]:
    """Count a stream from its request on, since it may wait for its first event.

    Raises:
        HttpProblem: the gateway stops, or has too many streams.
    """
    if stopping.is_set():
        raise HttpProblem(HttpReason.STOPPING, "the gateway stops; connect again")
    if len(stopping.streams) >= most_streams:
        raise HttpProblem(
            HttpReason.TOO_MANY_STREAMS, f"there are {most_streams:,} event streams, which is the most"
        )
    with stopping.stream():
        yield


async def _gone(receive: Receive) -> None:
    """Return when the reader has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass

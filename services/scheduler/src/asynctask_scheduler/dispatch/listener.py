"""Passes the hints that any replica published to the sessions of this replica."""

from __future__ import annotations

from asynctask_scheduler.dispatch.sessions import Sessions
from asynctask_scheduler.feed.hints import CONTROL, DRAIN, WAKE, Hints
from asynctask_scheduler.queue.hints import parse_control, parse_wake


async def listen(hints: Hints, sessions: Sessions) -> None:
    """Listen until cancelled."""
    async for channel, data in hints.subscribe((WAKE, CONTROL, DRAIN)):
        if channel == WAKE:
            sessions.wake(parse_wake(data))
        elif channel == CONTROL:
            sessions.control(parse_control(data))
        elif channel == DRAIN:
            sessions.drain_executor(data.decode())
        else:
            sessions.wake_all()

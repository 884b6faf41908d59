"""Commands of people: pause, resume, cancel, restart, delete, update.

Each may make a task ready or end it without holding its lease, so an intent is noted first and cleared once the
standings are applied. The answer waits up to `APPLY_WAIT_S` for the apply: after a pause was answered the caller
expects that the task is not started any more, and it is the apply that informs the task's executor.
"""

from __future__ import annotations

import asyncio

from asynctask_chassis.supervision import supervised
from asynctask_core.errors import (
    InvalidInput,
    NotFound,
    RequestIdReused,
    TooLarge,
    VersionChanged,
    WrongState,
)
from asynctask_protos.registry.v1.ledger_service_pb2 import ApplyCommandRequest, ApplyCommandResponse
from asynctask_scheduler.pipeline.intents import Intents
from asynctask_scheduler.pipeline.standing_applier import StandingApplier
from asynctask_scheduler.queue.answers import Intent
from asynctask_scheduler.registry.client import RegistryClient

APPLY_WAIT_S = 1.0


class TaskCommands:
    """Executes one command per call."""

    def __init__(self, registry: RegistryClient, intents: Intents, applier: StandingApplier) -> None:
        self._registry = registry
        self._intents = intents
        self._applier = applier
        self._applying: set[asyncio.Task[None]] = set()

    async def command(self, request: ApplyCommandRequest) -> ApplyCommandResponse:
        """Execute `request` durably.

        Raises:
            TaskNotFound: no such task, or it is deleted.
            WrongState: its state does not allow it.
            VersionChanged: the task's version is not the one that the command expects.
            RequestIdReused: the request id was used before, for another command to this task.
            StoreUnavailable: a store did not answer; nothing is known to have happened.
            OutcomeUnknown: the registry may have committed; look at the task. The same holds for any other error.
        """
        intent = await self._intents.note([request.task_id])
        try:
            response = await self._registry.command(request)
        except TooLarge:
            raise  # the answer was too large: the command may be committed, so the intent stays
        except (NotFound, WrongState, VersionChanged, RequestIdReused, InvalidInput):
            self._intents.clear(intent)  # nothing was changed
            raise
        applying = supervised(asyncio.create_task(self._apply(response, intent)), "task_commands.apply")
        self._applying.add(applying)
        applying.add_done_callback(self._applying.discard)
        await asyncio.wait([applying], timeout=APPLY_WAIT_S)
        return response

    async def drain(self) -> None:
        """Wait until the standings of every answered command are applied."""
        if self._applying:
            await asyncio.wait(self._applying)

    async def _apply(self, response: ApplyCommandResponse, intent: Intent) -> None:
        if await self._applier.apply(response.standings):
            self._intents.clear(intent)  # otherwise it stays, and a reconciler applies the standings later

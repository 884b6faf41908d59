"""LedgerService: commands of people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asynctask_core.errors import OutcomeUnknown, TryAgain
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.ledger.ledger import Ledger

if TYPE_CHECKING:
    import grpc.aio


class LedgerCommandMethods:
    """One command for one task."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def ApplyCommand(
        self,
        request: pb.ApplyCommandRequest,
        context: grpc.aio.ServicerContext[pb.ApplyCommandRequest, pb.ApplyCommandResponse],
    ) -> pb.ApplyCommandResponse:
        commanded = await self._ledger.command_writer.apply(request)
        # The answer has no payloads: it must not fail for their size now that the command is committed.
        try:
            tasks = (
                [] if commanded.is_deleted else await self._ledger.reader.get([request.task_id], full=False)
            )
        except TryAgain as error:
            raise OutcomeUnknown(f"the command is carried out, but not answered: {error.message}") from error
        return pb.ApplyCommandResponse(
            task=tasks[0] if tasks else None, standings=[commanded.standing, *commanded.others]
        )

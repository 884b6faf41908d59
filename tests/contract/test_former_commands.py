"""A command says the same to a registry of this version and to one of 0.1."""

from __future__ import annotations

from typing import Any

import pytest

from asynctask_core.lifecycle.by_people import (
    COMMANDS,
    Cancel,
    Delete,
    Pause,
    PersonCommand,
    Restart,
    Resume,
    Update,
)
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_registry.ledger.command_wire import command_of
from asynctask_scheduler.registry.commands_of_0_1 import add_former

SAID: list[tuple[dict[str, Any], PersonCommand]] = [
    ({"pause": pb.PauseCommand()}, Pause()),
    ({"resume": pb.ResumeCommand()}, Resume()),
    ({"cancel": pb.CancelCommand()}, Cancel()),
    *(
        (
            {"restart": pb.RestartCommand(from_checkpoint=goes_on, start_now=now)},
            Restart(from_checkpoint=goes_on, start_now=now),
        )
        for goes_on in (False, True)
        for now in (False, True)
    ),
    ({"delete": pb.DeleteCommand()}, Delete()),
    ({"delete": pb.DeleteCommand(force=True)}, Delete(force=True)),
    ({"update": pb.UpdateCommand(priority=2)}, Update(2)),
    ({"update": pb.UpdateCommand(labels=pb.Labels())}, Update(None, {})),
    ({"update": pb.UpdateCommand(priority=1, labels=pb.Labels(values={"a": "b"}))}, Update(1, {"a": "b"})),
]


@pytest.mark.parametrize(("said", "meant"), SAID, ids=str)
def test_command_means_the_same_in_the_old_words(said: dict[str, Any], meant: PersonCommand) -> None:
    request = pb.ApplyCommandRequest(task_id=b"1" * 16, **said)
    add_former(request)
    assert command_of(request) == meant
    request.ClearField(next(iter(said)))  # pyright: ignore[reportArgumentType] - as a registry of 0.1 sees it
    assert command_of(request) == meant


def test_every_command_of_the_contract_is_read() -> None:
    """Fails when a command is added to the contract and nobody reads it."""
    named = pb.ApplyCommandRequest.DESCRIPTOR.oneofs_by_name["command"].fields
    assert {field.name for field in named} == set(COMMANDS)
    for field in named:
        request = pb.ApplyCommandRequest(task_id=b"1" * 16)
        getattr(request, field.name).SetInParent()
        assert isinstance(command_of(request), PersonCommand)

"""What every command may say: its request id, who gives it, and the version that the task must have."""

from __future__ import annotations

import asyncio
import re
from contextlib import nullcontext
from typing import Any

import pytest

from asynctask_core.errors import InvalidInput, RequestIdReused, TaskNotFound, VersionChanged, WrongState
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.registry.v1.standing_pb2 import PLACE_NOWHERE, PLACE_READY
from asynctask_registry.ledger import command
from asynctask_registry.ledger.command import CommandResult
from asynctask_registry.ledger.ledger import Ledger
from tests.integration.registry.kit import connected, created, get, record, started, success

PAUSE: dict[str, Any] = {"pause": pb.PauseCommand()}
RESUME: dict[str, Any] = {"resume": pb.ResumeCommand()}
CANCEL: dict[str, Any] = {"cancel": pb.CancelCommand()}
RESTART: dict[str, Any] = {"restart": pb.RestartCommand()}
DELETE: dict[str, Any] = {"delete": pb.DeleteCommand(force=True)}


async def apply(ledger: Ledger, task_id: bytes, **fields: Any) -> CommandResult:
    return await ledger.command_writer.apply(pb.ApplyCommandRequest(task_id=task_id, **fields))


async def kinds(ledger: Ledger, task_id: bytes) -> list[str]:
    return [event.kind for event in (await ledger.reader.events(task_id))[0]]


async def test_repeat_is_answered_with_what_became_of_the_first(ledger: Ledger) -> None:
    """Fails when a pause that was withdrawn meanwhile is carried out a second time."""
    (task_id,) = await created(ledger)
    assert (await apply(ledger, task_id, **PAUSE, request_id="one")).standing.place == PLACE_NOWHERE
    await apply(ledger, task_id, **RESUME)
    again = await apply(ledger, task_id, **PAUSE, request_id="one")
    assert (again.standing.place, again.standing.version) == (PLACE_READY, 3)
    assert await kinds(ledger, task_id) == ["created", "paused", "resumed"]
    assert (await apply(ledger, task_id, **PAUSE, request_id="two")).standing.place == PLACE_NOWHERE


async def test_repeated_restart_makes_one_run(ledger: Ledger) -> None:
    """Fails when two repeats that come together, or one after the new run has ended too, make further runs."""
    task_id, attempt_id = await started(ledger)
    await record(ledger, success(task_id, attempt_id))
    await asyncio.gather(*(apply(ledger, task_id, **RESTART, request_id="one") for _ in range(5)))
    assert (await get(ledger, task_id)).run == 2
    await apply(ledger, task_id, **CANCEL)
    await apply(ledger, task_id, **RESTART, request_id="one")
    assert (await kinds(ledger, task_id)).count("restarted") == 1
    assert (await get(ledger, task_id)).run == 2


async def test_repeat_of_a_delete_says_that_it_is_deleted(ledger: Ledger) -> None:
    """Fails when a client that repeats its delete is answered that there is no such task."""
    (task_id,) = await created(ledger)
    assert (await apply(ledger, task_id, **DELETE, request_id="one")).is_deleted
    assert (await apply(ledger, task_id, **DELETE, request_id="one")).is_deleted
    with pytest.raises(TaskNotFound):
        await apply(ledger, task_id, **DELETE, request_id="two")


async def test_refused_command_is_decided_afresh(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    with pytest.raises(WrongState):
        await apply(ledger, task_id, **RESTART, request_id="one")
    await apply(ledger, task_id, **CANCEL)
    await apply(ledger, task_id, **RESTART, request_id="one")
    assert (await get(ledger, task_id)).run == 2


async def test_request_id_of_another_command_is_refused_and_of_another_task_is_not(ledger: Ledger) -> None:
    first, second = await created(ledger, 2)
    await apply(ledger, first, **PAUSE, request_id="one")
    with pytest.raises(
        RequestIdReused, match=r"^request id 'one' was used for another command to task .*: pause$"
    ):
        await apply(ledger, first, **CANCEL, request_id="one")
    assert (await apply(ledger, second, **CANCEL, request_id="one")).standing.place == PLACE_NOWHERE


async def test_command_for_another_version_is_refused_with_the_present_state(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    await apply(ledger, task_id, **PAUSE, expected_version=1)
    with pytest.raises(
        VersionChanged, match="is paused and has version 2, but version 1 is expected"
    ) as caught:
        await apply(ledger, task_id, **CANCEL, expected_version=1)
    assert caught.value.metadata == {"version": "2", "state": "paused"}
    assert await kinds(ledger, task_id) == ["created", "paused"]
    await apply(ledger, task_id, **DELETE, expected_version=2)
    with pytest.raises(TaskNotFound):
        await apply(ledger, task_id, **CANCEL, expected_version=2)


async def test_repeat_under_its_request_id_needs_no_version(ledger: Ledger) -> None:
    """Fails when a repeat is refused for the version that the first itself has changed."""
    (task_id,) = await created(ledger)
    for _ in range(2):
        done = await apply(ledger, task_id, **PAUSE, request_id="one", expected_version=1)
        assert done.standing.version == 2


async def test_story_says_who_gave_each_command(ledger: Ledger) -> None:
    (task_id,) = await created(ledger)
    await apply(ledger, task_id, **PAUSE, actor="alice@nas")
    await apply(ledger, task_id, kind=pb.COMMAND_KIND_RESUME)  # a scheduler of 0.1 does not know
    events, _ = await ledger.reader.events(task_id)
    assert [(event.kind, event.actor) for event in events] == [
        ("created", ""),
        ("paused", "alice@nas"),
        ("resumed", "unknown"),
    ]


async def test_request_without_a_command_is_refused(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput, match=r"^command: is required$"):
        await apply(ledger, new_id())


async def test_repeat_of_a_command_that_changed_nothing_changes_nothing_either(ledger: Ledger) -> None:
    """Fails when a pause of a task that was paused already is carried out once it is repeated after a resume."""
    (task_id,) = await created(ledger)
    await apply(ledger, task_id, **PAUSE, request_id="others")
    await apply(ledger, task_id, **PAUSE, request_id="one")
    await apply(ledger, task_id, **RESUME)
    again = await apply(ledger, task_id, **PAUSE, request_id="one")
    assert (again.standing.place, again.standing.version) == (PLACE_READY, 3)
    assert await kinds(ledger, task_id) == ["created", "paused", "resumed"]
    with pytest.raises(RequestIdReused, match=r"was used for another command to task .*: pause$"):
        await apply(ledger, task_id, **CANCEL, request_id="one")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (pb.UpdateCommand(priority=1), pb.UpdateCommand(priority=5), 'update with {"priority": 1}'),
        (
            pb.UpdateCommand(labels=pb.Labels(values={"a": "b"})),
            pb.UpdateCommand(labels=pb.Labels()),
            'update with {"labels": {"a": "b"}}',
        ),
        (pb.UpdateCommand(priority=1), pb.UpdateCommand(priority=1), ""),
    ],
)
async def test_request_id_of_a_command_with_other_content_is_refused(
    ledger: Ledger, first: pb.UpdateCommand, second: pb.UpdateCommand, said: str
) -> None:
    """Fails when the second of two updates under one request id is answered as if it were done."""
    (task_id,) = await created(ledger)
    await apply(ledger, task_id, update=first, request_id="one")
    with pytest.raises(RequestIdReused, match=f"{re.escape(said)}$") if said else nullcontext():
        await apply(ledger, task_id, update=second, request_id="one")


async def test_repeat_for_a_task_that_was_deleted_meanwhile_says_so(ledger: Ledger) -> None:
    """Fails when a person is shown an empty task that is said to be pending."""
    (task_id,) = await created(ledger)
    await apply(ledger, task_id, **PAUSE, request_id="one")
    await apply(ledger, task_id, **DELETE)
    with pytest.raises(TaskNotFound):
        await apply(ledger, task_id, **PAUSE, request_id="one")


async def test_commands_that_change_nothing_are_forgotten_after_a_while(
    ledger: Ledger, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 10. Fails when a program that pauses a paused task every second fills the table for ever."""
    (task_id,) = await created(ledger)
    await apply(ledger, task_id, **PAUSE, request_id="first")
    for number in range(3):
        await apply(ledger, task_id, **PAUSE, request_id=f"kept {number}")
    monkeypatch.setattr(command, "UNCHANGED_KEPT_MS", 0)
    await apply(ledger, task_id, **PAUSE, request_id="last")
    async with connected(postgres_url) as connection:
        rows = await connection.fetch("SELECT kind, request_id FROM task_events WHERE task_id = $1", task_id)
    assert sorted(map(tuple, rows)) == [("paused", "first"), ("unchanged", "last")]

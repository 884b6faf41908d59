"""Looks at declared schemas: beside checks of configs, one at a time per connection, not soon again after one fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from asynctask_core import errors
from asynctask_protos.scheduler.v1.executor_service_pb2 import Hello, WorkRequest
from asynctask_protos.scheduler.v1.task_type_service_pb2 import RegisterTaskTypeRequest
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.api.executor_service import ExecutorService
from asynctask_scheduler.api.task_type_service import TaskTypeService
from asynctask_scheduler.checks import config_checks
from asynctask_scheduler.checks.config_checks import ConfigChecks
from asynctask_scheduler.checks.schema_processes import SchemaProcesses, TookTooLong
from asynctask_scheduler.checks.turns import Turns
from asynctask_scheduler.metrics import SchedulerMetrics
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler import doubles
from tests.unit.scheduler.doubles import RegistryDouble, a_type
from tests.unit.scheduler.house import House

FREE = {"units": 1, "schemas": 1, "reason": "", "refused": False}


class AskedByHand(SchemaProcesses):
    """Processes whose answers the test gives."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, asyncio.Future[dict[str, Any]]]] = []

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        answer = asyncio.get_running_loop().create_future()
        self.asked.append((request["schema"], answer))
        return await answer

    @property
    def schemas(self) -> list[str]:
        return [schema for schema, _ in self.asked]


class AlwaysTooLong(SchemaProcesses):
    """Processes that are ended by each request."""

    def __init__(self, *, is_measured: bool) -> None:
        super().__init__()
        self.asked = 0
        self.is_measured = is_measured

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked += 1
        raise TookTooLong("it took too long", is_measured=self.is_measured)


def slow(name: str, version: int = 1) -> TaskType:
    """A type whose schema takes a process."""
    schema = {"title": name, "$dynamicAnchor": "n", "additionalProperties": {"$dynamicRef": "#n"}}
    return a_type(name, version=version, config_schema_json=json.dumps(schema))


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop turn: what is to happen here needs some of its turns and no time."""
    for _ in range(50):
        if is_so():
            return
        await asyncio.sleep(0)
    assert is_so()


async def turns() -> None:
    """Let happen what could happen now."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_looks_and_checks_do_not_wait_for_each_other():
    """A schema that was stored before anybody looked is looked at for a check, and not behind new ones."""
    looks, at_checks = AskedByHand(), AskedByHand()
    checks = ConfigChecks(at_checks, looks, SchedulerMetrics())
    new, stored = slow("new"), slow("stored")
    looking = asyncio.create_task(checks.accept(new, "a"))
    checking = asyncio.create_task(checks.slow(stored, "{}"))
    await until(lambda: bool(looks.asked and at_checks.asked))
    assert (looks.schemas, at_checks.schemas) == ([new.config_schema_json], [stored.config_schema_json])
    at_checks.asked[0][1].set_result(FREE)
    await until(lambda: len(at_checks.asked) == 2)
    at_checks.asked[1][1].set_result({"violations": []})
    assert await checking == []
    assert not looking.done()
    looks.asked[0][1].set_result(FREE)
    await looking


async def test_looks_of_one_connection_wait_for_one_another_and_not_those_of_others():
    looks = AskedByHand()
    checks = ConfigChecks(AskedByHand(), looks, SchedulerMetrics())
    types = [slow("one"), slow("two"), slow("one"), slow("other")]
    looking = [asyncio.create_task(checks.accept(one, "b" if one.name == "other" else "a")) for one in types]
    await turns()
    assert looks.schemas == [types[0].config_schema_json, types[3].config_schema_json]
    looks.asked[0][1].set_result(FREE)
    await until(lambda: len(looks.asked) == 3)
    assert looks.schemas[2] == types[1].config_schema_json
    looks.asked[1][1].set_result(FREE)
    looks.asked[2][1].set_result(FREE)
    await asyncio.gather(*looking)
    assert len(looks.asked) == 3  # what the connection had just had looked at was known by then


async def test_a_schema_that_took_too_long_is_refused_at_once_for_some_minutes(
    monkeypatch: pytest.MonkeyPatch,
):
    """Fails when who declares it again and again keeps the process from everybody else."""
    assert config_checks.TOO_LONG_S >= 120
    looks = AskedByHand()
    checks = ConfigChecks(AskedByHand(), looks, SchedulerMetrics())
    looking = asyncio.create_task(checks.accept(slow("evil"), "a"))
    await until(lambda: bool(looks.asked))
    looks.asked[0][1].set_exception(TookTooLong("it took long", is_measured=True))
    with pytest.raises(errors.SchemaTooCostly, match="it took long"):
        await looking
    another = asyncio.create_task(checks.accept(slow("another"), "a"))
    await until(lambda: len(looks.asked) == 2)
    again = [asyncio.create_task(checks.accept(slow("evil"), caller)) for caller in ("a", "b")]
    await turns()
    assert all(one.done() for one in again)
    for one in again:
        with pytest.raises(errors.SchemaTooCostly, match="it took long"):
            await one
    assert len(looks.asked) == 2
    looks.asked[1][1].set_result(FREE)
    await another

    monkeypatch.setattr(config_checks, "TOO_LONG_S", 0.0)
    always = AlwaysTooLong(is_measured=True)
    checks = ConfigChecks(AskedByHand(), always, SchedulerMetrics())
    for _ in range(2):
        with pytest.raises(errors.SchemaTooCostly):
            await checks.accept(slow("evil"), "a")
    assert always.asked == 2  # it is not remembered for ever


async def test_connections_that_declare_the_same_schema_at_once_share_one_look():
    """Fails when each executor of a fleet that is started has the schema of their type looked at for itself."""
    looks = AskedByHand()
    checks = ConfigChecks(AskedByHand(), looks, SchedulerMetrics())
    costly = [asyncio.create_task(checks.accept(slow("costly"), f"a{n}")) for n in range(3)]
    cheap = [asyncio.create_task(checks.accept(slow("cheap"), f"b{n}")) for n in range(3)]
    await turns()
    looks.asked[0][1].set_exception(TookTooLong("it took long", is_measured=True))
    looks.asked[1][1].set_result(FREE)
    await turns()
    assert looks.schemas == [slow(name).config_schema_json for name in ("costly", "cheap")]
    await asyncio.gather(*cheap)
    for one in costly:
        with pytest.raises(errors.SchemaTooCostly, match="it took long"):
            await one


async def test_a_look_that_is_given_up_is_made_by_the_next_who_waits_for_it():
    looks = AskedByHand()
    checks = ConfigChecks(AskedByHand(), looks, SchedulerMetrics())
    first, second = (asyncio.create_task(checks.accept(slow("t"), caller)) for caller in ("a", "b"))
    await until(lambda: len(looks.asked) == 1)
    first.cancel()
    await until(lambda: len(looks.asked) == 2)
    looks.asked[1][1].set_result(FREE)
    await second


async def test_a_look_whose_process_ended_without_a_measure_is_tried_again_soon(
    monkeypatch: pytest.MonkeyPatch,
):
    """Perhaps the machine was short of memory: an executor that starts again is not refused for minutes."""
    monkeypatch.setattr(config_checks, "BACK_OFF_S", 0.0)
    looks = AlwaysTooLong(is_measured=False)
    checks = ConfigChecks(AskedByHand(), looks, SchedulerMetrics())
    for _ in range(2):
        with pytest.raises(errors.SchemaTooCostly):
            await checks.accept(slow("t"), "a")
    assert looks.asked == 2


async def test_schemas_that_took_too_long_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(config_checks, "_MOST_KNOWN", 3)
    checks = ConfigChecks(AskedByHand(), AlwaysTooLong(is_measured=True), SchedulerMetrics())
    for number in range(9):
        with pytest.raises(errors.SchemaTooCostly):
            await checks.accept(slow(f"evil-{number}"), "a")
    assert len(checks._too_long) == 3


class Peer:
    """The context of a call of one connection."""

    async def write(self, message: Any) -> None: ...

    def peer(self) -> str:
        return "ipv4:10.0.0.7:4711"


async def test_a_hello_and_a_registration_say_whose_connection_they_come_from(
    monkeypatch: pytest.MonkeyPatch,
):
    nothing: Any = None
    callers: list[str] = []

    async def noted(_: ConfigChecks, task_type: TaskType, caller: str) -> None:
        callers.append(caller)
        raise errors.Overloaded("that will do")

    monkeypatch.setattr(ConfigChecks, "accept", noted)
    house = House()
    service = ExecutorService(
        queue=nothing,
        registry=nothing,
        catalogue=nothing,
        sessions=house.sessions,
        renewals=house.renewals,
        lease_ms=1,
    )
    hello = Hello(executor_id="x", display_name="x", slots=1, task_types=[slow("of-a-hello")])

    async def requests() -> AsyncIterator[WorkRequest]:
        yield WorkRequest(hello=hello)

    context: Any = Peer()
    with pytest.raises(errors.Overloaded):
        await service.Work(requests(), context)
    registry: Any = RegistryDouble()
    catalogue = CachedCatalogue(registry, house.queue, doubles.config_checks())
    with pytest.raises(errors.Overloaded):
        await TaskTypeService(catalogue).RegisterTaskType(
            RegisterTaskTypeRequest(task_type=slow("registered")), context
        )
    assert callers == [context.peer()] * 2


async def test_who_declares_a_type_waits_for_the_looks_of_the_same_connection():
    """Fails when the catalogue does not pass on whose connection it is."""
    looks = AskedByHand()
    checks = ConfigChecks(AskedByHand(), looks, SchedulerMetrics())
    registry: Any = RegistryDouble()
    catalogue = CachedCatalogue(registry, QueueModel(ModelStore()), checks)
    declaring = [
        asyncio.create_task(catalogue.declare([slow(name)], caller))
        for name, caller in (("one", "a"), ("two", "a"), ("three", "b"))
    ]
    await until(lambda: len(looks.asked) == 2)
    await turns()
    assert [json.loads(schema)["title"] for schema in looks.schemas] == ["one", "three"]
    looks.asked[0][1].set_result(FREE)
    await until(lambda: len(looks.asked) == 3)
    for _, answer in looks.asked[1:]:
        answer.set_result(FREE)
    await asyncio.gather(*declaring)


async def test_a_turn_that_does_not_come_in_time_is_refused_and_leaves_nothing_behind():
    line = Turns(most_waiting=2)
    async with line.turn("a", "full"), line.turn("b", "full", 0.0):
        with pytest.raises(errors.Overloaded, match="full"):
            async with line.turn("a", "full", 0.0):
                raise AssertionError("somebody has it")
    assert (line._locks, dict(line._waiting)) == ({}, {})
    async with line.turn("a", "full", 0.0):
        pass

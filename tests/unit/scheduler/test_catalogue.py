"""What a scheduler knows of task types, and what Redis is told of their limits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from asynctask_core.errors import StoreUnavailable, TaskTypesFull, TokenExpired
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.task_type_pb2 import TaskType
from asynctask_scheduler.queue.answers import TypeLimit
from asynctask_scheduler.registry.type_catalogue import CachedCatalogue
from tests.support.conditions import eventually
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import RegistryDouble, a_type, config_checks


def a_catalogue(registry: RegistryDouble, queue: QueueModel) -> CachedCatalogue:
    as_ledger: Any = registry
    return CachedCatalogue(as_ledger, queue, config_checks())


async def test_a_definition_that_was_declared_before_is_not_sent_again():
    registry = RegistryDouble()
    queue = QueueModel(ModelStore())
    catalogue = a_catalogue(registry, queue)
    await catalogue.declare([a_type(max_running=2)])
    await catalogue.declare([a_type(max_running=2)])
    assert registry.count("register") == 1
    assert await queue.type_limits() == {"noop": 2}
    await catalogue.declare([a_type(max_running=0)])
    assert registry.count("register") == 2
    assert await queue.type_limits() == {}


async def test_what_was_read_before_a_type_was_declared_takes_nothing_back():
    """Law 6. Broken once on purpose: with all that was read replacing what is known this fails."""
    registry = RegistryDouble()
    queue = QueueModel(ModelStore())
    catalogue = a_catalogue(registry, queue)
    await catalogue.declare([a_type(max_running=2)])
    registry.types["noop"] = a_type(max_running=0, version=0)
    registry.types["other"] = a_type("other", max_running=1, version=1)
    await catalogue.refresh()
    assert await queue.type_limits() == {"noop": 2, "other": 1}
    assert (catalogue.types["noop"].max_running, catalogue.types["noop"].version) == (2, 1)


async def test_a_type_is_known_once_redis_knows_its_limit():
    """Law 6. Broken once on purpose: with the type known first, the second executor that declares it is served
    while there is no limit yet, and this fails."""

    class SlowQueue(QueueModel):
        gate = asyncio.Event()

        async def set_type_limits(self, limits: Sequence[TypeLimit]) -> None:
            await self.gate.wait()
            await super().set_type_limits(limits)

    queue = SlowQueue(ModelStore())
    catalogue = a_catalogue(RegistryDouble(), queue)
    declaring = [asyncio.create_task(catalogue.declare([a_type(max_running=2)])) for _ in range(2)]
    await asyncio.sleep(0.01)
    assert not catalogue.types
    assert not any(one.done() for one in declaring)
    queue.gate.set()
    await asyncio.gather(*declaring)
    await eventually(lambda: catalogue.types["noop"].max_running == 2)
    assert await queue.type_limits() == {"noop": 2}


async def learning(registry: RegistryDouble) -> tuple[list[asyncio.Task[bool]], CachedCatalogue]:
    """Three callers who ask for the same type, the first of them on its way to a registry that does not answer yet."""
    registry.types["noop"] = a_type(version=1)
    registry.gate.clear()
    catalogue = a_catalogue(registry, QueueModel(ModelStore()))

    async def learn() -> bool:
        return "noop" in await catalogue.learn(["noop"])

    callers = [asyncio.create_task(learn()) for _ in range(3)]
    await eventually(lambda: registry.in_flight == 1)
    return callers, catalogue


async def test_who_waits_behind_a_look_that_failed_hears_that_it_failed_and_who_asks_later_looks_again():
    registry = RegistryDouble()
    callers, catalogue = await learning(registry)
    registry.failures.append(StoreUnavailable("the registry is being restarted"))
    registry.gate.set()
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(answer) for answer in answers] == [StoreUnavailable] * 3
    assert registry.count("task_types_since") == 1
    assert "noop" in await catalogue.learn(["noop"])


async def test_who_waits_behind_a_look_whose_caller_went_away_looks_itself():
    registry = RegistryDouble()
    callers, _ = await learning(registry)
    callers[0].cancel()
    registry.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await callers[0]
    assert await asyncio.gather(*callers[1:]) == [True, True]


async def test_a_type_that_was_deleted_elsewhere_is_registered_anew_by_the_next_hello():
    registry, queue = RegistryDouble(), QueueModel(ModelStore())
    catalogue = a_catalogue(registry, queue)
    await catalogue.declare([a_type(max_running=2)])
    await registry.delete_task_type("noop")
    await catalogue.declare([a_type(max_running=2)])
    assert registry.count("register") == 2
    assert catalogue.types["noop"].version == 3
    assert await queue.type_limits() == {"noop": 2}


async def test_executors_are_let_in_while_the_registry_is_away_and_what_was_deleted_is_registered_later():
    registry = RegistryDouble()
    catalogue = a_catalogue(registry, QueueModel(ModelStore()))
    await catalogue.declare([a_type()])
    await registry.delete_task_type("noop")
    registry.failures.append(StoreUnavailable("away"))
    await catalogue.declare([a_type()])
    registry.failures.append(StoreUnavailable("away"))
    with pytest.raises(StoreUnavailable):  # nobody knows whether this one would be accepted
        await catalogue.declare([a_type("unknown")])
    assert registry.count("register") == 1
    await catalogue.refresh()
    assert registry.count("register") == 2
    assert catalogue.types["noop"].version == 3


class HeldRegistry(RegistryDouble):
    """Holds calls back that register types."""

    def __init__(self) -> None:
        super().__init__()
        self.registering = asyncio.Event()
        self.lets_register = asyncio.Event()

    async def register(self, task_types: Sequence[TaskType]) -> Sequence[TaskType]:
        self.registering.set()
        await self.lets_register.wait()
        return await super().register(task_types)


async def declared_while_away(registry: RegistryDouble, *names: str) -> CachedCatalogue:
    """A catalogue to which an executor declared types while the registry was away, where they are deleted by now."""
    catalogue = a_catalogue(registry, QueueModel(ModelStore()))
    await catalogue.declare([a_type(name) for name in names])
    for name in names:
        await registry.delete_task_type(name)
    registry.failures.append(StoreUnavailable("away"))
    await catalogue.declare([a_type(name) for name in names])
    return catalogue


async def test_a_look_that_is_cancelled_leaves_what_is_to_be_registered_to_the_next_one():
    """Fails when: a Hello that gives up while the type is registered anew takes the declaration with it."""
    registry = HeldRegistry()
    registry.lets_register.set()
    catalogue = await declared_while_away(registry, "noop")
    registry.lets_register.clear()
    registry.registering.clear()
    look = asyncio.create_task(catalogue.refresh())
    await registry.registering.wait()
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    assert "noop" not in catalogue.types
    registry.lets_register.set()
    await catalogue.refresh()
    assert catalogue.types["noop"].version == 3


async def test_a_declaration_that_is_refused_keeps_no_other_from_being_registered_anew():
    """Fails when: what one look may have refused fails every look from then on, or those after it in the list."""

    class FullRegistry(RegistryDouble):
        is_full = False

        async def register(self, task_types: Sequence[TaskType]) -> Sequence[TaskType]:
            if self.is_full and any(one.name == "first" for one in task_types):
                raise TaskTypesFull("there are too many")
            return await super().register(task_types)

    registry = FullRegistry()
    catalogue = await declared_while_away(registry, "first", "second")
    registry.is_full = True
    await catalogue.refresh()
    assert set(catalogue.types) == {"second"}
    registry.is_full = False
    await catalogue.refresh()
    assert set(catalogue.types) == {"second"}


async def test_what_a_registry_with_another_database_does_not_list_is_forgotten():
    registry, queue = RegistryDouble(), QueueModel(ModelStore())
    catalogue = a_catalogue(registry, queue)
    await catalogue.declare([a_type(max_running=2), a_type("kept", max_running=3)])
    await catalogue.refresh()
    del registry.types["noop"]
    await catalogue.refresh()
    assert set(catalogue.types) == {"noop", "kept"}  # a page of changes says nothing of what it does not name
    registry.failures.append(TokenExpired("the token is of another database"))
    await catalogue.refresh()
    assert set(catalogue.types) == {"kept"}
    assert await queue.type_limits() == {"kept": 3}


async def test_limit_of_a_type_that_was_deleted_while_no_scheduler_ran_goes_with_the_first_look():
    """Fails when only a deletion that a scheduler hears of takes the limit out of Redis: it stayed until a rebuild."""
    registry, queue = RegistryDouble(), QueueModel(ModelStore())
    await a_catalogue(registry, queue).declare([a_type(max_running=2), a_type("kept", max_running=3)])
    await registry.delete_task_type("noop")
    await a_catalogue(registry, queue).refresh()
    assert await queue.type_limits() == {"kept": 3}


async def test_limit_of_a_type_that_is_declared_during_the_first_look_stays():
    queue = QueueModel(ModelStore())

    class BusyRegistry(RegistryDouble):
        async def task_types_since(self, token: str) -> pb.ListTaskTypesResponse:
            answer = await super().task_types_since(token)
            await queue.set_type_limits([TypeLimit("noop", 5, version=3), TypeLimit("new", 6, version=1)])
            return answer

    registry = BusyRegistry()
    await queue.set_type_limits([TypeLimit("noop", 2, version=1)])  # deleted by now
    await a_catalogue(registry, queue).refresh()
    assert await queue.type_limits() == {"noop": 5, "new": 6}

"""Lists of queues and executors: anybody may make up names, so both come in pages that fit into a message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.errors import ExecutorNotFound, QueueNotFound, StoreUnavailable, TokenExpired
from asynctask_core.ids import new_id
from asynctask_protos.registry.v1.standing_pb2 import Standing
from asynctask_protos.scheduler.v1 import executor_service_pb2 as ex
from asynctask_protos.scheduler.v1 import queue_service_pb2 as pb
from asynctask_scheduler.api import executor_service
from asynctask_scheduler.api.executor_service import ExecutorService
from asynctask_scheduler.api.queue_service import QueueService
from asynctask_scheduler.queue.answers import ExecutorState, SessionInfo
from tests.support.queue_model import ModelStore, QueueModel
from tests.unit.scheduler.doubles import a_type, ready

CONTEXT: Any = None


class Catalogue:
    """Knows one type, or fails to look for others."""

    failure: Exception | None = None

    async def learn(self, names: Iterable[str]) -> Collection[str]:
        """The type."""
        if self.failure is not None and set(names) - {"noop"}:
            raise self.failure
        return {"noop"}


CATALOGUE: Any = Catalogue()


async def queue_service(*queues: str) -> QueueService:
    """Serves one ready task in each of `queues`, and a type that names the queue `typed`."""
    model = QueueModel(ModelStore())
    standings = [ready(new_id()) for _ in queues]
    for standing, name in zip(standings, queues, strict=True):
        standing.queue = name
    await model.apply([Standing.FromString(one.SerializeToString()) for one in standings])
    catalogue: Any = SimpleNamespace(types={"noop": a_type(queue="typed")})
    return QueueService(model, catalogue)


async def names_in_pages(service: QueueService, page_size: int) -> list[list[str]]:
    pages: list[list[str]] = []
    token, more = "", True
    while more:
        request = pb.ListQueuesRequest(page_size=page_size, page_token=token)
        answer = await service.ListQueues(request, CONTEXT)
        pages.append([queue.name for queue in answer.queues])
        token = answer.next_page_token
        more = bool(token)
    return pages


async def test_queues_come_in_pages_by_name_with_those_that_only_types_name():
    service = await queue_service("z", "b", "a", "v")
    assert await names_in_pages(service, 2) == [["a", "b"], ["typed", "v"], ["z"]]
    assert await names_in_pages(service, 0) == [["a", "b", "typed", "v", "z"]]
    assert await names_in_pages(await queue_service(), 5) == [["typed"]]


async def test_page_of_queues_ends_before_it_is_too_large_for_a_message(monkeypatch: pytest.MonkeyPatch):
    """Fails when all queues come at once: a client that gives each task a queue of its own spoils everybody's list."""
    monkeypatch.setattr(limits, "PAGE_BYTES", 50)
    pages = await names_in_pages(await queue_service(*"abcdef"), 1000)
    assert len(pages) > 2
    assert [name for page in pages for name in page] == [*"abcdef", "typed"]


async def test_one_queue_is_found_by_its_name_and_a_token_of_something_else_is_refused():
    service = await queue_service("a", "b")
    one = await service.GetQueue(pb.GetQueueRequest(name="b"), CONTEXT)
    assert (one.queue.name, one.queue.depth) == ("b", 1)
    typed = await service.GetQueue(pb.GetQueueRequest(name="typed"), CONTEXT)
    assert (typed.queue.name, typed.queue.depth) == ("typed", 0)
    with pytest.raises(QueueNotFound):
        await service.GetQueue(pb.GetQueueRequest(name="c"), CONTEXT)
    with pytest.raises(TokenExpired):
        await service.ListQueues(pb.ListQueuesRequest(page_token="x"), CONTEXT)


async def test_executors_come_in_pages_that_fit_into_a_message(monkeypatch: pytest.MonkeyPatch):
    """Fails when all executors come at once: each may name 1,000 queues, and a hundred of them fill a message."""
    monkeypatch.setattr(limits, "PAGE_BYTES", 2000)
    model, nothing = QueueModel(ModelStore()), CONTEXT
    for name in "ecadb":
        await model.open_session(SessionInfo(name, "", 1, ("noop",), ("q" * 900,), ""))
    service = ExecutorService(
        queue=model,
        registry=nothing,
        catalogue=CATALOGUE,
        sessions=nothing,
        renewals=nothing,
        lease_ms=15_000,
    )
    pages: list[list[str]] = []
    token, more = "", True
    while more:
        request = ex.ListExecutorsRequest(page_token=token, page_size=0 if token else 1)
        answer = await service.ListExecutors(request, CONTEXT)
        pages.append([one.executor_id for one in answer.executors])
        token = answer.next_page_token
        more = bool(token)
    assert pages == [["a"], ["b", "c"], ["d", "e"]]


class FrugalQueue(QueueModel):
    """A model that notes of how many executors it was asked at once what they serve."""

    def __init__(self, store: ModelStore) -> None:
        super().__init__(store)
        self.asked: list[int] = []

    async def describe_executors(self, executor_ids: Sequence[str]) -> Sequence[ExecutorState]:
        self.asked.append(len(executor_ids))
        return await super().describe_executors(executor_ids)


async def test_executors_are_looked_up_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch):
    """Fails when a page, or one executor, costs a reading of what all of them serve."""
    monkeypatch.setattr(executor_service, "LOOKED_UP", 2)
    model, nothing = FrugalQueue(ModelStore()), CONTEXT
    for name in "fecadbg":
        await model.open_session(SessionInfo(name, "", 1, ("noop",), (), ""))
        # Those that held a task when they stopped are known for a while, and are not listed.
        model._data.sessions[name].stopped = name in "bg"
    service = ExecutorService(
        queue=model,
        registry=nothing,
        catalogue=CATALOGUE,
        sessions=nothing,
        renewals=nothing,
        lease_ms=15_000,
    )
    first = await service.ListExecutors(ex.ListExecutorsRequest(page_size=3), CONTEXT)
    assert [one.executor_id for one in first.executors] == ["a", "c", "d"]
    assert model.asked == [2, 2, 2]
    rest = ex.ListExecutorsRequest(page_token=first.next_page_token)
    last = await service.ListExecutors(rest, CONTEXT)
    assert ([one.executor_id for one in last.executors], last.next_page_token) == (["e", "f"], "")
    model.asked.clear()
    one = await service.GetExecutor(ex.GetExecutorRequest(executor_id="c"), CONTEXT)
    assert (one.executor.executor_id, model.asked) == ("c", [1])
    with pytest.raises(ExecutorNotFound):
        await service.GetExecutor(ex.GetExecutorRequest(executor_id="b"), CONTEXT)


async def test_types_that_were_deleted_are_told_apart_from_those_that_an_executor_runs():
    """Fails when a deleted type is shown as one that is run, or when nothing is shown while the registry is away."""
    model, nothing = QueueModel(ModelStore()), CONTEXT
    await model.open_session(SessionInfo("a", "", 1, ("gone", "noop"), (), ""))
    catalogue: Any = Catalogue()
    service = ExecutorService(
        queue=model,
        registry=nothing,
        catalogue=catalogue,
        sessions=nothing,
        renewals=nothing,
        lease_ms=15_000,
    )

    async def told() -> list[tuple[list[str], list[str]]]:
        listed = await service.ListExecutors(ex.ListExecutorsRequest(), CONTEXT)
        one = await service.GetExecutor(ex.GetExecutorRequest(executor_id="a"), CONTEXT)
        return [
            (list(it.task_types), list(it.deleted_task_types)) for it in (*listed.executors, one.executor)
        ]

    assert await told() == [(["noop"], ["gone"])] * 2
    catalogue.failure = StoreUnavailable("away")
    assert await told() == [(["gone", "noop"], [])] * 2

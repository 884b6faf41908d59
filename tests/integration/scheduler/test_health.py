"""GetHealth tells how replicas and stores are, also while some of them are away, and never fails itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import requests

from asynctask._channel import open_aio
from asynctask_chassis.channel import open_channel
from asynctask_protos.scheduler.v1.doctor_service_pb2 import DiagnoseRequest
from asynctask_protos.scheduler.v1.doctor_service_pb2_grpc import DoctorServiceStub
from asynctask_protos.scheduler.v1.health_service_pb2 import GetHealthRequest, Health, HealthLevel
from asynctask_protos.scheduler.v1.health_service_pb2_grpc import HealthServiceStub
from asynctask_standalone.stores.postgres import EmbeddedPostgres
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.integration.scheduler.cell import Cell, Replica
from tests.support.conditions import eventually
from tests.support.processes import Processes

OK = HealthLevel.HEALTH_LEVEL_OK
ANSWER_S = 5.0
"""GetHealth reads nothing, so it is answered at once, also while a store is away."""


async def health_of(replica: Replica) -> Health:
    stub: Any = HealthServiceStub(replica.channel)
    return (await stub.GetHealth(GetHealthRequest(), timeout=ANSWER_S)).health


def facts(health: Health) -> dict[str, str]:
    return {check.name: check.fact for check in health.checks}


async def until(replica: Replica, **wanted: str) -> Health:
    """Wait until these checks have found these facts."""

    async def found() -> bool:
        now = facts(await health_of(replica))
        return all(now[name] == fact for name, fact in wanted.items())

    await eventually(found, timeout=120)
    return await health_of(replica)


async def test_cluster_that_works_is_told_as_well_with_its_replicas_and_loops(cell: Cell):
    executor = await cell.executor()
    await cell.submit()
    assignment = await executor.assignment()
    await executor.renew(assignment)
    await until(
        cell.replicas[0],
        schedulers="ready",
        registries="answering",
        postgres="well",
        redis="well",
        queues="complete",
        renewals="in_time",
        loops="running",
        drift="none",
    )
    health = await health_of(cell.replicas[0])
    assert health.level == OK
    assert not [check for check in health.checks if check.effect or check.repair]
    scheduler, registry = sorted(health.replicas, key=lambda one: one.service == "registry")
    assert (scheduler.address, registry.address) == (cell.replicas[0].address, cell.registry.address)
    assert scheduler.version == registry.version
    assert {"sweep", "reaper", "rebuild", "health"} <= {loop.name for loop in scheduler.loops}
    assert {"folding", "recount", "store"} <= {loop.name for loop in registry.loops}
    assert health.renewals.renewals >= 1
    assert (health.renewals.late, health.renewals.expired) == (0, 0)
    assert [store.store for store in health.stores] == ["Postgres", "Redis"]
    await executor.finish(assignment)


async def test_killed_scheduler_is_named_as_silent_and_one_that_stopped_is_not(start_cell):
    """Fails when a scheduler that was killed just vanishes, or when one that was stopped in order is missed."""
    cell = await start_cell(schedulers=3)
    first, stopped, killed = cell.replicas

    async def seen() -> dict[str, str]:
        health = await health_of(first)
        return {one.address: one.hindrance for one in health.replicas if one.service == "scheduler"}

    async def all_work() -> bool:
        return await seen() == dict.fromkeys((one.address for one in cell.replicas), "")

    await eventually(all_work, timeout=60)
    await stopped.process.stop()
    await killed.process.kill()

    async def one_is_silent() -> bool:
        return await seen() == {first.address: "", killed.address: "it does not answer"}

    await eventually(one_is_silent, timeout=60)
    (check,) = [one for one in (await health_of(first)).checks if one.name == "schedulers"]
    assert (check.fact, check.level) == ("not_ready", HealthLevel.HEALTH_LEVEL_ATTENTION)
    assert killed.address in check.message


async def test_frozen_registry_of_two_is_named_and_the_other_one_counts(
    postgres_url: str, redis_url: str, processes: Processes
):
    """Fails when one registry without an answer makes the health say that none answers, or is not named."""
    cell = Cell(postgres_url, redis_url, processes, name="two", settings={"CALL_TIMEOUT": "5s"})
    frozen_one = processes.service("registry", POSTGRES_URL=postgres_url)
    cell.settings["REGISTRY_ADDRESS"] += f",{frozen_one.address}"
    await frozen_one.start()
    await cell.start(1)
    try:
        await until(cell.replicas[0], registries="answering", postgres="well")

        async def both() -> bool:
            found = (await health_of(cell.replicas[0])).replicas
            return {cell.registry.address, frozen_one.address} <= {one.address for one in found}

        await eventually(both, timeout=60)
        frozen_one.send(signal.SIGSTOP)
        facts_seen: set[str] = set()

        async def is_named() -> bool:
            health = await health_of(cell.replicas[0])
            (check,) = [one for one in health.checks if one.name == "registries"]
            facts_seen.add(check.fact)
            return check.fact == "some_fail" and frozen_one.address in check.message

        await eventually(is_named, timeout=60)
        assert facts_seen <= {"answering", "some_fail"}
        frozen_one.send(signal.SIGCONT)
        await until(cell.replicas[0], registries="answering", postgres="well")
    finally:
        frozen_one.send(signal.SIGCONT)
        await cell.close()


async def test_redis_that_is_stopped_is_told_and_the_rest_is_still_answered(
    postgres_url: str, own_redis: EmbeddedRedis, processes: Processes
):
    cell = Cell(postgres_url, own_redis.url, processes, name="health", settings={"REDIS_TIMEOUT": "1s"})
    await cell.start(1)
    try:
        before = await until(cell.replicas[0], redis="well", queues="complete")
        await own_redis.kill()
        health = await until(cell.replicas[0], redis="unreachable", queues="unread", postgres="well")
        worst = health.checks[0]
        assert (worst.name, worst.level) in {
            ("redis", HealthLevel.HEALTH_LEVEL_BROKEN),
            ("schedulers", HealthLevel.HEALTH_LEVEL_BROKEN),
        }
        (redis,) = [check for check in health.checks if check.name == "redis"]
        assert redis.message.startswith("Redis did not answer SETRANGE: ")
        assert redis.effect
        assert redis.repair
        (well,) = [check for check in before.checks if check.name == "redis"]
        assert redis.since_time.ToNanoseconds() > well.since_time.ToNanoseconds()
        assert [one.service for one in health.replicas] == ["scheduler", "registry"]
        await own_redis.start()
        await until(cell.replicas[0], redis="well", queues="complete", schedulers="ready")
    finally:
        await cell.close()


@contextmanager
def frozen(server: EmbeddedPostgres) -> Iterator[None]:
    """No process of the server runs: calls are taken by the kernel, and never answered."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text("ascii").split()
    pids = [server.pid, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_postgres_that_is_frozen_is_told_while_its_registry_still_answers(
    own_postgres: EmbeddedPostgres, redis_url: str, processes: Processes
):
    """Fails when the health of the cluster waits for a store that does not answer."""
    cell = Cell(own_postgres.url, redis_url, processes, name="frozen", settings={})
    quick = {"CALL_TIMEOUT": "4s", "STATEMENT_TIMEOUT": "3s", "LOCK_TIMEOUT": "2s"}
    cell.registry.env |= {f"ASYNCTASK_REGISTRY_{name}": value for name, value in quick.items()}
    await cell.start(1)
    try:
        await until(cell.replicas[0], postgres="well", loops="running")
        with frozen(own_postgres):
            health = await until(cell.replicas[0], postgres="unreachable", registries="answering")
            (postgres,) = [store for store in health.stores if store.store == "Postgres"]
            assert postgres.is_unreachable
            assert not postgres.takes_writes
            assert health.checks[0].name == "postgres"
        await until(cell.replicas[0], postgres="well", loops="running")
    finally:
        await cell.close()


async def test_registry_that_is_away_is_told_with_postgres_as_unknown(start_cell):
    cell = await start_cell(CALL_TIMEOUT="5s")
    await until(cell.replicas[0], registries="answering")
    await cell.registry.kill()
    health = await until(cell.replicas[0], registries="none_answers", postgres="unread", redis="well")
    assert health.level == HealthLevel.HEALTH_LEVEL_BROKEN
    await cell.registry.start()
    await until(cell.replicas[0], registries="answering", postgres="well", schedulers="ready")


async def test_lease_that_ran_out_is_counted_and_told(start_cell):
    cell = await start_cell(LEASE="3s")
    executor = await cell.executor()
    await cell.submit()
    assignment = await executor.assignment()
    await executor.renew(assignment)
    health = await until(cell.replicas[0], renewals="expired")
    assert health.renewals.expired >= 1
    assert health.renewals.lease_ms == 3_000


async def test_doctor_tells_the_latency_of_both_stores(cell: Cell):
    stub: Any = DoctorServiceStub(cell.replicas[0].channel)
    answer = await asyncio.wait_for(stub.Diagnose(DiagnoseRequest()), 60)
    assert [(one.store, one.is_unreachable, one.latency_ms >= 1) for one in answer.stores] == [
        ("Postgres", False, True),
        ("Redis", False, True),
    ]


@pytest.mark.parametrize("open_one", [open_channel, open_aio], ids=["services", "sdk"])
async def test_connection_to_a_frozen_peer_is_given_up_while_a_call_waits(
    start_cell, open_one: Callable[[str], grpc.aio.Channel]
):
    """Fails when a call waits for its whole time limit, since a ping of gRPC's own stands in for that of keepalive."""
    cell = await start_cell()
    process = cell.replicas[0].process
    async with open_one(process.address) as channel:
        stub: Any = HealthServiceStub(channel)
        await stub.GetHealth(GetHealthRequest(), timeout=60)
        process.send(signal.SIGSTOP)
        try:
            with pytest.raises(grpc.aio.AioRpcError) as broken:
                await stub.GetHealth(GetHealthRequest(), timeout=50)
        finally:
            process.send(signal.SIGCONT)
    assert broken.value.code() == grpc.StatusCode.UNAVAILABLE


async def test_gateway_of_a_frozen_scheduler_says_so_within_seconds(start_cell, processes: Processes):
    """Fails when the health of a cluster whose scheduler is silent comes only after the limit of ordinary calls."""
    cell = await start_cell()
    scheduler = cell.replicas[0].process
    gateway = processes.service("gateway", SCHEDULER_ADDRESS=scheduler.address)
    await gateway.start()
    url = f"http://{gateway.address}/api/v1/health"
    assert (await asyncio.to_thread(requests.get, url, timeout=60)).json()["checks"]
    scheduler.send(signal.SIGSTOP)
    try:
        answer = await asyncio.to_thread(requests.get, url, timeout=20)
    finally:
        scheduler.send(signal.SIGCONT)
    assert (answer.status_code, answer.json()["detail"]) == (503, "the scheduler did not answer")

"""Frozen, cut off, answered into the void, failed over, an hour off: the faults that no kill shows."""

from __future__ import annotations

import signal
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from asynctask import Client, TaskState
from asynctask_standalone.stores.redis import EmbeddedRedis
from tests.cluster.cluster import LONG_LEASE_S, Load, a_cluster, all_end_once
from tests.support.clocks import JumpingClock
from tests.support.conditions import eventually
from tests.support.faults import FaultProxy
from tests.support.processes import Processes
from tests.support.redis_topologies import RedisSentinels
from tests.support.replies import ReplyEater

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]


async def test_executor_frozen_for_longer_than_its_lease_changes_nothing_when_it_wakes(
    tmp_path: Path, processes: Processes
) -> None:
    """Law 2. Fails when events are taken from an attempt that is not the current one."""
    async with a_cluster(tmp_path, processes) as cluster:
        async with Load(cluster) as load:
            executor = await cluster.holder_of_a_long_task()
            executor.send(signal.SIGSTOP)
            frozen = f"%-{executor.pid}-%"

            async def taken_over() -> bool:
                rows = await cluster.rows(
                    "SELECT task_id FROM tasks WHERE task_status = 'running' AND executor_id LIKE $1", frozen
                )
                return not rows

            await eventually(taken_over)
            executor.send(signal.SIGCONT)
            await load.more()
        await all_end_once(cluster, load.acknowledged, frozen=frozen)


async def test_executor_cut_off_for_longer_than_its_lease_loses_its_tasks_and_comes_back(
    tmp_path: Path, processes: Processes
) -> None:
    async with a_cluster(tmp_path, processes, executors=1) as cluster, AsyncExitStack() as stack:
        proxies = [
            await stack.enter_async_context(FaultProxy(scheduler.address)) for scheduler in cluster.schedulers
        ]
        cut_off = cluster.executor("cut-off", ",".join(proxy.address for proxy in proxies))
        cut_off.spawn()
        async with Load(cluster) as load:
            held = f"%-{cut_off.pid}-%"
            query = "SELECT task_id FROM tasks WHERE task_status = 'running' AND executor_id LIKE $1"

            async def holds_some() -> bool:
                return bool(await cluster.rows(query, held))

            async def holds_none() -> bool:
                return not await cluster.rows(query, held)

            # Which of the two schedulers an executor and a submit meet is chance, so it waits for its share.
            await eventually(holds_some)
            for proxy in proxies:
                proxy.blackhole()
            await eventually(holds_none)
            for proxy in proxies:
                proxy.heal()
            await eventually(holds_some)
            await load.more()
        await all_end_once(cluster, load.acknowledged)


@pytest.mark.parametrize("method", ["CreateTasks", "StartAttempts", "RecordEvents", "EndAttempts"])
async def test_reply_of_the_registry_that_is_lost_loses_no_task(
    method: str, tmp_path: Path, processes: Processes
) -> None:
    async with a_cluster(tmp_path, processes, eat_replies_of_registries=True) as cluster:
        async with Load(cluster) as load:
            for eater in cluster.eaters:
                eater.eat(method)
            if method == "EndAttempts":
                executor = await cluster.holder_of_a_long_task()
                await executor.kill()
                executor.spawn()
            await eventually(lambda: any(eater.eaten[method] for eater in cluster.eaters))
            await load.more()
        await all_end_once(cluster, load.acknowledged)


async def test_renewal_whose_reply_is_lost_loses_no_lease(tmp_path: Path, processes: Processes) -> None:
    async with (
        a_cluster(tmp_path, processes, executors=0, lease_s=LONG_LEASE_S) as cluster,
        AsyncExitStack() as stack,
    ):
        eaters = [
            await stack.enter_async_context(ReplyEater(scheduler.address)) for scheduler in cluster.schedulers
        ]
        cluster.executor("one", ",".join(eater.address for eater in eaters)).spawn()
        async with Load(cluster) as load:
            for eater in eaters:
                eater.eat("Renew")
            await eventually(lambda: any(eater.eaten["Renew"] for eater in eaters))
            await load.more()
        await all_end_once(cluster, load.acknowledged)
        lost = await cluster.rows("SELECT 1 FROM task_execution_history WHERE execution_result = 'lost'")
        assert not lost


async def test_redis_fails_over_there_and_back(
    tmp_path: Path, processes: Processes, redis_sentinels: RedisSentinels
) -> None:
    async with a_cluster(tmp_path, processes, redis_url=redis_sentinels.url) as cluster:
        async with Load(cluster) as load:
            first = await redis_sentinels.primary()
            await redis_sentinels.fail_over()
            await load.more()
            await redis_sentinels.bring_back(first)
            await redis_sentinels.fail_over()
            await load.more()
        await all_end_once(cluster, load.acknowledged)


async def test_clock_of_the_redis_host_jumps_by_an_hour(
    tmp_path: Path, processes: Processes, jumping_clock: JumpingClock
) -> None:
    """Fails without the clock guard: every lease would end at once."""
    redis = EmbeddedRedis(tmp_path / "jumping-redis", env=jumping_clock.env)
    await redis.start()
    try:
        async with a_cluster(tmp_path, processes, redis=redis, lease_s=LONG_LEASE_S) as cluster:
            async with Load(cluster) as load:
                await cluster.holder_of_a_long_task()
                jumping_clock.jump(timedelta(hours=1))
                await load.more()
                jumping_clock.jump(timedelta(hours=-1))
                await load.more()
            await all_end_once(cluster, load.acknowledged)
            counted = await cluster.rows("SELECT 1 FROM tasks WHERE lost_count > 0")
            assert not counted
    finally:
        await redis.stop()


async def test_nul_in_a_failure_or_result_spoils_nobody_elses_work(
    tmp_path: Path, processes: Processes
) -> None:
    """Law 10. Fails when NUL characters are not escaped at the edge, or a refused batch is not bisected."""
    async with a_cluster(tmp_path, processes) as cluster:
        async with Load(cluster) as load, Client(cluster.address) as client:
            crooked = [
                await client.submit("crooked", {"message": "answer" if number % 2 else str(number)})
                for number in range(10)
            ]
            ends = [await client.wait(task_id, timeout=180) for task_id in crooked]
            await load.more()
        for number, task in enumerate(ends):
            if number % 2:
                assert (task.state, task.result) == (TaskState.COMPLETED, "a\x00b")
            else:
                assert task.state is TaskState.FAILED
                assert task.failure is not None
                assert "a\\0b" in task.failure.message
        await cluster.rows("UPDATE tasks SET task_status = 'completed' WHERE task_type = 'crooked'")
        await all_end_once(cluster, load.acknowledged)


async def test_drained_services_lose_nothing(tmp_path: Path, processes: Processes) -> None:
    """A rolling restart of everything: clean exits, no attempt counted as lost or failed."""
    async with a_cluster(tmp_path, processes, lease_s=LONG_LEASE_S) as cluster:
        async with Load(cluster) as load:
            for service in (*cluster.schedulers, *cluster.registries):
                assert await service.stop() == 0
                await service.start()
                await load.more(10)
            executor = await cluster.holder_of_a_long_task()
            assert await executor.stop() == 0
            executor.spawn()
            await load.more(10)
        await all_end_once(cluster, load.acknowledged)
        bad = await cluster.rows(
            "SELECT execution_result, count(*) FROM task_execution_history "
            "WHERE execution_result IN ('lost', 'failed') GROUP BY 1"
        )
        assert not bad


async def test_work_goes_on_over_both_schedulers_while_one_is_gone(
    tmp_path: Path, processes: Processes
) -> None:
    async with a_cluster(tmp_path, processes) as cluster:
        async with Load(cluster) as load:
            await cluster.schedulers[1].kill()
            await load.more(40)
            await cluster.schedulers[1].start()
            await load.more(10)
        await all_end_once(cluster, load.acknowledged)

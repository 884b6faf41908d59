"""Event streams of a real gateway: nothing is missed, nobody waits for anybody."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from typing import Any

import pytest

import asynctask
from asynctask import Client, Executor
from tests.integration.sdk.loopback import running_executor
from tests.support.conditions import eventually
from tests.support.events import Events, events_of
from tests.support.processes import Processes, ServiceProcess


class Gate:
    """Tasks of this type run until they are let go."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.kind = asynctask.TaskType("gated")

        @self.kind.stage
        async def run(ctx: asynctask.Context[Any], config: Any) -> None:
            ctx.log.info("it begins")
            await self.opened.wait()
            ctx.log.info("it ends")


@pytest.fixture
async def gate(scheduler_process: ServiceProcess) -> AsyncIterator[Gate]:
    gate = Gate()
    executor = Executor([gate.kind], address=scheduler_process.address, slots=50)
    async with Client(scheduler_process.address) as client, running_executor(executor):

        async def is_registered() -> bool:
            return any(one.name == "gated" for one in await client.task_types())

        await eventually(is_registered)
        yield gate
        gate.opened.set()


def metric(process: ServiceProcess, name: str) -> float:
    url = f"http://127.0.0.1:{process.metrics_port}/metrics"
    with urllib.request.urlopen(url, timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return float(next(line.split()[-1] for line in lines if line.startswith(name)))


async def test_one_task_is_told_from_its_present_state_to_its_end(client: Client, gate: Gate, gateway: str):
    task_id = await client.submit("gated")
    async with events_of(gateway, f"/api/v1/tasks/{task_id}/watch") as events:
        assert events.status == 200
        assert "content-type: text/event-stream" in events.head
        await events.until("running")
        gate.opened.set()
        tasks = await events.until("completed")
    versions = [task["version"] for task in tasks]
    assert versions == sorted(versions)
    assert {task["task_id"] for task in tasks} == {task_id}


async def test_reader_that_comes_back_with_its_token_misses_nothing(client: Client, gate: Gate, gateway: str):
    async with events_of(gateway, "/api/v1/watch?task_type=gated") as events:
        begun = await events.next()
        assert begun.token
        assert begun.data["caught_up"]
    missed = [await client.submit("gated") for _ in range(3)]
    async with events_of(gateway, "/api/v1/watch?task_type=gated", Last_Event_ID=begun.token) as events:
        found: set[str] = set()
        while not found >= set(missed):
            found |= {task["task_id"] for task in (await events.next()).data.get("tasks", [])}
        later = await client.submit("gated")
        while later not in found:
            found |= {task["task_id"] for task in (await events.next()).data.get("tasks", [])}


async def test_readers_of_one_filter_share_one_watch_of_the_scheduler(
    client: Client, gate: Gate, gateway: str, gateway_process: ServiceProcess
):
    """Fails when a thousand browsers are a thousand watches for the scheduler."""
    task_id = await client.submit("gated")
    path = f"/api/v1/tasks/{task_id}/watch"
    async with events_of(gateway, path) as one, events_of(gateway, path) as other:
        for events in (one, other):
            assert await events.until("running")
        assert metric(gateway_process, "asynctask_gateway_upstreams") == 1
        assert metric(gateway_process, "asynctask_gateway_event_streams") == 2
        gate.opened.set()
        for events in (one, other):
            assert await events.until("completed")
    await eventually(lambda: metric(gateway_process, "asynctask_gateway_upstreams") == 0)
    await eventually(lambda: metric(gateway_process, "asynctask_gateway_event_streams") == 0)


async def test_some_tasks_are_one_stream_whatever_the_order_of_their_ids(
    client: Client, gate: Gate, gateway: str, gateway_process: ServiceProcess
):
    """Fails when a page that shows two tasks needs two streams, or when two such pages need two watches upstream."""
    ids = sorted([await client.submit("gated") for _ in range(3)])
    first, second, other = ids
    paths = [f"/api/v1/watch?task_id={a}&task_id={b}" for a, b in ((first, second), (second, first))]
    token = ""
    async with events_of(gateway, paths[0]) as one, events_of(gateway, paths[1]) as two:
        for events in (one, two):
            running: set[str] = set()
            while running != {first, second} or not token:
                event = await events.next()
                token = event.token or token
                tasks = event.data.get("tasks", [])
                assert other not in {task["task_id"] for task in tasks}
                running |= {task["task_id"] for task in tasks if task["task_status"] == "running"}
        assert metric(gateway_process, "asynctask_gateway_upstreams") == 1
    assert token
    gate.opened.set()
    async with events_of(gateway, paths[1], Last_Event_ID=token) as events:
        done: set[str] = set()
        while done != {first, second}:
            tasks = (await events.next()).data.get("tasks", [])
            done |= {task["task_id"] for task in tasks if task["task_status"] == "completed"}


async def test_later_reader_gets_the_present_state_from_the_shared_watch(
    client: Client, gate: Gate, gateway: str
):
    task_id = await client.submit("gated")
    path = f"/api/v1/tasks/{task_id}/watch"
    async with events_of(gateway, path) as one:
        await one.until("running")
        async with events_of(gateway, path) as other:
            first = await other.next()
    assert [task["task_status"] for task in first.data["tasks"]] == ["running"]


async def test_slow_reader_slows_nobody_and_is_told_to_resume(client: Client, gate: Gate, gateway: str):
    """Fails when a browser that reads no events delays those of other browsers."""
    ids = [await client.submit("gated") for _ in range(20)]
    async with events_of(gateway, "/api/v1/watch") as slow, events_of(gateway, "/api/v1/watch") as quick:
        await quick.next()
        assert slow.status == 200  # and never read again
        gate.opened.set()
        done: set[str] = set()
        while not done >= set(ids):
            tasks = (await quick.next()).data.get("tasks", [])
            done |= {task["task_id"] for task in tasks if task["task_status"] == "completed"}


async def test_stream_goes_on_by_itself_when_the_scheduler_is_started_anew(
    client: Client, gate: Gate, gateway: str, scheduler_process: ServiceProcess
):
    task_id = await client.submit("gated")
    async with events_of(gateway, f"/api/v1/tasks/{task_id}/watch") as events:
        await events.until("running")
        await scheduler_process.stop()
        while (await events.next()).kind != "interrupted":
            pass
        await scheduler_process.start()
        gate.opened.set()
        await events.until("completed")


async def test_gateway_that_stops_tells_its_readers_who_go_on_at_another(
    client: Client, gate: Gate, processes: Processes, scheduler_process: ServiceProcess
):
    task_id = await client.submit("gated")
    path = f"/api/v1/tasks/{task_id}/watch"
    first, second = (
        processes.service("gateway", SCHEDULER_ADDRESS=scheduler_process.address) for _ in range(2)
    )
    await first.start()
    await second.start()
    async with events_of(first.address, path) as events:
        await events.until("running")
        token = ""
        stopping = asyncio.create_task(first.stop())
        while (event := await events.next()).kind != "stopping":
            token = event.token or token
        await stopping
    gate.opened.set()
    async with events_of(second.address, path, **({"Last_Event_ID": token} if token else {})) as events:
        await events.until("completed")
    await second.stop()


async def test_heartbeats_come_without_any_event_and_have_the_time(gateway: str):
    async with events_of(gateway, "/api/v1/watch") as events:
        beats = [await events.next(heartbeats=True) for _ in range(4)]
    times = [beat.data["ms"] for beat in beats if beat.kind == "heartbeat"]
    assert len(times) >= 3
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/api/v1/tasks/0198c0de-0000-7000-8000-000000000001/watch", 404, "TASK_NOT_FOUND"),
        ("/api/v1/tasks/x/watch", 400, "INVALID_INPUT"),
        ("/api/v1/watch?resume_token=x", 410, "TOKEN_EXPIRED"),
        ("/api/v1/watch?task_tipe=x", 400, "INVALID_INPUT"),
        ("/api/v1/tasks/0198c0de-0000-7000-8000-000000000001/logs/tail", 404, "TASK_NOT_FOUND"),
    ],
)
async def test_refused_stream_is_a_problem_document(gateway: str, path: str, status: int, reason: str):
    """Fails when the refusal is an event of a stream that has begun with 200."""
    async with events_of(gateway, path) as events:
        assert (events.status, (await events.body())["reason"]) == (status, reason)


async def lines_of(events: Events, last: str) -> list[str]:
    lines: list[str] = []
    while last not in lines:
        lines += [line["message"] for line in (await events.next()).data.get("lines", [])]
    return lines


async def test_tail_of_logs_resumes_after_the_lines_that_came(client: Client, gate: Gate, gateway: str):
    task_id = await client.submit("gated")
    path = f"/api/v1/tasks/{task_id}/logs/tail"
    async with events_of(gateway, path) as events:
        token = ""
        seen: list[str] = []
        while "it begins" not in seen:
            event = await events.next()
            token = event.token or token
            seen += [line["message"] for line in event.data["lines"]]
    gate.opened.set()
    async with events_of(gateway, path, Last_Event_ID=token) as events:
        assert await lines_of(events, "it ends") == ["it ends"]
        assert (await events.next()).kind == "end"


async def test_search_streams_its_hits_and_how_far_it_has_come(client: Client, gate: Gate, gateway: str):
    task_id = await client.submit("gated")
    async with events_of(gateway, f"/api/v1/tasks/{task_id}/logs/tail?last_lines=1") as events:
        await lines_of(events, "it begins")
    async with events_of(gateway, f"/api/v1/tasks/{task_id}/logs/search?text=BEGINS") as events:
        step = await events.next()
        ((number, line),) = [(hit["number"], hit["line"]) for hit in step.data["hits"]]
        assert (number, line["message"], line["sequence"]) == (1, "it begins", 1)
        assert (step.data["looked_through"], step.data["has_more"]) == (1, False)
        assert step.token
        assert (await events.next()).kind == "end"
    async with events_of(gateway, f"/api/v1/tasks/{task_id}/items/search?state=failed&text=x") as events:
        assert (await events.next()).data["hits"] == []
        assert (await events.next()).kind == "end"


@pytest.mark.parametrize("query", ["", "?text=", f"?text={'x' * 257}", "?text=%00"])
async def test_search_for_what_cannot_be_searched_is_refused_by_name(gateway: str, query: str):
    path = f"/api/v1/tasks/0198c0de-0000-7000-8000-000000000001/logs/search{query}"
    async with events_of(gateway, path) as events:
        problem = await events.body()
    assert (problem["status"], problem["reason"]) == (400, "INVALID_INPUT")
    assert [violation["field"] for violation in problem["violations"]] == ["text"]


async def test_cluster_is_told_as_a_whole_and_then_by_its_changes(client: Client, gateway: str, gate: Gate):
    async with events_of(gateway, "/api/v1/cluster/watch") as events:
        whole: dict[str, Any] = {}
        while not whole.keys() >= {"executors", "overview"}:
            whole |= (await events.next()).data  # each kind as soon as it is read
        ((executor_id, executor),) = whole["executors"]["set"].items()
        assert (executor["task_types"], executor["running"]) == (["gated"], 0)
        assert whole["overview"]["set"]["cluster"]["states"]["running"] == 0
        await client.submit("gated")
        while "executors" not in (change := (await events.next()).data):
            pass
        assert change["executors"]["set"][executor_id]["running"] == 1


async def test_health_is_told_with_the_cluster_and_by_rest(client: Client, gateway: str, gate: Gate):
    """Fails when the stream and the path have two forms of the health."""
    async with events_of(gateway, "/api/v1/cluster/watch") as events:
        told: dict[str, Any] = {}
        while told.get("level") != "ok":  # what was just started has not looked at everything yet
            told = (await events.next()).data.get("health", {}).get("set", {}).get("cluster", told)
    with urllib.request.urlopen(f"http://{gateway}/api/v1/health", timeout=30) as answer:
        read = json.loads(answer.read())
    assert [check["name"] for check in read["checks"]] == [check["name"] for check in told["checks"]]
    assert read.keys() == told.keys()
    assert {one["service"] for one in told["replicas"]} == {"scheduler", "registry"}
    assert all(one["last_seen_ms"] % 10_000 == 0 for one in told["replicas"]), "ages change the stream rarely"

"""Why a task does not run, asked by both clients of a real cluster."""

import asyncio

import pytest

import asynctask.blocking
from asynctask import Client, Executor, TaskState, errors
from tests.integration.sdk import sample_types as types
from tests.integration.sdk.loopback import running_executor
from tests.support.conditions import eventually


async def test_both_clients_say_why_a_task_waits_and_how_it_ended(address: str):
    async with Client(address) as client, running_executor(Executor([types.two], address=address)):
        await client.register_task_type(types.two)
        task_id = await client.submit(types.two, types.Steps(1), queue="nobody-serves-this")

        async def kinds() -> list[str]:
            return [reason.kind for reason in (await client.explain(task_id)).reasons]

        async def serves_another_queue() -> bool:
            (reason, *_) = (await client.explain(task_id)).reasons
            return "default" in reason.facts.get("executors", {}).get("connected_queues", ())

        await eventually(serves_another_queue)
        told = await client.explain(task_id)
        assert await kinds() == ["no_executor"]
        assert told.reasons[0].facts["executors"]["able"] == 0
        assert told.summary.startswith("No connected executor serves queue nobody-serves-this for type two;")
        with asynctask.blocking.Client(address) as blocking:
            again = await asyncio.to_thread(blocking.explain, task_id)
        assert (again.task_id, again.state, again.reasons) == (task_id, TaskState.QUEUED, told.reasons)
        assert again.to_json()["reasons"] == [
            {"kind": "no_executor", "summary": told.summary, **told.reasons[0].facts}
        ]
        await client.cancel(task_id, reason="a test")
        (reason,) = (await client.explain(task_id)).reasons
        assert (reason.kind, reason.facts["command"]["reason"]) == ("ended", "a test")
        with pytest.raises(errors.TaskNotFound):
            await client.explain("0198c0de-0000-7000-8000-000000000001")

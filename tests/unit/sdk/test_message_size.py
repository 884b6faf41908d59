"""Requests that are too long for one message are refused where they are given, by the field that makes them so."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

import asynctask
from asynctask import Submission, TaskType
from asynctask._client.submit import Waiting, next_batch
from asynctask.blocking import Client as BlockingClient
from asynctask.errors import TooLarge
from asynctask_core import limits
from asynctask_core.ids import id_text, new_id
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb

NOWHERE = "127.0.0.1:9"
"""Nothing is sent, so nobody needs to be there."""
LONG = "x" * (limits.MESSAGE_BYTES + 1)
TASK_ID = id_text(new_id())

CALLS: dict[str, tuple[Callable[[BlockingClient], object], str]] = {
    "config": (
        lambda client: client.submit("t", {"a": LONG}),
        "task_config: must be at most 262144 bytes; got",
    ),
    "config a little over": (
        lambda client: client.submit("t", {"a": "é" * (limits.CONFIG_BYTES // 2)}),
        "task_config: must be at most 262144 bytes; got 262152",
    ),
    "request id": (
        lambda client: client.submit("t", request_id=LONG),
        "request_id: must be at most 128 characters; got",
    ),
    "labels": (lambda client: client.submit("t", labels={"a": LONG}), "labels"),
    "type": (lambda client: client.submit(LONG), "task_type: must be up to 128 letters"),
    "reason": (lambda client: client.pause(TASK_ID, reason=LONG), "reason: must be at most 1024 bytes; got"),
    "id": (lambda client: client.get(LONG), "task_id: must be at most 45 characters; got"),
    "new labels": (lambda client: client.update(TASK_ID, labels={"a": LONG}), "labels"),
    "filter": (lambda client: client.list_page(queue=LONG), "filter.queue: must be up to 128 letters"),
    "token": (
        lambda client: client.list_page(page_token=LONG),
        "page_token: must be at most 1024 characters",
    ),
    "name of a type": (lambda client: client.task_type(LONG), "name: must be up to 128 letters"),
    "watch": (lambda client: next(iter(client.watch(queue=LONG))), "filter.queue: must be up to 128 letters"),
    "stage": (lambda client: next(iter(client.tail(TASK_ID, stage=LONG))), "stage: must be up to 64 letters"),
}


@pytest.mark.parametrize(("call", "message"), CALLS.values(), ids=CALLS)
def test_request_over_the_limit_of_a_message_names_its_field_and_the_limit(
    call: Callable[[BlockingClient], object], message: str
):
    """Fails when gRPC refuses it: that names no field, and the limit of a message for the one of the field."""
    with BlockingClient(NOWHERE) as client, pytest.raises(TooLarge) as caught:
        call(client)
    assert str(caught.value).startswith(message)
    assert len(str(caught.value)) < 400


async def test_async_client_refuses_the_same():
    async with asynctask.Client(NOWHERE) as client:
        with pytest.raises(TooLarge, match=r"^task_config: must be at most 262144 bytes; got"):
            await client.submit("t", {"a": LONG})
        (refusal,) = await client.submit_many([Submission("t", {"a": LONG})])
        assert isinstance(refusal, TooLarge)
        with pytest.raises(TooLarge, match=r"^reason: must be at most 1024 bytes"):
            await client.cancel(TASK_ID, reason=LONG)
        with pytest.raises(TooLarge, match=r"^filter\.queue: must be up to 128"):
            await anext(client.watch(queue=LONG))


def test_config_of_the_largest_size_is_not_refused():
    room = limits.CONFIG_BYTES - len('{"a":""}')
    assert len(Submission("t", {"a": "x" * room}).to_request().task_config) == limits.CONFIG_BYTES


def test_executor_whose_types_are_too_long_together_says_so():
    """Fails when the executor tries again for ever to say hello."""

    @dataclass
    class Config:
        word: str = field(metadata={"json_schema": {"enum": [f"{at:064}" for at in range(3_000)]}})

    types: list[TaskType] = []
    for at in range(60):
        types.append(TaskType(f"large{at}", config=Config))

        @types[at].stage
        async def work(ctx: asynctask.Context[Config]) -> None: ...

    with pytest.raises(
        TooLarge, match=rf"^task_types: must be at most {limits.MESSAGE_BYTES} bytes in all; got"
    ):
        asynctask.Executor(types, address=NOWHERE)


def test_batch_of_submits_counts_all_that_they_carry():
    """Fails when only configs count: a thousand submits with long labels are too long for one message."""
    labels = {f"{at:064}": "é" * limits.LABEL_VALUE_CHARS for at in range(limits.LABELS)}
    one = pb.SubmitTaskRequest(task_type="t", labels=labels)
    queue = deque(Waiting(one, 0.0, 1.0, lambda _: None) for _ in range(limits.BATCH_ITEMS))
    batch = next_batch(queue)
    assert queue
    assert sum(waiting.request.ByteSize() for waiting in batch) <= limits.BATCH_BYTES

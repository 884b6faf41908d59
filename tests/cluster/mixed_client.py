"""What a client of either version does with tasks on one queue: `python -m tests.cluster.mixed_client QUEUE`.

Says at the end, as one line of JSON, what became of each task. Uses only what both versions have.
"""

from __future__ import annotations

import json
import os
import sys
import time

import asynctask
from asynctask.blocking import Client
from asynctask.errors import WrongState

PATIENCE_S = 90.0


def until(client: Client, task_id: str, *states: str) -> None:
    """Wait until a task is in one of these states."""
    give_up = time.monotonic() + PATIENCE_S
    while str(client.get(task_id).state) not in states:
        assert time.monotonic() < give_up, f"{task_id} is {client.get(task_id).state}, not {states}"
        time.sleep(0.02)


def until_declared(client: Client) -> None:
    """Wait until an executor has declared the types."""
    give_up = time.monotonic() + PATIENCE_S
    while "crooked" not in {one.name for one in client.task_types()}:
        assert time.monotonic() < give_up, "no executor has declared its types"
        time.sleep(0.02)


def main(queue: str) -> None:
    with Client() as client:
        until_declared(client)
        mine = {"of": str(os.getpid())}  # others may submit to the queue at the same time
        ids = [client.submit("short", queue=queue, labels=mine) for _ in range(20)]
        done = list(client.wait_many(ids))
        quick = client.submit("long", {"items": 3, "pause_s": 0.0}, queue=queue)
        assert client.wait(quick, timeout=PATIENCE_S).result == 3

        steered = client.submit("long", {"items": 400, "pause_s": 0.02}, queue=queue)
        until(client, steered, "running")
        client.pause(steered, "tea")
        until(client, steered, "paused")
        client.update(steered, priority=2, labels={"more": "labels"})
        client.resume(steered)
        until(client, steered, "running")
        client.cancel(steered, reason="enough")
        until(client, steered, "cancelled")
        client.restart(steered, from_checkpoint=True)
        until(client, steered, "running")
        try:
            client.delete(steered)
        except WrongState:
            pass
        else:
            raise AssertionError("a task that runs was deleted")
        client.delete(steered, force=True)

        failing = client.submit("crooked", {"message": "fail"}, queue=queue)
        failed = client.wait(failing, timeout=PATIENCE_S)
        found = {
            "code": asynctask.__file__,
            "short": sorted({str(task.state) for task in done}),
            "listed": sum(1 for _ in client.list(task_types=["short"], labels=mine)),
            "failed": str(failed.state),
            "attempts": len(client.attempts(failing)),
            "events": [event.kind for event in client.events(quick)],
            "items": sum(1 for _ in client.manifest_items(quick)),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])

"""What a scheduler of this version says of a registry of the last one, which lacks calls and conditions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from asynctask import Client
from asynctask_chassis.channel import open_channel
from asynctask_core.errors import NotReady
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb
from asynctask_protos.scheduler.v1.overview_service_pb2 import GetOverviewRequest
from asynctask_protos.scheduler.v1.overview_service_pb2_grpc import OverviewServiceStub
from asynctask_protos.scheduler.v1.task_service_pb2_grpc import TaskServiceStub
from tests.integration.scheduler.cell import error_of
from tests.support.conditions import eventually
from tests.support.former_version import former_python_path
from tests.support.processes import Processes

QUEUE = "new"


async def test_what_a_former_registry_cannot_do_is_said_and_its_pages_end(
    processes: Processes, empty_postgres_url: str, redis_url: str, tmp_path: Path
) -> None:
    """Fails when a search or a page is read for ever, since the registry ignores what was asked for, or when a call
    that it lacks looks like a fault.
    """
    registry = processes.service("registry", POSTGRES_URL=empty_postgres_url)
    registry.env["PYTHONPATH"] = former_python_path(tmp_path / "sources")
    await registry.start()
    scheduler = processes.service("scheduler", REDIS_URL=redis_url, REGISTRY_ADDRESS=registry.address)
    await scheduler.start()
    address = scheduler.address
    diary = {"ASYNCTASK_ADDRESS": address, "ASYNCTASK_TEST_DIARY": str(tmp_path / "diary")}
    processes.python("executor", "-m", "tests.cluster.workload", "executor", QUEUE, **diary).spawn()
    async with Client(address) as client, open_channel(address) as channel:
        await eventually(lambda: _declared(client))
        task_id = await client.submit("long", {"items": 3, "pause_s": 0.0}, queue=QUEUE)
        await client.wait(task_id, timeout=90)
        tasks: Any = TaskServiceStub(channel)
        keys: list[str] = []
        page = pb.ListManifestItemsResponse(next_page_token="")
        while len(keys) < 10:
            request = pb.ListManifestItemsRequest(
                task_id=task_id, page_size=1, page_token=page.next_page_token
            )
            page = await tasks.ListManifestItems(request, timeout=30)
            keys += [item.key.decode() for item in page.items]
            if not page.next_page_token:
                break
        assert keys == ["item 0", "item 1", "item 2"]
        overview: Any = OverviewServiceStub(channel)
        search = pb.SearchManifestItemsRequest(task_id=task_id, text="item")
        for call, what in (
            (tasks.SearchManifestItems(search).read(), "search items"),
            (
                tasks.ListManifestItems(pb.ListManifestItemsRequest(task_id=task_id, text="item")),
                "search items",
            ),
            (overview.GetOverview(GetOverviewRequest()), "answer GetOverview"),
        ):
            error = await error_of(call)
            assert isinstance(error, NotReady), error
            assert f"is of an earlier release and cannot {what}" in error.message
        search.text = ""
        assert sum([len(found.hits) async for found in tasks.SearchManifestItems(search)]) == 3


async def _declared(client: Client) -> bool:
    return "long" in {one.name for one in await client.task_types()}

"""Chunks and pages of manifests pass the scheduler as a whole: its messages have the fields of the registry's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from asynctask_core.ids import new_id
from asynctask_protos.registry.v1 import ledger_service_pb2 as registry_pb
from asynctask_protos.scheduler.v1 import executor_service_pb2 as pb
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem, ManifestSummary
from asynctask_protos.task.v1.task_pb2 import TaskWarning
from asynctask_protos.task.v1.work_pb2 import EVENT_VERDICT_APPLIED, ItemResult
from asynctask_scheduler.api.executor_service import ExecutorService


def fields(descriptor: Any) -> set[tuple[Any, ...]]:
    """What bytes of a message mean: number, name, kind and message of each field."""
    return {
        (one.number, one.name, one.type, one.is_repeated, one.message_type and one.message_type.full_name)
        for one in descriptor.fields
    }


def test_messages_of_both_services_have_the_same_fields() -> None:
    """Fails when a field is added to one of them: it would be lost on its way, or come as another."""
    asked = fields(pb.AppendManifestRequest.DESCRIPTOR)
    assert asked == fields(registry_pb.AppendManifestRequest.DESCRIPTOR)
    ours = {one for one in fields(pb.ReadManifestResponse.DESCRIPTOR) if one[1] != "summary"}
    # The others are set in answers to `most` only, which reads for stages do not ask for.
    others = {"summaries", "last_position", "looked_through"}
    theirs = {one for one in fields(registry_pb.ReadManifestResponse.DESCRIPTOR) if one[1] not in others}
    assert ours == theirs


async def test_chunk_reaches_the_registry_as_it_came_with_texts_cut() -> None:
    taken: list[registry_pb.AppendManifestRequest] = []

    async def append(request: registry_pb.AppendManifestRequest) -> registry_pb.AppendManifestResponse:
        taken.append(request)
        return registry_pb.AppendManifestResponse(last_chunk=7, verdict=EVENT_VERDICT_APPLIED)

    chunk: dict[str, Any] = {
        "task_id": new_id(),
        "attempt_id": new_id(),
        "chunk": 7,
        "manifest": "items",
        "items": [ManifestItem(position=1, key=b"\xff", size=3, state=1, data_json="{}")],  # pyright: ignore[reportArgumentType]
        "results": [ItemResult(position=0, last_position=9, state=2)],  # pyright: ignore[reportArgumentType]
        "reset": True,
        "seal": True,
    }
    request = pb.AppendManifestRequest(**chunk, warnings=[TaskWarning(code="A", count=1, text="\0")])
    answer = await service(append_manifest=append).AppendManifest(request, cast("Any", None))
    assert (answer.last_chunk, answer.verdict) == (7, EVENT_VERDICT_APPLIED)
    cut = [TaskWarning(code="A", count=1, text="\\0")]
    assert taken == [registry_pb.AppendManifestRequest(**chunk, warnings=cut)]


async def test_page_comes_with_the_counts_of_the_manifest_that_was_asked_for() -> None:
    items = [ManifestItem(position=1, key=b"a")]
    summaries = [ManifestSummary(manifest=name, sealed=name == "b") for name in ("a", "b", "c")]

    async def read(_: registry_pb.ReadManifestRequest) -> registry_pb.ReadManifestResponse:
        return registry_pb.ReadManifestResponse(items=items, summaries=summaries, more=True)

    for name, expected in (("b", summaries[1]), ("", summaries[0]), ("d", None)):
        request = pb.ReadManifestRequest(manifest=name)
        answer = await service(read_manifest=read).ReadManifest(request, cast("Any", None))
        assert answer == pb.ReadManifestResponse(items=items, summary=expected, more=True)


def service(**registry: Any) -> ExecutorService:
    nothing: Any = None
    return ExecutorService(
        queue=nothing,
        registry=cast("Any", SimpleNamespace(**registry)),
        catalogue=nothing,
        sessions=nothing,
        renewals=nothing,
        lease_ms=1,
    )

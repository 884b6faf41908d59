"""What a registry of 0.2 answers is not taken for what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from asynctask_core.errors import NotReady
from asynctask_protos.registry.v1 import ledger_service_pb2 as pb
from asynctask_protos.task.v1.manifest_pb2 import ManifestItem
from asynctask_protos.task.v1.task_pb2 import LogLine
from asynctask_scheduler.registry.answers_of_0_2 import check_lines, complete_items

LINES = pb.ListTaskLogsResponse(lines=[LogLine(message="hello")], cursor="00.1")


@pytest.mark.parametrize("conditions", [{"text": "tea"}, {"newest_first": True}])
def test_lines_of_a_registry_that_ignores_the_conditions_are_refused(conditions: dict[str, Any]):
    request = pb.ListTaskLogsRequest(**conditions)
    with pytest.raises(
        NotReady, match=r"the registry .* is of an earlier release and cannot .*; finish its upgrade"
    ):
        check_lines(request, LINES)
    check_lines(request, pb.ListTaskLogsResponse(cursor="00.1"))
    check_lines(request, pb.ListTaskLogsResponse(lines=LINES.lines, looked_through=1))


def test_lines_without_new_conditions_are_taken_as_they_are():
    check_lines(pb.ListTaskLogsRequest(stage="copy"), LINES)


def test_items_that_were_not_searched_are_refused_and_others_say_where_they_end():
    """Fails when the page behind them begins at the first item again."""
    items = [ManifestItem(position=7), ManifestItem(position=9)]
    with pytest.raises(NotReady, match="cannot search items"):
        complete_items(pb.ReadManifestRequest(text="tea", most=10), pb.ReadManifestResponse(items=items))
    page = pb.ReadManifestResponse(items=items, more=True)
    complete_items(pb.ReadManifestRequest(most=10), page)
    assert (page.last_position, page.looked_through) == (9, 2)
    full = pb.ReadManifestResponse(items=items, last_position=12, looked_through=5)
    complete_items(pb.ReadManifestRequest(text="tea", most=10), full)
    assert (full.last_position, full.looked_through) == (12, 5)

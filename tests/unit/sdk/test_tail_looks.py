"""What a reader of logs learns of how far they were looked through."""

from asynctask._client import api
from asynctask._client.watching import Tail
from asynctask_protos.scheduler.v1 import task_service_pb2 as pb


def test_tail_says_how_many_lines_were_looked_through_if_older_ones_may_match():
    looked: list[int] = []
    tail = Tail(api.tail_request("some-id", None, "ERROR", 10), on_looked=looked.append)
    for count in (100_000, 0):
        assert not list(tail.take(pb.TailTaskLogsResponse(looked_through=count)))
    assert looked == [100_000]


def test_page_of_logs_or_items_says_how_many_were_looked_through():
    logs = api.logs_page(api.logs_request("some-id", None, "INFO", "x", newest_first=False), "")
    assert logs.read(pb.ListTaskLogsResponse(looked_through=7, next_page_token="next")) == ([], 7, "next")
    items = api.manifest_page("some-id", None, (), "x", "")
    assert items.read(pb.ListManifestItemsResponse(looked_through=9)) == ([], 9, "")

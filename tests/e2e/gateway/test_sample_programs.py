"""The two sample programs that users were promised: their requests, byte for byte, and what they read in the answers.

One submits with `requests.post(url, json=…)`, the other asks with `requests.get(url, params=…)`.
"""

from __future__ import annotations

import json

import pytest

from tests.support.gateways import RunningGateway
from tests.support.raw_http import RawAnswer, RawConnection, ask, post

pytestmark = pytest.mark.slow

SUBMIT = (
    b"POST /submit_task HTTP/1.1\r\n"
    b"Host: %s\r\n"
    b"User-Agent: python-requests/2.31.0\r\n"
    b"Accept-Encoding: gzip, deflate\r\n"
    b"Accept: */*\r\n"
    b"Connection: keep-alive\r\n"
    b"Content-Length: %d\r\n"
    b"Content-Type: application/json\r\n"
    b"\r\n"
    b"%s"
)
QUERY = (
    b"GET /query_task?task_id=%s HTTP/1.1\r\n"
    b"Host: %s\r\n"
    b"User-Agent: python-requests/2.31.0\r\n"
    b"Accept-Encoding: gzip, deflate\r\n"
    b"Accept: */*\r\n"
    b"Connection: keep-alive\r\n"
    b"\r\n"
)
AS_OBJECT = (
    b'{"task_type": "file_backup", '
    b'"task_config": {"source_path": "/data/source", "target_path": "/backup/target", "compress": true}, "priority": 1}'
)
AS_TEXT = (
    b'{"task_type": "file_backup", '
    b'"task_config": "{\\"source_path\\": \\"/data/source\\", \\"target_path\\": \\"/backup/target\\", '
    b'\\"compress\\": true}", "priority": 1}'
)
CONFIG = {"source_path": "/data/source", "target_path": "/backup/target", "compress": True}


@pytest.fixture(scope="module", autouse=True)
def file_backup(gateway: RunningGateway) -> None:
    """The type of the samples; nobody runs it."""
    kind = {"stages": [{"name": "copy", "weight": 1}]}
    assert post(gateway.address, "/api/v1/task_types/file_backup", kind, verb="PUT").status == 200


def send(gateway: RunningGateway, data: bytes) -> RawAnswer:
    with RawConnection(gateway.address) as connection:
        connection.send(data)
        return connection.answer()


def submit(gateway: RunningGateway, body: bytes) -> RawAnswer:
    return send(gateway, SUBMIT % (gateway.address.encode(), len(body), body))


@pytest.mark.parametrize("body", [AS_OBJECT, AS_TEXT], ids=["object", "text"])
def test_submit_and_query(gateway: RunningGateway, body: bytes) -> None:
    accepted = submit(gateway, body)
    assert (accepted.status, accepted.headers["content-type"]) == (200, "application/json")
    task_id = accepted.json["task_id"]
    assert accepted.json == {"task_id": task_id}
    assert isinstance(task_id, str)
    found = send(gateway, QUERY % (task_id.encode(), gateway.address.encode()))
    assert found.status == 200
    task = found.json
    assert (task["task_id"], task["task_type"], task["task_status"]) == (task_id, "file_backup", "queued")
    assert (task["priority"], task["task_config"], task["percent"]) == (1, CONFIG, 0)


def test_refusals_say_why(gateway: RunningGateway) -> None:
    wrong = submit(gateway, AS_OBJECT.replace(b'"priority": 1', b'"priority": 9'))
    assert wrong.problem(400, "INVALID_INPUT")["violations"][0]["field"] == "priority"
    submit(gateway, AS_OBJECT.replace(b"file_backup", b"no_such_type")).problem(400, "UNKNOWN_TASK_TYPE")
    config = submit(gateway, AS_TEXT.replace(b'true}"', b'true"'))
    assert config.problem(400, "INVALID_INPUT")["violations"][0]["field"] == "task_config"
    unknown = QUERY % (b"0198c0de-0000-7000-8000-000000000001", gateway.address.encode())
    send(gateway, unknown).problem(404, "TASK_NOT_FOUND")


def test_each_filter_alone_and_all_together(gateway: RunningGateway) -> None:
    task_id = submit(gateway, AS_OBJECT).json["task_id"]
    submitted = ask(gateway.address, f"GET /query_task?task_id={task_id}").json["submit_time"]
    filters = [
        "task_type=file_backup",
        f"submit_time_start={submitted}",
        "submit_time_end=9999-01-01T00:00:00Z",
    ]
    for given in (*filters, "&".join(filters)):
        found = ask(gateway.address, f"GET /query_task?{given}").json["tasks"]
        assert task_id in {one["task_id"] for one in found}, given
    for given in (
        "task_type=count",
        f"submit_time_end={submitted}",
        "submit_time_start=9999-01-01T00:00:00Z",
    ):
        found = ask(gateway.address, f"GET /query_task?{given}").json["tasks"]
        assert task_id not in {one["task_id"] for one in found}, given


def test_pause_with_a_reason_in_the_words_of_the_text(gateway: RunningGateway) -> None:
    task_id = submit(gateway, AS_OBJECT).json["task_id"]
    path = f"/api/v1/tasks/{task_id}/pause"
    paused = post(gateway.address, path, {"reason": "维护"}, "Accept-Language: zh-CN,zh;q=0.9", verb="PUT")
    assert (paused.status, paused.json["message"]) == (200, "任务已成功暂停")
    events = ask(gateway.address, f"GET /api/v1/tasks/{task_id}/events").json["events"]
    assert "维护" in json.dumps(events, ensure_ascii=False)
    cancelled = post(gateway.address, f"/api/v1/tasks/{task_id}/cancel", {}, verb="PUT")
    assert cancelled.status == 200
    post(gateway.address, path, {}, verb="PUT").problem(409, "WRONG_STATE")
    assert ask(gateway.address, f"DELETE /api/v1/tasks/{task_id}").status == 200

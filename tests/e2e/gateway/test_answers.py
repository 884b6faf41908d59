"""What every answer carries, and what HTTP gives to those who ask: HEAD, gzip, ETag, If-Match, pages, request ids."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from asynctask_core.ids import id_text, new_id
from asynctask_gateway.edge.headers import HEADERS
from tests.e2e.standalone.running import Up
from tests.support.conditions import eventually
from tests.support.gateways import RunningGateway, a_gateway
from tests.support.raw_http import RawAnswer, RawConnection, ask, post, request

pytestmark = pytest.mark.slow


def submit(gateway: RunningGateway, *headers: str, **fields: Any) -> RawAnswer:
    return post(gateway.address, "/api/v1/tasks", {"task_type": "count", **fields}, *headers)


def paused_task(gateway: RunningGateway) -> str:
    """A task that nobody runs, in its second version."""
    task_id = submit(gateway, queue="nobody-serves-it").json["task_id"]
    assert post(gateway.address, f"/api/v1/tasks/{task_id}/pause", {}, verb="PUT").status == 200
    return task_id


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /api/v1/tasks", 200),
        ("HEAD /api/v1/tasks", 200),
        ("OPTIONS /api/v1/tasks", 204),
        ("GET /nowhere", 404),
        ("DELETE /api/v1/tasks", 405),
        ("GET /api/openapi.json", 200),
        ("GET /api/session", 200),
    ],
)
def test_every_answer_is_safe_and_has_a_request_id(gateway: RunningGateway, line: str, status: int) -> None:
    answer = ask(gateway.address, line)
    assert answer.status == status
    assert {name: answer.headers[name.lower()] for name in HEADERS} == HEADERS
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"]
    assert "server" not in answer.headers


def test_half_of_a_surrogate_pair_comes_back_as_it_went(gateway: RunningGateway) -> None:
    """Fails when a name of a file that is no UTF-8 comes back with question marks."""
    config = {"name": "\udce9"}
    free = post(
        gateway.address, "/api/v1/task_types/free", {"stages": [{"name": "run", "weight": 1}]}, verb="PUT"
    )
    assert free.status == 200, free
    answer = post(gateway.address, "/api/v1/tasks", {"task_type": "free", "task_config": config})
    found = ask(gateway.address, f"GET /api/v1/tasks/{answer.json['task_id']}?view=full")
    assert found.json["task_config"] == config


def test_batch_that_is_sent_again_makes_no_task_twice(gateway: RunningGateway) -> None:
    tasks = {"tasks": [{"task_type": "count", "queue": "nobody-serves-it"}] * 2}
    first, again = (
        post(gateway.address, "/api/v1/tasks:batch", tasks, "Idempotency-Key: batch-1").json for _ in range(2)
    )
    ids = [one["task_id"] for one in first["results"]]
    assert len(set(ids)) == 2
    assert [one["task_id"] for one in again["results"]] == ids


def test_head_is_get_without_a_body(gateway: RunningGateway) -> None:
    got, head = (ask(gateway.address, f"{verb} /api/v1/queues") for verb in ("GET", "HEAD"))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    with RawConnection(gateway.address) as connection:
        connection.send(request(gateway.address, "HEAD /api/v1/watch"))
        stream = connection.answer("HEAD")
        assert (stream.status, stream.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        # Fails when the stream itself begins behind the answer, and the connection serves nothing more.
        connection.send(request(gateway.address, "GET /api/v1/queues"))
        assert connection.answer().status == 200


def test_options_say_what_a_path_takes(gateway: RunningGateway) -> None:
    answer = ask(gateway.address, "OPTIONS /api/v1/tasks/x")
    assert (answer.status, answer.headers["allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH")
    ask(gateway.address, "OPTIONS /nowhere").problem(404, "NO_SUCH_PATH")


def test_large_answer_is_compressed_for_those_who_ask(gateway: RunningGateway) -> None:
    plain = ask(gateway.address, "GET /api/openapi.json")
    small = ask(gateway.address, "GET /api/openapi.json", ["Accept-Encoding: gzip"])
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(plain.body) / 4
    assert gzip.decompress(small.body) == plain.body


def test_answer_that_did_not_change_is_not_sent_again(gateway: RunningGateway) -> None:
    task_id = paused_task(gateway)
    first = ask(gateway.address, f"GET /api/v1/tasks/{task_id}")
    tag = first.headers["etag"]
    again = ask(gateway.address, f"GET /api/v1/tasks/{task_id}", [f'If-None-Match: "other", {tag}'])
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert {name: again.headers[name.lower()] for name in HEADERS} == HEADERS
    post(gateway.address, f"/api/v1/tasks/{task_id}", {"priority": 1}, verb="PATCH")
    changed = ask(gateway.address, f"GET /api/v1/tasks/{task_id}", [f"If-None-Match: {tag}"])
    assert (changed.status, changed.json["priority"]) == (200, 1)


def test_command_for_another_version_is_refused(gateway: RunningGateway) -> None:
    task_id = paused_task(gateway)
    version = ask(gateway.address, f"GET /api/v1/tasks/{task_id}").json["version"]
    path = f"/api/v1/tasks/{task_id}/resume"
    post(gateway.address, path, {}, 'If-Match: "1"', verb="PUT").problem(412, "VERSION_CHANGED", str(version))
    wrong = post(gateway.address, path, {}, "If-Match: newest", verb="PUT").problem(400, "INVALID_INPUT")
    assert wrong["violations"][0]["field"] == "If-Match"
    assert post(gateway.address, path, {}, f'If-Match: "{version}"', verb="PUT").status == 200


def test_repeat_with_the_same_key_is_the_same_task(gateway: RunningGateway) -> None:
    for key in (id_text(new_id()), f"order-{id_text(new_id())}"):
        first, again = (submit(gateway, f"Idempotency-Key: {key}") for _ in range(2))
        assert first.json["task_id"] == again.json["task_id"]
    conflict = submit(gateway, "Idempotency-Key: one", request_id="another").problem(400, "INVALID_INPUT")
    assert conflict["violations"][0]["field"] == "Idempotency-Key"


def test_links_lead_to_the_last_page(cluster: Up, tmp_path: Path) -> None:
    with a_gateway(cluster.address, tmp_path, BASE_PATH="/task") as gateway:
        label = f"{tmp_path.name}/ä&?"
        made = {
            post(
                gateway.address, "/task/submit_task", {"task_type": "count", "labels": {"test": label}}
            ).json["task_id"]
            for _ in range(5)
        }
        path, seen = f"/task/api/v1/tasks?page_size=2&label=test={quote(label)}", list[str]()
        while path:
            page = ask(gateway.address, f"GET {path}")
            seen += [task["task_id"] for task in page.json["tasks"]]
            link = page.headers.get("link", "")
            assert bool(link) == bool(page.json["next_page_token"])
            path = link.removeprefix("<").removesuffix('>; rel="next"')
            assert not path or path.startswith("/task/api/v1/tasks?page_size=2&label=test%3D")
        assert len(seen) == len(set(seen))
        assert set(seen) == made
        assert ask(gateway.address, "GET /task/api/openapi.json").json["servers"] == [{"url": "/task"}]
        ask(gateway.address, "GET /api/v1/tasks").problem(404, "NO_SUCH_PATH")
        ask(gateway.address, "GET /taskapi/v1/tasks").problem(404, "NO_SUCH_PATH")


async def test_request_id_goes_in_and_out_and_into_the_log(gateway: RunningGateway) -> None:
    own = f"shop-{id_text(new_id())}"
    answer = ask(gateway.address, "GET /nowhere", [f"X-Request-ID: {own}"])
    assert answer.problem(404, "NO_SUCH_PATH")["request_id"] == own
    # The line is written once the answer is on its way.
    (line,) = await eventually(lambda: [one for one in gateway.lines() if one.get("request_id") == own])
    assert (line["event"], line["status"], line["path"]) == ("request.answered", 404, "/nowhere")
    for strange in ("a b", "x" * 200, '"><script>', ""):
        assert (
            ask(gateway.address, "GET /nowhere", [f"X-Request-ID: {strange}"]).headers["x-request-id"]
            != strange
        )


def test_path_and_actor_cannot_forge_a_line_of_the_log(gateway: RunningGateway) -> None:
    ask(gateway.address, "GET /%0a%7b%22event%22:%22forged%22%7d", ["X-AsyncTask-Actor: eve\xc2\x85"])
    assert "forged" not in {line["event"] for line in gateway.lines()}


def test_answer_says_its_sentence_in_the_language_of_the_reader(gateway: RunningGateway) -> None:
    task_id = submit(gateway, queue="nobody-serves-it").json["task_id"]
    answer = post(
        gateway.address, f"/api/v1/tasks/{task_id}/pause", {}, "Accept-Language: zh-CN,en;q=0.5", verb="PUT"
    )
    assert answer.json["message"] == "任务已成功暂停"
    assert "任务已成功暂停".encode() in answer.body
    answer = post(
        gateway.address, f"/api/v1/tasks/{task_id}/resume", {}, "Accept-Language: en,zh;q=0.5", verb="PUT"
    )
    assert json.loads(answer.body)["message"] == "The task goes on."

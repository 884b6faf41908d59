"""Wrong input in good HTTP: each answer names every wrong field and what is allowed, and nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from asynctask_core import limits
from tests.e2e.standalone.running import Up
from tests.support.gateways import RunningGateway
from tests.support.raw_http import RawAnswer, RawConnection, ask, post, request

pytestmark = pytest.mark.slow

NO_TASK = "0198c0de-0000-7000-8000-000000000001"
GOOD = {"task_type": "count", "task_config": {"to": 1}}


@pytest.fixture(scope="module", autouse=True)
def changes_nothing(cluster: Up, gateway: RunningGateway) -> Iterator[None]:
    before = cluster.lines("list")
    yield
    assert cluster.lines("list") == before


def violations(answer: RawAnswer) -> dict[str, str]:
    """The wrong fields of a refusal, and what is said about each."""
    found = answer.problem(400, "INVALID_INPUT")["violations"]
    return {one["field"]: one["description"] for one in found}


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        (b"{", "body", "must be JSON"),
        (b"nonsense", "body", "must be JSON"),
        (b"null", "body", "must be an object; got null"),
        (b"[]", "body", "must be an object; got a list"),
        (b'"text"', "body", "must be an object; got 'text'"),
        (b"\xff{}", "body", "must be UTF-8; byte 1"),
        (b'{"task_type": "count", "task_type": "wait"}', "body", "'task_type' more than once"),
        (
            b'{"task_type": "count", "task_config": {"to": 1, "to": 2}}',
            "body.task_config",
            "'to' more than once",
        ),
        (b'{"task_type": "count", "task_config": {"to": NaN}}', "body.task_config.to", "NaN"),
        (b'{"task_type": "count", "priority": Infinity}', "body.priority", "Infinity"),
        (b'{"task_type": "count", "priority": 1e999}', "body.priority", "1e999"),
    ],
)
def test_malformed_json(gateway: RunningGateway, body: bytes, field: str, said: str) -> None:
    answer = post(gateway.address, "/api/v1/tasks", body)
    assert said in violations(answer)[field]


def test_deeply_nested_json(gateway: RunningGateway) -> None:
    (said,) = violations(post(gateway.address, "/api/v1/tasks", b"[" * 100_000)).values()
    assert "nested too deeply: at most 100 lists and objects" in said


def test_every_wrong_field_is_named_at_once(gateway: RunningGateway) -> None:
    answer = post(
        gateway.address,
        "/api/v1/tasks",
        {
            "task_type": 7,
            "priority": "high",
            "labels": {"nas": 1},
            "start_time": "tomorrow",
            "queue": ["default"],
            "delay_ms": 2**60,
            "prioritty": 1,
            "is_admin": True,
        },
    )
    assert violations(answer) == {
        "task_type": "must be a text; got 7",
        "priority": "must be a whole number; got 'high'",
        "labels.nas": "must be a text; got 1",
        "start_time": "must be an instant such as 2026-01-31T08:00:00Z or …+08:00; got 'tomorrow'",
        "queue": "must be a text; got a list",
        "delay_ms": f"must be a whole number from {-(2**53)} to {2**53}; got {2**60}",
        "prioritty": "there is no such field; did you mean 'priority'?",
        "is_admin": violations(answer)["is_admin"],
    }
    assert violations(answer)["is_admin"].startswith("there is no such field; there are ")


def test_name_with_half_of_a_surrogate_pair(gateway: RunningGateway) -> None:
    """Fails when the problem document cannot be written itself."""
    said = violations(post(gateway.address, "/api/v1/tasks", rb'{"\ud800": 1, "labels": {"\udfff": "x"}}'))
    assert list(said) == [r"\ud800", r"labels.\udfff"]
    assert "must be valid Unicode" in said[r"labels.\udfff"]


def test_thousands_of_mistakes(gateway: RunningGateway) -> None:
    answer = post(gateway.address, "/api/v1/tasks:batch", b'{"tasks": [%s]}' % b",".join([b"1"] * 200_000))
    assert len(violations(answer)) == 101
    assert len(answer.body) < 20_000


def test_numbers_that_no_float_holds(gateway: RunningGateway) -> None:
    body = b'{"stages": [{"name": "a", "weight": 1%s}]}' % (b"0" * 400)
    answer = post(gateway.address, "/api/v1/task_types/huge", body, verb="PUT")
    assert "at most 308 digits" in violations(answer)["stages[0].weight"]


def test_condition_that_cannot_be_checked(gateway: RunningGateway) -> None:
    answer = post(gateway.address, "/api/v1/tasks", GOOD, 'If-Match: "1"')
    assert "must be left out" in violations(answer)["If-Match"]
    answer = post(gateway.address, "/api/v1/tasks", GOOD, "If-None-Match: *")
    assert "must be left out" in violations(answer)["If-None-Match"]
    two = ['If-Match: "1"', 'If-Match: "2"']
    answer = post(gateway.address, f"/api/v1/tasks/{NO_TASK}/pause", {}, *two, verb="PUT")
    assert violations(answer) == {"If-Match": """must be the task's version, such as "7"; got '"1", "2"'"""}


def test_field_that_the_path_gives_is_refused_in_the_body(gateway: RunningGateway) -> None:
    answer = post(gateway.address, f"/api/v1/tasks/{NO_TASK}/pause", {"task_id": NO_TASK}, verb="PUT")
    assert violations(answer) == {"task_id": "is in the path of the URL already: leave it out"}


def test_query_parameters(gateway: RunningGateway) -> None:
    line = "GET /api/v1/tasks?page_size=1&page_size=2&task_status=sleeping&colour=red&label=nas&page_size=x"
    assert violations(ask(gateway.address, line)) == {
        "page_size": "must be given once; got it more than once",
        "task_status": violations(ask(gateway.address, line))["task_status"],
        "colour": violations(ask(gateway.address, line))["colour"],
        "label": "must be `key=value`; got 'nas'",
    }
    assert "must be one of pending, queued, running" in violations(ask(gateway.address, line))["task_status"]
    twice = f"GET /query_task?task_id={NO_TASK}&task_id={NO_TASK}"
    assert "task_id" in violations(ask(gateway.address, twice))


def test_query_string_where_there_is_none(gateway: RunningGateway) -> None:
    answer = post(gateway.address, "/api/v1/tasks?priority=1", GOOD)
    assert violations(answer) == {"priority": "must be in the body: this path takes no query string"}


def test_body_where_there_is_none(gateway: RunningGateway) -> None:
    assert "must be empty" in violations(ask(gateway.address, "GET /api/v1/tasks", body=b"{}"))["body"]
    assert (
        "must be empty"
        in violations(ask(gateway.address, f"DELETE /api/v1/tasks/{NO_TASK}", body=b"{}"))["body"]
    )


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/jsonp",
        "",
    ],
)
def test_media_type_that_a_form_of_a_foreign_page_could_send(gateway: RunningGateway, kind: str) -> None:
    headers = [f"Content-Type: {kind}"] if kind else []
    answer = ask(gateway.address, "POST /api/v1/tasks", headers, json.dumps(GOOD).encode())
    answer.problem(415, "WRONG_MEDIA_TYPE", "application/json")
    assert answer.headers["accept-post"] == "application/json"


def test_compressed_body(gateway: RunningGateway) -> None:
    post(gateway.address, "/api/v1/tasks", GOOD, "Content-Encoding: gzip").problem(
        415, "WRONG_MEDIA_TYPE", "gzip"
    )


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("DELETE /api/v1/tasks", "GET, HEAD, OPTIONS, POST"),
        ("POST /api/v1/tasks/x/pause", "OPTIONS, PUT"),
        ("PATCH /api/v1/task_types/x", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("GET /submit_task", "OPTIONS, POST"),
        ("POST /query_task", "GET, HEAD, OPTIONS"),
        ("TRACE /api/v1/tasks", "GET, HEAD, OPTIONS, POST"),
        ("PROPFIND /api/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_wrong_method_is_told_the_right_ones(gateway: RunningGateway, line: str, allowed: str) -> None:
    answer = ask(gateway.address, line)
    answer.problem(405, "METHOD_NOT_ALLOWED", allowed)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../../etc/passwd",
        "/assets/..%5c..%5cetc%5cpasswd",
        "/assets//etc/passwd",
        "//etc/passwd",
        "/assets/%00",
        "/api/v1/tasks/",
        "/api%2fv1%2ftasks",
        "/API/v1/tasks",
        "/api/v2/tasks",
    ],
)
def test_path_that_leads_nowhere(gateway: RunningGateway, path: str) -> None:
    ask(gateway.address, f"GET {path}").problem(404, "NO_SUCH_PATH", "there is nothing at")


@pytest.mark.parametrize(
    "task_id", ["x", "x%2fpause", "%00", "%ff%fe", "%zz", "a" * 9000, "0198c0de", "%E2%80%AE"]
)
def test_id_that_is_none(gateway: RunningGateway, task_id: str) -> None:
    assert violations(ask(gateway.address, f"GET /api/v1/tasks/{task_id}")).keys() == {"task_id"}


def test_event_stream_that_cannot_begin(gateway: RunningGateway) -> None:
    """Fails when a refusal comes as an event of a stream that has begun, or ends the gateway's patience."""
    assert violations(ask(gateway.address, "GET /api/v1/watch?colour=red")).keys() == {"colour"}
    resumed = ask(gateway.address, "GET /api/v1/watch", ["Last-Event-ID: nonsense"])
    resumed.problem(410, "TOKEN_EXPIRED")
    ask(gateway.address, f"GET /api/v1/tasks/{NO_TASK}/watch").problem(404, "TASK_NOT_FOUND", NO_TASK)
    ask(gateway.address, f"GET /api/v1/tasks/{NO_TASK}/logs/tail").problem(404, "TASK_NOT_FOUND", NO_TASK)


def test_large_body_is_refused_and_the_answer_arrives(gateway: RunningGateway) -> None:
    """Fails when the connection is reset while the client still sends, so that it never reads why."""
    large = b'{"task_type": "' + b"a" * (20 << 20) + b'"}'
    for headers in ([], ["Transfer-Encoding: chunked"]):
        data = b"%x\r\n%s\r\n0\r\n\r\n" % (len(large), large) if headers else large
        answer = ask(gateway.address, "POST /submit_task", ["Content-Type: application/json", *headers], data)
        answer.problem(413, "BODY_TOO_LARGE", f"{limits.MESSAGE_BYTES:,}")
        assert answer.headers["connection"] == "close"
    answer = ask(gateway.address, "POST /nowhere", body=large)
    answer.problem(404, "NO_SUCH_PATH")


def test_chunks_without_end(gateway: RunningGateway) -> None:
    chunk = b"%x\r\n%s\r\n" % (1 << 20, b" " * (1 << 20))
    with RawConnection(gateway.address) as connection:
        headers = ["Content-Type: application/json", "Transfer-Encoding: chunked"]
        connection.send(request(gateway.address, "POST /submit_task", headers))
        for _ in range(limits.MESSAGE_BYTES // (1 << 20) + 1):
            connection.send(chunk)
        connection.answer().problem(413, "BODY_TOO_LARGE")
        assert connection.is_closed()

"""Requests that are no HTTP, or that a proxy may understand in another way than the gateway (request smuggling).

Each is answered with a problem document that names what is wrong, is the last of its connection, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from tests.e2e.standalone.running import Up
from tests.support.gateways import RunningGateway
from tests.support.raw_http import RawConnection, ask, post, request

pytestmark = pytest.mark.slow

SUBMIT = b'{"task_type": "count", "task_config": {"to": 1}}'
CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(SUBMIT), SUBMIT)
LENGTH = f"Content-Length: {len(SUBMIT)}"
JSON = "Content-Type: application/json"


@pytest.fixture(scope="module", autouse=True)
def changes_nothing(cluster: Up, gateway: RunningGateway) -> Iterator[None]:
    before = cluster.lines("list")
    yield
    assert cluster.lines("list") == before


def refused(gateway: RunningGateway, data: bytes, *words: str, status: int = 400, reason: str = "") -> None:
    """Send these bytes, read the problem, see the end of the connection, and ask honestly on another one."""
    with RawConnection(gateway.address) as connection:
        connection.send(data)
        connection.answer().problem(status, reason or "MALFORMED_REQUEST", *words)
        assert connection.is_closed()
    assert ask(gateway.address, "GET /api/v1/tasks").status == 200


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"GET /api/v1/tasks\r\n\r\n", "must be 1.0 or 1.1; got 0.9"),
        (b"GET /api/v1/tasks HTTP/2.0\r\n\r\n", "HTTP version"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI"),
        (b"get /api/v1/tasks HTTP/1.1\r\n", "method"),
        (b"FETCH /api/v1/tasks HTTP/1.1\r\n", "method"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", "method"),  # TLS, where there is none
        (b"GET\t/api/v1/tasks\tHTTP/1.1\r\n", "space after method"),
        (b"GET /api/v1 /tasks HTTP/1.1\r\n", "Expected HTTP/"),
        (b"GET api/v1/tasks HTTP/1.1\r\n", "url"),
        ("GET /api/v1/täsks HTTP/1.1\r\n".encode(), "url path"),
        (b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", "must be a path"),
    ],
)
def test_first_line(gateway: RunningGateway, start: bytes, word: str) -> None:
    refused(gateway, start, word)


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        (b"X-A: b\r\n  c", "whitespace after header value"),
        (b"X-A: a\0b", "header value"),
        (b"X\0A: b", "header"),
        (b"X-A: a\x01b", "header value"),
        (b"X-A: a\rb", "LF"),
        (b"X A: b", "header"),
        (b"X-A : b", "header"),
        (b"X-A", "header"),
        (b": b", "header"),
    ],
)
def test_header_lines(gateway: RunningGateway, lines: bytes, word: str) -> None:
    host = gateway.address.encode()
    refused(gateway, b"GET /api/v1/tasks HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n" % (host, lines), word)


def test_lines_that_end_without_carriage_return(gateway: RunningGateway) -> None:
    refused(gateway, b"GET /api/v1/tasks HTTP/1.1\nHost: %s\n\n" % gateway.address.encode(), "CRLF")


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        ([LENGTH, LENGTH], "Duplicate Content-Length"),
        ([LENGTH, "Content-Length: 1"], "Duplicate Content-Length"),
        (["Content-Length: 2, 2"], "Content-Length"),
        (["Content-Length: -2"], "Content-Length"),
        (["Content-Length: +2"], "Content-Length"),
        (["Content-Length: 0x2"], "Content-Length"),
        (["Content-Length:"], "Content-Length"),
        (["Content-Length: 99999999999999999999999"], "Content-Length overflow"),
        ([LENGTH, "Transfer-Encoding: chunked"], "Transfer-Encoding"),
        (["Transfer-Encoding: chunked", LENGTH], "Transfer-Encoding"),
        (["Transfer-Encoding: identity"], "Transfer-Encoding must be chunked"),
        (["Transfer-Encoding: gzip, chunked"], "Transfer-Encoding must be chunked"),
        (["Transfer-Encoding: xchunked"], "Transfer-Encoding must be chunked"),
        (["Transfer-Encoding: chunked, chunked"], "Transfer-Encoding"),
        (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], "Transfer-Encoding"),
        (["Transfer-Encoding: \x0bchunked"], "header value"),
        (["Transfer-Encoding : chunked"], "header"),
    ],
)
def test_length_of_the_body_that_can_be_read_in_two_ways(
    gateway: RunningGateway, headers: Sequence[str], word: str
) -> None:
    is_chunked = any("chunked" in one for one in headers)
    data = request(gateway.address, "POST /submit_task", [JSON, *headers], CHUNKED if is_chunked else SUBMIT)
    refused(gateway, data, word)


def test_chunks_are_refused_of_http_1_0(gateway: RunningGateway) -> None:
    data = request(gateway.address, "POST /submit_task", [JSON, "Transfer-Encoding: chunked"], CHUNKED)
    refused(gateway, data.replace(b"HTTP/1.1", b"HTTP/1.0"), "only of HTTP/1.1")


@pytest.mark.parametrize(
    "chunks",
    [
        b"zz\r\n",
        b"-2\r\n{}\r\n",
        b"ffffffffffffffffff\r\n",
        b"2;\nx\r\n{}\r\n",
        b"2\n{}\n0\n\n",
        b"2\r\n{}X\r\n",
    ],
)
def test_chunks(gateway: RunningGateway, chunks: bytes) -> None:
    refused(
        gateway,
        request(gateway.address, "POST /submit_task", [JSON, "Transfer-Encoding: chunked"], chunks),
        "HTTP",
    )


def test_trailer_of_a_chunked_body_is_no_header(gateway: RunningGateway) -> None:
    """Fails when a trailer, which proxies pass unseen, gives the request another host or key."""
    trailer = b"Host: evil.example\r\nContent-Type: text/plain\r\nX-Request-ID: trailer\r\n\r\n"
    body = b"2\r\n{}\r\n0\r\n" + trailer
    answer = ask(gateway.address, "POST /submit_task", [JSON, "Transfer-Encoding: chunked"], body)
    assert answer.problem(400, "UNKNOWN_TASK_TYPE")["request_id"] != "trailer"


def test_url_of_another_host(gateway: RunningGateway) -> None:
    refused(gateway, request(gateway.address, "GET http://evil.example/api/v1/tasks"), "evil.example")
    own = ask(gateway.address, f"GET http://{gateway.address}/api/v1/tasks")
    assert own.status == 200


def test_overlong_url_and_headers(gateway: RunningGateway) -> None:
    for path in ("/api/v1/tasks/", "/api/v1/tasks?task_type="):
        line = f"GET {path}{'a' * 70_000}"
        refused(gateway, request(gateway.address, line), "16,384", status=414, reason="URL_TOO_LONG")
    long = [f"X-A: {'a' * 70_000}"]
    many = [f"X-{number}: {'a' * 100}" for number in range(700)]
    for headers in (long, many):
        data = request(gateway.address, "GET /api/v1/tasks", headers)
        refused(gateway, data, "65,536", status=431, reason="HEADERS_TOO_LARGE")


def test_head_that_never_ends_is_refused_at_its_bound(gateway: RunningGateway) -> None:
    """Fails when the parser collects one header without end."""
    data = request(gateway.address, "GET /api/v1/tasks", ["X-A: "])[:-4] + b"a" * 300_000
    refused(gateway, data, "65,536", status=431, reason="HEADERS_TOO_LARGE")


def test_request_before_a_broken_one_is_answered_first(gateway: RunningGateway) -> None:
    """Fails when the refusal of what follows is taken for the answer of a request that was carried out."""
    with RawConnection(gateway.address) as connection:
        connection.send(request(gateway.address, "GET /api/v1/queues") + b"nonsense\r\n\r\n")
        assert connection.answer().status == 200
        connection.answer().problem(400, "MALFORMED_REQUEST")
        assert connection.is_closed()


def test_other_protocol_is_not_spoken_after_an_upgrade(gateway: RunningGateway) -> None:
    upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
    with RawConnection(gateway.address) as connection:
        second = request(gateway.address, "GET /api/v1/queues")
        connection.send(request(gateway.address, "GET /api/v1/tasks", upgrade) + second)
        assert connection.answer().status == 200
        assert connection.is_closed()


def test_connection_serves_on_after_a_refused_body(gateway: RunningGateway) -> None:
    with RawConnection(gateway.address) as connection:
        for _ in range(2):
            smuggled = request(gateway.address, "DELETE /api/v1/tasks/x")
            connection.send(request(gateway.address, "POST /nowhere", [JSON], smuggled))
            connection.answer().problem(404, "NO_SUCH_PATH", "/nowhere")


def test_body_shorter_and_longer_than_said(gateway: RunningGateway) -> None:
    with RawConnection(gateway.address) as connection:
        connection.send(request(gateway.address, "POST /submit_task", [JSON, "Content-Length: 1"], SUBMIT))
        connection.answer().problem(400, "INVALID_INPUT", "body")
        connection.answer().problem(400, "MALFORMED_REQUEST")
        assert connection.is_closed()
    with RawConnection(gateway.address) as connection:
        connection.send(request(gateway.address, "POST /submit_task", [JSON, "Content-Length: 1000"], SUBMIT))
    assert post(gateway.address, "/submit_task", {"task_type": "none"}).status == 400

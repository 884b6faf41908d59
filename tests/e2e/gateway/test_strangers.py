"""Who may use the gateway: pages of other sites may not act, and on other addresses only those that have the token."""

from __future__ import annotations

import json
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.e2e.standalone.running import Up
from tests.support.certificates import make_certificate, needs_openssl
from tests.support.gateways import COMMAND, RunningGateway, a_gateway, environment
from tests.support.raw_http import WITHIN_S, RawAnswer, ask, post

pytestmark = pytest.mark.slow

TOKEN = "correct-horse-battery-staple-0123"
GOOD = {"task_type": "count", "task_config": {"to": 1}}


@pytest.fixture(scope="module")
def guarded(cluster: Up, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A gateway with a token, under a base path."""
    folder = tmp_path_factory.mktemp("guarded")
    with a_gateway(cluster.address, folder, TOKEN=TOKEN, BASE_PATH="/task") as running:
        yield running


def count(gateway: RunningGateway) -> int:
    return len(ask(gateway.address, "GET /api/v1/tasks?page_size=1000").json["tasks"])


# --- pages of other sites -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:7680",
        "",
        "127.0.0.1, evil.example",
        "evil@127.0.0.1",
        "127.0.0.1/evil",
        "127.0.0.1.evil",
    ],
)
def test_host_of_a_stranger(gateway: RunningGateway, host: str) -> None:
    """Fails when a page whose name was rebound to this machine reads tasks."""
    ask(gateway.address, "GET /api/v1/tasks", host=host).problem(403, "HOST_REFUSED", "`hosts`", f"'{host}'")


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:80", "localhost."])
def test_own_host(gateway: RunningGateway, name: str) -> None:
    assert ask(gateway.address, "GET /api/v1/tasks", host=name).status == 200


def test_no_host_and_two(gateway: RunningGateway) -> None:
    two = ask(gateway.address, "GET /api/v1/tasks", [f"Host: {gateway.address}"])
    two.problem(400, "MALFORMED_REQUEST", "one Host header; got 2")
    none = ask(gateway.address, "GET /api/v1/tasks", host="\r\nX-Instead: 1")
    none.problem(403, "HOST_REFUSED")


def test_origin_of_a_stranger(gateway: RunningGateway) -> None:
    before = count(gateway)
    port = int(gateway.address.rpartition(":")[2])
    for origin in (
        "http://evil.example",
        f"http://127.0.0.1:{port ^ 1}",
        "null",
        "https://127.0.0.1",
        "file://",
        "",
    ):
        answer = post(gateway.address, "/api/v1/tasks", GOOD, f"Origin: {origin}")
        answer.problem(403, "ORIGIN_REFUSED", "`cors_origins`")
    answer = post(gateway.address, "/api/v1/tasks", GOOD, "Sec-Fetch-Site: cross-site")
    answer.problem(403, "ORIGIN_REFUSED")
    assert count(gateway) == before
    assert post(gateway.address, "/api/v1/tasks", GOOD, f"Origin: http://{gateway.address}").status == 200


def test_cors_is_off_unless_it_is_configured(cluster: Up, gateway: RunningGateway, tmp_path: Path) -> None:
    asked = ["Origin: https://shop.example", "Access-Control-Request-Method: POST"]
    refused = ask(gateway.address, "OPTIONS /api/v1/tasks", asked)
    assert refused.status == 204
    assert not [name for name in refused.headers if name.startswith("access-control")]
    with a_gateway(cluster.address, tmp_path, CORS_ORIGINS="https://shop.example") as shop:
        allowed = ask(shop.address, "OPTIONS /api/v1/tasks", asked)
        assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (
            204,
            "https://shop.example",
        )
        assert allowed.headers["x-content-type-options"] == "nosniff"
        assert "X-AsyncTask-Actor" in allowed.headers["access-control-allow-headers"].split(", ")
        answer = post(shop.address, "/api/v1/tasks", GOOD, "Origin: https://shop.example")
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        wrong = post(shop.address, "/api/v1/tasks", {"no": 1}, "Origin: https://shop.example")
        assert wrong.headers["access-control-allow-origin"] == "https://shop.example"
        post(shop.address, "/api/v1/tasks", GOOD, "Origin: https://evil.example").problem(
            403, "ORIGIN_REFUSED"
        )


# --- token and session --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("X-Nothing: x", "send the token"),
        ("Authorization: Bearer", "`Bearer` and the token"),
        ("Authorization: Bearer wrong", "`Bearer` and the token"),
        (f"Authorization: Bearer {TOKEN}x", "`Bearer` and the token"),
        (f"Authorization: Basic {TOKEN}", "`Bearer` and the token"),
        (f"Authorization: {TOKEN}", "`Bearer` and the token"),
        ("Authorization: Bearer t\xf6ken", "`Bearer` and the token"),
        ("Cookie: asynctask_session=9999999999.x.forged", "the session has ended"),
        (f"Cookie: asynctask_session={TOKEN}", "the session has ended"),
        ("Cookie: asynctask_session=", "send the token"),
    ],
)
def test_caller_without_the_token(guarded: RunningGateway, header: str, said: str) -> None:
    for line in (
        "GET /task/api/v1/tasks",
        "GET /task/query_task",
        "GET /task/api/openapi.json",
        "GET /task/api/x",
    ):
        answer = ask(guarded.address, line, [header])
        answer.problem(401, "TOKEN_REQUIRED", said)
        assert answer.headers["www-authenticate"] == 'Bearer realm="asynctask"'
    assert TOKEN not in guarded.log.read_text("utf-8")


def sign_in(
    gateway: RunningGateway, token: object, tls: ssl.SSLContext | None = None, headers: Sequence[str] = ()
) -> RawAnswer:
    body = json.dumps({"token": token}).encode()
    line = "POST /task/api/session"
    return ask(gateway.address, line, ["Content-Type: application/json", *headers], body, tls=tls)


def test_browser_signs_in_and_gets_a_session(guarded: RunningGateway) -> None:
    look = ask(guarded.address, "GET /task/api/session")
    assert look.json == {"needs_token": True, "signed_in": False}
    begun = sign_in(guarded, TOKEN)
    cookie, *attributes = begun.headers["set-cookie"].split("; ")
    assert set(attributes) == {"HttpOnly", "Max-Age=43200", "Path=/task", "SameSite=strict"}
    assert TOKEN not in cookie
    assert ask(guarded.address, "GET /task/api/v1/tasks", [f"Cookie: {cookie}"]).status == 200
    assert ask(guarded.address, "GET /task/api/session", [f"Cookie: {cookie}"]).json["signed_in"]
    longer = cookie.replace("=1", "=9", 1)
    ask(guarded.address, "GET /task/api/v1/tasks", [f"Cookie: {longer}"]).problem(401, "TOKEN_REQUIRED")
    proxied = sign_in(guarded, TOKEN, headers=[f"Origin: https://{guarded.address}"])
    assert "Secure" in proxied.headers["set-cookie"].split("; "), "a proxy ends HTTPS"
    ended = ask(guarded.address, "DELETE /task/api/session", [f"Cookie: {cookie}"])
    assert "Max-Age=0" in ended.headers["set-cookie"]


def test_wrong_token_begins_no_session(guarded: RunningGateway) -> None:
    for token in ("", "wrong", TOKEN + " ", 7, None, [TOKEN]):
        answer = sign_in(guarded, token)
        assert answer.status in (400, 401)
        assert "set-cookie" not in answer.headers
        answer.problem(answer.status, answer.json["reason"])


@needs_openssl
def test_https_makes_the_cookie_secure(cluster: Up, tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "gateway")
    tls = ssl.create_default_context(cafile=str(certificate))
    settings = {
        "TOKEN": TOKEN,
        "BASE_PATH": "/task",
        "TLS_CERTIFICATE": str(certificate),
        "TLS_KEY": str(key),
    }
    with a_gateway(cluster.address, tmp_path, **settings) as secure:
        begun = sign_in(secure, TOKEN, tls)
        assert "Secure" in begun.headers["set-cookie"].split("; ")
        bearer = f"Authorization: Bearer {TOKEN}"
        assert ask(secure.address, "GET /task/api/v1/tasks", [bearer], tls=tls).status == 200
        large = b" " * (20 << 20)
        kind = "Content-Type: application/json"
        answer = ask(secure.address, "POST /task/submit_task", [bearer, kind], large, tls=tls)
        answer.problem(413, "BODY_TOO_LARGE")


# --- starting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ADDRESS": "0.0.0.0:0"}, "(0.0.0.0:0) is reachable from other machines, so it needs"),
        ({"ADDRESS": "[::]:0"}, "([::]:0) is reachable from other machines"),
        ({"ADDRESS": ":0"}, "(:0) is reachable from other machines"),
        ({"ADDRESS": "0.0.0.0:0", "TOKEN": "short"}, "must have at least 32 characters"),
        ({"TOKEN": "tökentökentökentökentökentökentöken"}, "must be of ASCII"),
        ({"BASE_PATH": "task"}, "must be a path such as /task"),
        ({"BASE_PATH": "/täsk"}, "must be a path such as /task, of ASCII letters"),
        ({"BASE_PATH": "/a;b"}, "must be a path such as /task"),
        ({"HOSTS": "tasks.example.com,https://tasks.example.com"}, "must be names such as tasks.example.com"),
        ({"HOSTS": "*.example.com"}, "must be names such as tasks.example.com"),
        ({"CORS_ORIGINS": "shop.example"}, "must be origins such as https://shop.example"),
        ({"CORS_ORIGINS": "https://shop.example/path"}, "must be origins such as https://shop.example"),
        ({"CORS_ORIGINS": "*"}, "must be origins such as https://shop.example"),
        ({"ADDRESS": "127.0.0.1"}, "1 mistake in the settings of the gateway"),
        ({"ADDRESS": "127.0.0.1"}, "ASYNCTASK_GATEWAY_ADDRESS (127.0.0.1) must be host:port, such as"),
        ({"METRICS_ADDRESS": "http://127.0.0.1:0"}, "must be host:port, such as"),
    ],
)
def test_start_that_would_leave_the_cluster_open_is_refused(settings: dict[str, str], said: str) -> None:
    done = subprocess.run(
        COMMAND,
        env=environment("127.0.0.1:1", **settings),
        stdin=subprocess.PIPE,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_warning_where_a_token_would_travel_in_clear(cluster: Up, tmp_path: Path) -> None:
    with a_gateway(cluster.address, tmp_path, ADDRESS="0.0.0.0:0", TOKEN=TOKEN) as open_one:
        (warning,) = (line for line in open_one.lines() if line["event"] == "token.in_clear")
        assert "without HTTPS" in warning["reason"]
        port = open_one.address.rpartition(":")[2]
        bearer = f"Authorization: Bearer {TOKEN}"
        assert ask(f"127.0.0.1:{port}", "GET /api/v1/tasks", [bearer], host="nas.lan").status == 200
        ask(f"127.0.0.1:{port}", "GET /api/v1/tasks").problem(401, "TOKEN_REQUIRED")

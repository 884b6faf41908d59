"""What the gateway answers for the console's page and files."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from asynctask_gateway.console_files import ConsoleFiles

PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"


async def get(
    path: str,
    *,
    accept: str = PAGE,
    base_path: str = "",
    method: str = "GET",
    encoding: str = "",
    cli: str = "",
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer; only the status of a refusal."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "headers": [(b"accept", accept.encode()), (b"accept-encoding", encoding.encode())],
    }
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("a file needs no body")

    async def send(message: Any) -> None:
        sent.append(message)

    try:
        await ConsoleFiles(base_path, cli)(scope, receive, send)
    except HTTPException as refused:
        return refused.status_code, {}, b""
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize(
    "path", ["/", "/tasks", "/tasks/01a22d00-836b-7393-acbc-5e875893e4b3", "/nothing/here"]
)
async def test_page_is_under_every_path_that_a_browser_may_reload(path: str):
    status, headers, body = await get(path)
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert b'<div id="app">' in body


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api", "/submit_task/x", "/query_task"])
async def test_calls_of_the_api_never_answer_with_the_page(path: str):
    assert (await get(path))[0] == 404


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/assets/gone-12345678.js", "*/*"),
        ("/assets/gone-12345678.js", PAGE),
        ("/assets/../index.html", "*/*"),
        ("/assets/../../app.py", "*/*"),
        ("/assets/%2e%2e/app.py", PAGE),
        ("//etc/passwd", "*/*"),
        ("/favicon.ico", "image/*"),
    ],
)
async def test_unknown_files_and_ways_out_of_the_folder_are_not_found(path: str, accept: str):
    assert (await get(path, accept=accept))[0] == 404


async def test_files_are_sent_compressed_to_browsers_that_take_it():
    plain, packed = await get("/icon.svg"), await get("/icon.svg", encoding="gzip, deflate, br")
    assert "content-encoding" not in plain[1]
    assert packed[1]["content-encoding"] == "gzip"
    assert plain[1]["vary"] == packed[1]["vary"] == "Accept-Encoding"
    assert len(packed[2]) < len(plain[2])
    assert gzip.decompress(packed[2]) == plain[2]


async def test_other_methods_are_not_found():
    assert (await get("/tasks", method="POST"))[0] == 404


async def test_files_with_a_hash_in_their_name_may_be_kept_for_ever():
    _, _, page = await get("/")
    start = page.index(b"/assets/")
    path = page[start : page.index(b'"', start)].decode()
    status, headers, body = await get(path, accept="*/*")
    assert status == 200
    assert body
    assert "immutable" in headers["cache-control"]


async def test_page_carries_the_base_path():
    """Fails when a console behind a proxy asks for its files, or for the API, at the root."""
    status, _, body = await get("/task/tasks", base_path="/task")
    assert status == 200
    assert b'<meta name="base-path" content="/task" />' in body
    assert b'src="/task/assets/' in body
    assert b'="./' not in body
    assert (await get("/tasks", base_path="/task"))[0] == 404
    assert (await get("/taskother", base_path="/task"))[0] == 404
    assert (await get("/task", base_path="/task"))[0] == 200


async def test_page_has_no_script_of_its_own():
    """Fails when the Content-Security-Policy would stop the page."""
    _, _, body = await get("/")
    assert b"<script>" not in body
    assert body.count(b"<script") == body.count(b'<script type="module" crossorigin src=')


async def test_page_names_the_address_for_commands_and_nothing_without_one():
    """Fails when a person copies a command that looks for the cluster at another address."""
    assert (
        b'<meta name="cli-address" content="127.0.0.1:7700" />' in (await get("/", cli="127.0.0.1:7700"))[2]
    )
    assert b'<meta name="cli-address" content="" />' in (await get("/"))[2]
    assert b'content="&quot;&gt;:1"' in (await get("/", cli='">:1'))[2]

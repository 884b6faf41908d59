"""Response messages as HTTP answers: JSON, ETag, links to the next page, and a sentence for people."""

from __future__ import annotations

import hashlib
from typing import Any, Final
from urllib.parse import urlencode

from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response

from asynctask_core.json_text import json_utf8
from asynctask_core.message_json.encode import to_json
from asynctask_core.message_json.sentences import sentence_of
from asynctask_gateway.rest.languages import prefers_chinese
from asynctask_gateway.rest.routes import Route

JSON_TYPE: Final = "application/json"


def answer(route: Route, message: Message, request: Request) -> Response:
    """The answer of a call."""
    found: dict[str, Any]
    found = to_json(getattr(message, route.response_body) if route.response_body else message)
    in_chinese = prefers_chinese(request.headers.get("accept-language", ""))
    if sentence := sentence_of(route.call, message, in_chinese=in_chinese):
        found = {"message": sentence, **found}
    body = json_utf8(found)
    headers: dict[str, str] = {}
    if route.verb == "GET":
        headers["ETag"] = tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers["Cache-Control"] = "no-cache"
        if _is_known(tag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        if token := found.get("next_page_token"):
            headers["Link"] = f'<{_next_page(request, token)}>; rel="next"'
    return Response(body, 200, headers, JSON_TYPE)


def _is_known(tag: str, given: str) -> bool:
    tags = {one.strip().removeprefix("W/") for one in given.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def _next_page(request: Request, token: str) -> str:
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "page_token"]
    return f"{request.scope['raw_path'].decode()}?{urlencode([*query, ('page_token', token)])}"

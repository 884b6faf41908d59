"""Response messages as HTTP answers: JSON, ETag, links to the next page, and a sentence for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response

from asynctask_core.message_json.encode import to_json
from asynctask_gateway.rest.languages import prefers_chinese
from asynctask_gateway.rest.routes import Route
from asynctask_protos.rest.v1.options_pb2 import MethodForm, method_form

JSON_TYPE: Final = "application/json"


def answer(route: Route, message: Message, request: Request) -> Response:
    """The answer of a call."""
    found: dict[str, Any]
    found = to_json(getattr(message, route.response_body) if route.response_body else message)
    if sentence := _sentence(route, message, request.headers.get("accept-language", "")):
        found = {"message": sentence, **found}
    body = dump(found)
    headers: dict[str, str] = {}
    if route.verb == "GET":
        headers["ETag"] = tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers["Cache-Control"] = "no-cache"
        if _is_known(tag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        if token := found.get("next_page_token"):
            headers["Link"] = f'<{_next_page(request, token)}>; rel="next"'
    return Response(body, 200, headers, JSON_TYPE)


def dump(value: Mapping[str, Any]) -> bytes:
    """JSON as UTF-8; text is written as it is, and not escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _is_known(tag: str, given: str) -> bool:
    tags = {one.strip().removeprefix("W/") for one in given.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def _next_page(request: Request, token: str) -> str:
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "page_token"]
    return f"{request.scope['raw_path'].decode()}?{urlencode([*query, ('page_token', token)])}"


def _sentence(route: Route, message: Any, languages: str) -> str:
    form: MethodForm = route.call.GetOptions().Extensions[method_form]
    sentence = form.asked if form.HasField("asked") and _is_yet_to_come(message) else form.done
    return sentence.zh if prefers_chinese(languages) else sentence.en


def _is_yet_to_come(message: Any) -> bool:
    """Whether a command waits for the task's executor."""
    fields = message.DESCRIPTOR.fields_by_name
    if "deleted" in fields:
        return not message.deleted
    return bool("task" in fields and message.task.requested)

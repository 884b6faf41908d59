"""A request's path, query string, body and headers, as the request message of its call. All mistakes at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from asynctask_core import limits
from asynctask_core.errors import InvalidInput
from asynctask_core.json_text import decode_json, fault_of, show
from asynctask_core.message_json.decode import MessageReader
from asynctask_core.message_json.naming import fields_of, is_list
from asynctask_core.message_json.query import read_query
from asynctask_gateway.rest.routes import Route

MASK: Final = "update_mask"
"""A request that changes part of a thing names that part; a body without it names what it has."""
REQUEST_ID: Final = "request_id"
EXPECTED_VERSION: Final = "expected_version"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What HTTP gives for one call."""

    path: Mapping[str, str]
    """Values of the path's variables by name."""
    query: Sequence[tuple[str, str]] = ()
    body: bytes | None = None
    """None where the call has no body."""
    idempotency_key: str | None = None
    if_match: str | None = None
    if_none_match: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Fields that another header gives, such as the token of a resumed stream."""


def bind(route: Route, request: HttpRequest) -> Message:
    """The request message of a call.

    Raises:
        InvalidInput: for every mistake of the path, the query string, the body and the headers.
    """
    message = GetMessageClass(route.input)()
    reading = MessageReader()
    if route.body:
        _read_body(reading, route, message, request.body or b"")
    elif request.body:
        reading.refuse(
            "body", f"must be empty: {route.verb} of this path takes its input from the query string"
        )
    if route.body != "*":
        read_query(reading, message, request.query, except_for=(*route.variables.values(), route.body))
    elif request.query:
        for name, _ in request.query:
            reading.refuse(name, "must be in the body: this path takes no query string")
    for name, text in request.path.items():
        _set(message, route.variables[name], text)
    for name, value in request.given.items():
        setattr(message, name, value)
    _read_headers(reading, message, request)
    if request.if_none_match is not None and route.verb != "GET":
        reading.refuse(
            "If-None-Match", f"must be left out: it is a condition for GET, and not for {route.verb}"
        )
    if reading.violations:
        raise InvalidInput(reading.violations)
    return message


def _read_body(reading: MessageReader, route: Route, message: Message, body: bytes) -> None:
    value: object = _json(reading, body) if body else dict[str, object]()
    if reading.violations:
        return
    if route.body == "*":
        reading.fill(message, value, except_for=route.variables.values())
        _fill_mask(message, value)
    else:
        inner = getattr(message, route.body)
        inner.SetInParent()
        before = f"{route.body}."
        reading.fill(inner, value, except_for=[one.removeprefix(before) for one in route.variables.values()])


def _json(reading: MessageReader, body: bytes) -> object:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        reading.refuse("body", f"must be UTF-8; byte {error.start + 1} is none")
        return None
    try:
        return decode_json(text)
    except (ValueError, RecursionError) as error:
        fault = fault_of(text, error)
        reading.refuse(f"body{fault.path}", fault.said)
        return None


def _fill_mask(message: Any, value: object) -> None:
    mask = message.DESCRIPTOR.fields_by_name.get(MASK)
    if mask is None or not isinstance(value, dict) or MASK in value:
        return
    given = [name for name, one in cast("dict[str, object]", value).items() if one is not None]
    known = fields_of(message.DESCRIPTOR)
    control = {MASK, REQUEST_ID, EXPECTED_VERSION, "reason", "task_id"}
    getattr(message, MASK).paths.extend(name for name in given if name in known and name not in control)


def _set(message: Any, path: str, text: str) -> None:
    *outer, last = path.split(".")
    for name in outer:
        message = getattr(message, name)
    setattr(message, last, text)


def _read_headers(reading: MessageReader, message: Any, request: HttpRequest) -> None:
    if request.idempotency_key == "":
        reading.refuse("Idempotency-Key", "must not be empty: such a request could not be repeated")
    elif request.idempotency_key is not None:
        _read_key(reading, message, request.idempotency_key)
    if request.if_match is not None:
        _read_version(reading, message, request.if_match)


def _read_key(reading: MessageReader, message: Any, key: str) -> None:
    """A call that needs no key, since it changes nothing when it is repeated, does not look at it."""
    if REQUEST_ID not in message.DESCRIPTOR.fields_by_name:
        if batch := batch_of(message.DESCRIPTOR):
            _read_key_of_batch(reading, getattr(message, batch), key)
        return
    if getattr(message, REQUEST_ID) not in ("", key):
        reading.refuse("Idempotency-Key", f"must be the same as `{REQUEST_ID}` of the body, or left out")
    setattr(message, REQUEST_ID, key)


def batch_of(message: Descriptor) -> str:
    """The field whose items are requests with an id each; empty where there is none."""
    for one in message.fields:
        if is_list(one) and one.message_type and REQUEST_ID in one.message_type.fields_by_name:
            return one.name
    return ""


def _read_key_of_batch(reading: MessageReader, items: Sequence[Any], key: str) -> None:
    most = limits.REQUEST_ID_CHARS - len(f"/{len(items) - 1}")
    if len(key) > most:
        said = f"must have at most {most} characters for {len(items):,} items; got {len(key):,}"
        reading.refuse("Idempotency-Key", said)
        return
    for number, item in enumerate(items):
        item.request_id = item.request_id or f"{key}/{number}"


def _read_version(reading: MessageReader, message: Any, if_match: str) -> None:
    version = if_match.strip().removeprefix("W/").strip('"')
    if EXPECTED_VERSION not in message.DESCRIPTOR.fields_by_name:
        reading.refuse("If-Match", "must be left out: this path has no version that could be compared")
    elif version == "*":
        return
    elif not (version.isascii() and version.isdigit() and len(version) < 17):
        reading.refuse("If-Match", f'must be the task\'s version, such as "7"; got {show(if_match)}')
    elif message.HasField(EXPECTED_VERSION) and getattr(message, EXPECTED_VERSION) != int(version):
        reading.refuse("If-Match", f"must be the same as `{EXPECTED_VERSION}`, or left out")
    else:
        setattr(message, EXPECTED_VERSION, int(version))

"""The OpenAPI 3.1 document of the REST API, made from the contracts and the catalogue of errors.

Descriptors at run time have no comments, so `./dev docs` makes the document, with the comments, and commits it beside
this file; a gateway serves that, with its own base path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from asynctask_core.errors import BY_REASON
from asynctask_core.message_json.decode import EXACT
from asynctask_core.message_json.naming import (
    BYTES_SUFFIX,
    FIELD_MASK,
    STATUS,
    TIMESTAMP,
    enum_of,
    form_of,
    is_list,
    is_map,
    json_name,
    message_of,
    value_of_map,
    words_of,
)
from asynctask_core.message_json.query import Parameter, parameters
from asynctask_gateway.problems import HttpReason, status_of
from asynctask_gateway.rest.binding import EXPECTED_VERSION, MASK, REQUEST_ID, batch_of
from asynctask_gateway.rest.examples import EXAMPLES
from asynctask_gateway.rest.routes import Route, routes
from asynctask_protos.rest.v1.options_pb2 import method_form

Schema = dict[str, Any]
Comments = Mapping[str, str]
"""Comments of the contracts by full name of what they describe."""

FILE: Final = "openapi.json"
_REASON: Final = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|\bOVERLOADED\b")
_BASICS: Final[Mapping[int, Schema]] = {
    FieldDescriptor.CPPTYPE_INT32: {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    FieldDescriptor.CPPTYPE_UINT32: {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
    FieldDescriptor.CPPTYPE_INT64: {"type": "integer", "minimum": -EXACT, "maximum": EXACT},
    FieldDescriptor.CPPTYPE_UINT64: {"type": "integer", "minimum": 0, "maximum": EXACT},
    FieldDescriptor.CPPTYPE_DOUBLE: {"type": "number"},
    FieldDescriptor.CPPTYPE_FLOAT: {"type": "number"},
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.CPPTYPE_STRING: {"type": "string"},
}
_TAGS: Final = {
    "TaskService": "Tasks",
    "ExecutorService": "Executors",
    "QueueService": "Queues",
    "TaskTypeService": "Task types",
    "OverviewService": "Overview",
    "HealthService": "Health",
    "DoctorService": "Health",
}


def served_document(base_path: str) -> bytes:
    """The committed document, for a gateway under `base_path`."""
    return _served(base_path)


@cache
def _served(base_path: str) -> bytes:
    found = json.loads(files("asynctask_gateway.rest").joinpath(FILE).read_text("utf-8"))
    found["servers"] = [{"url": base_path or "/"}]
    return json.dumps(found, ensure_ascii=False).encode()


def document(comments: Comments, version: str) -> dict[str, Any]:
    """The whole document."""
    return _Writer(comments).document(version)


class _Writer:
    def __init__(self, comments: Comments) -> None:
        self._comments = comments
        self._schemas: dict[str, Schema] = {}
        self._begun: set[str] = set()

    def document(self, version: str) -> dict[str, Any]:
        paths: dict[str, dict[str, Any]] = {}
        for route in routes():
            paths.setdefault(route.path, {})[route.verb.lower()] = self._operation(route)
        by_name = {route.call.name: route for route in routes()}
        paths["/api/v1/cluster/watch"] = {"get": _CLUSTER_WATCH}
        paths["/submit_task"] = {"post": self._renamed(by_name["SubmitTask"], "submit_task")}
        paths["/query_task"] = {"get": self._query_task(by_name["ListTasks"])}
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "AsyncTask",
                "version": version,
                "description": "Durable background tasks: submit, follow and steer them. Names are those of the gRPC "
                "contracts; what is absent is left out; instants are RFC 3339; every error is a problem document "
                "(RFC 9457) with a reason.",
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/"}],
            "security": [{}, {"token": []}, {"session": []}],
            "tags": [{"name": name} for name in dict.fromkeys(_TAGS.values())],
            "paths": paths,
            "components": {
                "schemas": dict(sorted({**self._schemas, **_PROBLEM_SCHEMAS}.items())),
                "responses": {"Problem": _problem_response("The request was refused, or failed.")},
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer"},
                    "session": {"type": "apiKey", "in": "cookie", "name": "asynctask_session"},
                },
            },
        }

    def _operation(self, route: Route) -> dict[str, Any]:
        call = route.call
        comment = self._comments.get(call.full_name, "")
        name = call.name[0].lower() + call.name[1:]
        is_second = route != next(one for one in routes() if one.call == call)
        found: dict[str, Any] = {
            "operationId": f"{name}ByPath" if is_second else name,
            "tags": [_TAGS[route.service]],
            "summary": re.split(r"(?<=[.:])\s", _without_reasons(comment), maxsplit=1)[0].rstrip(":."),
            "description": _without_reasons(comment),
        }
        if given := [*self._parameters(route), *_header_parameters(route)]:
            found["parameters"] = given
        if route.body:
            found["requestBody"] = self._body(route)
        found["responses"] = self._responses(route, comment)
        return found

    def _renamed(self, route: Route, name: str) -> dict[str, Any]:
        return {
            **self._operation(route),
            "operationId": name,
            "summary": f"Short name of {route.verb} {route.path}",
        }

    def _query_task(self, route: Route) -> dict[str, Any]:
        found = self._renamed(route, "query_task")
        found["description"] = "One task by `task_id`, or a page of the tasks that match the filters."
        found["parameters"] = [
            {
                "name": "task_id",
                "in": "query",
                "description": "The task; without it, tasks by the filters.",
                "schema": {"type": "string"},
            },
            *found["parameters"],
        ]
        task = {"$ref": "#/components/schemas/Task"}
        page = found["responses"]["200"]["content"]["application/json"]
        page["schema"] = {"anyOf": [page["schema"], task]}
        return found

    def _parameters(self, route: Route) -> Iterable[dict[str, Any]]:
        message = route.input
        for name, path in route.variables.items():
            field = _field_at(message, path)
            yield {
                "name": name,
                "in": "path",
                "required": True,
                "description": self._comments.get(field.full_name, ""),
                "schema": {"type": "string", "minLength": 1},
            }
        if route.body == "*":
            return
        for name, parameter in parameters(message).items():
            if name not in route.variables.values() and not (route.body and parameter.outer):
                yield self._query_parameter(name, parameter)

    def _query_parameter(self, name: str, parameter: Parameter) -> dict[str, Any]:
        field = parameter.field
        schema = _LABELS if is_map(field) else self._schema_of(field)
        found = {"name": name, "in": "query", "description": self._comments.get(field.full_name, "")}
        if field.message_type is not None and field.message_type.full_name == FIELD_MASK:
            schema = {"type": "string"}
        return {**found, "schema": schema}

    def _body(self, route: Route) -> dict[str, Any]:
        message = route.input
        if route.body == "*":
            schema = self._object(message, is_input=True, without=route.variables.values())
            required = bool(schema.get("required"))
        else:
            field = message.fields_by_name[route.body]
            inner = [path.removeprefix(f"{route.body}.") for path in route.variables.values()]
            schema, required = self._object(message_of(field), is_input=True, without=inner), True
        content: dict[str, Any] = {"schema": schema}
        if example := EXAMPLES.get(route.input.name):
            content["example"] = example
        return {"required": required, "content": {"application/json": content}}

    def _responses(self, route: Route, comment: str) -> dict[str, Any]:
        message = route.output
        if route.response_body:
            message = message_of(message.fields_by_name[route.response_body])
        schema = self._ref(message)
        if route.call.GetOptions().HasExtension(method_form):
            sentence = {"type": "object", "required": ["message"], "properties": {"message": _SENTENCE}}
            schema = {"allOf": [schema, sentence]}
        media = "text/event-stream" if route.is_stream else "application/json"
        content: dict[str, Any] = {"schema": {"type": "string"} if route.is_stream else schema}
        if not route.is_stream and (example := EXAMPLES.get(message.name)):
            content["example"] = example
        described = self._comments.get(message.full_name, "") or "The answer."
        if route.is_stream:
            described = f"Server-sent events; `data` of each is a {message.name}, its id resumes the stream."
        found: dict[str, Any] = {"200": {"description": described, "content": {media: content}}}
        if route.verb == "GET" and not route.is_stream:
            found["304"] = {"description": "The answer still has the ETag of `If-None-Match`."}
        for status, reasons in _by_status(comment).items():
            found[status] = _problem_response(" ".join(f"`{one}`: {_said(one)}" for one in reasons))
        found["default"] = {"$ref": "#/components/responses/Problem"}
        return found

    def _ref(self, message: Descriptor, *, is_input: bool = False) -> Schema:
        # What must be there, and what may, differs between the two.
        name = f"{message.name}Input" if is_input and not message.name.endswith("Request") else message.name
        if name not in self._begun:
            self._begun.add(name)
            self._schemas[name] = self._object(message, is_input=is_input)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, message: Descriptor, *, is_input: bool, without: Iterable[str] = ()) -> Schema:
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for field in message.fields:
            if field.name in without:
                continue
            comment = self._comments.get(field.full_name, "")
            schema = self._schema_of(field, is_input=is_input)
            name = json_name(field)
            if _is_required(name, comment) if is_input else _is_always_there(field):
                required.append(name)
            elif is_input:
                schema = _or_null(schema)
            properties[name] = {**schema, "description": comment} if comment else schema
            if field.type == FieldDescriptor.TYPE_BYTES and not form_of(field).uuid:
                properties[name + BYTES_SUFFIX] = {
                    "type": "string",
                    "contentEncoding": "base64",
                    "description": f"The same bytes; only where `{name}` is no UTF-8.",
                }
        found: Schema = {"type": "object", "properties": properties}
        if required:
            found["required"] = required
        if is_input:
            found["additionalProperties"] = False
        if comment := self._comments.get(message.full_name):
            found["description"] = comment
        return found

    def _schema_of(self, field: FieldDescriptor, *, is_input: bool = False) -> Schema:
        if is_map(field):
            return {
                "type": "object",
                "additionalProperties": self._value(value_of_map(field), is_input=is_input),
            }
        if is_list(field):
            return {"type": "array", "items": self._value(field, is_input=is_input)}
        return self._value(field, is_input=is_input)

    def _value(self, field: FieldDescriptor, *, is_input: bool) -> Schema:
        if field.type == FieldDescriptor.TYPE_ENUM:
            return self._words(enum_of(field))
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            return _GOOGLE.get(message_of(field).full_name) or self._ref(message_of(field), is_input=is_input)
        if form_of(field).json_text:
            return {}
        if form_of(field).uuid:
            return {"type": "string", "format": "uuid"}
        return _BASICS[field.cpp_type]

    def _words(self, enum: EnumDescriptor) -> Schema:
        words = words_of(enum)
        said = [
            f"`{words[value.number]}`: {comment}"
            for value in enum.values
            if value.number in words and (comment := self._comments.get(f"{enum.full_name}.{value.name}"))
        ]
        found: Schema = {"type": "string", "enum": list(words.values())}
        return {**found, "x-enum-descriptions": said} if said else found


def _is_required(name: str, comment: str) -> bool:
    return comment.startswith("Required.") and name != MASK  # a mask that is left out is made from the body


def _or_null(schema: Schema) -> Schema:
    """The schema of a field that may be left out, or null instead."""
    return {"anyOf": [schema, {"type": "null"}]} if schema else {}


def _is_always_there(field: FieldDescriptor) -> bool:
    if is_map(field) or is_list(field):
        return True
    if field.type == FieldDescriptor.TYPE_ENUM:
        return 0 in words_of(enum_of(field))
    return not (field.has_presence or form_of(field).json_text or form_of(field).uuid)


def _field_at(message: Descriptor, path: str) -> FieldDescriptor:
    *outer, last = path.split(".")
    for name in outer:
        message = message_of(message.fields_by_name[name])
    return message.fields_by_name[last]


def _header_parameters(route: Route) -> Iterable[dict[str, Any]]:
    known = route.input.fields_by_name
    if REQUEST_ID in known or batch_of(route.input):
        key = _header(
            "Idempotency-Key", "Makes the request repeatable: a repeat with the same key changes nothing."
        )
        yield {**key, "schema": {"type": "string", "minLength": 1}}
    if EXPECTED_VERSION in known:
        yield _header(
            "If-Match", "The task's version: the command is refused (412) if the task has another one."
        )
    if route.verb == "GET" and not route.is_stream:
        yield _header("If-None-Match", "The ETag of an earlier answer: 304 if the answer is still the same.")
    if route.is_stream and "resume_token" in known:
        yield _header("Last-Event-ID", "The id of the last event that arrived: no later change is missed.")


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


def _by_status(comment: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for reason in dict.fromkeys(_REASON.findall(comment)):
        if kind := BY_REASON.get(reason):
            found.setdefault(str(status_of(reason, kind.code.name)), []).append(reason)
    return dict(sorted(found.items()))


def _said(reason: str) -> str:
    return " ".join((BY_REASON[reason].__doc__ or "").partition("\n\n")[0].split())


def _without_reasons(comment: str) -> str:
    """A comment without the list of reasons at its end: the responses have them."""
    sentences = re.split(r"(?<=\.)\s+", comment)
    return " ".join(one for one in sentences if one.split(",")[0].split(" ")[0].rstrip(".") not in BY_REASON)


def _problem_response(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"schema": schema, "example": EXAMPLES["Problem"]}
    return {"description": description, "content": {"application/problem+json": content}}


_CLUSTER_WATCH: Final[Mapping[str, Any]] = {
    "operationId": "watchCluster",
    "tags": ["Health"],
    "summary": "Follow counts, health, executors and queues",
    "description": "Server-sent events: first the whole state, then what changed. `data` has for each kind "
    "(`overview` and `health` with the one entry `cluster`, `executors`, `queues`) the entries that were `set`, by "
    "key, the keys that were `removed`, and a `problem` while the kind cannot be read. Ages are told in steps of ten "
    "seconds or a minute, free space in steps of 64 MiB; `oldest_ready_ms` exactly, at every change and every ten "
    "seconds.",
    "responses": {
        "200": {
            "description": "Server-sent events.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        "default": {"$ref": "#/components/responses/Problem"},
    },
}
_INSTANT: Final[Schema] = {"type": "string", "format": "date-time"}
_SENTENCE: Final[Schema] = {
    "type": "string",
    "description": "What was done, for people, in the request's language.",
}
_LABELS: Final[Schema] = {"type": "array", "items": {"type": "string", "pattern": "^[^=]*=.*$"}}
_GOOGLE: Final[Mapping[str, Schema]] = {
    TIMESTAMP: _INSTANT,
    FIELD_MASK: {"type": "array", "items": {"type": "string"}},
    STATUS: {"$ref": "#/components/schemas/ItemProblem"},
}
_VIOLATIONS: Final[Schema] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["field", "description"],
        "properties": {
            "field": {"type": "string", "description": "Path of the wrong field, parameter or header."},
            "description": {"type": "string", "description": "What is allowed, and what came."},
        },
    },
}
_SHARED: Final[Schema] = {
    "reason": {
        "type": "string",
        "description": "Reason of the catalogue, for programs; of the gateway itself: "
        + ", ".join(f"`{one.name}`" for one in HttpReason),
    },
    "detail": {"type": "string", "description": "What happened, to what, and what to do."},
    "violations": _VIOLATIONS,
    "retry_after_ms": {"type": "integer", "description": "The same request may succeed after so long."},
}
_PROBLEM_SCHEMAS: Final[Mapping[str, Schema]] = {
    "Problem": {
        "type": "object",
        "description": "Why a request was refused or failed (RFC 9457).",
        "required": ["type", "title", "status", "detail", "reason", "request_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            **_SHARED,
            "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
            "request_id": {
                "type": "string",
                "description": "As in `X-Request-ID`; the gateway's log has it.",
            },
        },
    },
    "ItemProblem": {
        "type": "object",
        "description": "Why one item of a batch was refused.",
        "required": ["reason", "detail"],
        "properties": dict(_SHARED),
    },
}

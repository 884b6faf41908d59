"""The OpenAPI document and what the gateway makes of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message_factory import GetMessageClass

from asynctask_core.message_json.decode import MessageReader
from asynctask_gateway.edge.http_protocol import path_in_parts
from asynctask_gateway.rest import openapi
from asynctask_gateway.rest.examples import EXAMPLES
from asynctask_gateway.rest.routes import routes

DOCUMENT: dict[str, Any] = json.loads(Path(openapi.__file__).with_name(openapi.FILE).read_text("utf-8"))
REQUESTS = {route.input.name: route.input for route in routes() if route.input.name in EXAMPLES}


@pytest.mark.parametrize("name", REQUESTS)
def test_example_of_a_request_is_taken(name: str):
    reading = MessageReader()
    reading.fill(GetMessageClass(REQUESTS[name])(), EXAMPLES[name])
    assert not reading.violations


def test_examples_of_answers_have_what_their_schema_has():
    for name in ("Task", "Problem"):
        schema = DOCUMENT["components"]["schemas"][name]
        assert set(schema["required"]) <= EXAMPLES[name].keys() | {"metadata"}
        assert EXAMPLES[name].keys() <= schema["properties"].keys()


def test_paths_of_one_template_are_one_path():
    """Fails when two names of one variable make two paths, of which a router only finds one."""
    templates = [
        path.split("{")[0] + str(path.count("{")) + path.rpartition("}")[2] for path in DOCUMENT["paths"]
    ]
    assert len(templates) == len(set(templates))
    assert {"get", "put", "delete"} <= DOCUMENT["paths"]["/api/v1/task_types/{name}"].keys()


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"/a/b", "/a/b"),
        (b"/a%20b/%c3%a4", "/a b/ä"),
        (b"/a%2fb", "/a%2Fb"),
        (b"/a%252fb", "/a%252fb"),
        (b"/%2e%2e/x", "/../x"),
        (b"//x/", "//x/"),
    ],
)
def test_slash_within_a_part_separates_nothing(raw: bytes, path: str):
    assert path_in_parts(raw) == path

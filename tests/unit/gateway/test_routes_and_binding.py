"""Routes from the annotations of the contracts, and requests as messages."""

import json
from typing import Any

import pytest

from asynctask_core import limits
from asynctask_core.errors import InvalidInput
from asynctask_core.message_json.naming import fields_of
from asynctask_gateway.rest.binding import HttpRequest, bind
from asynctask_gateway.rest.examples import EXAMPLES
from asynctask_gateway.rest.routes import Route, routes


def route(call: str) -> Route:
    return next(one for one in routes() if one.call.name == call)


def refused(call: str, request: HttpRequest) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        bind(route(call), request)
    return {one.field: one.description for one in caught.value.violations}


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_every_variable_of_a_path_is_a_text_field_and_no_route_stands_twice():
    seen: set[tuple[str, str]] = set()
    for one in routes():
        assert (one.verb, one.path) not in seen
        seen.add((one.verb, one.path))
        for path in one.variables.values():
            first = path.split(".")[0]
            assert first in one.input.fields_by_name
        assert one.verb != "GET" or not one.body
        assert not one.call.client_streaming


def test_what_the_path_says_is_not_said_again_in_the_body():
    request = HttpRequest({"task_id": "a"}, body=body({"task_id": "b", "reason": "x"}))
    assert list(refused("PauseTask", request)) == ["task_id"]


def test_change_names_its_fields_by_what_the_body_has():
    message: Any = bind(
        route("UpdateTask"), HttpRequest({"task_id": "a"}, body=body({"priority": 1, "reason": "x"}))
    )
    assert list(message.update_mask.paths) == ["priority"]
    given = {"priority": 1, "labels": {}, "update_mask": ["labels"]}
    message = bind(route("UpdateTask"), HttpRequest({"task_id": "a"}, body=body(given)))
    assert list(message.update_mask.paths) == ["labels"]
    nothing = {"priority": 1, "labels": None}
    message = bind(route("UpdateTask"), HttpRequest({"task_id": "a"}, body=body(nothing)))
    assert list(message.update_mask.paths) == ["priority"], "null is as good as absent: no label is removed"


def test_key_and_version_of_the_headers_are_fields():
    request = HttpRequest({"task_id": "a"}, idempotency_key="k", if_match='"7"', body=b"")
    message: Any = bind(route("PauseTask"), request)
    assert (message.request_id, message.expected_version) == ("k", 7)
    message = bind(route("PauseTask"), HttpRequest({"task_id": "a"}, if_match="*"))
    assert not message.HasField("expected_version")


def test_key_of_a_batch_makes_each_item_repeatable():
    """Fails when a batch that is sent again makes every task a second time."""
    tasks = [{"task_type": "a"}, {"task_type": "b", "request_id": "own"}, {"task_type": "c"}]
    request = HttpRequest({}, body=body({"tasks": tasks}), idempotency_key="k")
    message: Any = bind(route("BatchSubmitTasks"), request)
    assert [one.request_id for one in message.tasks] == ["k/0", "own", "k/2"]


def test_key_of_a_batch_leaves_room_for_the_number_of_each_item():
    tasks = [{"task_type": "a"}] * 11
    longest = HttpRequest({}, body=body({"tasks": tasks}), idempotency_key="k" * 125)
    message: Any = bind(route("BatchSubmitTasks"), longest)
    assert max(len(one.request_id) for one in message.tasks) == limits.REQUEST_ID_CHARS
    longer = HttpRequest({}, body=body({"tasks": tasks}), idempotency_key="k" * 126)
    assert refused("BatchSubmitTasks", longer) == {
        "Idempotency-Key": "must have at most 125 characters for 11 items; got 126"
    }


@pytest.mark.parametrize("call", ["SubmitTask", "BatchSubmitTasks", "GetTask", "DeleteTaskType"])
def test_version_where_there_is_none_to_compare_is_refused(call: str):
    """Fails when a caller believes that its condition was checked."""
    path = dict.fromkeys(route(call).variables, "a")
    assert list(refused(call, HttpRequest(path, if_match="*"))) == ["If-Match"]


def test_condition_of_a_read_is_refused_for_a_change():
    """Fails when a caller believes that it makes a type only if there is none."""
    path = {"name": "a"}
    assert list(refused("RegisterTaskType", HttpRequest(path, body=b"{}", if_none_match="*"))) == [
        "If-None-Match"
    ]
    assert bind(route("GetTaskType"), HttpRequest(path, if_none_match='"x"'))


@pytest.mark.parametrize("if_match", ["", "x", '"-1"', '"1", "2"', "9" * 30, "\u0661"])
def test_version_that_is_none_is_refused_by_the_name_of_the_header(if_match: str):
    assert list(refused("PauseTask", HttpRequest({"task_id": "a"}, if_match=if_match))) == ["If-Match"]


def test_empty_key_is_refused_since_it_would_protect_nothing():
    request = HttpRequest({"task_id": "a"}, idempotency_key="")
    assert list(refused("PauseTask", request)) == ["Idempotency-Key"]


def test_headers_and_body_do_not_differ():
    request = HttpRequest(
        {"task_id": "a"},
        idempotency_key="k",
        if_match='"7"',
        body=body({"request_id": "other", "expected_version": 6}),
    )
    assert list(refused("PauseTask", request)) == ["Idempotency-Key", "If-Match"]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b"{", "body"),
        (b"\xff", "body"),
        (b'{"a": 1, "a": 2}', "body"),
        (b"[" * 5000, "body"),
        (b"NaN", "body"),
    ],
)
def test_body_that_is_no_json_is_refused(raw: bytes, field: str):
    assert next(iter(refused("SubmitTask", HttpRequest({}, body=raw)))).startswith(field)


def test_path_without_a_body_refuses_one_and_path_with_one_refuses_a_query():
    assert list(refused("DeleteTask", HttpRequest({"task_id": "a"}, body=b"{}"))) == ["body"]
    assert list(refused("PauseTask", HttpRequest({"task_id": "a"}, [("reason", "x")]))) == ["reason"]


def test_examples_of_the_document_can_be_sent():
    for one in routes():
        example = EXAMPLES.get(one.input.name)
        if example is not None:
            path = dict.fromkeys(one.variables, "a")
            assert bind(one, HttpRequest(path, body=body(example)))
    task = (
        next(one for one in routes() if one.call.name == "GetTask").output.fields_by_name["task"].message_type
    )
    assert task is not None
    assert set(EXAMPLES["Task"]) <= set(fields_of(task))

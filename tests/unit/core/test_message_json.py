"""Messages as JSON, and JSON and query strings as messages."""

import json
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from hypothesis import given
from hypothesis import strategies as st

from asynctask_core.errors import InvalidInput
from asynctask_core.json_text import json_utf8
from asynctask_core.message_json.decode import FINITE, MessageReader
from asynctask_core.message_json.encode import to_json
from asynctask_core.message_json.mistakes import MOST_MISTAKES
from asynctask_core.message_json.query import parameters, read_query
from asynctask_protos.scheduler.v1 import executor_service_pb2, task_service_pb2, task_type_service_pb2
from asynctask_protos.task.v1 import manifest_pb2, state_pb2, task_pb2


def read(message: Any, value: object) -> dict[str, str]:
    reading = MessageReader()
    reading.fill(message, value)
    return {one.field: one.description for one in reading.violations}


def query(message: Any, *given: tuple[str, str]) -> dict[str, str]:
    reading = MessageReader()
    read_query(reading, message, given)
    return {one.field: one.description for one in reading.violations}


def test_task_has_words_instants_and_values_and_leaves_out_what_is_absent():
    task = task_pb2.Task(
        task_id="0198",
        task_status=state_pb2.TASK_STATE_RUNNING,
        task_config='{"to": [1, 2]}',
        version=7,
        stages=[task_pb2.Stage(name="run", state=state_pb2.STAGE_STATE_RUNNING, checkpoint_json='{"at": 3}')],
        warning_counts={"SKIPPED": 2},
    )
    task.submit_time.FromJsonString("2026-01-31T08:00:00.120999Z")
    found = to_json(task)
    assert found["task_status"] == "running"
    assert found["task_config"] == {"to": [1, 2]}
    assert found["submit_time"] == "2026-01-31T08:00:00.120Z"
    assert found["warning_counts"] == {"SKIPPED": 2}
    assert found["stages"][0]["checkpoint"] == {"at": 3}
    assert not {"result", "result_json", "waiting_for", "requested", "start_time", "failure"} & set(found)
    assert found["executor_id"] == ""


def test_names_that_are_no_utf8_are_text_and_base64():
    item = manifest_pb2.ManifestItem(key=b"ol\xe9", state=manifest_pb2.ITEM_STATE_DONE)
    found = to_json(item)
    assert (found["key"], found["key_base64"]) == ("ol\ufffd", "b2zp")
    assert "key_base64" not in to_json(manifest_pb2.ManifestItem(key=b"plain"))
    back = manifest_pb2.ManifestItem()
    assert read(back, found) == {}
    assert back.key == b"ol\xe9"


def test_id_in_bytes_is_its_text():
    line = task_pb2.LogLine(attempt_id=bytes.fromhex("0198c0de000070008000000000000001"))
    assert to_json(line)["attempt_id"] == "0198c0de-0000-7000-8000-000000000001"
    assert "attempt_id" not in to_json(task_pb2.LogLine())


def test_refused_item_of_a_batch_says_why():
    response = task_service_pb2.BatchSubmitTasksResponse()
    response.results.add().error.message = "no"
    assert to_json(response)["results"][0]["error"]["detail"]


@pytest.mark.parametrize(
    ("value", "field", "said"),
    [
        ({"task_tipe": "count"}, "task_tipe", "there is no such field; did you mean 'task_type'?"),
        ({"task_type": 3}, "task_type", "must be a text; got 3"),
        ({"task_type": "\ud800"}, "task_type", "must be valid Unicode"),
        ({"priority": "2"}, "priority", "must be a whole number; got '2'"),
        ({"priority": True}, "priority", "must be a whole number; got true"),
        ({"priority": 2.5}, "priority", "must be a whole number; got 2.5"),
        ({"priority": 2**31}, "priority", "must be a whole number from"),
        ({"delay_ms": 2**53 + 1}, "delay_ms", "must be a whole number from"),
        ({"delay_ms": 10**5000}, "delay_ms", "a number of 5001 digits"),
        ({"labels": []}, "labels", "must be an object; got a list"),
        ({"labels": {"a": 1}}, "labels.a", "must be a text; got 1"),
        ({"start_time": "2026-01-31 08:00"}, "start_time", "must be an instant"),
        ({"start_time": "2026-02-31T08:00:00Z"}, "start_time", "must be an instant that exists"),
        ({"start_time": "2026-01-31T08:00:00+99:00"}, "start_time", "must be an instant that exists"),
        ({"start_time": 12}, "start_time", "must be an instant"),
        ({"task_config": '{"to": NaN}'}, "task_config", ".to must be JSON"),
        ({"labels": {"\ud800": "x"}}, "labels.\\ud800", "must be valid Unicode"),
        ({"\ud800": 1}, "\\ud800", "there is no such field"),
        ({"x" * 500: 1}, f"{'x' * 100}…{'x' * 100}", "there is no such field"),
        ([], "body", "must be an object; got a list"),
    ],
)
def test_mistake_names_the_field_what_is_allowed_and_what_came(value: object, field: str, said: str):
    found = read(task_service_pb2.SubmitTaskRequest(), value)
    assert list(found) == [field]
    assert said in found[field]


def test_all_mistakes_are_told_at_once_with_their_paths():
    value = {"tasks": [{"task_type": 1}, {"task_type": "count", "priority": "x"}, 3]}
    found = read(task_service_pb2.BatchSubmitTasksRequest(), value)
    assert list(found) == ["tasks[0].task_type", "tasks[1].priority", "tasks[2]"]


@pytest.mark.parametrize("item", [1, {"tesk_type": 1}])
def test_after_so_many_mistakes_no_more_are_looked_for(item: object):
    """Fails when the mistakes of one large request keep the gateway from all others for seconds."""
    with pytest.raises(InvalidInput) as caught:
        read(task_service_pb2.BatchSubmitTasksRequest(), {"tasks": [item] * 100_000})
    *listed, last = caught.value.violations
    assert len(listed) == MOST_MISTAKES
    assert (listed[0].field.partition(".")[0], last.field.partition(".")[0]) == ("tasks[0]", "tasks[100]")
    assert last.description == "is wrong too: only the first 100 mistakes are listed"


def test_text_with_half_of_a_surrogate_pair_stays_in_json_as_it_is():
    request = task_service_pb2.SubmitTaskRequest()
    assert read(request, {"task_config": {"\ud800": ["ü\udfff"]}}) == {}
    config = request.task_config
    assert json.loads(config) == {"\ud800": ["ü\udfff"]}
    task = to_json(task_pb2.Task(task_config=config))
    assert json.loads(json_utf8(task))["task_config"] == {"\ud800": ["ü\udfff"]}
    mask = task_service_pb2.UpdateTaskRequest()
    assert "must be valid Unicode" in read(mask, {"update_mask": ["\ud800"]})["update_mask"]


@pytest.mark.parametrize("levels", range(900, 1000, 5))
def test_value_nested_to_the_limits_of_python_is_read_or_refused(levels: int):
    """Fails when what Python can read and cannot write is a fault of the gateway."""
    text = "[" * levels + "]" * levels
    try:
        value = json.loads(text)
    except RecursionError:
        return
    found = read(task_service_pb2.SubmitTaskRequest(), {"task_config": value})
    assert not found or "is nested too deeply" in found["task_config"]


def test_result_nested_too_deeply_is_text_so_that_it_can_be_written():
    text = "[" * 900 + "]" * 900
    assert to_json(task_pb2.Task(result_json=text))["result"] == text


def test_number_that_no_float_holds_is_refused():
    found = read(
        task_type_service_pb2.RegisterTaskTypeRequest(), {"task_type": {"stages": [{"weight": 10**400}]}}
    )
    assert found == {
        "task_type.stages[0].weight": "must be a number of at most 308 digits; got a huge number"
    }
    assert float("9" * 200 + "e99") < float("inf")
    assert FINITE.fullmatch("9" * 200 + "e99")
    assert not FINITE.fullmatch("9" * 300 + "e99")


def test_word_that_does_not_exist_is_answered_with_those_that_do():
    found = read(task_service_pb2.RestartTaskRequest(), {"from": "end"})
    assert found == {"from": "must be one of start, checkpoint; got 'end'"}
    assert read(task_service_pb2.RestartTaskRequest(), {"from": "unspecified"})


@pytest.mark.parametrize("config", [{"a": [1, None, "ü"]}, '{"a": [1, null, "ü"]}'])
def test_config_may_be_a_value_or_its_text(config: object):
    request = task_service_pb2.SubmitTaskRequest()
    assert read(request, {"task_type": "count", "task_config": config}) == {}
    assert json.loads(request.task_config) == {"a": [1, None, "ü"]}


def test_absent_and_null_are_the_same():
    request = task_service_pb2.SubmitTaskRequest()
    assert read(request, {"task_type": "count", "priority": None, "labels": None, "start_time": None}) == {}
    assert request == task_service_pb2.SubmitTaskRequest(task_type="count")


def test_query_has_flat_names_lists_labels_and_instants():
    request = task_service_pb2.ListTasksRequest()
    given = [
        ("task_type", "a"),
        ("task_type", "b"),
        ("task_status", "failed"),
        ("label", "nas=basement=2"),
        ("submit_time_start", "2026-01-31T08:00:00 08:00"),  # a plus that nobody escaped
        ("has_warnings", "true"),
        ("page_size", "20"),
        ("view", "full"),
    ]
    assert query(request, *given) == {}
    assert list(request.filter.task_types) == ["a", "b"]
    assert list(request.filter.task_states) == [state_pb2.TASK_STATE_FAILED]
    assert dict(request.filter.labels) == {"nas": "basement=2"}
    assert request.filter.submit_time_start.ToJsonString() == "2026-01-31T00:00:00Z"
    assert request.filter.has_warnings
    assert (request.page_size, request.view) == (20, task_pb2.TASK_VIEW_FULL)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("task_status", "done", "must be one of pending, queued"),
        ("page_size", "ten", "must be a whole number; got 'ten'"),
        ("page_size", "١٠", "must be a whole number"),
        ("page_size", "9" * 41, "must be a whole number"),
        ("has_warnings", "yes", "must be true or false; got 'yes'"),
        ("label", "nas", "must be `key=value`; got 'nas'"),
        ("filter.queue", "a", "there is no such parameter"),
        ("task_types", "a", "did you mean 'task_type'?"),
        ("submit_time_start", "yesterday", "must be an instant"),
    ],
)
def test_wrong_parameter_says_what_is_allowed_and_what_came(name: str, text: str, said: str):
    found = query(task_service_pb2.ListTasksRequest(), (name, text))
    assert list(found) == [name]
    assert said in found[name]


def test_parameter_that_is_no_list_comes_once():
    found = query(task_service_pb2.ListTasksRequest(), ("page_size", "1"), ("page_size", "2"))
    assert found == {"page_size": "must be given once; got it more than once"}


def test_label_comes_once():
    """Fails when the last of two values of a label wins, and the list shows what was not asked for."""
    found = query(task_service_pb2.ListTasksRequest(), ("label", "a=1"), ("label", "b=1"), ("label", "a=2"))
    assert found == {"label": "must have each key once; got 'a' more than once"}


def test_named_form_goes_before_a_field_of_that_name():
    """Fails when `task_id=a&task_id=b` of a watch means the one id that a path gives."""
    request = task_service_pb2.WatchTasksRequest()
    assert query(request, ("task_id", "a"), ("task_id", "b")) == {}
    assert (list(request.task_ids), request.task_id) == (["a", "b"], "")


REQUESTS = [
    message
    for file in (task_service_pb2, executor_service_pb2, task_type_service_pb2)
    for message in file.DESCRIPTOR.message_types_by_name.values()
    if message.name.endswith("Request")
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(REQUESTS), st.data())
def test_any_value_is_read_or_refused_by_name(message: Descriptor, data: st.DataObject):
    """Fails when a value of the wrong kind raises, which would be a fault of the gateway."""
    from google.protobuf.message_factory import GetMessageClass

    names = st.sampled_from([field.name for field in message.fields] or ["x"]) | st.text()
    value = data.draw(st.dictionaries(names, VALUES, max_size=4))
    read(GetMessageClass(message)(), value)
    texts = st.lists(st.tuples(st.sampled_from([*parameters(message), "x"]), st.text()), max_size=4)
    query(GetMessageClass(message)(), *data.draw(texts))

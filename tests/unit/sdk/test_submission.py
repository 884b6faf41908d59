"""What callers give a client is refused in words before anything is sent, by each client in the same ones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

import asynctask
from asynctask import Submission, TaskType
from asynctask._client import api
from asynctask._client.watching import Watch
from asynctask.blocking import Client as BlockingClient
from asynctask.errors import ConfigInvalid, InvalidInput, StoreUnavailable
from asynctask_core.ids import id_text, new_id
from tests.unit.sdk.sent_commands import sent

NOWHERE = "127.0.0.1:9"
"""Nothing is sent, so nobody needs to be there."""

LATER = datetime(9000, 1, 1, tzinfo=UTC)
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"labels": {"a": 1}}, "labels['a']: values must be texts (UTF-8); got 1"),
    ({"labels": {"a": "\udcff"}}, "labels['a']: values must be texts (UTF-8); got '\\udcff'"),
    ({"labels": {1: "a"}}, "labels[1]: keys must be texts (UTF-8); got 1"),
    ({"labels": ["a=b"]}, "labels: must be a mapping of texts to texts; got ['a=b']"),
    ({"priority": "1"}, "priority: must be a whole number from 1 (first) to 5 (last); got '1'"),
    ({"priority": 1.5}, "priority: must be a whole number from 1 (first) to 5 (last); got 1.5"),
    ({"priority": True}, "priority: must be a whole number from 1 (first) to 5 (last); got True"),
    ({"priority": 2**31}, "priority: must be a whole number from 1 (first) to 5 (last); got 2147483648"),
    ({"queue": 5}, "queue: must be a text (UTF-8); got 5"),
    ({"queue": "\udcff"}, "queue: must be a text (UTF-8); got '\\udcff'"),
    ({"request_id": b"x"}, "request_id: must be a text (UTF-8); got b'x'"),
    (
        {"delay": [1]},
        "delay: must be seconds or a text such as 15s or 1h30m (units: ms, s, m, h, d), at most 3660d; got [1]",
    ),
    ({"delay": float("inf")}, "delay: must be at most 3660d; got inf"),
    ({"delay": "5000d"}, "delay: must be at most 3660d; got '5000d'"),
    ({"delay": 1, "start_time": LATER}, "start_time: cannot be given together with delay"),
    ({"start_time": "tomorrow"}, "start_time: must be an aware datetime; got 'tomorrow'"),
    ({"task_type": 5}, "task_type: must be a text (UTF-8); got 5"),
    ({"task_type": None}, "task_type: must be a TaskType or the name of one; got None"),
    *(
        ({field: text}, f"{field}: must not be empty; got {text!r}: give a value, or leave it out")
        for field in ("request_id", "queue")
        for text in ("", "  ")
    ),
    (
        {"queue": "x" * 100, "labels": "y" * 100},
        f"labels: must be a mapping of texts to texts; got '{'y' * 79}…",
    ),
    (
        {"queue": 5, "priority": "1", "labels": {"a": 1}, "delay": "soon"},
        "queue: must be a text (UTF-8); got 5\nlabels['a']: values must be texts (UTF-8); got 1\n"
        "priority: must be a whole number from 1 (first) to 5 (last); got '1'\n"
        "delay: must be seconds or a text such as 15s or 1h30m (units: ms, s, m, h, d), at most 3660d; got 'soon'",
    ),
]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
async def test_a_submission_of_the_wrong_types_names_each_field_and_what_came(wrong, message):
    """Fails when protobuf refuses it: that says neither which field nor what is allowed."""
    given = {"task_type": "backup"} | wrong
    async with asynctask.Client(NOWHERE) as client:
        with pytest.raises(InvalidInput) as caught:
            await client.submit(**given)
        assert str(caught.value) == message
        refusals = await client.submit_many([Submission(**given)])
        assert [str(refusal) for refusal in refusals] == [message]


@pytest.mark.parametrize(("wrong", "message"), WRONG)
def test_the_blocking_client_refuses_the_same_in_the_same_words(wrong, message):
    given = {"task_type": "backup"} | wrong
    with BlockingClient(NOWHERE) as client:
        with pytest.raises(InvalidInput) as caught:
            client.submit(**given)
        assert str(caught.value) == message
        refusals = client.submit_many([Submission(**given)])
        assert [str(refusal) for refusal in refusals] == [message]


NO_BYTES = "must be JSON, which has no bytes: give a text, or annotate what takes them as bytes"


@pytest.mark.parametrize(
    ("config", "field", "said"),
    [
        ({"folder": b"/photos"}, "task_config.folder", f"{NO_BYTES}; got b'/photos'"),
        (
            {"folders": [{"names": {"a"}}]},
            "task_config.folders[0].names",
            "must be JSON, which has no sets: give a list, or annotate what takes it as a set; got {'a'}",
        ),
        (
            {"a: b": [10**5000]},
            "task_config.a: b[0]",
            "must be a number of at most 4,300 digits; got one of 5,001",
        ),
    ],
)
async def test_config_with_what_json_does_not_have_is_refused_with_its_path(
    config: Any, field: str, said: str
):
    """Fails when a handler gets another text or a list where its caller gave bytes or a set."""
    async with asynctask.Client(NOWHERE) as client:
        with pytest.raises(ConfigInvalid) as caught:
            await client.submit("backup", config)
        with pytest.raises(ConfigInvalid):
            await client.submit(TaskType("backup"), config)
    assert [(one.field, one.description) for one in caught.value.violations] == [(field, said)]


def test_what_fits_is_written_as_it_is():
    """Fails when a check refuses or changes what is right."""
    when = datetime(2026, 1, 2, tzinfo=UTC)
    request = Submission(
        TaskType("backup"),
        priority=2,
        queue="night",
        start_time=when,
        labels={"team": "übung", "": ""},
        request_id="once",
    ).to_request()
    assert (request.task_type, request.priority, request.queue) == ("backup", 2, "night")
    assert (dict(request.labels), request.request_id) == ({"team": "übung", "": ""}, "once")
    assert request.start_time.ToDatetime(UTC) == when
    assert not Submission("backup").to_request().HasField("priority")


def test_a_change_and_a_filter_refuse_wrong_labels_and_priorities_too():
    wrong: Any = {"labels": {"a": 1}}
    with pytest.raises(InvalidInput, match=r"labels\['a'\]: values must be texts \(UTF-8\); got 1"):
        api.task_filter(**wrong)
    with pytest.raises(InvalidInput) as caught:
        sent("update", "id", priority="1", **wrong)
    assert [violation.field for violation in caught.value.violations] == ["priority", "labels['a']"]


FLAG = "must be True or False; got 'no'"
ODD: list[tuple[Callable[[BlockingClient], object], str]] = [
    (
        lambda client: client.register_task_type(wrong("backup")),
        "task_type: must be an asynctask.TaskType; got 'backup'",
    ),
    (lambda client: client.submit_many(wrong("backup")), "submissions: must be a list; got 'backup'"),
    (
        lambda client: client.submit_many(wrong([Submission("backup"), "backup", None])),
        "submissions[1]: must be an asynctask.Submission; got 'backup'\n"
        "submissions[2]: must be an asynctask.Submission; got None",
    ),
    (lambda client: client.delete("id", force=wrong("no")), f"force: {FLAG}"),
    (lambda client: client.restart("id", from_checkpoint=wrong("no")), f"from_checkpoint: {FLAG}"),
    (lambda client: client.list_page(full=wrong("no")), f"full: {FLAG}"),
    (lambda client: next(iter(client.watch("id", full=wrong("no")))), f"full: {FLAG}"),
    (
        lambda client: next(iter(client.list(limit=wrong("5")))),
        "limit: must be a whole number from 0 to 9007199254740991; got '5'",
    ),
    (lambda client: client.wait(""), "task_id: must be a UUID such as 0192f0c1-…; got ''"),
    (lambda client: client.wait(wrong(None)), "task_id: must be a text; got None"),
    (
        lambda client: next(client.wait_many([StoreUnavailable("full"), wrong(None)])),
        "task_ids[1]: must be a text; got None",
    ),
]


EMPTY: list[tuple[str, Callable[[str], object]]] = [
    ("queue", lambda text: next(iter(BlockingClient(NOWHERE).list(queue=text)))),
    ("queue", lambda text: BlockingClient(NOWHERE).list_page(queue=text)),
    ("queue", lambda text: next(iter(BlockingClient(NOWHERE).watch(queue=text)))),
    ("stage", lambda text: next(iter(BlockingClient(NOWHERE).logs("id", stage=text)))),
    ("stage", lambda text: next(iter(BlockingClient(NOWHERE).tail("id", stage=text)))),
    ("manifest", lambda text: next(iter(BlockingClient(NOWHERE).manifest_items("id", manifest=text)))),
    ("address", BlockingClient),
    ("address", asynctask.Client),
    ("address", lambda text: asynctask.Executor([served()], address=text)),
    ("name", lambda text: asynctask.Executor([served()], name=text)),
]


def served() -> TaskType:
    kind = TaskType("backup")
    kind.stage(name="copy")(lambda ctx: None)
    return kind


@pytest.mark.parametrize(("field", "call"), EMPTY)
@pytest.mark.parametrize("text", ["", "  "])
def test_text_that_names_nothing_is_refused(field: str, call: Callable[[str], object], text: str):
    """Fails when `list(queue=os.environ.get("QUEUE", ""))` lists everything. Only None means that it is left out."""
    with pytest.raises(InvalidInput) as caught:
        call(text)
    assert str(caught.value) == f"{field}: must not be empty; got {text!r}: give a value, or leave it out"


async def test_text_that_names_nothing_is_refused_by_the_async_client_too():
    async with asynctask.Client(NOWHERE) as client:
        for field, called in (
            ("queue", lambda: client.list(queue="")),
            ("queue", lambda: client.watch(queue="")),
            ("stage", lambda: client.logs("id", stage="")),
            ("stage", lambda: client.tail("id", stage="")),
            ("manifest", lambda: client.manifest_items("id", manifest="")),
        ):
            with pytest.raises(InvalidInput, match=f"^{field}: must not be empty; got ''"):
                await anext(aiter(called()))


def test_queue_of_a_type_that_names_none_is_refused():
    with pytest.raises(InvalidInput, match=r"task_type\.queue: is required"):
        TaskType("backup", queue="")


def test_no_config_is_an_empty_one_and_none_is_null():
    """Fails when `null` is dropped in silence, or is told as a field that is missing in an object."""
    assert Submission("backup").to_request().task_config == "{}"
    assert Submission("backup", None).to_request().task_config == "null"
    assert Submission(TaskType("backup", config=int | None), None).to_request().task_config == "null"
    with pytest.raises(ConfigInvalid, match=r"task_config: must be a Folder; got None"):
        Submission(TaskType("backup", config=Folder), None).to_request()


@dataclass
class Folder:
    path: str


def wrong(value: object) -> Any:
    return value


@pytest.mark.parametrize(("call", "message"), ODD)
def test_what_is_of_the_wrong_type_fails_at_once_by_name(
    call: Callable[[BlockingClient], object], message: str
) -> None:
    """Fails when it is taken for something else, such as "no" for True, or refused without a name."""
    with BlockingClient(NOWHERE) as client, pytest.raises(InvalidInput) as caught:
        call(client)
    assert str(caught.value) == message


MADE: list[tuple[Callable[[], object], str]] = [
    (lambda: BlockingClient(wrong(7600)), "address: must be a text (UTF-8); got 7600"),
    (
        lambda: asynctask.Client(wrong(["127.0.0.1:7600"])),
        "address: must be a text (UTF-8); got ['127.0.0.1:7600']",
    ),
    (lambda: BlockingClient(NOWHERE, tls=wrong(True)), "tls: must be asynctask.Tls(…); got True"),
    (
        lambda: asynctask.Tls(authorities=wrong(5), certificate="a.pem"),
        "tls.authorities: must be the path of a PEM file; got 5\ntls: certificate and key belong together",
    ),
    (
        lambda: BlockingClient(NOWHERE, tls=asynctask.Tls(authorities="\0")),
        "tls.authorities: must be a PEM file that can be read (ASYNCTASK_TLS_AUTHORITIES); '\\x00': ",
    ),
    (
        lambda: asynctask.Executor(wrong(TaskType("backup"))),
        "task_types: must be a list; got TaskType('backup', stages=[])",
    ),
    (
        lambda: TaskType("backup").stage(process=wrong("no"))(lambda ctx: None),
        "backup.stage.process: must be True or False; got 'no'",
    ),
]


@pytest.mark.parametrize(("make", "message"), MADE)
def test_what_is_made_of_the_wrong_type_fails_by_name(make: Callable[[], object], message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make()
    assert str(caught.value).startswith(message)


def test_function_for_outages_that_is_none_is_refused_before_there_is_an_outage() -> None:
    with pytest.raises(InvalidInput, match="on_outage: must be a function; got 5"):
        Watch([], None, api.view_of(full=False), wrong(5))


def test_reason_of_a_class_of_its_own_is_sent_as_the_text_that_it_is() -> None:
    """Fails when code of that class runs, and raises, where it is sent."""

    class Text(str):
        def encode(self, *arguments: Any) -> bytes:  # pyright: ignore[reportIncompatibleMethodOverride]
            raise ZeroDivisionError

    assert sent("cancel", "id", Text("why")).reason == "why"


def test_update_of_nothing_is_refused_in_the_callers_words():
    """Fails when the message names `update_mask`, which no argument of a client is called."""
    with pytest.raises(InvalidInput, match=r"^priority: must be given, or labels, or both; got neither$"):
        sent("update", id_text(new_id()))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"request_id": " "}, "request_id: must not be empty; got ' ': give a value, or leave it out"),
        ({"request_id": 5}, "request_id: must be a text (UTF-8); got 5"),
        (
            {"expected_version": 0},
            "expected_version: must be a whole number from 1 to 9007199254740991; got 0",
        ),
        (
            {"expected_version": "7"},
            "expected_version: must be a whole number from 1 to 9007199254740991; got '7'",
        ),
        (
            {"expected_version": True},
            "expected_version: must be a whole number from 1 to 9007199254740991; got True",
        ),
    ],
)
@pytest.mark.parametrize("command", ["pause", "resume", "cancel", "restart", "delete", "update"])
def test_options_of_every_command_are_refused_by_name(command: str, options: dict[str, Any], said: str):
    labels: dict[str, Any] = {"labels": {}} if command == "update" else {}
    with pytest.raises(InvalidInput, match=f"^{re.escape(said)}$"):
        sent(command, "id", **labels, **options)


def test_each_command_has_a_request_id_of_its_own():
    first, second = sent("pause", "id").request_id, sent("pause", "id").request_id
    assert first
    assert second
    assert first != second


def test_type_that_a_filter_cannot_name_is_refused_in_the_callers_words():
    """Fails when it is left to the scheduler, which calls it `filter.task_types[1]`."""
    with pytest.raises(InvalidInput, match=r"^task_types\[1\]: must be up to 128 letters.*; got 'no type'$"):
        api.task_filter(["backup", "no type"])


def test_negative_timeouts_are_refused_by_the_blocking_client():
    """Fails when `wait(timeout=-1)` says that the task has not ended within -1 s, or a submit is given up unsent."""
    with BlockingClient(NOWHERE) as client:
        for call in (
            lambda: client.wait("id", timeout=-1),
            lambda: client.submit("t", timeout=-1),
            lambda: client.submit_many([Submission("t")], timeout=-1),
        ):
            with pytest.raises(InvalidInput, match=r"^timeout: must be at least 0 seconds; got -1$"):
                call()


async def test_negative_timeouts_are_refused_by_the_async_client():
    async with asynctask.Client(NOWHERE) as client:
        for call in (
            client.wait("id", timeout=-1),
            client.submit("t", timeout=-1),
            client.submit_many([Submission("t")], timeout=-1),
        ):
            with pytest.raises(InvalidInput, match=r"^timeout: must be at least 0 seconds; got -1$"):
                await call

r"""Names that are no UTF-8 are told in one way, `name\xe9`; in JSON they have the escape of JSON."""

import json
import os
from base64 import b64decode
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from asynctask import ItemInfo
from asynctask._client.info_wire import task_of
from asynctask._handler.items import ManifestCounts
from asynctask_core.printable import one_line
from asynctask_core.states import ItemState
from asynctask_core.wire import escape_nul
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_standalone.cli import items as items_command
from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.show import task_panel
from asynctask_standalone.cli.submit import parsed_config
from asynctask_standalone.cli.wording import readable

KEY = b"name\xe9"
SHOWN = "name\\xe9"


@pytest.mark.parametrize(
    "tell", [readable, lambda key: one_line(os.fsdecode(key)), lambda key: escape_nul(os.fsdecode(key))]
)
def test_key_of_an_item_and_a_text_that_names_it_are_shown_alike(tell):
    r"""Fails when `items` says `name\xe9`, and a warning, an error or a log line of the same file `name\udce9`."""
    assert tell(KEY) == SHOWN


def the_items(monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    items = [
        ItemInfo(0, KEY, 1, ItemState.TODO, "", None),
        ItemInfo(1, "é\u202e".encode(), 1, ItemState.TODO, "", None),
    ]
    connected = SimpleNamespace(
        manifest_items=lambda *_, **__: iter(items), manifest_counts=lambda _: {"items": ManifestCounts()}
    )
    monkeypatch.setattr(items_command, "client", lambda *_, **__: nullcontext(connected))
    return CliRunner().invoke(app, ["items", "some-id", *options]).output


def test_items_show_such_a_key_and_programs_get_its_bytes(monkeypatch: pytest.MonkeyPatch):
    assert the_items(monkeypatch).splitlines()[1].startswith(SHOWN)
    first, second = map(json.loads, the_items(monkeypatch, "--json").splitlines())
    assert (first["key"], b64decode(first["key_base64"])) == (KEY.decode("utf-8", "replace"), KEY)
    assert second["key"] == "é\u202e"
    assert "key_base64" not in second


def test_config_is_shown_as_it_can_be_submitted_again():
    """Fails when the config that `get` shows is no JSON, or names another file."""
    config = {"folder": f"/{os.fsdecode(KEY)}\u202e\x7f"}
    task = task_pb2.Task(task_id="t", task_status=state_pb2.TASK_STATE_QUEUED, task_config=json.dumps(config))
    console = Console(width=100)
    with console.capture() as captured:
        console.print(task_panel(task_of(task)))
    lines = [line.strip("│ \n") for line in captured.get().splitlines()]
    shown = "".join(lines[lines.index("config") + 1 :]).partition("╰")[0]
    assert shown.isprintable()
    assert parsed_config(shown) == config

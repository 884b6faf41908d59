"""A task's title in the command line: beside its id, whole where it fits, without its middle where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from asynctask import TaskInfo
from asynctask._client.info_wire import task_of
from asynctask_core.task_title import TITLE_LABEL
from asynctask_protos.task.v1 import state_pb2, task_pb2
from asynctask_standalone.cli import output
from asynctask_standalone.cli.completion import _about
from asynctask_standalone.cli.live import PlainScreen, task_view
from asynctask_standalone.cli.shortening import title_cut
from asynctask_standalone.cli.show import task_panel

TASK_ID = "01900000-0000-7000-8000-000000000001"
TITLE = "/mnt/photos → /mnt/backup/photos"
LONG = f"/volume1/{'family/' * 20}photos → /mnt/{'backup/' * 12}photos"


def a_task(title: str = TITLE, **labels: str) -> TaskInfo:
    return task_of(a_message(title, **labels))


def a_message(title: str = TITLE, **labels: str) -> task_pb2.Task:
    return task_pb2.Task(
        task_id=TASK_ID,
        task_type="backup_file",
        task_status=state_pb2.TASK_STATE_QUEUED,
        labels={TITLE_LABEL: title, **labels},
    )


def lines_of(what: RenderableType, width: int, **fields: Any) -> list[str]:
    console = Console(width=width, force_terminal=False, **fields)
    with console.capture() as capture:
        console.print(what)
    return [line.rstrip() for line in capture.get().splitlines()]


def a_list(*titles: str, columns: int = 3) -> Any:
    rows = [
        (f"{TASK_ID[:-1]}{number}", "backup_file", "● running")[:columns] for number in range(len(titles))
    ]
    heads = ("TASK", "TYPE", "STATUS")[:columns]
    return output.table(*heads, rows=rows, below=titles, empty="")


@pytest.mark.parametrize("width", [70, 80, 100])
def test_list_has_each_title_on_a_line_below_its_row(width: int):
    """Fails when six backups in a list of 80 columns look alike."""
    lines = lines_of(a_list(TITLE, "", LONG), width)
    assert lines[0].split() == ["TASK", "TYPE", "STATUS"]
    first, title, second, third, long_title = lines[2:]
    assert (first[:36], title) == (f"{TASK_ID[:-1]}0", f"  {TITLE}")
    assert (second[:36], third[:36]) == (f"{TASK_ID[:-1]}1", f"{TASK_ID[:-1]}2")
    assert cell_len(long_title) <= width
    assert long_title.startswith("  /volume1/family/")
    source, target = long_title.split(" → ")
    assert source.endswith("family/photos")
    assert target.startswith("/mnt/backup/")
    assert target.endswith("backup/photos")
    assert source.count("…") == target.count("…") == 1
    assert [line.index("backup_file") for line in (first, second, third)] == [lines[0].index("TYPE")] * 3


def test_side_of_an_arrow_that_is_short_leaves_its_room_to_the_other():
    source = f"/volume1/{'x' * 100}/photos"
    made = title_cut(f"{source} → /usb", 50)
    assert cell_len(made) <= 50
    assert made.startswith("/volume1/xx")
    assert made.endswith("xx/photos → /usb")
    assert title_cut("/a → /b", 20) == "/a → /b"
    assert cell_len(title_cut(f"{source} → {source}", 20)) == 20  # no room for two sides
    assert title_cut("x" * 100, 9) == "xxxx…xxxx"


def test_list_without_titles_is_the_table_that_it_was():
    assert lines_of(a_list("", ""), 80) == lines_of(
        output.table(
            "TASK",
            "TYPE",
            "STATUS",
            rows=[(f"{TASK_ID[:-1]}{n}", "backup_file", "● running") for n in (0, 1)],
            empty="",
        ),
        80,
    )


def test_list_of_paragraphs_has_the_titles_too():
    assert f"{TITLE}" in " ".join(lines_of(a_list(TITLE), 44))


def test_get_has_the_title_first_and_not_once_more_among_the_labels():
    lines = lines_of(task_panel(a_task(album="summer")), 100)
    titled = [line for line in lines if TITLE in line]
    assert len(titled) == 1
    assert titled[0].split()[1] == "title"
    assert lines.index(titled[0]) < next(at for at, line in enumerate(lines) if "status" in line)
    (labels,) = [line for line in lines if "labels" in line]
    assert "album=summer" in labels
    assert "labels" not in "".join(lines_of(task_panel(a_task()), 100))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_watch_has_the_title_on_a_line_that_is_never_wrapped(width: int):
    lines = lines_of(task_view(a_task(LONG)), width)
    (titled,) = [line for line in lines if "/volume1" in line]
    assert titled.startswith("  /volume1")
    assert "photos → /mnt/b" in titled
    assert titled.endswith("photos")
    assert cell_len(titled) <= width


def test_watch_into_a_file_names_the_title_once_for_each_task():
    console = Console(width=500, force_terminal=False)
    screen = PlainScreen(console)
    other = a_message()
    other.task_status = state_pb2.TASK_STATE_RUNNING
    with console.capture() as capture:
        screen.show(a_task())
        screen.show(task_of(other))
    first, second = capture.get().splitlines()
    assert first.endswith(TITLE)
    assert TITLE not in second


def test_title_of_somebody_else_cannot_write_to_the_terminal():
    odd = "a\x1b[31m\nb\u202ec"
    for what in (task_view(a_task(odd)), task_panel(a_task(odd)), a_list(odd)):
        whole = "\n".join(lines_of(what, 100))
        assert "a\\x1b[31m\\nb\\u202ec" in whole
        assert "\x1b" not in whole


def test_completion_names_the_title_beside_the_id():
    assert _about(a_message()) == f"backup_file queued {TITLE}"

"""What one reader of a shared watch gets."""

import json
from typing import Any

from asynctask_core.errors import Unreachable
from asynctask_gateway.live import reader as reader_module
from asynctask_gateway.live.reader import EncodedTask, EventReader

AWAY = Unreachable("the scheduler did not answer")


def task(task_id: str, version: int) -> EncodedTask:
    return EncodedTask(task_id, version, json.dumps({"task_id": task_id, "version": version}).encode())


def taken(reader: EventReader) -> dict[str, Any]:
    text = reader.take().decode()
    lines = dict(line.split(": ", 1) for line in text.strip().splitlines())
    return {**json.loads(lines["data"]), "id": lines.get("id", "")}


def test_only_the_latest_state_of_a_task_is_kept_and_the_latest_token():
    reader = EventReader()
    reader.put([task("a", 1), task("b", 1)], "t1", caught_up=False)
    reader.put([task("a", 2)], "t2", caught_up=False)
    found = taken(reader)
    assert [(one["task_id"], one["version"]) for one in found["tasks"]] == [("a", 2), ("b", 1)]
    assert found["id"] == found["resume_token"] == "t2"
    assert reader.take() == b""


def test_progress_without_a_new_version_is_sent():
    reader = EventReader()
    reader.put([task("a", 2)], "", caught_up=False)
    reader.take()
    reader.put([task("a", 2)], "", caught_up=False)
    assert len(taken(reader)["tasks"]) == 1


def test_shared_watch_that_is_behind_what_the_reader_caught_up_with_never_takes_it_back():
    """Fails when a task that was told as completed is told as running again."""
    reader = EventReader()
    reader.put([task("a", 5)], "t", caught_up=False)
    reader.already_sent([task("a", 7), task("b", 3)])
    reader.put([task("a", 6)], "", caught_up=False)
    assert taken(reader)["tasks"] == []
    reader.put([task("a", 8), task("b", 3)], "", caught_up=False)
    assert [one["version"] for one in taken(reader)["tasks"]] == [8, 3]
    reader.put([task("a", 8)], "", caught_up=False)
    assert len(taken(reader)["tasks"]) == 1


def test_state_that_comes_at_once_is_never_too_much(monkeypatch: Any):
    """Fails when a reader of many large tasks is told to come again for ever: their state is as large each time."""
    monkeypatch.setattr(reader_module, "MOST_BYTES", 200)
    reader = EventReader()
    reader.put([task(f"task-{number}", 1) for number in range(10)], "t", caught_up=True)
    assert not reader.is_slow
    assert len(taken(reader)["tasks"]) == 10


def test_reader_with_too_much_to_get_is_slow_but_states_of_one_task_are_counted_once(monkeypatch: Any):
    monkeypatch.setattr(reader_module, "MOST_BYTES", 200)
    reader = EventReader()
    for version in range(100):
        reader.put([task("a", version)], "", caught_up=False)
    assert not reader.is_slow
    reader.put([task(f"task-{number}", 1) for number in range(10)], "", caught_up=False)
    assert reader.is_slow


def test_who_caught_up_elsewhere_is_told_so_once_and_again_after_an_interruption():
    reader = EventReader()
    reader.already_sent([task("a", 1)], caught_up=True)
    reader.put([task("b", 1)], "t1", caught_up=True)
    assert taken(reader)["caught_up"] is False
    reader.interrupt(AWAY)
    reader.take()
    reader.put([task("b", 1)], "t1", caught_up=True)
    assert taken(reader)["caught_up"] is True


async def test_nothing_is_kept_for_a_slow_reader(monkeypatch: Any):
    """Fails when the buffer of a reader whose event is still being sent goes on growing."""
    monkeypatch.setattr(reader_module, "MOST_BYTES", 200)
    reader = EventReader()
    for number in range(100):
        reader.put([task(f"task-{number}", 1)], "token", caught_up=False)
    await reader.wait()
    assert reader.is_slow
    assert not reader._tasks


def test_what_a_reader_caught_up_with_is_forgotten_once_the_shared_watch_has_come_as_far():
    """Fails when every task that a reader caught up with is remembered as long as its stream is open."""
    now = 0.0
    reader = EventReader(clock=lambda: now)
    reader.already_sent([task("a", 7), task("b", 3)])
    reader.put([task("a", 6)], "", caught_up=False)
    assert reader.take() == b""
    now = reader_module.FORGET_S + 1
    reader.put([task("c", 1)], "", caught_up=False)
    assert not reader._sent


def test_reader_is_told_of_an_outage_once_however_often_the_watch_is_opened_in_vain():
    reader = EventReader()
    told = []
    for _ in range(3):
        reader.interrupt(AWAY)
        told.append(reader.take())
    assert told[0].startswith(b"event: interrupted\ndata: {")
    assert b'"reason":"UNREACHABLE"' in told[0].replace(b" ", b"")
    assert told[1:] == [b"", b""]
    reader.put([task("a", 1)], "t1", caught_up=True)
    reader.take()
    reader.interrupt(AWAY)
    assert reader.take() == told[0], "the next outage is another one"

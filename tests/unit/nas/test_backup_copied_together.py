"""Small files that are copied together: what fails is told of each that it is about, and nothing waits for ever."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask_core.errors import DestinationUnusable
from asynctask_core.ids import id_text, new_id
from asynctask_nas import leftovers
from asynctask_nas.changes import Action, Change
from asynctask_nas.copy import PartialCopy
from asynctask_nas.crew import Beside, Crew
from asynctask_nas.destination import Destination
from asynctask_nas.entries import Skipped
from asynctask_nas.holds import Holds
from asynctask_nas.pace import Pace
from asynctask_nas.perform import Performer
from asynctask_nas.small_copies import SmallCopies
from asynctask_nas.tally import Tally
from asynctask_nas.throttle import Throttle
from asynctask_nas.transfer import Job, Transfer

ABOUT: ContextVar[str] = ContextVar("about", default="nothing")


@pytest.fixture
def said() -> list[str]:
    """Of which task it was known, when a line was logged."""
    return []


@pytest.fixture
def target(destination: Path) -> Iterator[Destination]:
    destination.mkdir(exist_ok=True)
    target = Destination(os.fsencode(destination), id_text(new_id()), Holds(), mounted=[b"mounted"])
    yield target
    target.close()


@pytest.fixture
def work(source: Path, target: Destination, said: list[str]) -> Iterator[Transfer]:
    log = SimpleNamespace(warning=lambda *_: said.append(ABOUT.get()))
    ctx: Any = SimpleNamespace(cancelled=False, should_stop=False, task_id=id_text(new_id()), log=log)
    ABOUT.set("the task")
    work = Transfer(ctx, Performer(os.fsencode(source), target, Pace(Throttle(None))), Tally(2, 2))
    yield work
    work._copies.close()


def jobs_of(source: Path, *paths: str) -> list[Job]:
    jobs: list[Job] = []
    for path in paths:
        (source / path).parent.mkdir(exist_ok=True)
        (source / path).write_text("content")
        key = os.fsencode(path)
        item: Any = SimpleNamespace(position=len(jobs), key=key, size=7)
        change = Change(key, Action.COPY, 7, mtime_ns=(source / path).stat().st_mtime_ns)
        jobs.append(Job(item, change, PartialCopy(key)))
    return jobs


def make(work: Transfer, jobs: list[Job]) -> None:
    left = jobs
    while left:
        _, left = work._perform(left, Beside())


IN_THE_WAY: dict[str, tuple[Callable[[Path], object], type[Exception], str]] = {
    "mounted": (lambda _: None, Skipped, "something is mounted in it"),
    "folder": (
        lambda destination: (destination / ".asynctask-removed").touch(),
        DestinationUnusable,
        "asynctask-removed' is a file",
    ),
}


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_what_may_not_give_way_to_a_folder_is_told_of_the_files_in_it_and_of_no_others(
    name: str, source: Path, destination: Path, work: Transfer
) -> None:
    """Fails when the files of a group never come to an end, so that a backup cannot even be cancelled."""
    prepare, kind, text = IN_THE_WAY[name]
    prepare(destination)
    (destination / name).touch()
    jobs = jobs_of(source, f"{name}/file", "other/file")
    make(work, jobs)
    assert isinstance(jobs[0].error, kind)
    assert text in str(jobs[0].error)
    assert jobs[1].error is None
    assert (destination / "other/file").read_text() == "content"


def test_every_file_of_a_group_comes_to_an_end_whatever_happens(
    source: Path, work: Transfer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy(*_: object) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr(SmallCopies, "copy", copy)
    jobs = jobs_of(source, "one", "two")
    make(work, jobs)
    assert [str(job.error) for job in jobs] == ["no more", "no more"]


def test_what_is_said_of_a_process_on_any_thread_is_said_in_the_log_of_the_task(
    work: Transfer, said: list[str]
) -> None:
    other = threading.Thread(target=work._copies._warn, args=("it ended",))
    other.start()
    other.join()
    assert said == ["the task"]


def test_a_task_that_is_at_work_for_days_keeps_its_unfinished_files(
    work: Transfer, target: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when the nightly run of another task takes it for one that was not heard of for two days."""
    task, other = work._ctx.task_id, id_text(new_id())
    leftovers.begin(target.tree, task)
    (note,) = leftovers.kept_for(target.tree, other)
    path = os.fsdecode(target.tree.full(b".asynctask-backup/tasks/" + note))
    days_ago = time.time() - 72 * 3600
    os.utime(path, (days_ago, days_ago))
    monkeypatch.setattr(leftovers, "_RENEW_S", 0)
    work._remembered_at = -1e9
    work._remember()
    assert leftovers.kept_for(target.tree, other) == {note}


def test_a_stop_with_files_of_several_folders_gathered_comes_to_its_end(work: Transfer, source: Path) -> None:
    """Fails when a pause, a cancel or a failure waits for ever for files that no thread was given."""
    jobs = jobs_of(source, "a/1", "b/1", "c/1")
    stopped: list[Job] = []
    with ThreadPoolExecutor(2) as pool:
        work._crew = Crew(pool, 2, 100, work._perform)
        for job in jobs:
            work._start(job)
        halt = threading.Thread(target=lambda: stopped.extend(work._halt()), daemon=True)
        halt.start()
        halt.join(20)
    assert sorted(job.item.position for job in stopped) == [0, 1, 2]

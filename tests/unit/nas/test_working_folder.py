"""A thread with a working directory of its own: nothing of it is seen elsewhere, nothing outlives it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path

import pytest

from asynctask_nas import working_folder
from asynctask_nas.working_folder import WorkingFolder, with_working_folder

Enter = Callable[[WorkingFolder], None]


@pytest.fixture
def enter(tmp_path: Path) -> Enter:
    """Makes a temporary folder the working directory."""

    def enter(working: WorkingFolder) -> None:
        descriptor = os.open(tmp_path, getattr(os, "O_PATH", os.O_RDONLY))
        try:
            working.enter(descriptor)
        finally:
            os.close(descriptor)

    return enter


def test_working_directory_of_a_thread_is_its_own(tmp_path: Path, enter: Enter) -> None:
    """Fails when threads that were there before are moved, too. (Those that it starts itself begin where it is.)"""
    (tmp_path / "file").touch()
    before, umask = os.getcwd(), _umask()
    seen: list[tuple[str, int]] = []
    entered, looked = threading.Event(), threading.Event()

    def look() -> None:
        entered.wait()
        if looked.is_set():
            return
        # Not /proc/self, which is the main thread, whoever asks.
        seen.append((os.readlink("/proc/thread-self/cwd"), _umask()))
        looked.set()

    other = threading.Thread(target=look, daemon=True)
    other.start()

    def body(working: WorkingFolder | None) -> bool:
        if working is None:
            return False
        enter(working)
        os.umask(0o777)
        assert os.listdir() == ["file"]
        assert os.readlink("/proc/thread-self/cwd") == str(tmp_path)
        entered.set()
        return looked.wait(60)

    has_own = with_working_folder(body)
    looked.set()
    entered.set()
    other.join()
    if not has_own:
        pytest.skip("this system gives threads no working directory of their own")
    assert seen == [(before, umask)]
    assert (os.getcwd(), _umask()) == (before, umask)


def _umask() -> int:
    os.umask(found := os.umask(0o077))
    return found


def test_thread_goes_without_one_where_the_system_refuses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_folder, "_unshare", lambda flags: -1)
    assert with_working_folder(lambda working: working) is None
    monkeypatch.setattr(working_folder, "_unshare", None)
    assert with_working_folder(lambda working: (working, threading.current_thread())) == (
        None,
        threading.current_thread(),
    )


def test_no_other_thread_is_moved(enter: Enter) -> None:
    before = os.getcwd()
    ended = with_working_folder(lambda working: working)
    if ended is None:
        pytest.skip("this system gives threads no working directory of their own")

    def body(working: WorkingFolder | None) -> None:
        assert working is not None
        other = threading.Thread(target=refused, args=(working,))
        other.start()
        other.join()
        refused(ended)

    def refused(working: WorkingFolder) -> None:
        with pytest.raises(RuntimeError, match="shares its working directory"):
            enter(working)
        refusals.append(working)

    refusals: list[WorkingFolder] = []
    with_working_folder(body)
    refused(ended)
    assert len(refusals) == 3
    assert os.getcwd() == before


def test_thread_that_gets_the_number_of_an_ended_one_is_not_moved(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working_folder, "get_ident", lambda: 7)
    ended = with_working_folder(lambda working: working)
    if ended is None:
        pytest.skip("this system gives threads no working directory of their own")
    before = os.getcwd()
    with pytest.raises(RuntimeError, match="shares its working directory"):
        enter(ended)
    assert os.getcwd() == before


def test_whatever_a_thread_raises_is_raised_to_its_caller() -> None:
    class Stop(BaseException):
        pass

    def body(working: WorkingFolder | None) -> None:
        raise Stop("now")

    with pytest.raises(Stop, match="now"):
        with_working_folder(body)


def test_context_of_the_caller_is_there() -> None:
    about = ContextVar("about", default="nothing")
    about.set("an item")
    assert with_working_folder(lambda _: (about.get(), threading.current_thread().name)) == (
        "an item",
        threading.current_thread().name,
    )

"""Code that never comes to an end leaves no thread behind, and what ends its thread is seen by nobody."""

import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from asynctask._handler import time_limit
from asynctask._handler.description import describe
from asynctask._handler.time_limit import GivenUp, LimitedThread, run_limited


def left() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("asynctask-")]


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What Python says of exceptions that came out where nobody takes them."""
    seen: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    monkeypatch.setattr(threading, "excepthook", seen.append)
    return seen


class Endless(Exception):
    def __str__(self) -> str:  # noqa: PLE0307
        while True:
            pass


def test_thread_that_reads_an_endless_exception_ends(
    monkeypatch: pytest.MonkeyPatch, seen: list[Any]
) -> None:
    monkeypatch.setattr("asynctask._handler.description.READ_S", 0.02)
    found = describe(Endless())
    assert "it did not come within 0.02 s" in found.message
    assert left() == []
    assert seen == []


def test_code_that_catches_what_ends_it_is_ended_again(seen: list[Any]) -> None:
    caught: list[BaseException] = []

    def body() -> None:
        while len(caught) < 3:
            try:
                while True:
                    pass
            except BaseException as error:  # noqa: BLE001 - that is the case
                caught.append(error)
        while True:
            pass

    run_limited("stubborn", body, 0.01)
    assert len(caught) == 3
    assert {type(error) for error in caught} == {GivenUp}
    assert left() == []
    assert seen == []


def test_thread_that_ends_while_it_is_given_up_says_nothing(seen: list[Any]) -> None:
    """Fails when a thread is thrown at that is through with its work, so that Python's own code meets the exception."""
    for turn in range(60):
        end = time.monotonic() + 0.001 + turn % 10 * 0.0002

        def body(end: float = end) -> None:
            while time.monotonic() < end:
                pass

        run_limited("racing", body, 0.001)
    assert left() == []
    assert seen == []


def test_throw_that_was_decided_on_before_the_body_ended_meets_only_our_own_end(seen: list[Any]) -> None:
    thread = LimitedThread("late", lambda: None)

    class ThrownFirst:
        """The lock, which the thread waits for while somebody else throws at it."""

        def __enter__(self) -> None:
            time_limit._throw(thread._thread)

        def __exit__(self, *_: object) -> None:
            pass

    thread._throwing = ThrownFirst()  # pyright: ignore[reportAttributeAccessIssue]
    thread.run(60)
    assert left() == []
    assert seen == []


THREAD_BELOW_A_HOOK = """
import sys, threading, time
from asynctask._handler.time_limit import run_limited

def endless():
    while True:
        pass

def until_the_limit():
    end = time.monotonic() + 0.01
    while time.monotonic() < end:
        pass

def hook(*_):
    threading.settrace(None)
    raise RuntimeError("a hook")

run_limited("any", {body}, 0.01)
threading.excepthook = lambda _: None
threading.settrace(hook)
thread = threading.Thread(target=int, daemon=True)
thread.start()
thread.join(30)
sys.exit(thread.is_alive())
"""


@pytest.mark.parametrize("body", ["int", "endless", "until_the_limit", "lambda: 1 / 0"])
def test_threads_begin_afterwards_also_below_a_hook(body: str) -> None:
    """Fails when Python goes on to believe that some thread has an exception to raise: up to 3.11 none began then."""
    program = THREAD_BELOW_A_HOOK.replace("{body}", body)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

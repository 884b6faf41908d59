"""Whether the SIGTERM that a handler's process got belongs to a drain of its executor."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask._handler.process import DRAIN_FOLLOWS_S, ChildHandler


class Asked:
    """The event of being asked to stop; notes how long it was waited for."""

    def __init__(self, *, comes: bool) -> None:
        self.comes = comes
        self.waits: list[float] = []

    def wait(self, left_s: float) -> bool:
        self.waits.append(left_s)
        return self.comes


def a_handler(asked: Asked, *, is_draining: bool = False) -> Any:
    handler: Any = object.__new__(ChildHandler)
    handler._attempt = SimpleNamespace(draining=is_draining, stop=None)
    handler._asked = asked
    return handler


@pytest.mark.parametrize("comes", [True, False])
def test_drain_that_follows_within_two_seconds_is_waited_for(comes: bool) -> None:
    """Fails when a service manager that signals all processes at once, the executor last, costs a retry."""
    asked = Asked(comes=comes)
    terminated_s = time.monotonic()
    assert a_handler(asked)._is_drain(terminated_s) is comes
    (waited_s,) = asked.waits
    assert 0 <= waited_s <= DRAIN_FOLLOWS_S == 2.0
    a_handler(asked)._is_drain(terminated_s - 60)
    assert asked.waits[1] == 0, "the time runs from the SIGTERM on"


def test_drain_that_has_begun_is_not_waited_for() -> None:
    asked = Asked(comes=False)
    assert a_handler(asked, is_draining=True)._is_drain(time.monotonic())
    assert asked.waits == []

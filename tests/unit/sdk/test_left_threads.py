"""An executor's end is held up by threads of handlers for a second in all, not for a second by each."""

import threading

import pytest

from asynctask._executor.left_threads import LEFT_S, join_within


class EndlessThread(threading.Thread):
    """A thread that never ends: a join waits for all of its timeout."""

    now_s = 0.0

    def join(self, timeout: float | None = None) -> None:
        assert timeout is not None
        EndlessThread.now_s += timeout


def test_end_waits_for_all_left_threads_together(monkeypatch: pytest.MonkeyPatch):
    """Fails when an executor that ends waits a second for each thread that a handler left behind."""
    monkeypatch.setattr(EndlessThread, "now_s", 0.0)
    join_within(LEFT_S, [EndlessThread() for _ in range(15)], clock=lambda: EndlessThread.now_s)
    assert EndlessThread.now_s == LEFT_S

"""When a call that failed is made again; the same for the async and the blocking client."""

from __future__ import annotations

import random
from typing import Any, Final

from asynctask._channel import may_have_arrived
from asynctask._client.api import CALL_S, ClientCall
from asynctask.errors import AsyncTaskError

_FIRST_S: Final = 0.05
_LONGEST_S: Final = 1.0


class Repetition:
    """Counts the tries of one call.

    A repeatable call is tried once at each address. A command may have been executed although its call failed, so it is
    sent again under its request id until its outcome is known, for at most CALL_S in all.
    """

    def __init__(self, call: ClientCall[Any], addresses: int, now: float) -> None:
        self._call = call
        self._turns_left = addresses if call.repeatable else 1
        self._give_up_at = now + CALL_S
        self._tries = 0

    def pause_s(self, error: AsyncTaskError, now: float) -> float | None:
        """Seconds until the call is made again after `error`; None when it is not."""
        self._turns_left -= 1
        if self._turns_left > 0:
            return 0.0
        if not self._call.is_command or not may_have_arrived(error):
            return None
        pause = min(_LONGEST_S, _FIRST_S * 2**self._tries) * random.uniform(0.5, 1.0)
        self._tries += 1
        return pause if now + pause < self._give_up_at else None

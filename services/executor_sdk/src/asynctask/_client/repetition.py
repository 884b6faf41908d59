"""When a call that failed is made again; the same for the async and the blocking client."""

from __future__ import annotations

import random
from typing import Any, Final

from asynctask._channel import may_have_arrived
from asynctask._client.api import CALL_S, ClientCall
from asynctask.errors import AsyncTaskError, OutcomeUnknown

_FIRST_S: Final = 0.05
_LONGEST_S: Final = 1.0
_SHORTEST_CALL_S: Final = 0.001


class Repetition:
    """Counts the tries of one call.

    A read goes to each other address once. A command does too, and once a try may have carried it out, it is sent again
    under its request id until the outcome is known, at most 15 s in all.
    """

    def __init__(self, call: ClientCall[Any], addresses: int, now: float) -> None:
        self._call = call
        self._turns_left = addresses if call.repeatable else 1
        self._give_up_at = now + CALL_S
        self._tries = 0
        self._is_uncertain = False

    def timeout_s(self, now: float) -> float:
        """Seconds that the next try may take: a command shares its time among the addresses that are left."""
        if not self._call.is_command:
            return CALL_S
        return max(_SHORTEST_CALL_S, (self._give_up_at - now) / max(1, self._turns_left))

    def pause_s(self, error: AsyncTaskError, now: float) -> float | None:
        """Seconds until the call is made again after `error`; None when it is not."""
        self._is_uncertain = self._is_uncertain or (self._call.is_command and may_have_arrived(error))
        self._turns_left -= 1
        if self._turns_left > 0:
            return 0.0
        if not self._is_uncertain:
            return None
        pause = min(_LONGEST_S, _FIRST_S * 2 ** min(self._tries, 10)) * random.uniform(0.5, 1.0)
        self._tries += 1
        return pause if now + pause < self._give_up_at else None

    def last_error(self, error: AsyncTaskError) -> AsyncTaskError:
        """The error of a call that is not made again, after `error`: of a command it says whether it may be done."""
        if not self._is_uncertain:
            return error
        again = f"the command may have been carried out: repeat it with request_id {self._call.request.request_id}"
        return OutcomeUnknown(f"{error.message}; {again} to know", retry_after_ms=error.retry_after_ms)

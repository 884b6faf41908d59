"""The owner of a client: the process that made it and, for the async client, the event loop that first used it."""

import os
from typing import TYPE_CHECKING

from asynctask._forks import refuse_connections_in_child

if TYPE_CHECKING:
    import asyncio


class Owner:
    """Refuses a client in a place where its connections do not work: gRPC would hang, or fail with an unclear error."""

    def __init__(self) -> None:
        """Raises RuntimeError in a process that was forked from an executor's."""
        refuse_connections_in_child("a client")
        self._pid = os.getpid()
        self._loop: asyncio.AbstractEventLoop | None = None

    def check_process(self) -> None:
        """Raises RuntimeError in a child process that was forked after the client was made."""
        refuse_connections_in_child("a client")
        if os.getpid() != self._pid:
            raise RuntimeError(
                "this client was made before a fork, and its connections belong to the parent process: make another "
                "client in the child"
            )

    def check_loop(self) -> None:
        """As `check_process`; raises RuntimeError, too, in another event loop than the first that used the client."""
        import asyncio  # slow to load, and the blocking client does not need it

        self.check_process()
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise RuntimeError(
                "this client is used from a second event loop, and its connections belong to the first: make a client "
                "in each `asyncio.run`, or use asynctask.blocking.Client, which needs no loop"
            )

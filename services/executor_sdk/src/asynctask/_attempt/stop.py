"""Why a handler is stopped, and how a handler in a thread is unwound."""

from enum import IntEnum


class Stop(IntEnum):
    """Why an attempt stops before its handler has finished; a later member outranks those before it."""

    PAUSE = 1
    """A pause was requested: at the next safe point."""
    DRAIN = 2
    """The executor ends: at the next safe point, or at the end of its grace period."""
    TIMEOUT = 3
    """The stage ran too long."""
    CANCEL = 4
    """A cancel was requested."""
    FENCED = 5
    """The lease could not be renewed in time."""
    LOST = 6
    """This executor has lost the attempt: nothing of it is reported any more."""


class AttemptStopped(BaseException):
    """Unwinds a thread or process handler; not an Exception, so that no `except Exception` catches it."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.name)
        self.stop: Stop = stop

    def __reduce__(self) -> tuple[type["AttemptStopped"], tuple[Stop]]:
        return (AttemptStopped, (self.stop,))

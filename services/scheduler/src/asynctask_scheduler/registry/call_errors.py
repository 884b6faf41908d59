"""What a failed call to the registry means: whether it surely changed nothing, or may have been carried out.

| what came                                           | of a command      | of a read         |
| --------------------------------------------------- | ----------------- | ----------------- |
| an error that the registry says                     | that error        | that error        |
| gRPC found no connection                            | StoreUnavailable  | StoreUnavailable  |
| the connection broke under it, or the server went   | AnswerLost        | StoreUnavailable  |
| no answer in time                                   | OutcomeUnknown    | StoreUnavailable  |
"""

from __future__ import annotations

from enum import Enum

import grpc

from asynctask_core.errors import AsyncTaskError, OutcomeUnknown, StoreUnavailable, TryAgain
from asynctask_core.status import carries_status, from_rpc_error, was_never_sent

# What gRPC itself answers when a connection dies under a call or a server is stopped: no registry said it.
_TRANSPORT_CODES = frozenset({"UNKNOWN", "CANCELLED", "INTERNAL"})
RETRY_AFTER_MS = 1_000


class AnswerLost(OutcomeUnknown):
    """The connection broke before the answer: the command may have been carried out. Another try costs no deadline."""


class Unanswered(Enum):
    """Why a command that was said over the line has no answer; it is said again in a call of its own."""

    UNSENT = "it never left"
    UNCERTAIN = "it may have been carried out"


def command_error(broken: grpc.RpcError, what: str, before: Unanswered) -> AsyncTaskError:
    """Say what the failed call of a command means, after what became of it `before`."""
    error = from_rpc_error(broken)
    if not carries_status(broken):
        is_cut = isinstance(error, StoreUnavailable) and not was_never_sent(error.message)
        if is_cut or error.metadata.get("grpc_code") in _TRANSPORT_CODES:
            return AnswerLost(
                f"the registry did not answer {what}: {error.message}; it may have been carried out",
                retry_after_ms=RETRY_AFTER_MS,
            )
    error = hinted(error)
    return after_uncertain(error) if before is Unanswered.UNCERTAIN else error


def read_error(broken: grpc.RpcError, what: str) -> AsyncTaskError:
    """Say what the failed call of a read means."""
    error = from_rpc_error(broken)
    if error.metadata.get("grpc_code") in _TRANSPORT_CODES or isinstance(error, OutcomeUnknown):
        return StoreUnavailable(
            f"the registry did not answer {what}: {error.message}", retry_after_ms=RETRY_AFTER_MS
        )
    return hinted(error)


def after_uncertain(error: AsyncTaskError) -> AsyncTaskError:
    """Say what `error` means where an earlier try may have been carried out: only a refusal tells that it was not."""
    if not isinstance(error, TryAgain) or isinstance(error, OutcomeUnknown):
        return error
    return AnswerLost(
        f"{error.message}; an earlier try may have been carried out", retry_after_ms=error.retry_after_ms
    )


def hinted(error: AsyncTaskError) -> AsyncTaskError:
    """Give `error` a time to try again after, where it can be tried again and names none."""
    if error.retryable and error.retry_after_ms is None:
        error.retry_after_ms = RETRY_AFTER_MS
    return error

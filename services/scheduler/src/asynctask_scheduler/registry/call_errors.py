"""What a failed call to the registry means: whether it certainly changed nothing, or may have been executed.

| what happened                                       | for a command     | for a read        |
| --------------------------------------------------- | ----------------- | ----------------- |
| the registry answered with an error                 | that error        | that error        |
| gRPC found no connection                            | RegistryUnreached | RegistryUnreached |
| the connection broke, or the server stopped         | AnswerLost        | StoreUnavailable  |
| no answer in time                                   | OutcomeUnknown    | StoreUnavailable  |
| a registry of an earlier release lacks the call     | InternalError     | NotReady          |
"""

from __future__ import annotations

import grpc

from asynctask_aio.command_stream import Unanswered
from asynctask_core.errors import AsyncTaskError, OutcomeUnknown, StoreUnavailable, TryAgain
from asynctask_core.status import carries_status, from_rpc_error, was_never_sent
from asynctask_scheduler.registry.answers_of_0_2 import older_registry

# Codes of gRPC itself, when the connection of a call breaks or the server stops: the registry did not answer these.
_TRANSPORT_CODES = frozenset({"UNKNOWN", "CANCELLED", "INTERNAL"})
_UNKNOWN_CALL = "UNIMPLEMENTED"
RETRY_AFTER_MS = 1_000
SILENT_REGISTRY = {"service": "registry"}
"""Metadata of an error that says which service did not answer; pages name it."""


class AnswerLost(OutcomeUnknown):
    """The connection broke before the answer: the command may have been executed. It failed at once, so a second try
    does not add another deadline to the wait.
    """


class RegistryUnreached(StoreUnavailable):
    """There was no connection to a registry, so nothing was sent. The message has no words of gRPC: people read it."""

    def __init__(self) -> None:
        super().__init__(
            "the registry cannot be reached", retry_after_ms=RETRY_AFTER_MS, metadata=SILENT_REGISTRY
        )


def command_error(broken: grpc.RpcError, what: str, before: Unanswered) -> AsyncTaskError:
    """Return the error for a command whose call failed; `before` is the outcome of its earlier try on the stream."""
    error = from_rpc_error(broken)
    if not carries_status(broken):
        if isinstance(error, OutcomeUnknown):
            return OutcomeUnknown(
                f"the registry did not answer {what} in time; it may have been carried out",
                retry_after_ms=RETRY_AFTER_MS,
                metadata=SILENT_REGISTRY,
            )
        is_cut = isinstance(error, StoreUnavailable) and not was_never_sent(error.message)
        if is_cut or error.metadata.get("grpc_code") in _TRANSPORT_CODES:
            return AnswerLost(
                f"the registry did not answer {what}: the connection broke; it may have been carried out",
                retry_after_ms=RETRY_AFTER_MS,
                metadata=SILENT_REGISTRY,
            )
        if isinstance(error, StoreUnavailable):
            error = RegistryUnreached()
    error = hinted(error)
    return after_uncertain(error) if before is Unanswered.UNCERTAIN else error


def read_error(broken: grpc.RpcError, what: str) -> AsyncTaskError:
    """Return the error for a read whose call failed."""
    error = from_rpc_error(broken)
    if error.metadata.get("grpc_code") == _UNKNOWN_CALL:
        return older_registry(f"answer {what}")
    if isinstance(error, OutcomeUnknown) and not carries_status(broken):
        return StoreUnavailable(
            f"the registry did not answer {what} in time",
            retry_after_ms=RETRY_AFTER_MS,
            metadata=SILENT_REGISTRY,
        )
    if not carries_status(broken) and was_never_sent(error.message):
        return RegistryUnreached()
    is_broken = isinstance(error, StoreUnavailable) and not carries_status(broken)
    if is_broken or error.metadata.get("grpc_code") in _TRANSPORT_CODES or isinstance(error, OutcomeUnknown):
        return StoreUnavailable(
            f"the registry did not answer {what}: the connection broke",
            retry_after_ms=RETRY_AFTER_MS,
            metadata=SILENT_REGISTRY,
        )
    return hinted(error)


def after_uncertain(error: AsyncTaskError) -> AsyncTaskError:
    """Return the error of a repeated command whose earlier try may have been executed: only a refusal is certain."""
    if not isinstance(error, TryAgain) or isinstance(error, OutcomeUnknown):
        return error
    return AnswerLost(
        f"{error.message}; an earlier try may have been carried out",
        retry_after_ms=error.retry_after_ms,
        metadata=error.metadata,
    )


def hinted(error: AsyncTaskError) -> AsyncTaskError:
    """Add a time to retry after to `error` if it is retryable and names none."""
    if error.retryable and error.retry_after_ms is None:
        error.retry_after_ms = RETRY_AFTER_MS
    return error

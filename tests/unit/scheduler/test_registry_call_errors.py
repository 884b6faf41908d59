"""What people read when the registry does not answer."""

import grpc
import pytest

from asynctask_aio.command_stream import Unanswered
from asynctask_core.errors import AsyncTaskError, StoreUnavailable
from asynctask_scheduler.registry.call_errors import AnswerLost, RegistryUnreached, command_error, read_error

NO_CONNECTION = (
    "connections to all backends failing; last error: UNKNOWN: ipv4:127.0.0.1:23217: connection attempt timed out "
    "before receiving SETTINGS frame"
)
BROKEN = "Socket closed: ipv4:127.0.0.1:23217"


def failed_call(code: grpc.StatusCode, details: str) -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(), details)


@pytest.mark.parametrize("details", [NO_CONNECTION, BROKEN])
def test_silent_registry_is_named_in_plain_words_and_never_in_those_of_grpc(details: str):
    broken = failed_call(grpc.StatusCode.UNAVAILABLE, details)
    errors: list[AsyncTaskError] = [
        read_error(broken, "ListTasks"),
        command_error(broken, "Submit", Unanswered.UNSENT),
    ]
    is_unsent = details == NO_CONNECTION
    kinds = (RegistryUnreached, RegistryUnreached) if is_unsent else (StoreUnavailable, AnswerLost)
    assert tuple(type(error) for error in errors) == kinds
    for error in errors:
        assert error.metadata["service"] == "registry"
        assert "ipv4" not in error.message
        assert error.message.startswith("the registry ")


def test_late_registry_is_named():
    error = read_error(failed_call(grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline Exceeded"), "ListTasks")
    assert (error.message, error.metadata["service"]) == (
        "the registry did not answer ListTasks in time",
        "registry",
    )

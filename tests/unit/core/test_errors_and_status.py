"""What a service raises is what a caller catches: every class survives the trip through google.rpc.Status."""

import grpc
import pytest

from asynctask_core.errors import (
    BY_REASON,
    AsyncTaskError,
    FieldViolation,
    InternalError,
    InvalidInput,
    StoreUnavailable,
)
from asynctask_core.status import STATUS_KEY, from_rpc_error, from_status, to_status
from asynctask_protos.error.v1.reason_pb2 import Reason


class FakeRpcError(grpc.RpcError):
    """A failed call as grpc hands it out."""

    def __init__(self, code: grpc.StatusCode, trailers: tuple[tuple[str, bytes], ...] = ()) -> None:
        self._code, self._trailers = code, trailers

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return "details"

    def trailing_metadata(self) -> tuple[tuple[str, bytes], ...]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._trailers


def test_catalogue_and_contract_know_the_same_reasons() -> None:
    in_contract = {name.removeprefix("REASON_") for name in Reason.keys()} - {"UNSPECIFIED"}  # noqa: SIM118 - not a dict
    assert set(BY_REASON) == in_contract


@pytest.mark.parametrize("kind", BY_REASON.values(), ids=BY_REASON.keys())
def test_every_error_survives_the_trip(kind: type[AsyncTaskError]) -> None:
    violations = [FieldViolation("priority", "must be from 1 to 5; got 9")]
    error = (
        kind(violations)
        if issubclass(kind, InvalidInput)
        else kind("what happened", metadata={"state": "paused"})
    )
    error.retry_after_ms = 1500
    came = from_rpc_error(FakeRpcError(error.code, ((STATUS_KEY, to_status(error).SerializeToString()),)))
    assert type(came) is kind
    assert (came.message, came.retry_after_ms) == (error.message, 1500)
    assert (came.violations, came.metadata) == (error.violations, error.metadata)


def test_bare_codes_become_the_nearest_class() -> None:
    assert isinstance(from_rpc_error(FakeRpcError(grpc.StatusCode.UNAVAILABLE)), StoreUnavailable)
    assert isinstance(from_rpc_error(FakeRpcError(grpc.StatusCode.INVALID_ARGUMENT)), InvalidInput)
    assert isinstance(from_rpc_error(FakeRpcError(grpc.StatusCode.UNIMPLEMENTED)), InternalError)


def test_status_of_somebody_else_is_not_taken_for_ours() -> None:
    status = to_status(StoreUnavailable("down"))
    status.ClearField("details")
    assert isinstance(from_status(status), StoreUnavailable)
    status.code = 13
    assert isinstance(from_status(status), InternalError)

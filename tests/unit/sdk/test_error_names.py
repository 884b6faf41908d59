"""Under which name errors are shown."""

import pickle
import traceback

import pytest

from asynctask import errors
from asynctask._client.info_wire import failure_of
from asynctask._handler.failures import failed
from asynctask_core.errors import FieldViolation, InvalidInput

KINDS = sorted(errors.BY_REASON.values(), key=lambda kind: kind.reason)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.reason)
def test_error_is_shown_as_it_is_imported_and_travels_between_processes(kind):
    """Fails when a traceback says `asynctask_core.errors.…`, or a process handler cannot be told of an error."""
    violations = [FieldViolation("folder", "is required")]
    error = kind(violations) if issubclass(kind, InvalidInput) else kind("what happened", metadata={"a": "b"})
    error.retry_after_ms = 1500
    shown = traceback.format_exception_only(error)
    assert shown == [f"asynctask.errors.{kind.__name__}: {error.message}\n"]
    came = pickle.loads(pickle.dumps(error))
    assert type(came) is kind
    assert vars(came) == vars(error)


@pytest.mark.parametrize("raised", [errors.Fail, errors.Postpone], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("reason", ["NO_SUCH_FOLDER", "SOURCE_MISSING", "A" * 64])
def test_reason_of_a_handler_is_kept(raised, reason):
    """Fails when a reason that is not of the catalogue is replaced without a word."""
    found = failed(raised("nope", reason=reason), "one").failure
    assert (found.reason, found.message, found.traceback) == (reason, "nope", "")
    error = failure_of(found).error
    assert error.reason == reason
    assert isinstance(error, errors.TaskFailure)
    assert failed(error, "two").failure.reason == reason  # a handler that waits for a task may raise it again


@pytest.mark.parametrize("raised", [errors.Fail, errors.Postpone], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("reason", ["", "nope", "1ST", "TWO WORDS", "A" * 65, None, 5])
def test_wrong_reason_is_refused_where_it_is_given_and_keeps_the_message(raised, reason):
    """Fails when a failure carries what no program can compare, or when its message is lost with it."""
    with pytest.raises(errors.InvalidInput, match=r"^reason: must be capital letters.*'no such folder'"):
        raised("no such folder", reason=reason)

"""Under which name errors are shown."""

import pickle
import traceback

import pytest

from asynctask import errors
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

"""A registry looks at its certificate before anything else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from asynctask_registry.app import _tls


def test_files_that_hold_no_certificate_are_refused_at_once(tmp_path: Path) -> None:
    """Fails when: it is found out once Postgres has answered, which may be much later."""
    for name in ("certificate", "key"):
        (tmp_path / name).write_text("nothing of that kind")
    settings: Any = SimpleNamespace(
        tls_certificate=tmp_path / "certificate", tls_key=tmp_path / "key", tls_client_authorities=None
    )
    with pytest.raises(ValueError, match="must be a PEM certificate and its key"):
        _tls(settings)
    settings.tls_certificate = None
    assert _tls(settings) is None

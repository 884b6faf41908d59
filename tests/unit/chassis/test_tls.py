"""A server's certificate that is renewed in place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest
from structlog.testing import capture_logs

from asynctask_chassis.tls import TlsFiles
from tests.support.certificates import make_certificate, needs_openssl


@needs_openssl
def test_server_demands_certificates_and_takes_renewed_files_once_they_fit_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when strangers are let in, or when the middle of a renewal ends the service, or its end needs a restart."""
    asked: list[Any] = []

    def credentials(first: Any, renewed: Any, *, require_client_authentication: bool) -> None:
        asked.append((renewed, require_client_authentication))

    monkeypatch.setattr(grpc, "dynamic_ssl_server_credentials", credentials)
    certificate, key = make_certificate(tmp_path, "server")
    TlsFiles(certificate, key).server_credentials()
    TlsFiles(certificate, key, certificate).server_credentials()
    (renewed, is_demanded), (_, is_demanded_too) = asked
    assert (is_demanded, is_demanded_too) == (False, True)

    assert renewed() is None
    (tmp_path / "new").mkdir()
    new, new_key = make_certificate(tmp_path / "new", "server")
    new.replace(certificate)
    with capture_logs() as said:
        assert renewed() is None
        assert renewed() is None
        new_key.replace(key)
        assert renewed() is not None
    assert renewed() is None
    assert [line["event"] for line in said] == ["tls.renewal_refused", "tls.renewed"]

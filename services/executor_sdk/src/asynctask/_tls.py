"""TLS to the scheduler, from PEM files; a connection is plain unless TLS is asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from asynctask import _argument_checks
from asynctask._grpc import grpc
from asynctask_core.errors import FieldViolation, InvalidInput
from asynctask_core.validate import Violations

if TYPE_CHECKING:
    from pathlib import Path

VARIABLES: Final = {
    "authorities": "ASYNCTASK_TLS_AUTHORITIES",
    "certificate": "ASYNCTASK_TLS_CERTIFICATE",
    "key": "ASYNCTASK_TLS_KEY",
}
"""Variables that are read when a client or an executor is given no `Tls`: any of them asks for TLS."""


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files of a client or an executor; `Tls()` without any trusts the authorities that come with gRPC.

    Args:
        authorities: what the scheduler's certificate is checked against.
        certificate: shown to a scheduler that asks for one, with its `key`.
        key: of that certificate.

    Raises:
        InvalidInput: a file is named by something else than a path, or a certificate comes without its key.
    """

    authorities: str | Path | None = None
    certificate: str | Path | None = None
    key: str | Path | None = None

    def __post_init__(self) -> None:
        """Check what can be known without the files, which are read by the client or executor."""
        violations = Violations()
        for field in VARIABLES:
            path = getattr(self, field)
            if path is not None and not isinstance(path, (str, os.PathLike)):
                shown = _argument_checks.shown(cast("object", path))
                violations.add(f"tls.{field}", f"must be the path of a PEM file; got {shown}")
        if (self.certificate is None) != (self.key is None):
            text = f"certificate and key belong together ({VARIABLES['certificate']}, {VARIABLES['key']})"
            violations.add("tls", text)
        violations.raise_any()


def resolve_credentials(tls: Tls | None) -> grpc.ChannelCredentials | None:
    """Read the files given, else those that the environment names; None for plain connections.

    Raises:
        InvalidInput: a file cannot be read; every violation is listed. Or see `Tls`.
    """
    if tls is None:
        named = {field: os.environ.get(variable) or None for field, variable in VARIABLES.items()}
        if not any(named.values()):
            return None
        tls = Tls(**named)
    if not isinstance(tls, Tls):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(
            [FieldViolation("tls", f"must be asynctask.Tls(…); got {_argument_checks.shown(tls)}")]
        )
    violations: list[FieldViolation] = []
    authorities, certificate, key = (
        _read(field, getattr(tls, field), violations) for field in ("authorities", "certificate", "key")
    )
    if violations:
        raise InvalidInput(violations)
    return grpc.ssl_channel_credentials(authorities, key, certificate)


def _read(field: str, path: str | Path | None, violations: list[FieldViolation]) -> bytes | None:
    if path is None:
        return None
    try:
        from pathlib import Path

        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        shown = path if isinstance(error, OSError) else _argument_checks.shown(path)
        why = getattr(error, "strerror", None) or error
        text = f"must be a PEM file that can be read ({VARIABLES[field]}); {shown}: {why}"
        violations.append(FieldViolation(f"tls.{field}", text))
        return None

"""TLS of both ends, from PEM files; without files a connection is plain."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import grpc


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files: an own `certificate` with its `key`, and the `authorities` that the other end is checked against.

    A server with `authorities` demands certificates of its clients. A client without them trusts the system's.
    """

    certificate: Path | None = None
    key: Path | None = None
    authorities: Path | None = None

    def server_credentials(self) -> grpc.ServerCredentials:
        """Read the files for a server.

        Raises:
            ValueError: there is no certificate or no key.
            OSError: a file cannot be read.
        """
        if self.certificate is None or self.key is None:
            raise ValueError("a server with TLS needs both a certificate and its key")
        return grpc.ssl_server_credentials(
            [(self.key.read_bytes(), self.certificate.read_bytes())],
            root_certificates=self.authorities.read_bytes() if self.authorities else None,
            require_client_auth=self.authorities is not None,
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """Read the files for a client.

        Raises:
            OSError: a file cannot be read.
        """
        return grpc.ssl_channel_credentials(
            root_certificates=self.authorities.read_bytes() if self.authorities else None,
            private_key=self.key.read_bytes() if self.key else None,
            certificate_chain=self.certificate.read_bytes() if self.certificate else None,
        )

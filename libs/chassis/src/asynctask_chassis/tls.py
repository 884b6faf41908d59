"""TLS of servers and clients, from PEM files; without files a connection is not encrypted.

A server checks its files again for each new connection, so a certificate that is renewed in place needs no restart. If
the files do not fit together, as in the middle of a renewal, the server keeps the former ones and logs
`tls.renewal_refused` once. A client reads its files when it opens its channel.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import grpc

from asynctask_chassis.logs import get_logger

log = get_logger(__name__)

_Stamp = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files: the own `certificate` with its `key`, and the `authorities` that the peer is checked against.

    A server with `authorities` requires certificates of its clients. A client without them trusts the system's.
    """

    certificate: Path | None = None
    key: Path | None = None
    authorities: Path | None = None

    def check(self) -> None:
        """Check the files: for wrong ones gRPC reports at most that a handshake failed.

        Raises:
            ValueError: a file is not what it should be; the error names the file.
            OSError: a file cannot be read.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for path in (self.certificate, self.key, self.authorities):
            if path is not None:
                path.read_bytes()  # its error names the file, that of `ssl` does not
        if self.certificate is not None and self.key is not None:
            try:
                # An empty password: without one, `ssl` would ask for it on the terminal.
                context.load_cert_chain(self.certificate, self.key, password=lambda: "")
            except (ssl.SSLError, ValueError) as error:
                pair = f"{self.certificate} and {self.key}"
                raise ValueError(
                    f"{pair} must be a PEM certificate and its key, without a password: {error}"
                ) from None
        if self.authorities is not None:
            try:
                context.load_verify_locations(self.authorities)
            except (ssl.SSLError, ValueError) as error:
                raise ValueError(f"{self.authorities} must be a PEM file of certificates: {error}") from None

    def server_credentials(self) -> grpc.ServerCredentials:
        """Read the files for a server, now and whenever they have changed.

        Raises:
            ValueError: there is no certificate or no key, or a file is not what it should be; the error names the file.
            OSError: a file cannot be read.
        """
        if self.certificate is None or self.key is None:
            raise ValueError("a server with TLS needs both a certificate and its key")
        source = _ServerFiles(self, self.certificate, self.key)
        return grpc.dynamic_ssl_server_credentials(
            source.read(),
            source.renewed,  # pyright: ignore[reportArgumentType] - types-grpcio does not know of None: nothing new
            require_client_authentication=self.authorities is not None,
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """Read the files for a client.

        Raises:
            ValueError: a file is not what it should be; the error names the file.
            OSError: a file cannot be read.
        """
        self.check()
        return grpc.ssl_channel_credentials(
            root_certificates=self.authorities.read_bytes() if self.authorities else None,
            private_key=self.key.read_bytes() if self.key else None,
            certificate_chain=self.certificate.read_bytes() if self.certificate else None,
        )


class _ServerFiles:
    """The files of one server, and the versions of them that gRPC has."""

    def __init__(self, files: TlsFiles, certificate: Path, key: Path) -> None:
        self._files = files
        self._certificate = certificate
        self._key = key
        self._stamp: _Stamp = ()

    def read(self) -> grpc.ServerCertificateConfiguration:
        """Read the files as they are now. Raises ValueError or OSError if they do not fit together."""
        stamp = self._stamp = self._stamps()
        self._files.check()
        roots = self._files.authorities
        authorities = roots.read_bytes() if roots else None
        pair = self._key.read_bytes(), self._certificate.read_bytes()
        if self._stamps() != stamp:
            self._stamp = ()
            raise ValueError(f"{self._certificate} or a file beside it was replaced while it was read")
        return grpc.ssl_server_certificate_configuration([pair], root_certificates=authorities)

    def renewed(self) -> grpc.ServerCertificateConfiguration | None:
        """Return the files if they changed and fit together, otherwise None. gRPC calls this before each handshake."""
        # A renewal replaces one file after the other: files that do not fit yet are read again after the next change.
        if self._stamps() == self._stamp:
            return None
        try:
            configuration = self.read()
        except (OSError, ValueError) as error:
            log.warning("tls.renewal_refused", reason=str(error))
            return None
        log.info("tls.renewed", reason=str(self._certificate))
        return configuration

    def _stamps(self) -> _Stamp:
        return tuple(_stamp(path) for path in (self._certificate, self._key, self._files.authorities) if path)


def _stamp(path: Path) -> tuple[int, int, int]:
    """A value that changes when a file is rewritten or replaced. With the inode, since the time may be the same."""
    try:
        stat = path.stat()
    except OSError:
        return (0, 0, 0)
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)

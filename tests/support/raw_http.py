"""HTTP over a plain socket: any bytes go out, and what comes back is read as one answer."""

from __future__ import annotations

import http.client
import io
import json
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WITHIN_S = 60


@dataclass(frozen=True)
class RawAnswer:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters; of several headers of one name the last."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def problem(self, status: int, reason: str, *words: str) -> dict[str, Any]:
        """The problem document that this must be; `words` must stand in its detail."""
        assert (self.status, self.headers.get("content-type")) == (status, "application/problem+json"), self
        found = self.json
        assert found["type"] == f"urn:asynctask:reason:{reason}", found
        assert (found["status"], found["reason"]) == (status, reason), found
        assert found["title"], found
        assert found["request_id"] == self.headers["x-request-id"], self
        assert self.headers["x-content-type-options"] == "nosniff", self
        assert "default-src 'none'" in self.headers["content-security-policy"], self
        for word in words:
            assert word in found["detail"], (word, found)
        return found


class _SharedReader(io.BufferedReader):
    """What has arrived; stays open for the next answer when the end of one is read."""

    def close(self) -> None:
        pass

    def makefile(self, _: str) -> io.BufferedReader:
        return self


class RawConnection:
    """One connection to `host:port`."""

    def __init__(self, address: str, *, tls: ssl.SSLContext | None = None) -> None:
        self.address = address
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), WITHIN_S)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname=host)
        self._reader = _SharedReader(socket.SocketIO(self.socket, "r"))

    def __enter__(self) -> RawConnection:
        return self

    def __exit__(self, *reason: object) -> None:
        self._reader.detach().close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self, method: str = "GET") -> RawAnswer:
        """Read the next answer; `method` of its request."""
        reader: Any = self._reader
        response = http.client.HTTPResponse(reader, method=method)
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return RawAnswer(response.status, headers, response.read())

    def is_closed(self) -> bool:
        """Wait for the end of the connection; False if more comes instead."""
        try:
            return self._reader.read(1) == b""
        except ConnectionResetError:
            return True


def request(
    address: str, line: str, headers: Iterable[str] = (), body: bytes = b"", *, host: str | None = None
) -> bytes:
    """The bytes of a request; `Content-Length` is added where there is a body and nothing else says its length."""
    given = list(headers)
    names = {one.partition(":")[0].lower() for one in given}
    if body and not names & {"content-length", "transfer-encoding"}:
        given.append(f"Content-Length: {len(body)}")
    head = [f"{line} HTTP/1.1", f"Host: {address if host is None else host}", *given, "", ""]
    return "\r\n".join(head).encode("latin-1") + body


def ask(
    address: str,
    line: str,
    headers: Iterable[str] = (),
    body: bytes = b"",
    *,
    host: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> RawAnswer:
    """Send one request, such as `GET /api/v1/tasks`, on a connection of its own."""
    with RawConnection(address, tls=tls) as connection:
        connection.send(request(address, line, headers, body, host=host))
        return connection.answer(line.partition(" ")[0])


def post(address: str, path: str, value: object, *headers: str, verb: str = "POST") -> RawAnswer:
    """Send one value as JSON; bytes are sent as they are."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return ask(address, f"{verb} {path}", ["Content-Type: application/json", *headers], body)

"""Parses the URL of a Redis store. `connection` lists the forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """A parsed URL."""

    scheme: str
    hosts: tuple[tuple[str, int], ...]
    master: str
    options: dict[str, Any]

    @classmethod
    def parse(cls, url: str) -> RedisAddress:
        """Read a URL.

        Raises:
            ValueError: it has none of the forms that `connection` lists.
        """
        parts = urlsplit(url)
        schemes = (
            "redis",
            "rediss",
            "unix",
            "redis+sentinel",
            "rediss+sentinel",
            "redis+cluster",
            "rediss+cluster",
        )
        if parts.scheme not in schemes:
            raise ValueError(
                f"the scheme of a Redis URL is one of {', '.join(schemes)}, not {parts.scheme!r}"
            )
        options: dict[str, Any] = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.username:
            options["username"] = unquote(parts.username)
        if parts.password:
            options["password"] = unquote(parts.password)
        if parts.scheme == "unix":
            return cls("unix", (), "", options | {"unix_socket_path": parts.path})
        kind = parts.scheme.partition("+")[2] or "single"
        default_port = 26379 if kind == "sentinel" else 6379
        hosts = tuple(
            _host(text, default_port) for text in parts.netloc.rpartition("@")[2].split(",") if text
        )
        segments = [unquote(segment) for segment in parts.path.split("/") if segment]
        if not hosts or (kind == "single" and len(hosts) > 1):
            raise ValueError(
                "a redis:// URL names one host, redis+sentinel:// and redis+cluster:// one or more"
            )
        master = ""
        if kind == "sentinel":
            if not segments:
                raise ValueError(
                    "a redis+sentinel:// URL ends with the master's name: redis+sentinel://host1,host2/name/0"
                )
            master = segments.pop(0)
        if segments and kind != "cluster":
            options["db"] = _number(segments[0], "database")
        if parts.scheme.startswith("rediss"):
            options["ssl"] = True
        return cls(kind, hosts, master, options)


def _host(text: str, default_port: int) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, ""
    return host.strip("[]"), _number(port, "port") if port else default_port


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"the {what} in a Redis URL is a number, not {text!r}")
    return int(text)

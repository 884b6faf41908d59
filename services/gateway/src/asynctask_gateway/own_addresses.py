"""Under which addresses, names and path the gateway is reached, as settings and headers have them."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*")
_BASE_PATH: Final = re.compile(r"(?:/[\w.~+=:@-]+)*", re.ASCII)
"""What URLs and the path of a cookie may have without an escape."""


def host_of(text: str) -> str:
    """The name or address in a Host header, in small letters, without the port; empty if it has another form."""
    found = _HOST.fullmatch(text.strip().lower())
    return found[1].strip("[]").rstrip(".") if found else ""


def names_of(text: str | None) -> list[str]:
    """The names that a setting lists with commas."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def all_hosts(text: str) -> bool:
    """Whether a setting lists hosts, and nothing else that would never be the host of a request."""
    return all(map(host_of, names_of(text)))


def all_origins(text: str) -> bool:
    """Whether a setting lists origins as browsers send them, and nothing else that would never be one."""
    return all(map(_is_origin, names_of(text)))


def _is_origin(text: str) -> bool:
    scheme, _, place = text.rstrip("/").lower().partition("://")
    return bool(_SCHEME.fullmatch(scheme) and host_of(place))


def base_path_of(text: str) -> str:
    """The base path: empty, or without a slash behind it."""
    return text.strip().rstrip("/")


def is_base_path(text: str) -> bool:
    """Whether a setting is a path that needs no escape."""
    return bool(_BASE_PATH.fullmatch(base_path_of(text)))


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches an address `host:port`."""
    host = address.rpartition(":")[0].strip("[]").lower()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""Does a scheduler answer? Checked before grpc is loaded, since grpc waits too long for a person at a prompt."""

from __future__ import annotations

import os
import socket
import time

from asynctask_standalone.cli.exits import CommandRefused, Exit
from asynctask_standalone.cli.wording import up_command
from asynctask_standalone.supervisor.ports import split_address

CONNECT_S = 3.0
GREETING_S = 5.0
QUICK_S = 1.5
# The first bytes of every HTTP/2 client, and an empty SETTINGS frame; a server begins with SETTINGS too.
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
TLS_VARIABLES = "ASYNCTASK_TLS_"
"""Prefix of the variables that name the SDK's TLS files."""
_HEADER_BYTES = 9
_KIND_AT, _SETTINGS = 3, 4


def knock(address: str, *, connect_s: float = CONNECT_S, greeting_s: float = GREETING_S) -> None:
    """Make sure that a scheduler answers at one of the addresses, within seconds.

    Raises:
        CommandRefused: none answers; the message says why, and what to do.
    """
    try:
        places = [split_address(one.strip()) for one in address.split(",")]
    except ValueError as error:
        raise CommandRefused(Exit.USAGE, "INVALID_INPUT", f"--address: {error}") from None
    wrong = ""
    # Of several a silent one is passed over quickly; only if none is quick they get the time of a busy machine.
    for within_s in (QUICK_S, greeting_s) if len(places) > 1 else (greeting_s,):
        for place in places:
            wrong = _wrong_with(place, connect_s, within_s)
            if not wrong:
                return
    start = f"Start a cluster with `{up_command()}`"
    hint = f"{start}, or name another address with --address or ASYNCTASK_ADDRESS"
    raise CommandRefused(Exit.UNAVAILABLE, "UNREACHABLE", f"nothing answers at {address}: {wrong}. {hint}")


def _wrong_with(place: tuple[str, int], connect_s: float, greeting_s: float) -> str:
    """Why no scheduler answers there, in words; empty if one may."""
    try:
        with socket.create_connection(place, timeout=connect_s) as connection:
            if any(os.environ[name] for name in os.environ if name.startswith(TLS_VARIABLES)):
                return ""  # with TLS the server sends nothing before the handshake, which grpc does
            connection.settimeout(greeting_s)
            connection.sendall(_PREFACE)
            said = _header(connection, time.monotonic() + greeting_s)
    except socket.gaierror:
        return "no such host"
    except TimeoutError:
        return "no answer within seconds"
    except OSError as error:
        return (error.strerror or str(error)).lower()
    is_http2 = len(said) == _HEADER_BYTES and said[_KIND_AT] == _SETTINGS
    return "" if is_http2 else "the program that listens there is not a scheduler"


def _header(connection: socket.socket, until: float) -> bytes:
    said = b""
    while len(said) < _HEADER_BYTES:
        connection.settimeout(max(0.01, until - time.monotonic()))
        more = connection.recv(_HEADER_BYTES - len(said))
        if not more:
            break
        said += more
    return said

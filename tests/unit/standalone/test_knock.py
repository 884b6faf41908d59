"""A command line without a cluster ends soon, with one line that says what to do."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from asynctask_standalone.cli.exits import CommandRefused, Exit
from asynctask_standalone.cli.knock import knock

SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


@contextmanager
def listening(says: bytes | None) -> Iterator[str]:
    """A server that says something to whoever connects; None is silence for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1024)
                if says is None:
                    over.wait(60)
                else:
                    connection.sendall(says)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join(60)


def unused() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def refusal(address: str, greeting_s: float = 60.0) -> CommandRefused:
    with pytest.raises(CommandRefused) as caught:
        knock(address, greeting_s=greeting_s)
    return caught.value


def test_scheduler_is_recognised_by_its_greeting():
    with listening(SETTINGS) as address:
        knock(address, greeting_s=60)


def test_silent_scheduler_is_passed_over_for_one_that_answers():
    """Fails when a command waits a minute, here, for the first of two schedulers, which is frozen."""
    with listening(None) as silent, listening(SETTINGS) as address:
        started = time.monotonic()
        knock(f"{silent},{address}", greeting_s=60)
        assert time.monotonic() - started < 30


def test_address_with_a_scheme_is_told_as_that():
    """Fails when http://127.0.0.1:7600 is "no such host"."""
    refused = refusal("http://127.0.0.1:7600")
    assert refused.exit_code is Exit.USAGE
    assert str(refused).startswith(
        "--address: 'http://127.0.0.1:7600' has a scheme: write the host and the port alone"
    )


def test_scheduler_with_tls_need_not_greet_in_plain(monkeypatch):
    monkeypatch.setenv("ASYNCTASK_TLS_AUTHORITIES", "authorities.pem")
    with socket.create_server(("127.0.0.1", 0)) as server:
        knock(f"127.0.0.1:{server.getsockname()[1]}", greeting_s=0.0)
    assert "connection refused" in str(refusal(unused()))


def test_any_of_several_addresses_is_enough():
    with listening(SETTINGS) as address:
        knock(f"{unused()}, {address}", greeting_s=60)


def test_nobody_there_is_told_in_one_line_with_what_to_do():
    refused = refusal(unused())
    assert (refused.exit_code, refused.reason) == (Exit.UNAVAILABLE, "UNREACHABLE")
    said = str(refused)
    assert "\n" not in said
    assert all(
        word in said for word in ("connection refused", "asynctask up", "--address", "ASYNCTASK_ADDRESS")
    )


@pytest.mark.parametrize("says", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"-ERR\r\n", b""])
def test_other_server_is_told_apart(says: bytes):
    with listening(says) as address:
        assert "not a scheduler" in str(refusal(address))


def test_server_that_never_says_anything_is_not_waited_for():
    with listening(None) as address:
        assert "no answer" in str(refusal(address, greeting_s=0.2))


def test_what_is_no_address_is_wrong_usage():
    assert refusal("7600").exit_code == Exit.USAGE

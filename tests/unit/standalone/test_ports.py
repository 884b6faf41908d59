"""Which ports the parts get."""

import socket
from pathlib import Path

import pytest

from asynctask_standalone.supervisor.ports import (
    PortBook,
    addresses_of,
    any_free,
    is_free,
    reached_here,
    split_address,
)


def test_parts_get_the_ports_of_the_last_start_again(tmp_path: Path):
    first = PortBook(tmp_path / "ports.json")
    ports = {name: first.port(name, "127.0.0.1") for name in ("postgres", "redis")}
    assert len(set(ports.values())) == 2
    again = PortBook(tmp_path / "ports.json")
    assert {name: again.port(name, "127.0.0.1") for name in ports} == ports


def test_port_that_somebody_has_taken_meanwhile_is_replaced(tmp_path: Path):
    port = PortBook(tmp_path / "ports.json").port("redis", "127.0.0.1")
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert not is_free("127.0.0.1", port)
        assert PortBook(tmp_path / "ports.json").port("redis", "127.0.0.1") != port


def test_unreadable_book_is_an_empty_one(tmp_path: Path):
    (tmp_path / "ports.json").write_text('{"redis": "x"')
    assert PortBook(tmp_path / "ports.json").port("redis", "127.0.0.1") > 0


def test_free_port_is_free():
    assert is_free("127.0.0.1", any_free("127.0.0.1"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1:7600", ("127.0.0.1", 7600)), ("[::1]:0", ("::1", 0)), ("a.b:1", ("a.b", 1))],
)
def test_address_is_host_and_port(address: str, expected: tuple[str, int]):
    assert split_address(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [("0.0.0.0:7600", "127.0.0.1:7600"), ("[::]:1", "[::1]:1"), ("tasks.example:1", "tasks.example:1")],
)
def test_server_on_all_addresses_is_reached_on_loopback(address: str, expected: str):
    assert reached_here(address) == expected


@pytest.mark.parametrize("address", ["7600", ":7600", "host:", "host:x", "host:70000", "host:-1", "host:١"])
def test_what_is_no_address_is_refused_with_an_example(address: str):
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:7600"):
        split_address(address)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:secret@host/db", [("host", 5432)]),
        ("redis+cluster://:pw@a:1,b:2,c", [("a", 1), ("b", 2), ("c", 5432)]),
        ("postgresql://me@[::1]:7/db", [("::1", 7)]),
        ("postgresql:///db?host=/run/postgresql", []),
    ],
)
def test_urls_of_stores_name_hosts_and_ports(url: str, expected: list[tuple[str, int]]):
    assert addresses_of(url, 5432) == expected

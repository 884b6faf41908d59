"""URLs of stores."""

from __future__ import annotations

import pytest

from asynctask_scheduler.queue.address import RedisAddress

USER = {"username": "user", "password": "p@ss", "db": 3}
SOCKET = {"password": "secret", "db": "0", "unix_socket_path": "/run/redis.sock"}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://host", RedisAddress("single", (("host", 6379),), "", {})),
        ("redis://user:p%40ss@host:1/3", RedisAddress("single", (("host", 1),), "", USER)),
        ("rediss://[::1]:7/0", RedisAddress("single", (("::1", 7),), "", {"db": 0, "ssl": True})),
        ("unix://:secret@/run/redis.sock?db=0", RedisAddress("unix", (), "", SOCKET)),
        (
            "redis+sentinel://a,b:5/main/2",
            RedisAddress("sentinel", (("a", 26379), ("b", 5)), "main", {"db": 2}),
        ),
        ("redis+cluster://:s@a:1,b", RedisAddress("cluster", (("a", 1), ("b", 6379)), "", {"password": "s"})),
        ("rediss+cluster://a:1", RedisAddress("cluster", (("a", 1),), "", {"ssl": True})),
    ],
)
def test_url_is_taken_apart(url: str, address: RedisAddress) -> None:
    assert RedisAddress.parse(url) == address


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://host", "scheme"),
        ("redis://a,b", "one host"),
        ("redis://", "one host"),
        ("redis+sentinel://a", "master's name"),
        ("redis://host/main", "number"),
        ("redis://host:port", "number"),
    ],
)
def test_wrong_url_says_what_is_wrong(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        RedisAddress.parse(url)

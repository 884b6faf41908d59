"""Hosts and origins of requests, beside what the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from asynctask_gateway.edge.strangers import NoStrangers
from asynctask_gateway.problems import HttpProblem


async def passes(host: str, origin: str, *, hosts: Sequence[str] = (), is_loopback: bool = True) -> bool:
    """Whether a command with this Host and Origin reaches the application."""
    reached: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)

    guard = NoStrangers(application, hosts=hosts, origins=(), is_loopback=is_loopback)
    headers = [(b"host", host.encode()), (b"origin", origin.encode())]
    unused: Any = None
    try:
        await guard({"type": "http", "method": "POST", "headers": headers}, unused, unused)
    except HttpProblem:
        return False
    return bool(reached)


@pytest.mark.parametrize("name", ["https://tasks.example.com", "*.example.com", "..."])
async def test_name_that_is_no_host_lets_nobody_pass(name: str):
    """Fails when what has no form of a host counts as one, so that all others without it are the same host."""
    assert not await passes("a!b.evil.example", "http://a!b.evil.example", hosts=[name])
    assert not await passes("127.0.0.1:7680", "null", hosts=[name])
    assert not await passes("127.0.0.1:7680", "http://a!b.evil.example", hosts=[name])
    assert await passes("127.0.0.1:7680", "http://127.0.0.1:7680", hosts=[name])


async def test_page_without_an_origin_is_no_own_page_of_a_request_without_a_host():
    assert not await passes("", "null", is_loopback=False)

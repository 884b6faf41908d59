import asyncio
from collections.abc import AsyncIterator

import pytest

from asynctask_chassis.exporter import Exporter
from asynctask_chassis.metrics import RpcMetrics, new_metrics_registry


async def get(
    port: int, path: str, request: str = "GET {} HTTP/1.1\r\nHost: x\r\n\r\n"
) -> tuple[int, dict[str, str], str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.format(path).encode())
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    status, *lines = head.split("\r\n")
    return int(status.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body


class Health:
    good = True


@pytest.fixture
async def exporter() -> AsyncIterator[Exporter]:
    registry = new_metrics_registry()
    RpcMetrics("kitchen", registry).handled.labels("/k/Cook", "OK").inc()
    async with Exporter("127.0.0.1:0", registry, is_healthy=lambda: Health.good) as exporter:
        yield exporter


async def test_metrics_are_served_on_a_free_port(exporter: Exporter):
    status, headers, body = await get(exporter.port, "/metrics")
    assert status == 200
    assert headers["content-type"].startswith("text/plain")
    assert int(headers["content-length"]) == len(body.encode())
    assert 'asynctask_kitchen_rpc_handled_total{code="OK",method="/k/Cook"} 1.0' in body
    assert "process_resident_memory_bytes" in body


async def test_a_scraper_may_ask_for_openmetrics(exporter: Exporter):
    request = "GET {} HTTP/1.1\r\nAccept: application/openmetrics-text; version=1.0.0\r\n\r\n"
    _, headers, body = await get(exporter.port, "/metrics", request)
    assert headers["content-type"].startswith("application/openmetrics-text")
    assert body.endswith("# EOF\n")


async def test_health_follows_the_service(exporter: Exporter, monkeypatch: pytest.MonkeyPatch):
    assert (await get(exporter.port, "/healthz"))[0] == 200
    monkeypatch.setattr(Health, "good", False)
    assert (await get(exporter.port, "/healthz"))[0] == 503


@pytest.mark.parametrize(
    ("request_text", "status"),
    [("GET /else HTTP/1.1\r\n\r\n", 404), ("POST /metrics HTTP/1.1\r\n\r\n", 405), ("\r\n\r\n", 405)],
)
async def test_other_requests_are_answered_with_their_fault(
    exporter: Exporter, request_text: str, status: int
):
    assert (await get(exporter.port, "", request_text.replace("{}", "")))[0] == status


async def test_a_request_that_never_ends_is_cut(exporter: Exporter):
    reader, writer = await asyncio.open_connection("127.0.0.1", exporter.port)
    writer.write(b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 10_000)
    with pytest.raises(ConnectionError):  # noqa: PT012
        if not await reader.read():
            raise ConnectionError
    writer.close()


async def test_after_the_block_the_port_is_closed():
    async with Exporter("127.0.0.1:0", new_metrics_registry()) as exporter:
        port = exporter.port
    with pytest.raises(OSError, match="Connect"):
        await asyncio.open_connection("127.0.0.1", port)


async def test_an_address_without_a_port_is_refused():
    with pytest.raises(ValueError, match="not host:port"):
        Exporter("localhost", new_metrics_registry())

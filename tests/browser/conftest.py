"""A real browser before a real cluster: stores, registry, scheduler, gateway and an executor that the test paces."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.browser.clusters import BareCluster, ConsoleCluster, Gate, bare_cluster
from tests.browser.looks import Look
from tests.browser.pictures import PictureBook
from tests.browser.watched_page import WatchedPage
from tests.support.processes import Processes

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Everything is local and ours; a sandbox needs rights that a container does not have.
FLAGS = ["--no-sandbox"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser's tests where there is none."""
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture
async def empty_cluster(
    processes: Processes, postgres_url: str, redis_url: str
) -> AsyncIterator[BareCluster]:
    """A cluster that nobody has used yet. Leases are short: its executors are killed."""
    async with bare_cluster(processes, postgres_url, redis_url, lease="5s") as cluster:
        yield cluster


@pytest.fixture
async def cluster(
    processes: Processes, postgres_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[ConsoleCluster]:
    async with bare_cluster(processes, postgres_url, redis_url) as bare:
        gate = Gate(tmp_path / "allowed")
        gate.allow(0)
        executor = await bare.start_executor(
            "executor", "-m", "tests.browser.gated_executor", str(gate.allowed), runs="gated"
        )
        yield ConsoleCluster(
            processes, bare.registry, bare.scheduler, bare.gateway, bare.client, executor, gate
        )


@pytest.fixture
async def browser_page() -> AsyncIterator[WatchedPage]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(**Look().context)
        watched = WatchedPage(await context.new_page())
        watched.watch()
        yield watched
        await browser.close()


@pytest.fixture(scope="session")
def pictures(request: pytest.FixtureRequest) -> PictureBook:
    return PictureBook(bool(request.config.getoption("--browser-pictures")))

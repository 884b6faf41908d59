"""A real browser before a real cluster: stores, registry, scheduler, gateway and an executor that the test paces."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import ConsoleMessage, Page, Response, async_playwright

from asynctask import Client
from tests.support.conditions import eventually
from tests.support.processes import ChildProcess, Processes, ServiceProcess

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser's tests where there is none."""
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@dataclass(slots=True)
class ConsoleCluster:
    """A cluster that a console looks at."""

    registry: ServiceProcess
    scheduler: ServiceProcess
    gateway: ServiceProcess
    executor: ChildProcess
    client: Client
    allowed: Path

    @property
    def url(self) -> str:
        return f"http://{self.gateway.address}"

    def allow(self, steps: int) -> None:
        """Let the task go on to this step. The file is replaced, so that nobody reads half a number."""
        new = self.allowed.with_suffix(".new")
        new.write_text(str(steps))
        new.rename(self.allowed)


@dataclass
class WatchedPage:
    """A page with everything that it complained about. Playwright notes its handlers here, so it has no slots."""

    page: Page
    complaints: list[str] = field(default_factory=list[str])

    def watch(self) -> None:
        """Note errors of the console and of scripts, refused answers and failed requests."""
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._note_response)
        self.page.on("requestfailed", lambda one: self.complaints.append(f"{one.failure} {one.url}"))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")


@pytest.fixture
async def cluster(
    processes: Processes, postgres_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[ConsoleCluster]:
    registry = processes.service("registry", POSTGRES_URL=postgres_url)
    await registry.start()
    scheduler = processes.service(
        "scheduler", REDIS_URL=redis_url, REGISTRY_ADDRESS=registry.address, LEASE="60s"
    )
    await scheduler.start()
    gateway = processes.service("gateway", SCHEDULER_ADDRESS=scheduler.address)
    await gateway.start()
    allowed = tmp_path / "allowed"
    allowed.write_text("0")
    executor = processes.python(
        "executor", "-m", "tests.browser.gated_executor", str(allowed), ASYNCTASK_ADDRESS=scheduler.address
    )
    executor.spawn()
    async with Client(scheduler.address) as client:

        async def is_registered() -> bool:
            return any(one.name == "gated" for one in await client.task_types())

        await eventually(is_registered)
        yield ConsoleCluster(registry, scheduler, gateway, executor, client, allowed)
    await executor.stop()
    await gateway.stop()
    await scheduler.stop()
    await registry.stop()


@pytest.fixture
async def browser_page() -> AsyncIterator[WatchedPage]:
    async with async_playwright() as playwright:
        # Everything is local and ours; a sandbox needs rights that a container does not have.
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
        watched = WatchedPage(await context.new_page())
        watched.watch()
        yield watched
        await browser.close()

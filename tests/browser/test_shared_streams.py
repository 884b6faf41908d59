"""The event streams of a browser with many tabs: few connections, and live in the tab that is seen."""

from __future__ import annotations

import urllib.request

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.clusters import ConsoleCluster
from tests.browser.watched_page import WatchedPage
from tests.support.conditions import eventually
from tests.support.processes import Processes, ServiceProcess

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 60_000
"""Milliseconds. A busy machine may take its time; what never comes is a fault."""
MOST_OPEN = 4
"""As in the console's `stream_hub`: two of six connections are left for requests."""


def open_streams(gateway: ServiceProcess) -> int:
    url = f"http://127.0.0.1:{gateway.metrics_port}/metrics"
    with urllib.request.urlopen(url, timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return int(
        float(next(line for line in lines if line.startswith("asynctask_gateway_event_streams ")).split()[1])
    )


async def shared_workers(browser: Browser) -> list[str]:
    session = await browser.new_browser_cdp_session()
    targets = (await session.send("Target.getTargets"))["targetInfos"]
    return [target["url"] for target in targets if target["type"] == "shared_worker"]


async def see_percent(page: Page, percent: int) -> None:
    bar = page.locator(".header [role=progressbar]")
    await expect(bar).to_have_attribute("aria-valuenow", str(percent), timeout=PATIENCE)


async def test_ten_tabs_leave_connections_for_requests_and_each_is_live_when_it_is_seen(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when the seventh tab hangs, or when a tab that joins an open stream does not learn the state so far."""
    first = browser_page.page
    task_id = await cluster.client.submit("gated")
    url = f"{cluster.url}/tasks/{task_id}"
    await first.goto(url)
    cluster.allow(5)
    await see_percent(first, 40)
    tabs = [await first.context.new_page() for _ in range(9)]
    for tab in tabs:
        await tab.goto(url)
        await see_percent(tab, 40)
        assert open_streams(cluster.gateway) <= MOST_OPEN
    cluster.allow(10)
    for tab in (first, *tabs):
        await see_percent(tab, 60)
    assert first.context.browser is not None
    assert len(await shared_workers(first.context.browser)) == 1
    for tab in tabs:
        await tab.close()
    await first.close()
    await eventually(lambda: open_streams(cluster.gateway) == 0, timeout=60)


async def test_page_without_a_connection_says_so_until_it_has_one(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when the fifth window shows old values and looks live."""
    first = browser_page.page
    ids = [await cluster.client.submit("gated") for _ in range(MOST_OPEN + 1)]
    await first.goto(f"{cluster.url}/tasks?type=gated")
    tabs = [await first.context.new_page() for _ in ids]
    for tab, task_id in zip(tabs, ids, strict=True):
        await tab.goto(f"{cluster.url}/tasks/{task_id}")
    notice = "Not all of this page is live: other tabs use all connections."
    await expect(first.get_by_text(notice)).to_be_visible(timeout=PATIENCE)
    assert open_streams(cluster.gateway) == MOST_OPEN
    for tab in tabs:
        await tab.close()
    await expect(first.get_by_text(notice)).to_have_count(0, timeout=PATIENCE)


async def test_shared_streams_work_below_a_base_path(
    cluster: ConsoleCluster, processes: Processes, browser_page: WatchedPage
):
    """Fails when the worker's file is not found there, or is refused by the content security policy."""
    page = browser_page.page
    gateway = processes.service("gateway", SCHEDULER_ADDRESS=cluster.scheduler.address, BASE_PATH="/task")
    await gateway.start()
    task_id = await cluster.client.submit("gated")
    await page.goto(f"http://{gateway.address}/task/tasks/{task_id}")
    cluster.allow(5)
    await see_percent(page, 40)
    assert page.context.browser is not None
    (worker,) = await shared_workers(page.context.browser)
    assert worker.startswith(f"http://{gateway.address}/task/assets/")
    assert not browser_page.complaints
    await gateway.stop()


async def test_tab_reads_for_itself_where_there_are_no_shared_workers(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    page = browser_page.page
    await page.add_init_script("delete window.SharedWorker")
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks/{task_id}")
    cluster.allow(5)
    await see_percent(page, 40)
    assert page.context.browser is not None
    assert not await shared_workers(page.context.browser)

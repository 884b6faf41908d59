"""The page of one task, as a person sees it."""

from __future__ import annotations

import signal

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import ConsoleCluster, WatchedPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECONDS = 1000
PATIENCE = 60 * SECONDS
"""A busy machine may take its time; what never comes is a fault."""


async def see_state(page: Page, state: str) -> None:
    await expect(page.locator(f".header [data-state={state}]")).to_be_visible(timeout=PATIENCE)


async def see_percent(page: Page, percent: int) -> None:
    bar = page.locator(".header [role=progressbar]")
    await expect(bar).to_have_attribute("aria-valuenow", str(percent), timeout=PATIENCE)


async def test_task_is_followed_from_its_list_to_its_end_without_a_reload(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks")
    await page.get_by_role("link", name="gated").click()
    await see_state(page, "running")
    await page.evaluate("window.isSamePage = true")

    cluster.allow(5)
    await see_percent(page, 40)
    await expect(page.get_by_text("step 5", exact=True)).to_be_visible(timeout=PATIENCE)

    await page.get_by_role("button", name="Pause", exact=True).click()
    await see_state(page, "paused")
    await page.get_by_role("button", name="Resume", exact=True).click()
    await see_state(page, "running")

    cluster.allow(20)
    await see_state(page, "completed")
    await see_percent(page, 100)
    await page.get_by_role("link", name="History").click()
    for event in ("Submitted", "Pause requested", "Paused", "Resumed", "Went on", "Completed"):
        await expect(page.locator(".events").get_by_text(event, exact=True)).to_be_visible(timeout=PATIENCE)
    assert page.url == f"{cluster.url}/tasks/{task_id}?tab=history"
    assert await page.evaluate("window.isSamePage"), "the page was loaded again"
    assert not [one for one in browser_page.complaints if not is_closed_stream(one)]


async def test_text_of_a_task_is_no_markup(cluster: ConsoleCluster, browser_page: WatchedPage):
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks/{task_id}")
    line = page.get_by_text("prepared <b>everything</b>")
    await expect(line).to_be_visible(timeout=PATIENCE)
    assert await line.locator("b").count() == 0


async def test_silent_gateway_is_said_and_nothing_is_missed_meanwhile(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when a person could take old values for live ones, or when the page stays behind after a break."""
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks/{task_id}")
    await see_state(page, "running")
    cluster.gateway.send(signal.SIGSTOP)
    await expect(page.get_by_text("Values may be old")).to_be_visible(timeout=PATIENCE)
    await expect(page.locator(".stale.is-stale")).to_be_visible()
    cluster.allow(20)
    await cluster.client.wait(task_id, timeout=60)
    cluster.gateway.send(signal.SIGCONT)
    await see_state(page, "completed")
    await expect(page.get_by_text("Values may be old")).to_be_hidden(timeout=PATIENCE)
    await expect(page.get_by_text("step 20", exact=True)).to_be_visible(timeout=PATIENCE)


async def test_page_goes_on_after_the_gateway_was_killed(cluster: ConsoleCluster, browser_page: WatchedPage):
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks/{task_id}")
    await see_state(page, "running")
    await cluster.gateway.kill()
    await expect(page.get_by_text("Connection lost")).to_be_visible(timeout=PATIENCE)
    cluster.allow(20)
    await cluster.client.wait(task_id, timeout=60)
    await cluster.gateway.start()
    await see_state(page, "completed")


async def test_language_and_theme_are_remembered(cluster: ConsoleCluster, browser_page: WatchedPage):
    page = browser_page.page
    await page.goto(f"{cluster.url}/tasks")
    await page.locator("summary[aria-label=Settings]").click()
    await page.get_by_text("中文").click()
    await page.get_by_text("深色").click()
    await expect(page.get_by_role("heading", name="任务")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="任务")).to_be_visible(timeout=PATIENCE)
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def is_closed_stream(complaint: str) -> bool:
    """A page that is left closes its stream, which the browser lists as aborted."""
    return "ERR_ABORTED" in complaint and ("/watch" in complaint or "/tail" in complaint)

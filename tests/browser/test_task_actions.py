"""What a person asks of a task on its page, and the page for the person whose data it is."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.clusters import ConsoleCluster
from tests.browser.watched_page import WatchedPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 60_000
"""Milliseconds. A busy machine may take its time; what never comes is a fault."""


async def open_task(cluster: ConsoleCluster, page: Page, query: str = "") -> str:
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks/{task_id}{query}")
    return task_id


async def test_reason_of_a_pause_is_typed_and_told(cluster: ConsoleCluster, browser_page: WatchedPage):
    """Fails when the dialog takes the focus from its own field, so that nobody can type into it."""
    page = browser_page.page
    await open_task(cluster, page, "?tab=history")
    cluster.allow(5)
    await page.get_by_role("button", name="More actions").click(timeout=PATIENCE)
    await page.get_by_text("Pause with a reason").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Back")).to_be_focused(timeout=PATIENCE)
    await dialog.get_by_label("Reason").click()
    await page.keyboard.type("the disk is needed")
    await dialog.get_by_role("button", name="Pause the task").click()
    await expect(page.locator(".header .sentence")).to_have_text(
        "Paused: the disk is needed", timeout=PATIENCE
    )
    await expect(page.locator(".events .reason").first).to_have_text("the disk is needed", timeout=PATIENCE)
    waits = page.get_by_role("region", name="Time line").get_by_role("listitem")
    await expect(waits.filter(has_text="Paused: the disk is needed")).to_have_count(1, timeout=PATIENCE)


async def test_restart_says_what_stays_and_what_is_done_again(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    page = browser_page.page
    await open_task(cluster, page)
    cluster.allow(5)
    await page.get_by_role("button", name="Cancel…").click(timeout=PATIENCE)
    await page.get_by_role("dialog").get_by_role("button", name="Cancel the task").click()
    await page.get_by_role("button", name="Restart…").click(timeout=PATIENCE)
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Stays: 1 finished stage (prepare).")).to_be_visible(timeout=PATIENCE)
    await expect(dialog.get_by_text("work goes on at 5 of 20 files.")).to_be_visible()
    await expect(dialog.get_by_text("All 2 stages run again.")).to_be_visible()
    await dialog.get_by_role("button", name="Restart the task").click()
    cluster.allow(20)
    await expect(page.locator(".header [data-state=completed]")).to_be_visible(timeout=PATIENCE)


async def test_executor_that_dies_is_said_to_be_silent(cluster: ConsoleCluster, browser_page: WatchedPage):
    """Fails when a dead executor looks like work that takes long."""
    page = browser_page.page
    await open_task(cluster, page)
    cluster.allow(5)
    await expect(page.get_by_text("Last sign of life")).to_be_visible(timeout=PATIENCE)
    await cluster.executor.kill()
    await expect(page.get_by_text("Its executor has been silent for")).to_be_visible(timeout=PATIENCE)


async def test_simple_view_pauses_and_goes_on_without_jargon(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    page = browser_page.page
    await open_task(cluster, page, "?view=simple")
    cluster.allow(5)
    await expect(page.get_by_text("It is running")).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_role("navigation")).to_have_count(0)
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_text("It is paused")).to_be_visible(timeout=PATIENCE)
    await page.get_by_role("button", name="Go on").click()
    cluster.allow(20)
    await expect(page.get_by_text("It is finished")).to_be_visible(timeout=PATIENCE)
    text = await page.locator("article").inner_text()
    assert not [
        word for word in ("executor", "checkpoint", "stage", "attempt", "queue") if word in text.lower()
    ]

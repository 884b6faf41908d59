"""A task's title: what a page calls a task, as text, with both ends of its paths."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.clusters import ConsoleCluster
from tests.browser.watched_page import WatchedPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 60_000
MARKUP = "<img src=x onerror=\"document.title='taken'\"> & more"
LONG = f"/volume1/{'family/' * 25}photos → /mnt/backup/photos"


async def test_pages_call_a_task_by_its_title_which_is_text(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when tasks of one type look alike, or when a title is taken for markup."""
    page = browser_page.page
    plain = await cluster.client.submit("gated", delay=3600)
    odd = await cluster.client.submit("gated", labels={"title": MARKUP, "album": "summer"}, delay=3600)
    long = await cluster.client.submit("gated", labels={"title": LONG}, delay=3600)

    await page.goto(f"{cluster.url}/tasks")
    rows = page.locator("tbody a.lead")
    await expect(rows).to_have_count(3, timeout=PATIENCE)
    await expect(page.get_by_role("link", name=f"{LONG} gated")).to_have_count(1)
    await expect(rows.nth(1)).to_contain_text(MARKUP)
    await expect(rows.nth(2)).to_have_text(f"gated {plain[-8:]}")
    heights = await page.locator("tbody tr.row").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert len(set(heights)) == 1
    for side in (0, 1):  # the ends of both paths are seen
        tail = rows.nth(0).locator(".tail").nth(side)
        assert (await tail.get_attribute("data-text") or "").endswith("/photos")
        box, row = await tail.bounding_box(), await rows.nth(0).bounding_box()
        assert box
        assert row
        assert row["x"] < box["x"] + box["width"] <= row["x"] + row["width"] + 1

    await page.get_by_role("combobox", name="Add to the filter").fill("family")
    await page.keyboard.press("Enter")
    await expect(rows).to_have_count(1, timeout=PATIENCE)

    await page.goto(f"{cluster.url}/tasks/{long}")
    await expect(page.get_by_role("heading", level=1)).to_have_text(LONG, timeout=PATIENCE)
    await expect(page.get_by_role("link", name=re.compile("^gated"))).to_be_visible()
    await page.goto(f"{cluster.url}/tasks/{odd}")
    await expect(page.get_by_role("heading", level=1)).to_have_text(MARKUP, timeout=PATIENCE)
    await page.get_by_role("button", name="Cancel…").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(MARKUP)
    await expect(dialog).to_contain_text("album=summer")
    await expect(dialog).not_to_contain_text("title=<")
    assert await page.title() != "taken"
    assert await page.locator("img[src=x]").count() == 0
    assert browser_page.faults() == []


async def test_form_sends_a_title_of_its_own(cluster: ConsoleCluster, browser_page: WatchedPage):
    page = browser_page.page
    await page.goto(f"{cluster.url}/submit?type=gated")
    await page.get_by_text("Title, priority, queue").click(timeout=PATIENCE)
    await page.get_by_label("Title", exact=True).fill("The first one")
    await page.get_by_role("button", name="Submit and watch").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("The first one", timeout=PATIENCE)

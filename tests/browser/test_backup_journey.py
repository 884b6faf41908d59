"""From a cluster that nobody has used to a backup that is done, as a person with a browser does it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessibility import grave_findings
from tests.browser.clusters import BareCluster
from tests.browser.pictures import PictureBook
from tests.browser.seeing import PATIENCE, is_marked, mark, see, see_percent_reach, see_state
from tests.browser.showcase import make_photos
from tests.browser.watched_page import WatchedPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RATE = "400KiB"
"""Slow enough that there is a middle to look at, to pause and to kill in."""


async def test_backup_is_submitted_followed_and_survives_the_kill_of_its_executor(
    empty_cluster: BareCluster, browser_page: WatchedPage, tmp_path: Path, pictures: PictureBook
):
    """Fails when a step needs a reload, or when something that a person must see does not come."""
    page, cluster = browser_page.page, empty_cluster
    source = tmp_path / "photos"
    make_photos(source, 3, 10, size=200_000)
    await page.goto(cluster.url)
    await see(page, "Three steps to the first task")
    await pictures.take(page, "first-steps")
    assert not await grave_findings(page)

    executors = {name: await cluster.start_backups(name) for name in ("nas-1", "nas-2")}
    await submit_backup(page, source, tmp_path / "copy", pictures)
    await see_state(page, "running")
    await mark(page)
    task_id = page.url.rpartition("/")[2].partition("?")[0]

    await see_percent_reach(page, 25)
    await page.get_by_role("button", name="Pause", exact=True).click()
    await see_state(page, "paused")
    await page.get_by_role("button", name="Resume", exact=True).click()
    await see_state(page, "running")

    await see_percent_reach(page, 45)
    victim = (await cluster.client.executor((await cluster.client.get(task_id)).executor_id)).display_name
    await executors[victim].kill()
    await see(page, "3 attempts")
    await see_percent_reach(page, 60)
    await pictures.take(page, "task")
    await pictures.document(page, "task")
    await see_state(page, "completed")

    await read_log(page)
    await browse_items(page)
    assert await is_marked(page), "the page was loaded again"
    assert not browser_page.faults()


async def submit_backup(page: Page, source: Path, destination: Path, pictures: PictureBook) -> None:
    """Fill in the form of a backup and go to its task."""
    await page.get_by_role("navigation").get_by_role("link", name="Submit").click()
    await page.locator(".n-base-selection").first.click()
    await page.locator(".n-base-select-option", has_text="backup_file").click()
    await fill_in(page, "/volume1/photos", "/volume2/backup/photos")
    await page.locator("summary", has_text="optional settings").click()
    await page.get_by_label("Speed limit", exact=True).fill(RATE)
    await pictures.take(page, "submit")
    await pictures.document(page, "submit")
    await fill_in(page, str(source), str(destination))
    await page.get_by_role("button", name="Submit and watch").click()
    await page.wait_for_url("**/tasks/*", timeout=PATIENCE)


async def fill_in(page: Page, source: str, destination: str) -> None:
    await page.get_by_label("Source folder", exact=True).fill(source)
    await page.get_by_label("Destination folder", exact=True).fill(destination)


async def read_log(page: Page) -> None:
    """Show only one stage, then look for a text; both are in the URL."""
    await page.get_by_role("group", name="Stage").get_by_role("button", name="transfer").click()
    await expect(page).to_have_url(re.compile("stage=transfer"))
    await page.get_by_label("Search the log").fill("copied 30 files")
    await see(page, "1 hit")


async def browse_items(page: Page) -> None:
    """Open the items of all stages, and find some by their name."""
    await page.get_by_role("group", name="Stage").get_by_role("button", name="transfer").click()
    await page.get_by_role("link", name="Items").click()
    await see(page, "IMG_0000.jpg")
    await page.mouse.wheel(0, 700)
    heads = page.get_by_role("columnheader", name="Item")
    await expect(heads).to_be_in_viewport()
    head, header = await heads.bounding_box(), await page.locator("header.header").bounding_box()
    assert head
    assert header
    below = head["y"] - header["y"] - header["height"]
    assert -1 <= below <= 1, "the heads of the columns stay in sight, below the header"
    await page.get_by_label("Search by name").fill("IMG_0007")
    await see(page, "3 items found")
    await expect(page.get_by_text("IMG_0000.jpg")).to_have_count(0, timeout=PATIENCE)

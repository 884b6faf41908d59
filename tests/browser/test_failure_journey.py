"""From "something failed" on the overview to a task that is whole again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.clusters import BareCluster
from tests.browser.pictures import PictureBook
from tests.browser.seeing import PATIENCE, is_marked, mark, see, see_state
from tests.browser.watched_page import WatchedPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_failure_is_found_by_its_kind_read_and_mended(
    empty_cluster: BareCluster, browser_page: WatchedPage, tmp_path: Path, pictures: PictureBook
):
    """Fails when the overview does not group what failed alike, or a group does not lead to its tasks."""
    page, client = browser_page.page, empty_cluster.client
    mended = tmp_path / "mended"
    await empty_cluster.start_executor(
        "faulty", "-m", "tests.browser.faulty_executor", str(mended), runs="fragile"
    )
    for record in (7, 8, 9):
        await client.wait(await client.submit("fragile", {"record": record}), timeout=60)

    await page.goto(empty_cluster.url)
    await mark(page)
    await see(page, "3 ×")
    await page.get_by_role("link", name="Show all 3").click()
    rows = page.get_by_role("link", name="fragile")
    await expect(rows).to_have_count(3, timeout=PATIENCE)
    assert "error_fingerprint=" in page.url
    await rows.first.click()
    await see_state(page, "failed")
    await see(page, "record 9 is broken")
    await see(page, "3 tasks failed with the same kind of error")
    await pictures.document(page, "task-failed")
    await page.locator("summary", has_text="Traceback").click()
    await see(page, "raise ValueError")

    mended.touch()
    await page.get_by_role("button", name="Restart…").click()
    await page.get_by_role("dialog").get_by_text("From the start").click()
    await page.get_by_role("dialog").get_by_role("button", name="Restart the task").click()
    await see_state(page, "completed")
    assert await is_marked(page), "the page was loaded again"
    assert not browser_page.faults()

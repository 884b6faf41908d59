"""Logs and lists of items that are longer than what a page keeps in memory, as a person reads them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.clusters import ConsoleCluster
from tests.browser.gated_executor import WORDS
from tests.browser.seeing import PATIENCE
from tests.browser.watched_page import WatchedPage
from tests.support.conditions import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
async def wordy(cluster: ConsoleCluster) -> str:
    """A task that has written its whole log but for the last word."""
    task_id = await cluster.client.submit("wordy")

    async def has_written() -> bool:
        lines: AsyncIterator[object] = cluster.client.logs(task_id, text=f"word {WORDS}")
        return [line async for line in lines] != []

    await eventually(has_written, timeout=60)
    return task_id


def line(page: Page, text: str) -> Locator:
    return page.locator("[role=log]").get_by_text(text, exact=True)


async def open_log(page: Page, url: str) -> None:
    """Go to a task's page, and scroll it to its log."""
    await page.goto(url)
    await page.locator("[role=log]").scroll_into_view_if_needed(timeout=PATIENCE)


async def test_long_log_opens_at_its_end_and_is_read_back_to_its_beginning(
    cluster: ConsoleCluster, browser_page: WatchedPage, wordy: str
):
    """Fails when the whole log is loaded, when the screen jumps, or when new lines move what is read."""
    page = browser_page.page
    await open_log(page, f"{cluster.url}/tasks/{wordy}")
    await expect(line(page, f"word {WORDS - 1}")).to_be_in_viewport(timeout=PATIENCE)
    log = page.locator("[role=log]")
    # The reader goes up, page after page: the line at the top stays while older ones are read.
    for _ in range(2 * WORDS // 500):
        if await line(page, "word 1").count():
            break
        await log.evaluate("box => (box.scrollTop = 0)")
        await page.wait_for_timeout(300)
    await expect(line(page, "word 1")).to_be_visible(timeout=PATIENCE)
    assert await page.locator("[role=log] .line").count() < 200
    cluster.allow(1)
    await expect(page.get_by_role("button", name="1 new line")).to_be_visible(timeout=PATIENCE)
    await expect(line(page, "word 1")).to_be_visible()
    await page.get_by_role("button", name="1 new line").click()
    await expect(line(page, "the last word")).to_be_in_viewport(timeout=PATIENCE)
    assert not browser_page.faults()


async def test_search_of_a_log_counts_hits_on_the_server_and_steps_through_them(
    cluster: ConsoleCluster, browser_page: WatchedPage, wordy: str
):
    page = browser_page.page
    await open_log(page, f"{cluster.url}/tasks/{wordy}")
    await expect(line(page, f"word {WORDS - 1}")).to_be_in_viewport(timeout=PATIENCE)
    await page.locator("[role=log]").focus()
    await page.keyboard.press("Control+f")
    await expect(page.get_by_label("Search the log")).to_be_focused()
    await page.keyboard.type("NEEDLE")
    await expect(page.get_by_text("3 hits")).to_be_visible(timeout=PATIENCE)
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.press("Shift+Enter")
    await expect(line(page, "word 1000 needle")).to_be_in_viewport(timeout=PATIENCE)
    await expect(page.locator(".line.hit")).to_contain_text("word 1000")
    await expect(page.get_by_text("1 / 3")).to_be_visible()


async def test_link_to_lines_opens_at_them(cluster: ConsoleCluster, browser_page: WatchedPage, wordy: str):
    page = browser_page.page
    await open_log(page, f"{cluster.url}/tasks/{wordy}?line=1.100-1.102")
    await expect(line(page, "word 100")).to_be_in_viewport(timeout=PATIENCE)
    await expect(page.locator(".line.selected")).to_have_count(3)
    await page.get_by_role("button", name="Line 105").click(modifiers=["Shift"])
    await expect(page.locator(".line.selected")).to_have_count(6)
    await expect(page).to_have_url(re.compile(r"line=1\.100-1\.105"))


async def test_items_are_found_by_key_and_errors_are_grouped(
    cluster: ConsoleCluster, browser_page: WatchedPage, wordy: str
):
    page = browser_page.page
    await page.goto(f"{cluster.url}/tasks/{wordy}?tab=items")
    await expect(page.get_by_title("folder/file-0000.txt", exact=True)).to_be_visible(timeout=PATIENCE)
    last = page.get_by_title(f"folder/file-{WORDS - 1}.txt", exact=True)
    for _ in range(2 * WORDS // 500):
        await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        await page.wait_for_timeout(300)
        if await last.count():
            break
    await expect(last).to_be_visible(timeout=PATIENCE)
    await page.get_by_label("Search by name").fill("FILE-27")
    await expect(page.get_by_text("100 items found")).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_title("folder/file-2700.txt", exact=True)).to_be_visible()
    await page.get_by_label("Search by name").fill("")
    await page.get_by_role("button", name="Failed").click()
    await page.get_by_role("button", name="Group by error").click()
    group = page.get_by_role("button", name="no permission for")
    await expect(group).to_contain_text("3 items")
    await group.click()
    await expect(page.get_by_title("folder/file-2000.txt", exact=True).first).to_be_visible()
    assert not browser_page.faults()


async def test_reader_goes_to_a_line_and_to_a_time(
    cluster: ConsoleCluster, browser_page: WatchedPage, wordy: str
):
    """Fails when only what is in memory is found, or when a time leads anywhere but to its first line."""
    page = browser_page.page
    await open_log(page, f"{cluster.url}/tasks/{wordy}")
    await expect(line(page, f"word {WORDS - 1}")).to_be_in_viewport(timeout=PATIENCE)
    field = page.get_by_label("Go to line or time")
    hit = page.locator("[role=log] .line.hit")
    await field.fill("1.20")
    await field.press("Enter")
    await expect(hit.locator(".number")).to_have_attribute("data-number", "20", timeout=PATIENCE)
    await expect(hit).to_be_in_viewport()
    written = await hit.locator("time").inner_text()
    await field.fill(f"{WORDS - 1}")
    await field.press("Enter")
    await expect(hit).to_contain_text(f"word {WORDS - 1}", timeout=PATIENCE)
    await field.fill(written)
    await field.press("Enter")
    await expect(hit.locator("time")).to_have_text(written, timeout=PATIENCE)
    await expect(page).to_have_url(re.compile(r"line=1\.\d+$"))
    await field.fill("soon")
    await field.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("A number such as 140")
    assert not browser_page.faults()

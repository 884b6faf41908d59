"""The list of tasks: find, choose, act on many, and walk by the keyboard; and submitting one of them again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.clusters import ConsoleCluster
from tests.browser.seeing import see
from tests.browser.watched_page import WatchedPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 60_000
"""Milliseconds. A busy machine may take its time; what never comes is a fault."""


async def see_rows(page: Page, count: int) -> None:
    await expect(page.locator("tbody a.lead")).to_have_count(count, timeout=PATIENCE)


async def test_tasks_found_by_a_label_are_paused_together_with_a_result_for_each(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when a command reaches a task that was not chosen, or when one that it makes no sense for is sent."""
    page = browser_page.page
    photos = [await cluster.client.submit("gated", labels={"team": "photos"}, delay=3600) for _ in range(3)]
    other = await cluster.client.submit("gated", labels={"team": "web"}, delay=3600)
    await cluster.client.pause(photos[0])

    await page.goto(f"{cluster.url}/tasks")
    await see_rows(page, 4)
    await page.get_by_role("combobox", name="Add to the filter").fill("label:team=photos")
    await page.keyboard.press("Enter")
    await see_rows(page, 3)
    assert "label=team%3Dphotos" in page.url or "label=team=photos" in page.url

    await page.get_by_label("Choose all that are shown").check()
    await page.get_by_role("button", name="Pause", exact=True).click()
    sheet = page.get_by_role("dialog", name="Pause 2 tasks")
    await expect(sheet.get_by_text("1 is paused already, or about to be.")).to_be_visible()
    await sheet.get_by_placeholder("For the history").fill("the disk is full")
    await sheet.get_by_role("button", name="Pause 2 tasks").click()
    await expect(page.get_by_text("2 of 2 accepted.")).to_be_visible(timeout=PATIENCE)
    await page.get_by_role("button", name="Close", exact=True).click()

    for task_id in photos:
        assert (await cluster.client.get(task_id)).state == "paused"
    assert (await cluster.client.get(photos[1])).command_reason == "the disk is full"
    assert (await cluster.client.get(other)).state == "pending"
    await expect(page.get_by_role("toolbar")).to_have_count(0)
    # A stream that is given up for another one is listed as aborted.
    assert not [one for one in browser_page.complaints if "ERR_ABORTED" not in one]


async def test_dialogs_for_many_tasks_are_used_by_the_keyboard_alone(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when a dialog or a menu leaves the focus behind it, or nowhere after it has closed."""
    page = browser_page.page
    waiting = await cluster.client.submit("gated", delay=3600)
    await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks")
    await see_rows(page, 2)
    await expect(page.locator("tbody [data-state=running]")).to_be_visible(timeout=PATIENCE)
    for key in ("j", "x", "j", "x"):
        await page.keyboard.press(key)
    bar = page.get_by_role("toolbar")
    await expect(bar.get_by_role("button", name="Resume")).to_be_disabled()
    await bar.get_by_role("button", name="Pause").focus()
    await page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Pause 2 tasks")
    await expect(sheet.get_by_role("button", name="Back")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(bar.get_by_role("button", name="Pause")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(sheet.get_by_role("button", name="Back")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(sheet.get_by_role("button", name="Pause 2 tasks")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(sheet.get_by_text("2 of 2 accepted.")).to_be_visible(timeout=PATIENCE)
    await expect(sheet.get_by_role("button", name="Close")).to_be_focused(timeout=PATIENCE)
    await page.keyboard.press("Enter")
    await expect(page.locator("a.lead:focus")).to_contain_text(waiting[-8:])
    await expect(page.locator("tbody [data-state=paused]")).to_have_count(2, timeout=PATIENCE)

    await page.goto(f"{cluster.url}/tasks?type=gated&state=pending")
    await page.get_by_label("Keep this list").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Name of the list")).to_be_focused()
    await page.keyboard.type("gs lim")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="gs lim")).to_be_focused()
    assert not browser_page.faults()


async def test_failed_tasks_are_found_by_the_message_of_their_error(
    cluster: ConsoleCluster, browser_page: WatchedPage, tmp_path: Path
):
    """Fails when only a fingerprint finds an error, or when the reader sees the fingerprint instead of the message."""
    page = browser_page.page
    await cluster.start_executor(
        "faulty", "-m", "tests.browser.faulty_executor", str(tmp_path / "mended"), runs="fragile"
    )
    for config in ({"record": 7}, {"record": 8}, {}):
        await cluster.client.wait(await cluster.client.submit("fragile", config), timeout=60)
    await page.goto(f"{cluster.url}/tasks")
    await see_rows(page, 3)
    field = page.get_by_role("combobox", name="Add to the filter")
    await field.fill("error:no such words")
    await page.keyboard.press("Enter")
    await see(page, "No failed task has an error with this text in its message.")
    await field.fill("error:Record")
    await page.keyboard.press("Enter")
    choice = page.get_by_role("group", name="Several errors have this text. Choose one:")
    await expect(choice.get_by_role("button").first).to_be_focused(timeout=PATIENCE)
    await page.keyboard.press("Escape")
    await expect(field).to_be_focused()
    await field.fill("error:is broken")
    await page.keyboard.press("Enter")
    await see_rows(page, 2)
    await expect(page.get_by_role("list", name="The filter")).to_contain_text("is broken")
    await page.reload()
    await see_rows(page, 2)
    await expect(page.get_by_role("list", name="The filter")).to_contain_text("is broken", timeout=PATIENCE)
    assert not browser_page.faults()


async def test_refused_commands_are_named_and_tried_again(cluster: ConsoleCluster, browser_page: WatchedPage):
    page = browser_page.page
    task_id = await cluster.client.submit("gated", delay=3600)
    await page.goto(f"{cluster.url}/tasks")
    await see_rows(page, 1)
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.get_by_role("button", name="Cancel", exact=True).click()
    # The task changes after the question was asked: what was agreed to is not what is there.
    await cluster.client.update(task_id, priority=1)
    await page.get_by_role("button", name="Cancel 1 task").click()
    await expect(page.get_by_text("The task has changed since you looked.")).to_be_visible(timeout=PATIENCE)
    await page.get_by_role("button", name="Try the one again").click()
    await expect(page.get_by_text("1 of 1 accepted.")).to_be_visible(timeout=PATIENCE)
    assert (await cluster.client.get(task_id)).state == "cancelled"


async def test_rows_stay_where_they_are_until_the_reader_asks(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when a row vanishes or moves by itself, or when a new task is not offered."""
    page = browser_page.page
    first = await cluster.client.submit("gated", delay=3600)
    await page.goto(f"{cluster.url}/tasks?state=pending")
    await see_rows(page, 1)
    second = await cluster.client.submit("gated", delay=3600)
    await expect(page.get_by_role("button", name="1 new")).to_be_visible(timeout=PATIENCE)
    await cluster.client.pause(first)
    await expect(page.locator("tr.row.gone [data-state=paused]")).to_be_visible(timeout=PATIENCE)
    await see_rows(page, 1)
    await page.get_by_role("button", name="1 new").click()
    await expect(page.locator("tbody a.lead")).to_contain_text(second[-8:], timeout=PATIENCE)
    await see_rows(page, 1)


async def test_list_is_walked_by_keys_and_its_tasks_opened_one_after_the_other(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    page = browser_page.page
    older = await cluster.client.submit("gated", delay=3600)
    newer = await cluster.client.submit("gated", delay=3600)
    await page.goto(f"{cluster.url}/tasks")
    await see_rows(page, 2)
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await expect(page.locator("a.lead:focus")).to_contain_text(newer[-8:])
    await page.keyboard.press("Space")
    await expect(page.get_by_role("complementary", name="A look at the task")).to_contain_text(newer[-8:])
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/tasks/{newer}", timeout=PATIENCE)
    await expect(page.get_by_text(newer[-8:]).first).to_be_visible(timeout=PATIENCE)
    await page.keyboard.press("]")
    await page.wait_for_url(f"**/tasks/{older}", timeout=PATIENCE)
    await page.keyboard.press("[")
    await page.wait_for_url(f"**/tasks/{newer}", timeout=PATIENCE)

    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="Page, task type, task id or text").fill(older)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/tasks/{older}", timeout=PATIENCE)


async def test_frozen_log_goes_on_where_it_stood_and_the_simple_view_is_never_frozen(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when lines are missing or stand twice afterwards, or when the simple view, without a key, stands still."""
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks/{task_id}")
    cluster.allow(3)
    await see(page, "step 3", exact=True)
    await page.keyboard.press(".")
    frozen = page.get_by_role("button", name=re.compile("Frozen since"))
    await expect(frozen).to_be_visible()
    cluster.allow(9)
    other = await page.context.new_page()
    await other.goto(f"{cluster.url}/tasks/{task_id}")
    await see(other, "step 9", exact=True)
    await expect(page.get_by_text("step 9", exact=True)).to_have_count(0)
    await frozen.click()
    await see(page, "step 9", exact=True)
    for step in range(1, 10):
        await expect(page.get_by_text(f"step {step}", exact=True)).to_have_count(1)

    await page.keyboard.press(".")
    await expect(frozen).to_be_visible()
    await page.get_by_role("link", name="Simple view").click()
    await see(page, "56 %")
    cluster.allow(15)
    await see(page, "80 %")


async def test_frozen_page_stands_still_and_misses_nothing(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks/{task_id}")
    state = page.locator(".header [data-state]").first
    await expect(state).to_have_attribute("data-state", "running", timeout=PATIENCE)
    await page.keyboard.press(".")
    await expect(page.get_by_role("button", name=re.compile("Frozen since"))).to_be_visible()
    cluster.allow(20)
    await cluster.client.wait(task_id, timeout=60)
    # Its end arrives within a moment where nothing is frozen: a second page shows it.
    other = await page.context.new_page()
    await other.goto(f"{cluster.url}/tasks/{task_id}")
    await expect(other.locator(".header [data-state=completed]")).to_be_visible(timeout=PATIENCE)
    await expect(state).to_have_attribute("data-state", "running")
    await page.bring_to_front()
    await page.keyboard.press(".")
    await expect(state).to_have_attribute("data-state", "completed", timeout=PATIENCE)


async def test_task_is_submitted_again_with_every_number_as_it_was(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when a number of a config is rounded on its way through the browser."""
    page = browser_page.page
    config = {"big": 12345678901234567890, "name": "photos"}
    task_id = await cluster.client.submit("gated", config, labels={"team": "photos"}, delay=3600)
    await page.goto(f"{cluster.url}/tasks/{task_id}")
    await page.get_by_role("button", name="More actions").click(timeout=PATIENCE)
    await page.get_by_text("Submit again").click()
    await expect(page.get_by_text("Filled in from task")).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_label("Config as JSON")).to_contain_text(
        "12345678901234567890", timeout=PATIENCE
    )
    await page.get_by_role("button", name="Submit and watch").click()
    await page.wait_for_url(re.compile(r"/tasks/(?!" + task_id + ")"), timeout=PATIENCE)
    again = await cluster.client.get(page.url.rsplit("/", 1)[1])
    assert (again.config, again.labels) == (config, {"team": "photos"})


async def test_submitted_task_is_named_and_empty_labels_are_not_counted(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    page = browser_page.page
    await page.goto(f"{cluster.url}/submit?type=gated")
    fold = page.locator("summary", has_text="Title, priority, queue, start time, labels")
    await fold.click()
    await page.get_by_role("button", name="Add a label").click()
    await expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    await expect(fold).not_to_contain_text("given")
    await page.get_by_role("textbox", name="Value", exact=True).fill("photos")
    await expect(fold).to_contain_text("1 given")
    await page.get_by_role("button", name="Remove this label").click()
    await page.get_by_label("Title", exact=True).fill("the first")
    await page.get_by_role("button", name="Submit", exact=True).click()
    link = page.get_by_role("status").get_by_role("link", name="the first")
    await expect(link).to_be_visible(timeout=PATIENCE)
    [task] = [task async for task in cluster.client.list()]
    await expect(link).to_contain_text(task.task_id[-8:])
    assert not browser_page.faults()


async def test_width_of_a_column_is_chosen_and_remembered(cluster: ConsoleCluster, browser_page: WatchedPage):
    page = browser_page.page
    await cluster.client.submit("gated", delay=3600)
    await page.goto(f"{cluster.url}/tasks")
    await see_rows(page, 1)
    head = page.get_by_role("columnheader", name="Submitted")

    async def width() -> float:
        box = await head.bounding_box()
        assert box is not None
        return box["width"]

    before = await width()
    await page.get_by_role("separator", name="Width of the column Submitted").focus()
    for _ in range(3):
        await page.keyboard.press("ArrowRight")
    assert await width() == pytest.approx(before + 48, abs=1)
    await page.reload()
    await see_rows(page, 1)
    assert await width() == pytest.approx(before + 48, abs=1)
    await page.get_by_label("Columns").click()
    await page.get_by_role("button", name="Widths as at the beginning").click()
    assert await width() == pytest.approx(before, abs=1)
    assert not browser_page.faults()

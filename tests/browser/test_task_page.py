"""The page of one task, as a person sees it."""

from __future__ import annotations

import signal

import pytest
from playwright.async_api import expect

from tests.browser.clusters import ConsoleCluster
from tests.browser.seeing import PATIENCE, is_marked, mark, see_percent, see_state
from tests.browser.watched_page import WatchedPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RECORD_STATES = """() => {
  window.seenStates = []
  const note = () => {
    const state = document.querySelector('.header [data-state]')?.dataset.state
    if (state && state !== window.seenStates.at(-1)) window.seenStates.push(state)
  }
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true })
  note()
}"""
"""Notes every state that the page of a task shows from now on."""


async def test_task_is_followed_from_its_list_to_its_end_without_a_reload(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks")
    await page.get_by_role("link", name="gated").click()
    await see_state(page, "running")
    await mark(page)

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
    assert await is_marked(page), "the page was loaded again"
    assert not browser_page.faults()


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


async def test_silent_scheduler_is_said_once_on_every_page_and_never_blamed_on_the_gateway(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when an operator looks at the gateway, or takes old values for live ones."""
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    paths = ("/", "/tasks", f"/tasks/{task_id}", "/queues", "/executors", "/health", "/submit")
    line = page.locator("[data-silent=scheduler]")
    try:
        for path in paths:
            await page.goto(cluster.url + path)
            await expect(page.locator("h1").first).to_be_attached(timeout=PATIENCE)
            if path == f"/tasks/{task_id}":
                await see_state(page, "running")
            cluster.scheduler.send(signal.SIGSTOP)
            await expect(line).to_contain_text("The scheduler does not answer", timeout=PATIENCE)
            await expect(page.locator(".problem")).to_have_count(0)
            await expect(page.get_by_text("The gateway does not answer")).to_have_count(0)
            cluster.scheduler.send(signal.SIGCONT)
            await expect(line).to_have_count(0, timeout=PATIENCE)
    finally:
        cluster.scheduler.send(signal.SIGCONT)


async def test_page_goes_on_after_the_gateway_was_killed(cluster: ConsoleCluster, browser_page: WatchedPage):
    page = browser_page.page
    task_id = await cluster.client.submit("gated")
    await page.goto(f"{cluster.url}/tasks/{task_id}")
    await see_state(page, "running")
    await cluster.gateway.kill()
    await expect(page.get_by_text("The gateway does not answer")).to_be_visible(timeout=PATIENCE)
    cluster.allow(20)
    await cluster.client.wait(task_id, timeout=60)
    await cluster.gateway.start()
    await see_state(page, "completed")


async def test_two_browsers_show_the_same_changes_in_the_same_order(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when one of two people who watch a task is left behind, or sees a state that never was."""
    browser = browser_page.page.context.browser
    assert browser
    stranger = await browser.new_context()
    pages = [browser_page.page, await stranger.new_page()]
    task_id = await cluster.client.submit("gated")
    for page in pages:
        await page.goto(f"{cluster.url}/tasks/{task_id}")
        await see_state(page, "running")
        await page.evaluate(RECORD_STATES)

    await cluster.client.pause(task_id)
    for page in pages:
        await see_state(page, "paused")
    await cluster.client.resume(task_id)
    for page in pages:
        await see_state(page, "running")
    cluster.allow(20)
    for page in pages:
        await see_state(page, "completed")
        # A browser draws once a frame, so it may leave out a state that has passed by then.
        seen = [state for state in await page.evaluate("window.seenStates") if state != "queued"]
        assert seen == ["running", "paused", "running", "completed"]


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

"""The pages around the tasks: submit, executors, queues and types, overview; as a person uses them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.clusters import ConsoleCluster
from tests.browser.seeing import PATIENCE, see
from tests.browser.watched_page import WatchedPage
from tests.support.conditions import eventually
from tests.support.processes import ChildProcess, Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
async def greeter(cluster: ConsoleCluster, processes: Processes) -> ChildProcess:
    """An executor of the example `hello`, whose config has a required text."""
    executor = processes.python("greeter", "examples/hello.py", ASYNCTASK_ADDRESS=cluster.scheduler.address)
    executor.spawn()

    async def is_registered() -> bool:
        return any(one.name == "hello" for one in await cluster.client.task_types())

    await eventually(is_registered)
    return executor


async def test_task_is_submitted_by_the_form_once_and_appears_on_the_overview(
    cluster: ConsoleCluster, greeter: ChildProcess, browser_page: WatchedPage
):
    """Fails when an error does not reach its field, or when a double click makes two tasks."""
    page = browser_page.page
    await page.goto(f"{cluster.url}/submit?type=hello")
    name = page.get_by_label("name", exact=True)
    await page.get_by_role("button", name="Submit and watch").click()
    await see(page, "Is required.")
    await expect(name).to_be_focused()

    await page.get_by_label("Config as JSON").fill('{"name": "you", "times": 2, "pause_s": 0.10}')
    await expect(name).to_have_value("you")
    await page.get_by_label("times", exact=True).fill("many")
    await page.get_by_role("button", name="Submit", exact=True).click()
    await see(page, 'Must be a whole number; got "many".')

    await page.get_by_label("times", exact=True).fill("2")
    await page.get_by_role("button", name="Submit and watch").dblclick()
    await page.wait_for_url("**/tasks/*", timeout=PATIENCE)
    (task_id,) = [task.task_id async for task in cluster.client.list(task_types=["hello"])]
    assert page.url == f"{cluster.url}/tasks/{task_id}"
    assert (await cluster.client.get(task_id)).config == {"name": "you", "times": 2, "pause_s": 0.1}

    await page.goto(cluster.url)
    await see(page, "All is well.")
    completed = page.locator("section", has_text="Completed last")
    await expect(completed.get_by_role("link", name="hello")).to_be_visible(timeout=PATIENCE)


async def test_executor_is_drained_after_a_question(
    cluster: ConsoleCluster, greeter: ChildProcess, browser_page: WatchedPage
):
    """Fails when the page needs a reload to show that an executor has gone."""
    page = browser_page.page
    await page.goto(f"{cluster.url}/executors?type=hello")
    card = page.locator("article", has_text="hello")
    await card.get_by_role("button", name="Drain").click()
    dialog = page.locator("form", has_text="It takes no new task")
    await dialog.get_by_role("button", name="Drain", exact=True).click()
    await expect(card).to_have_count(0, timeout=PATIENCE)
    # An executor without tasks may be gone before the page has seen that it drains.
    went = page.get_by_text(re.compile("Drained, and ended|Stopped in order"))
    await expect(went).to_be_visible(timeout=PATIENCE)

    await page.goto(f"{cluster.url}/types/hello")
    await see(page, "No executor runs it now.")
    await see(page, "A failed attempt is tried again up to 2 times")
    waiting = await cluster.client.submit("hello", {"name": "you"})
    # One fact is said, and is as bad, on each page.
    for path in ("/queues", "/tasks?state=queued"):
        await page.goto(cluster.url + path)
        await see(page, "No executor runs it in this queue.")
    await page.goto(f"{cluster.url}/health")
    await see(page, "1 task waits, but no executor runs it: hello.")
    await expect(page.locator("[data-check=executors]")).to_have_attribute("data-level", "attention")
    await page.goto(cluster.url)
    await see(page, "Tasks wait, but no executor runs their type: hello.")
    await expect(page.locator("[data-mood=watch]")).to_be_visible()
    await cluster.client.cancel(waiting)
    # A page that is left gives up what it still asks for.
    assert not browser_page.faults()


async def test_health_says_what_is_wrong_and_what_to_do_without_a_reload(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when the page needs a reload to tell that a store or a replica is away, or to find drift."""
    page = browser_page.page
    await page.goto(cluster.url)
    await page.keyboard.press("g")
    await page.keyboard.press("h")
    await see(page, "All is well.")
    await expect(page.locator("[data-check]")).to_have_count(9)
    await expect(page.locator("tbody", has_text="Scheduler").first).to_contain_text(cluster.scheduler.address)
    await page.get_by_role("button", name="Look for drift").click()
    await see(page, "Redis and the registry agree.")
    assert not [one for one in browser_page.complaints if "ERR_ABORTED" not in one]

    await cluster.registry.kill()
    worst = page.locator("[data-check]").first
    await expect(worst).to_have_attribute("data-level", "broken", timeout=PATIENCE)
    await see(page, "Start a registry, or look into the log of the one that should run.")
    await expect(page.get_by_role("img", name="Something is wrong")).to_be_visible()
    await cluster.registry.start()
    await see(page, "All is well.")


async def test_phone_has_a_bar_of_four_and_the_other_pages_behind_more(
    cluster: ConsoleCluster, browser_page: WatchedPage
):
    """Fails when a page cannot be reached on a phone, or when its sheet stays open over the page."""
    page = browser_page.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"{cluster.url}/tasks")
    bar = page.get_by_role("navigation", name="Pages")
    more = bar.locator("summary")
    await expect(bar.get_by_role("link")).to_have_count(3, timeout=PATIENCE)
    await more.click()
    await expect(bar.get_by_role("link")).to_have_text(
        ["Overview", "Tasks", "Submit", "Executors", "Queues", "Health", "API"]
    )
    await page.keyboard.press("Escape")
    await expect(bar.get_by_role("link")).to_have_count(3)
    await expect(more).to_be_focused()
    await page.keyboard.press("Enter")
    await bar.get_by_role("link", name="Queues").click()
    await see(page, "Queues and types")
    await expect(bar.get_by_role("link")).to_have_count(3)
    assert not browser_page.faults()


async def test_reference_sends_a_request_from_the_page(cluster: ConsoleCluster, browser_page: WatchedPage):
    """Fails when a person cannot try the API out where it is described."""
    page = browser_page.page
    await page.goto(f"{cluster.url}/reference")
    operation = page.locator(".opblock", has=page.locator("[data-path='/api/v1/task_types']")).first
    await operation.locator(".opblock-summary-control").click(timeout=PATIENCE)
    await operation.get_by_role("button", name="Execute").click(timeout=PATIENCE)
    answer = operation.locator(".live-responses-table")
    await expect(answer.locator(".response-col_status").last).to_contain_text("200", timeout=PATIENCE)
    await expect(answer).to_contain_text('"gated"', timeout=PATIENCE)
    assert not browser_page.faults()


async def test_backup_of_a_mistyped_folder_is_changed_and_submitted_again(
    cluster: ConsoleCluster, tmp_path: Path, browser_page: WatchedPage
):
    """Fails when the first button after such a failure is a restart, which fails again, or the form shows JSON."""
    page = browser_page.page
    await page.goto(f"{cluster.url}/submit?type=backup_file")
    await cluster.start_backups("nas")
    await expect(page.get_by_label("Source folder", exact=True)).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_role("button", name="As the last one")).to_have_count(0)
    await page.get_by_label("Source folder", exact=True).fill(str(tmp_path / "nowhere"))
    await page.get_by_label("Destination folder", exact=True).fill(str(tmp_path / "copy"))
    await page.locator("summary", has_text="optional settings").click()
    mounted = page.get_by_role("radiogroup", name="Wait for disks")
    await mounted.get_by_text("A list").click()
    await page.get_by_role("textbox", name="Wait for disks").fill("/")
    await expect(page.get_by_label("Config as JSON")).to_contain_text('"must_be_mounted"')
    await mounted.get_by_text("No", exact=True).click()
    await expect(page.get_by_role("textbox", name="Wait for disks")).to_have_count(0)
    await page.get_by_role("button", name="Submit and watch").click()
    await see(page, "SOURCE_MISSING", exact=True)
    await expect(page.get_by_text("SourceMissing").filter(visible=True)).to_have_count(0)
    first = page.locator(".header .n-button--primary-type")
    await expect(first).to_have_text("Submit again with changes…")
    await first.click()
    await expect(page.get_by_label("Source folder", exact=True)).to_have_value(str(tmp_path / "nowhere"))
    assert not browser_page.faults()

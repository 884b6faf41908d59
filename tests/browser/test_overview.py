"""The overview and a type's page: what needs a person, and what happened over time."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, Route, expect

import asynctask
from asynctask import Context, Executor, TaskType
from tests.browser.clusters import ConsoleCluster
from tests.browser.watched_page import WatchedPage
from tests.integration.sdk.loopback import running_executor
from tests.support.conditions import eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 60_000
"""Milliseconds. A busy machine may take its time; what never comes is a fault."""


class Reports:
    """Tasks of this type fail while the disk is full."""

    def __init__(self) -> None:
        self.is_disk_full = True
        self.kind = TaskType("report", config=int)

        @self.kind.stage
        async def write(ctx: Context[int], number: int) -> None:
            if self.is_disk_full:
                raise asynctask.Fail(f"cannot write {number}.pdf: no space left")


@pytest.fixture
async def reports(cluster: ConsoleCluster) -> AsyncIterator[Reports]:
    reports = Reports()
    async with running_executor(Executor([reports.kind], address=cluster.scheduler.address)):

        async def is_registered() -> bool:
            return any(one.name == "report" for one in await cluster.client.task_types())

        await eventually(is_registered)
        yield reports


async def fail(cluster: ConsoleCluster, tasks: int) -> list[str]:
    ids = [await cluster.client.submit("report", number) for number in range(tasks)]
    for task_id in ids:
        await cluster.client.wait(task_id)
    return ids


def count_of(page: Page, state: str) -> Locator:
    return page.locator(f"[data-state={state}] b")


async def test_failures_of_a_kind_are_restarted_together_without_a_reload(
    cluster: ConsoleCluster, reports: Reports, browser_page: WatchedPage
):
    """Fails when the page shows what has failed only after a reload, or says "restarted" of what was refused."""
    page = browser_page.page
    await page.goto(cluster.url)
    await expect(page.get_by_text("All is well.")).to_be_visible(timeout=PATIENCE)
    ids = await fail(cluster, 3)
    group = page.locator("li", has_text="no space left")
    await expect(group).to_contain_text("3 ×", timeout=PATIENCE)
    await expect(page.get_by_text("3 tasks failed, the last one")).to_be_visible()
    await expect(count_of(page, "failed")).to_have_text("3")

    await group.get_by_role("link", name="Show all 3").click()
    await page.wait_for_url("**/tasks?state=failed&type=report&error_fingerprint=*")
    await page.go_back()  # a page that is left gives up what it still asks for

    reports.is_disk_full = False
    await group.get_by_role("button", name="Restart all 3").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Reason").fill("more space")
    await dialog.get_by_role("button", name="Restart all 3").click()
    await expect(dialog).to_contain_text("3 of 3 restarted.", timeout=PATIENCE)
    for task_id in ids:
        await expect(dialog.get_by_role("link", name=task_id[-8:])).to_be_visible()
    await dialog.get_by_role("button", name="Close").click()
    await expect(page.get_by_text("All is well.")).to_be_visible(timeout=PATIENCE)
    await expect(group).to_have_count(0)
    await expect(count_of(page, "completed")).to_have_text("3")
    assert [(await cluster.client.get(task_id)).state for task_id in ids] == ["completed"] * 3
    assert not [one for one in browser_page.complaints if "ERR_ABORTED" not in one]


async def test_refused_restart_is_said_for_its_task(
    cluster: ConsoleCluster, reports: Reports, browser_page: WatchedPage
):
    page = browser_page.page
    first, _ = await fail(cluster, 2)

    async def refuse(route: Route) -> None:
        await route.fulfill(
            status=412,
            content_type="application/problem+json",
            body=json.dumps({"reason": "VERSION_CHANGED", "detail": "changed", "status": 412}),
        )

    await page.route(f"**/tasks/{first}/restart", refuse)
    await page.goto(f"{cluster.url}/types/report")
    await page.get_by_role("button", name="Restart all 2").click(timeout=PATIENCE)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Restart all 2").click()
    await expect(dialog).to_contain_text("1 of 2 restarted. 1 refused.", timeout=PATIENCE)
    refused = dialog.locator("li", has_text=first[-8:])
    await expect(refused).to_contain_text("The task has changed since you looked.")


async def test_curves_share_a_crosshair_that_keys_move(
    cluster: ConsoleCluster, reports: Reports, browser_page: WatchedPage
):
    """Fails when a reader without a mouse cannot read the values, or when the range is not in the URL."""
    page = browser_page.page
    reports.is_disk_full = False
    await fail(cluster, 2)
    await page.goto(f"{cluster.url}/types/report")
    curves = page.locator("section", has_text="Over time")
    await expect(curves).to_contain_text("2 completed, 0 failed. 100 % succeeded.", timeout=PATIENCE)
    tasks, runs = (curves.get_by_role("slider", name=name) for name in ("Tasks", "Run time"))
    await tasks.focus()
    await page.keyboard.press("ArrowLeft")
    await expect(tasks).to_have_attribute("aria-valuetext", re.compile("Completed 2, Submitted 2, Failed 0$"))
    last = await tasks.get_attribute("aria-valuemax")
    await expect(tasks).to_have_attribute("aria-valuenow", str(last))
    await expect(runs).to_have_attribute("aria-valuenow", str(last))
    await page.keyboard.press("Home")
    await expect(runs).to_have_attribute("aria-valuenow", "0")
    await expect(curves.locator("table caption").first).to_have_text("Tasks")

    await curves.get_by_text("7 days").click()
    await page.wait_for_url("**/types/report?range=7d")
    await expect(curves).to_contain_text("One point is 2 h.", timeout=PATIENCE)
    await tasks.focus()
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/tasks?submit_time_start=*&submit_time_end=*&type=report")
    assert not [one for one in browser_page.complaints if "ERR_ABORTED" not in one]

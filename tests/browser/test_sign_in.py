"""A gateway that asks for its token."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.browser.clusters import BareCluster, bare_cluster
from tests.browser.seeing import PATIENCE, see
from tests.browser.watched_page import WatchedPage
from tests.support.processes import Processes

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOKEN = "a token of a gateway in a test, long enough"


@pytest.fixture
async def guarded_cluster(
    processes: Processes, postgres_url: str, redis_url: str
) -> AsyncIterator[BareCluster]:
    async with bare_cluster(processes, postgres_url, redis_url, TOKEN=TOKEN) as cluster:
        yield cluster


async def test_person_signs_in_once_and_comes_to_the_page_that_was_asked_for(
    guarded_cluster: BareCluster, browser_page: WatchedPage
):
    page = browser_page.page
    await page.goto(f"{guarded_cluster.url}/queues")
    token = page.get_by_label("Token", exact=True)
    sign_in = page.get_by_role("button", name="Sign in")
    await token.fill(TOKEN[::-1])
    await sign_in.click()
    await see(page, "This is not the token of this gateway.")
    await token.fill(TOKEN)
    await sign_in.click()
    await expect(page).to_have_url(f"{guarded_cluster.url}/queues", timeout=PATIENCE)
    await see(page, "Queues and types")
    await page.reload()
    await see(page, "Queues and types")

    other = await page.context.new_page()
    await other.goto(f"{guarded_cluster.url}/executors")
    await see(other, "No executors", exact=True)
    await page.get_by_role("button", name="Sign out").click()
    await expect(token).to_be_visible(timeout=PATIENCE)
    # Its stream would go on without a session, and the page would show what it tells.
    await expect(other.get_by_label("Token", exact=True)).to_be_visible(timeout=PATIENCE)
    assert not browser_page.faults(expected="401")

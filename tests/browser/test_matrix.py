"""Every page in every language, theme and width: nothing broken, cut off or out of reach.

A plain run sees each page once, in a look that changes from page to page; `--browser-matrix` sees each in every look.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.accessibility import grave_findings
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.console_pages import CONSOLE_PAGES, ConsolePage
from tests.browser.looks import EVERY_LOOK, Look
from tests.browser.pictures import PictureBook
from tests.browser.seeing import PATIENCE, see
from tests.browser.showcase import Showcase, showcase
from tests.browser.watched_page import WatchedPage
from tests.support.processes import Processes
from tests.support.stores import Stores

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each page and look that this run sees."""
    config = metafunc.config
    seen: list[tuple[ConsolePage, Look]] = []
    for place, page in enumerate(CONSOLE_PAGES):
        if config.getoption("--browser-matrix"):
            seen += [(page, look) for look in EVERY_LOOK]
        elif config.getoption("--browser-pictures") and page.is_documented:
            seen.append((page, Look()))
        else:
            seen.append((page, EVERY_LOOK[place % len(EVERY_LOOK)]))
    metafunc.parametrize(("shown", "look"), seen, ids=[f"{page.name}-{look}" for page, look in seen])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, stores: Stores, module_postgres_url: str
) -> AsyncIterator[Showcase]:
    folder = tmp_path_factory.mktemp("showcase")
    processes = Processes(folder)
    try:
        async with showcase(processes, module_postgres_url, stores.redis().url, folder) as built:
            yield built
    finally:
        processes.clean_up()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


async def test_page_is_whole_and_can_be_used_by_everybody(
    house: Showcase, browser: Browser, pictures: PictureBook, shown: ConsolePage, look: Look
):
    """Fails at an error or failed request, at a page wider than its window, and at what axe calls serious."""
    context = await browser.new_context(**look.context)
    watched = WatchedPage(await context.new_page())
    watched.watch()
    page = watched.page
    try:
        await page.goto(
            (house.guarded_url if shown.is_guarded else house.url) + shown.path.format(**house.tasks)
        )
        await shown.then(page)
        await see(page, shown.shows[look.language == "zh"])
        await is_drawn(page)
        await pictures.take(page, f"{shown.name}-{look}")
        if shown.is_documented and look == Look():
            await pictures.document(page, shown.name)
        assert not watched.faults(expected=shown.refused)
        assert await overhang(page) == 0, "the page is wider than its window"
        assert not await cut_counts(page), "a word of the counts runs over its cell"
        findings = await grave_findings(page)
        assert not findings, "\n".join(findings)
    finally:
        await context.close()


async def is_drawn(page: Page) -> None:
    """Wait until no part of the page is a shape of what is still loaded."""
    shapes = page.locator("[aria-label='Loading'], [aria-label='正在加载']")
    await expect(shapes).to_have_count(0, timeout=PATIENCE)


async def cut_counts(page: Page) -> list[str]:
    """Cells of counts whose words do not fit."""
    return await page.evaluate(
        "[...document.querySelectorAll('.counts a')].filter((one) => one.scrollWidth > one.clientWidth)"
        ".map((one) => one.innerText)"
    )


async def overhang(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

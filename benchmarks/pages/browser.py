"""Pages in headless Chromium: when each paints first, and when it shows what it was opened for."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LOOKS = 3
SHOWN_WITHIN_MS = 30_000
SHOWN = """
() => new Promise((resolve) => {
  const look = () => {
    const main = document.querySelector('main')
    const isLoading = main?.querySelector('[role=status][aria-label]')
    if (main?.innerText.trim() && !isLoading) resolve(performance.now())
    else requestAnimationFrame(look)
  }
  look()
})
"""
"""When the page has content, and no shape stands for what is being loaded."""
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass(frozen=True, slots=True)
class PagePaint:
    """Milliseconds from the begin of the navigation: medians of several looks, each without a cache."""

    first_paint_ms: float
    shown_ms: float


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser until the end of the block."""
    async with async_playwright() as playwright:
        # Everything is local and ours; a sandbox needs rights that a container does not have.
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


async def paints(browser: Browser, url: str, pages: Mapping[str, str]) -> dict[str, PagePaint]:
    """Open each page as somebody who was never there."""
    await _look(browser, f"{url}/")  # the browser's own first page costs more than any other
    found: dict[str, PagePaint] = {}
    for name, path in pages.items():
        looks = [await _look(browser, url + path) for _ in range(LOOKS)]
        found[name] = PagePaint(*(statistics.median(one) for one in zip(*looks, strict=True)))
    return found


async def _look(browser: Browser, url: str) -> tuple[float, float]:
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    try:
        page = await context.new_page()
        page.set_default_timeout(SHOWN_WITHIN_MS)
        await page.goto(url, wait_until="commit")
        shown_ms = float(await page.evaluate(SHOWN))
        painted = await page.wait_for_function(FIRST_PAINT)  # waits until it is not 0
        return float(await painted.json_value()), shown_ms
    finally:
        await context.close()

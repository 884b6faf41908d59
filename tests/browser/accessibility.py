"""What axe finds on a page that keeps people from using it."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

GRAVE = {"serious", "critical"}


async def grave_findings(page: Page) -> list[str]:
    """One line per element and rule whose impact axe calls serious or critical."""
    answer = await Axe().run(page)
    return [
        f"{finding['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for finding in answer.response["violations"]
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]

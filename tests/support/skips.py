"""Why tests were skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest


def skip_reasons(reports: Iterable[pytest.TestReport]) -> Counter[str]:
    """How many tests each reason skipped."""
    return Counter(_reason(report) for report in reports)


def _reason(report: pytest.TestReport) -> str:
    where = report.longrepr
    text = str(where[2]) if isinstance(where, tuple) else str(where)
    return " ".join(text.removeprefix("Skipped: ").split())

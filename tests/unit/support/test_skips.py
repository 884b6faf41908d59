"""The summary of skipped tests."""

import pytest

from tests.support.skips import skip_reasons


def a_skip(reason: str, line: int) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid=f"t.py::{line}",
        location=("t.py", line, "t"),
        keywords={},
        outcome="skipped",
        longrepr=("t.py", line, f"Skipped: {reason}"),
        when="setup",
    )


def test_skips_are_counted_by_reason():
    reports = [a_skip("needs root", 1), a_skip("needs root", 2), a_skip("no\n  rsync", 3)]
    assert skip_reasons(reports) == {"needs root": 2, "no rsync": 1}

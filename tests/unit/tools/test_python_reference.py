"""The reference of the SDK leaves no public name out, and reads without the source beside it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import asynctask
from asynctask import blocking, errors, testing

PAGE = (Path(__file__).parents[3] / "docs" / "python.md").read_text("utf-8")


def test_every_public_name_has_its_place() -> None:
    headings = set(re.findall(r"^### (\S+)$", PAGE, re.MULTILINE))
    names = {name for name in asynctask.__all__ if not inspect.ismodule(getattr(asynctask, name))}
    assert names <= headings
    assert set(testing.__all__) <= headings
    assert {f"blocking.{name}" for name in blocking.__all__} <= headings
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert {name for name in errors.__all__ if name not in ("BY_REASON", "FieldViolation")} <= rows


def test_defaults_are_values_and_not_names_of_constants() -> None:
    assert not re.findall(r"=(?:limits\.)?[A-Z][A-Z_]{2,}\b", PAGE)


def test_fields_methods_and_errors_are_told() -> None:
    assert "| `max_attempts` | `int` | `3` |" in PAGE
    assert "#### Client.submit" in PAGE
    assert (
        "- `InvalidInput`: a name or number is out of its range, or the title is no template; every" in PAGE
    )

"""The list of planted faults fits this checkout."""

import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tools"))

tool: Any = importlib.import_module("mutants")
MUTANTS = tool.read_mutants()


def test_every_fault_has_its_one_place() -> None:
    """A guard that moved takes its fault along: whoever changes the line changes the list."""
    assert [fault for fault in map(tool.anchor_fault, MUTANTS) if fault] == []
    assert len(MUTANTS) >= 60


def test_every_fault_names_tests_that_are_there() -> None:
    missing: list[str] = []
    for mutant in MUTANTS:
        for test in mutant.tests:
            path, _, name = test.partition("::")
            function = name.partition("[")[0]
            text = (ROOT / path).read_text("utf-8") if (ROOT / path).is_file() else ""
            if not text or (function and f"def {function}(" not in text):
                missing.append(f"{mutant.name}: {test}")
    assert missing == []


def test_every_part_has_its_faults() -> None:
    paths = {mutant.path for mutant in MUTANTS}
    for folder in (
        "libs/core/",
        "services/registry/",
        "services/scheduler/",
        "services/executor_sdk/",
        "executors/nas/",
    ):
        assert any(path.startswith(folder) for path in paths), folder
    assert any(path.endswith(".lua") for path in paths)
    assert any(path.endswith(".sql") for path in paths)


def test_fault_is_planted_and_taken_back(tmp_path: Path) -> None:
    copy = tool.Copy(tmp_path)
    mutant = next(one for one in MUTANTS if one.path.endswith(".py"))
    planted = copy.root / mutant.path
    before = planted.read_text("utf-8")
    with copy.planted(mutant):
        assert planted.read_text("utf-8") == before.replace(mutant.old, mutant.new) != before
        assert (ROOT / mutant.path).read_text("utf-8") == before
    assert planted.read_text("utf-8") == before


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('old = "no such text", new = ""', "0 times, and not once: 'no such text'"),
        ('old = "e", new = ""', "and not once: 'e'"),
        ('old = "[project]", new = "[project]"', "changes nothing"),
    ],
)
def test_fault_that_cannot_be_planted_says_why(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "list.toml").write_text(
        f'["libs/core/pyproject.toml"]\none = {{{line}, law = "1", tests = "tests"}}\n', "utf-8"
    )
    (mutant,) = tool.read_mutants(tmp_path)
    assert says in tool.anchor_fault(mutant)


def test_slices_are_disjoint_and_whole() -> None:
    parts = [tool.chosen(MUTANTS, [], f"{number}/7", ci=False) for number in range(1, 8)]
    assert sorted(mutant.name for part in parts for mutant in part) == sorted(m.name for m in MUTANTS)


def test_unknown_name_is_refused() -> None:
    answer = subprocess.run(
        [sys.executable, "tools/mutants.py", "--list", "no-such-fault"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "no mutant's name begins with no-such-fault" in answer.stderr

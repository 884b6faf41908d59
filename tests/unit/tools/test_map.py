"""`./dev map` names every package, each with what it is for."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDERS = ("libs", "services", "executors")


def mapped(*words: str) -> list[str]:
    command = [sys.executable, str(ROOT / "tools" / "map.py"), *words]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line for line in found.splitlines() if line]


def test_every_package_says_what_it_is_for() -> None:
    """Fails when a package has no docstring: then a newcomer has no map of it."""
    lines = mapped()
    packages = [
        path.parent.name for folder in FOLDERS for path in ROOT.glob(f"{folder}/*/src/**/__init__.py")
    ]
    assert {line.split()[0].rsplit("/", 1)[-1] for line in lines} >= set(packages)
    assert [line for line in lines if len(line.split(maxsplit=1)) < 2] == []


def test_words_choose_modules_by_their_path() -> None:
    lines = mapped("core/lease.py")
    assert [line.split()[0] for line in lines] == ["libs/core/src/asynctask_core/lease.py"]


def test_words_choose_modules_by_what_they_are_for() -> None:
    assert any("_executor/executor_run.py" in line for line in mapped("Drains"))


def test_every_package_names_its_modules() -> None:
    """Fails when a module is missing in the docstring of its package: then a newcomer does not learn of it there."""
    missing: list[str] = []
    for init in (path for folder in FOLDERS for path in ROOT.glob(f"{folder}/*/src/**/__init__.py")):
        parts = [path for path in init.parent.iterdir() if _is_part(path)]
        named = ast.get_docstring(ast.parse(init.read_text("utf-8"))) or ""
        if len(parts) > 1 and "asynctask_protos" not in init.parts:
            missing += [str(part) for part in parts if not re.search(rf"(?<!\w){part.stem}(?!\w)", named)]
    assert missing == []


def _is_part(path: Path) -> bool:
    return (path / "__init__.py").exists() or (path.suffix == ".py" and not path.stem.startswith("__"))

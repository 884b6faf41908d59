"""Modules that a library imports at once and the command line does not use."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from asynctask_standalone.cli.deferred import deferred


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A library that imports a module which counts how often it was loaded."""
    (tmp_path / "slow_half.py").write_text(
        "import sys\nsys.slow_loads = getattr(sys, 'slow_loads', 0) + 1\nANSWER = 42\n"
    )
    (tmp_path / "quick_library.py").write_text("import slow_half\ndef ask():\n    return slow_half.ANSWER\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "slow_loads", 0, raising=False)
    for name in ("slow_half", "quick_library"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return "quick_library"


def loads() -> int:
    return vars(sys)["slow_loads"]


def test_deferred_module_is_loaded_once_it_is_used(library: str):
    with deferred("slow_half"):
        loaded = import_module(library)
    assert (loads(), "slow_half" in sys.modules) == (0, False)
    assert (loaded.ask(), loaded.ask(), loads()) == (42, 42, 1)


def test_module_that_is_used_while_its_library_is_loaded_is_the_real_one(library: str):
    with deferred("slow_half"):
        assert (import_module(library).ask(), loads()) == (42, 1)
    assert sys.modules["slow_half"].ANSWER == 42


def test_others_get_the_module_as_ever(library: str):
    with deferred("slow_half"):
        loaded = import_module(library)
    real = import_module("slow_half")
    assert type(real) is ModuleType
    assert (real.ANSWER, loaded.ask(), loads()) == (42, 42, 1)


def test_module_that_is_loaded_already_stays(library: str):
    real = import_module("slow_half")
    with deferred("slow_half"):
        assert import_module(library).slow_half is real
    assert sys.modules["slow_half"] is real

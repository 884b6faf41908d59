"""Names are matched as the destination has them; here one that takes accents apart, as macOS does."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from asynctask_nas.holds import NameRules
from asynctask_nas.names import NameTrials, folded, name_rules

COMPOSED, APART = "\u00e9tage".encode(), "e\u0301tage".encode()


@pytest.fixture
def decomposing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name that is given to the system is taken in its decomposed form."""
    for module, name in ((os, "open"), (os, "lstat"), (os, "unlink"), (os.path, "lexists")):
        real = getattr(module, name)

        def call(path: bytes, *more: object, _real: object = real) -> object:
            text = os.fsdecode(path)
            return _real(os.fsencode(unicodedata.normalize("NFD", text)), *more)  # type: ignore[operator]

        monkeypatch.setattr(module, name, call)


@pytest.mark.usefixtures("decomposing")
def test_form_in_which_names_are_listed_is_found_out(tmp_path: Path) -> None:
    rules = name_rules(os.fsencode(tmp_path))
    assert rules == NameRules(folds_forms=True, lists_otherwise=True)
    assert rules.folds


@pytest.mark.usefixtures("decomposing")
def test_name_that_is_listed_in_another_form_is_no_extra_and_twins_are_told(tmp_path: Path) -> None:
    """Fails when a copy whose name has another form is moved away as extra and copied again at every run."""
    folder = os.fsencode(tmp_path / "destination")
    os.mkdir(folder)
    os.close(os.open(folder + b"/" + COMPOSED, os.O_CREAT | os.O_WRONLY))
    listed = os.listdir(folder)
    assert listed == [APART]

    @contextmanager
    def scratch() -> Iterator[bytes]:
        (tmp_path / "scratch").mkdir()
        yield os.fsencode(tmp_path / "scratch")

    rules = NameRules(folds_forms=True, lists_otherwise=True)
    with NameTrials(rules, scratch) as names:
        found = names.match(folder, [COMPOSED, b"other"], listed)
        assert (found.spelled, found.problems) == ({COMPOSED: APART}, {})
        both = names.match(folder, [COMPOSED, APART], listed)
        assert both.problems.keys() == {COMPOSED}
        assert both.spelled == {}
    with NameTrials(NameRules()) as exact:
        assert exact.match(folder, [COMPOSED, APART], listed).problems == {}


def test_key_is_the_same_for_names_that_any_system_takes_for_one() -> None:
    for one, other in (
        (b"Docs", b"dOCS"),
        (COMPOSED, APART),
        (b"name. ", b"name"),
        ("stra\u00dfe".encode(), b"STRASSE"),
        ("\u212a".encode(), b"k"),
    ):
        assert folded(one) == folded(other)
    assert folded(b"a") != folded(b"b")
    assert folded(b"\xff") != folded(b"\xfe")

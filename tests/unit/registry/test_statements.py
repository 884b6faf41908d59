"""Reading SQL files."""

from __future__ import annotations

import pytest

from asynctask_registry.store.statements import QUERIES, parse


def test_names_become_numbers_in_the_order_of_the_head() -> None:
    statement = parse(
        "x", "-- Do it.\n-- @params b a\nSELECT :a::text, :b, ':c'::text IS NULL;".replace("':c'", "'c'")
    )
    assert statement.text == "/* x */ SELECT $2::text, $1, 'c'::text IS NULL"
    assert statement.bind({"a": 1, "b": 2}) == [2, 1]


def test_fragment_takes_the_place_of_its_name() -> None:
    statement = parse("x", "-- @params\nSELECT\n    {columns}\nFROM t", {"columns": "-- What.\na, b\n"})
    assert statement.text.split() == ["/*", "x", "*/", "SELECT", "a,", "b", "FROM", "t"]


@pytest.mark.parametrize(
    "source", ["SELECT 1", "-- @params a\nSELECT 1", "-- @params\nSELECT :a", "-- @params a a\nSELECT :a"]
)
def test_head_that_does_not_fit_its_body_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"x\.sql"):
        parse("x", source)


def test_values_that_do_not_fit_the_parameters_are_refused() -> None:
    statement = parse("x", "-- @params a b\nSELECT :a, :b")
    for values in ({"a": 1}, {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 2}):
        with pytest.raises(TypeError, match="x "):
            statement.bind(values)


def test_statements_know_whether_they_write() -> None:
    assert QUERIES["task_start"].writes
    assert not QUERIES["task_facts"].writes
    assert not QUERIES["task_walk"].writes


def test_every_statement_says_what_it_is_for_and_fits_a_screen() -> None:
    for name, statement in QUERIES.items():
        assert name.islower(), name
        assert len(statement.text.splitlines()) <= 80, name

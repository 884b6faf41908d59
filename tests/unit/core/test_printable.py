"""Text that others wrote, on a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asynctask_core.printable import escaped, indented, one_line

# What ends a line for somebody: terminals, editors, `str.splitlines`.
ENDS_OF_LINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, übel, 备份, 🗂️, e\u0301", "plain, übel, 备份, 🗂️, e\u0301"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nerror: b", "a\\nerror: b"),
        ("gpj\u202eexe", "gpj\\u202eexe"),
        ("a\u2028b\x85c", "a\\u2028b\\x85c"),
        ("a\tb\rc", "a\\tb\\rc"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("\udcff", "\\xff"),
        ("\ud800", "\\ud800"),
    ],
)
def test_text_of_others_is_one_line_that_shows_everything(text: str, shown: str):
    assert one_line(text) == shown


def test_lines_after_the_first_are_indented():
    assert indented("one\r\ntwo\n\tthree") == "one\n    two\n        three"
    assert indented("forged\u2028line") == "forged\\u2028line"


@given(st.text())
def test_no_text_commands_a_terminal_or_begins_a_line(text: str):
    line = one_line(text)
    assert not set(line) & set(ENDS_OF_LINES)
    assert len(line.splitlines()) <= 1
    assert not [sign for sign in line if unicodedata.category(sign) in ("Cc", "Zl", "Zp")]
    assert not [
        sign for sign in line if unicodedata.bidirectional(sign) in ("LRO", "RLO", "LRE", "RLE", "PDF", "RLI")
    ]
    assert all(one.startswith("    ") for one in indented(text).splitlines()[1:])


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M"])))
def test_visible_text_is_shown_as_it_is(text: str):
    assert escaped(text) == one_line(text) == indented(text) == text

"""Errors of one kind have one fingerprint, and errors of other kinds have others."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asynctask_core import error_fingerprint as fingerprints
from asynctask_core.error_fingerprint import error_fingerprint, kind_of_message
from asynctask_protos.task.v1.task_pb2 import Failure

SAME = [
    ("disk 1 is full", "disk 99 is full"),
    ("sda1 is gone", "sdb17 is gone"),
    (
        "no task has the id 0198c0de-0000-7000-8000-0000000000ff",
        "no task has the id 0192f0c1-7abc-7def-8123-00aa11bb22cc",
    ),
    ("at 0x7f3a2c00 in block deadbeefcafe", "at 0x00aa1100 in block ffeeddccbbaa"),
    (
        "[Errno 2] No such file or directory: '/srv/a b.txt'",
        "[Errno 2] No such file or directory: '/home/it's.jpg'",
    ),
    ("can't open 'holiday.jpg' or 'a'", "can't open 'it's me.jpg' or 'b'"),
    ('field "name" is missing', 'field "address" is missing'),
    ("no column `price`", "no column `amount`"),
    ("cannot read /data/photos/a.jpg: denied", "cannot read /mnt/b: denied"),
    (r"cannot read C:\Users\ada\a.txt, denied", r"cannot read D:\b, denied"),
    ("GET https://example.com/a?b=1 failed", "GET http://localhost:80/ failed"),
    ("took 1.5s, more than 1s", "took 12s, more than 3.25s"),
    ("missing: ['a', 'b', 'c']", "missing: ['x']"),
    ("lost items [1, 2, 3]", "lost items [44]"),
    ("10.0.0.1:5432 refused", "192.168.10.200:6379 refused"),
    ("2026-11-30T08:15:00Z is over", "2025-01-02T23:59:59Z is over"),
    ("找不到文件“照片.jpg”", "找不到文件“报告.pdf”"),
    ("a  b\n c", "a b c"),
]
OTHER = [
    ("disk 1 is full", "disk 1 is gone"),
    ("[Errno 2] No such file or directory: 'a'", "[Errno 13] Permission denied: 'a'"),
    ("", "x"),
    ("name is missing", "address is missing"),
    ("找不到文件", "磁盘已满"),
]


@pytest.mark.parametrize(("one", "another"), SAME)
def test_messages_that_differ_in_names_and_numbers_only_are_of_one_kind(one: str, another: str) -> None:
    assert kind_of_message(one) == kind_of_message(another)


@pytest.mark.parametrize(("one", "another"), OTHER)
def test_messages_that_say_something_else_are_of_other_kinds(one: str, another: str) -> None:
    assert kind_of_message(one) != kind_of_message(another)


def test_type_reason_and_class_of_the_error_belong_to_the_kind() -> None:
    base = Failure(reason="HANDLER_ERROR", error_type="OSError", message="full")
    found = {
        error_fingerprint("copy", base),
        error_fingerprint("move", base),
        error_fingerprint("copy", Failure(reason="DISK", error_type="OSError", message="full")),
        error_fingerprint("copy", Failure(reason="HANDLER_ERROR", error_type="IOError", message="full")),
    }
    assert len(found) == 4


def test_traceback_and_stage_do_not_count() -> None:
    base = Failure(reason="R", error_type="E", message="m")
    other = Failure(reason="R", error_type="E", message="m", traceback="line 7", stage="s", fingerprint="x")
    assert error_fingerprint("copy", base) == error_fingerprint("copy", other)


def test_fingerprints_never_change() -> None:
    """Fails when a change gives the errors that are stored another fingerprint: lists by it would miss them."""
    failure = Failure(reason="HANDLER_ERROR", error_type="OSError", message="disk 7 of '/srv' is full")
    assert error_fingerprint("backup_file", failure) == "5a7870d4adc9804e"


@given(st.text(), st.integers(min_value=0), st.integers(min_value=0))
def test_every_message_has_a_kind_and_numbers_do_not_count(text: str, one: int, another: int) -> None:
    assert kind_of_message(f"{text} {one}") == kind_of_message(f"{text} {another}")
    found = error_fingerprint("t", Failure(reason="r", message=text))
    assert len(found) == 16
    assert set(found) <= set("0123456789abcdef")


HOSTILE = (
    "'",
    '"',
    "a-",
    "//",
    "aaaaaaaaa",
    "1.",
    "“",
    "' ",
    " 'a'a",
    "«‘「『《",
    "\\",
    "/a",
    "* ",
    "*(",
    "a://",
    " `",
)


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_messages_take_little_time(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a pattern looks at the rest of the message again from each of its characters: a registry reads 500 of
    such errors for one list, in its event loop.
    """
    message = (part * 1_000_000)[:1_000_000]
    began = time.process_time()
    error_fingerprint("t", Failure(message=message))
    monkeypatch.setattr(fingerprints, "_MESSAGE_CHARS", 50_000)
    kind_of_message(message)
    assert time.process_time() - began < 0.5

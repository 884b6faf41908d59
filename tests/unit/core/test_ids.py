"""Ids are UUIDv7, in order, and read back as they were written."""

import threading
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asynctask_core import ids
from asynctask_core.errors import InvalidInput
from asynctask_core.ids import id_text, id_time_ms, new_id, parse_id, parse_uuid7


def test_new_ids_are_uuid7_of_the_present() -> None:
    value = uuid.UUID(bytes=new_id())
    assert (value.version, value.variant) == (7, uuid.RFC_4122)
    assert abs(id_time_ms(value.bytes) - time.time_ns() // 1_000_000) < 5_000


def test_ids_follow_a_clock_that_is_set_right_and_grow_over_a_small_step_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine may start with a clock hours ahead. Ids of that time would be refused until the day has caught up."""
    monkeypatch.setattr(ids, "_last_ms", ids._last_ms)
    now_ms = time.time_ns() // 1_000_000
    clock_ms = now_ms + 8 * 3_600_000
    monkeypatch.setattr("asynctask_core.ids.time.time_ns", lambda: clock_ms * 1_000_000)
    ahead = new_id()
    clock_ms -= 1_000
    assert new_id() > ahead
    clock_ms = now_ms
    assert id_time_ms(new_id()) == now_ms


def test_ids_of_one_process_grow_also_across_threads() -> None:
    made: list[bytes] = []
    lock = threading.Lock()

    def make() -> None:
        for _ in range(500):
            with lock:
                made.append(new_id())

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == sorted(set(made))


@given(st.binary(min_size=16, max_size=16))
def test_text_form_reads_back(value: bytes) -> None:
    assert id_text(value) == str(uuid.UUID(bytes=value))
    assert parse_id(id_text(value)) == value


@pytest.mark.parametrize("text", ["", "abc", "0192f0c1", "x" * 5000])
def test_wrong_text_names_the_field(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_id(text, "task_ids[3]")
    assert caught.value.violations[0].field == "task_ids[3]"
    assert len(caught.value.message) < 300


def test_only_a_uuid7_may_be_a_task_id() -> None:
    fresh = new_id()
    assert parse_uuid7(id_text(fresh)) == parse_uuid7(id_text(fresh).upper()) == fresh
    assert parse_uuid7(str(uuid.uuid4())) is None
    assert parse_uuid7("order-1234") is None
    assert parse_uuid7("x" * 36) is None
    # As uuid.UUID reads them, hyphens and other forms included.
    forms = [f"urn:{fresh.hex()}", f"{{{fresh.hex()}-}}-", "-" * 4 + fresh.hex(), "é" * 32 + "----"]
    variant = bytearray(fresh)
    variant[8] |= 0xC0
    for text in [*forms, id_text(bytes(variant)), id_text(bytes(16)), str(uuid.uuid1())]:
        assert len(text) == 36
        try:
            read = uuid.UUID(text)
        except ValueError:
            assert parse_uuid7(text) is None
        else:
            assert parse_uuid7(text) == (read.bytes if read.version == 7 else None), text

"""Warnings counted by stage and code, within their limits."""

import json

from asynctask_core import limits
from asynctask_core.warning_tally import OTHER, WarningTally, total


def found(tally: WarningTally) -> dict[tuple[str, str], tuple[int, str]]:
    return {key: (one.total, one.text) for key, one in tally}


def test_counts_add_up_per_stage_and_code_and_keep_the_latest_text():
    tally = WarningTally()
    tally.keep("copy", "SKIPPED", "a", 2)
    tally.keep("copy", "SKIPPED", "", 1)
    tally.keep("verify", "SKIPPED", "b", 1)
    assert found(tally) == {("copy", "SKIPPED"): (3, "a"), ("verify", "SKIPPED"): (1, "b")}
    assert tally.by_code() == {"SKIPPED": 4}


def test_what_an_attempt_left_open_is_replaced_by_the_next_one_and_what_is_kept_stays():
    tally = WarningTally()
    tally.keep("copy", "SKIPPED", "", 5)
    tally.leave_open("copy", "SKIPPED", "", 3, 1)
    tally.leave_open("copy", "CHANGED", "", 1, 1)
    assert tally.by_code() == {"SKIPPED": 8, "CHANGED": 1}
    assert tally.replace_open(1) == []
    assert sorted(tally.replace_open(2)) == [("copy", "CHANGED"), ("copy", "SKIPPED")]
    assert tally.by_code() == {"SKIPPED": 5}


def test_codes_over_the_number_of_a_task_are_counted_together():
    tally = WarningTally()
    for number in range(limits.WARNINGS + 10):
        tally.keep("copy", f"CODE_{number}", "text", 1)
    tally.keep("verify", "LATE", "", 7)
    tally.keep("copy", "CODE_0", "", 1)
    counts = found(tally)
    assert len(counts) == limits.WARNINGS + 2
    assert counts["copy", OTHER] == (10, f"CODE_{limits.WARNINGS + 9}: text")
    assert counts["verify", OTHER] == (7, "LATE")
    assert counts["copy", "CODE_0"] == (2, "text")


def test_made_up_stages_do_not_make_a_task_grow_for_ever():
    tally = WarningTally()
    for number in range(10 * limits.STAGES):
        tally.keep(f"stage{number}", "CODE", "", 1)
    assert len(tally) == limits.EVENT_WARNINGS
    assert total(tally.by_code()) == 10 * limits.STAGES


def test_sums_stay_where_every_reader_of_json_can_count():
    tally = WarningTally()
    for stage in ("copy", "verify"):
        tally.keep(stage, "SKIPPED", "", limits.WARNING_COUNT)
        tally.keep(stage, "SKIPPED", "", limits.WARNING_COUNT)
        tally.leave_open(stage, "OTHER", "", limits.WARNING_COUNT, 1)
    assert tally.by_code() == {"SKIPPED": limits.WARNING_COUNT, "OTHER": limits.WARNING_COUNT}
    assert total(tally.by_code()) == limits.WARNING_COUNT


def test_texts_are_cut_and_storable():
    tally = WarningTally()
    tally.keep("copy", "SKIPPED", "na\udce9\0" + "é" * limits.WARNING_TEXT_BYTES, 1)
    ((_, one),) = list(tally)
    assert one.text.startswith("na\\xe9\\0é")
    assert one.text.endswith("[cut]")
    assert len(one.text.encode()) <= limits.WARNING_TEXT_BYTES


def test_what_is_written_of_a_stage_is_read_back_as_it_was():
    tally, again = WarningTally(), WarningTally()
    tally.keep("copy", "SKIPPED", "ä", 5)
    tally.leave_open("copy", "SKIPPED", "", 3, 2)
    tally.keep("copy", OTHER, "", 1)
    tally.keep("verify", "SKIPPED", "", 1)
    assert json.loads(tally.stage_json("compare")) == {}
    for stage in ("copy", "verify"):
        again.load(stage, tally.stage_json(stage))
    assert found(again) == found(tally)
    assert again.replace_open(2) == []
    assert again.replace_open(3) == [("copy", "SKIPPED")]

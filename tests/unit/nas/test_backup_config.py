from __future__ import annotations

import json
import re
from typing import Any

import pytest

from asynctask_core.errors import ConfigInvalid
from asynctask_nas.backup import backup_file
from asynctask_nas.config import BackupConfig, parse_rate
from asynctask_nas.pace import Pace, PaceStopped
from asynctask_nas.throttle import Throttle
from asynctask_scheduler.checks.schemas import Schemas


@pytest.mark.parametrize(
    ("text", "expected"),
    [(5, 5), ("100", 100), ("20MiB", 20 << 20), ("20 MiB/s", 20 << 20), ("500kB", 500_000), ("1GB", 10**9)],
)
def test_rates_are_read_as_people_write_them(text: int | str, expected: int) -> None:
    assert parse_rate(text) == expected


@pytest.mark.parametrize("text", [0, -5, "-5", "1e3", "20 mib", "fast", "", "1.5MiB", "0"])
def test_rate_that_is_none_is_refused(text: int | str) -> None:
    with pytest.raises(ValueError, match="rate"):
        parse_rate(text)


def test_every_wrong_field_is_named_at_once() -> None:
    config = BackupConfig("relative", "/with\0nul", exclude=["ok", "["], bandwidth_limit="fast")
    with pytest.raises(ConfigInvalid) as caught:
        config.check()
    fields = [violation.field for violation in caught.value.violations]
    assert fields == ["source_path", "destination_path", "exclude[1]", "bandwidth_limit"]


def test_path_that_no_file_system_spells_is_refused() -> None:
    """JSON has half characters; only those that stand for a byte are a name. Fails when it is tried five times."""
    BackupConfig("/name\udce9", "/b").check()
    with pytest.raises(ConfigInvalid) as caught:
        BackupConfig("/name\ud800", "/b", exclude=["\ud800"]).check()
    assert [(one.field, one.description) for one in caught.value.violations] == [
        ("source_path", "must be a name that file systems can spell; got '/name\\ud800'"),
        ("exclude[0]", "must be a name that file systems can spell; got '\\ud800'"),
    ]


def test_right_config_passes() -> None:
    BackupConfig("/a/b/", "/c", exclude=["*.tmp"], bandwidth_limit="1MiB").check()


def refused(**config: object) -> list[str]:
    """The fields that a submit of this config is refused for."""
    definition = backup_file.to_proto()
    return [violation.field for violation in Schemas().violations(definition, config)]


@pytest.mark.parametrize("path", ["", "relative", "./here", "../there", "~/home", " /blank", "/with\0nul"])
def test_path_that_is_not_absolute_is_refused_at_submit(path: str) -> None:
    assert refused(source_path=path, destination_path="/b") == ["task_config.source_path"]
    assert refused(source_path="/a", destination_path=path) == ["task_config.destination_path"]


def test_path_that_is_not_utf8_is_held_to_the_schema_too() -> None:
    assert refused(source_path="/name\udce9", destination_path="/b") == []
    assert refused(source_path="name\udce9", destination_path="/b") == ["task_config.source_path"]


@pytest.mark.parametrize(
    ("config", "field", "said"),
    [
        ({"source_path": "relative"}, "source_path", 'must be an absolute path; got "relative"'),
        (
            {"destination_path": "/a\0"},
            "destination_path",
            r'must be a path without NUL characters; got "/a\u0000"',
        ),
        ({"must_be_mounted": ["/", "rel"]}, "must_be_mounted[1]", 'must be an absolute path; got "rel"'),
        (
            {"must_be_mounted": ["/\0"]},
            "must_be_mounted[0]",
            r'must be a path without NUL characters; got "/\u0000"',
        ),
        ({"must_be_mounted": [1]}, "must_be_mounted[0]", "must be a text; got 1"),
        (
            {"bandwidth_limit": "fast"},
            "bandwidth_limit",
            'must be a rate above 0 such as 5000000, "20MiB" or "500kB"; got "fast"',
        ),
        (
            {"exclude": ["["]},
            "exclude[0]",
            "must be a pattern as in gitignore: every [ has its ], and a name that begins with # is written \\#; "
            'got "["',
        ),
        (
            {"accept_source": "no"},
            "accept_source",
            "must be the eight characters that SOURCE_REPLACED or NOT_MOUNTED named, such as 1f0c9a7e; "
            'got "no"',
        ),
    ],
)
def test_refused_submit_is_told_what_the_field_should_be(
    config: dict[str, Any], field: str, said: str
) -> None:
    """Fails when it repeats a description that is true of what came, or when only the executor refuses it."""
    whole = {"source_path": "/a", "destination_path": "/b", **config}
    [violation] = Schemas().violations(backup_file.to_proto(), whole)
    assert (violation.field, violation.description) == (f"task_config.{field}", said)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("rel", "must be an absolute path; got 'rel'"),
        ("/\0", r"must be a path without NUL characters; got '/\x00'"),
    ],
)
def test_wrong_path_is_told_in_one_way_by_every_field_of_paths(path: str, said: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        BackupConfig(path, path, must_be_mounted=[path]).check()
    assert [one.description for one in caught.value.violations] == [said] * 3


@pytest.mark.parametrize("rate", [0, -5, "-5", "1e3", "20 mib", "fast", "", "1.5MiB", "0", "00MiB"])
def test_rate_that_is_none_is_refused_at_submit(rate: int | str) -> None:
    assert refused(source_path="/a", destination_path="/b", bandwidth_limit=rate) == [
        "task_config.bandwidth_limit"
    ]


@pytest.mark.parametrize("rate", [5, "100", "20MiB", " 20 MiB/s ", "500kB", "1GB", "007", None])
def test_rate_as_people_write_it_passes_at_submit_and_at_run_time(rate: int | str | None) -> None:
    assert refused(source_path="/a", destination_path="/b", bandwidth_limit=rate) == []
    BackupConfig("/a", "/b", bandwidth_limit=rate).check()


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_throttle_shares_its_rate_over_all_who_ask() -> None:
    clock = Clock()
    throttle = Throttle(1000, clock)
    assert throttle.reserve(100) == pytest.approx(0.1)
    assert throttle.reserve(400) == pytest.approx(0.5)
    clock.now += 0.5
    assert throttle.reserve(100) == pytest.approx(0.1)


def test_throttle_does_not_make_up_for_a_pause() -> None:
    clock = Clock()
    throttle = Throttle(1000, clock)
    clock.now += 3600
    assert throttle.reserve(250) == 0
    assert throttle.reserve(1000) == pytest.approx(1.0)


def test_without_a_limit_nothing_waits() -> None:
    throttle = Throttle(None)
    assert throttle.reserve(10**15) == 0
    assert throttle.chunk_bytes == 1 << 20


def test_chunks_shrink_with_the_limit_so_that_waits_stay_short() -> None:
    assert Throttle(100_000).chunk_bytes == 10_000
    assert Throttle(10).chunk_bytes == 4096


def test_stop_reaches_who_waits_for_the_limit() -> None:
    asked: list[bool] = []

    def is_asked() -> bool:
        asked.append(True)
        return len(asked) > 3

    pace = Pace(Throttle(1), is_asked)
    with pytest.raises(PaceStopped):
        pace.take(10**9)
    assert len(asked) == 4


def test_told_to_stop_no_chunk_is_given_until_it_goes_on() -> None:
    pace = Pace(Throttle(None))
    pace.stop()
    with pytest.raises(PaceStopped):
        pace.take(1)
    pace.resume()
    pace.take(1)


SAFE = {
    "must_be_mounted": [True, False, ["/mnt/a", "/mnt/b c"], []],
    "most_marked_percent": [0, 50, 100],
    "accept_source": ["", "1f0c9a7e", "1f0c9a7e 00000000", "1f0c9a7e,00000000"],
    "allow_empty_source": [True],
    "one_file_system": [True],
}
UNSAFE = {
    "must_be_mounted": ["yes", [1], ["rel"], [""]],
    "most_marked_percent": [-1, 101, 0.5, "50"],
    "accept_source": ["yes", "1f0c9a7", "1f0c9a7e00000000"],
    "allow_empty_source": ["no"],
    "one_file_system": [2],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in SAFE for value in SAFE[name]])
def test_options_of_safety_pass_at_submit_and_at_run_time(name: str, value: Any) -> None:
    assert refused(source_path="/a", destination_path="/b", **{name: value}) == []
    BackupConfig("/a", "/b", **{name: value}).check()


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in UNSAFE for value in UNSAFE[name]])
def test_options_of_safety_that_mean_nothing_are_refused_by_name(name: str, value: Any) -> None:
    fields = refused(source_path="/a", destination_path="/b", **{name: value})
    assert fields
    assert fields[0].startswith(f"task_config.{name}")


def test_options_of_safety_are_checked_at_run_time_too() -> None:
    config = BackupConfig(
        "/a", "/b", most_marked_percent=101, accept_source="no", must_be_mounted=["/a", "b"]
    )
    with pytest.raises(ConfigInvalid) as caught:
        config.check()
    assert [one.field for one in caught.value.violations] == [
        "must_be_mounted[1]",
        "accept_source",
        "most_marked_percent",
    ]


def test_repair_without_a_check_is_refused_at_submit_and_at_run_time() -> None:
    """Fails when it is accepted, and fails a minute later in the task."""
    both = {"source_path": "/a", "destination_path": "/b", "repair": True}
    [violation] = Schemas().violations(backup_file.to_proto(), both | {"verify": "none"})
    assert violation.field == "task_config.verify"
    said = 'must be "size", "checksum" or "all" where repair is true; got "none"'
    assert violation.description == said
    assert (
        refused(**both)
        == refused(**both, verify="all")
        == refused(**both | {"repair": False}, verify="none")
        == []
    )
    with pytest.raises(ConfigInvalid):
        BackupConfig("/a", "/b", repair=True, verify="none").check()


def test_every_field_has_plain_words_in_both_languages() -> None:
    """Fails when a form shows a reader a technical name alone, or a word of a programming language."""
    schema = json.loads(backup_file.to_proto().config_schema_json)
    record = schema["$defs"]["BackupConfig"]
    assert record["x-asynctask-i18n"]["zh"]["description"]
    for name, described in record["properties"].items():
        chinese = described["x-asynctask-i18n"]["zh"]
        assert all(
            (described["title"], described["description"], chinese["title"], chinese["description"])
        ), name
        assert not re.search(
            r"\b(True|False|None|null|true|false|JSON|hexadecimal)\b", described["description"]
        ), name
    for name in ("delete_extra", "most_marked_percent"):
        said = record["properties"][name]["description"]
        assert ".asynctask-removed" in said
        assert "Nothing is deleted" in said

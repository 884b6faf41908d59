"""The verbs keep their own rules: heads are true, every key is in the table, nothing is unbounded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import asynctask_scheduler.queue as package
from asynctask_scheduler.queue.keys import TABLE, Keys
from asynctask_scheduler.queue.scripts import script, script_names

FOLDER = Path(package.__file__).parent
SOURCES = {path.name: path.read_text() for path in FOLDER.glob("*.py")}
LUA = {
    path.relative_to(FOLDER / "lua").as_posix(): path.read_text() for path in (FOLDER / "lua").rglob("*.lua")
}


@pytest.mark.parametrize("name", script_names())
def test_verb_is_used_and_says_what_it_does(name: str) -> None:
    assert any(f'"{name}"' in text for text in SOURCES.values())
    text = LUA[f"{name}.lua"]
    assert re.match(r"-- [A-Z]", text)
    assert "-- @returns " in text


@pytest.mark.parametrize("name", script_names())
def test_verb_gets_every_key_from_the_table(name: str) -> None:
    keys = Keys("main")
    former = {"former_replicas": b"at1:{main}:replicas", "former_reaper": b"at1:{main}:reaper"}
    for key in script(name).keys:
        assert keys[key].startswith(b"at2:{main}:") or keys[key] == former[key]
    members = set(re.findall(r"root \.\. '([a-z]+)[:']", script(name).text))
    families = {key.pattern.partition(":")[0] for key in TABLE if not key.is_single}
    assert members <= families


@pytest.mark.parametrize("name", sorted(LUA))
def test_verb_is_bounded_and_keeps_time_by_redis(name: str) -> None:
    """No KEYS or SCAN, no expiry of Redis', no time from a client, only commands of Redis 7.0 and Valkey 7.2."""
    commands = set(re.findall(r"redis\.call\('([A-Z]+)'", LUA[name]))
    known = {
        "DEL", "EXISTS", "HDEL", "HEXISTS", "HGET", "HGETALL", "HLEN", "HMGET", "HSET", "INFO", "PUBLISH", "SADD",
        "SCARD", "SISMEMBER", "SMEMBERS", "SREM", "TIME", "UNLINK", "ZADD", "ZCARD", "ZCOUNT", "ZMSCORE", "ZRANGE",
        "ZRANGEBYSCORE", "ZRANK", "ZREM", "ZREMRANGEBYRANK", "ZREMRANGEBYSCORE", "ZSCORE",
    }  # fmt: skip
    assert commands <= known


@pytest.mark.parametrize("name", sorted(LUA))
def test_verb_fits_on_a_screen_or_two(name: str) -> None:
    lines = LUA[name].splitlines()
    assert len(lines) <= 130
    assert all(len(line) <= 120 for line in lines)


def test_every_include_is_used() -> None:
    included = {
        name
        for text in LUA.values()
        for line in re.findall(r"-- @include (.+)", text)
        for name in line.split()
    }
    assert included == {name.removeprefix("include/").removesuffix(".lua") for name in LUA if "/" in name}


def test_arguments_become_locals() -> None:
    text = script("lease").text
    assert "local executor = ARGV[1]" in text
    assert "local slots = assert(tonumber(ARGV[3])" in text
    assert "local served_from = 6" in text


@pytest.mark.parametrize("cell", ["", "a{b", "a}b"])
def test_cell_whose_name_would_break_the_hash_tag_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="cannot name a cell"):
        Keys(cell)

"""Lua verbs: one file each in `lua/`, whose head is its contract and may have these tags:

-- @keys    leases deadlines                → local leases, deadlines = KEYS[1], KEYS[2]
-- @args    executor limit:number named...  → local executor = ARGV[1], local limit = tonumber(ARGV[2]),
                                              local named_from = 3, where the rest begins
-- @include clock                           → include/clock.lua, once, with what it includes, and its keys
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

_TAG = re.compile(r"^-- @(keys|args|include)\s+(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """A verb with the text and hash that are sent to Redis."""

    name: str
    text: str
    sha: str
    keys: tuple[str, ...]
    """Names of the keys that it is called with, in order; see `Keys`."""


@cache
def script(name: str) -> Script:
    """The verb `lua/<name>.lua`."""
    body = _read(f"{name}.lua")
    keys: dict[str, None] = {}
    includes: dict[str, str] = {}
    _include(body, keys, includes)
    head = [f"local {', '.join(keys)} = {', '.join(f'KEYS[{n}]' for n in range(1, len(keys) + 1))}"]
    head += _arguments(name, body)
    text = "\n".join([*head, *includes.values(), body])
    return Script(name, text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), tuple(keys))


def script_names() -> list[str]:
    """The names of all verbs."""
    files = resources.files("asynctask_scheduler.queue").joinpath("lua").iterdir()
    return sorted(file.name.removesuffix(".lua") for file in files if file.name.endswith(".lua"))


def _read(path: str) -> str:
    return resources.files("asynctask_scheduler.queue").joinpath("lua", *path.split("/")).read_text()


def _tags(text: str, tag: str) -> Iterator[str]:
    for found in _TAG.finditer(text):
        if found[1] == tag:
            yield from found[2].split()


def _include(text: str, keys: dict[str, None], includes: dict[str, str]) -> None:
    """Collect keys and included texts, each once; an included text comes before the text that includes it."""
    for name in _tags(text, "include"):
        if name not in includes:
            included = _read(f"include/{name}.lua")
            _include(included, keys, includes)
            includes[name] = included
    keys.update(dict.fromkeys(_tags(text, "keys")))


def _arguments(name: str, body: str) -> Iterator[str]:
    for position, argument in enumerate(_tags(body, "args"), 1):
        if argument.endswith("..."):
            yield f"local {argument[:-3]}_from = {position}"
        elif argument.endswith(":number"):
            number = argument.removesuffix(":number")
            yield f"local {number} = assert(tonumber(ARGV[{position}]), '{name}: {number} is not a number')"
        else:
            yield f"local {argument} = ARGV[{position}]"

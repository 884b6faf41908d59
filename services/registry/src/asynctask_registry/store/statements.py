"""Statements: one SQL file each, with named parameters.

    -- Move queued tasks to running under an attempt.
    -- @params task_ids attempt_ids executor_ids low high

A body names its parameters (`:task_ids`), and the loader numbers them in the order of the head. It replaces `{facts}`
by the text of `sql/fragments/facts.sql`. `QUERIES["task_start"]` is the file `sql/queries/task_start.sql`; `bind` takes
the values by name, so no call depends on an order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

_HEAD = re.compile(r"^-- @params(?P<names>(?: +[a-z_0-9]+)*)$", re.MULTILINE)
_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z_0-9]*)")
_COMMENT = re.compile(r"--[^\n]*")
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")
_FRAGMENT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as Postgres takes it: `text` with numbered parameters, `params` their names in order.

    `writes` is false for one that changes nothing: if its answer is lost, nothing is unknown.
    """

    name: str
    text: str
    params: tuple[str, ...]
    writes: bool

    def bind(self, values: Mapping[str, object]) -> list[object]:
        """Put values into the order of the parameters.

        Raises:
            TypeError: a parameter has no value, or a value no parameter.
        """
        if len(values) != len(self.params):
            raise TypeError(f"{self.name} takes {', '.join(self.params)}; got {', '.join(values)}")
        try:
            return [values[name] for name in self.params]
        except KeyError as error:
            raise TypeError(f"{self.name} lacks a value for {error}") from None


def parse(name: str, source: str, fragments: Mapping[str, str] = MappingProxyType({})) -> Statement:
    """Read one file.

    Raises:
        ValueError: the head is missing, or head and body name different parameters.
    """
    head = _HEAD.search(source)
    if head is None:
        raise ValueError(f"{name}.sql has no line `-- @params …`")
    params = tuple(head["names"].split())
    body = (
        _COMMENT.sub("", _FRAGMENT.sub(lambda match: fragments[match[1]].strip(), source))
        .strip()
        .removesuffix(";")
    )
    used = set(_NAMED.findall(body))
    if used != set(params) or len(set(params)) != len(params):
        raise ValueError(f"{name}.sql declares {sorted(params)} and uses {sorted(used)}")
    numbers = {param: f"${number}" for number, param in enumerate(params, 1)}
    text = _NAMED.sub(lambda match: numbers[match[1]], body)
    # The name makes the statement recognisable in pg_stat_activity and in the server's log.
    return Statement(name, f"/* {name} */ {text}", params, bool(_WRITES.search(text)))


def load_all() -> Mapping[str, Statement]:
    """Read every file of `sql/queries`."""
    fragments = dict(_sources("fragments"))
    return {name: parse(name, source, fragments) for name, source in _sources("queries")}


def _sources(folder: str) -> Iterator[tuple[str, str]]:
    for file in files("asynctask_registry.store").joinpath("sql", folder).iterdir():
        if file.name.endswith(".sql"):
            yield file.name.removesuffix(".sql"), file.read_text("utf-8")


QUERIES: Mapping[str, Statement] = load_all()

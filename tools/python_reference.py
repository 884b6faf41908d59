"""The reference page of the Python SDK: every public name with its signature, fields, defaults and docstring.

It reads the source with `ast`, so that defaults and types appear as in the source.
"""

from __future__ import annotations

import ast
import enum
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import asynctask
from asynctask import blocking, errors, testing
from asynctask_core.errors import AsyncTaskError
from asynctask_core.states import marked

_INTRO = """\
Everything that `import asynctask` gives, from the docstrings of the code. What to begin with: the
[examples](../examples/README.md). Every `…Info` that a cluster answered also has `to_json()`, which gives it as REST
and `--json` of the command line do. Reasons of errors, with what to do about each: [errors.md](errors.md).

"""
_OURS = ("asynctask", "asynctask_core")
_GIVEN = {"Context", "ThreadContext", "Item", "Manifest", "ThreadManifest", "Stage"}
"""Classes whose objects handlers get, and which no user creates."""
_SECTION = re.compile(r"^(Args|Raises|Returns|Yields|Attributes):$")
_ENTRY = re.compile(r"^    (\S[^:]*): (.*)$")
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of a class: the nearest definition in its bases, with the nearest docstring."""

    name: str
    node: Definition | ast.AnnAssign
    doc: str


def page() -> str:
    """The page, without the head that all generated pages have."""
    parts = ["# Python reference\n\n", _INTRO]
    names = [name for name in asynctask.__all__ if not inspect.ismodule(getattr(asynctask, name))]
    parts.append("Names: " + ", ".join(f"[`{name}`](#{name.lower()})" for name in names) + ".\n\n")
    parts += [_class(getattr(asynctask, name)) for name in names]
    parts.append(_module("asynctask.blocking", blocking))
    parts += [_brief(getattr(blocking, name), asynctask) for name in blocking.__all__]
    parts.append(_module("asynctask.testing", testing))
    parts += [_any(getattr(testing, name)) for name in testing.__all__]
    parts.append(_module("asynctask.errors", errors))
    parts.append(_errors())
    return "".join(parts).rstrip() + "\n"


def _module(name: str, module: ModuleType) -> str:
    return f"## {name}\n\n{_doc(inspect.getdoc(module) or '')}"


def _any(found: Any) -> str:
    return _class(cast("type", found)) if inspect.isclass(found) else _function(found)


def _function(function: Callable[..., Any]) -> str:
    node = _node(function)
    assert isinstance(node, Definition)
    _resolve_defaults(node, vars(sys.modules[function.__module__]))
    return f"### {node.name}\n\n{_code(_signature(node, node.name))}{_doc(ast.get_docstring(node) or '')}"


def _class(kind: type) -> str:
    bases = [
        base.__name__ for base in kind.__bases__ if base.__name__ in {*asynctask.__all__, *errors.__all__}
    ]
    head = f"### {kind.__name__}\n\n" + (f"Is a `{bases[0]}`.\n\n" if bases else "")
    text = head + _doc(_own_doc(kind))
    if issubclass(kind, enum.Enum):
        values = (marked(f"`{one.name}`", getattr(one, "contract_name", "")) for one in kind)
        return text + "Values: " + ", ".join(values) + ".\n\n"
    members = list(_members(cast("type[Any]", kind)))
    begin = next((one for one in members if one.name == "__init__"), None)
    if begin is not None and isinstance(begin.node, Definition) and kind.__name__ not in _GIVEN:
        text += _code(_signature(begin.node, kind.__name__)) + _doc(begin.doc)
    fields = [one for one in members if isinstance(one.node, ast.AnnAssign)]
    if fields:
        text += _table(("field", "type", "default", "meaning"), [_field(one) for one in fields])
    for one in members:
        if isinstance(one.node, Definition) and not one.name.startswith("_"):
            text += f"#### {kind.__name__}.{one.name}\n\n{_code(_call(one))}{_doc(one.doc)}"
    return text


def _brief(kind: type, elsewhere: ModuleType) -> str:
    """A class with the same calls as one in `elsewhere`: only signatures, and docstrings that differ."""
    same = {one.name: one.doc for one in _members(getattr(elsewhere, kind.__name__))}
    text = f"### blocking.{kind.__name__}\n\n" + _doc(_own_doc(kind))
    calls = [one for one in _members(kind) if isinstance(one.node, Definition) and one.name[0] != "_"]
    if calls:
        text += _code("\n".join(_call(one) for one in calls))
    for one in calls:
        if one.doc and one.doc != same.get(one.name):
            text += f"#### blocking.{kind.__name__}.{one.name}\n\n{_doc(one.doc)}"
    return text


def _errors() -> str:
    """All exceptions in one table; those that handlers raise have constructors of their own above."""
    kinds = [getattr(errors, name) for name in errors.__all__]
    rows: list[tuple[str, ...]] = []
    for kind in kinds:
        if not (inspect.isclass(kind) and issubclass(kind, Exception)):
            continue
        is_ours = issubclass(kind, AsyncTaskError)
        reason = f"`{kind.reason}`" if is_ours and kind.reason != "UNSPECIFIED" else ""
        again = "yes" if is_ours and kind.retryable else ""
        base = f"`{kind.__bases__[0].__name__}`"
        rows.append((f"`{kind.__name__}`", base, reason, again, _one_line(inspect.getdoc(kind) or "")))
    text = _table(("error", "is a", "reason", "try again", "meaning"), rows)
    return text + _class(errors.FieldViolation)


def _members(kind: type) -> Iterator[_Member]:
    """Public members and the constructor, in the order of the source; those of bases come first."""
    found: dict[str, _Member] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.split(".")[0] not in _OURS or base.__name__ == "Info":
            continue
        node = _node(base)
        if not isinstance(node, ast.ClassDef):
            continue
        for position, item in enumerate(node.body):
            name, doc = "", ""
            if isinstance(item, Definition):
                name, doc = item.name, ast.get_docstring(item) or ""
            elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                name, doc = item.target.id, _doc_below(node.body, position)
            if not name or (name.startswith("_") and name != "__init__") or _is_setter(item):
                continue
            _resolve_defaults(item, vars(sys.modules[base.__module__]))
            before = found.get(name)
            assert isinstance(item, Definition | ast.AnnAssign)
            found[name] = _Member(name, item, doc or (before.doc if before else ""))
    yield from found.values()


def _resolve_defaults(item: ast.stmt, names: dict[str, Any]) -> None:
    """Replace constants in defaults, such as `limits.PRIORITY_DEFAULT`, by their values."""

    def value(default: ast.expr) -> ast.expr:
        is_constant = (
            isinstance(default, ast.Name | ast.Attribute) and ast.unparse(default).split(".")[-1].isupper()
        )
        if not is_constant:
            return default
        found: Any = names[ast.unparse(default).split(".")[0]]
        for part in ast.unparse(default).split(".")[1:]:
            found = getattr(found, part)
        is_plain = type(found) in (int, float, str, dict)
        return ast.parse(repr(found), mode="eval").body if is_plain else default

    if isinstance(item, Definition):
        item.args.defaults = [value(one) for one in item.args.defaults]
        item.args.kw_defaults = [one and value(one) for one in item.args.kw_defaults]
    elif isinstance(item, ast.AnnAssign) and item.value is not None:
        item.value = value(item.value)


def _is_setter(item: ast.stmt) -> bool:
    decorators = item.decorator_list if isinstance(item, Definition) else []
    return any(
        isinstance(one, ast.Attribute) and one.attr in ("setter", "overload") for one in decorators
    ) or any(isinstance(one, ast.Name) and one.id == "overload" for one in decorators)


def _doc_below(body: Sequence[ast.stmt], position: int) -> str:
    """The docstring below a field."""
    below = body[position + 1] if position + 1 < len(body) else None
    if (
        isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    ):
        return inspect.cleandoc(below.value.value)
    return ""


def _field(member: _Member) -> tuple[str, ...]:
    node = member.node
    assert isinstance(node, ast.AnnAssign)
    default = f"`{_default(node.value)}`" if node.value is not None else ""
    return f"`{member.name}`", f"`{ast.unparse(node.annotation)}`", default, _one_line(member.doc)


def _default(value: ast.expr) -> str:
    """The default of a field; for `field(default_factory=dict)` the empty value."""
    if isinstance(value, ast.Call) and ast.unparse(value.func).endswith("field"):
        for keyword in value.keywords:
            if keyword.arg == "default":
                return ast.unparse(keyword.value)
            if keyword.arg == "default_factory":
                return {"dict": "{}", "list": "[]", "tuple": "()"}.get(
                    ast.unparse(keyword.value).partition("[")[0], f"{ast.unparse(keyword.value)}()"
                )
        return ""
    return ast.unparse(value)


def _call(member: _Member) -> str:
    node = member.node
    assert isinstance(node, Definition)
    words = {ast.unparse(one).rpartition(".")[2] for one in node.decorator_list}
    if words & {"property", "cached_property"}:
        return f"{node.name}: {ast.unparse(node.returns) if node.returns else 'Any'}"
    return _signature(node, node.name)


def _signature(node: Definition, name: str) -> str:
    """One line if it fits, otherwise one argument per line."""
    arguments = node.args
    for kind in (arguments.posonlyargs, arguments.args):
        if kind and kind[0].arg in ("self", "cls"):
            del kind[0]
            break
    returns = f" -> {ast.unparse(node.returns)}" if node.returns and node.name != "__init__" else ""
    word = "await " if isinstance(node, ast.AsyncFunctionDef) and "AsyncIterator" not in returns else ""
    line = f"{word}{name}({ast.unparse(arguments)}){returns}"
    if len(line) <= 100:
        return line
    parts = _split(ast.unparse(arguments))
    return f"{word}{name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){returns}"


def _split(arguments: str) -> list[str]:
    """Split at the commas outside brackets."""
    parts, depth = [""], 0
    for sign in arguments:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def _doc(text: str) -> str:
    """A docstring in Google's style as Markdown: its sections become lists."""
    lines: list[str] = []
    is_list = False
    for line in text.splitlines():
        if found := _SECTION.match(line):
            is_list = True
            lines += ["", f"{found[1]}:", ""]
        elif is_list and (entry := _ENTRY.match(line)):
            lines.append(f"- `{entry[1]}`: {entry[2]}")
        elif is_list and line.startswith("    "):
            lines.append(f"  {line.strip()}")
        else:
            is_list = is_list and not line
            lines.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n\n" if text else ""


def _own_doc(kind: type) -> str:
    doc = kind.__doc__ or ""
    # Python gives a dataclass without a docstring its signature as one.
    return "" if doc.startswith(f"{kind.__name__}(") else inspect.cleandoc(doc)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _code(text: str) -> str:
    return f"```python\n{text}\n```\n\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def _node(found: Any) -> ast.AST | None:
    """The definition of a class or function in its file."""
    file = inspect.getsourcefile(found)
    assert file
    return _definitions(Path(file)).get(found.__name__)


@cache
def _definitions(file: Path) -> dict[str, ast.AST]:
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef | Definition)}

"""Checks that no asyncio task can fail unnoticed.

If no code awaits a task, its failure is only logged when the task is collected, if ever: its work ends without notice.
So every `create_task` and `ensure_future` of the packages must be one of these:

- of a TaskGroup, or awaited where it is made,
- kept in a local variable that the same function awaits, or whose `result()` or `exception()` it reads. An attribute
  (`self.…`) does not count: it is awaited at the end of the service, if ever, and may have failed hours before,
- given to `supervised`, which logs its failure,
- marked `# seen: …` on one of its lines, which names the code that handles its failure, such as a callback.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("services/*/src", "libs/*/src", "executors/*/src")
MAKERS = frozenset({"create_task", "ensure_future", "executor_task"})
SUPERVISOR = "supervised"

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def unseen(source: str) -> Iterator[int]:
    """Lines of a module that make a task which can fail unnoticed."""
    tree, lines = ast.parse(source), source.splitlines()
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    groups = {
        item.optional_vars.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncWith)
        for item in node.items
        if "TaskGroup" in ast.dump(item.context_expr) and isinstance(item.optional_vars, ast.Name)
    }
    groups |= {
        node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.annotation and "TaskGroup" in ast.unparse(node.annotation)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _called(node) not in MAKERS:
            continue
        if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in groups:
            continue
        parent = parents[node]
        last = getattr(parent, "end_lineno", None) or node.lineno
        if any("# seen: " in line for line in lines[node.lineno - 1 : last]):
            continue
        if isinstance(parent, ast.Await) or (isinstance(parent, ast.Call) and _called(parent) == SUPERVISOR):
            continue
        name = _kept_as(parent)
        if name is None or name.startswith("self.") or not _is_looked_at(name, _scope(node, parents)):
            yield node.lineno


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _kept_as(parent: ast.AST) -> str | None:
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
        return ast.unparse(parent.targets[0])
    if isinstance(parent, (ast.AnnAssign, ast.NamedExpr)):
        return ast.unparse(parent.target)
    return None


def _scope(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Scope:
    while node in parents:
        node = parents[node]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return node
    assert isinstance(node, ast.Module)
    return node


def _is_looked_at(name: str, scope: Scope) -> bool:
    for node in ast.walk(scope):
        if isinstance(node, ast.Await):
            awaited = node.value
            # `asyncio.wait` waits for the end, but does not read failures.
            if isinstance(awaited, ast.Call) and _called(awaited) == "wait":
                continue
            if any(ast.unparse(part) == name for part in ast.walk(awaited) if isinstance(part, ast.expr)):
                return True
        elif (
            isinstance(node, ast.Attribute)
            and node.attr in {"result", "exception"}
            and ast.unparse(node.value) == name
        ):
            return True
    return False


def main() -> None:
    """Print those tasks, one per line; the exit code is 1 if there are any."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: this task can fail unnoticed: await it, look at its result, or give"
        f" it to `{SUPERVISOR}`"
        for place in PLACES
        for folder in sorted(ROOT.glob(place))
        for path in sorted(folder.rglob("*.py"))
        for line in unseen(path.read_text("utf-8"))
    ]
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

"""What `asynctask executor MODULE[:NAME]...` makes of modules, and says about one that cannot be loaded."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from asynctask import Executor
from asynctask_standalone.cli import executor
from asynctask_standalone.cli.app import app
from asynctask_standalone.cli.executor import load
from asynctask_standalone.cli.exits import CommandRefused, Exit


@pytest.fixture
def refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Loads a module of this text; the refusal."""

    def refused(text: str) -> CommandRefused:
        (tmp_path / "module_with_mistake.py").write_text(text)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", [*sys.path])
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        with pytest.raises(CommandRefused) as caught:
            load(["module_with_mistake"], {})
        sys.modules.pop("module_with_mistake", None)
        return caught.value

    return refused


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("import os\n{}['no such key']\n", "KeyError: 'no such key'"),
        ("import os\nraise RuntimeError('no licence')\n", "RuntimeError: no licence"),
        ("\nfrom json import nothing\n", "ImportError: cannot import name 'nothing' from 'json'"),
        ("import os\ndef broken(:\n", "SyntaxError: invalid syntax"),
        ("import os\nraise SystemExit(3)\n", "SystemExit: 3"),
    ],
)
def test_mistake_in_a_module_is_told_as_its_authors(refusal, text: str, last: str):
    """Fails when it is called a fault of ours, or when frames of the import system and of ours come before it."""
    refused = refusal(text)
    assert refused.exit_code is Exit.USAGE
    lines = str(refused).splitlines()
    assert lines[0] == "module module_with_mistake cannot be loaded:"
    assert lines[-1].startswith(last)
    places = [line for line in lines if line.lstrip().startswith("File ")]
    assert len(places) == 1
    assert "module_with_mistake.py" in places[0]
    assert "line 2" in places[0]


def test_refused_declaration_is_told_in_its_own_words_with_its_line(refusal):
    refused = refusal(
        "from asynctask import Context, TaskType\nkind = TaskType('count')\n\n\n"
        "@kind.stage\ndef run(ctx: Context[int], one: int, two: int) -> None: ...\n"
    )
    assert refused.exit_code is Exit.USAGE
    first, last = str(refused).splitlines()
    assert first.startswith("module module_with_mistake cannot be loaded: in ")
    assert "module_with_mistake.py, line " in first
    assert last == "count.run: a handler takes (ctx) or (ctx, input); got (ctx, one, two)"


def test_two_types_of_one_name_are_refused_without_an_option_that_does_not_exist(refusal):
    refused = refusal(
        "from asynctask import Context, TaskType\none, other = TaskType('count'), TaskType('count')\n"
        "@one.stage\n@other.stage\ndef run(ctx: Context[int]) -> None: ...\n"
    )
    assert refused.exit_code is Exit.USAGE
    assert str(refused) == "task_types[1]: must be unique by name; two task types are named 'count'"


def test_declaration_that_is_refused_later_is_told_in_its_own_words(refusal):
    """Fails when what only shows once the executor is made is called a fault of ours."""
    refused = refusal(
        "from asynctask import Context, TaskType\nkind = TaskType('count')\n"
        "@kind.stage\ndef run(ctx: Context[int], config: 'Missing') -> None: ...\n"
    )
    assert refused.exit_code is Exit.USAGE
    said = "module_with_mistake.run: an annotation names something that its module does not have: "
    assert str(refused).startswith(said)


@pytest.mark.parametrize(("level", "theirs"), [("debug", logging.INFO), ("warning", logging.NOTSET)])
def test_debug_log_of_an_executor_is_not_that_of_the_libraries_below(
    monkeypatch: pytest.MonkeyPatch, level: str, theirs: int
):
    """Fails when every poll of grpc and asyncio is logged; other levels are left as they are."""
    libraries = [logging.getLogger(name) for name in ("grpc", "asyncio")]
    for library in libraries:
        monkeypatch.setattr(library, "level", logging.NOTSET)
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    monkeypatch.setenv("ASYNCTASK_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr(executor, "load", lambda *_: SimpleNamespace(run=lambda: None))
    done = CliRunner().invoke(app, ["executor", "some_module", "--log-level", level])
    assert done.exit_code == 0
    assert [library.level for library in libraries] == [theirs, theirs]


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three, each with a type; the second has another of the first's name too, the third the very one of the first."""
    kind = (
        "from asynctask import Context, Executor, TaskType\n"
        "{name} = TaskType('{type}')\n@{name}.stage\ndef run_{name}(ctx: Context[None]) -> None: ...\n"
    )
    (tmp_path / "module_one.py").write_text(kind.format(name="count", type="count"))
    (tmp_path / "module_two.py").write_text(
        kind.format(name="wait", type="wait")
        + kind.format(name="other", type="count")
        + "executor = Executor([wait])\n"
    )
    (tmp_path / "module_three.py").write_text(
        "from module_one import count\n" + kind.format(name="wait", type="wait") + "also = count\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield
    for name in ("module_one", "module_two", "module_three"):
        sys.modules.pop(name, None)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Names of the types of each executor that is made; none runs."""
    made: list[list[str]] = []
    monkeypatch.setattr(Executor, "__init__", lambda _, types, **__: made.append([one.name for one in types]))
    monkeypatch.setattr(Executor, "run", lambda _: None)
    return made


@pytest.mark.usefixtures("modules")
def test_types_of_several_modules_are_run_by_one_executor(
    monkeypatch: pytest.MonkeyPatch, served: list[list[str]]
):
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    monkeypatch.setenv("ASYNCTASK_ADDRESS", "127.0.0.1:1")
    done = CliRunner().invoke(app, ["executor", "module_one", "module_two:wait"])
    assert done.exit_code == 0
    assert served[-1] == ["count", "wait"]  # after the one that a module makes itself


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize(
    "targets",
    [
        ("module_one", "module_three"),
        ("module_three", "module_one:count"),
        ("module_three:wait", "module_one", "module_three"),
        ("module_three",),
    ],
)
def test_type_that_several_modules_know_is_one(targets: tuple[str, ...], served: list[list[str]]):
    """Fails when a module cannot be run beside the one from which it has a type that it submits."""
    load(targets, {})
    assert [sorted(one) for one in served] == [["count", "wait"]]


@pytest.mark.usefixtures("modules")
def test_type_that_a_module_loads_when_it_is_asked_for_is_one_of_its_types(
    tmp_path: Path, served: list[list[str]]
):
    """Fails when `asynctask executor asynctask_nas` has nothing to run."""
    (tmp_path / "module_four.py").write_text(
        "__all__ = ['count', 1]\ndef __getattr__(name):\n    from module_one import count\n"
        "    if name == 'count':\n        return count\n    raise AttributeError(name)\n"
    )
    try:
        load(["module_four"], {})
        assert served == [["count"]]
        with pytest.raises(CommandRefused, match=r"it has count$"):
            load(["module_four:nothing"], {})
    finally:
        sys.modules.pop("module_four", None)


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize(
    ("targets", "says"),
    [
        (
            ("module_one", "module_two"),
            "'count' is named by module_one and again by module_two;",
        ),
        (
            ("module_one:count", "module_two:other"),
            "'count' is named by module_one:count and again by module_two:other;",
        ),
        (
            ("module_one", "module_two:executor"),
            "module_two:executor is an Executor with types of its own; name it",
        ),
        (("module_one", "no_such_module"), "no module 'no_such_module'"),
        (
            ("no_such_module:count",),
            ": run this in the folder that has no_such_module.py, or name that folder in PYTHONPATH",
        ),
        (
            ("module_one.count",),
            "module module_one has no module 'count' inside; a task type of it is written module_one:count",
        ),
        (
            ("json",),
            "module json has no TaskType: declare one with asynctask.TaskType, or name the module that does",
        ),
        (("my-module",), "'my-module' is no module's name"),
        (
            ("./module_one",),
            "'./module_one' is no module's name: write it as `import` does, such as module_one",
        ),
        (
            ("./module_one.py:count",),
            "'./module_one.py' is no module's name: write it as `import` does, such as module_one",
        ),
        (("folder/mine.py",), "write it as `import` does, such as folder.mine"),
        (("/folder/mine.py",), "write it as `import` does, such as my_folder.my_module"),
        ((":count",), "'' is no module's name"),
        ((".module_one:count",), "'.module_one' is no module's name"),
        (
            ("module_one.py",),
            "'module_one.py' is no module's name: write it as `import` does, such as module_one",
        ),
        (("a" * 300 + ".py",), "no module 'aaa"),
        (("no_such_module.py",), "no module 'no_such_module.py' here"),
    ],
)
def test_what_cannot_be_run_together_is_refused_in_words(targets: tuple[str, ...], says: str):
    with pytest.raises(CommandRefused) as caught:
        load(targets, {})
    assert caught.value.exit_code is Exit.USAGE
    assert says in str(caught.value)

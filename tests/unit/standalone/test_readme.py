"""The READMEs: what a newcomer copies works, and both languages say the same."""

import re
import sys
from pathlib import Path
from textwrap import indent
from types import ModuleType
from typing import Any

import pytest

from asynctask import TaskState, TaskType
from asynctask.testing import run
from asynctask_standalone.cli.commands import COMMANDS

ROOT = Path(__file__).parents[3]
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and code of every block, without comments and diagrams, which are translated."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(language, re.sub(r"\s*# .*", "", code) if language else "") for language, code in found]


def test_both_languages_show_the_same_code():
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_both_languages_have_the_same_parts():
    for part in (r"^## ", r"^\| ", r"^\[", r"\]\([\w./-]+\)"):
        assert len(re.findall(part, ENGLISH, re.MULTILINE)) == len(re.findall(part, CHINESE, re.MULTILINE)), (
            part
        )


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_every_command_and_file_that_is_named_exists(text: str):
    named = set(re.findall(r"\./dev cli ([a-z]+)", text))
    assert named
    assert named <= set(COMMANDS)
    files = set(re.findall(r"\]\(([\w./-]+)\)", text))
    assert all((ROOT / file).exists() for file in files), files


@pytest.mark.timeout(120)
async def test_task_type_of_the_readme_runs_and_goes_on_after_a_crash(monkeypatch: pytest.MonkeyPatch):
    code = ENGLISH.split("```python\n", 1)[1].split("```", 1)[0]
    module = ModuleType("thumbnails")
    # Its annotations are looked up by the name of its module.
    monkeypatch.setitem(sys.modules, "thumbnails", module)
    exec(compile(code, "thumbnails.py", "exec"), vars(module))
    kind = module.thumbnails
    assert isinstance(kind, TaskType)
    result = await run(kind, module.Album("/photos", pictures=3), fail_at_checkpoint=2)
    assert result.state is TaskState.COMPLETED
    assert result.result == 3


@pytest.mark.timeout(120)
async def test_manifest_of_the_readme_is_worked_off():
    listing, _, working = (
        ENGLISH.split("```python\n", 2)[2].split("```", 1)[0].partition("# in the next stage\n")
    )
    worked: list[str] = []

    async def shrink_one(name: str) -> None:
        worked.append(name)

    names: dict[str, Any] = {"pictures": ["a.jpg", "b.jpg"], "shrink_one": shrink_one}
    for stage, code in (("listed", listing), ("shrunk", working)):
        exec(f"async def {stage}(ctx, handed):\n" + indent(code, "    "), names)
    album = TaskType("album")
    album.stage(names["listed"])
    album.stage(names["shrunk"])
    assert (await run(album, None)).state is TaskState.COMPLETED
    assert sorted(worked) == ["a.jpg", "b.jpg"]

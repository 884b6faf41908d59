"""`./dev` and what it stands on."""

import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tools"))
environments: Any = importlib.import_module("environments")
DEV = ROOT / "dev"


def dev(*arguments: str, program: Path = DEV, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, *arguments],
        cwd="/",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def test_without_a_command_it_shows_how_to_use_it() -> None:
    answer = dev()
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage: ./dev COMMAND")


def test_an_unknown_command_is_named_and_nothing_is_done() -> None:
    answer = dev("dmeo")
    assert answer.returncode == 2
    assert answer.stderr.startswith("dev: unknown command: dmeo\n")


def test_it_finds_its_checkout_through_symbolic_links(tmp_path: Path) -> None:
    (tmp_path / "absolute").symlink_to(DEV)
    (tmp_path / "relative").symlink_to("absolute")
    answer = dev("lint", "--help", program=tmp_path / "relative")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("usage: ./dev lint")


def test_a_python_that_is_none_is_refused_with_its_name() -> None:
    answer = dev("setup", ASYNCTASK_PYTHON="/bin/false")
    assert answer.returncode == 1
    assert "ASYNCTASK_PYTHON=/bin/false is not a Python of version 3.11 or newer" in answer.stderr


def test_without_any_python_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "dev").write_bytes(DEV.read_bytes())
    (tmp_path / "dev").chmod(0o755)
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name in ("sh", "dirname", "readlink", "cat"):
        found = next(Path(folder) / name for folder in ("/bin", "/usr/bin") if (Path(folder) / name).exists())
        (bin_folder / name).symlink_to(found)
    answer = dev("setup", program=tmp_path / "dev", PATH=str(bin_folder), ASYNCTASK_PYTHON="")
    assert answer.returncode == 1
    assert "no Python 3.11 or newer on PATH" in answer.stderr


@pytest.mark.parametrize("name", ["constraints.txt", "tools/uv.txt", "tools/protos.txt"])
def test_locked_requirements_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert text.count("==") <= text.count("--hash=sha256:")


def test_every_member_is_resolved_by_its_path() -> None:
    """The bare name `asynctask` on the public index is somebody else's."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]
    names = {
        tomllib.loads((ROOT / member / "pyproject.toml").read_text("utf-8"))["project"]["name"]
        for member in settings["workspace"]["members"]
    }
    assert settings["sources"] == {name: {"workspace": True} for name in names}
    constraints = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert not names & {line.split("==")[0] for line in constraints}


def test_checkout_of_somebody_else_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails when another user than its owner meets a traceback about a lock. (No folder can be made in a file.)"""
    (tmp_path / "file").touch()
    monkeypatch.setattr(environments, "BOOTSTRAP", tmp_path / "file" / ".bootstrap")
    with pytest.raises(SystemExit) as ended, environments.exclusively("venv"):
        pass
    said = str(ended.value)
    assert said.startswith("dev: this checkout is not set up for ")
    assert f"may not write to {ROOT}" in said
    assert "run `./dev setup` there" in said
    assert "\n" not in said


def test_checkout_of_somebody_else_that_is_set_up_is_used_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / ".venv"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").touch(mode=0o755)
    want = environments.fingerprint("/usr/bin/python3", [environments.UV_PIN] * 2)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "_is_writable", lambda _: False)
    monkeypatch.setattr(environments, "BOOTSTRAP", tmp_path / "bootstrap")
    first, second, *_ = want.replace(str(ROOT), str(tmp_path)).split("\n")
    stamp = home / ".asynctask-stamp"
    stamp.write_text(f"{first.replace('/usr/bin', '/opt')}\n{second}\n")
    environments.environment(".venv", environments.UV_PIN, "/usr/bin/python3", editable=[])
    assert not (tmp_path / "bootstrap").exists()
    stamp.write_text(f"{first}\nother\n")
    monkeypatch.setattr(environments, "uv", lambda _: pytest.fail("set up"))
    with pytest.raises(pytest.fail.Exception, match="set up"):
        environments.environment(".venv", environments.UV_PIN, "/usr/bin/python3", editable=[])

"""All checks of this checkout that do not run it.

    ./dev lint              all checks
    ./dev lint style types  only these

Every check runs, even if others fail; the end of the output names the failed ones.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from environments import CONSTRAINTS, ROOT, base_python, members, uv
from packaging.requirements import Requirement

BIN = Path(sys.executable).parent
TOOLS = ROOT / "tools"

Check = Callable[[], str]
"""Returns what is wrong; empty if nothing is."""


def output(*command: object) -> str:
    """The output of a program that fails; empty if it succeeds."""
    arguments = [str(argument) for argument in command]
    result = subprocess.run(
        arguments, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if not result.returncode:
        return ""
    return (result.stdout + result.stderr).strip() or f"{arguments[0]} ended with {result.returncode}"


def style() -> str:
    ruff = BIN / "ruff"
    rules = output(ruff, "check", "--quiet", "--output-format=concise")
    return join(rules, output(ruff, "format", "--check", "--quiet", "--output-format=concise"))


def types() -> str:
    return output(BIN / "basedpyright", "--warnings")


def imports() -> str:
    return output(BIN / "lint-imports", "--config", ".importlinter", "--cache-dir", ".import_linter_cache")


def protos() -> str:
    """Style of the contracts, breaking changes, and generated code that does not match them."""
    buf = BIN / "buf"
    contracts = [*ROOT.glob("protos/asynctask/*")]
    found = [output(buf, "format", "--diff", "--exit-code", *(f"--path={folder}" for folder in contracts))]
    with tempfile.TemporaryDirectory() as scratch:
        new = with_imports(Path(scratch) / "new")
        shutil.copytree(ROOT / "protos" / "asynctask", new / "protos" / "asynctask")
        found.append(output(buf, "lint", new, "--path", new / "protos" / "asynctask"))
        base = base_commit()
        if base and git("ls-tree", base, "protos/asynctask"):
            old = with_imports(Path(scratch) / "old")
            with ZipFile(BytesIO(git("archive", "--format=zip", base, "protos/asynctask"))) as archive:
                archive.extractall(old)
            broken = output(buf, "breaking", new, "--against", old)
            found.append(broken and f"{broken}\nagainst {base}")
        found = [text.replace(f"{new}/", "") for text in found]
    found.append(output(sys.executable, TOOLS / "generate_protos.py", "--check"))
    return join(*found)


def with_imports(folder: Path) -> Path:
    """Make a buf workspace at `folder` with the contracts' imports, from the wheel that ships them."""
    shipped = distribution("googleapis-common-protos")
    for file in shipped.files or ():
        if file.match("google/rpc/*.proto") or file.match("google/api/*.proto"):
            target = folder / "protos" / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(shipped.locate_file(file)), target)
    (folder / "protos" / "python").mkdir()
    shutil.copy(ROOT / "buf.yaml", folder)
    return folder


def base_commit() -> str:
    """The commit to compare contracts with: the last release, else the merge base with main, else the parent."""
    for question in (
        ["describe", "--tags", "--abbrev=0", "--match", "v*"],
        ["merge-base", "HEAD", "main"],
        ["rev-parse", "--verify", "HEAD^1"],
    ):
        base = git(*question).decode().strip()
        if base and base != git("rev-parse", "HEAD").decode().strip():
            return base
    return ""


def git(*arguments: str) -> bytes:
    """The output of git; empty if it fails."""
    result = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    return b"" if result.returncode else result.stdout


def constraints() -> str:
    """`constraints.txt` satisfies the requirements of every member and group, and names no address."""
    text = CONSTRAINTS.read_text("utf-8")
    pinned: dict[str, str] = {}
    for line in text.splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            pin = Requirement(line.rstrip("\\ "))
            pinned[pin.name] = str(pin.specifier).removeprefix("==")
    found = [line for line in text.splitlines() if "://" in line]
    for source, requirement in requirements():
        version = pinned.get(requirement.name)
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            found.append(f"{source} asks for {requirement}, constraints.txt has {version or 'nothing'}")
    check = output(uv(base_python()), "pip", "check", "--quiet", "--python", sys.executable)
    return join(*found, check, "run ./dev lock and commit the result" if found else "")


def requirements() -> Iterator[tuple[Path, Requirement]]:
    """Each requirement with its place, except for the members themselves, which are installed by path."""
    names: set[str] = set()
    asked: list[tuple[Path, str]] = []
    for folder in [ROOT, *members()]:
        path = folder / "pyproject.toml"
        settings: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        project: dict[str, Any] = settings.get("project", {})
        names.add(project.get("name", ""))
        groups = [project.get("dependencies", []), *project.get("optional-dependencies", {}).values()]
        groups += settings.get("dependency-groups", {}).values()
        asked += [(path.relative_to(ROOT), line) for group in groups for line in group]
    for source, line in asked:
        requirement = Requirement(line)
        if requirement.name not in names:
            yield source, requirement


def tasks() -> str:
    """No asyncio task can fail unnoticed."""
    return output(sys.executable, TOOLS / "check_tasks.py")


def names() -> str:
    """No two classes in the repository have the same name."""
    return output(sys.executable, TOOLS / "check_names.py")


def blocking() -> str:
    """The blocking client's calls match the async client."""
    return output(sys.executable, TOOLS / "generate_blocking.py", "--check")


def spelling() -> str:
    return output(BIN / "codespell")


def documents() -> str:
    """The generated pages of docs/ match the code."""
    generator = TOOLS / "generate_docs.py"
    return output(sys.executable, generator, "--check") if generator.exists() else ""


def console() -> str:
    """The built console is made from the sources that are here."""
    return output(sys.executable, TOOLS / "console_sources.py", "--check")


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        types,
        style,
        imports,
        tasks,
        names,
        protos,
        blocking,
        constraints,
        spelling,
        documents,
        console,
    )
}


def join(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def timed(check: Check) -> tuple[str, float]:
    started = time.monotonic()
    return check(), time.monotonic() - started


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev lint", description="Check everything but behaviour.")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"one of: {', '.join(CHECKS)}")
    chosen: list[str] = parser.parse_args().checks or list(CHECKS)
    if unknown := [name for name in chosen if name not in CHECKS]:
        parser.error(f"no such check: {', '.join(unknown)}; there are {', '.join(CHECKS)}")
    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: pool.submit(timed, CHECKS[name]) for name in chosen}
        for name, answer in running.items():
            found, seconds = answer.result()
            print(f"{'FAILED' if found else 'ok':>6}  {name} ({seconds:.1f} s)", flush=True)
            if found:
                print(found, flush=True)
                failed.append(name)
    sys.exit(f"lint failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()

"""Generate `asynctask_protos` from `protos/`: messages, gRPC stubs and their types.

protoc writes imports as `asynctask.task.v1`, which the SDK (`import asynctask`) would shadow, so the code is moved to
`asynctask_protos.task.v1`. Descriptors keep the names of the contracts. `--check` changes nothing and fails if the
committed code differs from the generated code.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from environments import PROTOS_PIN, ROOT, base_python, environment

SOURCES = ROOT / "protos"
PACKAGE = SOURCES / "python" / "src" / "asynctask_protos"
# Written by hand, everything else in the package is generated.
KEPT = {Path("__init__.py"), Path("py.typed")}
IMPORT = re.compile(r"^from asynctask\.", re.MULTILINE)


def generate(target: Path) -> None:
    """Fill the empty folder `target` with the content of the package."""
    environment(".venv-protos", PROTOS_PIN, base_python(), editable=[])
    programs = ROOT / ".venv-protos" / "bin"
    google = subprocess.run(
        [programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    contracts = sorted(path.relative_to(SOURCES).as_posix() for path in SOURCES.glob("asynctask/**/*.proto"))
    services = [path for path in contracts if path.endswith("_service.proto")]
    with tempfile.TemporaryDirectory() as scratch:
        protoc = [programs / "python", "-m", "grpc_tools.protoc", f"-I{SOURCES}", f"-I{google}"]
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"  # protoc looks for its plugins there
        for outputs, files in (
            ([f"--python_out={scratch}", f"--mypy_out=quiet:{scratch}"], contracts),
            ([f"--grpc_python_out={scratch}", f"--mypy_grpc_out=quiet:{scratch}"], services),
        ):
            subprocess.run([*protoc, *outputs, *files], check=True, env={**os.environ, "PATH": path})
        move(Path(scratch) / "asynctask", target)


def move(generated: Path, target: Path) -> None:
    """Copy to `target` with rewritten imports; each folder becomes a package whose docstring names its source."""
    for source in sorted(generated.rglob("*_pb2*.py*")):
        moved = target / source.relative_to(generated)
        moved.parent.mkdir(parents=True, exist_ok=True)
        moved.write_text(IMPORT.sub("from asynctask_protos.", source.read_text("utf-8")), "utf-8")
    for folder in filter(Path.is_dir, target.rglob("*")):
        origin = (Path("protos/asynctask") / folder.relative_to(target)).as_posix()
        (folder / "__init__.py").write_text(f'"""Generated from {origin}/ by `./dev protos`."""\n', "utf-8")


def content(folder: Path) -> dict[Path, str]:
    """Every generated file below `folder`."""
    files = (path for pattern in ("*.py", "*.pyi") for path in folder.rglob(pattern))
    return {
        path.relative_to(folder): path.read_text("utf-8")
        for path in files
        if path.relative_to(folder) not in KEPT
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev protos", description="Generate the code of protos/.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing, fail when the committed code differs"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch))
        wanted = content(Path(scratch))
    present = content(PACKAGE)
    # Write only files that differ, so that programs running from this checkout are not disturbed.
    differing = sorted(path for path in {*wanted, *present} if wanted.get(path) != present.get(path))
    if arguments.check:
        for path in differing:
            print(f"differs from protos/: {PACKAGE.relative_to(ROOT) / path}")
        sys.exit("run ./dev protos and commit the result" if differing else 0)
    for path in differing:
        if path in wanted:
            (PACKAGE / path).parent.mkdir(parents=True, exist_ok=True)
            (PACKAGE / path).write_text(wanted[path], "utf-8")
        else:
            (PACKAGE / path).unlink()
    print(f"{len(wanted)} files, {len(differing)} changed")


if __name__ == "__main__":
    main()

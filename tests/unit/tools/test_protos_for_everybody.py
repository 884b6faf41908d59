"""`protos/` compiles as it is published, with no other include path than itself."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GOOGLE = sorted((ROOT / "protos" / "google").rglob("*.proto"))


def test_contracts_resolve_by_themselves(tmp_path: Path) -> None:
    buf = Path(sys.executable).parent / "buf"
    if not buf.exists():
        pytest.skip("buf is not installed in this environment")
    # Without a network: what is not in the folder would have to come from a registry.
    env = {"HOME": str(tmp_path), "HTTPS_PROXY": "http://127.0.0.1:1"}
    done = subprocess.run([buf, "build"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_they_import_from_google_is_there_unchanged() -> None:
    shipped = distribution("googleapis-common-protos")
    names = [path.name for path in GOOGLE]
    assert names == ["annotations.proto", "http.proto", "error_details.proto", "status.proto"]
    for path in GOOGLE:
        name = path.relative_to(ROOT / "protos").as_posix()
        assert path.read_text("utf-8") == Path(str(shipped.locate_file(name))).read_text("utf-8")

"""Postgres under users that it refuses to run under: root, and one without a name."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from asynctask_standalone.stores import privileges
from asynctask_standalone.stores.binaries import postgres_major, postgres_programs
from asynctask_standalone.stores.errors import StoreError
from asynctask_standalone.stores.postgres import EmbeddedPostgres

about_root = pytest.mark.skipif(os.geteuid() != 0, reason="this is about root")


async def works(server: EmbeddedPostgres) -> bool:
    try:
        await server.start()
        connection = await asyncpg.connect(server.url)
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (item int)")
        await connection.close()
        owner = Path(f"/proc/{server.pid}").stat().st_uid
        await server.kill()
        await server.start()
        return owner != 0
    finally:
        await server.stop()


@pytest.fixture
def private_programs(tmp_path: Path) -> Path:
    """The programs as they are in an environment in a private home: nobody else may even look."""
    install = postgres_programs().parent
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(install, home / install.parent.name / install.name, symlinks=True)
    libraries = install.parent.with_name(install.parent.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return home / install.parent.name / install.name / "bin"


@pytest.fixture
def public_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@about_root
async def test_programs_and_data_may_lie_in_a_private_home(tmp_path: Path, private_programs: Path):
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed")
    modes = {folder: folder.stat().st_mode for folder in tmp_path.parents}
    assert await works(EmbeddedPostgres(tmp_path / "home" / "data", programs=private_programs))
    assert {folder: folder.stat().st_mode for folder in tmp_path.parents} == modes, "no folder was opened"


@about_root
async def test_without_setpriv_the_programs_are_copied_to_a_public_place(
    public_folder: Path, private_programs: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(privileges, "COPIES", public_folder / "copies")
    for data in ("one", "two"):
        assert await works(EmbeddedPostgres(public_folder / data, programs=private_programs))
    assert len(list((public_folder / "copies").iterdir())) == 1


@about_root
async def test_a_data_folder_that_nobody_can_reach_is_refused_with_the_folder_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(StoreError, match="nobody it cannot enter"):
        await EmbeddedPostgres(closed / "data").start()


async def test_a_user_id_without_a_name_is_refused_with_what_would_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "geteuid", lambda: 2_000_000_001)
    with pytest.raises(StoreError, match=r"user id 2000000001, which has no name.*--postgres-url"):
        await EmbeddedPostgres(tmp_path / "data").start()


def test_a_user_id_without_a_name_may_run_what_another_has_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A container under the id of its host's user, for one: only initdb asks for a name, the server does not."""
    server = EmbeddedPostgres(tmp_path / "data")
    server.cluster.mkdir(parents=True)
    (server.cluster / "PG_VERSION").write_text(f"{postgres_major(postgres_programs())}\n")
    monkeypatch.setattr(os, "geteuid", lambda: 2_000_000_001)
    try:
        server._prepare()
    finally:
        server.folder.release()

"""The demo, as a newcomer runs it."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.leftovers import command_lines_with
from tests.unit.nas.trees import a_tree

DEMO = (sys.executable, "-m", "asynctask_standalone.demo")
INTERRUPTIBLE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a command as a terminal would: in the background of a script SIGINT is ignored, and children inherit that."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def assert_nothing_left(folder: Path) -> None:
    """On a slow disk the demo's folder is still being deleted when the prompt is back; by nobody else."""
    deadline = time.monotonic() + 120
    while (there := command_lines_with(str(folder))) and time.monotonic() < deadline:
        assert all("rmtree" in line for line in there)
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


def test_demo_keeps_every_promise(tmp_path: Path):
    done = subprocess.run(
        [*DEMO],
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed with SIGKILL" in done.stdout
    assert "goes on from the checkpoint" in done.stdout
    assert "Promised, and kept" in done.stdout
    before = re.search(r"A backup of .*: (([\d,]+) files, \S+ MiB)", done.stdout)
    assert before
    assert int(before[2].replace(",", "")) >= 2000
    assert f"{before[1]}: bytes, modes, times" in done.stdout
    assert re.search(r"The demo limits itself to \S+ MiB/s", done.stdout)
    assert re.search(r"[1-9][\d,]* have the inodes they had at the kill", done.stdout)
    waited = re.search(r"goes on from the checkpoint, ([\d.]+ s) after the kill", done.stdout)
    assert waited
    assert f"after {waited[1]}: its lease had to run out first" in done.stdout
    assert_nothing_left(tmp_path)


def test_demo_keeps_its_promises_on_a_tree_of_holes_links_and_odd_names(tmp_path: Path):
    """Fails when holes count as bytes: the copy was faster than its limit, and went on before where it was killed."""
    source = tmp_path / "source"
    source.mkdir()
    a_tree(source)
    (source / "large").write_bytes(os.urandom(12 << 20))
    os.link(source / "large", source / "the same")
    with (source / "image").open("wb") as file:
        for number in range(12):
            file.seek(number << 24)
            file.write(os.urandom(1 << 20))
        file.truncate(256 << 20)
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        [*DEMO, str(source), str(tmp_path / "copy")],
        capture_output=True,
        text=True,
        timeout=480,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Promised, and kept" in done.stdout
    assert re.search(r"The demo limits itself to 2\.\d MiB/s", done.stdout)
    assert (tmp_path / "copy" / "image").stat().st_blocks * 512 < 14 << 20


def test_folders_that_make_no_backup_are_refused_before_anything_starts(tmp_path: Path):
    (tmp_path / "source").mkdir()
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        [*DEMO, str(tmp_path / "source"), str(tmp_path / "source" / "x")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error DESTINATION_INSIDE_SOURCE: the destination")
    assert done.stdout == ""
    assert list((tmp_path / "temporary").iterdir()) == []


def test_interrupted_demo_leaves_nothing_behind(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *DEMO],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if "transfer" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(120) == 130, rest
    assert "Nothing is left running" in rest
    assert_nothing_left(tmp_path)

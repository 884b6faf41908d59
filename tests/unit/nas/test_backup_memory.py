"""A list of 200,000 changes is found and ordered in memory that does not grow with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FILES = 200_000
# The names of few files, because making a name is faster than making a file; and each group of names has to be settled.
GROUP = 50_000

CHILD = """
import os, re, sys
from pathlib import Path
import asynctask_nas
from asynctask_nas.compare import CompareRules, compare
from asynctask_nas.order import Order
from asynctask_nas.places import probe
from asynctask_nas.space import needs
from asynctask_nas.walk import Walk

def peak_mib():
    # Not getrusage: its maximum also counts the process that this one was forked from.
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

source, destination = map(os.fsencode, sys.argv[1:])
before = peak_mib()
with Order() as order:
    batch = []
    for _, change in compare(Walk(source, destination), CompareRules(source, destination, probe(destination))):
        batch.append(change)
        if len(batch) == 1000:
            order.add(batch)
            batch.clear()
    order.add(batch)
    order.close()
    needs(order)
    print(sum(1 for _ in order), before, peak_mib())
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured as Linux tells it")
def test_two_hundred_thousand_files_are_compared_and_ordered_in_little_memory(
    source: Path, destination: Path
) -> None:
    first = source
    for number in range(FILES):
        folder = source / str(number // 2000)
        if number % 2000 == 0:
            folder.mkdir()
        if number % GROUP == 0:
            first = folder / "first"
            first.write_text("content")
        else:
            os.link(first, folder / f"a name of usual length {number}.txt")
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, str(source), str(destination)],
        capture_output=True,
        text=True,
        check=True,
    )
    changes, before_mib, after_mib = map(int, ran.stdout.split())
    assert changes == FILES + FILES // 2000 + 1
    assert after_mib < 150
    assert after_mib - before_mib < 60

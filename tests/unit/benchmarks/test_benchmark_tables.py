"""What the benchmark prints, from figures that are given."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.figures import BY_KEY, FIGURES
from benchmarks.sampling import summary
from benchmarks.table import costs_table, figures_table, peers_table
from benchmarks.usage import resident_mib, usage

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

PROMISED = (
    "submit_unary_per_s submit_one_per_s submit_batch_per_s drain_per_s drain_1m_per_s steady_per_s latency_p50_ms "
    "latency_p95_ms latency_p99_ms progress_per_s checkpoint_per_s recovery_s redis_mib_per_100k postgres_mib_per_100k "
    "idle_cpu_percent"
)


def test_every_promised_key_is_a_figure_and_no_key_is_there_twice():
    assert set(PROMISED.split()) <= set(BY_KEY)
    assert len(BY_KEY) == len(FIGURES)


def test_a_ratio_of_one_hits_the_target_whichever_way_is_better():
    assert BY_KEY["steady_per_s"].ratio(7_500) == 1.5
    assert BY_KEY["latency_p50_ms"].ratio(12) == 0.5
    assert BY_KEY["latency_p50_ms"].ratio(0) == float("inf")
    assert BY_KEY["latency_p95_ms"].ratio(12) is None


def test_the_table_shows_what_was_measured_and_says_what_missed_its_target():
    table = figures_table({"steady_per_s": 2_500.0, "latency_p50_ms": 3.0})
    assert [line.split()[-1] for line in table.splitlines()[1:]] == ["missed", "2.00"]
    assert "≥ 5,000" in table
    assert "drain" not in table


def test_costs_are_shown_by_part_and_in_all():
    table = costs_table(
        {"steady_per_s": {"scheduler": 80.0, "redis": 9.5}, "idle_cpu_percent": {"redis": 1.0}}
    )
    assert table.splitlines()[1].split()[-8:] == ["0.0", "0.0", "80.0", "0.0", "0.0", "9.5", "0.0", "89.5"]
    assert len(table.splitlines()) == 2


def test_peers_are_shown_with_the_ratio_to_ours():
    theirs = {
        "submit_per_s": 1_000,
        "drain_per_s": 500,
        "steady_per_s": 400,
        "latency_p50_ms": 6,
        "latency_p99_ms": 90,
    }
    table = peers_table({"drain_per_s": 6_000.0}, {"celery": theirs})
    assert "500 ×12.00" in table
    assert "bullmq" not in table


def test_samples_are_summed_by_line_and_by_function():
    text = summary("main (a.py:1);step (b.py:7) 3\nmain (a.py:2) 1\n", "title")
    assert " 75.0%  step (b.py:7)" in text
    assert "100.0%  main (a.py)" in text


@needs_proc
def test_usage_counts_a_tree_with_its_ended_children_and_a_process_alone():
    burn = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    before = usage({"tree": [os.getpid()]}, alone={"self": os.getpid()})
    subprocess.run([sys.executable, "-c", burn], check=True)
    used = usage({"tree": [os.getpid()]}, alone={"self": os.getpid()}).since(before)
    assert used["tree"] >= 0.28
    assert used["self"] <= used["tree"] - 0.25


@needs_proc
def test_resident_memory_of_this_process_is_plausible():
    assert 5 < resident_mib(os.getpid()) < 2_000

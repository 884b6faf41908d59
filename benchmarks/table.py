"""Figures as plain text: value, target and ratio; processor time by part; comparison with the peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.figures import BY_KEY, FIGURES, Better
from benchmarks.peers.run import PEERS

PARTS = ("client", "gateway", "scheduler", "registry", "postgres", "redis", "executors")
OURS = "tasks, attempts and outcomes are in Postgres, synced, before anybody is told"
THEIRS = "Theirs are in a Redis that syncs once a second: a power cut loses up to a second of accepted and done ones."
PEER_COLUMNS = ("submit_per_s", "drain_per_s", "steady_per_s", "latency_p50_ms", "latency_p99_ms")


def figures_table(figures: Mapping[str, float]) -> str:
    """Value, target and ratio of every figure that was measured; a ratio of 1 or more meets the target."""
    rows: list[Sequence[str]] = [("", "value", "", "target", "ratio")]
    for figure in FIGURES:
        if figure.key not in figures:
            continue
        value = figures[figure.key]
        ratio = figure.ratio(value)
        sign = "≥" if figure.better is Better.HIGHER else "≤"
        target = f"{sign} {_number(figure.target)}" if figure.target is not None else ""
        missed = "  missed" if ratio is not None and ratio < 1 else ""
        rows.append(
            (
                figure.says,
                _number(value),
                figure.unit,
                target,
                f"{ratio:.2f}{missed}" if ratio is not None else "",
            )
        )
    return aligned(rows, left={0, 2, 4})


def costs_table(micros: Mapping[str, Mapping[str, float]]) -> str:
    """Microseconds of processor time per task, by part."""
    rows: list[Sequence[str]] = [("processor µs for each", *PARTS, "all")]
    for key, parts in micros.items():
        if key == "idle_cpu_percent":
            continue
        values = [parts.get(part, 0.0) for part in PARTS]
        rows.append((BY_KEY[key].says, *(f"{value:.1f}" for value in values), f"{sum(values):.1f}"))
    return aligned(rows, left={0})


def peers_table(figures: Mapping[str, float], peers: Mapping[str, Mapping[str, float]]) -> str:
    """The peers' figures for the same work, and how many times faster (or slower) we are: ours divided by theirs."""
    ours = {
        "submit_per_s": figures.get("submit_batch_per_s"),
        **{key: figures.get(key) for key in PEER_COLUMNS if key != "submit_per_s"},
    }
    rows: list[Sequence[str]] = [("", "submit/s", "drain/s", "steady/s", "p50 ms", "p99 ms", "what survives")]
    rows.append(("asynctask", *(_maybe(ours[key]) for key in PEER_COLUMNS), OURS))
    rows += [
        (entry.name, *(_beside(theirs[key], ours[key]) for key in PEER_COLUMNS), entry.durability)
        for entry in PEERS
        if (theirs := peers.get(entry.name))
    ]
    return aligned(rows, left={0, 6}) + f"\n×: ours divided by theirs. {THEIRS}"


def _beside(theirs: float, ours: float | None) -> str:
    return f"{_number(theirs)} ×{ours / theirs:.2f}" if ours and theirs else _number(theirs)


def _maybe(value: float | None) -> str:
    return "" if value is None else _number(value)


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def aligned(rows: Sequence[Sequence[str]], *, left: set[int]) -> str:
    """Rows as lines of a table; `left` are the columns that are flush left."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines: list[str] = []
    for row in rows:
        cells = [
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)

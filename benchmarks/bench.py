"""The argument of every measure: the cluster, the length of windows, and the figures."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from benchmarks.cluster import Cluster
from benchmarks.figures import BY_KEY
from benchmarks.window import Rate


@dataclass(slots=True)
class Bench:
    """One run of the benchmark."""

    cluster: Cluster
    quick: bool = False
    figures: dict[str, float] = field(default_factory=dict[str, float])
    micros: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    """Microseconds of processor time per task, by figure and part."""

    def seconds(self, full: float, quick: float) -> float:
        """How long a window is open."""
        return quick if self.quick else full

    def note(self, key: str, value: float) -> None:
        """Record a figure, and print it at once, so that a long run is not silent."""
        self.figures[key] = value
        figure = BY_KEY[key]
        print(f"bench: {figure.says}: {value:,.4g} {figure.unit}", file=sys.stderr, flush=True)

    def rate(self, key: str, rate: Rate) -> None:
        """Record a rate and its costs."""
        self.note(key, rate.per_s)
        self.micros[key] = rate.micros
        shares = "  ".join(f"{part} {micros:.0f}" for part, micros in rate.micros.items())
        print(
            f"bench:   processor µs each: {shares}  all {sum(rate.micros.values()):.0f}",
            file=sys.stderr,
            flush=True,
        )

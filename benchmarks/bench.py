"""What every measure gets: the cluster, how long it may take, and where its figures go."""

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
    """Microseconds of processor time a task, by figure and part."""

    def seconds(self, full: float, quick: float) -> float:
        """How long a window is open."""
        return quick if self.quick else full

    def note(self, key: str, value: float) -> None:
        """Record a figure, and say so at once: a long run should not be silent."""
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

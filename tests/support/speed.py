"""Timing for benchmarks: the best of several runs, printed as one line per figure."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable


def best_seconds(work: Callable[[], object], *, runs: int = 3) -> float:
    """Wall seconds of the fastest run: what the machine can do, not what disturbed it."""
    best = float("inf")
    for _ in range(runs):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def report(name: str, per_second: float, unit: str, *, against: str = "", ratio: float | None = None) -> None:
    """One figure to the terminal, with its ratio to something measured in the same run."""
    compared = f"   {ratio:.1f} x {against}" if ratio is not None else ""
    sys.stdout.write(f"\n{name:<40} {per_second:>14,.0f} {unit}{compared}")
    sys.stdout.flush()

"""Seasonal adjustment of many series, against the bare program on the same cores.

    python benchmarks/seasonal.py [--series 1000] [--rounds 3] [--method seats] [--json]

The peer runs X-13ARIMA-SEATS on specification files that are written beforehand, as many at a time
as there are cores, and reads nothing of what it leaves behind. boeki writes the specifications,
runs the program, reads tables and diagnostics, and checks that they make up the original. Both
run in turn; the best round of each is compared.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

YEARS = 17


def series(count: int) -> dict[str, np.ndarray]:
    """Monthly series that grow, with a seasonal pattern, weekdays and noise of their own."""
    rng = np.random.default_rng(20241218)
    n = YEARS * 12
    made = {}
    for i in range(count):
        season = rng.normal(0, 0.08, 12)
        level = np.cumsum(rng.normal(0.002, 0.02, n))
        made[f"s{i:04d}"] = 1e3 * np.exp(level + np.tile(season, YEARS) + rng.normal(0, 0.01, n))
    return made


def bare(made: dict[str, np.ndarray], method: str) -> float:
    """Seconds of the program alone."""
    from boeki.measure.seasonal import Spec
    from boeki.measure.seasonal.binary import _place, program
    from boeki.measure.seasonal.series import read_series
    from boeki.measure.seasonal.spc import write

    with tempfile.TemporaryDirectory(dir=_place()) as folder:
        folders = []
        for name, values in made.items():
            where = Path(folder) / name
            where.mkdir()
            data = read_series(values, "2007-01", 12, name)
            (where / "s.spc").write_text(write(data, Spec(method=method), values / 1e3).text)
            folders.append(where)
        command = [str(program()), "s", "-n", "-s"]

        def run(where: Path) -> None:
            subprocess.run(
                command, cwd=where, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, check=True,
            )  # fmt: skip

        start = time.perf_counter()
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            list(pool.map(run, folders))
        return time.perf_counter() - start


def whole(made: dict[str, np.ndarray], method: str) -> tuple[float, int]:
    """Seconds of boeki, and how many series it adjusted."""
    from boeki.measure.seasonal import Spec, adjust_many

    start = time.perf_counter()
    found = adjust_many(made, Spec(method=method), start="2007-01")
    return time.perf_counter() - start, len(found.adjusted)


def main() -> None:
    """Run both in turn, and print how they compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--series", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--method", choices=["seats", "x11"], default="seats")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    made = series(given.series)
    alone, ours, adjusted = [], [], 0
    for _ in range(given.rounds):
        alone.append(bare(made, given.method))
        seconds, adjusted = whole(made, given.method)
        ours.append(seconds)
    report: dict[str, Any] = {
        "series": given.series, "adjusted": adjusted, "method": given.method,
        "program": min(alone), "boeki": min(ours), "ratio": min(ours) / min(alone),
    }  # fmt: skip
    if given.json:
        print(json.dumps(report, indent=2))
        return
    print(
        f"{given.series:,} monthly series of {YEARS} years, {given.method}: boeki {min(ours):.1f} s"
        f" ({adjusted:,} adjusted), the program alone {min(alone):.1f} s: {report['ratio']:.2f} ×"
    )


if __name__ == "__main__":
    main()

"""Many scenarios on the device that JAX finds, against this machine's processors.

    python benchmarks/device.py [--scenarios 512] [--json]

77 × 45, generated, a tenth of all tariffs shocked, float64, every residual below 5e-12. Problems
are built by NumPy, one after the other, whatever solves them; this is told apart. Times are the
best of three; what is compiled is compiled before.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import numpy as np
from worlds import gravity_world, tariff_shocks

from boeki.model.backends import Backend
from boeki.model.batch import solve_together, together_at_most
from boeki.model.many import Task, solve_many
from boeki.model.problem import Problem
from boeki.model.shocks import problem_of
from boeki.model.solve import Solution, solve

_ALONE = 16


def on_device(problems: list[Problem]) -> tuple[dict[str, Any], list[Solution]]:
    """Milliseconds a scenario, what copies of it take, and the solutions."""
    times, found = [], []
    for _ in range(4):
        start = time.perf_counter()
        found = [f for f in solve_together(problems, backend="jax") if isinstance(f, Solution)]
        times.append(1e3 * (time.perf_counter() - start) / len(problems))
    report = {
        "first": times[0], "each": min(times[1:]), "solved": len(found),
        "paths": sorted({f.path for f in found}), "worst": max(f.residual for f in found),
        "at_once": together_at_most("jax", problems[0].reach.size),
        "evaluations": float(np.mean([f.evaluations for f in found])),
    }  # fmt: skip
    return report, found


def alone(problems: list[Problem], backend: Backend) -> tuple[float, list[Solution]]:
    """Milliseconds a scenario of one processor, and the solutions."""
    found = [solve(problem, backend=backend) for problem in problems[:_ALONE]]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = [solve(problem, backend=backend) for problem in problems[:_ALONE]]
        times.append(1e3 * (time.perf_counter() - start) / _ALONE)
    return min(times), found


def main() -> None:
    """Run, and print."""
    import jax

    parser = argparse.ArgumentParser()
    parser.add_argument("--scenarios", type=int, default=512)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    world = gravity_world(77, 45)
    shocks = [tariff_shocks(world, 100 + k) for k in range(min(given.scenarios, 64))]
    start = time.perf_counter()
    problems = [problem_of(world, shocks[k % len(shocks)]) for k in range(given.scenarios)]
    report: dict[str, Any] = {
        "device": str(jax.devices()[0]), "scenarios": given.scenarios,
        "building": 1e3 * (time.perf_counter() - start) / given.scenarios,
    }  # fmt: skip
    report["jax"], found = on_device(problems)
    for name in ("numpy", "numba"):
        report[name], others = alone(problems, name)  # type: ignore[arg-type]
        report[f"apart from {name}"] = max(
            float(np.abs(a.point.vector() - b.point.vector()).max())
            for a, b in zip(found[:_ALONE], others, strict=True)
        )
    for name in ("jax", "numba"):
        start = time.perf_counter()
        tasks = (Task(world, shocks[k % len(shocks)]) for k in range(given.scenarios))
        lost = sum(not isinstance(f, dict) for f in solve_many(tasks, backend=name))  # type: ignore[arg-type]
        took = 1e3 * (time.perf_counter() - start) / given.scenarios
        report[f"from shocks to results by {name}"] = {"each": took, "lost": lost}
    if given.json:
        print(json.dumps(report, indent=2))
        return
    for name, value in report.items():
        print(name, value)


if __name__ == "__main__":
    main()

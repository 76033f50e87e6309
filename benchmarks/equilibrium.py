"""The world economy: seconds of a counterfactual, of its gradient, and of many, against peers.

    python benchmarks/equilibrium.py [--wiod FILE.npz] [--batch 1000] [--odd 200] [--json]

All in one run, float64, every residual below 1e-10:

    one        a counterfactual from problem to solution, by NumPy and with compiled sums, against
               the textbook's nested fixed points and the time that its memory traffic alone needs
    gradient   the derivative of one outcome in all tariffs and every other shock
    batch      many scenarios, both processors; and eight of them in one, together and alone
    gegravity  one sector without tariffs, where gegravity compares
    odd        worlds with zero pairs, θ from 1.5 to 20, tariffs to 300 %, deficits to 20 % of GDP
    cold       `boeki simulate` on the world aboard, as a command
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from one_sector import against_gegravity
from textbook import solve_textbook
from worlds import gravity_world, odd_shocks, odd_world, tariff_shocks

from boeki.errors import BoekiError
from boeki.model.backends import Backend
from boeki.model.batch import solve_together
from boeki.model.derivatives import gradient
from boeki.model.equilibrium import Equilibrium
from boeki.model.many import Task, solve_many
from boeki.model.shocks import Shocks, problem_of
from boeki.model.solve import Solution, solve
from boeki.world.world import World

COMPILED = find_spec("numba") is not None


def best(what: Callable[[], Any], rounds: int) -> float:
    """The best of some seconds, after one that is not counted."""
    what()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        what()
        times.append(time.perf_counter() - start)
    return min(times)


def traffic_seconds(world: World, solution: Solution) -> float:
    """What reading the solution's arrays from memory takes, as often as the solution reads them.

    A map reads trade shares thrice and input shares twice, and the two inverses of links at home,
    which are as large as these in numbers half as long.
    """
    problem = solution.problem
    shares = [problem.reach, problem.landed, problem.received]
    inputs = [problem.input_share] * 3
    once = best(lambda: [cells.sum() for cells in shares + inputs], 30)
    return once * solution.evaluations


def one(world: World, seed: int) -> dict[str, float]:
    """Seconds of one counterfactual, of the textbook's, of memory traffic, of one gradient."""
    shocks = tariff_shocks(world, seed)
    found: list[Solution] = []

    def ours() -> None:
        found.append(solve(problem_of(world, shocks)))

    seconds = best(ours, 15)
    solution = found[-1]
    compiled = {}
    if COMPILED:
        compiled = {
            "compiled": best(
                lambda: solve(problem_of(world, shocks, "numba"), backend="numba"), 15
            ),
            "compiled_solution": best(lambda: solve(solution.problem, backend="numba"), 15),
        }
    equilibrium = Equilibrium(world, solution)
    tariff, made = np.asarray(shocks.tariff), np.asarray(shocks.productivity)
    start = time.perf_counter()
    peer = solve_textbook(world, tariff, made)
    textbook = time.perf_counter() - start
    apart = float(np.abs(peer.share - equilibrium.trade_share).max())
    country = world.countries[len(world.countries) // 2]
    slope = best(lambda: gradient(equilibrium, "welfare", country=country), 8)
    return {
        "seconds": seconds,
        "solution": best(lambda: solve(solution.problem), 15),
        "evaluations": solution.evaluations,
        "residual": max(equilibrium.residuals.values()),
        "textbook": textbook,
        "textbook_sweeps": peer.sweeps,
        "textbook_residual": peer.residual,
        "times_textbook": textbook / seconds,
        "apart": apart,
        "traffic": traffic_seconds(world, solution),
        "gradient": slope,
        "gradient_times_solution": slope / seconds,
        "shocks_in_gradient": int(np.asarray(shocks.tariff).size),
        **compiled,
    }


def batch(world: World, count: int, backend: Backend) -> dict[str, Any]:
    """Seconds a scenario, of the clock and of processors, and memory of the largest process.

    Drawing a scenario's shocks is not part of it: some are drawn, and asked for in turn.
    """
    import resource

    shocks = [tariff_shocks(world, 100 + k) for k in range(min(count, 50))]
    tasks = (Task(world, shocks[k % len(shocks)]) for k in range(count))
    solve(problem_of(world, shocks[0], backend), backend=backend)
    used, start = _processor_seconds(), time.perf_counter()
    found = solve_many(tasks, count=count, backend=backend)
    failed = sum(isinstance(f, BoekiError) for f in found)
    seconds, used = time.perf_counter() - start, _processor_seconds() - used
    who = resource.RUSAGE_SELF if backend == "numba" else resource.RUSAGE_CHILDREN
    children = resource.getrusage(who).ru_maxrss / 1e6
    return {
        "by": backend, "scenarios": count, "each": seconds / count, "processor_each": used / count,
        "failed": failed, "worker_gb": children,
    }  # fmt: skip


def _processor_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def eight(world: World) -> dict[str, dict[str, float]]:
    """Processor seconds a scenario of eight, together and alone, in one process, turn by turn."""
    pairs, draw = [], np.random.default_rng(0)
    for _ in range(8):
        tariff = np.array(world.tariff)
        origin, destination = draw.choice(len(world.countries), 2, replace=False)
        tariff[origin, destination] += 0.25
        pairs.append(Shocks(tariff=tariff))
    kinds = {
        "a tenth of all tariffs, not put together": [
            tariff_shocks(world, 100 + k) for k in range(8)
        ],
        "the tariffs of a pair": pairs,
    }
    report = {}
    for name, shocks in kinds.items():
        problems = [problem_of(world, shock) for shock in shocks]
        alone, together = np.inf, np.inf
        for _ in range(5):
            first = time.process_time()
            for problem in problems:
                solve(problem)
            middle = time.process_time()
            solve_together(problems)
            alone = min(alone, (middle - first) / 8)
            together = min(together, (time.process_time() - middle) / 8)
        report[name] = {"alone": alone, "together": together}
    return report


def odd(count: int) -> dict[str, Any]:
    """How many of odd worlds are solved, how, and to what residual."""
    paths: dict[str, int] = {}
    worst, refused, start = 0.0, 0, time.perf_counter()
    for seed in range(count):
        try:
            world = odd_world(seed)
        except BoekiError:
            # Shares and deficits that no spending agrees with: there is no such world.
            refused += 1
            continue
        try:
            solution = solve(problem_of(world, odd_shocks(world, 1000 + seed)))
        except BoekiError:
            paths["not solved"] = paths.get("not solved", 0) + 1
            continue
        paths[solution.path] = paths.get(solution.path, 0) + 1
        worst = max(worst, *Equilibrium(world, solution).residuals.values())
    return {"worlds": count - refused, "no such world": refused, "paths": paths,
            "worst_residual": worst, "seconds": time.perf_counter() - start}  # fmt: skip


def cold() -> float:
    """Seconds of the command on the world aboard."""
    command = [sys.executable, "-m", "boeki", "simulate", "-s", "tariff from=CHN to=USA rate=25%"]
    boeki = Path(sys.executable).with_name("boeki")
    if boeki.exists():
        command = [str(boeki), *command[3:]]
    return best(lambda: subprocess.run(command, capture_output=True, check=True), 3)


def main() -> None:
    """Run what is asked for, and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--wiod", type=Path, help="KITE's 44 × 50 world: kite_wiod2014.npz")
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--odd", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    worlds = {"77 × 45, generated": gravity_world(77, 45)}
    if given.wiod:
        from boeki.world import read_kite

        worlds["44 × 50, WIOD 2014"] = read_kite(given.wiod)
    report: dict[str, Any] = {name: one(world, 1) for name, world in worlds.items()}
    if given.batch:
        report["eight"] = eight(next(iter(worlds.values())))
        names: list[Backend] = ["numpy", "numba"] if COMPILED else ["numpy"]
        report["batch"] = [batch(next(iter(worlds.values())), given.batch, b) for b in names]
    report["one sector"] = against_gegravity()
    if given.odd:
        report["odd"] = odd(given.odd)
    report["cold"] = cold()
    report["load"] = os.getloadavg()[0]
    print(json.dumps(report, indent=2) if given.json else _printed(report, list(worlds)))


def _compiled(r: dict[str, float]) -> list[str]:
    if "compiled" not in r:
        return []
    return [
        f"  compiled     {1e3 * r['compiled']:8.1f} ms ({1e3 * r['compiled_solution']:.1f} ms to "
        f"solve), {r['textbook'] / r['compiled']:.0f} × the textbook's, solving takes "
        f"{r['compiled_solution'] / r['traffic']:.1f} × traffic"
    ]


def _printed(report: dict[str, Any], worlds: list[str]) -> str:
    lines = []
    for name in worlds:
        r = report[name]
        lines += [
            name,
            f"  one          {1e3 * r['seconds']:8.1f} ms ({1e3 * r['solution']:.1f} ms of it to "
            f"solve), {r['evaluations']} evaluations, residual {r['residual']:.1e}",
            *_compiled(r),
            f"  textbook     {1e3 * r['textbook']:8.1f} ms, {r['times_textbook']:.0f} ×, "
            f"{r['textbook_sweeps']} sweeps; shares apart by {r['apart']:.1e}",
            f"  traffic      {1e3 * r['traffic']:8.1f} ms; solving takes "
            f"{r['solution'] / r['traffic']:.1f} × that",
            f"  gradient     {1e3 * r['gradient']:8.1f} ms, {r['gradient_times_solution']:.2f} × "
            f"one, in {r['shocks_in_gradient']:,} tariffs and all else",
        ]
    if "batch" in report:
        lines += [
            f"batch of {b['scenarios']} by {b['by']}: {1e3 * b['each']:.1f} ms each, "
            f"{1e3 * b['processor_each']:.1f} ms of processors, {b['failed']} not solved, "
            f"{b['worker_gb']:.2f} GB a process"
            for b in report["batch"]
        ]
        lines += [
            f"eight with {name}: {1e3 * e['together']:.1f} ms of a processor each by "
            f"solve_together, {1e3 * e['alone']:.1f} by solve"
            for name, e in report["eight"].items()
        ]
    g = report["one sector"]
    if "times_gegravity" in g:
        lines.append(
            f"one sector, {g['countries']} countries: {1e3 * g['seconds']:.2f} ms; gegravity "
            f"{1e3 * g['gegravity']:.0f} ms, {g['times_gegravity']:.0f} ×; real wages apart by "
            f"{g['apart']:.1e}, of changes to {g['largest_change']:.3f}; sales are off output by "
            f"{g['gap']:.1e}, gegravity's by {g['gegravity_gap']:.1e}"
        )
    else:
        lines.append(f"one sector: {1e3 * g['seconds']:.2f} ms; gegravity is {g['gegravity']}")
    if "odd" in report:
        o = report["odd"]
        lines.append(f"odd worlds: {o['worlds']}, {o['paths']}, residual {o['worst_residual']:.1e}")
    lines.append(f"cold command: {report['cold']:.2f} s; load {report['load']:.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

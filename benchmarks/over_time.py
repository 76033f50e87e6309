"""Paths: seconds of saving and the flywheel over many periods, against other ways to the same.

    python benchmarks/over_time.py [--periods 60] [--countries 44] [--sectors 50] [--json]

All in one run, float64, every residual below 1e-8:

    together    all periods at once: what `simulate_path` does
    longer      the same with twice and four times the periods: cost should grow in proportion
    apart       period by period, each solved to the end, in an outer loop over saving
    newton      all periods at once by Newton's method with Krylov steps (scipy.optimize)
    dense       a small case, two countries and two sectors, 40 periods: all equations stacked in
                levels, by SciPy's fsolve with a dense Jacobian
    gradient    the derivative of permanent consumption in every shock of every period
    push        fifty paths of pushed research on the world aboard
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from worlds import gravity_world

from boeki.model.over_time import Flywheel, path_gradient, push_research, simulate_path, timed
from boeki.model.over_time.equations import PathEquations
from boeki.world.embedded import embedded_world
from boeki.world.world import World

RISE = {"productivity": {"countries": "country 1", "sectors": "sector 3", "change": 0.2}}
TOLERANCE = 1e-9


def timing(what: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the second of two runs, and what it gave."""
    what()
    start = time.perf_counter()
    made = what()
    return time.perf_counter() - start, made


def path_of(world: World, periods: int) -> Any:
    """A rise of productivity in one sector for five periods, with saving and the flywheel."""
    return simulate_path(
        world, timed(RISE, end=4), periods=periods, flywheel=Flywheel(psi=0.05),
        tolerance=TOLERANCE,
    )  # fmt: skip


def together(world: World, periods: int) -> dict[str, float]:
    """All periods in one iteration; and how cost grows with their number."""
    out: dict[str, float] = {}
    for times in (1, 2, 4):
        seconds, path = timing(lambda times=times: path_of(world, times * periods))
        out[f"seconds_{times * periods}"] = seconds
        out[f"rounds_{times * periods}"] = path.rounds
        out["worst_residual"] = max(out.get("worst_residual", 0.0), path.residual)
    return out


def apart(world: World, periods: int) -> dict[str, float]:
    """Every period on its own for given saving, which is then iterated."""
    found = PathEquations._together
    PathEquations._together = lambda *_: None  # type: ignore[method-assign]
    try:
        start = time.perf_counter()
        path = path_of(world, periods)
        return {"seconds": time.perf_counter() - start, "residual": path.residual}
    finally:
        PathEquations._together = found  # type: ignore[method-assign]


def newton(world: World, periods: int) -> dict[str, float]:
    """The same stacked equations by SciPy's Newton method with Krylov steps."""
    from scipy.optimize import newton_krylov

    equations = path_of(world, periods).plans[0]
    first = equations._first_guess()
    cut = int(equations.ends[-1])
    count = 0

    def gap(vector: Any) -> Any:
        nonlocal count
        count += 1
        image = np.empty_like(vector)
        image[cut:] = equations._image(equations._points(vector), vector[cut:])
        for t, one in enumerate(equations.turn.following):
            image[equations.ends[t] : equations.ends[t + 1]] = one
        return image - vector

    equations.progress = lambda _: None
    start = time.perf_counter()
    with np.errstate(all="ignore"):
        found = newton_krylov(gap, first, f_tol=TOLERANCE, method="lgmres")
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "residual": float(np.abs(gap(found)).max()), "evaluations": count}


def dense() -> dict[str, float]:
    """Two countries, two sectors, 40 periods, no flywheel: stacked in levels, and together."""
    from scipy.optimize import fsolve

    periods, beta, until = 40, 0.94, 6
    alpha, theta = np.array([0.45, 0.55]), np.array([4.0, 6.0])
    share = np.array([[[0.8, 0.7], [0.25, 0.15]], [[0.2, 0.3], [0.75, 0.85]]])
    values, vectors = np.linalg.eig((share * alpha).sum(2))
    gdp = np.real(vectors[:, np.argmin(np.abs(values - 1))])
    gdp = gdp / gdp.sum()
    world = World.from_arrays(
        ("A", "B"), ("x", "y"), trade_share=share, expenditure=gdp[:, None] * alpha,
        trade_elasticity=theta, tolerance=1e-9,
    )  # fmt: skip
    weight = beta ** np.arange(periods)
    weight[-1] /= 1 - beta
    made = np.ones((periods, 2, 2))
    made[:until, 0, 0] = 1.3

    def gap(z: Any) -> Any:
        rich = np.array([z[-1], (1 - z[-1] * gdp[0]) / gdp[1]])
        out, own = np.empty(periods + 1), np.exp(z[:-1]) * gdp[0]
        for t in range(periods):
            wage = np.array([own[t], 1 - own[t]]) / gdp
            power = share * ((wage[:, None] / made[t]) ** -theta)[:, None, :]
            sold = (power / power.sum(0) * (rich * gdp)[None, :, None] * alpha).sum((1, 2))
            out[t] = sold[0] / own[t] - 1
        out[-1] = (weight * (own - rich[0] * gdp[0])).sum() / weight.sum()
        return out

    stacked, root = timing(lambda: fsolve(gap, np.append(np.zeros(periods), 1.0), xtol=1e-13))
    rise = {"productivity": {"countries": "A", "sectors": "x", "change": 0.3}}
    ours, path = timing(
        lambda: simulate_path(world, timed(rise, end=until - 1), periods=periods, discount=beta)
    )
    apart_by = float(np.abs(np.log(path.wage[:, 0]) - root[:-1]).max())
    return {"stacked_seconds": stacked, "together_seconds": ours, "apart_by": apart_by}


def slopes(world: World, periods: int) -> dict[str, float]:
    """One outcome's derivatives in all shocks of all periods."""
    path = path_of(world, periods)
    seconds, found = timing(lambda: path_gradient(path, "welfare", country="country 1"))
    return {"seconds": seconds, "evaluations": found.evaluations}


def pushes() -> dict[str, float]:
    """Fifty paths of 40 periods: three sizes of push in sixteen countries, and two more."""
    world = embedded_world()
    psi = np.zeros(len(world.sectors))
    psi[world.sector("semiconductor_equipment")] = 0.1
    wheel = Flywheel(psi=psi, intensity=0.1)
    start = time.perf_counter()
    for share, countries in ((5e-4, ()), (1e-3, ()), (2e-3, ()), (3e-3, ("JPN", "USA"))):
        push_research(
            world, "semiconductor_equipment", flywheel=wheel, share_of_gdp=share,
            countries=countries,
        )  # fmt: skip
    return {"seconds": time.perf_counter() - start, "paths": 50}


def main() -> None:
    """Run all, print ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--periods", type=int, default=60)
    parser.add_argument("--countries", type=int, default=44)
    parser.add_argument("--sectors", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    world = gravity_world(asked.countries, asked.sectors)
    out = {
        "together": together(world, asked.periods),
        "apart": apart(world, asked.periods),
        "newton": newton(world, asked.periods),
        "dense": dense(),
        "gradient": slopes(world, asked.periods),
        "push": pushes(),
    }
    ours = out["together"][f"seconds_{asked.periods}"]
    out["ratios"] = {
        "apart": out["apart"]["seconds"] / ours,
        "newton": out["newton"]["seconds"] / ours,
        "dense": out["dense"]["stacked_seconds"] / out["dense"]["together_seconds"],
        "gradient": out["gradient"]["seconds"] / ours,
        "four_times_the_periods": out["together"][f"seconds_{4 * asked.periods}"] / ours,
    }
    if asked.json:
        print(json.dumps(out))
        return
    for name, numbers in out.items():
        print(name, {k: float(f"{v:.4g}") for k, v in numbers.items()})


if __name__ == "__main__":
    main()

"""One sector without tariffs or inputs, where gegravity (Herman 2021) compares.

Its model is that of Anderson and van Wincoop (2003) with θ = σ − 1, as Yotov, Piermartini, Monteiro
and Larch (2016) write it; with trade balanced, output over the price index is the real wage. In
version 0.3 the weights of its multilateral resistances stay the baseline's output and spending when
factory prices move, so that what countries sell after a shock is not quite their output: how far it
is off is reported, and so is the distance of its real wages from those that clear markets.
"""

from __future__ import annotations

import contextlib
import io
import time
import warnings
from typing import Any

import numpy as np

from boeki.model.equilibrium import Equilibrium
from boeki.model.shocks import Shocks, problem_of
from boeki.model.solve import solve
from boeki.world.world import World

THETA = 4.0


def balanced_world(countries: int, seed: int = 0) -> tuple[World, np.ndarray]:
    """A world by gravity whose flows are the same both ways, and these flows."""
    draw = np.random.default_rng(seed)
    size, place = draw.lognormal(0, 1, countries), draw.normal(size=countries)
    flows = np.outer(size, size) * np.exp(-np.abs(place[:, None] - place))
    flows[np.arange(countries), np.arange(countries)] *= 10
    spent = flows.sum(0)
    world = World.from_arrays(
        [f"C{n}" for n in range(countries)], ["goods"], trade_share=(flows / spent)[:, :, None],
        expenditure=spent[:, None], trade_elasticity=THETA,
        input_share=np.zeros((countries, 1, 1)),
    )  # fmt: skip
    return world, flows


def against_gegravity(countries: int = 30, seed: int = 0) -> dict[str, Any]:
    """Seconds of both on a tenth of all pairs at 20 % more cost, and how far real wages are apart.

    Only the last step of gegravity is timed, the simulation; it has prepared its baseline and its
    experiment before.
    """
    world, flows = balanced_world(countries, seed)
    draw = np.random.default_rng(seed + 1)
    cost = np.where(draw.random(flows.shape) < 0.1, 1.2, 1.0)
    np.fill_diagonal(cost, 1)
    shocks = Shocks(trade_cost=cost[:, :, None])
    ours = Equilibrium(world, solve(problem_of(world, shocks)))
    seconds = np.inf
    for _ in range(20):
        start = time.perf_counter()
        ours = Equilibrium(world, solve(problem_of(world, shocks)))
        wage = ours.real_wage
        seconds = min(seconds, time.perf_counter() - start)
    try:
        import gegravity
    except ImportError:
        return {"seconds": seconds, "gegravity": "not installed: pip install gegravity"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        theirs, peer, gap = _gegravity(gegravity, world, flows, cost)
    return {
        "countries": countries, "seconds": seconds, "gegravity": peer,
        "times_gegravity": peer / seconds, "apart": float(np.abs(theirs - wage).max()),
        "largest_change": float(np.abs(wage - 1).max()),
        "gap": max(ours.residuals.values()), "gegravity_gap": gap,
    }  # fmt: skip


def _gegravity(
    gegravity: Any, world: World, flows: np.ndarray, cost: np.ndarray
) -> tuple[np.ndarray, float, float]:
    """Its changes in real output, seconds of its simulation, and how far sales are off output."""
    import pandas as pd

    names, spent, total = list(world.countries), flows.sum(0), flows.sum()
    n = len(names)
    origin, destination = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    rows = pd.DataFrame(
        {
            "exporter": [names[o] for o in origin],
            "importer": [names[d] for d in destination],
            "year": "2000",
            "trade": flows.ravel(),
            "Y": flows.sum(1)[origin],
            "E": spent[destination],
            # With it alone as the cost of trade, the resistances of the baseline are 1.
            "closeness": np.log(flows * total / np.outer(spent, spent)).ravel(),
        }
    )
    after = rows.assign(closeness=rows["closeness"] - THETA * np.log(cost.ravel()))
    baseline = gegravity.BaselineData(
        rows, imp_var_name="importer", exp_var_name="exporter", year_var_name="year",
        trade_var_name="trade", expend_var_name="E", output_var_name="Y",
    )  # fmt: skip
    given = pd.DataFrame({"var": ["closeness"], "coeff": [1.0], "ste": [0.0]})
    coefficients = gegravity.CostCoeffs(given, "var", "coeff", "ste")
    model = gegravity.OneSectorGE(
        baseline, year="2000", reference_importer=names[0], sigma=THETA + 1,
        cost_variables=["closeness"], cost_coeff_values=coefficients, quiet=True,
    )  # fmt: skip
    model.build_baseline(omr_rescale=1, mr_max_iter=5000, mr_tolerance=1e-10)
    model.define_experiment(after)
    start = time.perf_counter()
    model.simulate(ge_tolerance=1e-10)
    seconds = time.perf_counter() - start
    change = model.country_results.loc[names, "GDP change (percent)"].to_numpy(dtype=float)
    sold = model.bilateral_trade_results["experiment trade"].groupby(level="exporter").sum()
    made = [model.country_set[name].experiment_output for name in names]
    gap = float(np.abs(sold.loc[names].to_numpy() / np.array(made) - 1).max())
    return 1 + change / 100, seconds, gap


if __name__ == "__main__":
    print(against_gegravity())

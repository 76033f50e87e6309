"""A planner's best path as a tidy table: one row a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.over_time.best_path import BestPath

_METHOD = Method(
    "Best path of a policy",
    "max over rates u_t of permanent consumption, Σ β^t cost(u_t) ≤ budget, by its gradient",
    "Kraft (1988), A software package for sequential quadratic programming (SLSQP)",
    "explanation/over-time.md",
)


def best_path_table(found: BestPath) -> Answer:
    """Rates, costs and what they do by period."""
    path, without, world = found.path, found.without, found.path.world
    n, s = world.country(found.country), world.sector(found.sector)
    used = np.flatnonzero(found.rates)
    last = int(used[-1]) if used.size else 0
    rows = [
        {
            "period": str((world.year or 0) + t),
            "rate": 100 * float(found.rates[t]),
            "cost": 100 * float(found.cost[t]),
            "technology": 100 * float(path.technology[t, n, s] / without.technology[t, n, s] - 1),
            "market_share": 100 * float(path.market_share[t, n, s]),
            "market_share_change": 100
            * float(path.market_share[t, n, s] - without.market_share[t, n, s]),
            "consumption": 100 * float(path.consumption[t, n] / without.consumption[t, n] - 1),
        }
        for t in range(path.periods)
    ]
    words = found.instrument.replace("_", " ")
    columns = [
        Column("period", "period"),
        Column("rate", words + (", of GDP" if found.instrument == "research" else ""), "%", 3),
        Column("cost", "cost at the baseline's sales, of GDP", "%", 3),
        Column("technology", "technology, against none of it", "%", 2),
        Column("market_share", "share in world exports", "%", 2),
        Column("market_share_change", "share in world exports, against none of it", "pp", 3),
        Column("consumption", "real consumption, against none of it", "%", 4),
    ]
    limit = "no budget limits it"
    if np.isfinite(found.budget):
        limit = (
            f"of a budget of {100 * found.budget:.2f} % of one year's GDP it uses "
            f"{100 * found.spent / found.budget:.0f} %"
        )
    notes = (
        f"Permanent consumption of {found.country}: {100 * found.gain:+.4f} %; {limit}, up to "
        f"period {last}.",
        f"One more per cent of GDP of budget would add {found.price:.4f} %."
        if found.price > 0 else "More budget would add nothing.",
        *path.notes,
    )  # fmt: skip
    return answer(
        f"Best {words} for {found.sector} of {found.country}", rows, columns, _METHOD,
        about={"instrument": found.instrument, "country": found.country, "sector": found.sector,
               "gain": found.gain, "spent": found.spent},
        notes=notes, sources=[x for x in (world.source, world.elasticity_source) if x],
        chart=Chart("line", "period", ("rate",)),
    )  # fmt: skip

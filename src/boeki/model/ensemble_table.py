"""Results of an ensemble as a table: each with the interval that most draws are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError

if TYPE_CHECKING:
    from boeki.model.uncertainty import Ensemble

_METHOD = Method(
    "Ensemble over elasticities",
    "θ ~ log-normal with the published mean and standard error; quantiles over the equilibria",
    "Kehoe, Pujolàs and Rossbach (2017), Annual Review of Economics 9; Caliendo and Parro (2015)",
    "explanation/simulate.md",
)


def ensemble_table(found: Ensemble, level: float) -> Answer:
    """One row a country: the central result, and the ends of the interval."""
    if not 0 < level < 1:
        raise InputError("level is a share of the draws, such as 0.9")
    ends = ((1 - level) / 2, 0.5, (1 + level) / 2)
    world, central = found.central.world, found.central
    low, middle, high = 100 * (found.quantile("welfare", ends) - 1)
    wage = 100 * (found.quantile("real_wage", ends) - 1)
    up = 100 * (found.draws["welfare"] > 1).mean(0)
    rows: list[dict[str, Any]] = [
        {
            "country": name,
            "welfare": 100 * float(central.welfare[n] - 1),
            "welfare_low": float(low[n]),
            "welfare_median": float(middle[n]),
            "welfare_high": float(high[n]),
            "share_gaining": float(up[n]),
            "real_wage": 100 * float(central.real_wage[n] - 1),
            "real_wage_low": float(wage[0][n]),
            "real_wage_high": float(wage[2][n]),
        }
        for n, name in enumerate(world.countries)
    ]
    rows.sort(key=lambda row: -abs(row["welfare"]))
    said = f"{100 * level:g} %"
    columns = [
        Column("country", "country"),
        Column("welfare", "real income, change", "%", 3),
        Column("welfare_low", f"lower end of {said} of draws", "%", 3),
        Column("welfare_median", "median of draws", "%", 3, shown=False),
        Column("welfare_high", f"upper end of {said} of draws", "%", 3),
        Column("share_gaining", "draws in which it gains", "%", 0),
        Column("real_wage", "real wage, change", "%", 3),
        Column("real_wage_low", f"its lower end of {said}", "%", 3),
        Column("real_wage_high", f"its upper end of {said}", "%", 3),
    ]
    kept = len(np.atleast_1d(found.draws["welfare"]))
    notes = [
        f"{kept} draws, seed {found.seed}. The interval tells what is not known of elasticities"
        + (" and trade" if found.about.get("trade_error") else "")
        + " only, not whether the model is right.",
        *central.notes,
    ]
    if unknown := found.about.get("error_assumed"):
        notes.append(
            "No standard error of θ is published, and a quarter of θ is taken, in: "
            + ", ".join(unknown)
        )
    if found.lost:
        notes.append(f"{len(found.lost)} draws had no equilibrium; the first: {found.lost[0]}")
    return answer(
        f"{central.title}: by country, with uncertainty", rows, columns, _METHOD,
        about=found.about, notes=notes,
        sources=[s for s in (world.source, world.elasticity_source) if s],
        chart=Chart("ranking", "country", ("welfare",), low="welfare_low", high="welfare_high"),
    )  # fmt: skip

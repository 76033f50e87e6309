"""The best policy as a table: rates by country and sector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.policy import Policy

_METHOD = Method(
    "Optimal policy",
    "max over rates of Ŵ = (I′ / I) / Π P̂^α, by the adjoint gradient; each country's best answer",
    "Ossa (2014), American Economic Review 104; Gros (1987), Journal of International Economics 23",
    "explanation/simulate.md",
)


def policy_table(found: Policy) -> Answer:
    """One row a country and sector that it sets."""
    world, after = found.equilibrium.world, found.equilibrium
    rows: list[dict[str, Any]] = []
    for country, rates in found.rates.items():
        n = world.country(country)
        for s, sector in enumerate(world.sectors):
            if not np.isnan(rates[s]):
                rows.append(
                    {
                        "country": country,
                        "sector": sector,
                        "rate": 100 * float(rates[s]),
                        "welfare": 100 * float(after.welfare[n] - 1),
                    }
                )
    others = [c for c in world.countries if c not in found.rates]
    lost = min(others, key=lambda c: after.welfare[world.country(c)], default="")
    notes = [
        f"No rate would move real income further: the largest derivative left is "
        f"{found.gradient:.1e}; {found.rounds} round{'s' * (found.rounds > 1)} of best answers.",
        *after.notes,
    ]
    if lost:
        change = 100 * (after.welfare[world.country(lost)] - 1)
        notes.insert(1, f"Of the others {lost} loses most: {change:+.3f} % of its real income.")
    return answer(
        f"Best {found.instrument.replace('_', ' ')} of {', '.join(found.rates)}", rows,
        [Column("country", "country"), Column("sector", "sector"),
         Column("rate", found.instrument.replace("_", " "), "%", 2),
         Column("welfare", "real income of the country, change", "%", 4)],
        _METHOD,
        about={"instrument": found.instrument, "countries": list(found.rates),
               "gradient": found.gradient},
        notes=notes, sources=[s for s in (world.source, world.elasticity_source) if s],
        chart=Chart("ranking", "sector", ("rate",)) if len(found.rates) == 1 else None,
    )  # fmt: skip

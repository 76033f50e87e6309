"""A path as a tidy table: one row a period and country."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.over_time.path import TransitionPath

_METHOD = Method(
    "TransitionPath of the world economy",
    "each period the static equilibrium with E′_nt = λ_n m_t E_n; λ from lifetime budgets, m from "
    "the world's adding up; T̂′ = (1 − δ) T̂ + δ (ρ̂ Ŷ / ŵ)^κ",
    "Reyes-Heroles (2016); Dix-Carneiro, Pessoa, Reyes-Heroles and Traiberman (2023), Quarterly "
    "Journal of Economics 138",
    "explanation/over-time.md",
)


def path_table(found: TransitionPath, names: Sequence[str] = ()) -> Answer:
    """Balance, assets, GDP, real wage and consumption by period and country."""
    world = found.world
    chosen = [world.country(name) for name in names] or list(range(len(world.countries)))
    start = world.year or 0
    rows: list[dict[str, Any]] = []
    for n in chosen:
        for t in range(found.periods):
            gdp = found.gdp[t, n]
            rows.append(
                {
                    "period": str(start + t) if world.year else str(t),
                    "country": world.countries[n],
                    "balance": 100 * float(found.balance[t, n] / gdp),
                    "balance_change": 100
                    * float(found.balance[t, n] / gdp + world.deficit[n] / world.gdp[n]),
                    "assets": 100 * float(found.net_foreign_assets[t, n] / gdp),
                    "gdp_share": 100 * float(gdp / found.gdp[t].sum() * world.gdp.sum()
                                             / world.gdp[n] - 1),
                    "real_wage": 100 * float(found.real_wage[t, n] - 1),
                    "consumption": 100 * float(found.consumption[t, n] - 1),
                }
            )  # fmt: skip
    columns = [
        Column("period", "period"),
        Column("country", "country"),
        Column("balance", "balance over GDP", "%", 3),
        Column("balance_change", "balance over GDP, against the baseline", "pp", 3),
        Column("assets", "net foreign assets beyond the baseline's, over GDP", "%", 2),
        Column("gdp_share", "share in world GDP, change", "%", 3),
        Column("real_wage", "real wage, change", "%", 3),
        Column("consumption", "real final spending, change", "%", 3),
    ]
    gains = ", ".join(
        f"{world.countries[n]} {100 * (found.welfare[n] - 1):+.3f} %" for n in chosen[:6]
    )
    notes = (
        *found.notes,
        f"Permanent consumption: {gains}.",
        f"Lifetime budgets close to {found.residual:.1e}, in {found.rounds} rounds.",
    )
    return answer(
        f"{found.title}: by period", rows, columns, _METHOD,
        about={"discount": found.discount, "periods": found.periods, "residual": found.residual},
        notes=notes, sources=[s for s in (world.source, world.elasticity_source) if s],
        chart=Chart("line", "period", ("balance_change",), color="country"),
    )  # fmt: skip

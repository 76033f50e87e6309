"""A boom as a tidy table: what it was worth, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.over_time.boom import Boom

_METHOD = Method(
    "What a boom was worth",
    "demand and technology by year that give the observed sales and share; the path with them "
    "against the baseline, which has neither",
    "Reyes-Heroles (2016); Dekle, Eaton and Kortum (2008), IMF Staff Papers 55, for changes",
    "questions/boom.md",
)


def boom_table(found: Boom) -> Answer:
    """One row a period."""
    path, world = found.path, found.path.world
    n, s = world.country(found.country), world.sector(found.sector)
    years = found.demand.size
    rows = [
        {
            "period": str((world.year or 0) + t),
            "demand": 100 * float(found.demand[t] - 1) if t < years else None,
            "productivity": 100 * float(found.productivity[t] - 1) if t < years else None,
            "market_share": 100 * float(path.market_share[t, n, s]),
            "balance_change": 100 * float(path.balance_change[t, n]),
            "gdp": 100 * float(path.real_gdp[t, n] - 1),
            "real_wage": 100 * float(path.real_wage[t, n] - 1),
            "consumption": 100 * float(path.consumption[t, n] - 1),
            "technology": 100 * float(path.technology[t, n, s] - 1),
        }
        for t in range(path.periods)
    ]
    columns = [
        Column("period", "period"),
        Column("demand", "world demand for the sector, inverted", "%", 1),
        Column("productivity", "productivity in it, inverted", "%", 2),
        Column("market_share", "share in world exports", "%", 1),
        Column("balance_change", "balance over GDP, change", "pp", 3),
        Column("gdp", "real GDP, change", "%", 3),
        Column("real_wage", "real wage, change", "%", 3),
        Column("consumption", "real consumption, change", "%", 3),
        Column(
            "technology", "technology that sales paid for, change", "%", 2,
            shown=bool((path.technology != 1).any()),
        ),
    ]  # fmt: skip
    worth = 100 * (path.welfare[n] - 1)
    return answer(
        f"{path.title}: {found.country}", rows, columns, _METHOD,
        about={"country": found.country, "sector": found.sector, "after": found.after,
               "welfare": worth, "gap": found.gap},
        notes=(f"Worth {worth:+.4f} % of permanent consumption of {found.country}.", *path.notes),
        sources=[x for x in (world.source, world.elasticity_source) if x],
        chart=Chart("line", "period", ("balance_change",)),
    )  # fmt: skip

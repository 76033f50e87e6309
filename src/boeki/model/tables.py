"""Results of simulations as tidy tables: by country, by sector, by pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.equilibrium import Equilibrium

Array: TypeAlias = NDArray[np.float64]

PAGE = "explanation/simulate.md"
METHOD = Method(
    "General equilibrium in changes",
    "ĉ = Â⁻¹ L̂^−ψ ŵ^γ Π P̂^γ; P̂ = [Σ π (κ̂ ĉ)^−θ]^(−1/θ); π′ = π (κ̂ ĉ / P̂)^−θ; "
    "X′ = Σ γ Y′ + α I′; I′ = ŵ L̂ w L + tariffs′ + D′",
    "Caliendo and Parro (2015), Review of Economic Studies 82; Dekle, Eaton and Kortum (2008), IMF "
    "Staff Papers 55",
    PAGE,
)
#: Trade smaller than this share of all trade is left out of tables of pairs.
_SMALL = 1e-9


def countries_table(found: Equilibrium) -> Answer:
    """Welfare, real wages, trade and balance, one row a country."""
    world, unit = found.world, found.world.currency
    moved = found.exports - found.imports - (world.exports - world.imports)
    rows = [
        {
            "country": name,
            "welfare": 100 * (found.welfare[n] - 1),
            "real_wage": 100 * (found.real_wage[n] - 1),
            "terms_of_trade": 100 * found.terms_of_trade[n],
            "gdp_share": _ratio(found.gdp[n] / found.gdp.sum(), world.gdp[n] / world.gdp.sum()),
            "exports": _ratio(found.exports[n], world.exports[n]),
            "imports": _ratio(found.imports[n], world.imports[n]),
            "balance_change": _settled(moved[n], world.trade.sum()) * world.unit,
            "tariff_revenue_change": float(
                (found.tariff_revenue - world.tariff_revenue)[n] * world.unit
            ),
        }
        for n, name in enumerate(world.countries)
    ]
    columns = [
        Column("country", "country"),
        Column("welfare", "real income, change", "%", 3),
        Column("real_wage", "real wage, change", "%", 3),
        Column("terms_of_trade", "terms of trade, linear", "%", 3),
        Column("gdp_share", "share in world GDP, change", "%", 2),
        Column("exports", "exports, change", "%", 2),
        Column("imports", "imports, change", "%", 2),
        Column("balance_change", "balance, change", unit),
        Column("tariff_revenue_change", "tariff revenue, change", unit),
    ]
    rows.sort(key=lambda row: -abs(row["welfare"]))
    return _answer(found, "by country", rows, columns, Chart("ranking", "country", ("welfare",)))


def sectors_table(found: Equilibrium, countries: Sequence[str] = ()) -> Answer:
    """Output, employment, prices, trade and market shares, one row a country and sector."""
    world, unit = found.world, found.world.currency
    chosen = [world.country(name) for name in countries] or range(len(world.countries))
    before = world.exports_by_sector, world.imports_by_sector
    after = found.exports_by_sector, found.imports_by_sector
    share = found.market_share, world.market_share
    rows = [
        {
            "country": world.countries[n],
            "sector": sector,
            "output": _ratio(found.output[n, s], world.output[n, s]),
            "volume": _real(found.quantity[n, s], world.output[n, s]),
            "employment": _real(found.employment[n, s], world.output[n, s]),
            "price": 100 * (found.price[n, s] - 1),
            "exports": float(after[0][n, s] * world.unit),
            "exports_change": float((after[0] - before[0])[n, s] * world.unit),
            "imports_change": float((after[1] - before[1])[n, s] * world.unit),
            "market_share": 100 * share[0][n, s],
            "market_share_change": 100 * (share[0] - share[1])[n, s],
        }
        for n in chosen
        for s, sector in enumerate(world.sectors)
    ]
    columns = [
        Column("country", "country"),
        Column("sector", "sector"),
        Column("output", "output, change", "%", 2, shown=False),
        Column("volume", "volume of output, change", "%", 2),
        Column("employment", "employment, change", "%", 2),
        Column("price", "price of what is bought, change", "%", 2, shown=False),
        Column("exports", "exports after", unit, shown=False),
        Column("exports_change", "exports, change", unit),
        Column("imports_change", "imports, change", unit, shown=False),
        Column("market_share", "share in world exports after", "%", 2, shown=False),
        Column("market_share_change", "share in world exports, change", "pp", 2),
    ]
    rows.sort(key=lambda row: -abs(row["exports_change"]))
    title = "by sector" + (f", {', '.join(countries)}" if countries else "")
    chart = Chart("ranking", "sector", ("exports_change",))
    return _answer(found, title, rows, columns, chart if len(list(chosen)) == 1 else None)


def pairs_table(found: Equilibrium, sectors: Sequence[str] = ()) -> Answer:
    """Trade before and after, one row a pair of countries, and sector where some are named."""
    world, unit = found.world, found.world.currency
    chosen: list[tuple[str, Array, Array]] = [
        (name, world.trade[:, :, world.sector(name)], found.trade[:, :, world.sector(name)])
        for name in sectors
    ] or [("all", world.trade.sum(2), found.trade.sum(2))]
    least = _SMALL * world.exports.sum()
    rows: list[dict[str, Any]] = [
        {
            "origin": origin,
            "destination": destination,
            "sector": sector,
            "before": float(before[o, d] * world.unit),
            "after": float(after[o, d] * world.unit),
            "difference": float((after[o, d] - before[o, d]) * world.unit),
            "change": _ratio(after[o, d], before[o, d]),
        }
        for sector, before, after in chosen
        for o, origin in enumerate(world.countries)
        for d, destination in enumerate(world.countries)
        if o != d and max(before[o, d], after[o, d]) > least
    ]
    columns = [
        Column("origin", "from"),
        Column("destination", "to"),
        Column("sector", "sector"),
        Column("before", "trade before", unit),
        Column("after", "trade after", unit),
        Column("difference", "difference", unit),
        Column("change", "change", "%", 2),
    ]
    rows.sort(key=lambda row: -abs(row["difference"]))
    title = "trade by pair" + (f", {', '.join(sectors)}" if sectors else "")
    return _answer(found, title, rows, columns, None)


def _answer(
    found: Equilibrium, what: str, rows: list[dict[str, Any]], columns: list[Column],
    chart: Chart | None,
) -> Answer:  # fmt: skip
    world = found.world
    year = f", baseline {world.year}" if world.year else ""
    told = bool(world.notes)
    notes = (
        *found.notes,
        f"Solved to a residual of {found.residual:.1e} by {found.solution.path}, "
        f"{found.solution.evaluations} evaluations.",
        *([f"The baseline has {len(world.notes)} notes of its own: --json has them."] * told),
    )
    sources = [s for s in (world.source, world.elasticity_source) if s]
    return answer(
        f"{found.title}: {what}{year}", rows, columns, METHOD,
        about={
            "baseline": world.source, "year": world.year, "residual": found.residual,
            "residuals": dict(found.residuals), "elasticities": world.elasticity_source,
            "baseline_notes": list(world.notes),
        },
        notes=notes, sources=sources, chart=chart,
    )  # fmt: skip


def _ratio(after: float, before: float) -> float | None:
    return float(100 * (after / before - 1)) if before > 0 else None


def _settled(change: float, scale: float) -> float:
    """A change, without what the solution leaves of it where there is none."""
    return 0.0 if abs(change) < 1e-11 * scale else float(change)


def _real(ratio: float, before: float) -> float | None:
    return float(100 * (ratio - 1)) if before > 0 else None

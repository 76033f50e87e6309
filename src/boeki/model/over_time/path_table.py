"""A path as a tidy table: one row a period and country."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.over_time.transition import TransitionPath

Array: TypeAlias = NDArray[np.float64]

METHOD = Method(
    "Path of the world economy",
    "each period the static equilibrium with E′_nt = λ_n m_t E_n; λ from lifetime budgets, m from "
    "the world's adding up; T̂′ = (1 − δ) T̂ + δ (ρ̂ Ŷ / ŵ)^κ",
    "Reyes-Heroles (2016); Dix-Carneiro, Pessoa, Reyes-Heroles and Traiberman (2023), Quarterly "
    "Journal of Economics 138",
    "explanation/over-time.md",
)


def path_table(found: TransitionPath, names: Sequence[str] = ()) -> Answer:
    """Balance, assets, GDP, real wage and consumption by period and country."""
    world = found.world
    chosen = _chosen(world.countries, names, world.country)
    share = found.gdp / found.gdp.sum(1, keepdims=True) / (world.gdp / world.gdp.sum())
    rows = [
        {
            "period": _period(found, t),
            "country": world.countries[n],
            "balance": 100 * float(found.balance_of_gdp[t, n]),
            "balance_change": 100 * float(found.balance_change[t, n]),
            "assets": 100 * float(found.net_foreign_assets[t, n] / found.gdp[t, n]),
            "gdp_share": 100 * float(share[t, n] - 1),
            "real_gdp": _change(found.real_gdp[t, n]),
            "real_wage": _change(found.real_wage[t, n]),
            "consumption": _change(found.consumption[t, n]),
            "capital": _change(found.capital[t, n]),
            "policy_cost": 100 * float(found.policy_cost[t, n] / found.gdp[t, n]),
        }
        for n in chosen
        for t in range(found.periods)
    ]
    columns = [
        Column("period", "period"),
        Column("country", "country"),
        Column("balance", "balance over GDP", "%", 3),
        Column("balance_change", "balance over GDP, against the baseline", "pp", 3),
        Column("assets", "net foreign assets beyond the baseline's, over GDP", "%", 2),
        Column("gdp_share", "share in world GDP, change", "%", 3),
        Column("real_gdp", "value added over the price of consumption, change", "%", 3),
        Column("real_wage", "real wage, change", "%", 3),
        Column("consumption", "real consumption, change", "%", 3),
        Column("capital", "capital, change", "%", 3, shown=bool(found.capital_share.any())),
        Column(
            "policy_cost", "subsidies and pushed research over GDP, net of taxes", "%", 3,
            shown=bool(np.abs(found.policy_cost / found.gdp).max() > 1e-9),
        ),
    ]  # fmt: skip
    gains = ", ".join(
        f"{world.countries[n]} {100 * (found.welfare[n] - 1):+.3f} %" for n in chosen[:6]
    )
    chart = Chart("line", "period", ("balance_change",), color="country")
    return _answer(found, "by period", rows, columns, chart, (f"Permanent consumption: {gains}.",))


def path_sectors(found: TransitionPath, names: Sequence[str] = (), sector: str = "") -> Answer:
    """Market share, import dependence, employment and technology by period, country, sector."""
    world = found.world
    chosen = _chosen(world.countries, names, world.country)
    sectors = [world.sector(sector)] if sector else range(len(world.sectors))
    moved = found.market_share - world.market_share
    rows = [
        {
            "period": _period(found, t),
            "country": world.countries[n],
            "sector": world.sectors[s],
            "market_share": 100 * float(found.market_share[t, n, s]),
            "market_share_change": 100 * float(moved[t, n, s]),
            "import_dependence": 100 * float(found.import_dependence[t, n, s]),
            "employment": _change(found.employment[t, n, s]) if world.output[n, s] > 0 else None,
            "technology": _change(found.technology[t, n, s]),
        }
        for n in chosen
        for s in sectors
        for t in range(found.periods)
    ]
    columns = [
        Column("period", "period"),
        Column("country", "country"),
        Column("sector", "sector"),
        Column("market_share", "share in world exports", "%", 2),
        Column("market_share_change", "share in world exports, against the baseline", "pp", 3),
        Column("import_dependence", "imports over all that is bought", "%", 2),
        Column("employment", "employment, change", "%", 2),
        Column("technology", "technology, change", "%", 2),
    ]
    color = "country" if sector else "sector"
    chart = Chart("line", "period", ("market_share_change",), color=color)
    lone = bool(sector) or len(chosen) == 1
    title = f"{sector or 'sectors'} by period"
    return _answer(found, title, rows, columns, chart if lone else None)


def path_summary(found: TransitionPath) -> Answer:
    """What the path is worth to each country, the largest first."""
    world = found.world
    assets = found.net_foreign_assets / found.gdp
    rows = [
        {
            "country": name,
            "welfare": _change(found.welfare[n]),
            "consumption_first": _change(found.consumption[0, n]),
            "consumption_last": _change(found.consumption[-1, n]),
            "real_wage_last": _change(found.real_wage[-1, n]),
            "balance_most": 100 * float(_largest(found.balance_change[:, n])),
            "assets_last": 100 * float(assets[-1, n]),
        }
        for n, name in enumerate(world.countries)
    ]
    rows.sort(key=lambda row: -abs(float(str(row["welfare"]))))
    columns = [
        Column("country", "country"),
        Column("welfare", "permanent consumption, change", "%", 4),
        Column("consumption_first", "real consumption in the first period, change", "%", 3),
        Column("consumption_last", "real consumption in the last period, change", "%", 3),
        Column("real_wage_last", "real wage in the last period, change", "%", 3),
        Column("balance_most", "largest change of the balance over GDP", "pp", 3),
        Column("assets_last", "net foreign assets at the end, over GDP", "%", 2),
    ]
    chart = Chart("ranking", "country", ("welfare",))
    return _answer(found, "what it is worth", rows, columns, chart)


def _answer(
    found: TransitionPath, what: str, rows: list[dict[str, Any]], columns: list[Column],
    chart: Chart | None, notes: tuple[str, ...] = (),
) -> Answer:  # fmt: skip
    world = found.world
    return answer(
        f"{found.title}: {what}", rows, columns, METHOD,
        about={
            "discount": found.discount, "periods": found.periods, "residual": found.residual,
            "baseline": world.source, "year": world.year,
        },
        notes=(
            *found.notes, *notes,
            f"Solved to a residual of {found.residual:.1e}, in {found.rounds} rounds.",
        ),
        sources=[s for s in (world.source, world.elasticity_source) if s], chart=chart,
    )  # fmt: skip


def _chosen(known: tuple[str, ...], names: Sequence[str], place: Callable[[str], int]) -> list[int]:
    return [place(name) for name in names] or list(range(len(known)))


def _period(found: TransitionPath, t: int) -> str:
    return str((found.world.year or 0) + t)


def _change(ratio: float) -> float:
    return 100 * float(ratio - 1)


def _largest(values: Array) -> float:
    return float(values[int(np.abs(values).argmax())])

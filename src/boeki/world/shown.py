"""A world as tidy tables: by country, by sector, by pair; its accounts; published elasticities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.world.elasticities import elasticities, elasticity_sets, published_elasticities
from boeki.world.world_checks import accounts_gap

if TYPE_CHECKING:
    from boeki.world.world import World

PAGE = "explanation/baselines.md"
METHOD = Method(
    "Baseline of the world economy",
    "X_ns = Σ_k γ_n^ks Y_nk + α_ns I_n; I_n = Σ_s γ_ns Y_ns + Σ τ M_n + D_n; Y_is = Σ_n M_nis; "
    "M_nis = π_nis X_ns / (1 + τ_nis)",
    "Caliendo and Parro (2015), Review of Economic Studies 82, section 3",
    PAGE,
)
ELASTICITIES = Method(
    "Published trade elasticities",
    "θ of a sector: mean over its divisions of ISIC Rev. 3; of a division: mean of the published "
    "sectors that cover it",
    "The publications named as sources",
    PAGE,
)
#: Gaps of accounts above this share of a country's expenditure are no rounding.
_CLOSE = 1e-6


def world_countries(world: World) -> Answer:
    """One row a country: size, trade, openness, balance."""
    unit, scale = world.currency, world.unit
    home = np.einsum("nns->n", world.trade)
    rows = [
        {
            "country": name,
            "gdp": world.gdp[n] * scale,
            "output": world.output[n].sum() * scale,
            "final_spending": world.income[n] * scale,
            "exports": world.exports[n] * scale,
            "imports": world.imports[n] * scale,
            "deficit": world.deficit[n] * scale,
            "tariff_revenue": world.tariff_revenue[n] * scale,
            "home_share": 100 * home[n] / world.trade[:, n].sum(),
        }
        for n, name in enumerate(world.countries)
    ]
    columns = [
        Column("country", "country"),
        Column("gdp", "value added", unit),
        Column("output", "gross output", unit, shown=False),
        Column(
            "final_spending",
            "final spending: value added, tariff revenue and deficit",
            unit,
            shown=False,
        ),
        Column("exports", "exports", unit),
        Column("imports", "imports net of tariffs", unit),
        Column("deficit", "imports less exports", unit),
        Column("tariff_revenue", "tariff revenue", unit),
        Column("home_share", "share bought at home", "%", 1),
    ]
    chart = Chart("ranking", "country", ("gdp",))
    return answer(_title(world), rows, columns, METHOD, chart=chart, **_about(world))


def world_sectors(world: World, country: str | None = None) -> Answer:
    """One row a sector, of the world or of one country.

    Raises
    ------
    UnknownTerm
        For a country that the world does not have.
    """
    at = slice(None) if country is None else slice(world.country(country), None)
    at = at if country is None else slice(at.start, at.start + 1)
    abroad = world.trade * (1 - np.eye(len(world.countries)))[:, :, None]
    unit, scale, economies = world.currency, world.unit, bool(world.scale_elasticity.any())
    rows = [
        {
            "sector": name,
            "output": world.output[at, s].sum() * scale,
            "value_added": world.value_added[at, s].sum() * scale,
            "exports": world.exports_by_sector[at, s].sum() * scale,
            "imports": world.imports_by_sector[at, s].sum() * scale,
            "expenditure": world.expenditure[at, s].sum() * scale,
            "tariff": _percent((abroad * world.tariff)[:, at, s].sum(), abroad[:, at, s].sum()),
            "trade_elasticity": world.trade_elasticity[s],
            "scale_elasticity": world.scale_elasticity[s],
        }
        for s, name in enumerate(world.sectors)
    ]
    columns = [
        Column("sector", "sector"),
        Column("output", "gross output", unit),
        Column("value_added", "value added", unit),
        Column("exports", "exports", unit),
        Column("imports", "imports net of tariffs", unit),
        Column("expenditure", "spending, as input and for final use", unit, shown=False),
        Column("tariff", "tariffs over imports; none where nothing is imported", "%", 2),
        Column("trade_elasticity", "trade elasticity θ", "", 2),
        Column("scale_elasticity", "scale elasticity ψ", "", 3, shown=economies),
    ]
    title = _title(world) + (f", {country}" if country else "")
    chart = Chart("ranking", "sector", ("output",))
    return answer(title, rows, columns, METHOD, chart=chart, **_about(world))


def world_pairs(world: World, sector: str | None = None) -> Answer:
    """One row a pair of countries that trade, in one sector or in all.

    Raises
    ------
    UnknownTerm
        For a sector that the world does not have.
    """
    at = range(len(world.sectors)) if sector is None else [world.sector(sector)]
    net = world.trade[:, :, at].sum(2)
    duty = (world.trade * world.tariff)[:, :, at].sum(2)
    spent = net.sum(0)
    rows = [
        {
            "origin": o,
            "destination": d,
            "value": net[i, j] * world.unit,
            "share": _percent(net[i, j], spent[j]),
            "tariff": _percent(duty[i, j], net[i, j]),
        }
        for i, o in enumerate(world.countries)
        for j, d in enumerate(world.countries)
        if i != j and net[i, j] > 0
    ]
    rows.sort(key=lambda row: -row["value"])
    columns = [
        Column("origin", "origin"),
        Column("destination", "destination"),
        Column("value", "sales net of tariffs", world.currency),
        Column("share", "share in what the destination buys, home sales included", "%", 2),
        Column("tariff", "tariff", "%", 2),
    ]
    title = f"{_title(world)}, {sector or 'all sectors'} by pair"
    return answer(title, rows, columns, METHOD, **_about(world))


def world_accounts(world: World) -> Answer:
    """Each identity of a world: how far it is off, and where most."""
    size = world.expenditure.sum(1)
    trade = world.trade
    gaps: dict[str, tuple[Any, Sequence[Sequence[str]]]] = {
        "spending on a sector is inputs and final use": (
            accounts_gap(world) / size[:, None], (world.countries, world.sectors),
        ),
        "shares of origins sum to one": (
            world.trade_share.sum(0) - 1, (world.countries, world.sectors),
        ),
        "value added and inputs are output": (
            world.value_added_share + world.input_share.sum(2) - 1,
            (world.countries, world.sectors),
        ),
        "final spending is income": (
            (world.final_expenditure.sum(1) - world.income) / size, (world.countries,),
        ),
        "imports less exports are the deficit": (
            (trade.sum((0, 2)) - trade.sum((1, 2)) - world.deficit) / size, (world.countries,),
        ),
        "deficits sum to zero": (
            np.array([world.deficit.sum() / size.sum()]), (("the world",),),
        ),
    }  # fmt: skip
    rows = []
    for name, (gap, names) in gaps.items():
        at = np.unravel_index(int(np.abs(gap).argmax()), gap.shape)
        worst = float(abs(gap[at]))
        rows.append(
            {
                "identity": name,
                "gap": worst,
                "size": f"{worst:.1e}",
                "where": ", ".join(axis[int(i)] for axis, i in zip(names, at, strict=True)),
                "holds": worst <= _CLOSE,
            }
        )
    columns = [
        Column("identity", "identity"),
        Column(
            "gap", "largest gap, as a share of the country's expenditure or of one", shown=False
        ),
        Column("size", "the same in words"),
        Column("where", "where it is largest"),
        Column("holds", f"whether it is at most {_CLOSE:g}"),
    ]
    return answer(f"Accounts of: {_title(world)}", rows, columns, METHOD, **_about(world))


def elasticity_table(name: str | None = None) -> Answer:
    """The published sets, or the sectors of one as published.

    Raises
    ------
    UnknownTerm
        For a set that there is not.
    """
    if name is None:
        rows: list[dict[str, Any]] = [
            {"set": key, "sectors": len(published_elasticities(key)), "source": source}
            for key, source in elasticity_sets().items()
        ]
        columns = [
            Column("set", "name of the set"),
            Column("sectors", "sectors published"),
            Column("source", "source", shown=False),
        ]
        return answer(
            "Published trade elasticities", rows, columns, ELASTICITIES,
            sources=[row["source"] for row in rows],
        )  # fmt: skip
    published = published_elasticities(name)
    rows = [
        {
            "sector": row.sector,
            "isic3": ", ".join(row.isic3),
            "trade_elasticity": row.trade_elasticity,
            "standard_error": _known(row.standard_error),
            "scale_elasticity": _known(row.scale_elasticity),
        }
        for row in published
    ]
    columns = [
        Column("sector", "sector as published"),
        Column("isic3", "divisions of ISIC Rev. 3 that it covers"),
        *_elasticity_columns(),
    ]
    return answer(
        f"Trade elasticities: {name}", rows, columns, ELASTICITIES,
        notes=filter(None, [published[0].note]), sources=[published[0].source],
    )  # fmt: skip


def mapped_elasticities(
    name: str,
    sectors: Sequence[str],
    *,
    others: float | None = None,
    isic3: Mapping[str, str] | None = None,
) -> Answer:
    """A published set on the sectors of a world.

    Parameters
    ----------
    name, sectors, others, isic3
        As :func:`boeki.world.elasticities` has them.
    """
    found = elasticities(name, sectors, others=others, isic3=isic3)
    scale = found.scale_elasticity
    rows = [
        {
            "sector": sector,
            "trade_elasticity": found.trade_elasticity[s],
            "standard_error": _known(found.standard_error[s]),
            "scale_elasticity": None if scale is None else scale[s],
            "note": "; ".join(found.from_rows[s]) or "not in the set: given by the user",
        }
        for s, sector in enumerate(sectors)
    ]
    columns = [
        Column("sector", "sector"), *_elasticity_columns(), Column("note", "published sectors"),
    ]  # fmt: skip
    return answer(
        f"Trade elasticities: {name}", rows, columns, ELASTICITIES, notes=found.notes,
        sources=[found.source],
    )  # fmt: skip


def _elasticity_columns() -> list[Column]:
    return [
        Column("trade_elasticity", "trade elasticity θ", "", 3),
        Column("standard_error", "its standard error; none where none is at hand", "", 3),
        Column("scale_elasticity", "scale elasticity ψ; none where the set has none", "", 3),
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _percent(part: float, whole: float) -> float | None:
    return 100 * float(part) / float(whole) if whole > 0 else None


def _title(world: World) -> str:
    year = f" of {world.year}" if world.year else ""
    return f"World economy{year}, {len(world.countries)} countries × {len(world.sectors)} sectors"


def _about(world: World) -> dict[str, Any]:
    said = [f"Elasticities: {world.elasticity_source}"] if world.elasticity_source else []
    return {
        "about": {"year": world.year, "currency": world.currency},
        "notes": [*world.notes, *said],
        "sources": [world.source] if world.source else [],
    }

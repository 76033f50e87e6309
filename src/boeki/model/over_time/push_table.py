"""The ranking of countries that push research, as a tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.over_time.push import PushRanking

_METHOD = Method(
    "The same push of research in every country",
    "T̂′ = (1 − δ) T̂ + δ (Ŷ/ŵ + push / research)^κ, the push taking labour; each country alone",
    "Bartelme, Costinot, Donaldson and Rodríguez-Clare (2019), NBER 26193, for scale; the path as "
    "Reyes-Heroles (2016)",
    "explanation/over-time.md",
)
#: A push to more than so many times the research there was is beyond what was estimated.
_BEYOND = 10.0


def push_table(found: PushRanking, level: float) -> Answer:
    """One row a country, by the points of world market share that it wins."""
    world = found.world
    s = world.sector(found.sector)
    rows: list[dict[str, Any]] = []
    for k, name in enumerate(found.countries):
        n = world.country(name)
        points = 100 * float(found.central["share"][k])
        now = {c: float(v[k]) for c, v in found.central.items()}
        rows.append(
            {
                "country": name,
                "share_before": 100 * float(world.market_share[n, s]),
                "share": points,
                **_interval(found, "share", k, level),
                "share_end": 100 * now["share_end"],
                "technology": 100 * (now["technology"] - 1),
                "gdp": 100 * now["gdp"],
                "balance": 100 * now["balance"],
                "welfare": 100 * now["welfare"],
                **_interval(found, "welfare", k, level),
                "dependence": 100 * now["dependence"],
                "cost": float(found.cost[k]),
                "cost_per_point": float(found.cost[k] / points) if points > 0 else None,
                "multiple": float(found.multiple[k]),
                "other_share": 100 * now["other_share"],
                "other_welfare": 100 * now["other_welfare"],
                "note": _note(float(found.multiple[k])),
            }
        )
    rows.sort(key=lambda row: -row["share"])
    for name, why in found.silent.items():
        rows.append({**dict.fromkeys(rows[0] if rows else ()), "country": name, "note": why})
    drawn = bool(found.draws)
    when = f"after {found.years} periods"
    columns = [
        Column("country", "country"),
        Column("share_before", "share in world exports before", "%", 2),
        Column("share", f"points of it won {when}", "pp", 2),
        Column("share_low", f"{100 * level:.0f} % of draws from", "pp", 2, shown=drawn),
        Column("share_high", "to", "pp", 2, shown=drawn),
        Column("share_end", "points of it won in the last period", "pp", 2),
        Column("technology", f"technology {when}, change", "%", 0, shown=False),
        Column("gdp", f"real GDP {when}, change", "%", 3),
        Column("balance", "largest change of the balance over GDP", "pp", 3),
        Column("welfare", "permanent consumption, change", "%", 4),
        Column("welfare_low", f"{100 * level:.0f} % of draws from", "%", 4, shown=drawn),
        Column("welfare_high", "to", "%", 4, shown=drawn),
        Column("dependence", f"imports over what is bought {when}, change", "pp", 2),
        Column("cost", "present value of the push", world.currency),
        Column("cost_per_point", "cost of a point of share", world.currency),
        Column("multiple", "research over what there was", "times", 1),
        Column("other_share", f"share of {found.other} {when}, change", "pp", 2),
        Column("other_welfare", f"permanent consumption of {found.other}, change", "%", 4),
        Column("note", "note"),
    ]
    notes = [
        f"Each country alone pushes research worth {100 * found.share_of_gdp:g} % of its GDP a "
        f"period into {found.sector}, for {found.years} periods; it takes labour worth as much.",
        *found.notes,
    ]
    if any(row["note"] == _note(np.inf) for row in rows):
        notes.append(
            f"Beyond the estimates: more than {_BEYOND:g} times the research there was. Scale "
            "elasticities were never estimated on such a change; the size says little."
        )
    if drawn:
        count = len(next(iter(found.draws.values())))
        notes.append(f"{count} draws of trade elasticities; {len(found.lost)} without a path.")
    return answer(
        f"Who could win {found.sector}, and at what cost", rows, columns, _METHOD,
        about={"sector": found.sector, "share_of_gdp": found.share_of_gdp, "years": found.years,
               "other": found.other},
        notes=tuple(notes), sources=[x for x in (world.source, world.elasticity_source) if x],
        chart=Chart("ranking", "country", ("share",)) if rows else None,
    )  # fmt: skip


def _interval(found: PushRanking, name: str, k: int, level: float) -> dict[str, float | None]:
    """The ends of an interval that holds so many of the draws; none without draws."""
    ends = {"low": (1 - level) / 2, "high": (1 + level) / 2}
    if not found.draws:
        return {f"{name}_{end}": None for end in ends}
    return {
        f"{name}_{end}": 100 * float(np.quantile(found.draws[name][:, k], at))
        for end, at in ends.items()
    }


def _note(multiple: float) -> str | None:
    if multiple <= _BEYOND:
        return None
    return "beyond the estimates"

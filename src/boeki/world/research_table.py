"""Research over sales as a tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.world.research import ResearchIntensity

_METHOD = Method(
    "Research over sales",
    "mean over the sector's divisions of ISIC Rev. 3, each the mean of the published industries in "
    "it, of the country's own figures or else the OECD's; one product: firms that make it",
    "The publications named as sources",
    "explanation/over-time.md",
)


def research_table(found: ResearchIntensity) -> Answer:
    """One row a sector, with countries of figures of their own apart."""
    rows = []
    for s, sector in enumerate(found.sectors):
        groups: dict[tuple[str, ...], list[int]] = {}
        for n, country in enumerate(found.countries):
            key = tuple(f"{r.sector}, {r.area}" for r in found.rows[country, sector])
            groups.setdefault(key, []).append(n)
        common = max(groups.values(), key=len)
        for key, places in groups.items():
            value = found.values[places[0], s]
            names = ", ".join(found.countries[n] for n in places)
            rows.append(
                {
                    "sector": sector,
                    "countries": "all others" if places is common and len(groups) > 1
                    else "all" if len(groups) == 1 else names,
                    "intensity": None if np.isnan(value) else 100 * float(value),
                    "figures": "; ".join(key) or "nothing published",
                }
            )  # fmt: skip
    columns = [
        Column("sector", "sector"),
        Column("countries", "countries"),
        Column("intensity", "research over sales", "%", 2),
        Column("figures", "published of"),
    ]
    used = {r for group in found.rows.values() for r in group}
    return answer(
        "Research over sales", rows, columns, _METHOD,
        notes=(
            "Means are not weighted. Industries are those of 1991 to 1997, the last published by "
            "ISIC Rev. 3 as research over production; firms are of the years that they name.",
        ),
        sources=sorted({r.source for r in used}),
        chart=Chart("ranking", "sector", ("intensity",)),
    )  # fmt: skip

"""The shocks that move an outcome most, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.model.outcomes import OUTCOMES
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.model.derivatives import Gradient

Array: TypeAlias = NDArray[np.float64]

_METHOD = Method(
    "Derivatives of an equilibrium",
    "dy/ds = ∂y/∂s + λᵀ ∂F/∂s, (I − ∂F/∂z)ᵀ λ = ∂y/∂z, z = F(z, s) the equilibrium",
    "implicit function theorem; Griewank and Walther (2008), Evaluating Derivatives, chapter 15",
    "explanation/simulate.md",
)
#: Shock to what a step of one per cent is called.
STEPS = {
    "tariff": "1 percentage point more tariff",
    "trade_cost": "1 % more trade costs",
    "productivity": "1 % more productivity",
    "labour": "1 % more labour",
    "production_tax": "1 percentage point more tax on production",
}


def gradient_table(found: Gradient, most: int) -> Answer:
    """One row a shock, by the size of what one per cent or percentage point of it does."""
    world, unit = found.equilibrium.world, OUTCOMES[found.outcome.name].unit
    rows = rows_of(world, {shock: np.array(getattr(found, shock)) for shock in STEPS}, most)
    said = "%" if unit == "log" else "pp"
    columns = [
        Column("what", "shock, where"),
        Column("shock", "one per cent or percentage point of", shown=False),
        Column("origin", "country, or origin", shown=False),
        Column("destination", "destination", shown=False),
        Column("sector", "sector", shown=False),
        Column("effect", f"change of {found.outcome}", said, 5),
    ]
    return answer(
        f"What 1 % or percentage point of a shock does to {found.outcome}", rows,
        columns, _METHOD,
        about={"outcome": found.outcome.name, "country": found.outcome.country,
               "sector": found.outcome.sector, "partner": found.outcome.partner,
               "at": found.equilibrium.title, "value": found.value},
        notes=(
            "To first order, from this equilibrium: for large shocks simulate them.",
            *found.equilibrium.notes,
        ),
        sources=[s for s in (world.source, world.elasticity_source) if s],
        chart=Chart("ranking", "what", ("effect",)) if rows else None,
    )  # fmt: skip


def rows_of(
    world: World, cells: Mapping[str, Array], most: int, steps: Mapping[str, str] = STEPS
) -> list[dict[str, Any]]:
    """Rows of the largest derivatives, each named by its shock and where it is.

    Parameters
    ----------
    world
        Whose axes they have.
    cells
        By shock, ``(country,)``, ``(country, sector)`` or ``(origin, destination, sector)``.
    most
        How many, the largest first.
    steps
        What one per cent of each shock is called.
    """
    rows: list[dict[str, Any]] = []
    for shock, values in cells.items():
        if values.ndim == 3:
            index = np.arange(len(world.countries))
            values[index, index] = 0.0
        order = np.argsort(-np.abs(values), axis=None, kind="stable")[:most]
        for at in zip(*np.unravel_index(order, values.shape), strict=True):
            if values[at] != 0:
                rows.append(
                    _row(world, shock, steps[shock], tuple(int(i) for i in at), float(values[at]))
                )
    rows.sort(key=lambda row: -abs(row["effect"]))
    return rows[:most]


def _row(world: World, shock: str, step: str, at: tuple[int, ...], value: float) -> dict[str, Any]:
    countries, sectors = world.countries, world.sectors
    pair = len(at) == 3
    where = countries[at[0]] + (f" → {countries[at[1]]}" if pair else "")
    sector = f", {sectors[at[-1]]}" if len(at) > 1 else ""
    return {
        "what": f"{shock.replace('_', ' ')}, {where}{sector}",
        "shock": step,
        "origin": countries[at[0]],
        "destination": countries[at[1]] if pair else None,
        "sector": sectors[at[-1]] if len(at) > 1 else None,
        "effect": value,
    }

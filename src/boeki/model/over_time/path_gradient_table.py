"""The shocks that move an outcome of a path most, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.model.gradient_table import STEPS, rows_of
from boeki.model.outcomes import OUTCOMES

if TYPE_CHECKING:
    from boeki.model.over_time.path_gradient import PathGradient

_METHOD = Method(
    "Derivatives of a path",
    "dy/ds_t = ∂y/∂s_t + λᵀ ∂F/∂s_t, (I − ∂F/∂z)ᵀ λ = ∂y/∂z, z the unknowns of all periods",
    "implicit function theorem; Griewank and Walther (2008), Evaluating Derivatives, chapter 15",
    "explanation/over-time.md",
)


def path_gradient_table(found: PathGradient, most: int) -> Answer:
    """One row a shock, by the size of what one per cent of it does that lasts all along."""
    world, path = found.path.world, found.path
    unit = "%" if OUTCOMES[found.outcome.name].unit == "log" else "pp"
    steps = dict(STEPS)
    if any(plan.learning is not None for plan in found.plans):
        steps["research"] = "1 % more research, as if it cost nothing"
    cells = {shock: np.asarray(getattr(found, shock)).sum(0) for shock in steps}
    rows = rows_of(world, cells, most, steps)
    when = "all along" if found.period is None else f"in period {found.period}"
    country = found.outcome.country
    what = str(found.outcome) if found.period is not None else f"permanent consumption, {country}"
    columns = [
        Column("what", "shock, where"),
        Column("shock", "one per cent or percentage point of", shown=False),
        Column("origin", "country, or origin", shown=False),
        Column("destination", "destination", shown=False),
        Column("sector", "sector", shown=False),
        Column("effect", f"change of {what} {when}", unit, 5),
    ]
    return answer(
        f"What 1 % or percentage point of a lasting shock does to {what}, {when}",
        rows, columns, _METHOD,
        about={"outcome": found.outcome.name, "country": found.outcome.country,
               "period": found.period, "known": found.known,
               "at": path.title, "value": found.value},
        notes=("To first order, from this path: for large shocks simulate them.", *path.notes),
        sources=[s for s in (world.source, world.elasticity_source) if s],
        chart=Chart("ranking", "what", ("effect",)) if rows else None,
    )  # fmt: skip

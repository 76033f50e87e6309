"""Fitness of countries and complexity of products by a non-linear iteration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Method, answer
from boeki.errors import InputError
from boeki.measure.structure.comparative_advantage import world_grid
from boeki.measure.structure.economic_complexity import Of, ranked_columns, ranked_rows, told
from boeki.measure.structure.eligibility import Eligibility, specialised
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade, world

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Iterations unless told otherwise, and the change below which they have settled.
ITERATIONS = 200
TOLERANCE = 1e-6

METHOD = Method(
    "Fitness–complexity",
    "F_c = Σ_p M_cp Q_p, Q_p = 1 / Σ_c M_cp/F_c, both from the iteration before, each divided by "
    "its mean in every iteration; from all ones",
    "Tacchella, Cristelli, Caldarelli, Gabrielli and Pietronero (2012), A New Metrics for "
    "Countries' Fitness and Products' Complexity, Scientific Reports 2:723",
    "explanation/structure.md",
)


@dataclass(frozen=True, slots=True)
class Fitness:
    """Fitness and complexity after an iteration.

    Attributes
    ----------
    countries, products
        ``(country,)`` and ``(product,)``, each of mean one.
    iterations
        How many updates were made.
    change
        Largest relative change of a fitness above a millionth in the last of them.
    converged
        Whether that was below the tolerance. The fitness of some countries may fall towards nil
        for ever; ranks settle long before.
    """

    countries: NDArray[np.float64]
    products: NDArray[np.float64]
    iterations: int
    change: float
    converged: bool


def fitness(
    advantage: NDArray[np.float64],
    iterations: int = ITERATIONS,
    tolerance: float | None = TOLERANCE,
) -> Fitness:
    """Fitness of countries and complexity of products.

    Parameters
    ----------
    advantage
        ``(country, product)`` of 0 and 1, with no empty row or column.
    iterations
        Most updates.
    tolerance
        Stop where no fitness changes by more, relative to itself; None to make all updates.

    Raises
    ------
    InputError
        Where a row or column is empty, or fewer than one update is asked for.
    """
    m = np.asarray(advantage, dtype=np.float64)
    if not m.any(axis=1).all() or not m.any(axis=0).all():
        raise InputError("each country needs an advantage in a product, and each product a country")
    if iterations < 1:
        raise InputError("ask for one iteration at least")
    f, q = np.ones(m.shape[0]), np.ones(m.shape[1])
    change, done = np.inf, 0
    while done < iterations:
        done += 1
        # Countries without a future fall below what a float can hold the inverse of.
        new_f, new_q = m @ q, 1 / ((1 / np.maximum(f, 1e-300)) @ m)
        new_f, new_q = new_f / new_f.mean(), new_q / new_q.mean()
        seen = new_f > 1e-6
        change = float(np.max(np.abs(new_f / np.maximum(f, 1e-300) - 1), where=seen, initial=0))
        f, q = new_f, new_q
        if tolerance is not None and change < tolerance:
            break
    return Fitness(f, q, done, change, tolerance is not None and change < tolerance)


def fitness_complexity(
    period: str | int = "",
    *,
    of: Of = "country",
    iterations: int = ITERATIONS,
    tolerance: float | None = TOLERANCE,
    rule: Eligibility | None = None,
    **reading: Unpack[Reading],
) -> Answer:
    """How fit the exports of countries are, or how complex products.

    Parameters
    ----------
    period
        When.
    of
        ``country`` (fitness) or ``product`` (complexity).
    iterations, tolerance
        As :func:`fitness` has them.
    rule
        Who takes part; None for all that have an advantage in anything.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a country or product, fittest first. The notes say how many iterations were made,
        whether they settled, and who was left out.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, of one country only, or of several kinds.
    """
    source = trade(period, **reading)
    sold = source.flows("export", "product")
    taking = specialised(world_grid(sold), rule)
    found = fitness(taking.advantage, iterations, tolerance)
    words = sold.told.get("classification", "")
    values = found.countries if of == "country" else found.products
    spread = taking.advantage.sum(axis=1 if of == "country" else 0)
    settled = "settled" if found.converged else "did not settle"
    said = (
        f"After {found.iterations} iterations, mean of each one; they {settled}: the last changed "
        f"a fitness by {found.change:.1e} of itself at most."
    )
    return answer(
        f"{'Fitness of countries' if of == 'country' else 'Complexity of products'} "
        f"(fitness–complexity), {source.period}",
        ranked_rows(taking, of, values, spread, words),
        ranked_columns(of, "fitness" if of == "country" else "complexity"),
        METHOD,
        about=about(source, sold, of=of, iterations=found.iterations, converged=found.converged,
                    **told(taking, rule)),
        notes=[*notes(sold), said, *taking.notes(), world(sold)],
        chart=Chart("ranking", "name", ("index",)),
        **evidence(sold),
    )  # fmt: skip

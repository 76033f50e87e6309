"""Economic and product complexity indices (ECI, PCI) as eigenvectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError
from boeki.measure.structure import names
from boeki.measure.structure.comparative_advantage import world_grid
from boeki.measure.structure.eligibility import Eligibility, Specialised, specialised
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade, world

if TYPE_CHECKING:
    from numpy.typing import NDArray

Of = Literal["country", "product"]
#: Eigenvalues closer than this do not tell their vectors apart.
_GAP = 1e-9

METHOD = Method(
    "Economic complexity index",
    "ECI = second eigenvector of M̃_cc′ = Σ_p M_cp M_c′p / (k_c k_p), PCI = its mean over exporters "
    "of the product; sign: correlates with diversity; standardised by mean and population standard "
    "deviation",
    "Hidalgo and Hausmann (2009), The Building Blocks of Economic Complexity, PNAS 106(26); "
    "Hausmann, Hidalgo et al. (2014), The Atlas of Economic Complexity, ch. 2",
    "explanation/structure.md",
)


@dataclass(frozen=True, slots=True)
class Complexity:
    """Complexity of countries and products.

    Attributes
    ----------
    countries
        ``(country,)``: ECI.
    products
        ``(product,)``: PCI, standardised by its own mean and population standard deviation.
    diversity, ubiquity
        ``(country,)`` and ``(product,)``: row and column sums of advantages.
    """

    countries: NDArray[np.float64]
    products: NDArray[np.float64]
    diversity: NDArray[np.float64]
    ubiquity: NDArray[np.float64]


def complexity_indices(advantage: NDArray[np.float64]) -> Complexity:
    """Economic complexity of countries and of products.

    Parameters
    ----------
    advantage
        ``(country, product)`` of 0 and 1, with no empty row or column.

    Raises
    ------
    InputError
        Where a row or column is empty, or the matrix falls into parts that share no product, of
        which the index cannot tell which is the more complex.
    """
    m = np.asarray(advantage, dtype=np.float64)
    diversity, ubiquity = m.sum(axis=1), m.sum(axis=0)
    if not diversity.all() or not ubiquity.all():
        raise InputError("each country needs an advantage in a product, and each product a country")
    # D^(-1/2) M U^(-1) M' D^(-1/2) is symmetric and has the eigenvalues of M̃; its vectors times
    # D^(-1/2) are those of M̃.
    half = m / np.sqrt(np.outer(diversity, ubiquity))
    values, vectors = np.linalg.eigh(half @ half.T)
    if len(values) < 2 or values[-2] > 1 - _GAP:
        raise InputError(
            "the countries fall into groups that share no product: the index does not compare them"
        )
    if len(values) > 2 and values[-2] - values[-3] < _GAP:
        raise InputError(
            "two eigenvalues are equal, so the index is not determined: there are too few "
            "countries or products"
        )
    vector = vectors[:, -2] / np.sqrt(diversity)
    if np.ptp(diversity) > 0 and np.corrcoef(vector, diversity)[0, 1] < 0:
        vector = -vector
    return Complexity(_standardised(vector), _standardised(vector @ m / ubiquity),
                      diversity, ubiquity)  # fmt: skip


def economic_complexity(
    period: str | int = "",
    *,
    of: Of = "country",
    rule: Eligibility | None = None,
    **reading: Unpack[Reading],
) -> Answer:
    """How complex the exports of countries are, or products themselves.

    Parameters
    ----------
    period
        When.
    of
        ``country`` (ECI) or ``product`` (PCI).
    rule
        Who takes part; None for all that have an advantage in anything.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a country or product, most complex first. The notes say who was left out.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, of one country only, or of several kinds.
    """
    source = trade(period, **reading)
    sold = source.flows("export", "product")
    taking = specialised(world_grid(sold), rule)
    found = complexity_indices(taking.advantage)
    what = "Economic" if of == "country" else "Product"
    words = sold.told.get("classification", "")
    values = (
        (found.countries, found.diversity) if of == "country" else (found.products, found.ubiquity)
    )
    return answer(
        f"{what} complexity index, {source.period}",
        ranked_rows(taking, of, *values, words),
        ranked_columns(of, f"{what.lower()} complexity index"),
        METHOD,
        about=about(source, sold, of=of, **told(taking, rule)),
        notes=[*notes(sold), *taking.notes(), world(sold)],
        chart=Chart("ranking", "name", ("index",)),
        **evidence(sold),
    )


def told(taking: Specialised, rule: Eligibility | None) -> dict[str, Any]:
    """The rule and how many take part, for the head of an answer."""
    sizes = {"countries": len(taking.countries), "products": len(taking.products)}
    return {**sizes, **(rule or Eligibility()).told()}


def ranked_rows(
    taking: Specialised,
    of: Of,
    index: NDArray[np.float64],
    spread: NDArray[np.float64],
    classification: str,
) -> list[dict[str, Any]]:
    """Rows of an index, largest first."""
    codes = taking.countries if of == "country" else taking.products
    order = np.lexsort((np.asarray(codes), -index))
    return [
        {
            "rank": place,
            "code": codes[i],
            "name": (names.country(codes[i]) if of == "country"
                     else names.product(codes[i], classification) or codes[i]),
            "index": float(index[i]),
            "spread": int(spread[i]),
        }
        for place, i in enumerate(order.tolist(), 1)
    ]  # fmt: skip


def ranked_columns(of: Of, meaning: str) -> list[Column]:
    """What stands in :func:`ranked_rows`."""
    spread = "diversity (products with an advantage)" if of == "country" else (
        "ubiquity (countries with an advantage)")  # fmt: skip
    return [
        Column("rank", "place by the index"),
        Column("code", f"{of} code"),
        Column("name", of),
        Column("index", meaning, places=4),
        Column("spread", spread),
    ]


def _standardised(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean nil, population standard deviation one."""
    deviation = x.std()
    if not deviation > 0:
        raise InputError("all are alike: there is nothing to rank")
    out: NDArray[np.float64] = (x - x.mean()) / deviation
    return out

"""Product space: proximity of products, and density of a country around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.measure.structure import names
from boeki.measure.structure.comparative_advantage import world_grid
from boeki.measure.structure.economic_complexity import told
from boeki.measure.structure.eligibility import Eligibility, Specialised, specialised
from boeki.measure.structure.lake_trade import product_codes
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade, world

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHOD = Method(
    "Product-space proximity and density",
    "φ_pq = min(P(p|q), P(q|p)) over countries with an advantage; density ω_cp = Σ_q M_cq φ_pq / "
    "Σ_q φ_pq over other products q",
    "Hidalgo, Klinger, Barabási and Hausmann (2007), The Product Space Conditions the Development "
    "of Nations, Science 317(5837)",
    "explanation/structure.md",
)


def proximities(advantage: NDArray[np.float64]) -> NDArray[np.float64]:
    """How often two products are exported with advantage by the same countries.

    Parameters
    ----------
    advantage
        ``(country, product)`` of 0 and 1, with no empty column.

    Returns
    -------
    ndarray
        ``(product, product)``, symmetric, nil on the diagonal: a product tells nothing of itself.
    """
    m = np.asarray(advantage, dtype=np.float64)
    ubiquity = m.sum(axis=0)
    if not ubiquity.all():
        raise InputError("each product needs a country with an advantage in it")
    both = m.T @ m
    phi: NDArray[np.float64] = both / np.maximum(ubiquity[:, None], ubiquity[None, :])
    np.fill_diagonal(phi, 0)
    return phi


def densities(
    advantage: NDArray[np.float64], proximity: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How much of what lies near a product a country exports with advantage.

    Parameters
    ----------
    advantage
        ``(country, product)`` of 0 and 1.
    proximity
        ``(product, product)``, as :func:`proximities` gives it.

    Returns
    -------
    ndarray
        ``(country, product)``, between 0 and 1; NaN for a product that lies near none.
    """
    near = proximity.sum(axis=0)
    out = np.full(advantage.shape, np.nan)
    found: NDArray[np.float64] = np.divide(advantage @ proximity, near, out=out, where=near > 0)
    return found


def product_proximity(
    product: str,
    period: str | int = "",
    *,
    rule: Eligibility | None = None,
    **reading: Unpack[Reading],
) -> Answer:
    """Which products lie nearest to one in the product space.

    Parameters
    ----------
    product
        The code of the product.
    period
        When.
    rule
        Who takes part; None for all that have an advantage in anything.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row another product, nearest first.

    Raises
    ------
    UnknownTerm
        Where no country has an advantage in such a product.
    NoFigure, InputError
        Where there are no figures, of one country only, or of several kinds.
    """
    source = trade(period, **reading)
    sold = source.flows("export", "product")
    taking = specialised(world_grid(sold), rule)
    words = sold.told.get("classification", "")
    code = product if product in taking.products else (*product_codes(product, "export"), "")[0]
    if code not in taking.products:
        raise UnknownTerm("product of these figures", product, taking.products)
    near = _near(taking, code)
    order = np.lexsort((np.asarray(taking.products), -near))
    rows = [
        {
            "code": taking.products[i],
            "name": names.product(taking.products[i], words) or taking.products[i],
            "proximity": float(near[i]),
            "ubiquity": int(taking.advantage[:, i].sum()),
        }
        for i in order.tolist()
        if taking.products[i] != code
    ]
    return answer(
        f"Products near {names.product(code, words) or code}, {source.period}",
        rows,
        [
            Column("code", "product code"),
            Column("name", "product"),
            Column("proximity", "proximity", places=4),
            Column("ubiquity", "countries with an advantage"),
        ],
        METHOD,
        about=about(source, sold, product=code, **told(taking, rule)),
        notes=[*notes(sold), *taking.notes(), world(sold)],
        chart=Chart("ranking", "name", ("proximity",)),
        **evidence(sold),
    )


def _near(taking: Specialised, code: str) -> NDArray[np.float64]:
    """The proximity of one product to all."""
    m = taking.advantage
    column = m[:, taking.products.index(code)]
    near: NDArray[np.float64] = (column @ m) / np.maximum(m.sum(axis=0), column.sum())
    return near


def product_density(
    country: str,
    period: str | int = "",
    *,
    rule: Eligibility | None = None,
    **reading: Unpack[Reading],
) -> Answer:
    """How near each product lies to what a country exports with advantage.

    Parameters
    ----------
    country
        Whose.
    period
        When.
    rule
        Who takes part; None for all that have an advantage in anything.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a product: those without an advantage first, densest first, which are the nearest
        steps; then those that the country has already.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, of one country only, or of several kinds; or the country takes
        no part.
    """
    source = trade(period, country, **reading)
    sold = source.flows("export", "product")
    taking = specialised(world_grid(sold), rule)
    code = source.code(country)
    if code not in taking.countries:
        raise InputError(f"{names.country(code)} takes no part: it has no advantage, or the rule "
                         "leaves it out")  # fmt: skip
    at = taking.countries.index(code)
    density = densities(taking.advantage[[at]], proximities(taking.advantage))[0]
    return answer(
        f"Density of {names.country(code)}'s exports in the product space, {source.period}",
        _density_rows(taking, at, density, sold.told.get("classification", "")),
        [
            Column("code", "product code"),
            Column("name", "product"),
            Column("density", "density", places=4),
            Column("rca", "revealed comparative advantage", places=3),
            Column("advantage", "whether it has an advantage already"),
        ],
        METHOD,
        about=about(source, sold, country=code, **told(taking, rule)),
        notes=[*notes(sold), *taking.notes(), world(sold)],
        chart=Chart("scatter", "rca", ("density",)),
        **evidence(sold),
    )


def _density_rows(
    taking: Specialised, at: int, density: NDArray[np.float64], words: str
) -> list[dict[str, Any]]:
    rows = [
        {
            "code": p,
            "name": names.product(p, words) or p,
            "density": float(density[i]) if np.isfinite(density[i]) else None,
            "rca": float(taking.rca[at, i]),
            "advantage": bool(taking.advantage[at, i]),
        }
        for i, p in enumerate(taking.products)
    ]
    return sorted(rows, key=lambda r: (r["advantage"], -(r["density"] or 0), r["code"]))

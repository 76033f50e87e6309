"""Trade complementarity: whether a country sells what another one buys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError
from boeki.measure.structure import names
from boeki.measure.structure.reading import Reading, about, both_sides, evidence, trade

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

METHOD = Method(
    "Trade complementarity index",
    "C_ij = 100 · (1 − Σ_p |x_ip − m_jp| / 2), x and m shares in exports of i and imports of j",
    "Michaely (1996), Trade Preferential Agreements in Latin America: An Ex-Ante Assessment, World "
    "Bank Policy Research Working Paper 1583",
    "explanation/structure.md",
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far two structures overlap.

    Attributes
    ----------
    index
        0 (nothing in common) to 100 (alike).
    common
        ``(product,)``: min of the two shares in percent; they add up to the index.
    """

    index: float
    common: NDArray[np.float64]


def overlap(one: ArrayLike, other: ArrayLike) -> Overlap:
    """What two structures have in common: 100 · (1 − Σ|a − b|/2) = 100 · Σ min(a, b).

    Parameters
    ----------
    one, other
        ``(product,)`` values of the same products, none negative.

    Raises
    ------
    InputError
        Where a value is negative or not finite, or one side is nil.
    """
    a, b = (np.asarray(v, dtype=np.float64) for v in (one, other))
    for v in (a, b):
        if not np.isfinite(v).all() or (v < 0).any() or not v.sum() > 0:
            raise InputError(
                "structures are of values that are finite, not negative and not all nil"
            )
    common = 100 * np.minimum(a / a.sum(), b / b.sum())
    return Overlap(float(common.sum()), common)


def complementarity(
    exporter: str,
    period: str | int = "",
    *,
    importer: str | None = None,
    **reading: Unpack[Reading],
) -> Answer:
    """Whether what a country sells is what others buy.

    Parameters
    ----------
    exporter
        Who sells.
    period
        When.
    importer
        Who buys; then each product's part of the index is given. None for the index with every
        importer there is.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row an importer, most complementary first; or, with one importer, a row a product, whose
        parts add up to the index.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, or of several kinds.
    """
    source = trade(period, exporter, **reading)
    seller = source.code(exporter)
    buyers = (source.code(importer),) if importer else ()
    sold = source.flows("export", "product", reporters=(seller,))
    bought = source.flows("import", "product", reporters=buyers)
    said = both_sides(sold, bought)
    grid = bought.grid("reporter", "product")
    products = sorted({*grid.columns, *sold.table["product"].to_pylist()})
    mine = sold.grid("reporter", "product").aligned((seller,), products).values[0]
    theirs = grid.aligned(grid.rows, products).values
    found = {c: overlap(mine, row) for c, row in zip(grid.rows, theirs, strict=True) if c != seller}
    if not found:
        raise InputError(f"{names.country(seller)} is the only importer there is: name another")
    words = sold.told.get("classification", "")
    if buyers:
        one = found[buyers[0]]
        said.append(f"The index is {one.index:.2f} of 100; the products' parts add up to it.")
        rows = product_rows(products, mine, theirs[0], one, words)
    else:
        rows = [
            {"code": c, "name": names.country(c), "index": o.index}
            for c, o in sorted(found.items(), key=lambda item: (-item[1].index, item[0]))
        ]
    whom = names.country(buyers[0]) if buyers else "importers"
    return answer(
        f"Complementarity of {names.country(seller)}'s exports with what {whom} "
        f"import{'s' if buyers else ''}, {source.period}",
        rows,
        product_columns("exporter's exports", "importer's imports") if buyers else _COLUMNS,
        METHOD,
        about=about(source, sold, bought, exporter=seller, importer=buyers[0] if buyers else None,
                    products=len(products), index=found[buyers[0]].index if buyers else None),
        notes=said,
        chart=Chart("ranking", "name", ("common" if buyers else "index",)),
        **evidence(sold, bought),
    )  # fmt: skip


def product_rows(
    products: list[str],
    one: NDArray[np.float64],
    other: NDArray[np.float64],
    found: Overlap,
    classification: str,
) -> list[dict[str, Any]]:
    """A row a product: its share in both structures, and what is common of it."""
    a, b = 100 * one / one.sum(), 100 * other / other.sum()
    rows = [
        {
            "code": p,
            "name": names.product(p, classification) or p,
            "first_share": float(a[i]),
            "second_share": float(b[i]),
            "common": float(found.common[i]),
        }
        for i, p in enumerate(products)
    ]
    return sorted(rows, key=lambda r: (-r["common"], r["code"]))


def product_columns(first: str, second: str) -> list[Column]:
    """What stands in :func:`product_rows`."""
    return [
        Column("code", "product code"),
        Column("name", "product"),
        Column("first_share", f"share in the {first}", "%", places=2),
        Column("second_share", f"share in the {second}", "%", places=2),
        Column("common", "part of the index", "pp", places=3),
    ]


_COLUMNS = (
    Column("code", "importer's code", shown=False),
    Column("name", "importer"),
    Column("index", "complementarity, of 100", places=2),
)

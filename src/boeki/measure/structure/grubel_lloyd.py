"""Grubel–Lloyd index of intra-industry trade."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError
from boeki.measure.structure import names
from boeki.measure.structure.flows import Flows
from boeki.measure.structure.reading import Reading, about, both_sides, evidence, trade
from boeki.terms.areas import WORLD

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

METHOD = Method(
    "Grubel–Lloyd index",
    "GL = 1 − |X − M| / (X + M); of all goods weighted by X + M",
    "Grubel and Lloyd (1975), Intra-Industry Trade, Macmillan, ch. 2; Aquino (1978), "
    "Weltwirtschaftliches Archiv 114(2), for the adjusted one",
    "explanation/structure.md",
)


def grubel_lloyd_index(exports: ArrayLike, imports: ArrayLike) -> NDArray[np.float64]:
    """The index of each product.

    Parameters
    ----------
    exports, imports
        ``(product,)``, none negative.

    Returns
    -------
    ndarray
        ``(product,)``, 0 (one-way) to 1 (balanced); NaN where nothing is traded.
    """
    x, m = _checked(exports), _checked(imports)
    whole = x + m
    out: NDArray[np.float64] = np.full(x.shape, np.nan)
    np.divide(np.abs(x - m), whole, out=out, where=whole > 0)
    return 1 - out


def aggregate(exports: ArrayLike, imports: ArrayLike) -> float:
    """The index of all products together, weighted by their trade.

    Returns
    -------
    float
        Σ (X + M − |X − M|) / Σ (X + M); NaN where nothing is traded.
    """
    x, m = _checked(exports), _checked(imports)
    whole = float((x + m).sum())
    return 1 - float(np.abs(x - m).sum()) / whole if whole else float("nan")


def aquino(exports: ArrayLike, imports: ArrayLike) -> float:
    """The aggregate after the trade imbalance is taken out of each product in proportion.

    Returns
    -------
    float
        The aggregate of X · ½(ΣX + ΣM)/ΣX and M · ½(ΣX + ΣM)/ΣM; NaN where one side is nil.
    """
    x, m = _checked(exports), _checked(imports)
    if not x.sum() or not m.sum():
        return float("nan")
    half = (x.sum() + m.sum()) / 2
    return aggregate(x * half / x.sum(), m * half / m.sum())


def grubel_lloyd(
    country: str,
    period: str | int = "",
    *,
    partner: str = WORLD,
    by: str = "product",
    adjusted: bool = False,
    **reading: Unpack[Reading],
) -> Answer:
    """How much of a country's trade is exchange within the same products.

    Parameters
    ----------
    country
        Whose trade.
    period
        When.
    partner
        With whom; the world where it is left out.
    by
        ``product``: the index of each; ``total``: of all goods alone.
    adjusted
        Of all goods, also with the trade imbalance taken out as Aquino (1978) does.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a product, most traded first, or one row for all goods. The finer the products, the
        lower the index: only figures of one level compare.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, or the two flows are of unlike kinds.
    """
    if by not in ("product", "total"):
        raise InputError(f"{by!r} is no breakdown of this index: say product or total")
    source = trade(period, country, **reading)
    code = source.code(country)
    place = () if partner == WORLD else (source.code(partner),)
    sold = source.flows("export", "product", reporters=(code,), partners=place)
    bought = source.flows("import", "product", reporters=(code,), partners=place)
    said = both_sides(sold, bought)
    rows, left = _rows(sold, bought)
    both = [r for r in rows if r["index"] is not None]
    x, m = (np.array([float(r[k]) for r in both]) for k in ("exports", "imports"))
    whole = {"index": aggregate(x, m), "aquino": aquino(x, m) if adjusted else None}
    said += _said(whole, left, len(both))
    with_whom = "the world" if partner == WORLD else names.country(source.code(partner))
    of_all = [_total_row(both, whole)] if by == "total" else rows
    return answer(
        f"Intra-industry trade of {names.country(code)} with {with_whom}, {source.period}",
        of_all,
        _columns(sold.currency, total=by == "total"),
        METHOD,
        about=about(source, sold, bought, country=code, partner=partner, products=len(both),
                    aggregate=whole["index"], aquino=whole["aquino"]),
        notes=said,
        chart=None if by == "total" else Chart("ranking", "name", ("index",)),
        **evidence(sold, bought),
    )  # fmt: skip


def _rows(sold: Flows, bought: Flows) -> tuple[list[dict[str, Any]], int]:
    """The rows of products, and how many have a line of their own in one flow only."""
    x = {k[-1]: v for k, v in sold.amounts().items()}
    m = {k[-1]: v for k, v in bought.amounts().items()}
    words = sold.told.get("classification", "")
    rows = [_row(p, words, x.get(p), m.get(p)) for p in x.keys() | m.keys()]
    rows.sort(key=lambda r: (bool(r["note"]), -r["trade"], r["code"]))
    return rows, sum(bool(r["note"]) for r in rows)


def _row(product: str, words: str, x: Decimal | None, m: Decimal | None) -> dict[str, Any]:
    one, other = x or Decimal(0), m or Decimal(0)
    note = _one_sided(words, x, m)
    index = 1 - abs(one - other) / (one + other)
    return {
        "code": product,
        "name": names.product(product, words) or product,
        "exports": x if note else one,
        "imports": m if note else other,
        "trade": one + other,
        "index": None if note else float(index),
        "note": note,
    }


def _one_sided(classification: str, x: Decimal | None, m: Decimal | None) -> str:
    """Why the other flow is not nil but unknown: Japan's lists differ between the flows."""
    if classification != "JP-PC" or (x is not None and m is not None):
        return ""
    return f"the list of {'exports' if x is None else 'imports'} has no such line at this level"


def _total_row(rows: list[dict[str, Any]], whole: dict[str, Any]) -> dict[str, Any]:
    sums = {k: sum(r[k] for r in rows) for k in ("exports", "imports", "trade")}
    return {"code": "TOTAL", "name": "All goods", **sums, **whole, "products": len(rows)}


def _said(whole: dict[str, Any], left: int, products: int) -> list[str]:
    out = [f"Weighted by trade, the index of the {products} products is {whole['index']:.4f}."]
    if whole["aquino"] is not None:
        out.append(f"With the imbalance taken out (Aquino), it is {whole['aquino']:.4f}.")
    if left:
        out.append(f"{left} products are told in one flow only, and have no index.")
    return out


def _columns(currency: str, *, total: bool) -> list[Column]:
    columns = [
        Column("code", "product code"),
        Column("name", "product"),
        Column("exports", "exports", currency),
        Column("imports", "imports", currency),
        Column("trade", "exports and imports", currency),
        Column("index", "Grubel–Lloyd index", places=4),
    ]
    if total:
        return [
            *columns,
            Column("aquino", "with the imbalance taken out", places=4),
            Column("products", "number of products"),
        ]
    return [*columns, Column("note", "why a cell is empty")]


def _checked(values: ArrayLike) -> NDArray[np.float64]:
    x = np.asarray(values, dtype=np.float64)
    if not np.isfinite(x).all() or (x < 0).any():
        raise InputError("trade is finite and not negative: see to missing and negative values")
    return x

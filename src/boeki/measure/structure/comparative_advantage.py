"""Revealed comparative advantage: Balassa's index, its symmetric form, and Vollrath's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pyarrow as pa

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.measure.structure import names
from boeki.measure.structure.flows import Flows
from boeki.measure.structure.grid import Grid
from boeki.measure.structure.reading import (
    Reading,
    about,
    both_sides,
    evidence,
    notes,
    trade,
    world,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHOD = Method(
    "Revealed comparative advantage (Balassa)",
    "RCA = (x_cp / Σ_p x_cp) / (Σ_c x_cp / Σ_cp x_cp); symmetric (RCA − 1)/(RCA + 1)",
    "Balassa (1965), Trade Liberalisation and 'Revealed' Comparative Advantage, The Manchester "
    "School 33(2); Dalum, Laursen and Villumsen (1998)",
    "explanation/structure.md",
)
VOLLRATH = Method(
    "Revealed comparative advantage (Vollrath)",
    "RXA = (x_cp / x_c,−p) / (x_−c,p / x_−c,−p); RMP the same of imports; RTA = RXA − RMP; "
    "RC = ln RXA − ln RMP",
    "Vollrath (1991), A Theoretical Evaluation of Alternative Trade Intensity Measures of Revealed "
    "Comparative Advantage, Weltwirtschaftliches Archiv 127(2)",
    "explanation/structure.md",
)


@dataclass(frozen=True, slots=True)
class Vollrath:
    """Vollrath's indices, each ``(country, product)``; NaN where undefined.

    Attributes
    ----------
    rxa, rmp
        Relative export advantage and relative import penetration: country and product are each
        left out of what they are compared with.
    rta
        Relative trade advantage, RXA − RMP.
    rc
        Revealed competitiveness, ln RXA − ln RMP.
    """

    rxa: NDArray[np.float64]
    rmp: NDArray[np.float64]
    rta: NDArray[np.float64]
    rc: NDArray[np.float64]


def balassa(exports: NDArray[np.float64]) -> NDArray[np.float64]:
    """Balassa's index of revealed comparative advantage.

    Parameters
    ----------
    exports
        ``(country, product)``, none negative.

    Returns
    -------
    ndarray
        ``(country, product)``; NaN for countries and products without any exports.
    """
    x = _checked(exports)
    own = _ratio(x, x.sum(axis=1, keepdims=True))
    world = _ratio(x.sum(axis=0, keepdims=True), np.array([[x.sum()]]))
    return _ratio(own, np.broadcast_to(world, x.shape))


def symmetric(rca: NDArray[np.float64]) -> NDArray[np.float64]:
    """Balassa's index between −1 and 1, neutral at 0: (RCA − 1)/(RCA + 1)."""
    return (rca - 1) / (rca + 1)


def relative_advantage(flows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Vollrath's relative advantage: nothing is counted twice in what is compared.

    Parameters
    ----------
    flows
        ``(country, product)``, none negative: exports for RXA, imports for RMP.

    Returns
    -------
    ndarray
        ``(country, product)``; NaN where the rest of the world, or the country besides the
        product, trades nothing.
    """
    x = _checked(flows)
    country, product = x.sum(axis=1, keepdims=True), x.sum(axis=0, keepdims=True)
    others = product - x
    rest = x.sum() - country - product + x
    # Differences of sums that should be nil leave a rounding, which is no trade.
    tiny = 1e-12 * x.sum()
    others, rest = np.where(others > tiny * 1e-3, others, 0), np.where(rest > tiny, rest, 0)
    besides = np.where(country - x > tiny * 1e-3, country - x, 0)
    return _ratio(_ratio(x, besides), _ratio(others, rest))


def vollrath(exports: NDArray[np.float64], imports: NDArray[np.float64]) -> Vollrath:
    """Vollrath's three measures of revealed advantage.

    Parameters
    ----------
    exports, imports
        ``(country, product)``, of the same countries and products.
    """
    rxa, rmp = relative_advantage(exports), relative_advantage(imports)
    both = (rxa > 0) & (rmp > 0)
    ratio = np.divide(rxa, rmp, out=np.ones_like(rxa), where=both)
    return Vollrath(rxa, rmp, rxa - rmp, np.where(both, np.log(ratio), np.nan))


def comparative_advantage(
    country: str | None = None,
    period: str | int = "",
    *,
    imports: bool = False,
    **reading: Unpack[Reading],
) -> Answer:
    """In which products a country has a revealed comparative advantage.

    Parameters
    ----------
    country
        Whose; None for every country and product.
    period
        When.
    imports
        Vollrath's indices too, for which imports are needed.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a product, strongest advantage first. Products that the country does not export have
        an index of 0.

    Raises
    ------
    NoFigure
        Where there are exports of one country only: an advantage is over others.
    InputError
        Where figures of several kinds would be compared.
    """
    source = trade(period, country, **reading)
    sold = source.flows("export", "product")
    bought = source.flows("import", "product") if imports else None
    grid = world_grid(sold)
    codes = (source.code(country),) if country else grid.rows
    table = _table(grid, bought, codes, sold)
    whose = f"{names.country(codes[0])}'s" if country else "countries'"
    flows = (sold, bought) if bought else (sold,)
    return answer(
        f"Revealed comparative advantage of {whose} exports, {source.period}",
        table,
        _columns(sold.currency, imports=imports),
        VOLLRATH if imports else METHOD,
        about=about(source, *flows, country=codes[0] if country else None, countries=len(grid.rows),
                    products=len(grid.columns)),
        notes=[*(both_sides(sold, bought) if bought else notes(sold)), world(sold)],
        chart=Chart("ranking", "name", ("rca",)),
        **evidence(*flows),
    )  # fmt: skip


def world_grid(sold: Flows) -> Grid:
    """Exports by country and product, of more than one country.

    Raises
    ------
    NoFigure
        Where there is one country only.
    """
    if len(sold.reporters) < 2:
        raise NoFigure(
            f"there are exports of one country only ({', '.join(sold.reporters)}), and nothing to "
            "compare them with: pull world trade (boeki pull baci)"
        )
    return sold.grid("reporter", "product")


def _table(grid: Grid, bought: Flows | None, codes: tuple[str, ...], sold: Flows) -> pa.Table:
    at = [grid.place(c) for c in codes]
    rca, mine, world = balassa(grid.values)[at], grid.values[at], grid.values.sum(axis=0)
    words, n = sold.told.get("classification", ""), len(codes)
    amounts = sold.amounts()
    columns: dict[str, Any] = {
        "country": np.repeat(codes, len(grid.columns)),
        "code": np.tile(grid.columns, n),
        "name": np.tile([names.product(p, words) or p for p in grid.columns], n),
        "exports": [amounts.get((c, p), Decimal(0)) for c in codes for p in grid.columns],
        "share": (100 * mine / mine.sum(axis=1, keepdims=True)).ravel(),
        "world_share": np.tile(100 * world / world.sum(), n),
        "rca": rca.ravel(),
        "symmetric": symmetric(rca).ravel(),
    }
    if bought is not None:
        columns |= _vollrath_columns(grid, bought, at)
    table = pa.table({k: pa.array(v, from_pandas=True) for k, v in columns.items()})
    return table.sort_by(
        [("country", "ascending"), ("rca", "descending"), ("exports", "descending")]
    )


def _vollrath_columns(grid: Grid, bought: Flows, at: list[int]) -> dict[str, Any]:
    imports = bought.grid("reporter", "product").aligned(grid.rows, grid.columns)
    v = vollrath(grid.values, imports.values)
    out: dict[str, Any] = {k: getattr(v, k)[at].ravel() for k in ("rxa", "rmp", "rta", "rc")}
    none = ~np.isfinite(out["rc"])
    out["note"] = np.where(none, "RC needs both exports and imports of the product", "")
    return out


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    top, bottom = np.broadcast_to(top, shape), np.broadcast_to(bottom, shape)
    out: NDArray[np.float64] = np.full(shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out


def _checked(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2:
        raise InputError("give a matrix of countries by products")
    if not np.isfinite(x).all() or (x < 0).any():
        raise InputError("trade is finite and not negative: see to missing and negative values")
    return x


def _columns(currency: str, *, imports: bool) -> list[Column]:
    columns = [
        Column("country", "country code", shown=False),
        Column("code", "product code"),
        Column("name", "product"),
        Column("exports", "exports", currency),
        Column("share", "share of the country's exports", "%", places=2, shown=not imports),
        Column("world_share", "share of world exports", "%", places=2, shown=not imports),
        Column("rca", "revealed comparative advantage", places=3),
        Column("symmetric", "symmetric index", places=3, shown=not imports),
    ]
    if imports:
        columns += [
            Column("rxa", "relative export advantage", places=3),
            Column("rmp", "relative import penetration", places=3),
            Column("rta", "relative trade advantage", places=3),
            Column("rc", "revealed competitiveness", places=3),
            Column("note", "why a cell is empty", shown=False),
        ]
    return columns

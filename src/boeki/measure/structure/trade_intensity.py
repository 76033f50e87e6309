"""Trade intensity: whether two countries trade more than their sizes let expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.measure.structure import names
from boeki.measure.structure.flows import Flows
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade, world

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHOD = Method(
    "Trade intensity index",
    "T_ij = (x_ij / X_i) / (x_wj / X_w); Kojima: (x_ij / X_i) / (M_j / (M_w − M_i))",
    "Brown (1949), Applied Economics, Allen & Unwin; Kojima (1964), The Pattern of International "
    "Trade among Advanced Countries, Hitotsubashi Journal of Economics 5(1)",
    "explanation/structure.md",
)


def intensity(bilateral: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trade intensity of exports.

    Parameters
    ----------
    bilateral
        ``(exporter, importer)``, none negative.

    Returns
    -------
    ndarray
        ``(exporter, importer)``: a market's part of the exporter's sales over its part of the
        world's; 1 where it is neutral, NaN for who sells or buys nothing.
    """
    x = _checked(bilateral)
    own = _ratio(x, x.sum(axis=1, keepdims=True))
    world = x.sum(axis=0, keepdims=True) / x.sum()
    return _ratio(own, world)


def kojima(bilateral: NDArray[np.float64]) -> NDArray[np.float64]:
    """Trade intensity with the exporter's own imports left out of the world's: nobody exports to
    itself.

    Parameters
    ----------
    bilateral
        ``(country, country)``, exporters and importers in one order.

    Raises
    ------
    InputError
        Where the matrix is not square.
    """
    x = _checked(bilateral)
    if x.shape[0] != x.shape[1]:
        raise InputError("exporters and importers must be the same countries in one order")
    own = _ratio(x, x.sum(axis=1, keepdims=True))
    imports = x.sum(axis=0)
    return _ratio(own, imports[None, :] / (imports.sum() - imports)[:, None])


def trade_intensity(
    exporter: str | None = None,
    period: str | int = "",
    *,
    importer: str | None = None,
    product: str = "TOTAL",
    **reading: Unpack[Reading],
) -> Answer:
    """How intense a country's exports are to each market, for the market's size.

    Parameters
    ----------
    exporter
        Who sells; None for all.
    period
        When.
    importer
        Only this market.
    product
        Only this product; all goods where it is left out.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a pair of countries, most intense first.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, of one exporter only, or of several kinds.
    """
    source = trade(period, exporter, **reading)
    goods = () if product == "TOTAL" else (product,)
    sold = source.flows("export", "partner", products=goods)
    if len(sold.reporters) < 2:
        raise NoFigure(
            f"there are exports of one country only ({', '.join(sold.reporters)}), and nothing to "
            "compare them with: pull world trade (boeki pull baci)"
        )
    who = (source.code(exporter) if exporter else None, source.code(importer) if importer else None)
    rows = _rows(sold, *who)
    if not rows:
        raise NoFigure("there are no such exports: see who trades with whom, or ask for another")
    whose = f"{names.country(who[0])}'s" if who[0] else "countries'"
    return answer(
        f"Trade intensity of {whose} exports by market, {source.period}",
        rows,
        _columns(sold.currency),
        METHOD,
        about=about(source, sold, exporter=who[0], importer=who[1], product=product,
                    exporters=len(sold.reporters)),
        notes=[
            *notes(sold),
            world(sold),
        ],
        chart=Chart("ranking", "name", ("intensity",)),
        **evidence(sold),
    )  # fmt: skip


def _rows(sold: Flows, exporter: str | None, importer: str | None) -> list[dict[str, Any]]:
    grid = sold.grid("reporter", "partner")
    everyone = tuple(sorted({*grid.rows, *grid.columns}))
    square = grid.aligned(everyone, everyone)
    plain, less_own = intensity(square.values), kojima(square.values)
    whole, place = square.values.sum(), {c: i for i, c in enumerate(everyone)}
    out = []
    for (i, j), value in sold.amounts().items():
        if (exporter and i != exporter) or (importer and j != importer):
            continue
        at = place[i], place[j]
        own_sum, market = square.values[at[0]].sum(), square.values[:, at[1]].sum()
        out.append(
            {
                "exporter": i,
                "importer": j,
                "name": names.country(j)
                if exporter
                else f"{names.country(i)} to {names.country(j)}",
                "exports": value,
                "share": float(100 * square.values[at] / own_sum),
                "world_share": float(100 * market / whole),
                "intensity": float(plain[at]),
                "kojima": float(less_own[at]),
            }
        )
    return sorted(out, key=lambda r: (-r["intensity"], r["exporter"], r["importer"]))


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    top, bottom = np.broadcast_to(top, shape), np.broadcast_to(bottom, shape)
    out: NDArray[np.float64] = np.full(shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out


def _checked(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2 or not np.isfinite(x).all() or (x < 0).any() or not x.any():
        raise InputError("give a matrix of exporters by importers, finite and not negative")
    return x


def _columns(currency: str) -> list[Column]:
    return [
        Column("exporter", "exporter's code", shown=False),
        Column("importer", "market's code", shown=False),
        Column("name", "market"),
        Column("exports", "exports", currency),
        Column("share", "share of the exporter's exports", "%", places=2),
        Column("world_share", "share of world exports", "%", places=2),
        Column("intensity", "trade intensity", places=3),
        Column("kojima", "trade intensity, exporter's own imports left out", places=3),
    ]

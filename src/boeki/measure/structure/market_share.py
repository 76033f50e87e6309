"""Market share: a country's part of what the world sells, in the world or in one market."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Unpack

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.measure.structure import names
from boeki.measure.structure.flows import Flows, Trade
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade, world
from boeki.terms.areas import WORLD

if TYPE_CHECKING:
    from numpy.typing import NDArray

By = Literal["product", "partner", "country"]
Told = Literal["exporters", "market"]

METHOD = Method(
    "Market share",
    "share = exports of the country / exports of all countries, in percent",
    "UN and WTO (2012), A Practical Guide to Trade Policy Analysis, ch. 1",
    "explanation/structure.md",
)


def shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each exporter's part of what all export.

    Parameters
    ----------
    values
        ``(exporter, line)``: exports.

    Returns
    -------
    ndarray
        ``(exporter, line)``, percent; NaN in lines that nobody exports.
    """
    whole = values.sum(axis=0)
    out: NDArray[np.float64] = np.full(values.shape, np.nan)
    np.divide(100 * values, whole, out=out, where=whole > 0)
    return out


def market_share(
    country: str | None = None,
    period: str | int = "",
    *,
    by: By = "product",
    product: str = "TOTAL",
    market: str = WORLD,
    told_by: Told = "exporters",
    **reading: Unpack[Reading],
) -> Answer:
    """A country's share of the world market, or of one country's imports.

    Parameters
    ----------
    country
        Whose exports; None, with ``by="country"``, for all that export.
    period
        When.
    by
        ``product``: its share in each product; ``partner``: in each market; ``country``: the
        shares of all exporters beside each other.
    product
        Only this product; all goods where it is left out.
    market
        Only sales to this country; the world where it is left out.
    told_by
        ``exporters``: what all exporters say they sold. ``market``: what the market says it
        bought from each, which needs the figures of that one country only.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a product, market or exporter, largest first: exports, the market, share (percent).

    Raises
    ------
    NoFigure
        Where there are no such figures, or only one country's exports, which are no world.
    InputError
        Where figures of several kinds would be added up.
    """
    if by not in ("product", "partner", "country"):
        raise UnknownTerm("breakdown", by, ["product", "partner", "country"])
    if country is None and by != "country":
        raise InputError("whose market share is asked? name a country, or break down by country")
    source = trade(period, country, **reading)
    sold, stated = _sold(source, by, product, market, told_by)
    if country is not None:
        country = source.code(country)
    rows, said = _rows(sold, stated, country, by)
    who = names.country(country) if country else "exporters"
    where = "the world" if market == WORLD else names.country(source.code(market))
    return answer(
        f"Market share of {who} in {where} by {by}, {source.period}",
        rows,
        _columns(by, sold.currency),
        METHOD,
        about=about(source, sold, country=country, market=market, product=product, told_by=told_by),
        notes=[*notes(sold), *said, *([] if told_by == "market" else [world(sold)])],
        chart=Chart("ranking", "name", ("share",)),
        **evidence(sold),
    )


def _sold(
    source: Trade, by: By, product: str, market: str, told_by: Told
) -> tuple[Flows, dict[str, Decimal]]:
    """What each country sold by product, market or in all; and the market's stated totals."""
    goods = () if product == "TOTAL" else (product,)
    place = () if market == WORLD else (source.code(market),)
    key: Any = () if by == "country" else (by,)
    if told_by == "market":
        if not place:
            raise NoFigure("whose imports are asked? name a market")
        if by == "partner":
            raise NoFigure("one market's imports have no other markets: break down by product")
        bought = source.flows("import", "partner", *key, reporters=place, products=goods)
        whole = source.flows("import", *key, reporters=place, products=goods)
        return _turned(bought), {k[-1] if key else "": v for k, v in whole.amounts().items()}
    sold = source.flows("export", *key, partners=place, products=goods)
    if len(sold.reporters) < 2:
        raise NoFigure(
            f"there are exports of one country only ({', '.join(sold.reporters)}), which are no "
            "world market: pull world trade (boeki pull baci), or ask told_by='market'"
        )
    return sold, {}


def _turned(bought: Flows) -> Flows:
    """Imports from each partner as what each partner sold."""
    from dataclasses import replace

    table = bought.table.drop_columns(["reporter"]).rename_columns(
        ["reporter" if k == "partner" else k for k in bought.table.column_names[1:]]
    )
    return replace(bought, table=table, keys=tuple(k for k in bought.keys if k != "partner"))


def _rows(
    sold: Flows, stated: dict[str, Decimal], country: str | None, by: By
) -> tuple[list[dict[str, Any]], list[str]]:
    """A row a line, and what must be known of them."""
    amounts = sold.amounts()
    if country is not None and not any(k[0] == country for k in amounts):
        raise NoFigure(f"there are no such exports of {names.country(country)}")
    told: dict[str, Decimal] = {}
    for key, value in amounts.items():
        line = "" if by == "country" else key[1]
        told[line] = told.get(line, Decimal(0)) + value
    # A market that names only some of its suppliers still states the whole.
    whole = {line: max(value, stated.get(line, value)) for line, value in told.items()}
    if by == "country":
        mine = {k[0]: v for k, v in amounts.items()}
    else:
        own = {k[1]: v for k, v in amounts.items() if country is None or k[0] == country}
        mine = {line: own.get(line, Decimal(0)) for line in whole}
    words = sold.told.get("classification", "")
    rows = [_row(by, code, value, whole, words) for code, value in mine.items()]
    part = sum(told.values()) / sum(whole.values())
    said = f"Exporters that are told make up {part:.1%} of the market; shares are of the whole."
    rows.sort(key=lambda r: (-r["exports"], r["code"]))
    return rows, [said] if part < 1 else []


def _row(by: By, code: str, value: Any, whole: dict[str, Any], words: str) -> dict[str, Any]:
    market = whole["" if by == "country" else code]
    name = names.product(code, words) if by == "product" else names.country(code)
    return {
        "code": code,
        "name": name or code,
        "exports": value,
        "market": market,
        "share": float(value / market * 100),
    }


def _columns(by: By, currency: str) -> list[Column]:
    return [
        Column("code", f"code of the {by}"),
        Column("name", by),
        Column("exports", "exports", currency),
        Column("market", "exports of all countries", currency),
        Column("share", "market share", "%", places=2),
    ]

"""Unit values: value over quantity, over time, with the warning that they are no prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.lake import Lake, open_lake
from boeki.measure.prices.asked import spans
from boeki.measure.prices.panel import Cell, Item, Panel
from boeki.measure.prices.panel_lake import Goods, held_span, read_panel
from boeki.measure.prices.price_index import BIAS, PAGE
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.wording import count

METHOD = Method(
    "Unit value",
    "u = value / quantity",
    "XMPI Manual (IMF 2009), ch. 2; Silver (2007), IMF Working Paper 07/121",
    PAGE,
)
_ALONE = "no figure a year before"
_PLACES = Decimal("0.000001")


def unit_value(
    reporter: str,
    product: str,
    flow: str = "import",
    *,
    start: str = "",
    end: str = "",
    freq: str = "M",
    partner: str = "WLD",
    by_partner: bool = False,
    quantity: Literal["unit", "weight"] = "unit",
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Measure the unit value of a product, with its value and quantity.

    Parameters
    ----------
    reporter, product, flow
        Whose ``import`` or ``export`` of what: a term, or a code such as ``HS2022:848620``.
    start, end
        First and last period; where they are left out, all of which the lake has a quantity.
    freq
        ``M``, ``Q`` or ``A``; the unit value of a quarter is its value over its quantity, not the
        mean of its months'.
    partner, by_partner, quantity, office, classification, as_of
        As :class:`boeki.measure.prices.Goods` has them.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a period (and partner): value, quantity and unit value, each with its change on the
        year, in percent.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For what is no area, product, flow or period.
    NoFigure
        Where the lake has no such figures.
    """
    lake = lake or open_lake()
    goods = Goods(
        reporter, flow, partner, by_partner, (product,), None, None, office, classification,
        quantity, as_of,
    )  # fmt: skip
    whose = areas.find(reporter).code
    asked = _asked(lake, goods, start, end, freq, whose)
    first = asked[0].first
    panel = read_panel(lake, goods, [p.shift(-12) for p in asked if p.first < first + 12] + asked)
    rows = _rows(panel, [str(p) for p in asked])
    if not rows:
        raise NoFigure(f"the lake holds no {product} {flow}s of {areas.name(whose)} in that time")
    return _answer(panel, rows, goods, _notes(panel, rows, [str(p) for p in asked]))


def _asked(lake: Lake, goods: Goods, start: str, end: str, freq: str, whose: str) -> list[Period]:
    if not (start and end):
        first, last = held_span(lake, goods)
        start, end = start or str(first), end or str(last)
    return spans(start, end, freq, whose)


def _rows(panel: Panel, asked: list[str]) -> list[dict[str, Any]]:
    """A row a cell of the periods asked for, with changes on the year."""
    held = {(c.period, c.item): c for c in panel.cells}
    out = []
    for cell in panel.cells:
        if cell.period in asked:
            before = held.get((str(Period.parse(cell.period).shift(-12)), cell.item))
            out.append(_row(cell, before))
    return out


def _row(cell: Cell, before: Cell | None) -> dict[str, Any]:
    now, then = _price(cell), _price(before)
    return {
        "period": cell.period,
        "partner": cell.item.partner,
        "value": cell.value,
        "value_yoy": _growth(cell.value, before.value if before else None),
        "quantity": cell.quantity,
        "unit": cell.item.unit,
        "quantity_yoy": _growth(cell.quantity, before.quantity if before else None),
        "unit_value": None if now is None else now.quantize(_PLACES),
        "unit_value_yoy": _growth(now, then),
        "note": cell.note or ("" if before else _ALONE),
    }


def _price(cell: Cell | None) -> Decimal | None:
    return cell.value / cell.quantity if cell and cell.quantity else None


def _growth(now: Decimal | None, then: Decimal | None) -> float | None:
    return float(now / then * 100 - 100) if now is not None and then else None


def _notes(panel: Panel, rows: list[dict[str, Any]], asked: list[str]) -> list[str]:
    """What is lacking, of the periods asked for and of the years before them."""
    missing = [p for p in asked if p not in panel.periods]
    alone = {r["period"] for r in rows if r["note"] == _ALONE}
    notes = [n for n in panel.notes if not n.startswith("No figures")]
    if missing:
        notes.append(f"No figures for {', '.join(missing[:6])}{' …' if len(missing) > 6 else ''}.")
    if alone:
        notes.append(
            f"No change on the year for {count(len(alone), 'period')}: no figure a year before."
        )
    return notes


def _answer(panel: Panel, rows: list[dict[str, Any]], goods: Goods, notes: list[str]) -> Answer:
    known = {c.item.unit for c in panel.cells if c.quantity is not None}
    if not known:
        raise InputError("no quantity of it is known: it has no unit value")
    unit = known.pop() if len(known) == 1 else "its unit"
    product = panel.name(panel.cells[0].item.product)
    flow, whose = goods.flow, areas.name(panel.told["reporter"])
    one = len({Item(*c.item) for c in panel.cells if c.quantity is not None}) == 1
    return answer(
        f"Unit value of {flow}s of {whose}: {product}, {rows[0]['period']} to {rows[-1]['period']}",
        rows,
        [
            Column("period", "Period"),
            Column("partner", "Partner", shown=goods.by_partner),
            Column("value", "Value", panel.currency),
            Column("value_yoy", "Change of value on the year", "%"),
            Column("quantity", "Quantity", unit, 0),
            Column("unit", "Unit of quantity", shown=unit == "its unit"),
            Column("quantity_yoy", "Change of quantity on the year", "%"),
            Column("unit_value", "Unit value", f"{panel.currency}/{unit}", _places(rows)),
            Column("unit_value_yoy", "Change of unit value on the year", "%"),
            Column("note", "Why something is lacking", shown=False),
        ],
        METHOD,
        about={**{k: v for k, v in panel.told.items() if v}, "product": goods.products[0]},
        notes=[BIAS, *notes],
        sources=panel.sources,
        evidence=panel.rows,
        published=panel.published,
        chart=Chart("line", "period", ("unit_value",), color="partner" if goods.by_partner else "")
        if one or goods.by_partner
        else None,
    )


def _places(rows: list[dict[str, Any]]) -> int | None:
    """Decimals that people are shown: none of what runs into six figures."""
    largest = max((r["unit_value"] for r in rows if r["unit_value"] is not None), default=0)
    return 0 if largest >= 100_000 else None

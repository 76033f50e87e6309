"""Values and quantities of a lake, read for prices and volumes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import ibis
from ibis import _

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.measure.cube import _one_level, _one_of_each, _without_groups
from boeki.measure.prices.panel import Cell, Entry, Panel, cells_of
from boeki.terms import areas, products
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL, by_code, commodities
from boeki.terms.wording import count

Quantity = Literal["unit", "weight"]
FLOWS = ("export", "import")
#: Above so many cells an answer names documents only.
_MOST_ROWS = 2000
_COLUMNS = (
    "office", "classification", "currency", "valuation", "system", "adjustment", "reporter",
    "partner", "flow", "product", "month", "months", "year", "value", "quantity", "unit",
    "weight", "source", "published", "row",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goods:
    """Which goods' trade with whom is asked for.

    Attributes
    ----------
    reporter, flow, partner
        Area codes or names; ``export`` or ``import``. Of the world an office's own figures are
        taken, or the sum over its countries where it states none.
    by_partner
        Keep partner countries apart; with one named, there is it alone.
    products
        Terms or codes; empty for all of one level.
    digits
        Level of a classification whose codes show it (HS, SITC).
    level
        Level of Japan's principal commodities; None for the finest that have quantities.
    office, classification
        Where the lake has several.
    quantity
        ``unit``: the quantity in each product's own unit; ``weight``: kilograms.
    as_of
        Only what was published by this day.
    """

    reporter: str
    flow: str = "export"
    partner: str = "WLD"
    by_partner: bool = False
    products: tuple[str, ...] = ()
    digits: int | None = None
    level: int | None = None
    office: str | None = None
    classification: str | None = None
    quantity: Quantity = "unit"
    as_of: dt.date | None = None

    def __post_init__(self) -> None:
        if self.flow not in FLOWS:
            raise UnknownTerm("flow", self.flow, FLOWS)
        if self.quantity not in ("unit", "weight"):
            raise UnknownTerm("quantity", self.quantity, ("unit", "weight"))


def read_panel(lake: Lake, goods: Goods, periods: Sequence[Period]) -> Panel:
    """Read the values and quantities of goods in some periods.

    Periods longer than a month are taken as an office states them, or added up from months.

    Parameters
    ----------
    lake
        Where the figures are.
    goods
        What is asked for.
    periods
        All of one length.

    Raises
    ------
    InputError
        For figures of several offices, currencies, valuations or levels, and products that contain
        one another.
    NoFigure
        Where the lake has none of them in any of the periods.
    """
    if not periods:
        raise InputError("no period was asked for")
    reporter, partner = areas.find(goods.reporter).code, areas.find(goods.partner).code
    table = _in_time(lake, goods, reporter, periods)
    wanted = _products(table, goods)
    table, stated = _partners(lake, wanted, partner, goods.by_partner)
    told = _one_of_each(lake, table, _fixed(goods))
    if told["classification"] == "JP-PC":
        table = table.filter(_["product"].isin(_commodities(lake, table, goods)))
    elif goods.digits is None and not goods.products:
        _one_level(lake, table)
    found = _rows(lake, table, goods)
    held, notes, incomplete = _periods(found, periods)
    if not held:
        raise NoFigure(_nothing(goods, reporter, periods, incomplete))
    entries = [_entry(r, held) for r in found if (r["month"], r["months"]) in held]
    if told["classification"] == "JP-PC" and not goods.products and goods.level is None:
        notes.append("Goods: the finest of Japan's principal commodities that have a quantity.")
    if not stated:
        notes.append("The office states no trade with the world: its partners are added up.")
    kept = [r for r in found if (r["month"], r["months"]) in held]
    cells = cells_of(entries)
    names = [str(p) for p in periods if str(p) in set(held.values())]
    return Panel(
        cells,
        tuple(names),
        {"reporter": reporter, "flow": goods.flow, "partner": partner, **told},
        {} if goods.products else _totals(lake, goods, reporter, partner, held, told),
        (*notes, *_unit_notes(cells)),
        tuple(sorted({s for r in kept for s in r["sources"]})),
        tuple(n for r in kept for n in r["rows"]) if len(kept) <= _MOST_ROWS else (),
        max(r["published"] for r in kept),
    )


def held_span(lake: Lake, goods: Goods) -> tuple[Period, Period]:
    """First and last month of which the lake has a quantity of some of the goods.

    Raises
    ------
    NoFigure
        Where it has none.
    """
    reporter, partner = areas.find(goods.reporter).code, areas.find(goods.partner).code
    table = lake.flows(goods.as_of, columns=_COLUMNS, office=goods.office)
    table = table.filter(_.reporter == reporter, _["flow"] == goods.flow, _.quantity > 0)
    table, _stated = _partners(lake, _products(table, goods), partner, goods.by_partner)
    ends = table.agg(first=_.month.min(), last=(_.month + _.months - 1).max())
    (found,) = lake.execute(ends).to_pylist()
    if found["first"] is None:
        raise NoFigure(
            f"the lake holds no quantity of {goods.flow}s of {areas.name(reporter)}, "
            f"{', '.join(goods.products) or 'whatever the product'}: `boeki figures` lists what is "
            "aboard"
        )
    return Period(found["first"], 1), Period(int(found["last"]), 1)


def _fixed(goods: Goods) -> dict[str, str]:
    asked = {"flow": goods.flow, "office": goods.office, "classification": goods.classification}
    return {k: v for k, v in asked.items() if v is not None}


def _in_time(lake: Lake, goods: Goods, reporter: str, periods: Sequence[Period]) -> ibis.Table:
    """The rows of a reporter in the periods, stated as a whole or by month."""
    table = lake.flows(goods.as_of, columns=_COLUMNS, office=goods.office)
    table = table.filter(_.reporter == reporter, _["flow"] == goods.flow, _.adjustment == "nsa")
    if goods.classification is not None:
        table = table.filter(_.classification == goods.classification)
    months = sorted({m for p in periods for m in range(p.first, p.last + 1)})
    years = sorted({m // 12 for m in months} | {m // 12 - 1 for m in months})
    table = table.filter(_.year.isin(years), _.month.isin(months))
    return table.filter(_.months.isin(sorted({1, periods[0].months})))


def _products(table: ibis.Table, goods: Goods) -> ibis.Table:
    """Only the goods asked for; never the total, which contains them all."""
    if not goods.products:
        table = table.filter(_["product"] != TOTAL)
        return table if goods.digits is None else table.filter(
            _["product"].length() == goods.digits
        )  # fmt: skip
    codes = [code_of(p, goods.flow) for p in goods.products]
    one, *others = [
        (table["product"] == code) & (table.classification == system if system else True)
        for system, code in codes
    ]
    for other in others:
        one = one | other
    _not_nested([code for _system, code in codes], goods.flow)
    return table.filter(one)


def code_of(product: str, flow: str) -> tuple[str, str]:
    """The classification (empty where it is not said) and code of a product.

    Raises
    ------
    UnknownTerm
        Where a word is no product.
    InputError
        Where a term has no code in this flow.
    """
    system, colon, code = product.rpartition(":")
    if colon and system != "JP-PC":
        return system, code
    if not colon and product.isdigit() and len(product) in (2, 4, 6):
        return "", product
    term = products.find(product)
    if term == TOTAL:
        raise InputError("all goods together have no quantity: name products, or leave them out")
    found = products.commodity(term, flow)
    if found is None:
        raise InputError(f"{products.name(term)} has no code of its own among {flow}s")
    return found.classification, found.code


def _not_nested(codes: Collection[str], flow: str) -> None:
    for inner in codes:
        above = set(_above(inner, flow))
        for outer in codes:
            inside = outer in above or (
                outer != inner and outer.isdigit() and inner.startswith(outer)
                and len(outer) in (2, 4) and len(inner) in (4, 6)
            )  # fmt: skip
            if inside:
                raise InputError(f"{outer} contains {inner}: name one of them, not both")


def _above(code: str, flow: str) -> list[str]:
    """The codes that contain one of Japan's principal commodities."""
    out: list[str] = []
    found = by_code(code, flow)
    while found is not None:
        out.append(found.parent)
        found = by_code(found.parent, flow)
    return out


def _partners(lake: Lake, table: ibis.Table, partner: str, apart: bool) -> tuple[ibis.Table, bool]:
    """Rows with a partner, and whether they are stated and need not be added up."""
    own = table.filter(_.partner == partner)
    if apart:
        return own if partner != areas.WORLD else _without_groups(table), True
    if partner != areas.WORLD or lake.execute(own.limit(1)).num_rows:
        return own, True
    return _without_groups(table), False


def _commodities(lake: Lake, table: ibis.Table, goods: Goods) -> list[str]:
    """Japan's principal commodities of a level, or the finest that have quantities; in either case
    none contains another.
    """
    found = table.group_by("product").agg(n=_.quantity.count())
    rows = lake.execute(found).to_pylist()
    if goods.products:
        return sorted(r["product"] for r in rows)
    held = {r["product"] for r in rows if r["n"]}
    if goods.level is not None:
        level = {c.code for c in commodities() if (c.flow, c.level) == (goods.flow, goods.level)}
        return sorted({r["product"] for r in rows} & level)
    containing = {above for code in held for above in _above(code, goods.flow)}
    return sorted(held - containing)


def _rows(lake: Lake, table: ibis.Table, goods: Goods) -> list[dict[str, Any]]:
    """Figures added up by product and unit, and by partner where they are kept apart."""
    if goods.quantity == "weight":
        table = table.mutate(quantity=_.weight, unit=ibis.literal("kg"))
    counted = (table.quantity > 0).fill_null(False) & (table.value > 0)
    table = table.mutate(
        quantity=ibis.ifelse(counted, _.quantity, ibis.null("decimal(20, 3)")),
        unit=ibis.ifelse(counted, ibis.coalesce(_.unit, ""), ""),
        partner=_.partner if goods.by_partner else ibis.literal(""),
    )
    summed = table.group_by("month", "months", "product", "partner", "unit").agg(
        value=_.value.sum(),
        quantity=_.quantity.sum(),
        published=_.published.max(),
        sources=_.source.collect(distinct=True),
        rows=_.row.collect(),
    )
    ordered = summed.order_by("month", "months", "product", "partner", "unit")
    return list(lake.execute(ordered).to_pylist())


def _periods(
    found: list[dict[str, Any]], periods: Sequence[Period]
) -> tuple[dict[tuple[int, int], str], list[str], list[str]]:
    """Which rows belong to which period; a period stands only where its months are whole.

    A month with less than half as many products as the fullest one is one of which the lake has
    some figures only: what it lacks was traded, and must not be taken for nil.
    """
    goods: dict[tuple[int, int], set[str]] = {}
    for r in found:
        goods.setdefault((r["month"], r["months"]), set()).add(r["product"])
    most = max((len(g) for g in goods.values()), default=0)
    whole = {span for span, g in goods.items() if 2 * len(g) >= most}
    held: dict[tuple[int, int], str] = {}
    lacking: list[str] = []
    for p in periods:
        months = [(m, 1) for m in range(p.first, p.last + 1)]
        if p.span in whole:
            held[p.span] = str(p)
        elif set(months) <= whole:
            held |= dict.fromkeys(months, str(p))
        else:
            lacking.append(str(p))
    if not lacking or not held:
        return held, [], lacking
    shown = f"{lacking[0]} to {lacking[-1]}" if len(lacking) > 1 else lacking[0]
    note = f"No figures, or not of all goods, for {len(lacking)} of the periods ({shown})."
    return held, [note], lacking


def _entry(r: dict[str, Any], held: dict[tuple[int, int], str]) -> Entry:
    period = held[r["month"], r["months"]]
    return Entry(period, r["product"], r["partner"], r["value"], r["quantity"], r["unit"])


def _totals(
    lake: Lake,
    goods: Goods,
    reporter: str,
    partner: str,
    held: dict[tuple[int, int], str],
    told: dict[str, str],
) -> dict[str, Decimal]:
    """What the office itself states as the whole of each period."""
    table = lake.flows(goods.as_of, columns=_COLUMNS, office=told["office"])
    table = table.filter(
        _.reporter == reporter, _["flow"] == goods.flow, _["product"] == TOTAL,
        _.partner == partner, _.month.isin(sorted({m for m, _n in held})),
        *(_[c] == told[c] for c in ("classification", "currency", "valuation", "adjustment")),
    )  # fmt: skip
    rows = lake.execute(table.select("month", "months", "value")).to_pylist()
    out: dict[str, list[Decimal]] = {}
    for r in rows:
        if (r["month"], r["months"]) in held:
            out.setdefault(held[r["month"], r["months"]], []).append(r["value"])
    needed = {period: list(held.values()).count(period) for period in held.values()}
    return {p: sum(v, Decimal(0)) for p, v in out.items() if len(v) == needed[p]}


def _unit_notes(cells: Sequence[Cell]) -> list[str]:
    """Products whose unit is not the same throughout."""
    held: dict[tuple[str, str], set[str]] = {}
    for c in cells:
        if c.quantity is not None:
            held.setdefault((c.item.product, c.item.partner), set()).add(c.item.unit)
    several = {product for (product, _p), found in held.items() if len(found) > 1}
    if not several:
        return []
    shown = ", ".join(sorted(several)[:5]) + (" …" if len(several) > 5 else "")
    return [
        f"The unit of quantity is not the same throughout for {count(len(several), 'product')} "
        f"({shown}): quantities in unlike units are not compared."
    ]


def _nothing(goods: Goods, reporter: str, periods: Sequence[Period], incomplete: list[str]) -> str:
    what = f"{goods.flow}s of {areas.name(reporter)}"
    if goods.products:
        what += f", {', '.join(goods.products)},"
    return (
        f"the lake holds no {what} for all goods asked for in {', '.join(incomplete[:3])}"
        f"{' …' if len(incomplete) > 3 else ''}: `boeki lake status` and `boeki figures` show what "
        "it has"
    )

"""Price and volume indexes of a country's exports or imports, from values and quantities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.lake import Lake, open_lake
from boeki.measure.prices.asked import LENGTHS, span_of, spans
from boeki.measure.prices.formulas import find_formula
from boeki.measure.prices.geks import geks
from boeki.measure.prices.index import IndexSeries, price_index_numbers
from boeki.measure.prices.official import Official, official_indexes
from boeki.measure.prices.panel import Panel, panel_of
from boeki.measure.prices.panel_lake import Goods, read_panel
from boeki.terms import areas

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

LINKS = ("fixed", "chained", "geks")
PAGE = "explanation/prices-and-volumes.md"
BIAS = (
    "Unit values stand for prices: where the goods within a code change, they move without any "
    "price having changed (Silver 2010, Review of Income and Wealth 56; XMPI Manual 2009, ch. 2)."
)
_REFERENCES = {
    "fixed": "PPI Manual (IMF 2004), chs. 15–17; XMPI Manual (IMF 2009), ch. 2",
    "chained": "PPI Manual (IMF 2004), chs. 15–17; XMPI Manual (IMF 2009), ch. 2",
    "geks": "Ivancic, Diewert & Fox (2011), Journal of Econometrics 161",
}


@dataclass(frozen=True, slots=True)
class _How:
    """How an index is computed."""

    formula: str
    link: str
    base: str
    window: int | None
    splice: Any

    @property
    def method(self) -> Method:
        chosen = find_formula(self.formula)
        kind = {"fixed": "fixed base", "chained": "chained", "geks": "GEKS"}[self.link]
        text = chosen.formula
        if self.link == "geks":
            text = f"P(0,t) = Π_k [P(0,k)·P(k,t)]^(1/T), {chosen.formula}"
        text += "; volume = value / P"
        return Method(
            f"{chosen.name} price index, {kind}, matched products", text,
            _REFERENCES[self.link], PAGE,
        )  # fmt: skip


def price_index(
    reporter: str = "",
    flow: str = "export",
    *,
    data: pd.DataFrame | pa.Table | Sequence[Mapping[str, Any]] | None = None,
    start: str = "",
    end: str = "",
    freq: str = "M",
    formula: str = "fisher",
    link: str = "fixed",
    base: str = "",
    window: int | None = None,
    splice: str = "mean",
    partner: str = "WLD",
    by_partner: bool = False,
    products: Sequence[str] = (),
    digits: int | None = None,
    level: int | None = None,
    quantity: str = "unit",
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Compute price and volume indexes of exports or imports from unit values.

    Parameters
    ----------
    reporter, flow
        Whose ``export`` or ``import``; may be left out with ``data``.
    data
        A table of one's own instead of the lake: columns ``period``, ``product``, ``value``,
        ``quantity``, and where they are known ``unit`` and ``partner``.
    start, end
        First and last period; of ``data`` all periods are taken where these are left out.
    freq
        ``M``, ``Q`` or ``A``.
    formula
        One of :data:`boeki.measure.prices.FORMULAS`.
    link
        ``fixed`` (against the base), ``chained`` (period on period) or ``geks`` (multilateral).
    base
        The period that is 100; the first where it is left out.
    window, splice
        Of GEKS: see :func:`boeki.measure.prices.geks`.
    partner, by_partner, products, digits, level, quantity, office, classification, as_of
        As :class:`boeki.measure.prices.Goods` has them. With ``by_partner`` the same product from
        another country is another product, which lessens the bias of unit values.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a period: price, volume and value index (base = 100), the official unit value and
        volume index beside them where the lake has them, how many products are compared, and
        which share of the period's whole value they are. ``volume`` is the index of all
        value over the price index: goods without a price are taken to have become dearer as those
        with one did.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For what is no formula, period, flow or product, and figures that do not go together.
    NoFigure
        Where the lake has no values and quantities for the periods.
    """
    if link not in LINKS:
        raise UnknownTerm("link", link, LINKS)
    if link != "geks" and window is not None:
        raise InputError("a window is of GEKS only: say link='geks', or leave the window out")
    find_formula(formula)
    if data is not None:
        panel = _between(panel_of(data, reporter=reporter, flow=flow), start, end)
        official: dict[str, dict[str, Official]] = {}
    else:
        lake = lake or open_lake()
        if not (reporter and start and end):
            raise InputError("say whose trade, from which period and to which; or give data=")
        goods = Goods(
            reporter, flow, partner, by_partner, tuple(products), digits, level, office,
            classification, quantity, as_of,  # type: ignore[arg-type]
        )  # fmt: skip
        panel = read_panel(lake, goods, spans(start, end, freq, areas.find(reporter).code))
        official = {} if _narrow(goods) else _official(lake, panel, LENGTHS[freq], as_of)
    base = base or panel.periods[0]
    if base not in panel.periods:
        raise InputError(f"the base {base} is none of the periods {_ends(panel.periods)}")
    return _answer(panel, _How(formula, link, base, window, splice), official)


def _narrow(goods: Goods) -> bool:
    """Whether official indexes of all goods are of something else."""
    return bool(goods.products) or areas.find(goods.partner).code != areas.WORLD


def _ends(periods: Sequence[str]) -> str:
    return f"{periods[0]} to {periods[-1]}"


def _between(panel: Panel, start: str, end: str) -> Panel:
    periods = tuple(p for p in panel.periods if _is_inside(p, start, end))
    if not periods:
        raise InputError(
            f"the table has no period from {start or '…'} to {end or '…'}; it has "
            f"{_ends(panel.periods)}"
        )
    cells = tuple(c for c in panel.cells if c.period in periods)
    return Panel(cells, periods, panel.told, panel.totals, panel.notes)


def _is_inside(period: str, start: str, end: str) -> bool:
    """Whether a period of a table lies in a span; names that are no periods sort as texts."""
    ends = [span_of(p) for p in (start, period, end)]
    first, own, last = ends
    if own is None or (start and first is None) or (end and last is None):
        return (not start or period >= start) and (not end or period <= end)
    after = first is None or own.last >= first.first
    return after and (last is None or own.first <= last.last)


def _official(
    lake: Lake, panel: Panel, months: int, as_of: dt.date | None
) -> dict[str, dict[str, Official]]:
    of = {"reporter": panel.told["reporter"], "flow": panel.told["flow"]}
    return {
        kind: official_indexes(lake, of["reporter"], of["flow"], kind, months=months, as_of=as_of)
        for kind in ("unit_value", "volume")
    }


def compute(panel: Panel, how: _How) -> IndexSeries:
    """The price index of a panel by one of the ways of linking, 1 in the base."""
    p, q = panel.arrays()
    if not p.shape[1]:
        raise InputError(
            "no product has a quantity: a price index needs one; official indexes may exist "
            "(`boeki measure terms-of-trade`)"
        )
    base = panel.periods.index(how.base)
    if how.link != "geks":
        return price_index_numbers(p, q, how.formula, link=how.link, base=base)  # type: ignore[arg-type]
    values = geks(p, q, how.formula, window=how.window, splice=how.splice,
                  periods=panel.periods)  # fmt: skip
    matched = price_index_numbers(p, q, how.formula, base=base)
    return IndexSeries(
        np.asarray(values / values[base]), matched.matched, matched.share_base,
        matched.share_current,
    )  # fmt: skip


def _answer(panel: Panel, how: _How, official: dict[str, dict[str, Official]]) -> Answer:
    series = compute(panel, how)
    known = {p: o for kind in official.values() for p, o in kind.items() if p in panel.periods}
    return answer(
        _title(panel, how),
        _rows(panel, how, series, official),
        _columns(how, known, bool(np.isnan(series.values).any())),
        how.method,
        about={
            **{k: v for k, v in panel.told.items() if v}, "base": how.base, "formula": how.formula,
            "link": how.link, "window": how.window,
            "splice": how.splice if how.link == "geks" and how.window else None,
        },
        notes=[BIAS, *_coverage(panel, series), *panel.notes],
        sources=[*panel.sources, *(s for o in known.values() for s in o.sources)],
        evidence=[*panel.rows, *(r for o in known.values() for r in o.rows)],
        published=max(
            (d for d in (panel.published, *(o.published for o in known.values())) if d),
            default=None,
        ),
        chart=Chart("line", "period", ("price",), marked=how.base),
    )  # fmt: skip


def _title(panel: Panel, how: _How) -> str:
    whose = panel.told.get("reporter", "")
    name = f" of {areas.name(whose)}" if whose else ""
    head = f"{find_formula(how.formula).name} price index of {panel.told.get('flow', '')}s{name}"
    return f"{head}, {_ends(panel.periods)} ({how.base} = 100)"


def _columns(how: _How, known: Mapping[str, Official], broken: bool) -> list[Column]:
    unit = f"{how.base}=100"
    theirs = next((o.unit for o in known.values()), "")
    return [
        Column("period", "Period"),
        Column("price", "Price index", unit, 1),
        Column("volume", "Volume index: value over price", unit, 1),
        Column("value", "Value index", unit, 1),
        Column("official_price", "Official unit value index", theirs, 1, bool(known)),
        Column("official_volume", "Official volume index", theirs, 1, bool(known)),
        Column("compared", "Products compared"),
        Column("priced", "Products with a quantity in the period", shown=False),
        Column("share", "Of the period's whole value, compared", "%", 1),
        Column("share_base", "Of the priced value of the base, compared", "%", 1, shown=False),
        Column("note", "Why there is no index", shown=broken),
    ]


def _rows(
    panel: Panel, how: _How, series: IndexSeries, official: dict[str, dict[str, Official]]
) -> list[dict[str, Any]]:
    whole = {p: panel.totals.get(p) for p in panel.periods}
    if None in whole.values():
        whole = {p: panel.value(p) for p in panel.periods}
    at_base = whole[how.base]
    out = []
    for n, period in enumerate(panel.periods):
        price = float(series.values[n])
        value = float(whole[period] / at_base) if at_base and whole[period] is not None else None  # type: ignore[operator]
        found = not np.isnan(price)
        priced = panel.priced_share(period)
        out.append(
            {
                "period": period,
                "price": price * 100 if found else None,
                "volume": value / price * 100 if found and value is not None else None,
                "value": None if value is None else value * 100,
                "official_price": _told(official, "unit_value", period),
                "official_volume": _told(official, "volume", period),
                "compared": int(series.matched[n]),
                "priced": sum(c.period == period and c.quantity is not None for c in panel.cells),
                "share": _percent(series.share_current[n] * priced),
                "share_base": _percent(series.share_base[n] * 100),
                "note": "" if found else "no product in common with the period compared with",
            }
        )
    return out


def _told(official: dict[str, dict[str, Official]], kind: str, period: str) -> float | None:
    found = official.get(kind, {}).get(period)
    return float(found.value) if found else None


def _percent(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _coverage(panel: Panel, series: IndexSeries) -> list[str]:
    """Which part of trade the index does not see."""
    priced = [panel.priced_share(p) for p in panel.periods]
    low, high = min(priced), max(priced)
    lost = _changing(panel)
    notes = [
        f"Quantities are known for {_range(low, high)} % of the value of the periods; the index "
        "is of these goods alone."
    ]
    if lost:
        notes.append(
            f"{lost:,} of the products are not in every period: each two periods are compared over "
            "the products that both have."
        )
    return notes


def _range(low: float, high: float) -> str:
    return f"{low:.0f}" if round(low) == round(high) else f"{low:.0f} to {high:.0f}"


def _changing(panel: Panel) -> int:
    p, _q = panel.arrays()
    return int(np.isnan(p).any(axis=0).sum())

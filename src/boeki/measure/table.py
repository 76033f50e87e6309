"""A measured series: one measure over time, with its changes, its runs and its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import ibis
from ibis import _

from boeki.errors import (
    InputError,
    NoFigure,
    NotYetPublished,
    UnknownFiscalYear,
    UnknownTerm,
)
from boeki.lake import Lake, open_lake
from boeki.measure.change import change
from boeki.measure.conversion import ADDED, NoRate, convert, without_rate
from boeki.measure.measured import Measured, Row
from boeki.measure.observations import observations
from boeki.measure.rates import Kind
from boeki.measure.record import LEAST_MONTHS, LEAST_YEARS, record
from boeki.measure.remembered import keep, once
from boeki.measure.streak import streak
from boeki.terms import areas, products
from boeki.terms.measures import MEASURES
from boeki.terms.periods import FISCAL_START, Period

__all__ = ["LENGTHS", "MEASURES", "Measured", "Row", "measure_series"]

LENGTHS = {"M": 1, "Q": 3, "A": 12, "FY": 12}
_PHASE = {"Q": 3, "A": 12, "FY": 12}


def measure_series(
    measure: str,
    reporter: str,
    *,
    partner: str = "WLD",
    product: str = "TOTAL",
    start: str | Period | None = None,
    end: str | Period | None = None,
    freq: str = "M",
    as_of: dt.date | None = None,
    adjusted: bool = False,
    currency: str | None = None,
    rate: Kind = "average",
    lake: Lake | None = None,
) -> Measured:
    """Measure a reporter's trade over time.

    Parameters
    ----------
    measure
        One of :data:`boeki.terms.measures.MEASURES`. ``trade`` is exports plus imports; volumes
        and prices (unit values) need a product.
    reporter, partner
        Area codes or names.
    product
        A product term, or a code such as ``JP-PC:70131``.
    start, end
        First and last period; None for all there is.
    freq
        ``M``, ``Q``, ``A`` or ``FY`` (the reporter's fiscal year).
    as_of
        Only what was published by this day. Strict: nothing stands in for what was not yet known.
    adjusted
        Seasonally adjusted figures, where a source has them.
    currency
        Convert into this currency (ISO 4217), each figure by the official exchange rate of its own
        months, as known on the same day. Changes, runs and records are those of converted values.
    rate
        With ``currency``: the ``average`` of the months, or the rate at their ``end``.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Measured
        One row a period.

    Raises
    ------
    UnknownTerm, BadPeriod
        For a code, name, currency or period that is none.
    InputError
        For periods in the wrong order, days, and a currency for what is no money.
    NoFigure, NotYetPublished
        Where the lake has nothing, or had nothing yet on the day, or no exchange rate.

    Examples
    --------
    >>> from boeki import measure_series
    >>> round(measure_series("balance", "JPN", start="2024-11", end="2024-11").rows[0].yoy, 1)
    -85.2
    """
    q = _question(measure, reporter, partner, product, freq, as_of, adjusted, currency or "", rate)
    first, last = (_bound(p, q.reporter) for p in (start, end))
    if first and last and last.last < first.first:
        raise InputError(f"the last period, {last}, lies before the first, {first}")
    lake = lake or open_lake()
    found, lacking = _compute(lake, q)
    rows = _inside(found, first, last)
    if not rows:
        raise _nothing(lake, q, first, last)
    every, rows = rows, _one_basis(rows, q.currency)
    head = rows[0]
    without = {
        n.month
        for n in lacking
        if n.unit == head.get("original_unit") and _within(n.month, first, last)
    }
    have = {r["month"] for r in rows}
    unlike = _unlike(every, head, have)
    apart = {m for months in unlike.values() for m in months}
    low = first.first if first else rows[0]["month"]
    high = last.first if last else rows[-1]["month"]
    expected = [
        m
        for m in range(low, high + 1)
        if LENGTHS[freq] == 1 or m % _PHASE[freq] == rows[0]["month"] % _PHASE[freq]
    ]
    return Measured(
        q.measure, q.reporter, q.partner, q.product, head["unit"], freq, head["basis"], as_of,
        tuple(_row(r, measure, freq) for r in rows),
        tuple(_name(m, freq) for m in expected if m not in have | without | apart),
        tuple(_name(m, freq) for m in sorted(without - have)),
        {unit: tuple(_name(m, freq) for m in months) for unit, months in unlike.items()},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Question:
    """What is measured; ``currency`` is empty where nothing is converted."""

    measure: str
    reporter: str
    partner: str
    product: str
    freq: str
    as_of: dt.date | None
    adjusted: bool
    currency: str
    rate: Kind


def _question(
    measure: str,
    reporter: str,
    partner: str,
    product: str,
    freq: str,
    as_of: dt.date | None,
    adjusted: bool,
    currency: str,
    rate: Kind,
) -> _Question:
    if measure not in MEASURES:
        raise UnknownTerm("measure", measure, MEASURES)
    if freq not in LENGTHS:
        raise UnknownTerm("frequency", freq, LENGTHS)
    if currency and (measure == "rate" or measure.endswith("_volume")):
        raise InputError(f"{measure} is no amount of money: leave the currency out")
    whose, whom = areas.find(reporter).code, areas.find(partner).code
    if freq == "FY" and whose not in FISCAL_START:
        raise UnknownFiscalYear("the year", areas.get(whose).in_sentence)
    what = products.find(product)
    return _Question(measure, whose, whom, what, freq, as_of, adjusted, currency, rate)


def _bound(period: str | Period | None, reporter: str) -> Period | None:
    bound = Period.parse(period, reporter) if isinstance(period, str) else period
    if bound and bound.days:
        raise InputError(
            f"figures are of whole months: write {Period(bound.first, 1)}, not {bound}"
        )
    return bound


def _within(month: int, first: Period | None, last: Period | None) -> bool:
    return (not first or month >= first.first) and (not last or month <= last.last)


def _inside(
    rows: list[dict[str, Any]], first: Period | None, last: Period | None
) -> list[dict[str, Any]]:
    return [r for r in rows if _within(r["month"], first, last)]


def prepare(
    measures: Iterable[str], reporter: str, *, freq: str = "M", as_of: dt.date | None, lake: Lake
) -> None:
    """Compute several measures of a reporter's trade with the world in one go, for those who ask
    for them within :func:`boeki.measure.remembered.remembering`.
    """
    asked = [_question(m, reporter, "WLD", "TOTAL", freq, as_of, False, "", "average")
             for m in measures]  # fmt: skip
    found = _rows_of(lake, asked[0], [q.measure for q in asked])
    for q in asked:
        own = [r for r in found if r["measure"] == q.measure]
        keep((lake, q), (own, ()))


def _compute(lake: Lake, q: _Question) -> tuple[list[dict[str, Any]], tuple[NoRate, ...]]:
    """Every figure of one series, with its indicators, in time order, and those without a rate."""
    return once((lake, q), lambda: _computed(lake, q))


def _computed(lake: Lake, q: _Question) -> tuple[list[dict[str, Any]], tuple[NoRate, ...]]:
    if not q.currency:
        return _rows_of(lake, q, [q.measure]), ()
    plain = lake.keep(_chosen(lake, q, [q.measure]))
    lacking = without_rate(plain, lake, q.currency, rate=q.rate)
    full = lake.keep(convert(plain, lake, q.currency, rate=q.rate))
    lake.drop(plain)
    return _indicated(lake, full, q), lacking


def _rows_of(lake: Lake, q: _Question, measures: list[str]) -> list[dict[str, Any]]:
    return _indicated(lake, lake.keep(_chosen(lake, q, measures)), q)


def _chosen(lake: Lake, q: _Question, measures: list[str]) -> ibis.Table:
    """The figures of a question, of one measure or of several."""
    table = observations(
        lake,
        q.as_of,
        measures=measures,
        windows=[LENGTHS[q.freq]],
        reporters=[q.reporter],
        products=[q.product],
    )
    chosen = table.filter(
        _.measure.isin(measures),
        _.partner == q.partner,
        _.months == LENGTHS[q.freq],
        _.adjustment == ("sa" if q.adjusted else "nsa"),
    )
    if q.freq in _PHASE:
        start = 0 if q.freq != "FY" else Period.fiscal(2000, q.reporter).first % 12
        chosen = chosen.filter(_.month % _PHASE[q.freq] == start)
    return chosen


def _indicated(lake: Lake, kept: ibis.Table, q: _Question) -> list[dict[str, Any]]:
    """Kept figures with their changes, runs and records; they are let go of."""
    out = change(kept, "yoy")
    out = change(out, "qoq" if q.freq == "Q" else "mom")
    # Runs of a balance are of its sign, those of the rest of its growth.
    signed = out.mutate(
        moved_=ibis.ifelse(_.measure == "balance", _.value.sign().cast("float64"), _.yoy_growth)
    )
    found = record(streak(signed, "moved_")).order_by("month")
    rows = lake.execute(found).to_pylist()
    lake.drop(kept)
    return list(rows)


def _one_basis(rows: list[dict[str, Any]], currency: str) -> list[dict[str, Any]]:
    """Rows of one source and unit: two that measure differently are never put in one table. What
    is in the currency wanted comes before what was converted into it.
    """

    def kind(r: dict[str, Any]) -> tuple[bool, bool, str, str]:
        unit = r.get("original_unit") or r["unit"]
        return r["basis"] != "customs", unit != currency, r["basis"], unit

    first = min(map(kind, rows))
    return [r for r in rows if kind(r) == first]


def _unlike(
    every: list[dict[str, Any]], head: dict[str, Any], have: set[int]
) -> dict[str, list[int]]:
    """Unit, and basis where that is another too, to the months that have a figure in it alone."""
    out: dict[str, list[int]] = {}
    for r in every:
        if r["month"] not in have:
            unit = r.get("original_unit") or r["unit"]
            said = unit if r["basis"] == head["basis"] else f"{unit} ({r['basis']})"
            out.setdefault(said, []).append(r["month"])
    return {unit: sorted(set(months)) for unit, months in sorted(out.items())}


def _nothing(lake: Lake, q: _Question, first: Period | None, last: Period | None) -> NoFigure:
    """Why a question has no answer, and what to ask instead."""
    what = f"{q.measure} of {areas.name(q.reporter)}"
    if q.product != "TOTAL":
        what += f", {products.name(q.product).lower()}"
    if q.partner != "WLD":
        what += f", with {areas.name(q.partner)}"
    span = f" for {first or '…'} to {last or '…'}" if first or last else ""
    plain = replace(q, currency="")
    if q.currency and (rows := _inside(_compute(lake, plain)[0], first, last)):
        return _no_rate(q, rows, what, span)
    held = _compute(lake, replace(plain, as_of=None))[0]
    if q.as_of is not None and (inside := _inside(held, first, last)):
        days = ", ".join(sorted({str(r["published"]) for r in inside})[:3])
        return NotYetPublished(
            f"the lake holds no {what}{span} published by {q.as_of}; it holds figures "
            f"published {days}: leave out --as-of, or ask for a later day"
        )
    if held:
        ends = f"{_name(held[0]['month'], q.freq)} to {_name(held[-1]['month'], q.freq)}"
        return NoFigure(f"the lake holds no {what}{span}; it holds {ends}")
    if others := _partners(lake, q):
        names = ", ".join(areas.get(code).in_sentence for code in others[:3])
        return NoFigure(f"the lake holds no {what}; it holds that with {names}: give the partner")
    return NoFigure(f"the lake holds no {what}: `boeki figures` lists what is aboard")


def _no_rate(q: _Question, rows: list[dict[str, Any]], what: str, span: str) -> NoFigure:
    """There are figures, and no exchange rate for any of them."""
    units = " and ".join(sorted({r["unit"] for r in rows}))
    known = f" published by {q.as_of}" if q.as_of else ""
    kind = "average" if q.rate == "average" else "rate at the end"
    return NoFigure(
        f"the lake holds {what}{span} in {units}, and no {kind} of an official exchange rate to "
        f"{q.currency}{known} for the whole of a period: `boeki pull ecb-fx` brings daily rates of "
        "some 30 currencies"
    )


def _partners(lake: Lake, q: _Question) -> list[str]:
    """Partners with whom the lake does hold a measure."""
    table = observations(lake, measures=[q.measure], reporters=[q.reporter], products=[q.product])
    held = table.filter(_.measure == q.measure, _.months == LENGTHS[q.freq]).select("partner")
    return sorted(r["partner"] for r in lake.execute(held.distinct()).to_pylist())


def _name(month: int, freq: str) -> str:
    kinds: dict[str, Any] = {"M": "M", "Q": "Q", "A": "A", "FY": "FY"}
    return str(Period(month, LENGTHS[freq], kinds[freq]))


def _row(r: dict[str, Any], measure: str, freq: str) -> Row:
    before = "qoq" if freq == "Q" else "mom"
    short = freq in ("M", "Q")
    return Row(
        _name(r["month"], freq),
        r["value"],
        r["yoy_growth"],
        r["yoy_difference"],
        r[f"{before}_growth"] if short else None,
        r[f"{before}_difference"] if short else None,
        r["streak"],
        _record(r),
        r["status"],
        r["published"],
        tuple(r["sources"]),
        tuple(r["rows"]),
        streak_open=r["streak"] is not None and r["streak_open"],
        **{name: r[name] for name in ADDED if name in r},
    )


def _record(r: dict[str, Any]) -> str:
    length = max(r["months"], 1)
    unbroken = r["series_count"] == (r["month"] - (r["series_first"] or r["month"])) // length
    enough = {
        "series": unbroken and r["series_count"] * length >= LEAST_MONTHS,
        "month": r["month_count"] >= LEAST_YEARS,
    }
    for span in (s for s in ("series", "month") if enough[s]):
        name = "series" if span == "series" else "same-month"
        if r[f"{span}_high"] is not None and r["value"] > r[f"{span}_high"]:
            return f"{name} high"
        if r[f"{span}_low"] is not None and r["value"] < r[f"{span}_low"]:
            return f"{name} low"
    return ""

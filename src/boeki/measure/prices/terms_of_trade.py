"""Terms of trade: what a country gets for its exports, in terms of its imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake, open_lake
from boeki.measure.prices.asked import LENGTHS, span_of
from boeki.measure.prices.official import Official, official_growth, official_indexes
from boeki.measure.prices.price_index import BIAS, PAGE, price_index
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.wording import count

BASES = ("official", "computed")
#: What the official indexes are called in a row, by flow and kind.
_SERIES = {
    "export_price": ("export", "unit_value"),
    "import_price": ("import", "unit_value"),
    "export_volume": ("export", "volume"),
}
_FREIGHT = (
    "Official unit value indexes; where exports are FOB and imports CIF, freight moves the price "
    "of imports alone."
)
_STATED = "change on the year from the growth rates that the office states"
METHOD = Method(
    "Net barter and income terms of trade",
    "N = P_X / P_M · 100; I = N · Q_X / 100",
    "Taussig (1927), International Trade; Dorrance (1948), Review of Economic Studies 16; "
    "XMPI Manual (IMF 2009)",
    PAGE,
)


def terms_of_trade(
    reporter: str,
    *,
    start: str = "",
    end: str = "",
    freq: str = "M",
    basis: str = "official",
    as_of: dt.date | None = None,
    lake: Lake | None = None,
    **how: Any,
) -> Answer:
    """Measure terms of trade: the price of exports over that of imports.

    Parameters
    ----------
    reporter
        Whose.
    start, end
        First and last period; may be left out for official indexes.
    freq
        ``M``, ``Q`` or ``A``.
    basis
        ``official``: from the unit value indexes of the office; ``computed``: from price indexes
        of :func:`boeki.measure.prices.price_index`, whose further arguments ``how`` are.
    as_of
        Only what was published by this day.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a period: export and import price index, net barter terms of trade (above 100 where
        exports have gained on imports since the base of the indexes), their change on the year, and
        income terms of trade: what the exports of the period buy. Where the lake does not have the
        year before, the change follows from the growth rates that the office states, and the
        note says so.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For what is no area, basis or period.
    NoFigure
        Where the lake has no such indexes.
    """
    if basis not in BASES:
        raise UnknownTerm("basis", basis, BASES)
    if freq not in LENGTHS:
        raise UnknownTerm("frequency", freq, LENGTHS)
    lake, whose = lake or open_lake(), areas.find(reporter).code
    if basis == "computed":
        return _computed(lake, whose, start, end, freq, as_of, how)
    if how:
        raise InputError(f"{', '.join(how)}: only computed indexes can be asked with it")
    return _official(lake, whose, start, end, freq, as_of)


def _official(
    lake: Lake, whose: str, start: str, end: str, freq: str, as_of: dt.date | None
) -> Answer:
    months = LENGTHS[freq]
    held = {
        name: official_indexes(lake, whose, flow, kind, months=months, as_of=as_of)
        for name, (flow, kind) in _SERIES.items()
    }
    growth = {
        name: official_growth(lake, whose, flow, kind, months=months, as_of=as_of)
        for name, (flow, kind) in _SERIES.items()
        if kind == "unit_value"
    }
    both = sorted(set(held["export_price"]) & set(held["import_price"]))
    periods = [p for p in both if _inside(p, start, end, whose)]
    if not periods:
        raise NoFigure(
            f"the lake holds no official unit value indexes of {areas.name(whose)} for that time"
            + (f"; it holds {both[0]} to {both[-1]}" if both else "")
            + ": compute them with basis='computed' (--basis computed), or pull them"
        )
    rows = [_row(p, held, growth) for p in periods]
    used = [s[p] for s in (*held.values(), *growth.values()) for p in periods if p in s]
    unit = used[0].unit
    return _answer(
        whose, rows, unit, "official", [_FREIGHT, BIAS],
        [s for o in used for s in o.sources], [r for o in used for r in o.rows],
        max(o.published for o in used), {"freq": freq},
    )  # fmt: skip


def _inside(period: str, start: str, end: str, whose: str) -> bool:
    at = Period.parse(period)
    after = not start or at.first >= Period.parse(start, whose).first
    return after and (not end or at.last <= Period.parse(end, whose).last)


def _row(
    period: str,
    held: Mapping[str, Mapping[str, Official]],
    growth: Mapping[str, Mapping[str, Official]],
) -> dict[str, Any]:
    now = {name: float(s[period].value) for name, s in held.items() if period in s}
    past = str(Period.parse(period).shift(-12))
    then = {name: float(s[past].value) for name, s in held.items() if past in s}
    stated = {n: 1 + float(g[period].value) / 100 for n, g in growth.items() if period in g}
    yoy, note = None, "no figure a year before"
    if {"export_price", "import_price"} <= set(then):
        change = _ratio(now) / _ratio(then)
        yoy, note = change * 100 - 100, ""
    elif len(stated) == 2:
        yoy = stated["export_price"] / stated["import_price"] * 100 - 100
        note = _STATED
    return _made(period, now["export_price"], now["import_price"], yoy, now, note)


def _made(
    period: str,
    export: float,
    import_: float,
    yoy: float | None,
    volumes: Mapping[str, float],
    note: str,
) -> dict[str, Any]:
    net = export / import_ * 100
    volume = volumes.get("export_volume")
    return {
        "period": period,
        "export_price": export,
        "import_price": import_,
        "terms_of_trade": net,
        "yoy": yoy,
        "income_terms": None if volume is None else net * volume / 100,
        "note": note,
    }


def _unknown(period: str, export: float | None, import_: float | None) -> dict[str, Any]:
    """A period in which one of the two price indexes is not known."""
    lacking = [n for n, v in (("exports", export), ("imports", import_)) if v is None]
    return {
        "period": period,
        "export_price": export,
        "import_price": import_,
        "terms_of_trade": None,
        "yoy": None,
        "income_terms": None,
        "note": f"no price index of {' and '.join(lacking)}",
    }


def _ratio(prices: Mapping[str, float]) -> float:
    return prices["export_price"] / prices["import_price"]


def _computed(
    lake: Lake,
    whose: str,
    start: str,
    end: str,
    freq: str,
    as_of: dt.date | None,
    how: dict[str, Any],
) -> Answer:
    parts = {
        flow: price_index(
            whose, flow, start=start, end=end, freq=freq, as_of=as_of, lake=lake, **how
        )
        for flow in ("export", "import")
    }
    base = parts["export"].about["base"]
    if parts["import"].about["base"] != base:
        raise InputError(
            f"exports have the base {base}, imports {parts['import'].about['base']}: name one that "
            "both have, with base="
        )
    mine, theirs = ({r["period"]: r for r in a.records()} for a in parts.values())
    net = {
        p: mine[p]["price"] / theirs[p]["price"]
        for p in mine
        if p in theirs and mine[p]["price"] and theirs[p]["price"]
    }
    rows = []
    for period in sorted({*mine, *theirs}):
        found = [side.get(period) or {"price": None, "volume": None} for side in (mine, theirs)]
        if period not in net:
            rows.append(_unknown(period, *(f["price"] for f in found)))
            continue
        own = span_of(period)
        past = str(own.shift(-12)) if own is not None else ""
        yoy = net[period] / net[past] * 100 - 100 if past in net else None
        rows.append(
            _made(
                period,
                found[0]["price"],
                found[1]["price"],
                yoy,
                {"export_volume": found[0]["volume"]},
                "" if yoy is not None else "no figure a year before",
            )
        )
    about = dict(parts["export"].about)
    notes = [f"Exports FOB, imports CIF. {BIAS}"]
    notes += [
        f"Of {flow}s: {n}" for flow, a in parts.items() for n in a.notes if not n.startswith(BIAS)
    ]
    return _answer(
        whose, rows, f"{base}=100", f"computed, {about['formula']} {about['link']}", notes,
        [s for a in parts.values() for s in a.sources], [r for a in parts.values() for r in a.rows],
        max((a.published for a in parts.values() if a.published), default=None),
        {"freq": freq, "base": base, "formula": about["formula"], "link": about["link"]},
    )  # fmt: skip


def _answer(
    whose: str,
    rows: list[dict[str, Any]],
    unit: str,
    kind: str,
    notes: list[str],
    sources: list[str],
    evidence: list[str],
    published: dt.date | None,
    about: dict[str, Any],
) -> Answer:
    return answer(
        f"Terms of trade of {areas.name(whose)}, {kind}, {rows[0]['period']} to "
        f"{rows[-1]['period']} ({unit})",
        rows,
        [
            Column("period", "Period"),
            Column("export_price", "Price index of exports", unit, 1),
            Column("import_price", "Price index of imports", unit, 1),
            Column("terms_of_trade", "Net barter terms of trade", unit, 1),
            Column("yoy", "Change on the year", "%"),
            Column("income_terms", "Income terms of trade", unit, 1),
            Column("note", "Where the change comes from, or why there is none", shown=False),
        ],
        METHOD,
        about={"reporter": whose, "basis": kind.split(",")[0], **about},
        notes=[*notes, *_told(rows)],
        sources=sources,
        evidence=evidence,
        published=published,
        chart=Chart("line", "period", ("terms_of_trade",)),
    )


def _told(rows: list[dict[str, Any]]) -> list[str]:
    """Where changes on the year are rougher than they look, and where there are none."""
    stated = [r["period"] for r in rows if r["note"] == _STATED]
    none = sum(r["yoy"] is None and r["terms_of_trade"] is not None for r in rows)
    unknown = [r["period"] for r in rows if r["terms_of_trade"] is None]
    notes = []
    if stated:
        notes.append(
            f"Changes on the year of {count(len(stated), 'period')} follow from growth rates that "
            "the office states to 0.1 %: the lake does not have the year before."
        )
    if unknown:
        notes.append(
            f"No terms of trade for {count(len(unknown), 'period')} ({', '.join(unknown[:6])}"
            f"{' …' if len(unknown) > 6 else ''}): no price index of exports or of imports."
        )
    if none:
        notes.append(f"No change on the year for {count(none, 'period')}: no figure a year before.")
    return notes

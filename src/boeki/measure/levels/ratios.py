"""Exports, imports and what follows from the two: balance, total, cover ratio, openness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.measure.levels.compare import reasons
from boeki.measure.levels.line import Line, Values, line_of, read_line
from boeki.measure.rates import Kind

if TYPE_CHECKING:
    import pandas as pd

#: Level or ratio to what it is.
LEVELS = {
    "exports": "Exports",
    "imports": "Imports",
    "balance": "Exports minus imports",
    "total": "Exports plus imports",
    "cover_ratio": "Exports in percent of imports",
    "normalised_balance": "Balance over total: −1 only imports, 1 only exports",
    "openness": "Exports plus imports in percent of GDP",
}
_USUAL = ("exports", "imports", "balance", "total", "cover_ratio", "normalised_balance")
_MONEY = ("exports", "imports", "balance", "total")
_METHOD = Method(
    "Trade levels and ratios",
    "cover ratio = X / M; normalised balance = (X − M) / (X + M); openness = (X + M) / GDP",
    "Mikic and Gilbert (2009), Trade Statistics in Policymaking, United Nations ESCAP",
    "explanation/levels-and-growth.md",
)


def cover_ratio(exports: Decimal | float, imports: Decimal | float) -> float | None:
    """Exports in percent of imports; None where there are no imports."""
    return float(exports) / float(imports) * 100 if imports else None


def normalised_balance(exports: Decimal | float, imports: Decimal | float) -> float | None:
    """``(X − M) / (X + M)``, from −1 to 1; None where there is no trade."""
    both = exports + imports  # type: ignore[operator]
    return float(exports - imports) / float(both) if both else None  # type: ignore[operator]


def openness(
    exports: Decimal | float, imports: Decimal | float, gdp: Decimal | float
) -> float | None:
    """``(X + M) / GDP`` in percent; None unless GDP is above 0."""
    return (float(exports) + float(imports)) / float(gdp) * 100 if gdp > 0 else None


def measure_levels(
    reporter: str,
    *,
    levels: Sequence[str] | None = None,
    partner: str = "WLD",
    product: str = "TOTAL",
    start: str | None = None,
    end: str | None = None,
    freq: str = "M",
    as_of: dt.date | None = None,
    currency: str | None = None,
    rate: Kind = "average",
    gdp: Values | pd.Series | None = None,
    gdp_unit: str = "",
    lake: Lake | None = None,
) -> Answer:
    """Measure a reporter's trade in levels and ratios.

    Parameters
    ----------
    reporter, partner, product, start, end, freq, as_of, currency, rate
        As in :func:`boeki.measure_series`.
    levels
        Of :data:`LEVELS`; None for all, openness only where GDP is given.
    gdp
        Period to GDP at current prices, of periods as long as those of ``freq``.
    gdp_unit
        Its currency, in plain units: it must be that of the trade figures.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a period. Where one flow is missing, what needs both is null, with the reason.

    Raises
    ------
    UnknownTerm, InputError
        For a level that is none, openness without GDP, and GDP in another currency or of other
        periods.
    NoFigure, NotYetPublished
        Where the lake has nothing.

    Examples
    --------
    >>> from boeki.measure.levels import measure_levels
    >>> row = measure_levels("JPN", start="2024-11", end="2024-11").records()[0]
    >>> round(row["cover_ratio"], 1)
    98.7
    """
    usual = _USUAL if gdp is None else (*_USUAL, "openness")
    asked = tuple(levels) if levels is not None else usual
    for level in asked:
        if level not in LEVELS:
            raise UnknownTerm("level", level, LEVELS)
    if "openness" in asked and gdp is None:
        raise InputError("openness needs GDP: give it by period")
    flows = [
        read_line(
            flow, reporter, partner=partner, product=product, start=start, end=end, freq=freq,
            as_of=as_of, currency=currency, rate=rate, lake=lake,
        )
        for flow in ("exports", "imports")
    ]  # fmt: skip
    if len({f.unit for f in flows}) > 1 or len({f.about["basis"] for f in flows}) > 1:
        raise InputError("exports and imports are in two currencies or by two offices: give one")
    income = _gdp(gdp, gdp_unit, flows[0]) if gdp is not None and "openness" in asked else None
    return _answer(flows[0], flows[1], income, asked, start, end)


def _gdp(gdp: Values | pd.Series, unit: str, flow: Line) -> Line:
    line = line_of(gdp, unit=unit, name="GDP", reporter=flow.about["reporter"])
    if unit != flow.unit:
        raise InputError(
            f"GDP is in {unit or 'no stated currency'}, trade in {flow.unit}: give both in one"
        )
    if line.freq != flow.freq:
        raise InputError(f"GDP is of frequency {line.freq}, trade of {flow.freq}: give both of one")
    return line


def _answer(
    exports: Line,
    imports: Line,
    gdp: Line | None,
    asked: tuple[str, ...],
    start: str | None,
    end: str | None,
) -> Answer:
    every = Line("Trade", exports.unit, exports.freq, {**imports.values, **exports.values},
                 about=exports.about)  # fmt: skip
    months = every.months(start, end)
    if not months:
        raise NoFigure("there are no figures for these periods")
    rows = [_row(exports, imports, gdp, m, asked) for m in months]
    found = [flow.evidence(months) for flow in (exports, imports)]
    days = [f["published"] for f in found if f["published"]]
    whose = exports.name.partition(", ")[2]
    what = "Trade" + exports.name.partition(", ")[0].removeprefix("Exports")
    shown = asked[0] if len(asked) == 1 or "balance" not in asked else "balance"
    about = {k: v for k, v in exports.about.items() if k not in ("measure", "adjusted")}
    notes = [
        *exports.notes,
        *exports.finality(months),
        "Exports are FOB and imports CIF in most countries: the balance is lower, and the cover "
        "ratio smaller, than with both FOB.",
    ]
    return answer(
        f"{what} in levels and ratios, {whose}, {exports.label(months[0])} to "
        f"{exports.label(months[-1])}",
        rows, _columns(asked, exports.unit, noted=any(r["note"] for r in rows)), _METHOD,
        about=about, notes=notes,
        sources=set().union(*(f["sources"] for f in found)),
        evidence=[row for f in found for row in f["evidence"]],
        published=max(days, default=None), chart=Chart("bars", "period", (shown,)),
    )  # fmt: skip


def _row(
    exports: Line, imports: Line, gdp: Line | None, month: int, asked: tuple[str, ...]
) -> dict[str, Any]:
    x, m = exports.values.get(month), imports.values.get(month)
    y = gdp.values.get(month) if gdp else None
    cells = _levels(x, m, y)
    why = {name: _why(name, x, m, y, gdp) for name in asked if cells[name] is None}
    kept = {name: cells[name] for name in asked}
    return {"period": exports.label(month), **kept, "note": reasons(why)}


def _levels(x: Decimal | None, m: Decimal | None, y: Decimal | None) -> dict[str, Any]:
    out: dict[str, Any] = dict.fromkeys(LEVELS)
    out |= {"exports": x, "imports": m}
    if x is None or m is None:
        return out
    return out | {
        "balance": x - m,
        "total": x + m,
        "cover_ratio": cover_ratio(x, m),
        "normalised_balance": normalised_balance(x, m),
        "openness": openness(x, m, y) if y is not None else None,
    }


def _why(
    name: str, x: Decimal | None, m: Decimal | None, y: Decimal | None, gdp: Line | None
) -> str:
    if name != "imports" and x is None:
        return "exports are missing"
    if name != "exports" and m is None:
        return "imports are missing"
    if name == "openness":
        return "GDP is missing" if y is None else "GDP is not above 0"
    return "there are no imports" if name == "cover_ratio" else "there is no trade"


def _columns(asked: tuple[str, ...], unit: str, *, noted: bool) -> list[Column]:
    def described(name: str) -> Column:
        money = name in _MONEY
        return Column(
            name, LEVELS[name],
            unit if money else "" if name == "normalised_balance" else "%",
            places=4 if name == "normalised_balance" else None,
        )  # fmt: skip

    return [
        Column("period", "Period"),
        *map(described, asked),
        Column("note", "Why something is null", shown=noted),
    ]

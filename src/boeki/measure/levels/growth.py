"""Growth of a series, in all the ways in which it is quoted, beside each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.lake import Lake
from boeki.measure.levels import compare
from boeki.measure.levels.compare import Known
from boeki.measure.levels.fiscal import FiscalYear, fiscal_year
from boeki.measure.levels.line import Line, Values, line_of, read_line
from boeki.measure.rates import Kind as RateKind
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

#: Kind of growth to what it gives.
KINDS = {
    "yoy": "Change on the same period a year before, in percent and in currency.",
    "mom": "Change on the month before (monthly figures).",
    "qoq": "Change on the quarter before (quarterly figures).",
    "ytd": "Sum since January, and its change on the year.",
    "fytd": "Sum since the fiscal year began, and its change on the year.",
    "sum12": "Sum of the last twelve months, and its change on the year.",
    "mean3": "Mean of the last three months, its change on the year and on the three before.",
    "annualised": "Change on the period before, at an annual rate (adjusted figures).",
    "annualised3": "Last three months on the three before, at an annual rate (adjusted figures).",
}
_USUAL = {
    "M": ("yoy", "mom", "ytd", "sum12", "mean3"),
    "Q": ("yoy", "qoq", "ytd"),
    "A": ("yoy",),
    "FY": ("yoy",),
}
_ONLY = {"mom": "M", "qoq": "Q", "mean3": "M", "annualised3": "M"}
_SHORT = ("ytd", "fytd", "sum12", "annualised")
_SUMS = ("ytd", "fytd", "sum12")
#: Months before a period that its figures can depend on: a sum of twelve, a year before.
_REACH = 23
#: Where more kinds than this are asked for, people are shown their rates only.
_FEW = 2
_METHOD = Method(
    "Growth rates",
    "yoy = x(t) / x(t−12) − 1; annualised = (x(t) / x(t−1))^n − 1; sums only of whole spans",
    "OECD (2007), Data and Metadata Reporting and Presentation Handbook",
    "explanation/levels-and-growth.md",
)

Cells = dict[str, Any]
Reasons = dict[str, str]


def measure_growth(
    measure: str,
    reporter: str,
    *,
    kinds: Sequence[str] | None = None,
    partner: str = "WLD",
    product: str = "TOTAL",
    start: str | None = None,
    end: str | None = None,
    freq: str = "M",
    as_of: dt.date | None = None,
    adjusted: bool = False,
    unadjusted: bool = False,
    currency: str | None = None,
    rate: RateKind = "average",
    fiscal_start: int | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Measure the growth of a reporter's trade in several ways at once.

    Parameters
    ----------
    measure, reporter, partner, product, start, end, freq, as_of, adjusted, currency, rate
        As in :func:`boeki.measure_series`. With ``currency``, growth is that of converted figures,
        and the change on the year in the original currency stands beside it.
    kinds
        Of :data:`KINDS`; None for the usual ones of the frequency.
    unadjusted
        Give annual rates of figures that are not seasonally adjusted all the same.
    fiscal_start
        Month in which the fiscal year begins; None for the reporter's.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a period with ``value`` and the columns of each kind. Sums stand only where every
        period in them does; what is undefined is null, with the reason in ``note``.

    Raises
    ------
    UnknownTerm, InputError
        For a kind that is none, or that the figures do not allow: annual rates of unadjusted
        figures, sums of prices.
    NoFigure, NotYetPublished
        Where the lake has nothing.

    Examples
    --------
    >>> from boeki.measure.levels import measure_growth
    >>> found = measure_growth("exports", "JPN", start="2024-11", end="2024-11", kinds=["yoy"])
    >>> round(found.records()[0]["yoy"], 1)
    3.8
    """
    _known(kinds)
    line = read_line(
        measure, reporter, partner=partner, product=product, start=start, end=end, freq=freq,
        as_of=as_of, adjusted=adjusted, currency=currency, rate=rate, lake=lake,
    )  # fmt: skip
    return _growth(line, kinds, start, end, unadjusted, fiscal_start)


def growth_of(
    values: Values | pd.Series,
    *,
    kinds: Sequence[str] | None = None,
    unit: str = "",
    name: str = "The series",
    start: str | None = None,
    end: str | None = None,
    adjusted: bool = False,
    unadjusted: bool = False,
    signed: bool | None = None,
    additive: bool = True,
    reporter: str | None = None,
    fiscal_start: int | None = None,
) -> Answer:
    """The growth of figures that the caller has, as :func:`measure_growth` gives it.

    Parameters
    ----------
    values, unit, name, adjusted, signed, additive, reporter
        As in :func:`boeki.measure.levels.line_of`.
    kinds, start, end, unadjusted, fiscal_start
        As in :func:`measure_growth`.
    """
    _known(kinds)
    line = line_of(
        values, unit=unit, name=name, adjusted=adjusted, signed=signed, additive=additive,
        reporter=reporter,
    )  # fmt: skip
    return _growth(line, kinds, start, end, unadjusted, fiscal_start)


def _growth(
    line: Line,
    kinds: Sequence[str] | None,
    start: str | None,
    end: str | None,
    unadjusted: bool,
    fiscal_start: int | None,
) -> Answer:
    asked = tuple(dict.fromkeys(kinds if kinds is not None else _usual(line)))
    _check(line, asked, unadjusted)
    year = _fiscal(line, asked, fiscal_start)
    months = line.months(start, end)
    rows = [_row(line, month, asked, year) for month in months]
    columns = _columns(line, asked, noted=any(r["note"] for r in rows))
    reach = [m for m in line.values if months[0] - _REACH <= m <= months[-1]]
    told = [*line.notes, *line.finality(months), *_notes(line, asked, year)]
    shown = next((c.name for c in columns if c.unit == "%"), "value")
    span = f"{line.label(months[0])} to {line.label(months[-1])}"
    about = {**line.about, "kinds": list(asked)}
    if year:
        about |= {"fiscal_start": year.start, "fiscal_source": year.source}
    return answer(
        f"Growth of {line.name[0].lower()}{line.name[1:]}, {span}", rows, columns, _METHOD,
        about=about, notes=told, chart=Chart("bars", "period", (shown,)), **line.evidence(reach),
    )  # fmt: skip


def _usual(line: Line) -> tuple[str, ...]:
    return tuple(k for k in _USUAL[line.freq] if line.additive or k not in _SUMS)


def _known(kinds: Sequence[str] | None) -> None:
    if kinds is not None and not kinds:
        raise InputError(f"name at least one kind of growth: {', '.join(KINDS)}")
    for kind in kinds or ():
        if kind not in KINDS:
            raise UnknownTerm("kind of growth", kind, KINDS)


def _check(line: Line, kinds: tuple[str, ...], unadjusted: bool) -> None:
    for kind in kinds:
        if _ONLY.get(kind, line.freq) != line.freq:
            raise InputError(f"{kind} is for figures of frequency {_ONLY[kind]}, not {line.freq}")
        if kind in _SHORT and line.step > 3:
            raise InputError(f"{kind} is for monthly and quarterly figures, not {line.freq}")
        if kind in _SUMS and not line.additive:
            raise InputError(f"{line.name}: such figures do not add up over time: leave {kind} out")
        if kind.startswith("annualised") and not (line.adjusted or unadjusted):
            raise InputError(
                f"{kind}: annual rates of figures that are not seasonally adjusted show the "
                "season: ask for adjusted figures, or say that unadjusted ones are meant"
            )


def _fiscal(line: Line, kinds: tuple[str, ...], start: int | None) -> FiscalYear | None:
    if "fytd" not in kinds:
        return None
    reporter = line.about.get("reporter")
    if start is None and not reporter:
        raise InputError("fytd: give the month in which the fiscal year begins")
    year = fiscal_year(str(reporter), start)
    if (year.start - 1 - min(line.values)) % line.step:
        raise InputError(f"a fiscal year that begins in month {year.start} has no whole quarters")
    return year


@dataclass(frozen=True, slots=True)
class _Given:
    """What one kind of growth is computed from."""

    line: Line
    month: int
    year: FiscalYear | None


def _row(line: Line, month: int, kinds: tuple[str, ...], year: FiscalYear | None) -> Cells:
    given = _Given(line, month, year)
    cells: Cells = {"period": line.label(month), "value": line.values.get(month)}
    said: Reasons = {} if month in line.values else {"value": "missing"}
    for kind in kinds:
        found, why = _COMPUTE[kind](given, kind)
        cells |= found
        said |= why
    if _converted(line):
        cells |= _exchange(line, month, "yoy" in kinds)
    return cells | {"note": compare.reasons(said)}


def _pair(name: str, now: Known, base: Known) -> tuple[Cells, Reasons]:
    """Growth and difference of two figures."""
    grown, why = compare.growth(now, base)
    moved = compare.difference(now, base)
    cells = {name: grown, f"{name}_difference": moved.value}
    return cells, {name: why, f"{name}_difference": moved.why}


def _against(months_back: int) -> Callable[[_Given, str], tuple[Cells, Reasons]]:
    def compute(g: _Given, kind: str) -> tuple[Cells, Reasons]:
        return _pair(kind, compare.at(g.line, g.month), compare.at(g.line, g.month - months_back))

    return compute


def _summed(g: _Given, kind: str) -> tuple[Cells, Reasons]:
    """A sum of several periods, and its change on the year."""
    span = _span(g, kind)
    now, base = compare.total(g.line, span), compare.total(g.line, compare.back(span, 12))
    cells, why = _pair(f"{kind}_yoy", now, base)
    head: Cells = {"fiscal_year": str(Period(span[0], 12, "FY"))} if kind == "fytd" else {}
    return head | {kind: now.value} | cells, {kind: now.why} | why


def _span(g: _Given, kind: str) -> list[int]:
    if kind == "sum12":
        return compare.trailing(g.month, g.line.step, 12)
    start = g.year.start if kind == "fytd" and g.year else 1
    return compare.to_date(g.month, g.line.step, start)


def _mean3(g: _Given, kind: str) -> tuple[Cells, Reasons]:
    last = compare.trailing(g.month, 1, 3)
    now, before, past = (compare.average(g.line, compare.back(last, n)) for n in (0, 3, 12))
    (yoy, why), (prior, why_prior) = compare.growth(now, past), compare.growth(now, before)
    cells = {"mean3": now.value, "mean3_yoy": yoy, "mean3_on_3": prior}
    return cells, {"mean3": now.why, "mean3_yoy": why, "mean3_on_3": why_prior}


def _annualised(g: _Given, kind: str) -> tuple[Cells, Reasons]:
    step = g.line.step
    now, base = compare.at(g.line, g.month), compare.at(g.line, g.month - step)
    value, why = compare.annualised(now, base, 12 / step)
    return {kind: value}, {kind: why}


def _annualised3(g: _Given, kind: str) -> tuple[Cells, Reasons]:
    last = compare.trailing(g.month, 1, 3)
    now, base = (compare.total(g.line, compare.back(last, n)) for n in (0, 3))
    value, why = compare.annualised(now, base, 4)
    return {kind: value}, {kind: why}


_COMPUTE: dict[str, Callable[[_Given, str], tuple[Cells, Reasons]]] = {
    "yoy": _against(12),
    "mom": _against(1),
    "qoq": _against(3),
    "ytd": _summed,
    "fytd": _summed,
    "sum12": _summed,
    "mean3": _mean3,
    "annualised": _annualised,
    "annualised3": _annualised3,
}


def _converted(line: Line) -> bool:
    return any(r.rate is not None for r in line.found.values())


def _exchange(line: Line, month: int, growth: bool) -> Cells:
    """The rate behind a converted figure, what it was before, and how that has grown."""
    row, past = line.found.get(month), line.found.get(month - 12)
    cells: Cells = {
        "original_value": row.original_value if row else None,
        "rate": row.rate if row else None,
        "rate_unit": row.rate_unit if row else "",
        "rate_day": row.rate_day if row else None,
    }
    if growth:
        now, base = (Known(r.original_value if r else None) for r in (row, past))
        cells["original_yoy"] = compare.growth(now, base)[0]
    return cells


def _columns(line: Line, kinds: tuple[str, ...], *, noted: bool) -> list[Column]:
    unit = line.unit
    out = [Column("period", "Period"), Column("value", line.name, unit)]
    for kind in kinds:
        out += _described(kind, unit, amounts=len(kinds) <= _FEW)
    if _converted(line):
        original = next(r.original_unit for r in line.found.values() if r.original_unit)
        out += [
            Column("original_value", "As its source gives it", original, shown=False),
            Column("rate", "Exchange rate", "", places=3),
            Column("rate_unit", "What the rate is of what", shown=False),
            Column("rate_day", "Last day in the rate", shown=False),
        ]
        if "yoy" in kinds:
            out.append(Column("original_yoy", f"Change on the year in {original}", "%"))
    return [*out, Column("note", "Why something is null", shown=noted)]


def _described(kind: str, unit: str, *, amounts: bool) -> list[Column]:
    what = KINDS[kind].split(",")[0].split(" (")[0].rstrip(".")
    if kind.startswith("annualised"):
        return [Column(kind, KINDS[kind].rstrip("."), "%")]
    if kind in ("yoy", "mom", "qoq"):
        return [
            Column(kind, what, "%"),
            Column(f"{kind}_difference", f"{what}, as an amount", unit, shown=amounts),
        ]
    if kind == "mean3":
        return [
            Column("mean3", what, unit, shown=amounts),
            Column("mean3_yoy", f"{what}: change on the year", "%"),
            Column("mean3_on_3", f"{what}: change on the three months before", "%"),
        ]
    head = [Column("fiscal_year", "Fiscal year, by the year in which it begins", shown=amounts)]
    return [
        *(head if kind == "fytd" else []),
        Column(kind, what, unit, shown=amounts),
        Column(f"{kind}_yoy", f"{what}: change on the year", "%"),
        Column(f"{kind}_yoy_difference", f"{what}: change on the year", unit, shown=False),
    ]


def _notes(line: Line, kinds: tuple[str, ...], year: FiscalYear | None) -> list[str]:
    out = []
    if not line.adjusted and {"mom", "qoq"} & set(kinds):
        out.append("Changes on the period before are of unadjusted figures: they show the season.")
    if not line.adjusted and any(k.startswith("annualised") for k in kinds):
        out.append("Annual rates are of unadjusted figures, as asked for: they show the season.")
    if line.signed:
        out.append(
            "Growth of a balance is that of its size while the sign stays: a deficit that falls "
            "shows a minus. Where the sign changes there is none."
        )
    if year and year.note:
        out.append(year.note)
    return out

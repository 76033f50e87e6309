"""One number of the lake, by all that tells it from others like it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal

from ibis import _

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.lake.selection import Selection
from boeki.lake.vintages import vintages
from boeki.measure.conversion import KINDS
from boeki.measure.levels import compare
from boeki.measure.levels.line import Line, read_line
from boeki.measure.observations import stated
from boeki.measure.rates import Kind
from boeki.terms import areas, products
from boeki.terms.periods import Period

_AVERAGED = "3-month moving average"
_FREQS = ("M", "Q", "A", "FY")
_BACK = {"yoy": 12, "mom": 1}


@dataclass(frozen=True, slots=True)
class Figure:
    """What tells a number from others.

    Attributes
    ----------
    measure, reporter, period, partner, product
        As in :func:`boeki.measure_series`.
    as_of
        The day whose knowledge it is; None for now.
    adjusted
        Whether it is seasonally adjusted.
    currency, rate
        Into what, and by which rate, it is converted; empty for not at all.
    growth
        ``yoy``, ``mom``, or empty for the level.
    window
        3 for the mean of the three months that end with the period.
    value
        The number as someone printed it; None for the lake's.
    """

    measure: str
    reporter: str
    period: str
    partner: str = "WLD"
    product: str = "TOTAL"
    as_of: dt.date | None = None
    adjusted: bool = False
    currency: str = ""
    rate: Kind = "average"
    growth: Literal["", "yoy", "mom"] = ""
    window: int = 1
    value: Decimal | None = None

    def __post_init__(self) -> None:
        if self.growth not in ("", *_BACK):
            raise UnknownTerm("kind of change", self.growth, _BACK)
        if self.rate not in KINDS:
            raise InputError(f"no such rate: {self.rate!r}; take average or end")
        if self.window not in (1, 3):
            raise InputError(f"{self.window}: an average is of 1 or of 3 months")

    @property
    def words(self) -> str:
        """What it is, in a few words."""
        what = self.measure.replace("_", " ")
        if self.product != "TOTAL":
            what += f" of {products.name(products.find(self.product)).lower()}"
        whom = "" if self.partner == "WLD" else f" with {areas.get(self.partner).in_sentence}"
        kind = {"yoy": "change on the year of ", "mom": "change on the month of "}
        return (
            f"{kind.get(self.growth, '')}{what}, {areas.name(self.reporter)}{whom}, {self.period}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """A figure as the lake has it.

    Attributes
    ----------
    value
        Exact for a level, float for a growth rate in percent.
    unit
        A currency, or ``%``.
    window
        Of how many months it is the mean, by its source or by the question.
    basis, office, status, published, resolution, sources, rows
        What it is, and its evidence.
    """

    value: Decimal | float
    unit: str
    window: int
    basis: str
    office: str
    status: str
    published: dt.date
    resolution: Decimal | None
    sources: tuple[str, ...]
    rows: tuple[str, ...]


def find_figure(lake: Lake, figure: Figure, *, strict: bool = False) -> Found | None:
    """Look a figure up.

    Parameters
    ----------
    lake
        Where.
    figure
        What. A growth rate of which the lake lacks the base is taken as its source states it.
    strict
        Raise where there is none.

    Returns
    -------
    Found or None
        None where the lake has no such figure.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For what is no question.
    NoFigure
        With ``strict``.
    """
    try:
        found = _computed(lake, figure)
    except NoFigure:
        found = None
        if strict and not figure.growth:
            raise
    if found is None and figure.growth and figure.window == 1 and not figure.currency:
        found = _as_stated(lake, figure)
    if found is None and strict:
        raise NoFigure(f"the lake has no {figure.words}")
    return found


def vintage_days(lake: Lake, figure: Figure) -> list[dt.date]:
    """Days on which something was published that the figure depends on, in order."""
    period = Period.parse(figure.period, figure.reporter)
    spans = [period.shift(-m) for m in ({0} | ({_BACK[figure.growth]} if figure.growth else set()))]
    days: set[dt.date] = set()
    for when in spans:
        span = Period.between(Period(when.first - figure.window + 1, 1), when)
        days |= _published(lake, figure, span)
    return sorted(days)


def _published(lake: Lake, figure: Figure, span: Period) -> set[dt.date]:
    asked = {
        "reporter": figure.reporter, "partner": figure.partner,
        "product": products.find(figure.product), "start": span, "end": span,
    }  # fmt: skip
    out: set[dt.date] = set()
    flows = ("export", "import") if figure.measure in ("balance", "trade") else ()
    flow = figure.measure.partition("_")[0].removesuffix("s")
    for one in flows or ((flow,) if flow in ("export", "import") else ()):
        out |= _days(lake, Selection(flow=one, **asked))  # type: ignore[arg-type]
    return out | _days(lake, Selection(key=figure.measure, **asked))  # type: ignore[arg-type]


def _days(lake: Lake, which: Selection) -> set[dt.date]:
    try:
        return {v.published for v in vintages(lake, which)}
    except NoFigure:
        return set()


def _computed(lake: Lake, figure: Figure) -> Found | None:
    period = Period.parse(figure.period, figure.reporter)
    if period.kind not in _FREQS:
        raise InputError(f"{figure.period}: name a month, quarter, year or fiscal year")
    line = read_line(
        figure.measure, figure.reporter, partner=figure.partner, product=figure.product,
        start=figure.period, end=figure.period, freq=period.kind, as_of=figure.as_of,
        adjusted=figure.adjusted, currency=figure.currency or None, rate=figure.rate, lake=lake,
    )  # fmt: skip
    if figure.growth == "mom" and line.freq != "M":
        raise InputError(f"{period} is no month, so it has no change on the month: ask yoy")
    averaged = _AVERAGED in str(line.about["basis"])
    # What its source has averaged is not averaged again.
    months = figure.window if not averaged else 1
    if months > 1 and line.freq != "M":
        raise InputError("an average of three months is of monthly figures")
    span = compare.trailing(period.first, line.step, months * line.step)
    now = compare.average(line, span) if months > 1 else compare.at(line, period.first)
    value: Decimal | float | None = now.value
    used = list(span)
    if figure.growth:
        past = compare.back(span, _BACK[figure.growth])
        base = compare.average(line, past) if months > 1 else compare.at(line, past[0])
        value, _why = compare.growth(now, base)
        used += past
    if value is None:
        return None
    return _found(line, value, period, used, figure, 3 if averaged else months)


def _found(
    line: Line, value: Decimal | float, period: Period, used: list[int], figure: Figure, window: int
) -> Found:
    row = line.found[period.first]
    seen = line.evidence(used)
    return Found(
        value, "%" if figure.growth else line.unit, window, str(line.about["basis"]),
        _offices(row.sources), row.status, seen["published"] or row.published, None,
        tuple(sorted(seen["sources"])), tuple(seen["evidence"]),
    )  # fmt: skip


def _offices(sources: tuple[str, ...]) -> str:
    return ", ".join(sorted({s.partition("/")[0] for s in sources}))


def _as_stated(lake: Lake, figure: Figure) -> Found | None:
    """A growth rate in its source's own words."""
    period = Period.parse(figure.period, figure.reporter)
    table = stated(lake, figure.as_of).filter(
        _.measure == figure.measure,
        _.base == figure.growth,
        _.reporter == figure.reporter,
        _.partner == figure.partner,
        _["product"] == products.find(figure.product),
        _.month == period.first,
        _.months == period.months,
        _.adjustment == ("sa" if figure.adjusted else "nsa"),
    )
    rows = lake.execute(table.order_by(_.published.desc(), _.rows[0])).to_pylist()
    if not rows:
        return None
    r = rows[0]
    averaged = _AVERAGED in r["basis"]
    return Found(
        float(r["value"]), "%", 3 if averaged else 1, r["basis"], _offices(tuple(r["sources"])),
        r["status"], r["published"], r["resolution"], tuple(r["sources"]), tuple(r["rows"]),
    )  # fmt: skip

"""A measured series: one measure over time, with its changes, its runs and its evidence."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ibis import _

from boeki.errors import InputError, NoFigure, NotYetPublished, UnknownTerm
from boeki.lake import Lake, open_lake
from boeki.measure.change import change
from boeki.measure.observations import observations
from boeki.measure.record import record
from boeki.measure.streak import streak
from boeki.terms import areas, products
from boeki.terms.measures import MEASURES
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

LENGTHS = {"M": 1, "Q": 3, "A": 12, "FY": 12}
_PHASE = {"Q": 3, "A": 12, "FY": 12}


@dataclass(frozen=True, slots=True)
class Row:
    """One period of a measured series.

    Attributes
    ----------
    period, value
        When, and how much in plain units; exact decimals.
    yoy, yoy_difference, mom, mom_difference
        Change on the year, and on the period before (percent; currency). None where the earlier
        period is not there, and in percent where a balance changed its sign.
    streak
        Length of the run of surpluses (rises on the year, for other measures) that ends here;
        negative for deficits (falls).
    record
        ``series high``, ``series low``, ``same-month high``, ``same-month low`` or empty, among
        figures up to the period. A record is called one only against two years of figures without a
        gap, or against three of the same month.
    status, published, sources, rows
        Evidence: how final it is, when it was published, the documents and the rows of the lake.
    """

    period: str
    value: Decimal
    yoy: float | None
    yoy_difference: Decimal | None
    mom: float | None
    mom_difference: Decimal | None
    streak: int | None
    record: str
    status: str
    published: dt.date
    sources: tuple[str, ...]
    rows: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON and CSV have it."""
        return {
            "period": self.period,
            "value": _plain(self.value),
            "yoy": self.yoy,
            "yoy_difference": _plain(self.yoy_difference),
            "mom": self.mom,
            "mom_difference": _plain(self.mom_difference),
            "streak": self.streak,
            "record": self.record,
            "status": self.status,
            "published": self.published.isoformat(),
            "sources": list(self.sources),
            "rows": list(self.rows),
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over time.

    Attributes
    ----------
    measure, reporter, partner, product, unit, freq, basis
        What it is; ``basis`` tells customs statistics from an association's.
    as_of
        The day whose knowledge it is; None for the newest.
    rows
        In time order.
    missing
        Periods between the first and the last asked for that have no figure.
    """

    measure: str
    reporter: str
    partner: str
    product: str
    unit: str
    freq: str
    basis: str
    as_of: dt.date | None
    rows: tuple[Row, ...]
    missing: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As ``boeki measure --json`` prints it."""
        head = ("measure", "reporter", "partner", "product", "unit", "freq", "basis")
        out: dict[str, Any] = {k: getattr(self, k) for k in head}
        out["as_of"] = self.as_of.isoformat() if self.as_of else None
        return out | {"missing": list(self.missing), "rows": [r.to_dict() for r in self.rows]}

    def to_csv(self) -> str:
        """As ``boeki measure --csv`` prints it: one line a period, lists joined by blanks."""
        out = io.StringIO()
        head = {k: getattr(self, k) for k in ("measure", "reporter", "partner", "product", "unit")}
        lines = [{**head, **r.to_dict()} for r in self.rows]
        writer = csv.DictWriter(out, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        for line in lines:
            writer.writerow({k: " ".join(v) if isinstance(v, list) else v for k, v in line.items()})
        return out.getvalue()

    def to_pandas(self) -> pd.DataFrame:
        """A data frame with a monthly, quarterly or yearly index."""
        import pandas as pd

        return pd.DataFrame([r.to_dict() for r in self.rows]).set_index("period")

    def _repr_html_(self) -> str:
        return str(self.to_pandas().drop(columns=["rows"])._repr_html_())


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
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Measured
        One row a period.

    Raises
    ------
    UnknownTerm, BadPeriod
        For a code, name or period that is none.
    NoFigure, NotYetPublished
        Where the lake has nothing, or had nothing yet on the day.

    Examples
    --------
    >>> from boeki import measure_series
    >>> round(measure_series("balance", "JPN", start="2024-11", end="2024-11").rows[0].yoy, 1)
    -85.2
    """
    if measure not in MEASURES:
        raise UnknownTerm("measure", measure, MEASURES)
    if freq not in LENGTHS:
        raise UnknownTerm("frequency", freq, LENGTHS)
    reporter, partner, product = (
        areas.find(reporter).code,
        areas.find(partner).code,
        products.find(product),
    )
    lake = lake or open_lake()
    asked = {"reporter": reporter, "partner": partner, "product": product}
    found = _compute(lake, measure, freq, as_of, adjusted, asked)
    first, last = (_bound(p, reporter) for p in (start, end))
    if first and last and last.last < first.first:
        raise InputError(f"the last period, {last}, lies before the first, {first}")
    rows = [
        r
        for r in found
        if (not first or r["month"] >= first.first) and (not last or r["month"] <= last.last)
    ]
    if not rows:
        raise _nothing(lake, measure, freq, as_of, adjusted, asked, first, last)
    rows = _one_basis(rows)
    length = LENGTHS[freq]
    low = first.first if first else rows[0]["month"]
    high = last.first if last else rows[-1]["month"]
    have = {r["month"] for r in rows}
    expected = [
        m
        for m in range(low, high + 1)
        if length == 1 or m % _PHASE[freq] == rows[0]["month"] % _PHASE[freq]
    ]
    gaps = tuple(_name(m, freq) for m in expected if m not in have)
    head = rows[0]
    return Measured(
        measure, reporter, partner, product, head["unit"], freq, head["basis"], as_of,
        tuple(_row(r, measure, freq) for r in rows), gaps,
    )  # fmt: skip


def _bound(period: str | Period | None, reporter: str) -> Period | None:
    return Period.parse(period, reporter) if isinstance(period, str) else period


def _compute(
    lake: Lake,
    measure: str,
    freq: str,
    as_of: dt.date | None,
    adjusted: bool,
    asked: dict[str, str],
) -> list[dict[str, Any]]:
    """Every figure of one series, with its indicators, in time order."""
    table = observations(
        lake,
        as_of,
        measures=[measure],
        windows=[LENGTHS[freq]],
        reporters=[asked["reporter"]],
        products=[asked["product"]],
    )
    chosen = table.filter(
        _.measure == measure,
        _.partner == asked["partner"],
        _.months == LENGTHS[freq],
        _.adjustment == ("sa" if adjusted else "nsa"),
    )
    if freq in _PHASE:
        start = 0 if freq != "FY" else Period.fiscal(2000, asked["reporter"]).first % 12
        chosen = chosen.filter(_.month % _PHASE[freq] == start)
    full = lake.keep(chosen)
    out = change(full, "yoy")
    out = change(out, "qoq" if freq == "Q" else "mom")
    runs = "value" if measure == "balance" else "yoy_growth"
    found = lake.execute(record(streak(out, runs)).order_by("month")).to_pylist()
    lake.drop(full)
    return list(found)


def _one_basis(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of one source and unit: two that measure differently are never put in one table."""
    bases = sorted({(r["basis"], r["unit"]) for r in rows}, key=lambda b: (b[0] != "customs", b))
    return [r for r in rows if (r["basis"], r["unit"]) == bases[0]]


def _nothing(
    lake: Lake,
    measure: str,
    freq: str,
    as_of: dt.date | None,
    adjusted: bool,
    asked: dict[str, str],
    first: Period | None,
    last: Period | None,
) -> NoFigure:
    """Why a question has no answer, and what to ask instead."""
    what = f"{measure} of {areas.name(asked['reporter'])}"
    if asked["product"] != "TOTAL":
        what += f", {products.name(asked['product']).lower()}"
    if asked["partner"] != "WLD":
        what += f", with {areas.name(asked['partner'])}"
    span = f" for {first or '…'} to {last or '…'}" if first or last else ""
    if as_of is not None:
        now = _compute(lake, measure, freq, None, adjusted, asked)
        inside = [
            r
            for r in now
            if (not first or r["month"] >= first.first) and (not last or r["month"] <= last.last)
        ]
        if inside:
            days = ", ".join(sorted({str(r["published"]) for r in inside})[:3])
            return NotYetPublished(
                f"the lake holds no {what}{span} published by {as_of}; it holds figures "
                f"published {days}: leave out --as-of, or ask for a later day"
            )
    held = _compute(lake, measure, freq, None, adjusted, asked)
    if held:
        ends = f"{_name(held[0]['month'], freq)} to {_name(held[-1]['month'], freq)}"
        return NoFigure(f"the lake holds no {what}{span}; it holds {ends}")
    if others := _partners(lake, measure, freq, asked):
        names = ", ".join(areas.get(code).in_sentence for code in others[:3])
        return NoFigure(f"the lake holds no {what}; it holds that with {names}: give the partner")
    return NoFigure(f"the lake holds no {what}: `boeki figures` lists what is aboard")


def _partners(lake: Lake, measure: str, freq: str, asked: dict[str, str]) -> list[str]:
    """Partners with whom the lake does hold a measure."""
    reporters, goods = [asked["reporter"]], [asked["product"]]
    table = observations(lake, measures=[measure], reporters=reporters, products=goods)
    held = table.filter(_.measure == measure, _.months == LENGTHS[freq]).select("partner")
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
    )


def _record(r: dict[str, Any]) -> str:
    length = max(r["months"], 1)
    unbroken = r["series_count"] == (r["month"] - (r["series_first"] or r["month"])) // length
    enough = {
        "series": unbroken and r["series_count"] * length >= 24,
        "month": r["month_count"] >= 3,
    }
    for span in (s for s in ("series", "month") if enough[s]):
        name = "series" if span == "series" else "same-month"
        if r[f"{span}_high"] is not None and r["value"] > r[f"{span}_high"]:
            return f"{name} high"
        if r[f"{span}_low"] is not None and r["value"] < r[f"{span}_low"]:
            return f"{name} low"
    return ""


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)

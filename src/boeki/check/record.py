"""Records: whether a figure is the highest or lowest of the span that the claim names.

One earlier figure is enough to refute a record. To confirm one takes every figure of the span, and
as many as :func:`boeki.measure_series` calls a record against.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from boeki.check.answer import Unresolved
from boeki.check.claim import Claim
from boeki.check.panel import NEWEST, Panel, Point
from boeki.check.resolve import figure_of, missing, period_of, points_for
from boeki.check.verdict import Checked, Figure, Judgement, Verdict
from boeki.measure.record import LEAST_MONTHS, LEAST_YEARS
from boeki.terms.periods import NAMES, Period
from boeki.terms.wording import amount, quantity


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a figure compares with those before it.

    Attributes
    ----------
    point
        The figure.
    beaten_by
        The last period before it that was at least as high (as low), None where there is none.
    month_beaten_by
        The same among periods of the same calendar month.
    past
        First months of the periods compared with, in order.
    """

    point: Point
    beaten_by: tuple[int, Decimal] | None
    month_beaten_by: tuple[int, Decimal] | None
    past: tuple[int, ...]

    @property
    def start(self) -> int:
        """First month compared with."""
        return self.past[0]


def judge_record(claim: Claim, panel: Panel, published: dt.date, today: dt.date) -> Checked:
    """Hold a claim of a record against every earlier figure of its series."""
    states: dict[dt.date, _Standing | None] = {}
    verdicts: list[Verdict] = []
    for day in (published, NEWEST):
        try:
            standing = _standing(claim, panel, day)
            verdicts.append(_verdict(claim, standing))
            states[day] = standing
        except Unresolved as reason:
            states[day], why = None, str(reason)
    known, newest = states[published], states[NEWEST]
    if newest is None:
        return Checked(claim, "unverifiable", why, diagnosis=why)
    figure = _figure(claim, panel, newest)
    verdict = _over_all(verdicts)
    before = _figure(claim, panel, known) if known else None
    return Checked(
        claim,
        verdict,
        figure.text,
        Judgement(verdicts[0], published, before) if before else None,
        Judgement(verdicts[-1], today, figure),
        tolerance=_span(claim, newest),
        diagnosis=_diagnosis(claim, verdict, newest),
        evidence=(figure, *_beaten(claim, panel, newest)),
        notes=(f"The lake's series begins in {Period(newest.start, 1).label}.",),
    )


def _over_all(verdicts: list[Verdict]) -> Verdict:
    if verdicts[-1] == "supported":
        return "supported"
    return "revised" if verdicts[0] == "supported" else verdicts[-1]


def _standing(claim: Claim, panel: Panel, day: dt.date) -> _Standing:
    if claim.reporter is None or claim.period is None or claim.period.days:
        raise Unresolved("the text does not say whose trade, or which period, it is")
    found = points_for(claim, panel, day)
    if not found:
        raise missing(claim, panel)
    point = found[0]
    high = claim.sign != "low"
    length = max(point.months, 1)
    past = [
        (m, v)
        for m, v in panel.history(point)
        if m < point.month and (point.month - m) % length == 0
    ]
    if not past:
        raise Unresolved("there is no earlier figure in the lake to compare with")
    better = [(m, v) for m, v in past if (v >= point.value if high else v <= point.value)]
    same = [(m, v) for m, v in better if (point.month - m) % 12 == 0]
    months = tuple(m for m, _value in past)
    return _Standing(point, better[-1] if better else None, same[-1] if same else None, months)


def _verdict(claim: Claim, standing: _Standing) -> Verdict:
    since = _since(claim)
    if claim.base == "same-month":
        beaten, lacking = standing.month_beaten_by is not None, _lacking(standing, same_month=True)
    elif since is None:
        beaten, lacking = standing.beaten_by is not None, _lacking(standing)
    else:
        beaten = standing.beaten_by is not None and standing.beaten_by[0] > since.last
        lacking = _missing_of(standing, range(since.last + 1, standing.point.month))
    if not beaten:
        if lacking:
            raise Unresolved(lacking)
        return "supported"
    # A record of its calendar month that is told as one of the whole series is right for something
    # else.
    of_month = standing.month_beaten_by is None and not _lacking(standing, same_month=True)
    plain = since is None and claim.base != "same-month"
    return "misattributed" if plain and of_month else "contradicted"


def _since(claim: Claim) -> Period | None:
    """The period that a claim reaches back to, itself left out: what was higher, or lower."""
    if not (claim.base and claim.base.startswith("since ")):
        return None
    return Period.parse(claim.base.removeprefix("since "), claim.reporter)


def _lacking(standing: _Standing, *, same_month: bool = False) -> str:
    """Why too few figures lie before one to call it a record; empty where there are enough."""
    months, here = standing.past, standing.point.month
    if same_month:
        months = tuple(m for m in months if (here - m) % 12 == 0)
    least = LEAST_YEARS if same_month else LEAST_MONTHS // max(standing.point.months, 1)
    if len(months) < least:
        which = f" of {NAMES[here % 12 + 1]}" if same_month and standing.point.months == 1 else ""
        what = "earlier figure is" if len(months) == 1 else "earlier figures are"
        return f"only {len(months)} {what} in the lake to compare with{which}"
    return _missing_of(standing, range(months[0], here), step=12 if same_month else None)


def _missing_of(standing: _Standing, span: range, step: int | None = None) -> str:
    """The first period of a span that there is no figure for, in words; empty where there is none.

    Parameters
    ----------
    standing
        What is compared, every so many months.
    span
        Months in which a period may begin.
    step
        Months between those compared; None where they follow on one another.
    """
    point = standing.point
    length = max(point.months, 1)
    for month in span:
        if (point.month - month) % (step or length) == 0 and month not in standing.past:
            label = Period(month, length, period_of(point).kind).label
            return f"the lake holds no figure to compare with for {label}"
    return ""


def _figure(claim: Claim, panel: Panel, standing: _Standing) -> Figure:
    point = standing.point
    return figure_of(panel, point, value=point.value, unit=point.unit, text=_text(claim, standing))


def _text(claim: Claim, standing: _Standing) -> str:
    point = standing.point
    word = "highest" if claim.sign != "low" else "lowest"
    month = NAMES[point.month % 12 + 1]
    own = _amount(point, point.value)
    start = Period(standing.start, 1).label
    if standing.beaten_by is None:
        return f"{own}: the {word} since the series begins, {start}"
    since = Period(standing.beaten_by[0], point.months, period_of(point).kind).label
    if standing.month_beaten_by is None and point.months == 1:
        return (
            f"{own}: the {word} of any {month} since {start[-4:]}, "
            f"but not of the series ({since} was {_beat(claim)})"
        )
    return f"{own}: the {word} since {since} ({_amount(point, standing.beaten_by[1])})"


def _beat(claim: Claim) -> str:
    return "higher" if claim.sign != "low" else "lower"


def _amount(point: Point, value: Decimal) -> str:
    if len(point.unit) == 3:
        return amount(value, point.unit, point.resolution)
    return quantity(value, point.unit)


def _span(claim: Claim, standing: _Standing) -> str:
    if claim.base == "same-month":
        return f"compared with every {NAMES[standing.point.month % 12 + 1]} before it"
    if claim.base and claim.base.startswith("since "):
        return f"compared with every period after {claim.base.removeprefix('since ')}"
    return "compared with every earlier period of the series"


def _diagnosis(claim: Claim, verdict: Verdict, standing: _Standing) -> str:
    if verdict == "misattributed":
        month = NAMES[standing.point.month % 12 + 1]
        return (
            f"It is a record for the month of {month}, not of the series: {_text(claim, standing)}."
        )
    if verdict == "contradicted" and standing.beaten_by:
        period = Period(
            standing.beaten_by[0], standing.point.months, period_of(standing.point).kind
        )
        return (
            f"{period.label} was {_beat(claim)}: {_amount(standing.point, standing.beaten_by[1])}."
        )
    return ""


def _beaten(claim: Claim, panel: Panel, standing: _Standing) -> list[Figure]:
    """The figure that stands in the way of the record, as evidence."""
    if standing.beaten_by is None:
        return []
    point, (month, value) = standing.point, standing.beaten_by
    near = panel.points(
        point.as_of,
        point.measure,
        point.reporter,
        point.partner,
        point.product,
        (month, point.months),
    )
    return [
        figure_of(panel, p, value=value, unit=p.unit, text=_amount(p, value))
        for p in near
        if p.series == point.series
    ]

"""The month that is not out yet, by several methods, each with its error out of sample."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.lake import Lake, open_lake
from boeki.measure.nowcast.backtest import (
    FACTOR,
    Nowcaster,
    Score,
    Tried,
    backtest,
    end_of,
    scores,
)
from boeki.measure.nowcast.knowledge import LATE, Input, read_input, read_inputs
from boeki.measure.nowcast.rules import NAIVE
from boeki.measure.revisions.interval import check_level, empirical
from boeki.terms import areas
from boeki.terms.periods import Period

PAGE = "explanation/nowcast.md"
_METHOD = Method(
    "Nowcast",
    "rules: x(t−12) · growth; bridge: x(t−12) · d(t) / d(t−12), d the first days; factor model: "
    "100 · Δ₁₂ ln x_i = λ_i f + e_i, f and e_i AR(1), by EM",
    "Bańbura & Modugno (2014), Journal of Applied Econometrics 29; Diebold & Mariano (1995), "
    "Journal of Business & Economic Statistics 13",
    PAGE,
)
#: What helps if nobody says otherwise: the other side of trade, and the dollar.
_INDICATORS = {"exports": ("imports", "rate@USA"), "imports": ("exports", "rate@USA")}
#: Months of the past that a nowcast is tried on.
TESTS = 36
#: Fewer months than this say nothing of a method.
LEAST_TESTS = 8


def measure_nowcast(
    measure: str,
    reporter: str,
    *,
    partner: str = "WLD",
    product: str = "TOTAL",
    period: str | None = None,
    indicators: Sequence[str] | None = None,
    tests: int = TESTS,
    lag: int = 20,
    level: float = 0.8,
    refit: int = 12,
    history: bool = False,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Answer:
    """Nowcast exports or imports of a month that is not out yet.

    Parameters
    ----------
    measure, reporter, partner, product
        As in :func:`boeki.measure.table.measure_series`; of positive figures, so no balance.
    period
        The month; None for the one after the newest that is known.
    indicators
        Other monthly series of the reporter, ``MEASURE[:PRODUCT][@PARTNER]``; None for the other
        side of trade and the rate of the dollar.
    tests
        Months of the past on which each method is tried, with what was known at the same distance
        from their end.
    lag
        Days after a month's end from which figures count as known whose first release is not
        aboard. Their newest value stands in, which is said.
    level
        The chance wanted of the interval, which is that of the past errors of the method.
    refit
        Months after which the factor model is estimated anew in the trial.
    history
        Give the trial instead: one row a past month and method.
    as_of
        The day; None for now.
    lake
        Where the figures are; None for those that the package ships.
    progress
        Called with how many trials are done, and how many there are.

    Returns
    -------
    Answer
        One row a method: what it says, its growth on the year, the interval, its errors out of
        sample, and the ratio to the best naive rule. The one with the least error is marked; where
        that is a naive rule, the note says that no model beats it.

    Raises
    ------
    InputError
        For a balance, figures that are not positive, or too few to try a method on.
    UnknownTerm, BadPeriod, NoFigure, NotYetPublished
        For what is no series, or none that the lake has.
    MissingExtra
        Without ``boeki[nowcast]``.
    """
    check_level(level)
    if measure in ("balance", "trade"):
        raise InputError(f"a {measure} is nowcast as its exports and its imports: ask for each")
    if tests < LEAST_TESTS:
        raise InputError(f"{tests} trials say nothing of a method: give {LEAST_TESTS} or more")
    lake, whose = lake or open_lake(), areas.find(reporter).code
    name = measure + (f":{product}" if product != "TOTAL" else "")
    target = read_input(lake, whose, name + (f"@{partner}" if partner != "WLD" else ""), as_of)
    wanted = indicators if indicators is not None else _INDICATORS.get(measure, ())
    held, lacking = read_inputs(lake, whose, wanted, as_of)
    caster = Nowcaster(target, held, lag, refit)
    day = as_of or dt.date.max
    actual = _actual(target, day)
    month = _month(period, actual, whose)
    offset = _offset(day, month, lag)
    past = [m for m in sorted(actual) if m < month][-tests:]
    if len(past) < LEAST_TESTS:
        raise InputError(
            f"{target.name} of {areas.name(whose)} has {len(past)} months before "
            f"{Period(month, 1)}: a method cannot be tried on fewer than {LEAST_TESTS}"
        )
    tried = backtest(caster, past, offset, actual, progress)
    assumed = (caster.assumed, caster.known)
    said = Nowcaster(target, held, lag, refit).nowcast(month, end_of(month) + dt.timedelta(offset))
    scored = scores(tried, caster.methods)
    if not said:
        raise NoFigure(f"no method says anything of {Period(month, 1)}: {_why(caster)}")
    notes = _notes(scored, said, assumed, lacking, caster, offset, whose)
    shared = {
        "about": {
            "measure": measure, "reporter": whose, "partner": partner, "product": product,
            "period": str(Period(month, 1)), "as_of": as_of, "days_after_the_month": offset,
            "indicators": [i.name for i in held], "tests": len(past), "lag": lag,
            "level": level, "unit": target.series.unit,
        },
        "notes": notes,
        "sources": [s for i in (target, *held) for s in i.sources],
        "published": max(i.published for i in (target, *held)),
    }  # fmt: skip
    if history:
        return _trial(target, tried, shared)
    return _nowcast(target, month, said, scored, caster, level, actual, shared)


def _actual(target: Input, day: dt.date) -> dict[int, float]:
    """What months came to: the first release where it is aboard, else the newest value."""
    out: dict[int, float] = {}
    for month in target.series.months(1, 0):
        first = target.series.days(month, 1)[0]
        late = (first - end_of(month)).days > LATE
        found = target.series.at(month, 1, day if late else first)
        if found is not None and found.value is not None and first <= day:
            if found.value <= 0:
                raise InputError(
                    f"{target.name} is {found.value} in {Period(month, 1)}: nowcasts are of "
                    "positive figures"
                )
            out[month] = float(found.value)
    if not out:
        raise NoFigure(f"the lake holds no monthly {target.name}")
    return out


def _month(period: str | None, actual: dict[int, float], reporter: str) -> int:
    if period is None:
        return max(actual) + 1
    found = Period.parse(period, reporter)
    if found.kind != "M":
        raise InputError(f"a nowcast is of a month, not of {found}")
    if not min(actual) + 24 <= found.first <= max(actual) + 3:
        raise InputError(
            f"{found} cannot be nowcast from figures of {Period(min(actual), 1)} to "
            f"{Period(max(actual), 1)}: it takes two years before it, and three months behind the "
            "last is the farthest"
        )
    return found.first


def _offset(day: dt.date, month: int, lag: int) -> int:
    """Days after the month's end at which the nowcast is made; before the figure can be out."""
    return min((day - end_of(month)).days, lag - 1) if day < dt.date.max else lag - 1


def _nowcast(
    target: Input,
    month: int,
    said: dict[str, float],
    scored: dict[str, Score],
    caster: Nowcaster,
    level: float,
    actual: dict[int, float],
    shared: dict[str, Any],
) -> Answer:
    best = _best(scored, said)
    base = actual.get(month - 12)
    rows = []
    for name in caster.methods:
        value, score = said.get(name), scored.get(name)
        rows.append(
            {
                "method": name, "value": value,
                "growth": None if value is None or not base else 100 * (value / base - 1),
                **_interval(value, score, level),
                "n": score.n if score else 0,
                "mean_error": score.mean if score else None,
                "mae": score.mae if score else None, "rmse": score.rmse if score else None,
                "ratio": score.ratio if score else None, "p": score.p if score else None,
                "best": name == best, "note": "" if value is not None else caster.why.get(name, ""),
            }
        )  # fmt: skip
    rows.sort(key=lambda r: (r["value"] is None, r["rmse"] is None, r["rmse"] or 0.0))
    unit = target.series.unit
    columns = [
        Column("method", "How"),
        Column("value", "Nowcast", unit),
        Column("growth", "Growth on the year", "%"),
        Column("low", "Low end", unit),
        Column("high", "High end", unit),
        Column("coverage", "Chance that it lies between", "%", 0, shown=False),
        Column("n", "Months tried", shown=False),
        Column("mean_error", "Mean error", "%", shown=False),
        Column("mae", "Mean absolute error", "%", 2),
        Column("rmse", "Root mean square error", "%", 2),
        Column("ratio", "RMSE over the best naive rule's", places=2),
        Column("p", "p of equal accuracy", places=3, shown=False),
        Column("best", "Least error", shown=False),
        Column("note", "Why it says nothing", shown=False),
    ]
    return answer(
        _title(target, month), rows, columns, _METHOD, **shared,
        chart=Chart("ranking", "method", ("value",), low="low", high="high"),
    )  # fmt: skip


def _interval(value: float | None, score: Score | None, level: float) -> dict[str, float | None]:
    """What was said, moved by the method's own past errors."""
    found = empirical(np.array(score.errors), level) if score and value is not None else None
    if found is None or value is None:
        return {"low": None, "high": None, "coverage": None}
    return {
        "low": value * (1 + found.low / 100), "high": value * (1 + found.high / 100),
        "coverage": 100 * found.coverage,
    }  # fmt: skip


def _best(scored: dict[str, Score], said: dict[str, float]) -> str | None:
    """The method with the least error among those tried on as many months as any."""
    most = max((s.n for s in scored.values()), default=0)
    able = [m for m in said if m in scored and scored[m].n == most]
    return min(able, key=lambda m: scored[m].rmse, default=None)


def _notes(
    scored: dict[str, Score],
    said: dict[str, float],
    assumed: tuple[int, int],
    lacking: Sequence[str],
    caster: Nowcaster,
    offset: int,
    reporter: str,
) -> list[str]:
    best = _best(scored, said)
    out = []
    if best is not None:
        kind = "a naive rule: no model beats it here" if best in NAIVE else "a model"
        out.append(f"Least error out of sample: {best}, {kind}.")
    where = f"{offset} days after" if offset >= 0 else f"{-offset} days before"
    out.append(
        f"Every past month was nowcast with what was known {where} its end; errors are in percent "
        "of the figure as first published, or as it stands where the first release is not aboard."
    )
    if assumed[0]:
        out.append(
            f"Of {assumed[0] / assumed[1] * 100:.0f} % of the figures the first release is not "
            f"aboard: they count as known {caster.lag} days after their month, with the values of "
            "today. Revisions are thus left out of the error."
        )
    if FACTOR in caster.why and FACTOR not in said:
        out.append(f"Dynamic factor model: {caster.why[FACTOR]}.")
    out += [f"Left out: {why}" for why in lacking]
    return out


def _why(caster: Nowcaster) -> str:
    return "; ".join(f"{m}: {w}" for m, w in caster.why.items())


def _trial(target: Input, tried: Sequence[Tried], shared: dict[str, Any]) -> Answer:
    rows = [
        {
            "period": str(Period(t.month, 1)), "method": name, "day": t.day, "actual": t.actual,
            "nowcast": value, "error": 100 * (value / t.actual - 1),
        }
        for t in tried
        for name, value in t.said.items()
    ]  # fmt: skip
    unit = target.series.unit
    columns = [
        Column("period", "period"),
        Column("method", "How"),
        Column("day", "As of"),
        Column("actual", "What it came to", unit),
        Column("nowcast", "What was said", unit),
        Column("error", "Error", "%", 2),
    ]
    return answer(
        f"Nowcasts of {target.name}, tried on the past", rows, columns, _METHOD, **shared,
        chart=Chart("line", "period", ("error",), color="method"),
    )  # fmt: skip


def _title(target: Input, month: int) -> str:
    return (
        f"Nowcast of {target.name.replace('_', ' ')} of {areas.name(target.series.reporter)}, "
        f"{Period(month, 1).label}"
    )

"""The history of a series' releases, how far they were revised, and what that lets expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.lake import Lake, open_lake
from boeki.measure.revisions.interval import SMALL, empirical, normal, share_crossing
from boeki.measure.revisions.printings import read_series
from boeki.measure.revisions.releases import (
    NEWEST,
    By,
    Of,
    Pair,
    Release,
    Releases,
    counted,
    pairs,
    releases_of_frame,
    releases_of_series,
    stage,
    stages,
    transitions,
)
from boeki.measure.revisions.statistics import (
    FEWEST_REGRESSED,
    FEWEST_TESTED,
    bias,
    news,
    noise,
    persistence,
    sizes,
)
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

PAGE = "explanation/revisions.md"
_HISTORY = Method(
    "Releases",
    "every value with the day it was published; revision = value − the one before",
    "OECD/Eurostat guidelines on revisions policy and analysis (2008)",
    PAGE,
)
_ANALYSIS = Method(
    "Revision analysis",
    "R = L − P; MR = Σ R / n, MAR = Σ |R| / n; bias: Newey–West t of MR; "
    "news: L = a + b P, noise: P = a + b L, a = 0 and b = 1",
    "di Fonzo (2005), OECD; Mankiw & Shapiro (1986), Survey of Current Business 66; Newey & West "
    "(1994), Review of Economic Studies 61",
    PAGE,
)
_PROSPECT = Method(
    "Interval of the coming revision",
    "between the k-th smallest and the k-th largest past revision, "
    "coverage = (n + 1 − 2k) / (n + 1)",
    "Wilks (1941), Annals of Mathematical Statistics 12",
    PAGE,
)
_FEW = "fewer than {0} revisions"


def measure_releases(
    measure: str = "",
    reporter: str = "",
    *,
    start: str | None = None,
    end: str | None = None,
    data: pd.DataFrame | None = None,
    **asked: Any,
) -> Answer:
    """The history of releases: each value of each period, with its day and its revision.

    Parameters
    ----------
    measure, reporter
        As in :func:`boeki.measure.table.measure_series`.
    start, end
        First and last period shown.
    data
        A table of one's own instead: ``period``, ``published``, ``value``; ``status`` where known.
    asked
        ``partner``, ``product``, ``freq`` (``M`` ``Q`` ``A`` ``FY``), ``of`` (``level`` or
        ``growth`` on the year), ``adjusted``, ``office``, ``valuation``, ``as_of``, ``lake``.

    Returns
    -------
    Answer
        One row a release. A figure that is a sum of months is released whenever one of them is.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For a question that is none.
    NoFigure, NotYetPublished
        Where the lake has nothing of it.
    """
    found = _releases(measure, reporter, data, asked)
    first = Period.parse(start).first if start else None
    last = Period.parse(end).last if end else None
    kept = [
        r for r in found.items
        if (first is None or r.month >= first) and (last is None or r.month <= last)
    ]  # fmt: skip
    if not kept:
        raise NoFigure(f"{found.name} has no release of {start or '…'} to {end or '…'}")
    before: dict[int, Release] = {}
    rows = []
    for r in kept:
        old = before.get(r.month)
        rows.append(
            {
                "period": r.period, "release": r.number, "published": r.published, "days": r.days,
                "value": r.value, "revision": None if old is None else r.value - old.value,
                "percent": _percent(old, r, found),
                "rounding": None if old is None else r.rounds_to(old),
                "status": r.status, "vintage": r.vintage,
                "note": "first release aboard" if old is None else "",
            }
        )  # fmt: skip
        before[r.month] = r
    unit = found.unit
    columns = [
        Column("period", "period"),
        Column("release", "Which release, of those aboard"),
        Column("published", "Day of publication"),
        Column("days", "Days after the period's end"),
        Column("value", "Value", unit),
        Column("revision", "Less the release before", "pp" if unit == "%" else unit),
        Column("percent", "In percent of the release before", "%", shown=not found.signed),
        Column("rounding", "Whether rounding alone can make it", shown=False),
        Column("status", "How final it is"),
        Column("vintage", "How its document calls it", shown=False),
        Column("note", "Why there is no revision", shown=False),
    ]
    return _answer(f"Releases: {found.name}", rows, columns, _HISTORY, found, kept)


def _percent(old: Release | None, new: Release, found: Releases) -> float | None:
    if old is None or found.signed or not old.value:
        return None
    return float((new.value / old.value - 1) * 100)


def measure_revisions(
    measure: str = "",
    reporter: str = "",
    *,
    by: By = "status",
    data: pd.DataFrame | None = None,
    **asked: Any,
) -> Answer:
    """How far figures were revised from one stage of their life to another.

    Parameters
    ----------
    measure, reporter, data, asked
        As in :func:`measure_releases`.
    by
        What makes a stage: ``status`` (provisional, revised, final), ``release`` (first, second …,
        of periods whose first release is aboard) or ``vintage`` (how documents are called).

    Returns
    -------
    Answer
        One row a pair of stages: mean and mean absolute revision, range, their test against bias,
        and the tests of Mankiw and Shapiro. Statistics of too few revisions are null with the
        reason.

    Raises
    ------
    MissingExtra
        Without ``boeki[nowcast]``, whose SciPy has the distributions.
    UnknownTerm, BadPeriod, InputError, NoFigure
        As in :func:`measure_releases`; and where no figure has two releases.
    """
    found = _releases(measure, reporter, data, asked)
    rows, used = [], []
    for before, after in transitions(found, by):
        held = pairs(found, before, after, by)
        if held:
            rows.append(_sizes_row(before, after, held, found))
            used += [r for p in held for r in (p.before, p.after)]
    if not rows:
        raise NoFigure(
            f"{found.name}: the lake holds no figure at two stages ({by}); pull more vintages, or "
            "ask by='release'"
        )
    unit = "pp" if found.unit == "%" else found.unit
    notes = list(found.notes)
    if any(r["n"] < SMALL for r in rows):
        notes.append(f"Fewer than {SMALL} revisions say little: read the range, not the tests.")
    notes.append(
        "News: revisions could not be foretold from the figure itself. Noise: the figure erred at "
        "random around the later one. Both can be rejected, and neither is a fault of the office."
    )
    return _answer(
        f"Revisions: {found.name}", rows, _size_columns(unit, found, rows), _ANALYSIS, found, used,
        notes=notes, chart=Chart("ranking", "stages", ("mean",)),
    )  # fmt: skip


def _sizes_row(before: str, after: str, held: list[Pair], found: Releases) -> dict[str, Any]:
    earlier = np.array([float(p.before.value) for p in held])
    later = np.array([float(p.after.value) for p in held])
    at = np.array([p.before.month // found.months for p in held], dtype=np.int64)
    size, lean = sizes(earlier, later), bias(later - earlier, at)
    n, told, random = len(held), news(earlier, later, at), noise(earlier, later, at)
    few = [_FEW.format(k) for k in (FEWEST_TESTED, FEWEST_REGRESSED) if n < k]
    relative = size.relative_mean_absolute
    return {
        "stages": f"{before} to {after}", "from": before, "to": after, "n": n,
        "revised": counted(held), "first": held[0].before.period, "last": held[-1].before.period,
        "mean": size.mean, "mean_absolute": size.mean_absolute, "median": size.median,
        "smallest": size.smallest, "largest": size.largest,
        "relative": None if relative is None or found.signed else 100 * relative,
        "upward": float((later > earlier).mean() * 100),
        "bias_t": lean.t, "bias_p": lean.p, "news_p": told.p, "noise_p": random.p,
        "news_slope": told.slope, "noise_slope": random.slope,
        "autocorrelation": persistence(later - earlier, at).correlation,
        **{k: v for k, v in asdict(size).items() if k.endswith("_share")},
        "root_mean_square": size.root_mean_square,
        "standard_deviation": size.standard_deviation,
        "note": f"no test: {few[0]}" if few else "",
    }  # fmt: skip


def _size_columns(unit: str, found: Releases, rows: list[dict[str, Any]]) -> list[Column]:
    def told(name: str) -> bool:
        return any(r[name] is not None for r in rows)

    return [
        Column("stages", "From which stage to which"),
        Column("from", "Earlier stage", shown=False),
        Column("to", "Later stage", shown=False),
        Column("n", "Figures aboard at both"),
        Column("revised", "Changed by more than rounding", shown=False),
        Column("first", "First period", shown=False),
        Column("last", "Last period", shown=False),
        Column("mean", "Mean revision", unit),
        Column("mean_absolute", "Mean absolute revision", unit),
        Column("median", "Median", unit, shown=False),
        Column("smallest", "Smallest", unit),
        Column("largest", "Largest", unit),
        Column("relative", "Σ|R| over Σ|P|", "%", 2, shown=not found.signed and not told("news_p")),
        Column("upward", "Revised upward", "%"),
        Column("bias_t", "t of the mean, Newey–West", shown=False),
        Column("bias_p", "p of no bias", places=3, shown=told("bias_p")),
        Column("news_p", "p of news", places=3, shown=told("news_p")),
        Column("noise_p", "p of noise", places=3, shown=told("noise_p")),
        Column("news_slope", "b of L on P", shown=False),
        Column("noise_slope", "b of P on L", shown=False),
        Column("autocorrelation", "Of consecutive revisions", shown=False),
        Column("bias_share", "Of the mean square: mean", shown=False),
        Column("slope_share", "Of the mean square: slope", shown=False),
        Column("disturbance_share", "Of the mean square: the rest", shown=False),
        Column("root_mean_square", "Root mean square", unit, shown=False),
        Column("standard_deviation", "Standard deviation", unit, shown=False),
        Column("note", "What is not tested, and why", shown=False),
    ]


def measure_revision_interval(
    measure: str = "",
    reporter: str = "",
    *,
    level: float = 0.8,
    by: By = "status",
    period: str | None = None,
    data: pd.DataFrame | None = None,
    **asked: Any,
) -> Answer:
    """Where past revisions let expect the newest figure to end up.

    Parameters
    ----------
    measure, reporter, data, asked
        As in :func:`measure_releases`.
    level
        The chance wanted that the later figure lies between, 0 to 1.
    by
        What makes a stage, as in :func:`measure_revisions`.
    period
        The figure; None for the newest period aboard.

    Returns
    -------
    Answer
        One row: the figure, the interval between order statistics of past revisions from its stage
        to the newest release, the chance that it really covers, the interval of a normal
        distribution, and the shares of past revisions that would change the sign of the figure and
        of its growth on the year.

    Raises
    ------
    NoFigure
        Where fewer than two figures of the same stage were revised later.
    MissingExtra, UnknownTerm, BadPeriod, InputError
        As in :func:`measure_revisions`.
    """
    found = _releases(measure, reporter, data, asked)
    newest = _newest(found, period)
    now = stage(newest, by)
    held = [p for p in pairs(found, now, NEWEST, by, within=10**6) if p.before.month < newest.month]
    if len(held) < 2:
        known = ", ".join(stages(found, by))
        raise NoFigure(
            f"{found.name}: fewer than two figures that were {now!r} are aboard with a later "
            f"release, so {newest.period} has no interval (stages aboard: {known}); pull more "
            "vintages"
        )
    past = np.array([float(p.revision) if found.signed else (p.relative or 0.0) for p in held])
    value = float(newest.value)
    moved = value + past if found.signed else value * (1 + past)
    order, bell = empirical(moved, level), normal(moved, level)
    assert order is not None  # at least two
    assert bell is not None
    base = _year_before(found, newest)
    rows = [
        {
            "period": newest.period, "value": newest.value, "status": newest.status,
            "low": order.low, "high": order.high, "coverage": 100 * order.coverage,
            "n": order.n, "normal_low": bell.low, "normal_high": bell.high,
            "expected": float(moved.mean()),
            "sign_changes": 100 * share_crossing(value, moved) if found.signed else None,
            "growth_sign_changes": None if base is None
            else 100 * share_crossing(value, moved, base),
            "note": _interval_note(found, base),
        }
    ]  # fmt: skip
    notes = [
        f"Of {len(held)} figures that were {now} ({held[0].before.period} to "
        f"{held[-1].before.period}), revisions in {found.unit if found.signed else '%'} are moved "
        "to this one.",
        "Shares of past revisions are no probabilities beyond their number: of n of them none "
        f"crossed says less than {100 / (len(held) + 1):.0f} %, not never.",
    ]
    if len(held) < SMALL:
        notes.append(f"A small sample: {len(held)} revisions.")
    unit = found.unit
    columns = [
        Column("period", "period"),
        Column("value", "As published", unit),
        Column("status", "How final it is", shown=False),
        Column("low", "Low end", unit),
        Column("high", "High end", unit),
        Column("coverage", "Chance that it lies between", "%", 0),
        Column("n", "Past revisions"),
        Column("normal_low", "Low end, normal distribution", unit, shown=False),
        Column("normal_high", "High end, normal distribution", unit, shown=False),
        Column("expected", "With the mean past revision", unit),
        Column("sign_changes", "Past revisions that would change its sign", "%", 0,
               shown=found.signed),
        Column("growth_sign_changes", "… and that of its growth on the year", "%", 0,
               shown=base is not None),
        Column("note", "What is not told, and why", shown=False),
    ]  # fmt: skip
    used = [newest, *(r for p in held for r in (p.before, p.after))]
    return _answer(f"{found.name}: what revisions let expect of {newest.period}", rows, columns,
                   _PROSPECT, found, used, notes=[*found.notes, *notes])  # fmt: skip


def _newest(found: Releases, period: str | None) -> Release:
    history = found.by_period
    if period is None:
        return history[max(history)][-1]
    month = Period.parse(period).first
    if month not in history:
        raise NoFigure(f"{found.name} has no release of {period}")
    return history[month][-1]


def _year_before(found: Releases, newest: Release) -> float | None:
    """The figure a year earlier as the same day knew it; None where it is not aboard."""
    if found.of == "growth":
        return None
    past = [r for r in found.by_period.get(newest.month - 12, []) if
            r.published <= newest.published]  # fmt: skip
    return float(past[-1].value) if past else None


def _interval_note(found: Releases, base: float | None) -> str:
    words = []
    if not found.signed:
        words.append("the figure cannot change its sign")
    if base is None and found.of == "level":
        words.append("the figure of the year before is not aboard")
    return "; ".join(words)


def _releases(
    measure: str, reporter: str, data: pd.DataFrame | None, asked: dict[str, Any]
) -> Releases:
    if data is not None:
        unit, name = str(asked.pop("unit", "")), str(asked.pop("name", measure or "Series"))
        if asked:
            raise InputError(f"a table of one's own takes no {', '.join(sorted(asked))}")
        return releases_of_frame(data, name=name, measure=measure or "exports", unit=unit)
    known = {"partner", "product", "adjusted", "office", "valuation", "as_of"}
    freq, of = asked.pop("freq", "M"), asked.pop("of", "level")
    lake: Lake = asked.pop("lake", None) or open_lake()
    if unknown := set(asked) - known:
        raise InputError(f"no such question: {', '.join(sorted(unknown))}")
    if of not in ("level", "growth"):
        raise InputError(f"{of!r} is not followed: level or growth")
    given: Of = "growth" if of == "growth" else "level"
    return releases_of_series(read_series(measure, reporter, lake=lake, **asked), freq, given)


def _answer(
    title: str,
    rows: list[dict[str, Any]],
    columns: list[Column],
    method: Method,
    found: Releases,
    used: Sequence[Release],
    *,
    notes: Sequence[str] = (),
    chart: Chart | None = None,
) -> Answer:
    return answer(
        title, rows, columns, method, about=found.about, notes=notes or found.notes,
        sources=(s for r in used for s in r.sources), evidence=(x for r in used for x in r.rows),
        published=max((r.published for r in used), default=None), chart=chart,
    )  # fmt: skip

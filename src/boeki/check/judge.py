"""Judge: a claim and the figures that answer it make a verdict.

Every claim is held against what was known when the article appeared, against the newest figures,
and, where it fits neither, against what was first published and every revision since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from boeki.check.answer import Official, Unresolved
from boeki.check.claim import Claim
from boeki.check.diagnose import Diagnosis, diagnose
from boeki.check.panel import NEWEST, Panel
from boeki.check.record import judge_record
from boeki.check.resolve import officials
from boeki.check.tolerance import allowed
from boeki.check.verdict import Checked, Figure, Judgement, Verdict
from boeki.terms.wording import quantity

#: Whose word counts first. Associations and analysts are of like standing.
_STANDING = {"official": 0, "association": 1, "analyst": 1, "press": 2}


@dataclass(frozen=True, slots=True)
class Days:
    """The days whose knowledge a claim is held against.

    Attributes
    ----------
    published
        When the article appeared.
    today
        Whose figures are the newest.
    vintages
        Days on which figures for the periods of the article's claims were published.
    """

    published: dt.date
    today: dt.date
    vintages: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """A claim held against one day's knowledge."""

    day: dt.date
    found: tuple[Official, ...]
    fit: tuple[Official, ...]
    why: str = ""

    @property
    def verdict(self) -> Verdict:
        if not self.found:
            return "unverifiable"
        if not self.fit:
            return "contradicted"
        return "supported" if len(self.fit) == len(self.found) else "disputed"

    @property
    def shown(self) -> Official | None:
        """The figure to show: one that fits, or else the first."""
        return (self.fit or self.found or (None,))[0]


def judge(claim: Claim, panel: Panel, days: Days) -> Checked:
    """Hold a claim against the figures.

    Parameters
    ----------
    claim
        Any kind but ``cause``, which :mod:`boeki.check.causes` answers.
    panel
        Figures as known on each of the days.
    days
        Those days.
    """
    if claim.kind == "record":
        return judge_record(claim, panel, days.published, days.today)
    known, newest = _hold(claim, panel, days.published), _hold(claim, panel, NEWEST)
    tolerance = tolerance_text(claim)
    if not known.found and not newest.found:
        return Checked(claim, "unverifiable", newest.why, tolerance=tolerance, diagnosis=newest.why)
    # A figure that stands in for a day on which it was not yet known comes last: it is the same
    # figure as on its own day, and is shown as of that.
    earlier = sorted((_hold(claim, panel, d) for d in days.vintages), key=_stands_in)
    verdict = _over_all(known, newest, earlier)
    checked = Checked(
        claim,
        verdict,
        _line(verdict, known, newest, earlier),
        _judgement(known, days.published),
        _judgement(newest, days.today),
        _matched(verdict, known, earlier),
        tolerance,
        _revision(verdict, known, newest, earlier),
        _evidence(known, newest, earlier),
        notes=_notes(known, newest),
    )
    if verdict == "contradicted" and (other := _meant(claim, panel, days)):
        return _misattributed(checked, other)
    return checked


def _hold(claim: Claim, panel: Panel, day: dt.date) -> _State:
    try:
        found = tuple(officials(claim, panel, day))
    except Unresolved as reason:
        return _State(day, (), (), str(reason))
    found = _of_best_standing(found)
    return _State(day, found, tuple(o for o in found if fits(claim, o)))


def _of_best_standing(found: tuple[Official, ...]) -> tuple[Official, ...]:
    """Official statistics settle a claim alone; else associations and analysts, then the press."""
    best = min(_STANDING[o.figure.standing] for o in found)
    return tuple(o for o in found if _STANDING[o.figure.standing] == best)


def _stands_in(state: _State) -> bool:
    return state.shown is not None and state.shown.figure.stand_in


def fits(claim: Claim, official: Official) -> bool:
    """Whether a figure lies within what the claim's digits and hedge allow."""
    bounds = allowed(claim)
    return bounds is not None and bounds.fits(official.value, official.resolution)


def tolerance_text(claim: Claim) -> str:
    """What the digits and the hedge allow, in words."""
    bounds = allowed(claim)
    if bounds is None or claim.unit is None:
        return ""
    if bounds.low == bounds.high:
        return f"exactly {quantity(bounds.low, claim.unit)}"
    sign = -1 if bounds.negative else 1
    ends = [quantity_to(sign * v, claim) for v in (bounds.low, bounds.high)]
    hedge = f", as “{claim.hedge}” allows" if claim.hedge else ""
    return f"{ends[0]} {'to' if bounds.closed else 'to just under'} {ends[1]}{hedge}"


def quantity_to(value: Decimal, claim: Claim) -> str:
    """A bound, with one more digit than the claim prints."""
    unit = claim.unit or ""
    if unit in ("%", "pp"):
        step = claim.step if claim.step is not None else Decimal(1)
        places = max(0, -(step / 10).normalize().as_tuple().exponent)  # type: ignore[operator]
        return f"{value:,.{places}f} {unit}".replace("-", "−")
    return quantity(value, unit)


def _over_all(known: _State, newest: _State, earlier: Sequence[_State]) -> Verdict:
    """One verdict over all states of knowledge."""
    if "disputed" in (known.verdict, newest.verdict):
        return "disputed"
    if newest.verdict == "supported":
        return "supported"
    # Right once is right as published: in the knowledge of its day, or as the figure first came
    # out.
    if known.verdict == "supported" or any(s.verdict == "supported" for s in earlier):
        return "revised"
    return "contradicted"


def _line(verdict: Verdict, known: _State, newest: _State, earlier: Sequence[_State]) -> str:
    now = newest.shown or known.shown
    if now is None:
        return ""
    if verdict == "revised":
        then = next((s for s in (known, *earlier) if s.verdict == "supported"), known).shown
        if then:
            day = then.figure.published
            return f"as published {day}: {_short(then.figure)}; now {_short(now.figure)}"
    if verdict == "disputed":
        said = (newest if newest.verdict == "disputed" else known).found
        return "; ".join(f"{_who(o.figure)}: {o.figure.text}" for o in said)
    who = "official" if now.figure.standing == "official" else f"{_who(now.figure)}:"
    line = f"{who} {now.figure.text}"
    if known.shown and newest.shown and known.verdict != newest.verdict:
        return f"{line}; known on the day: {_short(known.shown.figure)}"
    return line


def _short(figure: Figure) -> str:
    """A figure without what it was computed from."""
    return figure.text.partition(" (")[0]


def _who(figure: Figure) -> str:
    """Who says so, shortly, and for which year: ``SEAJ, 2024``."""
    name, _, aside = figure.publisher.rstrip(")").partition(" (")
    year = figure.label.rpartition(", ")[2]
    return f"{aside if aside.isupper() else name}, {year}"


def _matched(verdict: Verdict, known: _State, earlier: Sequence[_State]) -> Judgement | None:
    """The release that a revised claim is right about, where it is not the knowledge of the
    article's day.
    """
    if verdict != "revised" or known.verdict == "supported":
        return None
    right = next(s for s in earlier if s.verdict == "supported")
    return _judgement(right, right.day)


def _judgement(state: _State, day: dt.date) -> Judgement:
    shown = state.shown
    return Judgement(state.verdict, day, shown.figure if shown else None)


def _revision(verdict: Verdict, known: _State, newest: _State, earlier: Sequence[_State]) -> str:
    if verdict == "revised":
        right = next((s for s in (known, *earlier) if s.verdict == "supported"), known)
        then, now = right.shown, newest.shown
        if then and now:
            return (
                f"Right as published on {then.figure.published}: {_short(then.figure)}. "
                f"Since revised to {_short(now.figure)}."
            )
    if verdict == "disputed":
        state = newest if newest.verdict == "disputed" else known
        agree = ", ".join(_who(o.figure) for o in state.fit)
        differ = ", ".join(
            f"{_who(o.figure)} {o.figure.text}" for o in state.found if o not in state.fit
        )
        return f"Sources disagree: {agree} as claimed; {differ}."
    if verdict == "supported" and known.found and known.verdict == "contradicted" and known.shown:
        return f"Right by the newest figures; on the day it was {known.shown.figure.text}."
    return ""


def _evidence(known: _State, newest: _State, earlier: Sequence[_State]) -> tuple[Figure, ...]:
    """Every different figure found, oldest publication first."""
    seen: dict[tuple[object, ...], Figure] = {}
    for state in (*earlier, known, newest):
        for o in state.found:
            seen.setdefault((o.figure.label, o.figure.value, o.figure.source), o.figure)
    return tuple(sorted(seen.values(), key=lambda f: (f.published or dt.date.min, f.source)))


def _notes(known: _State, newest: _State) -> tuple[str, ...]:
    notes = [o.note for o in (*known.found, *newest.found) if o.note]
    shown = known.shown
    if shown and shown.figure.stand_in:
        notes.append(
            "The lake holds no vintage of the article's day for this figure; "
            f"the oldest that it holds, published {shown.figure.published}, stands in."
        )
    return tuple(dict.fromkeys(notes))


def _meant(claim: Claim, panel: Panel, days: Days) -> Diagnosis | None:
    """What else the number is right for, by the day's knowledge or by the newest."""
    for day in (days.published, NEWEST, *days.vintages):
        if found := diagnose(claim, panel, day):
            return found
    return None


def _misattributed(checked: Checked, other: Diagnosis) -> Checked:
    figure = other.figure
    return replace(
        checked,
        verdict="misattributed",
        line=f"{checked.line}; {other.short}",
        diagnosis=f"{other.what}: {figure.label} is {figure.text}.",
        evidence=(*checked.evidence, figure),
    )

"""The short series that is drawn beside a claim."""

from __future__ import annotations

from decimal import Decimal

from boeki.check import wording
from boeki.check.panel import NEWEST, Panel, Point
from boeki.check.resolve import points_for
from boeki.check.verdict import Chart, Checked
from boeki.terms.periods import Period

#: Periods before and after the one that the claim is about.
BEFORE, AFTER = 24, 3
_SCALES = ((Decimal(10) ** 6, "mn "), (Decimal(10) ** 9, "bn "), (Decimal(10) ** 12, "tn "))
#: Above this many of a unit, the next larger one reads better.
_MANY = 20_000


def chart_for(checked: Checked, panel: Panel) -> Chart | None:
    """The claim's measure over the two years before its period, as the newest figures have it."""
    claim = checked.claim
    if claim.kind in ("rank", "share", "cause") or claim.reporter is None or claim.period is None:
        return None
    if not claim.period.months:
        return None
    found = points_for(claim, panel, NEWEST)
    return _chart(found[0], panel) if found else None


def _chart(point: Point, panel: Panel) -> Chart | None:
    length = max(point.months, 1)
    history = dict(panel.history(point))
    months = range(point.month - BEFORE * length, point.month + AFTER * length + 1, length)
    known = [m for m in months if m in history]
    if len(known) < 3:
        return None
    # From the first known period on: what came before the series began is no gap in it.
    shown = [m for m in months if m >= known[0] and m <= known[-1]]
    scale, word = _scale(max(abs(history[m]) for m in known), point.unit)
    return Chart(
        wording.label(
            point.measure, point.reporter, point.partner, point.product, None, None, point.basis
        ),
        f"{word}{point.unit}",
        tuple(str(Period(m, point.months, "M" if length == 1 else "S")) for m in shown),
        tuple(float(history[m] / scale) if m in history else None for m in shown),
        shown.index(point.month) if point.month in shown else None,
    )


def _scale(largest: Decimal, unit: str) -> tuple[Decimal, str]:
    if len(unit) != 3:
        return Decimal(1), ""
    return next(((s, w) for s, w in _SCALES if largest / s < _MANY), _SCALES[-1])

"""Simple rules for the month that is not out yet, which a model must beat."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Months = Mapping[int, float]
Rule = Callable[[Months, int], float | None]


def same_month(known: Months, month: int) -> float | None:
    """The same month of the year before."""
    return known.get(month - 12)


def last_growth(known: Months, month: int) -> float | None:
    """The year before, grown as the newest month did on the year."""
    newest = max((m for m in known if m < month), default=None)
    if newest is None or newest < month - 3:
        return None
    return _grown(known, month, _growth(known, newest))


def mean_growth(known: Months, month: int) -> float | None:
    """The year before, grown as the newest three months did together."""
    newest = max((m for m in known if m < month), default=None)
    if newest is None or newest < month - 3:
        return None
    span = range(newest - 2, newest + 1)
    if not all(m in known and m - 12 in known for m in span):
        return None
    past = sum(known[m - 12] for m in span)
    return _grown(known, month, sum(known[m] for m in span) / past if past > 0 else None)


def _growth(known: Months, month: int) -> float | None:
    base = known.get(month - 12)
    return known[month] / base if base and base > 0 else None


def _grown(known: Months, month: int, factor: float | None) -> float | None:
    base = known.get(month - 12)
    return None if base is None or factor is None else base * factor


def first_days(known: Months, part: Months, month: int) -> float | None:
    """The year before, grown as the month's first days did on the year (a bridge)."""
    now, base = part.get(month), part.get(month - 12)
    if now is None or not base or base <= 0:
        return None
    return _grown(known, month, now / base)


#: The rules that need nothing but the series itself.
NAIVE: Mapping[str, tuple[Rule, str]] = {
    "same month": (same_month, "the same month of the year before"),
    "last growth": (last_growth, "the newest month's growth on the year goes on"),
    "mean growth": (mean_growth, "the growth of the newest three months goes on"),
}

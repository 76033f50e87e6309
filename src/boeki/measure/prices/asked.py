"""Periods of a question over time."""

from __future__ import annotations

from boeki.errors import InputError, UnknownTerm
from boeki.terms.periods import Period

LENGTHS = {"M": 1, "Q": 3, "A": 12}


def spans(start: str, end: str, freq: str, reporter: str | None = None) -> list[Period]:
    """Every period of a frequency from one to another.

    Raises
    ------
    UnknownTerm, BadPeriod
        For a frequency or period that is none.
    InputError
        Where the last comes before the first.
    """
    if freq not in LENGTHS:
        raise UnknownTerm("frequency", freq, LENGTHS)
    first, last = Period.parse(start, reporter), Period.parse(end, reporter)
    if last.last < first.first:
        raise InputError(f"the last period, {last}, lies before the first, {first}")
    step = LENGTHS[freq]
    low, high = first.first - first.first % step, last.last
    return [Period(m, step, freq) for m in range(low, high + 1, step)]  # type: ignore[arg-type]


def span_of(period: str, reporter: str | None = None) -> Period | None:
    """A period written as text; None where it is no period of the vocabulary, or none at all."""
    try:
        return Period.parse(period, reporter) if period else None
    except InputError:
        return None

"""Comparisons of one series with itself: growth, sums to date, trailing sums and averages.

Each gives a value and, where there is none, the reason in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from boeki.measure.levels.line import Line

#: To how many decimals an average of amounts is rounded, half to even.
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Known:
    """A number, or why there is none.

    Attributes
    ----------
    value
        Exact for amounts, float for ratios; None where it is undefined.
    why
        The reason, empty where there is a value.
    """

    value: Decimal | None
    why: str = ""


def at(line: Line, month: int) -> Known:
    """The figure of a period."""
    value = line.values.get(month)
    return Known(value) if value is not None else Known(None, f"{line.label(month)} is missing")


def total(line: Line, months: Sequence[int]) -> Known:
    """The sum of some periods; none unless every one of them has a figure."""
    gaps = [m for m in months if m not in line.values]
    if gaps:
        more = f" and {len(gaps) - 1} more" if len(gaps) > 1 else ""
        verb = "are" if more else "is"
        return Known(None, f"{line.label(gaps[0])}{more} {verb} missing")
    return Known(sum((line.values[m] for m in months), Decimal(0)))


def average(line: Line, months: Sequence[int]) -> Known:
    """The mean of some periods, to six decimals."""
    whole = total(line, months)
    if whole.value is None:
        return whole
    return Known((whole.value / len(months)).quantize(_PLACES, ROUND_HALF_EVEN))


def trailing(month: int, step: int, months: int) -> list[int]:
    """First months of the periods that end with one and together cover so many months."""
    return list(range(month - months + step, month + 1, step))


def to_date(month: int, step: int, start: int) -> list[int]:
    """First months of the periods from the beginning of a year to one.

    Parameters
    ----------
    month
        First month of the last period.
    step
        Months in a period.
    start
        The month, 1 to 12, in which the year begins.
    """
    begin = month - (month - (start - 1)) % 12
    return list(range(begin, month + 1, step))


def back(months: Sequence[int], by: int) -> list[int]:
    """The same periods so many months earlier."""
    return [m - by for m in months]


def difference(now: Known, base: Known) -> Known:
    """Change in the series' own unit."""
    if now.value is None or base.value is None:
        return Known(None, now.why or base.why)
    return Known(now.value - base.value)


def growth(now: Known, base: Known) -> tuple[float | None, str]:
    """Growth in percent, ``x / x₀ − 1``, by the rule of :func:`boeki.measure.change`: of a balance
    it follows the size of the gap, and where the sign changes there is none.

    Returns
    -------
    value, reason
    """
    if now.value is None or base.value is None:
        return None, now.why or base.why
    if base.value == 0:
        return None, "the base is nil"
    if now.value != 0 and (now.value > 0) != (base.value > 0):
        return None, "the sign changes"
    return (float(now.value) / float(base.value) - 1) * 100, ""


def annualised(now: Known, base: Known, periods: float) -> tuple[float | None, str]:
    """Growth at an annual rate in percent, ``(x / x₀)^n − 1``.

    Parameters
    ----------
    now, base
        Figures of two periods.
    periods
        How many times the span between them fits into a year: 12 for a month, 4 for a quarter.

    Returns
    -------
    value, reason
        None unless both are above 0.
    """
    if now.value is None or base.value is None:
        return None, now.why or base.why
    if now.value <= 0 or base.value <= 0:
        return None, "an annual rate needs figures above 0"
    return ((float(now.value) / float(base.value)) ** periods - 1) * 100, ""


def reasons(said: Mapping[str, str]) -> str:
    """What is missing, each reason once, with the columns that it concerns."""
    by_reason: dict[str, list[str]] = {}
    for column, why in said.items():
        if why:
            by_reason.setdefault(why, []).append(column)
    return "; ".join(f"{', '.join(columns)}: {why}" for why, columns in by_reason.items())

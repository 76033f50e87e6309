"""Releases: how often, when and with which value each figure of a series was published."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from boeki.errors import InputError, NoFigure
from boeki.measure.revisions.printings import Printing, Series, maturity, span, text_of
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

#: What is followed through its releases: values, or their growth on the year.
Of = Literal["level", "growth"]
#: What calls two releases alike: how final they are, which one in order, or their document's name.
By = Literal["status", "release", "vintage"]

NEWEST = "newest"
_ORDINALS = {1: "first", 2: "second", 3: "third"}
#: What makes the names of one series' files differ from month to month.
_DATED = re.compile(r"\s*\b(?:of\s+)?\d{4}(?:-\d{2}){0,2}\b.*$")
#: Measures whose revisions are told in the currency: they change sign, and a percentage misleads.
SIGNED = ("balance",)


@dataclass(frozen=True, slots=True)
class Release:
    """A figure as one release gave it.

    Attributes
    ----------
    period, month
        When it happened, and its first month counted from January of year 0.
    number
        Which release of the figure it is, from 1; of those that the lake has.
    published, days
        When it was published, and how many days after the period's end.
    value, resolution
        How much (of growth in percent), and the size of the last digit printed.
    status, vintage
        How final it is, and how its document calls it.
    sources, rows
        Documents, and rows of the lake.
    """

    period: str
    month: int
    number: int
    published: dt.date
    days: int
    value: Decimal
    resolution: Decimal
    status: str
    vintage: str
    sources: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    def rounds_to(self, other: Release) -> bool:
        """Whether two differ by no more than their last digits can."""
        return abs(self.value - other.value) * 2 <= self.resolution + other.resolution


@dataclass(frozen=True)
class Releases:
    """The releases of all figures of one series, by period and then in order.

    Attributes
    ----------
    name
        What it is, for a heading: ``Balance of Japan with the world``.
    measure, unit, months
        What is measured, in what, and how many months a figure covers.
    of
        Whether values are followed, or their growth on the year.
    items
        The releases.
    about
        What was asked.
    notes
        What a reader must know.
    """

    name: str
    measure: str
    unit: str
    months: int
    of: Of
    items: tuple[Release, ...]
    about: dict[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def signed(self) -> bool:
        """Whether revisions are told in units of the figure, and not in percent of it."""
        return self.measure in SIGNED or self.of == "growth"

    @property
    def by_period(self) -> dict[int, list[Release]]:
        """Releases of each period, in order."""
        out: dict[int, list[Release]] = {}
        for release in self.items:
            out.setdefault(release.month, []).append(release)
        return out


def releases_of_series(series: Series, freq: str = "M", of: Of = "level") -> Releases:
    """The releases of every figure of a series that the lake holds.

    Parameters
    ----------
    series
        Every printing of it.
    freq
        ``M``, ``Q``, ``A`` or ``FY``. Figures of a longer period are those stated and, once all of
        its months are known, their sum.
    of
        ``level``: values; ``growth``: growth on the year in percent, both figures as known on the
        day of the release.

    Raises
    ------
    UnknownTerm
        For another frequency.
    InputError
        For the growth of a balance, which has no percentage once it changes sign.
    NoFigure
        Where the lake has no figure of a whole period.
    """
    if of == "growth" and series.measure in SIGNED:
        raise InputError(
            "a balance that changes sign has no growth in percent: ask for its level, or for the "
            "growth of exports and of imports"
        )
    months, phase = span(freq, series.reporter)
    items = [r for m in series.months(months, phase) for r in _of_period(series, m, freq, of)]
    if not items:
        what = "a growth on the year" if of == "growth" else f"figures of frequency {freq}"
        raise NoFigure(
            f"the lake holds no {series.measure} of which it knows {what}: pull more vintages, or "
            "ask for another frequency"
        )
    unit = "%" if of == "growth" else series.unit
    return Releases(_name(series, freq, of), series.measure, unit, months, of, tuple(items),
                    _about(series, freq, of))  # fmt: skip


def _name(series: Series, freq: str, of: Of) -> str:
    from boeki.terms import areas, products

    words = series.measure.replace("_", " ").capitalize()
    if of == "growth":
        words += ", growth on the year"
    if series.product != "TOTAL":
        words += f" of {products.name(series.product).lower()}"
    words += f", {areas.name(series.reporter)} with {areas.get(series.partner).in_sentence}"
    kinds = {"Q": ", quarters", "A": ", years", "FY": ", fiscal years"}
    return words + kinds.get(freq, "") + (", seasonally adjusted" if series.adjusted else "")


def _about(series: Series, freq: str, of: Of) -> dict[str, Any]:
    told = {k: getattr(series, k) for k in ("measure", "reporter", "partner", "product", "unit")}
    return told | {"freq": freq, "of": of, "office": series.office, "adjusted": series.adjusted}


def _of_period(series: Series, month: int, freq: str, of: Of) -> list[Release]:
    """What stood of a period after each day that brought something of it."""
    months, _phase = span(freq, series.reporter)
    days = series.days(month, months)
    if of == "growth":
        days = sorted({*days, *series.days(month - 12, months)})
    found: list[Printing] = []
    for day in days:
        now = _known(series, month, months, day, of)
        if now and (not found or now.rows != found[-1].rows):
            found.append(now)
    period = Period(month, months, freq)  # type: ignore[arg-type]
    return [_release(period, n, p) for n, p in enumerate(found, 1)]


def _known(series: Series, month: int, months: int, day: dt.date, of: Of) -> Printing | None:
    now = series.at(month, months, day)
    if of == "level" or now is None:
        return now
    before = series.at(month - 12, months, day)
    if before is None or not before.value or before.value < 0 or now.value is None:
        return None
    growth = 100 * (now.value / before.value - 1)
    # Of a quotient the last digit is as uncertain as the digits of both make it.
    slack = 100 * (now.resolution + abs(now.value / before.value) * before.resolution)
    return Printing(
        max(now.published, before.published), growth, slack / before.value, now.statuses,
        now.vintages, (*now.sources, *before.sources), (*now.rows, *before.rows),
    )  # fmt: skip


def _release(period: Period, number: int, printing: Printing) -> Release:
    assert printing.value is not None  # what was taken out is no release
    return Release(
        str(period), period.first, number, printing.published,
        (printing.published - period.end).days, printing.value, printing.resolution,
        text_of(printing.statuses), " / ".join(dict.fromkeys(filter(None, printing.vintages))),
        tuple(dict.fromkeys(printing.sources)), printing.rows,
    )  # fmt: skip


def releases_of_frame(
    frame: pd.DataFrame, *, name: str = "Series", measure: str = "exports", unit: str = ""
) -> Releases:
    """Releases that a user has at hand as a table.

    Parameters
    ----------
    frame
        Columns ``period`` (``2024-11``), ``published`` (a day) and ``value``; where there are any,
        ``status`` (``provisional``, ``revised``, ``final``), ``vintage`` and ``resolution``.
    name, unit
        What it is, and in what.
    measure
        ``balance`` where revisions are to be told in units of the figure, not in percent.

    Raises
    ------
    InputError
        Where a column is missing, periods are of several lengths, or a period has two values of one
        day.
    """
    lacking = {"period", "published", "value"} - set(frame.columns)
    if lacking:
        raise InputError(f"the table of releases lacks the columns {', '.join(sorted(lacking))}")
    rows = sorted((_row(r) for r in frame.to_dict("records")), key=lambda r: (r[0].span, r[1]))
    if len({r[0].months for r in rows}) != 1:
        raise InputError("the table of releases has periods of several lengths, or none at all")
    for one, other in pairwise(rows):
        if one[:2] == other[:2]:
            raise InputError(f"{one[0]} has two values published on {one[1]}: keep one of them")
    items: list[Release] = []
    for period, day, value, resolution, status, vintage in rows:
        number = items[-1].number + 1 if items and items[-1].month == period.first else 1
        items.append(
            Release(str(period), period.first, number, day, (day - period.end).days, value,
                    resolution, status, vintage)
        )  # fmt: skip
    months = rows[0][0].months
    return Releases(name, measure, unit, months, "level", tuple(items), {"measure": measure})


def _row(row: dict[Any, Any]) -> tuple[Period, dt.date, Decimal, Decimal, str, str]:
    from decimal import InvalidOperation

    period, day = Period.parse(str(row["period"])), row["published"]
    try:
        day = dt.date.fromisoformat(str(day)[:10])
        value, digit = (Decimal(str(x)) for x in (row["value"], row.get("resolution", 0)))
    except (InvalidOperation, ValueError):
        raise InputError(f"{period}: {row['value']!r} of {day!r} is no value of a day") from None
    if not value.is_finite() or not digit.is_finite() or digit < 0:
        raise InputError(f"{period}: {row['value']!r} of {day} is no number: leave the row out")
    return period, day, value, digit, str(row.get("status", "")), str(row.get("vintage", ""))


def stage(release: Release, by: By) -> str:
    """What a release is called where releases are compared with their like."""
    if by == "release":
        return _ORDINALS.get(release.number, f"{release.number}th")
    if by == "vintage":
        return " / ".join(_DATED.sub("", v) or v for v in release.vintage.split(" / "))
    return release.status


def stages(releases: Releases, by: By) -> list[str]:
    """All stages of a series, from the least final to the most."""
    found: dict[str, list[int]] = {}
    for release in releases.items:
        found.setdefault(stage(release, by), []).append(release.number)
    if by == "status":
        return sorted(found, key=lambda s: (_mature(s), s))
    return sorted(found, key=lambda s: (sum(found[s]) / len(found[s]), s))


def _mature(status: str) -> float:
    """How final a status is; of two sides' the mean."""
    words = status.split(" / ")
    return sum(map(maturity, words)) / len(words)


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure at an earlier and at a later stage of its life."""

    before: Release
    after: Release

    @property
    def revision(self) -> Decimal:
        """Later less earlier."""
        return self.after.value - self.before.value

    @property
    def relative(self) -> float | None:
        """The revision over the size of the earlier value; None where that was 0."""
        return float(self.revision / abs(self.before.value)) if self.before.value else None

    @property
    def rounding(self) -> bool:
        """Whether it is no more than the last digits printed can make."""
        return self.after.rounds_to(self.before)


def pairs(
    releases: Releases, before: str, after: str, by: By = "status", *, within: int = 100
) -> list[Pair]:
    """Figures that the lake has at both of two stages, in time order.

    Parameters
    ----------
    releases
        The releases of a series.
    before, after
        Names of stages: the first release at the earlier one is held against the last at the later
        one. ``newest`` stands for the newest of all.
    by
        What makes a stage.
    within
        Where releases are counted: days after a period's end by which the first must have come out.
        A file that gives a figure of years ago is not its first release.
    """
    out = []
    for history in releases.by_period.values():
        if by == "release" and history[0].days > within:
            continue
        first = next((r for r in history if stage(r, by) == before), None)
        later = [r for r in history if after == NEWEST or stage(r, by) == after]
        if first and later and later[-1].number > first.number:
            out.append(Pair(first, later[-1]))
    return out


def transitions(releases: Releases, by: By) -> list[tuple[str, str]]:
    """Which stages are held against which: each against the next and the last."""
    named = stages(releases, by)
    if by == "release":
        steps: Sequence[tuple[str, str]] = list(pairwise(named))
        return [*steps, *((s, NEWEST) for s in named[:-1])]
    return [(a, b) for i, a in enumerate(named) for b in named[i + 1 :]]


def counted(pairs_: Iterable[Pair]) -> int:
    """How many changed by more than rounding."""
    return sum(not p.rounding for p in pairs_)

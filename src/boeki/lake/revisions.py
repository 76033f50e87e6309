"""Revisions: how figures changed from one vintage to the next, and by how much.

A row follows another where both give the same figure. What lies between two printings within half
a last digit of each is rounding, and no revision.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from boeki.errors import InputError
from boeki.lake.described import COLUMNS, described
from boeki.lake.selection import Selection, count
from boeki.lake.steps import BALANCE, DESCRIBED, extents, listed, steps
from boeki.lake.store import Lake
from boeki.lake.vintages import nothing


@dataclass(frozen=True, slots=True)
class Printing:
    """A figure as one document printed it.

    Attributes
    ----------
    value
        In units of the currency, or of the series.
    published, source, status
        When, in which document, and how firmly.
    """

    value: Decimal
    published: dt.date
    source: str
    status: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values; the number as exact text."""
        return {
            "value": plain(self.value),
            "published": str(self.published),
            "source": self.source,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """One figure from one vintage to the next.

    Attributes
    ----------
    table
        ``flows`` or ``series``.
    figure
        What it is: the columns of its key, in order.
    period
        When it happened.
    before, after
        The two printings.
    difference
        After less before.
    percent
        Of the size of the value before; None where that was 0, and of figures that are percentages.
    unchanged
        The two differ by no more than their last digits can, or not at all.
    reading
        The office revised nothing: boeki reads the same bytes otherwise than it did.
    """

    table: str
    figure: dict[str, Any]
    period: str
    before: Printing
    after: Printing
    difference: Decimal
    percent: float | None
    unchanged: bool
    reading: bool = False

    @property
    def unit(self) -> str:
        """Its currency or unit."""
        return str(self.figure.get("currency") or self.figure.get("unit") or "")

    @property
    def name(self) -> str:
        """What it is, in a few words: ``japan-customs: JPN export TOTAL WLD fob``."""
        return described(self.table, self.figure)

    def row(self) -> dict[str, Any]:
        """The columns of a table, the same for flows and series."""
        told = {c: self.figure.get(c, "") for c in COLUMNS}
        if self.table == "series":
            dimensions = self.figure["dimensions"]
            told |= {"reporter": self.figure["area"], "dimensions": json.dumps(dimensions)}
        return {
            "table": self.table,
            **told,
            "period": self.period,
            "unit": self.unit,
            **{f"from_{name}": value for name, value in self.before.to_dict().items()},
            **{f"to_{name}": value for name, value in self.after.to_dict().items()},
            "difference": plain(self.difference),
            "percent": self.percent,
            "unchanged": self.unchanged,
            "reading": self.reading,
        }

    def to_dict(self) -> dict[str, Any]:
        """Nested plain values."""
        return {
            "table": self.table,
            **self.figure,
            "period": self.period,
            "from": self.before.to_dict(),
            "to": self.after.to_dict(),
            "difference": plain(self.difference),
            "percent": self.percent,
            "unchanged": self.unchanged,
            "reading": self.reading,
        }


@dataclass(frozen=True, slots=True)
class Extent:
    """How far an office's figures of one period were revised, in one unit.

    Attributes
    ----------
    office, table, freq, period, unit
        Whose figures.
    revisions, figures
        Changes of value beyond rounding, and how many figures had one.
    unchanged
        Vintages that kept the value, or changed it within rounding.
    mean_absolute, bias, largest
        Mean size, mean with its sign, and largest size of the changes, in ``unit``; None where
        there was none.
    mean_absolute_percent, bias_percent
        The same in percent of the value before, where it has one.
    """

    office: str
    table: str
    freq: str
    period: str
    unit: str
    revisions: int
    figures: int
    unchanged: int
    mean_absolute: float | None
    bias: float | None
    largest: float | None
    mean_absolute_percent: float | None
    bias_percent: float | None

    def to_dict(self) -> dict[str, Any]:
        """The columns of a table."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Revisions:
    """What was revised.

    Attributes
    ----------
    listed
        In the order of figures, then of vintages.
    total
        How many there are, where not all are listed, corrections of reading among them.
    extents
        How far, by office, period and unit.
    readings
        How many are corrections of reading: no revisions of the office, and not in ``extents``.
    """

    listed: tuple[Revision, ...]
    total: int
    extents: tuple[Extent, ...] = field(default=())
    readings: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Nested plain values."""
        return {
            "total": self.total,
            "readings": self.readings,
            "revisions": [r.to_dict() for r in self.listed],
            "extents": [e.to_dict() for e in self.extents],
        }


def revisions(
    lake: Lake,
    which: Selection | None = None,
    *,
    since: dt.date | None = None,
    largest: int | None = None,
    everything: bool = False,
) -> Revisions:
    """What was revised, from which value in which document to which, and how far on the whole.

    Parameters
    ----------
    lake
        With or without a place.
    which
        Which figures; None for all. The flow ``balance`` stands for exports less imports of all
        goods, revised whenever one of them is.
    since
        Only what was published on this day or later.
    largest
        List so many only: those that changed most, in percent.
    everything
        List also vintages that kept the value, or changed it within rounding.

    Raises
    ------
    NoFigure
        Where the lake has no such figures. Figures that were never revised are no error.
    InputError
        For the balance of single products: their codes differ between exports and imports.
    """
    which = which or Selection()
    if largest is not None and largest < 1:
        raise InputError(f"{largest} revisions cannot be listed: ask for 1 or more")
    found = {table: steps(lake, table, which, since) for table in which.tables()}
    if not any(table.num_rows for table in found.values()):
        _see_that_there_are(lake, which)
    told: list[Revision] = []
    total = corrected = 0
    for table, every in found.items():
        shown = listed(lake, every, None, everything=everything)
        total += shown.num_rows
        corrected += shown["reading"].to_pylist().count(True)
        if largest is not None:
            shown = listed(lake, every, largest, everything=everything)
        told += [_revision(table, row) for row in shown.to_pylist()]
    if largest is not None and len(told) > largest:
        most = {id(r) for r in sorted(told, key=lambda r: -abs(r.percent or 0.0))[:largest]}
        told = [r for r in told if id(r) in most]
    far = tuple(Extent(**e) for name, every in found.items() for e in extents(lake, name, every))
    return Revisions(tuple(told), total, far, corrected)


def _see_that_there_are(lake: Lake, which: Selection) -> None:
    """Refuse a question about figures that the lake does not have at all."""
    if which.flow == BALANCE:
        which = replace(which, flow="", product="TOTAL")
    if not any(count(lake, table, which.where(table)) for table in which.tables()):
        raise nothing(lake)


def _revision(table: str, row: dict[str, Any]) -> Revision:
    figure = {c: row[c] for c in DESCRIBED[table]}
    if "dimensions" in figure:
        figure["dimensions"] = dict(figure["dimensions"])
    before, after = (
        Printing(*(row[f"{when}{c}"] for c in ("value", "published", "source", "status")))
        for when in ("before_", "")
    )
    return Revision(
        table,
        figure,
        row["period"],
        before,
        after,
        row["difference"],
        row["percent"],
        row["unchanged"],
        row["reading"],
    )


def plain(value: Decimal) -> str:
    """A number as exact text, without zeros that say nothing."""
    return format(value.normalize(), "f") if value else "0"

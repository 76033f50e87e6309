"""Sums of many flows, each beside that of a year before."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
from ibis import _

from boeki.lake import Lake
from boeki.lake.cells import MOST, Cells, LastYear
from boeki.lake.coding import Codes, numbered

#: Frequencies, with the months that a period of them has.
FREQS = {"M": 1, "Q": 3, "A": 12}
#: From so many figures on, sums that are too many for an array are made year by year: each is of
#: one year, and the sums of a year lie closer together in memory than those of all.
LARGE = 10_000_000
#: Values below this have eighteen digits, three of them after the point, and to spare.
_NARROW = 9e14


@dataclass(frozen=True, slots=True)
class Span:
    """Years whose sums are told, and the first whose sums must be known for it."""

    read: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What is to be added up, and how.

    Attributes
    ----------
    lake
        Where the figures are.
    rows
        Gives the rows that are asked for: all, or those from a year to another.
    by
        Columns that are kept apart, besides the month.
    office, freq
        Whose figures, and of which frequency.
    codes
        Numbers for the codes in some of the columns; :meth:`parts` tells numbers there.
    years
        The years that have rows, in order; empty where that was not looked at.
    compared
        Whether the sum of a year before is told.
    """

    lake: Lake
    rows: Callable[[tuple[int, int] | None], ibis.Table]
    by: tuple[str, ...]
    office: str
    freq: str
    codes: Mapping[str, Codes]
    years: tuple[int, ...]
    compared: bool

    def parts(self) -> list[ibis.Table]:
        """The sums, in parts of one table each of which is computed by itself.

        Returns
        -------
        list of ibis.Table
            ``month``, the columns of ``by``, ``value``, ``before`` (null where there is none) and
            ``figures``, how many were added up.
        """
        if spans := self._spans():
            return self._of_spans(spans)
        if len(self.years) > 1 and self.lake.size("flows", self.office) >= LARGE:
            of = {y: self.lake.later(self._added_up(self.rows((y, y)))) for y in self.years}
            return [self._beside(of[year], of.get(year - 1)) for year in self.years]
        whole = self._added_up(self.rows(None))
        return [self._beside(whole, whole)]

    def _added_up(self, rows: ibis.Table) -> ibis.Table:
        """Sums by month and columns, those that have codes by their numbers."""
        table = numbered(rows, self.codes)
        keys = {c: table[f"{c}_number" if c in self.codes else c] for c in self.by}
        value = narrowed(self.lake, self.office, table.value)
        return table.group_by(month=table.month, **keys).agg(value=value.sum(), figures=_.count())

    def _beside(self, now: ibis.Table, past: ibis.Table | None) -> ibis.Table:
        """Sums, each beside that of a year before, which is looked for among others."""
        if past is None or not self.compared:
            out = now.mutate(before=ibis.null(now.value.type()))
        else:
            keys = {c: past[c] for c in self.by}
            told = past.select(month=(past.month + 12).cast("int32"), before=past.value, **keys)
            out = now.left_join(told, ["month", *self.by], rname="{name}_r")
        return out.select("month", *self.by, "value", "before", "figures")

    def _spans(self) -> list[Span]:
        """Spans of years with sums so few that they lie in an array; none where a year has more."""
        if not all(c in self.codes for c in self.by):
            return []
        cells = math.prod(len(self.codes[c]) for c in self.by) * 12 // FREQS[self.freq]
        return spans(self.years, MOST // max(cells, 1), compared=self.compared)

    def _of_spans(self, spans: list[Span]) -> list[ibis.Table]:
        """The sums of each span, those of its first year beside what the span before leaves."""
        out: list[ibis.Table] = []
        given: LastYear | None = None
        for span, after in zip(spans, [*spans[1:], None], strict=True):
            left = LastYear() if after is not None and after.read < after.first else None
            own = given if span.read < span.first else None
            whole = self._added_up(self.rows((span.read, span.last)))
            told = self._beside(whole, whole).filter(_.month >= 12 * span.first)
            out.append(self.lake.later(told, self._cells(span, own, left)))
            given = left
        return out

    def _cells(self, span: Span, given: LastYear | None, left: LastYear | None) -> Cells:
        """The same sums, each in a cell of an array."""
        months = FREQS[self.freq]
        table = numbered(self.rows((span.first, span.last)), self.codes)
        year, month = table.year.cast("int64"), table.month.cast("int64")
        # The year is the same in a whole file, and costs nothing.
        cell = year - span.read if months == 12 else (month - 12 * span.read) // months
        for column in self.by:
            cell = cell * len(self.codes[column]) + table[f"{column}_number"]
        return Cells(
            table.select(cell=cell, value=table.value),
            range(12 * span.read, 12 * (span.last + 1), months),
            {c: len(self.codes[c]) for c in self.by},
            told=12 * span.first,
            back=12 if self.compared else 0,
            given=given,
            left=left,
        )


def spans(years: tuple[int, ...], room: int, *, compared: bool) -> list[Span]:
    """Years in spans that are no longer than there is room for.

    Parameters
    ----------
    years
        In order.
    room
        Years that a span may have, the one before it included.
    compared
        Whether the sums of the year before a span must be known.

    Returns
    -------
    list of Span
        Of which every year is told in one; none where there is no room.
    """
    out: list[Span] = []
    for year in years if room > compared else ():
        if out and year - out[-1].read < room:
            out[-1] = Span(out[-1].read, out[-1].first, year)
        else:
            out.append(Span(year - (compared and year - 1 in years), year, year))
    return out


def narrowed(lake: Lake, office: str, value: Any) -> Any:
    """Values of an office in 64 bits, in which engines add up faster, where all of them fit."""
    largest = lake.largest("flows", office)
    # One that went beyond would be an error, not a wrong number.
    return value.cast("decimal(18, 3)") if largest is not None and largest < _NARROW else value
